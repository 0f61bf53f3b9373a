//! Port-forwards: opened, listed, stopped, saved.

use super::meant::Meant;
use super::target::context;
use super::{Command, Context, Effect, On, Outcome, Subject, go};
use crate::cluster::forward::{Bind, Refusal, Spec};
use crate::kinds::Can;
use crate::model::{Forward, ForwardOrder, KindRef, Notice, ObjectKey};
use crate::ui::{ForwardsScreen, Offer, Picker, Prompt, Screen};
use std::rc::Rc;

/// Opens forwards.
pub const PORT_FORWARD: Command = Command {
    name: "port-forward",
    aliases: &["pf"],
    arguments: "[KIND/NAME] [LOCAL:REMOTE…]",
    help: "let a local port lead to a pod, a service or a workload",
    hint: "forward",
    changes: true,
    when: possible,
    run,
    ..Command::BLANK
};

/// Shows them.
pub const FORWARDS: Command = Command {
    name: "forwards",
    help: "the port-forwards of all contexts",
    run: |cx, _| {
        if !matches!(cx.stack.top(), Some(Screen::Forwards(_))) {
            let context = context(cx).to_string();
            cx.stack.open(Screen::Forwards(ForwardsScreen::new(context)));
        }
        Ok(())
    },
    ..Command::BLANK
};

/// Ends one.
pub const STOP: Command = Command {
    name: "stop-forward",
    help: "end this port-forward",
    hint: "stop",
    on: On::Forwards,
    when: |s| selected(s).map(drop),
    run: |cx, _| {
        let forward = chosen(cx)?;
        cx.effects.push(Effect::StopForward(forward.id));
        Ok(())
    },
    ..Command::BLANK
};

/// Opens one anew, after it broke.
pub const AGAIN: Command = Command {
    name: "open-again",
    help: "open this port-forward again, on what it was opened on",
    hint: "open again",
    on: On::Forwards,
    when: |s| selected(s).map(drop),
    run: |cx, _| {
        let forward = chosen(cx)?;
        cx.effects.push(Effect::StopForward(forward.id));
        cx.effects.push(Effect::Forward(forward.order));
        Ok(())
    },
    ..Command::BLANK
};

/// Copies an address.
pub const COPY: Command = Command {
    name: "copy-address",
    help: "copy where this port-forward listens",
    hint: "copy",
    on: On::Forwards,
    when: |s| selected(s).map(drop),
    run: |cx, _| {
        let forward = chosen(cx)?;
        cx.effects.push(Effect::Copy(forward.local().to_owned()));
        Ok(())
    },
    ..Command::BLANK
};

/// Keeps those of a context.
pub const SAVE: Command = Command {
    name: "save-forwards",
    arguments: "[NAME]",
    help: "keep the port-forwards of this context under a name",
    when: |s| {
        let context = s.stack.top().map_or("", Screen::context);
        let any = s.model.forwards.iter().any(|forward| *forward.order.on.context == *context);
        if any { Ok(()) } else { Err("no port is forwarded in this context".to_owned()) }
    },
    run: |cx, name| {
        if name.is_empty() {
            cx.stack.ask("save the port-forwards of this context as", "save-forwards", "");
            return Ok(());
        }
        let context = context(cx);
        cx.effects.push(Effect::SaveForwards { context, name: name.to_owned() });
        Ok(())
    },
    ..Command::BLANK
};

/// Opens those that were kept.
pub const START: Command = Command {
    name: "start-forwards",
    arguments: "[NAME]",
    help: "open the port-forwards that were kept under a name",
    changes: true,
    run: |cx, name| {
        let (context, name) = (context(cx), name.to_owned());
        cx.effects.push(Effect::StartForwards { context, name });
        Ok(())
    },
    ..Command::BLANK
};

/// Whether the row under the cursor has ports. What is named on the command line needs no row.
fn possible(s: &Subject<'_>) -> Result<(), String> {
    if s.stack.list().is_none() {
        return Ok(());
    }
    on_meant(&Meant::of(s)?).map(drop).map_err(|notice| notice.sentence)
}

/// Opens what the arguments say; asks for the ports when they do not say them.
fn run(cx: &mut Context<'_>, arguments: &str) -> Outcome {
    let mut wanted = Wanted::parse(arguments)?;
    let (on, container) = match wanted.on.take() {
        Some((kind, name)) => (wanted.named(cx, kind, name)?, None),
        None => on_meant(&Meant::of(&cx.subject()).map_err(unnamed)?)?,
    };
    let line = |ports: &str| {
        let order =
            ForwardOrder { on: on.clone(), ports: ports.to_owned(), address: wanted.address.clone(), exposed: false };
        format!("port-forward @{} {}", on.context, order.line())
    };
    if wanted.ports.is_empty() {
        let run = line("").trim_end().to_owned();
        cx.stack.ask(format!("ports of {on} (LOCAL:REMOTE)"), run.clone(), "");
        cx.effects.push(Effect::AskPorts { on, run, container });
        return Ok(());
    }
    let bind = Bind::parse(&wanted.address).map_err(refused)?;
    if bind.is_exposed() && !wanted.exposed {
        let ports = wanted.ports.join(" ");
        cx.stack.prompt = Some(ask_exposed(&wanted.address, &line(&ports)));
        return Ok(());
    }
    for ports in wanted.ports {
        Spec::parse(&ports).map_err(refused)?;
        let order = ForwardOrder { on: on.clone(), ports, address: wanted.address.clone(), exposed: bind.is_exposed() };
        cx.effects.push(Effect::Forward(order));
    }
    Ok(())
}

