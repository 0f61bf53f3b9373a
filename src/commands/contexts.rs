//! Which cluster is looked at.

use super::go::{self, Place, Where};
use super::{Command, Context, Effect};
use crate::cluster::kubeconfig::Wish;
use crate::model::{Model, Notice, SessionState};
use crate::ui::{Offer, Picker, Prompt};

/// Offers the contexts.
pub const CHOOSE: Command = Command {
    name: "contexts",
    aliases: &["ctxs"],
    help: "choose another context",
    hint: "context",
    run: |cx, _| {
        let offers = cx.model.sessions.keys().map(|name| offer(cx.model, name)).collect();
        cx.stack.prompt = Some(Prompt::Pick(Picker::new("contexts", "context ", offers)));
        Ok(())
    },
    ..Command::BLANK
};

/// Goes to another context.
pub const CONTEXT: Command = Command {
    name: "context",
    aliases: &["ctx"],
    arguments: "[NAME]",
    help: "look at another cluster",
    run: |cx, name| if name.is_empty() { (CHOOSE.run)(cx, "") } else { switch(cx, name) },
    ..Command::BLANK
};

/// Lends the terminal to the credential plugin of a context.
pub const SIGN_IN: Command = Command {
    name: "sign-in",
    aliases: &["login"],
    arguments: "[CONTEXT]",
    help: "give the terminal to the credential plugin of this context, so that it can ask you",
    run: |cx, name| {
        let name = named(cx, name);
        cx.effects.push(Effect::SignIn(name));
        Ok(())
    },
    ..Command::BLANK
};

/// Makes a context the current one of the kubeconfig.
pub const USE: Command = Command {
    name: "use-context",
    arguments: "[NAME]",
    help: "write into the kubeconfig which context is current: this one, or the one that is named",
    run: |cx, name| {
        let name = named(cx, name);
        cx.effects.push(Effect::ChangeKubeconfig(Wish::Use(name)));
        Ok(())
    },
    ..Command::BLANK
};

/// Sets the namespace of a context in the kubeconfig.
pub const SET: Command = Command {
    name: "set-context",
    arguments: "--namespace=NAMESPACE [NAME]",
    help: "write into the kubeconfig in which namespace a context begins",
    run: |cx, text| {
        let words = || text.split_whitespace();
        let namespace = words().find_map(|word| word.strip_prefix("--namespace="));
        let how = || Notice::error("this needs a namespace", "set-context --namespace=shop");
        let namespace = namespace.filter(|name| !name.is_empty()).ok_or_else(how)?.to_owned();
        let context = named(cx, words().find(|word| !word.starts_with("--")).unwrap_or_default());
        cx.effects.push(Effect::ChangeKubeconfig(Wish::Namespace { context, namespace }));
        Ok(())
    },
    ..Command::BLANK
};

/// Gives a context another name in the kubeconfig.
pub const RENAME: Command = Command {
    name: "rename-context",
    arguments: "OLD NEW",
    help: "write another name for a context into the kubeconfig",
    run: |cx, text| {
        let how = || Notice::error("this needs the name that it has and the one that it shall have", "");
        let (from, to) = text.split_once(' ').ok_or_else(how)?;
        let wish = Wish::Rename { from: from.to_owned(), to: to.trim().to_owned() };
        cx.effects.push(Effect::ChangeKubeconfig(wish));
        Ok(())
    },
    ..Command::BLANK
};

/// The context that is named, else the one that is looked at.
fn named(cx: &Context<'_>, name: &str) -> String {
    let here = || cx.stack.top().map_or("", |screen| screen.context());
    if name.is_empty() { here().to_owned() } else { name.to_owned() }
}

/// What is offered for a context.
pub fn offer(model: &Model, name: &str) -> Offer {
    let session = model.session(name);
    let state = match &session.state {
        SessionState::Ready { version, .. } => version.clone(),
        SessionState::Failed { sentence, .. } => sentence.clone(),
        SessionState::Connecting => "connecting …".to_owned(),
        SessionState::SigningIn { .. } => "signing in …".to_owned(),
        SessionState::Unused => String::new(),
    };
    let parts = [format!("cluster {}", session.cluster), format!("namespace {}", session.namespace), state];
    Offer {
        label: name.to_owned(),
        detail: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        run: format!("context {name}"),
        refusal: session.broken.unwrap_or_default(),
    }
}

/// The same kind in another context, in the namespace that is usual there.
fn switch(cx: &mut Context<'_>, name: &str) -> super::Outcome {
    let session = cx.model.sessions.get(name).ok_or_else(|| {
        let known: Vec<&str> = cx.model.sessions.keys().map(String::as_str).collect();
        Notice::error(format!("there is no context \"{name}\""), format!("there are: {}", known.join(", ")))
    })?;
    if let Some(why) = &session.broken {
        return Err(Notice::error(format!("the context \"{name}\" cannot be used: {why}"), "mend the kubeconfig"));
    }
    let Some(kind) = cx.stack.nearest_list().map(|list| list.key.kind) else { return Ok(()) };
    go::open(cx, Place { kind, at: Where { context: Some(name.to_owned()), ..Where::default() } })
}
