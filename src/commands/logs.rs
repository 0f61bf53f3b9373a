//! Logs of a pod, of a container, or of all pods of a workload.

use super::{Command, Context, On, Outcome, Subject};
use crate::kinds::{Can, Link};
use crate::model::place::ALL_CONTAINERS;
use crate::model::{LogKey, Model, Notice};
use crate::ui::{ListScreen, LogScreen, Offer, Picker, Prompt, Screen};

pub const LOGS: Command = Command {
    name: "logs",
    help: "follow the logs of a pod, a container, or all pods of a workload",
    hint: "logs",
    on: On::List,
    when: has_logs,
    run: |cx, _| open(cx, false),
    ..Command::BLANK
};

pub const PREVIOUS_LOGS: Command = Command {
    name: "previous-logs",
    help: "the logs of the container before its last restart",
    on: On::List,
    when: has_logs,
    run: |cx, _| open(cx, true),
    ..Command::BLANK
};

pub const PREVIOUS: Command = Command {
    name: "previous",
    help: "the container before its last restart, and back",
    hint: "previous",
    on: On::Logs,
    run: |cx, _| change(cx, |key| key.previous = !key.previous),
    ..Command::BLANK
};

pub const FOLLOW: Command = Command {
    name: "follow",
    help: "show the newest line always, or stand still",
    hint: "follow",
    on: On::Logs,
    run: |cx, _| {
        if let Some(Screen::Logs(logs)) = cx.stack.top_mut() {
            logs.follow = !logs.follow;
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const TIMESTAMPS: Command = Command {
    name: "timestamps",
    help: "show when each line was written, or not",
    hint: "times",
    on: On::Logs,
    run: |cx, _| {
        if let Some(Screen::Logs(logs)) = cx.stack.top_mut() {
            logs.timestamps = !logs.timestamps;
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const CONTAINER: Command = Command {
    name: "choose-container",
    arguments: "[NAME|*]",
    help: "choose the container; * is all of them",
    hint: "container",
    on: On::Logs,
    run: |cx, name| {
        if name.is_empty() {
            return ask_container(cx);
        }
        let name = name.to_owned();
        change(cx, |key| key.container = Some(name))
    },
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

/// Opens other logs in place of those that are shown.
fn change(cx: &mut Context<'_>, change: impl FnOnce(&mut LogKey)) -> Outcome {
    if let Some(Screen::Logs(logs)) = cx.stack.top() {
        let mut key = logs.key.clone();
        change(&mut key);
        let screen = logs.of(key);
        cx.stack.replace(Screen::Logs(screen));
    }
    Ok(())
}

/// Offers the containers that are known: those that wrote lines, and all.
fn ask_container(cx: &mut Context<'_>) -> Outcome {
    let Some(Screen::Logs(logs)) = cx.stack.top() else { return Ok(()) };
    let sources = cx.model.logs.get(&logs.key).map(|page| page.buffer.sources().values());
    let mut names: Vec<String> = sources.into_iter().flatten().map(|source| source.container.clone()).collect();
    names.sort();
    names.dedup();
    let offer = |name: String, detail: &str| Offer {
        run: format!("choose-container {name}"),
        label: name,
        detail: detail.into(),
        ..Offer::default()
    };
    let all = offer(ALL_CONTAINERS.into(), "all containers, init containers too");
    let offers = std::iter::once(all).chain(names.into_iter().map(|name| offer(name, ""))).collect();
    cx.stack.prompt =
        Some(Prompt::Pick(Picker::new("containers", "container ", offers).free("choose-container ", |_| true)));
    Ok(())
}
