//! Files that people edit: themes, key maps and settings. Every mistake is told with its place and a hint, and the
//! rest of the file still applies.

pub mod color;
mod expect;
pub mod key;
pub mod keymap;
pub mod keys;
pub mod problem;
pub mod role;
pub mod shelf;
pub mod theme;
pub mod tree;

pub use color::Level;
pub use key::Key;
pub use keymap::{Binding, Keymap};
pub use keys::{Keys, Press};
pub use problem::Problem;
pub use role::Role;
pub use theme::Theme;
