//! Which kinds and versions the server serves.

use super::{Command, Context, Outcome};
use crate::kinds::AnyKind;
use crate::kinds::listings::{RESOURCES, VERSIONS};
use crate::model::KindRef;

/// The kinds.
pub const RESOURCES_OF_SERVER: Command = Command {
    name: "api-resources",
    help: "every kind that the server serves, as kubectl api-resources; Enter lists its objects",
    run: |cx, _| open(cx, &RESOURCES),
    ..Command::BLANK
};

/// The versions.
pub const VERSIONS_OF_SERVER: Command = Command {
    name: "api-versions",
    help: "every group and version that the server serves, as kubectl api-versions",
    run: |cx, _| open(cx, &VERSIONS),
    ..Command::BLANK
};

fn open(cx: &mut Context<'_>, listing: &'static dyn AnyKind) -> Outcome {
    super::go::open(cx, super::go::Place::of(KindRef(listing)))
}
