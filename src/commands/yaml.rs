//! An object as YAML or JSON: how it is shown, and where it leads.

use super::enter::kind_of;
use super::meant::Meant;
use super::{Command, Context, On, Outcome, Subject};
use crate::kinds::row::Reference;
use crate::model::document::{Format, Reveal};
use crate::model::{Notice, ObjectKey, drift};
use crate::ui::text::Source;
use crate::ui::{Screen, TextScreen, YamlScreen};

pub const YAML: Command = Command {
    name: "yaml",
    help: "the object as YAML",
    hint: "yaml",
    on: On::Object,
    when: |s| {
        let listing = Meant::of(s)?.key.kind.listing();
        if listing.is_some() { Err("these are no objects".to_owned()) } else { Ok(()) }
    },
    run: |cx, _| {
        let key = whole_object(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
        open(cx, key);
        Ok(())
    },
    ..Command::BLANK
};

/// The object that is meant. A container is a part of its pod: the pod is what the server has.
///
/// # Errors
/// When nothing is selected.
pub fn whole_object(s: &Subject<'_>) -> Result<ObjectKey, String> {
    Meant::of(s)?.object().map_err(|notice| notice.sentence)
}

pub const JUMP: Command = Command {
    name: "jump",
    help: "the YAML of the object that the line names: a config map, a secret, a claim, the owner, the node",
    hint: "jump",
    on: On::Yaml,
    when: |s| reference(s).map(drop),
    run: |cx, _| {
        let to = reference(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
        let Some(Screen::Yaml(yaml)) = cx.stack.top() else { return Ok(()) };
        let kind = kind_of(cx.model, &yaml.key.context, &to)?;
        let namespace = if kind.names().namespaced { to.namespace.to_string() } else { String::new() };
        let key = ObjectKey { context: yaml.key.context.clone(), kind, namespace, name: to.name.to_string() };
        open(cx, key);
        Ok(())
    },
    ..Command::BLANK
};

pub const RAW: Command = Command {
    name: "raw",
    help: "show managed fields too, or not",
    on: On::Yaml,
    run: |cx, _| with(cx, |yaml| yaml.look.raw = !yaml.look.raw),
    ..Command::BLANK
};

pub const JSON: Command = Command {
    name: "json",
    help: "as JSON, or as YAML again",
    hint: "json",
    on: On::Yaml,
    run: |cx, _| {
        with(cx, |yaml| {
            yaml.look.format = match yaml.look.format {
                Format::Yaml => Format::Json,
                Format::Json => Format::Yaml,
            };
        })
    },
    ..Command::BLANK
};

pub const MANAGERS: Command = Command {
    name: "managers",
    help: "show beside each line who set it, how and when, or not",
    hint: "who",
    on: On::Yaml,
    run: |cx, _| with(cx, |yaml| yaml.look.managers = !yaml.look.managers),
    ..Command::BLANK
};

pub const LAST_APPLIED: Command = Command {
    name: "last-applied",
    help: "the manifest that kubectl apply was given last, or the object again",
    hint: "applied",
    on: On::Yaml,
    when: applied,
    run: |cx, _| with(cx, |yaml| yaml.look.applied = !yaml.look.applied),
    ..Command::BLANK
};

pub const DRIFT: Command = Command {
    name: "drift",
    help: "what is otherwise now than the manifest says that was applied last",
    hint: "drift",
    on: On::Yaml,
    when: applied,
    run: |cx, _| {
        let Some(Screen::Yaml(yaml)) = cx.stack.top() else { return Ok(()) };
        let page = yaml.page(cx.model);
        let Some((applied, live)) = page.and_then(|page| page.applied.as_ref().zip(page.object.as_ref())) else {
            return Ok(());
        };
        let lines = drift::of(applied, live);
        let (context, title) = (yaml.key.context.to_string(), format!("last applied → live of {}", yaml.key));
        cx.stack.open(Screen::Text(TextScreen::new(Source::Difference { context, title, lines })));
        Ok(())
    },
    ..Command::BLANK
};

pub const REVEAL: Command = Command {
    name: "reveal",
    help: "show the value of the secret's key under the cursor for 30 seconds; again masks it",
    on: On::Yaml,
    when: |s| {
        secret(s)?;
        let Some(Screen::Yaml(yaml)) = s.stack.top() else { return Ok(()) };
        yaml.secret_key().map(drop).ok_or_else(|| "the cursor is on no value of the secret".to_owned())
    },
    run: |cx, _| {
        let now = cx.model.now();
        with(cx, |yaml| {
            if let Some(key) = yaml.secret_key() {
                yaml.reveal(Reveal::Key(key), now);
            }
        })
    },
    ..Command::BLANK
};

pub const REVEAL_ALL: Command = Command {
    name: "reveal-all",
    help: "show all values of the secret for 30 seconds; again masks them",
    on: On::Yaml,
    when: secret,
    run: |cx, _| {
        let now = cx.model.now();
        with(cx, |yaml| yaml.reveal(Reveal::All, now))
    },
    ..Command::BLANK
};

/// Opens the YAML of an object.
fn open(cx: &mut Context<'_>, key: ObjectKey) {
    cx.stack.open(Screen::Yaml(Box::new(YamlScreen::new(key))));
}

fn with(cx: &mut Context<'_>, change: impl FnOnce(&mut YamlScreen)) -> Outcome {
    if let Some(Screen::Yaml(yaml)) = cx.stack.top_mut() {
        change(yaml);
    }
    Ok(())
}

/// The object that the line under the cursor names.
fn reference(s: &Subject<'_>) -> Result<Reference, String> {
    let Some(Screen::Yaml(yaml)) = s.stack.top() else { return Err("this needs the YAML of an object".to_owned()) };
    yaml.reference(s.model).ok_or_else(|| "this line names no other object".to_owned())
}

/// Whether the object keeps what was applied.
fn applied(s: &Subject<'_>) -> Result<(), String> {
    let Some(Screen::Yaml(yaml)) = s.stack.top() else { return Ok(()) };
    let keeps = yaml.page(s.model).is_some_and(|page| page.applied.is_some());
    if keeps || yaml.look.applied {
        Ok(())
    } else {
        Err("it keeps no manifest: kubectl apply did not make it".to_owned())
    }
}

/// Whether it is a secret.
fn secret(s: &Subject<'_>) -> Result<(), String> {
    let Some(Screen::Yaml(yaml)) = s.stack.top() else { return Ok(()) };
    let names = yaml.key.kind.names();
    if names.kind == "Secret" && names.group.is_empty() { Ok(()) } else { Err("nothing of it is masked".to_owned()) }
}
