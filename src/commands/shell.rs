//! A shell in a container.

use super::{Command, Need, On, visit};
use crate::cluster::exec::Errand;

pub const SHELL: Command = Command {
    name: "shell",
    aliases: &["sh"],
    arguments: "[CONTAINER]",
    help: "a shell in a container; of a workload in its best pod",
    hint: "shell",
    changes: true,
    needs: &[Need::on_pods("get", "exec"), Need::on_pods("create", "exec")],
    on: On::Object,
    when: visit::possible,
    run: |cx, container| visit::open(cx, Errand::Shell, container),
    ..Command::BLANK
};
