//! Questions about an object or a cluster, each answered by a text that stays true: one file per question.
//!
//! To add one: write its file with `impl Question`, add its line to `ALL`, and a command that opens it.

mod ask;
mod can_i;
mod cluster;
pub mod describe;
mod follow;
mod health;
mod helm;
mod rbac;
mod rights;
mod who_can;
mod whoami;

pub use ask::{Answered, Asked, Question, Watched};
pub use follow::follow;

/// Every question.
static ALL: &[&dyn Question] = &[
    &describe::Describe,
    &whoami::WhoAmI,
    &can_i::CanI,
    &who_can::WhoCan,
    &rights::Rights,
    &cluster::ClusterInfo,
    &helm::Releases,
    &helm::Release,
];

/// The question called `name`.
pub fn find(name: &str) -> Option<&'static dyn Question> {
    ALL.iter().copied().find(|question| question.name() == name)
}
