//! Sessions: keys pressed on the demo cluster, and what the screen then shows. The clock is paused.

mod answers;
mod bindings;
mod changes;
mod changing;
mod contexts;
mod copies;
mod drains;
mod editing;
mod explain;
mod faults;
mod filters;
mod forwards;
mod habits;
mod hostile;
mod keys;
mod lists;
mod logs;
mod manifests;
mod motions;
mod mouse;
mod palette;
mod places;
mod rollouts;
pub mod session;
mod sizes;
mod yaml;
