//! A debugging container beside those of a pod, or a pod that is root on a node; then its shell.

use super::meant::Meant;
use super::target::{context, submit, targets};
use super::{Command, Context, Effect, Need, On, Outcome, Subject};
use crate::cluster::actions::{DEBUG_PREFIX, Debug, DebugNode, NODE_CONTAINER};
use crate::cluster::exec::{Errand, Visit, Whom};
use crate::cluster::gate::{Action, Change, MADE, Part, Target};
use crate::kinds::Uid;
use crate::model::Notice;
use std::sync::Arc;

pub const DEBUG: Command = Command {
    name: "debug",
    arguments: "[IMAGE]",
    help: "add a debugging container to the pod, or a root pod to the node, and open its shell",
    changes: true,
    needs: &[Need::on_pods("get", "attach"), Need::on_pods("create", "attach")],
    on: On::Object,
    when: |s| subject(s).map(drop),
    run: |cx, image| {
        if image.is_empty() {
            cx.stack.ask("image to debug with", "debug", "busybox");
            return Ok(());
        }
        debug(cx, image)
    },
    ..Command::BLANK
};

pub const DEBUGGER: Command = Command {
    name: "debugger",
    arguments: "NAMESPACE/POD[/CONTAINER] [@CONTEXT] [delete=UID]",
    help: "the shell of a debugging container; waits until it runs",
    changes: true,
    run: attach,
    ..Command::BLANK
};

/// What is debugged: a pod, with the container that was chosen, or a node.
fn subject(s: &Subject<'_>) -> Result<(Target, Option<String>), String> {
    let meant = Meant::of(s)?;
    let (pod, key) = (meant.whole().cloned(), meant.key);
    match (key.kind.names().plural, pod) {
        ("containers", Some(pod)) => {
            let (names, namespace, name) = (key.kind.resource(), key.namespace, pod.name.to_string());
            Ok((Target { names, namespace, name, uid: pod.uid }, Some(key.name)))
        }
        ("pods" | "nodes", _) => match <[Target; 1]>::try_from(targets(s)?) {
            Ok([target]) => Ok((target, None)),
            Err(_) => Err("one at a time: take the marks away".to_owned()),
        },
        (plural, _) => Err(format!("{plural} cannot be debugged; their pods can")),
    }
}

fn debug(cx: &mut Context<'_>, image: &str) -> Outcome {
    let (target, beside) = subject(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
    let (suffix, here) = (super::jobs::moment(cx), context(cx));
    let image = image.to_owned();
    let (action, then): (Arc<dyn Action>, String) = if target.names.plural == "nodes" {
        let namespace = cx.model.session(&here).namespace;
        let pod = format!("node-debugger-{}-{suffix}", target.name);
        let then = format!("debugger {namespace}/{pod}/{NODE_CONTAINER} @{here} delete={MADE}");
        (Arc::new(DebugNode { pod, namespace, image }), then)
    } else {
        let container = format!("{DEBUG_PREFIX}{suffix}");
        let then = format!("debugger {}/{}/{container} @{here}", target.namespace, target.name);
        (Arc::new(Debug { container, image, beside }), then)
    };
    submit(cx, Change { parts: vec![Part { action, target }], then })
}

fn attach(cx: &mut Context<'_>, line: &str) -> Outcome {
    let mut words = line.split_whitespace();
    let path = words.next().unwrap_or_default();
    let mut parts = path.split('/');
    let (Some(namespace), Some(pod)) = (parts.next(), parts.next()) else {
        return Err(Notice::error("which pod?", "debugger NAMESPACE/POD/CONTAINER"));
    };
    let container = parts.next().map(str::to_owned);
    let (mut context, mut uid) = (context(cx).to_string(), None);
    for word in words {
        match (word.strip_prefix('@'), word.strip_prefix("delete=")) {
            (Some(name), _) => name.clone_into(&mut context),
            (None, made) => uid = made.and_then(Uid::uuid).or(uid),
        }
    }
    // Nothing but what was made for a shell is deleted with it.
    let delete = uid.is_some() && pod.starts_with("node-debugger-");
    let whom = Whom::Pod { name: pod.to_owned(), uid };
    let namespace = namespace.to_owned();
    cx.effects.push(Effect::HandOver(Visit {
        context,
        namespace,
        whom,
        container,
        errand: Errand::Debugger { delete },
    }));
    Ok(())
}
