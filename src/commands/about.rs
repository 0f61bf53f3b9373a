//! Questions about one object: the one that is selected, or `KIND/NAME [-n NAMESPACE]`.

use super::answers::{ask, here};
use super::meant::Meant;
use super::target::context;
use super::{Command, Context, Outcome, go};
use crate::model::{Found, Notice, ObjectKey};

/// What may follow the name of such a command.
const OBJECT: &str = "[KIND/NAME] [-n NAMESPACE]";

pub const TREE: Command = Command {
    name: "tree",
    arguments: OBJECT,
    help: "its owners, and everything that they own, with their states",
    hint: "tree",
    run: |cx, text| ask_about(cx, "tree", text, &[]),
    ..Command::BLANK
};

pub const EVENTS: Command = Command {
    name: "object-events",
    arguments: "[KIND/NAME] [-n NAMESPACE] [--all]",
    help: "what happened to it, the newest first; --all: to its owners and what they own as well",
    hint: "events",
    run: |cx, text| ask_about(cx, "object-events", text, &[]),
    ..Command::BLANK
};

pub const RELATED: Command = Command {
    name: "related",
    arguments: OBJECT,
    help: "what it uses and selects, and what selects, scales, routes to and uses it",
    run: |cx, text| ask_about(cx, "related", text, &[]),
    ..Command::BLANK
};

pub const BACKENDS: Command = Command {
    name: "backends",
    aliases: &["endpoints-of"],
    arguments: OBJECT,
    help: "what stands behind a service or an ingress: rules, ports, endpoints and whether they are ready",
    run: |cx, text| ask_about(cx, "backends", text, &["services", "ingresses"]),
    ..Command::BLANK
};

pub const VOLUMES: Command = Command {
    name: "volumes",
    arguments: OBJECT,
    help: "the volumes of a pod down to claim, volume and class, and where they are mounted",
    run: |cx, text| ask_about(cx, "volumes", text, &["pods"]),
    ..Command::BLANK
};

pub const GLANCE: Command = Command {
    name: "glance",
    aliases: &["probes"],
    arguments: OBJECT,
    help: "probes, resources and security context of each container",
    run: |cx, text| ask_about(cx, "glance", text, WITH_CONTAINERS),
    ..Command::BLANK
};

/// The kinds that have containers, in themselves or in a template.
const WITH_CONTAINERS: &[&str] =
    &["pods", "deployments", "replicasets", "replicationcontrollers", "statefulsets", "daemonsets", "jobs", "cronjobs"];

pub const TOP: Command = Command {
    name: "top",
    arguments: "[nodes|pods] [NAME] [-n NAMESPACE|-A] [-l LABELS] [--containers] [--sort-by=cpu|memory]",
    help: "what nodes or pods use, beside what they have, ask for and may use",
    run: |cx, text| {
        let on_nodes = cx.stack.list().is_some_and(|list| list.key.kind.names().plural == "nodes");
        let line = match (text, on_nodes) {
            ("", true) => "nodes".to_owned(),
            ("", false) => here(cx, "pods"),
            (text, _) => here(cx, text),
        };
        ask(cx, "top", None, line.trim_end_matches(" -A"))
    },
    ..Command::BLANK
};

/// A question about the object that is named, or selected; only for some kinds, unless there are none.
fn ask_about(cx: &mut Context<'_>, question: &'static str, text: &str, kinds: &[&str]) -> Outcome {
    let (about, argument) = about(cx, text)?;
    if !kinds.is_empty() && !kinds.contains(&about.kind.names().plural) {
        return Err(Notice::warning(format!("this is for {}", kinds.join(", ")), "select one, or name it: KIND/NAME"));
    }
    ask(cx, question, Some(about), &argument)
}

/// The object that is named in `text`, or selected, and the words that are left.
fn about(cx: &mut Context<'_>, text: &str) -> Result<(ObjectKey, String), Notice> {
    let (mut named, mut namespace, mut rest) = (None, None, Vec::new());
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        match word.split_once('/') {
            _ if word == "-n" || word == "--namespace" => namespace = words.next().map(str::to_owned),
            Some((kind, name)) if named.is_none() && !word.starts_with('-') => named = Some((kind, name)),
            _ => rest.push(word),
        }
    }
    let rest = rest.join(" ");
    let Some((kind, name)) = named else {
        return Ok((Meant::in_context(cx)?.object()?, rest));
    };
    let context = context(cx);
    let kind = match cx.model.catalogue.find(&context, kind) {
        Found::One(kind) => kind,
        _ => go::kind(kind)?,
    };
    let here = cx.stack.nearest_list().and_then(|list| list.key.scope.namespaces.single()).map(str::to_owned);
    let namespace = namespace.or(here).unwrap_or_else(|| cx.model.session(&context).namespace);
    let namespace = if kind.names().namespaced { namespace } else { String::new() };
    Ok((ObjectKey { context, kind, namespace, name: name.to_owned() }, rest))
}
