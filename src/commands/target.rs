//! On which objects a command acts: the marked rows, else the one under the cursor. Taken once, with their UIDs: what
//! happens to the list afterwards changes nothing about them.

use super::meant::Meant;
use super::{Context, Effect, Outcome, Subject};
use crate::cluster::gate::{Action, Change, Target};
use crate::kinds::{Can, Names};
use crate::model::{KindRef, Notice, ObjectKey};
use crate::ui::Screen;
use std::rc::Rc;

/// The objects that are meant.
///
/// # Errors
/// When there is none, or the rows are no objects of their own.
pub fn targets(s: &Subject<'_>) -> Result<Vec<Target>, String> {
    if let Some(Screen::Answer(_)) = s.stack.top() {
        return of_line(Meant::of(s)?);
    }
    let list = s.stack.list().ok_or("this needs a list")?;
    let names = object_names(list.key.kind)?;
    let target = |(uid, namespace, name): (_, &str, &str)| Target {
        names,
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        uid: Some(uid),
    };
    let marked: Vec<Target> = list.marked().map(target).collect();
    if !marked.is_empty() {
        return Ok(marked);
    }
    let row = list.selected(s.model).ok_or("nothing is selected")?;
    Ok(vec![target((row.uid(), row.namespace(), row.name()))])
}

/// The object that a line of an answer stands for. One without a UID cannot be frozen, so nothing acts on it.
fn of_line(meant: Meant) -> Result<Vec<Target>, String> {
    let names = object_names(meant.key.kind)?;
    let uid = Some(meant.uid.ok_or("it is not known which object of this name is meant: open it first")?);
    let ObjectKey { namespace, name, .. } = meant.key;
    Ok(vec![Target { names, namespace, name, uid }])
}

/// The names of a kind; parts of other objects have no requests of their own.
fn object_names(kind: KindRef) -> Result<&'static Names, String> {
    let (own, served) = (kind.names(), kind.resource());
    if own == served { Ok(served) } else { Err(format!("{} are parts of {}: act on those", own.plural, served.plural)) }
}

/// The kind of what is selected.
fn kind(s: &Subject<'_>) -> Result<KindRef, String> {
    s.stack.list().map_or_else(|| Meant::of(s).map(|meant| meant.key.kind), |list| Ok(list.key.kind))
}

/// Whether something is selected that `can`; `lacks` says what it lacks otherwise.
///
/// # Errors
/// Why not.
pub fn able(s: &Subject<'_>, can: Can, lacks: &str) -> Result<(), String> {
    targets(s)?;
    let kind = kind(s)?;
    if kind.can().has(can) { Ok(()) } else { Err(format!("a {} has {lacks}", kind.names().kind.to_lowercase())) }
}

/// Whether objects of one of `kinds` (plurals) are selected.
///
/// # Errors
/// Why not.
pub fn of_kind(s: &Subject<'_>, kinds: &[&str]) -> Result<(), String> {
    targets(s)?;
    let plural = kind(s)?.names().plural;
    if kinds.contains(&plural) { Ok(()) } else { Err(format!("this is for {}", kinds.join(", "))) }
}

/// Asks the gate for `action` on what is selected.
///
/// # Errors
/// When nothing is selected.
pub fn change(cx: &mut Context<'_>, action: impl Action + 'static) -> Outcome {
    let targets = targets(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
    submit(cx, Change::of(action, targets))
}

/// Asks the gate for a change in the context that is looked at.
///
/// # Errors
/// Never.
pub fn submit(cx: &mut Context<'_>, change: Change) -> Outcome {
    let context = context(cx);
    cx.effects.push(Effect::Change { context, change });
    Ok(())
}

/// The context that is looked at.
pub fn context(cx: &Context<'_>) -> Rc<str> {
    Rc::from(cx.stack.top().map_or("", |screen| screen.context()))
}