/// The orders of a kept line.
///
/// # Errors
/// When it is none.
pub fn orders(line: &str, context: &Rc<str>, namespace: &str) -> Result<Vec<ForwardOrder>, Notice> {
    let wanted = Wanted::parse(line)?;
    let (kind, name) = wanted.on.ok_or_else(|| Notice::error(format!("\"{line}\" names no object"), ""))?;
    let namespace = wanted.namespace.unwrap_or_else(|| namespace.to_owned());
    let on = ObjectKey { context: context.clone(), kind, namespace, name };
    let bind = Bind::parse(&wanted.address).map_err(refused)?;
    let order = |ports: String| {
        Spec::parse(&ports).map_err(refused)?;
        Ok(ForwardOrder { on: on.clone(), ports, address: wanted.address.clone(), exposed: bind.is_exposed() })
    };
    wanted.ports.into_iter().map(order).collect()
}

fn refused(refusal: Refusal) -> Notice {
    Notice::error(refusal.sentence, refusal.hint)
}

/// What a command line says.
#[derive(Debug, Default)]
struct Wanted {
    on: Option<(KindRef, String)>,
    namespace: Option<String>,
    context: Option<String>,
    ports: Vec<String>,
    address: String,
    exposed: bool,
}

impl Wanted {
    fn parse(arguments: &str) -> Result<Self, Notice> {
        let mut wanted = Self::default();
        let mut words = arguments.split_whitespace();
        while let Some(word) = words.next() {
            let mut value =
                || words.next().map(str::to_owned).ok_or_else(|| Notice::error(format!("{word} needs a value"), ""));
            match word {
                "-n" | "--namespace" => wanted.namespace = Some(value()?),
                "--address" => wanted.address = value()?,
                "--exposed" => wanted.exposed = true,
                _ => match (word.strip_prefix('@'), word.split_once('/')) {
                    (Some(context), _) => wanted.context = Some(context.to_owned()),
                    (None, Some((kind, name))) => wanted.on = Some((go::kind(kind)?, name.to_owned())),
                    (None, None) => wanted.ports.push(word.to_owned()),
                },
            }
        }
        Ok(wanted)
    }

    /// The object that is named, where one is unless it is said.
    fn named(&self, cx: &Context<'_>, kind: KindRef, name: String) -> Result<ObjectKey, Notice> {
        let context = self.context.as_deref().map_or_else(|| context(cx), Rc::from);
        if !cx.model.sessions.contains_key(&*context) {
            return Err(Notice::error(
                format!("there is no context \"{context}\""),
                ":contexts offers those that there are",
            ));
        }
        let here = cx.stack.nearest_list().and_then(|list| list.key.scope.namespaces.single());
        let namespace = self.namespace.as_deref().or(here).map(str::to_owned);
        let namespace = namespace.unwrap_or_else(|| cx.model.session(&context).namespace);
        forwardable(ObjectKey { context, kind, namespace, name })
    }
}

fn forwardable(on: ObjectKey) -> Result<ObjectKey, Notice> {
    if on.kind.can().has(Can::FORWARD) {
        return Ok(on);
    }
    Err(Notice::warning(format!("{on} has no ports to forward"), "pods, services and workloads have"))
}

fn unnamed(why: String) -> Notice {
    Notice::warning(why, "name an object: port-forward svc/web 8080:80")
}

/// The object that is meant, and the container when it is one: its pod is then meant.
fn on_meant(meant: &Meant) -> Result<(ObjectKey, Option<String>), Notice> {
    let container = meant.whole().map(|_| meant.key.name.clone());
    forwardable(meant.key.clone())?;
    Ok((meant.object()?, container))
}

/// Asks before others than this machine can connect.
fn ask_exposed(address: &str, line: &str) -> Prompt {
    let here = line.split(" --address ").next().unwrap_or_default().to_owned();
    let offer = |label: &str, detail: &str, run: String| Offer {
        label: label.to_owned(),
        detail: detail.to_owned(),
        run,
        ..Offer::default()
    };
    let offers = vec![
        offer("only this machine", "listen on 127.0.0.1 and ::1", here),
        offer(
            "everybody who reaches it",
            "whoever can connect to that address gets into the pod",
            format!("{line} --exposed"),
        ),
    ];
    Prompt::Pick(Picker::new(format!("listen on {address}?"), "who may connect: ", offers))
}

/// The forward under the cursor.
fn selected<'a>(s: &Subject<'a>) -> Result<&'a Forward, String> {
    match s.stack.top() {
        Some(Screen::Forwards(screen)) => screen.selected(s.model).ok_or_else(|| "no port is forwarded".to_owned()),
        _ => Err("this needs the list of port-forwards".to_owned()),
    }
}

fn chosen(cx: &Context<'_>) -> Result<Forward, Notice> {
    selected(&cx.subject()).cloned().map_err(|why| Notice::warning(why, ""))
}
