//! Logs of a pod, of a container, or of all pods of a workload.

use super::meant::Meant;
use super::{Command, Context, Need, On, Outcome, Subject};
use crate::kinds::{Can, Link};
use crate::model::place::ALL_CONTAINERS;
use crate::model::{LogKey, Notice};
use crate::ui::{LogScreen, Screen};

pub const LOGS: Command = Command {
    name: "logs",
    help: "follow the logs of a pod, a container, or all pods of a workload",
    hint: "logs",
    on: On::Object,
    needs: &[Need::on_pods("get", "log")],
    when: has_logs,
    run: |cx, _| open(cx, false),
    ..Command::BLANK
};

pub const PREVIOUS_LOGS: Command = Command {
    name: "previous-logs",
    help: "the logs of the container before its last restart",
    on: On::Object,
    needs: &[Need::on_pods("get", "log")],
    when: has_logs,
    run: |cx, _| open(cx, true),
    ..Command::BLANK
};

/// Whether what is meant has logs.
fn has_logs(s: &Subject<'_>) -> Result<(), String> {
    key(Meant::of(s)?, false).map(drop).map_err(|notice| notice.sentence)
}

fn open(cx: &mut Context<'_>, previous: bool) -> Outcome {
    let key = key(Meant::in_context(cx)?, previous)?;
    cx.stack.open(Screen::Logs(LogScreen::new(key)));
    Ok(())
}

/// Whose logs are meant.
fn key(meant: Meant, previous: bool) -> Result<LogKey, Notice> {
    let pod = meant.whole().cloned();
    let Meant { key: object, link, .. } = meant;
    let mut key = LogKey {
        context: object.context.clone(),
        namespace: object.namespace.clone(),
        of: object.to_string(),
        previous,
        ..LogKey::default()
    };
    match (link, pod) {
        (_, Some(pod)) => {
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
