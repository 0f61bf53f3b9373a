//! The first process of a container, as it speaks.

use super::{Command, On, visit};
use crate::cluster::exec::Errand;

pub const ATTACH: Command = Command {
    name: "attach",
    arguments: "[CONTAINER]",
    help: "the main process of a container: what it says, and to speak to it",
    changes: true,
    on: On::List,
    when: visit::possible,
    run: |cx, container| visit::open(cx, Errand::Attach, container),
    ..Command::BLANK
};
