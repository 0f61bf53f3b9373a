//! How many replicas a workload runs.

use super::target::{able, change};
use super::{Command, Context, Need, On, Subject};
use crate::cluster::actions::Scale;
use crate::kinds::Can;
use crate::model::Notice;
use crate::model::packed::View;

pub const SCALE: Command = Command {
    name: "scale",
    arguments: "[REPLICAS]",
    help: "set the number of replicas",
    hint: "scale",
    changes: true,
    needs: &[Need::to_part("update", "scale")],
    on: On::Object,
    when: |s| able(s, Can::SCALE, "no number of replicas"),
    run: |cx, text| {
        let shown = shown(&cx.subject());
        if text.is_empty() {
            let before = shown.map(|count| count.to_string()).unwrap_or_default();
            cx.stack.ask("replicas", "scale", &before);
            return Ok(());
        }
        let replicas = text.parse().ok().filter(|replicas| (0..=i64::from(i32::MAX)).contains(replicas));
        let replicas =
            replicas.ok_or_else(|| Notice::error(format!("\"{text}\" is no number of replicas"), "0 or more"))?;
        change(cx, Scale { replicas, shown: alone(cx).then_some(shown).flatten() })
    },
    ..Command::BLANK
};

/// Whether the row under the cursor is what is meant, and no marked ones.
fn alone(cx: &Context<'_>) -> bool {
    cx.stack.list().is_some_and(|list| list.marked().len() == 0)
}

/// The number of replicas that the row under the cursor shows.
fn shown(s: &Subject<'_>) -> Option<i64> {
    let list = s.stack.list()?;
    let row = list.selected(s.model)?;
    let headings = list.headings();
    let column = |name: &str| headings.iter().position(|heading| heading.name == name);
    let view = |column: usize| row.view(column);
    match (column("DESIRED").map(view), column("READY").map(view)) {
        (Some(View::Count(wanted)), _) => Some(wanted),
        (None, Some(View::Ratio(_, wanted))) => Some(i64::from(wanted)),
        _ => None,
    }
}
