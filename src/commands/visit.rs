//! What shell, exec and attach have in common: the pod and container that a row leads to, frozen when the key is
//! pressed.

use super::meant::Meant;
use super::{Context, Effect, Outcome, Subject};
use crate::cluster::exec::{Errand, Visit, Whom};
use crate::kinds::{Can, Link};
use crate::model::Notice;

/// Whether what is meant leads to a container.
pub fn possible(s: &Subject<'_>) -> Result<(), String> {
    to(Meant::of(s)?, Errand::Shell).map(drop).map_err(|notice| notice.sentence)
}

/// Opens a session for `errand`; in `container`, if that is not empty.
pub fn open(cx: &mut Context<'_>, errand: Errand, container: &str) -> Outcome {
    let mut visit = to(Meant::in_context(cx)?, errand)?;
    if !container.is_empty() {
        visit.container = Some(container.to_owned());
    }
    cx.effects.push(Effect::HandOver(visit));
    Ok(())
}

/// The visit of what is meant.
///
/// # Errors
/// When it leads to no container.
pub fn to(meant: Meant, errand: Errand) -> Result<Visit, Notice> {
    let pod = meant.whole().cloned();
    let Meant { key: object, uid, link, .. } = meant;
    let can = object.kind.can().has(Can::EXEC);
    let (whom, container) = match (link, pod) {
        (_, Some(pod)) if can => (Whom::Pod { name: pod.name.to_string(), uid: pod.uid }, Some(object.name.clone())),
        _ if can => (Whom::Pod { name: object.name.clone(), uid }, None),
        (Link::Selects(labels), _) if !labels.is_empty() => (Whom::Best { labels, of: object.to_string() }, None),
        _ => return Err(Notice::warning(format!("{object} has no containers"), "")),
    };
    Ok(Visit { context: object.context.to_string(), namespace: object.namespace, whom, container, errand })
}
