//! The first process of a container, as it speaks.

use super::{Command, Need, On, visit};
use crate::cluster::exec::Errand;

pub const ATTACH: Command = Command {
    name: "attach",
    arguments: "[CONTAINER]",
    help: "the main process of a container: what it says, and to speak to it",
    changes: true,
    needs: &[Need::on_pods("get", "attach"), Need::on_pods("create", "attach")],
    on: On::Object,
    when: visit::possible,
    run: |cx, container| visit::open(cx, Errand::Attach, container),
    ..Command::BLANK
};
