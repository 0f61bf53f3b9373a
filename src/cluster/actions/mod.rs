//! What can be done to objects: one file per action. Each says what to send; the gate does the rest.

mod scale;

pub use scale::Scale;
