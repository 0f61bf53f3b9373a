//! Logs of a pod, of a container, or of all pods of a workload.

use super::{Command, Context, Need, On, Outcome, Subject};
use crate::kinds::{Can, Link};
use crate::model::place::ALL_CONTAINERS;
use crate::model::{LogKey, Model, Notice, Tail};
use crate::ui::{ListScreen, LogScreen, Screen};

pub const LOGS: Command = Command {
    name: "logs",
    help: "follow the logs of a pod, a container, or all pods of a workload",
    hint: "logs",
    on: On::List,
    needs: &[Need::on_pods("get", "log")],
    when: has_logs,
    run: |cx, _| open(cx, false),
    ..Command::BLANK
};

pub const PREVIOUS_LOGS: Command = Command {
    name: "previous-logs",
    help: "the logs of the container before its last restart",
    on: On::List,
    needs: &[Need::on_pods("get", "log")],
    when: has_logs,
    run: |cx, _| open(cx, true),
    ..Command::BLANK
};

/// Whether the row under the cursor has logs.
fn has_logs(s: &Subject<'_>) -> Result<(), String> {
    super::enter::selected(s)?;
    let list = s.stack.list().ok_or("this needs a list")?;
    key(list, s.model, false).map(drop).map_err(|notice| notice.sentence)
}

fn open(cx: &mut Context<'_>, previous: bool) -> Outcome {
    let list = cx.stack.list().ok_or_else(|| Notice::warning("this needs a list", ""))?;
    let key = key(list, cx.model, previous)?;
    cx.stack.open(Screen::Logs(LogScreen::new(key)));
    Ok(())
}

/// Whose logs the row under the cursor leads to.
fn key(list: &ListScreen, model: &Model, previous: bool) -> Result<LogKey, Notice> {
    let nothing = || Notice::warning("nothing is selected", "");
    let row = list.selected(model).ok_or_else(nothing)?;
    let object = list.selected_key(model).ok_or_else(nothing)?;
    let mut key = LogKey {
        context: object.context.clone(),
        namespace: object.namespace.clone(),
        of: object.to_string(),
        labels: String::new(),
        fields: String::new(),
        container: None,
        previous,
        since: None,
        tail: Tail::Some,
    };
    match (row.link(), row.owner()) {
        // A container: its owner is the pod.
        (_, Some(pod)) if object.kind.names() != object.kind.resource() => {
            key.fields = format!("metadata.name={}", pod.name);
            key.of = format!("pod {}/{}", object.namespace, pod.name);
            key.container = Some(object.name);
        }
        (Link::Selects(labels), _) if !labels.is_empty() => {
            (key.labels, key.container) = (labels, Some(ALL_CONTAINERS.into()));
        }
        _ if object.kind.can().has(Can::LOGS) => key.fields = format!("metadata.name={}", object.name),
        _ => return Err(Notice::warning(format!("{object} has no logs"), "")),
    }
    Ok(key)
}
