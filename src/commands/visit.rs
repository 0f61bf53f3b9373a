//! What shell, exec and attach have in common: the pod and container that a row leads to, frozen when the key is
//! pressed.

use super::{Context, Effect, Outcome, Subject};
use crate::cluster::exec::{Errand, Visit, Whom};
use crate::kinds::{Can, Link};
use crate::model::{Model, Notice};
use crate::ui::ListScreen;

/// Whether the row under the cursor leads to a container.
pub fn possible(s: &Subject<'_>) -> Result<(), String> {
    super::enter::selected(s)?;
    let list = s.stack.list().ok_or("this needs a list")?;
    of_row(list, s.model, Errand::Shell).map(drop).map_err(|notice| notice.sentence)
}

/// Opens a session for `errand`; in `container`, if that is not empty.
pub fn open(cx: &mut Context<'_>, errand: Errand, container: &str) -> Outcome {
    let list = cx.stack.list().ok_or_else(|| Notice::warning("this needs a list", ""))?;
    let mut visit = of_row(list, cx.model, errand)?;
    if !container.is_empty() {
        visit.container = Some(container.to_owned());
    }
    cx.effects.push(Effect::HandOver(visit));
    Ok(())
}

/// The visit of the row under the cursor.
///
/// # Errors
/// When nothing is selected, or it leads to no container.
pub fn of_row(list: &ListScreen, model: &Model, errand: Errand) -> Result<Visit, Notice> {
    let nothing = || Notice::warning("nothing is selected", "");
    let row = list.selected(model).ok_or_else(nothing)?;
    let object = list.selected_key(model).ok_or_else(nothing)?;
    let can = object.kind.can().has(Can::EXEC);
    let (whom, container) = match (row.link(), row.owner()) {
        // A container: its owner is the pod.
        (_, Some(pod)) if can && object.kind.names() != object.kind.resource() => {
            (Whom::Pod { name: pod.name.to_string(), uid: pod.uid }, Some(object.name.clone()))
        }
        _ if can => (Whom::Pod { name: object.name.clone(), uid: Some(row.uid()) }, None),
        (Link::Selects(labels), _) if !labels.is_empty() => (Whom::Best { labels, of: object.to_string() }, None),
        _ => return Err(Notice::warning(format!("{object} has no containers"), "")),
    };
    Ok(Visit { context: object.context.to_string(), namespace: object.namespace, whom, container, errand })
}
