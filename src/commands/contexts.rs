//! Which cluster is looked at.

use super::go::{self, Place};
use super::{Command, Context};
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

/// What is offered for a context.
pub fn offer(model: &Model, name: &str) -> Offer {
    let session = model.session(name);
    let state = match &session.state {
        SessionState::Ready { version, .. } => version.clone(),
        SessionState::Failed { sentence, .. } => sentence.clone(),
        SessionState::Connecting => "connecting …".to_owned(),
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
    go::open(cx, Place { context: Some(name.to_owned()), ..Place::of(kind) })
}
