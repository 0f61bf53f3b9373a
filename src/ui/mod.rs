//! Draws the model: screens, prompts, bars, painting. It changes nothing but cursors and scrolls.

pub mod answer;
pub mod bars;
pub mod canvas;
pub mod drain;
pub mod edit;
pub mod forwards;
mod fresh;
pub mod list;
pub mod logs;
pub mod motion;
pub mod prompt;
pub mod revisions;
pub mod rollout;
mod screen;
mod search;
pub mod stack;
pub mod terminal;
pub mod text;
mod views;
pub mod yaml;

pub use answer::AnswerScreen;
pub use canvas::Canvas;
pub use drain::DrainScreen;
pub use edit::EditScreen;
pub use forwards::ForwardsScreen;
pub use list::{Habit, ListScreen};
pub use logs::LogScreen;
pub use motion::Motion;
pub use prompt::{Confirm, Offer, Picked, Picker, Prompt, Proposal};
pub use revisions::RevisionScreen;
pub use rollout::RolloutScreen;
pub use screen::{Screen, View};
pub use search::{Search, Searched};
pub use stack::Stack;
pub use text::TextScreen;
pub use yaml::YamlScreen;
