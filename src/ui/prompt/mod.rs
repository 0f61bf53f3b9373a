//! What is asked above a screen. There is at most one prompt, and its answer is a command line.

mod confirm;
mod line;
mod picker;

pub use confirm::{Confirm, Confirmed, Proposal};
pub use line::Line;
pub use picker::{Offer, Picked, Picker};

/// Something being asked.
#[derive(Debug)]
pub enum Prompt {
    /// The filter of the list below, applied while typing; `before` is what Esc brings back.
    Filter {
        /// What is typed.
        line: Line,
        /// The filter that stood before.
        before: String,
    },
    /// A text to find in the screen below.
    Search {
        /// What is typed.
        line: Line,
    },
    /// A choice.
    Pick(Picker),
    /// A value for a command, which runs with it as its argument.
    Ask {
        /// What is asked for.
        label: String,
        /// The command line that the answer is added to.
        run: String,
        /// What is typed.
        line: Line,
    },
    /// A change that waits to be confirmed.
    Confirm(Confirm),
}
