//! The kubectl command that shows what the screen shows.

use super::{Command, Effect, Subject};
use crate::cluster::gate::quoted;
use crate::model::place::ALL_CONTAINERS;
use crate::model::{ListKey, LogKey, Namespaces, Notice, ObjectKey, Tail};
use crate::ui::Screen;

pub const COPY: Command = Command {
    name: "copy-kubectl",
    help: "copy the kubectl command that shows the same",
    when: |s| command(s).map(drop).ok_or_else(|| "kubectl has nothing like it".to_owned()),
    run: |cx, _| {
        let line = command(&cx.subject()).ok_or_else(|| Notice::warning("kubectl has nothing like it", ""))?;
        cx.effects.push(Effect::Copy(line));
        Ok(())
    },
    ..Command::BLANK
};

/// The command for the screen on top.
fn command(s: &Subject<'_>) -> Option<String> {
    match s.stack.top()? {
        Screen::List(list) => list_command(&list.key, list.habit.wide),
        Screen::Logs(logs) => Some(log_command(&logs.key)),
        Screen::Yaml(yaml) => Some(object_command(&yaml.key, yaml.format(), yaml.look.raw)),
        Screen::Rollout(screen) => Some(rollout_command("status", &screen.key)),
        Screen::Revisions(screen) => Some(rollout_command("history", &screen.key)),
        _ => None,
    }
}

fn list_command(key: &ListKey, wide: bool) -> Option<String> {
    let names = key.kind.names();
    if names != key.kind.resource() {
        return None;
    }
    let place = match &key.scope.namespaces {
        _ if !names.namespaced => String::new(),
        Namespaces::All => " -A".to_owned(),
        only @ Namespaces::Only(_) => format!(" -n {}", quoted(only.single()?)),
    };
    let labels = key.scope.labels.as_ref().map(|labels| format!(" -l {}", quoted(labels))).unwrap_or_default();
    let fields = key.scope.fields.as_ref().map(|fields| format!(" --field-selector {}", quoted(fields)));
    let wide = if wide { " -o wide" } else { "" };
    let context = quoted(&key.context);
    Some(format!(
        "kubectl --context {context} get {}{place}{labels}{}{wide}",
        key.kind.called(),
        fields.unwrap_or_default()
    ))
}

/// How kubectl prints an object.
fn object_command(key: &ObjectKey, format: &str, raw: bool) -> String {
    let managed = if raw { " --show-managed-fields" } else { "" };
    format!("{} -o {format}{managed}", get_command(key))
}

/// How kubectl gets an object.
pub fn get_command(key: &ObjectKey) -> String {
    let place = if key.namespace.is_empty() { String::new() } else { format!(" -n {}", quoted(&key.namespace)) };
    let (context, kind) = (quoted(&key.context), key.kind.called());
    format!("kubectl --context {context}{place} get {kind} {}", quoted(&key.name))
}

fn rollout_command(what: &str, key: &ObjectKey) -> String {
    let (context, namespace) = (quoted(&key.context), quoted(&key.namespace));
    let plural = key.kind.resource().plural;
    format!("kubectl --context {context} -n {namespace} rollout {what} {plural} {}", quoted(&key.name))
}

fn log_command(key: &LogKey) -> String {
    let of = match key.pod() {
        Some(pod) => quoted(pod),
        None => format!("-l {}", quoted(&key.labels)),
    };
    let container = match key.container.as_deref() {
        Some(ALL_CONTAINERS) => " --all-containers".to_owned(),
        Some(name) => format!(" -c {}", quoted(name)),
        None => String::new(),
    };
    let since = key.since.map(|since| format!(" --since={since}s")).unwrap_or_default();
    let tail = match key.tail {
        Tail::Some => String::new(),
        Tail::All => " --tail=-1".to_owned(),
        Tail::Lines(lines) => format!(" --tail={lines}"),
    };
    let extent = if key.previous { " --previous" } else { " -f" };
    let (context, namespace) = (quoted(&key.context), quoted(&key.namespace));
    format!("kubectl --context {context} -n {namespace} logs {of}{container}{since}{tail}{extent}")
}
