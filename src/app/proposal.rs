//! What is said before a change counts: where, what, to which objects, what else is to be known, and the difference.

use crate::cluster::gate::{Change, Danger, Idle, Prepared, Ready, quoted};
use crate::config::Role;
use crate::model::Session;
use crate::model::diff::{self, DiffLine};
use crate::ui::Proposal;

/// More objects than these have to be confirmed by typing how many they are.
const MANY: usize = 5;

/// The title of a change of which nothing is known yet but what was asked for.
pub fn title(change: &Change) -> String {
    match change.parts.as_slice() {
        [one] => format!("{} {}", one.action.verb(), one.target),
        parts => format!("{} {} objects", parts.first().map_or("change", |part| part.action.verb()), parts.len()),
    }
}

/// What the server says that a change would do.
pub fn proposal(prepared: &Prepared, context: &str, session: &Session) -> Proposal {
    let count = prepared.ready().count();
    let mut lines = Vec::new();
    for step in &prepared.steps {
        match &step.ready {
            Ok(Ok(ready)) => lines.extend(ready_lines(ready, prepared.steps.len() == 1)),
            Ok(Err(Idle::Nothing(why) | Idle::Instead(why))) => {
                lines.push((format!("nothing to do: {why}"), Role::Quiet));
            }
            Err(problem) => {
                lines.push((
                    format!("cannot {} {}: {}", step.action.verb(), step.target, problem.sentence),
                    Role::ToneBad,
                ));
                lines.extend(problem.details.iter().map(|detail| (format!("  {detail}"), Role::ToneBad)));
                if !problem.hint.is_empty() {
                    lines.push((format!("  {}", problem.hint), Role::Quiet));
                }
            }
        }
    }
    let kubectl = kubectl(prepared, context).unwrap_or_default();
    if !kubectl.is_empty() {
        lines.push((format!("  {kubectl}"), Role::Quiet));
    }
    let user = if session.user.is_empty() { String::new() } else { format!(" as {}", session.user) };
    let place = format!("{context}{user}{}", if session.production { " · PRODUCTION" } else { "" });
    Proposal { place, kubectl, lines, word: word(prepared, count, (context, session)), possible: count > 0 }
}

/// How kubectl is told to do the same, when it is about one object.
fn kubectl(prepared: &Prepared, context: &str) -> Option<String> {
    let [step] = prepared.steps.as_slice() else { return None };
    step.ready.as_ref().ok()?.as_ref().ok()?;
    let line = step.action.kubectl(&step.target)?;
    let namespace = &step.target.namespace;
    let place = if namespace.is_empty() { String::new() } else { format!(" -n {}", quoted(namespace)) };
    Some(format!("kubectl --context {}{place} {line}", quoted(context)))
}

/// What has to be typed: the context where it is production, the number where they are many, the name where it is grave.
fn word(prepared: &Prepared, count: usize, (context, session): (&str, &Session)) -> String {
    match prepared.ready().next() {
        _ if count == 0 => String::new(),
        _ if session.production => context.to_owned(),
        _ if count > MANY => count.to_string(),
        Some((target, _)) if prepared.danger() == Danger::Grave && count == 1 => target.name.clone(),
        _ if prepared.danger() == Danger::Grave => count.to_string(),
        _ => String::new(),
    }
}

/// What would happen to one object.
fn ready_lines(ready: &Ready, alone: bool) -> Vec<(String, Role)> {
    let mut lines = vec![(ready.draft.effect.clone(), Role::Text)];
    lines.extend(ready.draft.notes.iter().map(|note| (format!("  {note}"), Role::NoticeWarn)));
    let Some(after) = ready.after.as_ref().filter(|_| !ready.draft.brief) else { return lines };
    let difference = diff::of_objects(&ready.before.object, after);
    if difference.is_empty() {
        lines.push(("  the server would change nothing".to_owned(), Role::Quiet));
    }
    // Of many objects only what changes is shown, or the list of them could not be read.
    let shown = difference.iter().filter(|line| alone || matches!(line, DiffLine::Added(_) | DiffLine::Removed(_)));
    lines.extend(shown.map(|line| (format!("  {}", line.text()), role(line))));
    lines
}

/// The role of a line of a difference.
pub fn role(line: &DiffLine) -> Role {
    match line {
        DiffLine::Added(_) => Role::DiffAdd,
        DiffLine::Removed(_) => Role::DiffRemove,
        DiffLine::Same(_) => Role::Text,
        DiffLine::Gap => Role::Quiet,
    }
}
