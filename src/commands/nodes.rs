//! What is done to nodes: cordon, uncordon, taint.

use super::target::{able, change};
use super::{Command, Context, Need, On, Outcome, Subject};
use crate::cluster::actions::{Cordon, Taint};
use crate::cluster::gate::Problem;
use crate::kinds::Can;
use crate::model::Notice;

pub const CORDON: Command = Command {
    name: "cordon",
    help: "let no new pods be scheduled on the node",
    hint: "cordon",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: is_node,
    run: |cx, _| change(cx, Cordon { on: true }),
    ..Command::BLANK
};

pub const UNCORDON: Command = Command {
    name: "uncordon",
    help: "let pods be scheduled on the node again",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: is_node,
    run: |cx, _| change(cx, Cordon { on: false }),
    ..Command::BLANK
};

pub const TAINT: Command = Command {
    name: "taint",
    arguments: "[KEY=VALUE:EFFECT|KEY-…]",
    help: "set or remove taints of the node",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: is_node,
    run: |cx, text| {
        if text.is_empty() {
            cx.stack.ask("taint (key=value:NoSchedule sets, key- removes)", "taint", "");
            return Ok(());
        }
        taint(cx, text)
    },
    ..Command::BLANK
};

fn taint(cx: &mut Context<'_>, text: &str) -> Outcome {
    let words: Vec<&str> = text.split_whitespace().collect();
    change(cx, Taint::parse(&words).map_err(notice)?)
}

fn is_node(s: &Subject<'_>) -> Result<(), String> {
    able(s, Can::CORDON, "nothing scheduled on it")
}

/// What cannot be done, for the user.
pub fn notice(problem: Problem) -> Notice {
    Notice::error(problem.sentence, problem.hint)
}
