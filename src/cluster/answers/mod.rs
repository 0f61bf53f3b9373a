//! Questions about an object or a cluster, each answered by a text that stays true: one file per question.
//!
//! To add one: write its file with `impl Question`, add its line to `ALL`, and a command that opens it.

mod ask;
mod backends;
mod can_i;
mod cluster;
mod conditions;
pub mod describe;
mod endpoints;
mod family;
mod follow;
mod glance;
mod happened;
mod health;
mod helm;
mod owned;
mod rbac;
mod related;
mod rights;
mod routes;
mod sight;
mod top;
mod tree;
mod usage;
mod volumes;
mod who_can;
mod whoami;

pub use ask::{Answered, Asked, Question, Watched};
pub use follow::follow;
pub use whoami::user_name;

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
    &tree::Tree,
    &happened::ObjectEvents,
    &top::Top,
    &related::Related,
    &backends::Backends,
    &volumes::Volumes,
    &glance::Glance,
];

/// The question called `name`.
pub fn find(name: &str) -> Option<&'static dyn Question> {
    ALL.iter().copied().find(|question| question.name() == name)
}
