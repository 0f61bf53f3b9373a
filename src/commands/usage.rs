//! What is used, beside what there is.

use super::columns::mistaken;
use super::{Command, Context, On, Outcome};
use crate::kinds::joined::{Join, Joinable, choosable};
use crate::model::views::Show;
use crate::model::{KindRef, Notice};

/// Shows what is used, or hides it.
pub const USAGE: Command = Command {
    name: "usage",
    help: "CPU and memory in use, beside what was asked for and may be used, and how it was of late; again hides it",
    on: On::List,
    when: |s| {
        let joinable = s.stack.list().and_then(|list| list.key.kind.joinable());
        joinable.map(drop).ok_or_else(|| WHY.to_owned())
    },
    run: |cx, _| {
        let Some(list) = cx.stack.list() else { return Ok(()) };
        let kind = list.key.kind;
        let joinable = kind.joinable().ok_or_else(|| Notice::warning(WHY, "g p shows pods, g o nodes"))?;
        toggle(cx, kind, joinable)
    },
    ..Command::BLANK
};

const WHY: &str = "only pods, containers and nodes are measured";

/// Whether a column is about what is used.
fn is_usage(join: Join) -> bool {
    join.is_measured() || matches!(join, Join::Bound(..))
}

/// Takes the columns about usage away, or puts the usual ones before the age, which stands last.
fn toggle(cx: &mut Context<'_>, kind: KindRef, joinable: &'static Joinable) -> Outcome {
    let (own, shown) = cx.stack.views.parts(kind);
    let headings = choosable(kind.0, &kind.headings());
    let first = headings.len() - joinable.columns.len();
    let about_usage = |column: &usize| joinable.column(first, *column).is_some_and(|joined| is_usage(joined.join));
    let stands = |column: &usize| headings.get(*column).is_some_and(|heading| heading.place.stands(false));
    let usual: Vec<usize> = (0..first).filter(stands).collect();
    let mut shown = shown.among(&headings).unwrap_or_else(|| usual.clone());
    if shown.iter().any(about_usage) {
        shown.retain(|column| !about_usage(column));
    } else {
        let more = joinable.columns.iter().zip(first..).filter(|(joined, _)| joined.usual).map(|(_, column)| column);
        let age = |column: &usize| headings.get(*column).is_some_and(|heading| heading.name == "AGE");
        let place = shown.iter().position(age).unwrap_or(shown.len());
        shown.splice(place..place, more);
    }
    let shown = if shown == usual { Show::Usual } else { Show::These(shown) };
    cx.stack.choose_columns(kind, own, shown).map_err(|mistake| mistaken(&mistake))
}
