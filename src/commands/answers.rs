//! Questions: what each command asks, and what one can do with an answer.

use super::target::context;
use super::{Command, Context, On, Outcome, enter, run};
use crate::kinds::answer::To;
use crate::model::{AnswerKey, Notice, ObjectKey};
use crate::ui::{AnswerScreen, Screen};

pub const WHOAMI: Command = Command {
    name: "whoami",
    help: "who the server takes you for",
    run: |cx, _| ask(cx, "whoami", None, ""),
    ..Command::BLANK
};

pub const CLUSTER_INFO: Command = Command {
    name: "cluster-info",
    aliases: &["pulses"],
    help: "how the cluster is: version, health, components, nodes, and what is failing",
    run: |cx, _| ask(cx, "cluster-info", None, ""),
    ..Command::BLANK
};

pub const HELM: Command = Command {
    name: "helm",
    aliases: &["releases"],
    arguments: "[-n NAMESPACE]",
    help: "what Helm has installed here, with its values, notes and manifests",
    run: |cx, text| {
        let line = here(cx, text);
        ask(cx, "helm", None, &line)
    },
    ..Command::BLANK
};

pub const HELM_RELEASE: Command = Command {
    name: "helm-release",
    arguments: "NAMESPACE/NAME [REVISION]",
    help: "one release of Helm",
    run: |cx, text| ask(cx, "helm-release", None, text),
    ..Command::BLANK
};

pub const CAN_I: Command = Command {
    name: "can-i",
    arguments: "[VERB RESOURCE[/NAME] [-n NAMESPACE]]",
    help: "whether you may do this; without a verb, all that you may do in this namespace",
    run: |cx, text| {
        let line = here(cx, text);
        ask(cx, "can-i", None, &line)
    },
    ..Command::BLANK
};

pub const WHO_CAN: Command = Command {
    name: "who-can",
    arguments: "VERB RESOURCE[/NAME] [-n NAMESPACE]",
    help: "who may do this, by which binding",
    run: |cx, text| {
        let line = here(cx, text);
        ask(cx, "who-can", None, &line)
    },
    ..Command::BLANK
};

pub const RIGHTS: Command = Command {
    name: "rights",
    arguments: "[user:NAME|group:NAME|NAMESPACE/NAME]",
    help: "what a service account, user or group may do; what a role allows, and to whom it is given",
    when: |s| {
        let Some(list) = s.stack.list() else { return Ok(()) };
        let kind = list.key.kind.names();
        let fits = list.selected(s.model).is_none() || BOUND.contains(&kind.plural);
        if fits { Ok(()) } else { Err(format!("this is for {}; or name somebody", BOUND.join(", "))) }
    },
    run: |cx, text| {
        if !text.is_empty() {
            return ask(cx, "rights", None, text);
        }
        let about = cx.stack.list().and_then(|list| list.selected_key(cx.model));
        let about =
            about.ok_or_else(|| Notice::warning("nobody is selected", "rights user:alice, or rights shop/till"))?;
        ask(cx, "rights", Some(about), "")
    },
    ..Command::BLANK
};

/// The kinds that RBAC gives something to, or that give it.
const BOUND: [&str; 3] = ["serviceaccounts", "roles", "clusterroles"];

/// A question, in the namespace that is looked at unless it names one.
pub fn here(cx: &Context<'_>, text: &str) -> String {
    let named = text.split_whitespace().any(|word| matches!(word, "-n" | "-A") || word.starts_with("--namespace"));
    let list = cx.stack.nearest_list();
    match list.and_then(|list| list.key.scope.namespaces.single()).filter(|_| !named) {
        Some(namespace) => format!("{text} -n {namespace}").trim().to_owned(),
        None => text.to_owned(),
    }
}

pub const FOLLOW: Command = Command {
    name: "follow-line",
    help: "where this line leads",
    hint: "open",
    on: On::Answer,
    run: |cx, _| {
        let nowhere = || Notice::info("this line leads nowhere");
        let Some(Screen::Answer(screen)) = cx.stack.top() else { return Ok(()) };
        match screen.selected(cx.model).cloned().ok_or_else(nowhere)? {
            To::Nowhere => Err(nowhere()),
            To::Object(to) => enter::open_reference(cx, &context(cx), &to),
            To::Row(_) => enter::inside(cx),
            To::Place(line) => run(cx, &line),
        }
    },
    ..Command::BLANK
};

/// Opens the answer to `question`, in the context that is looked at.
///
/// # Errors
/// Never.
pub fn ask(cx: &mut Context<'_>, question: &'static str, about: Option<ObjectKey>, argument: &str) -> Outcome {
    let context = about.as_ref().map_or_else(|| context(cx), |about| about.context.clone());
    let key = AnswerKey { context, question, about, argument: argument.to_owned() };
    cx.stack.open(Screen::Answer(AnswerScreen::new(key)));
    Ok(())
}
