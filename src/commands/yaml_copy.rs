//! Parts of an object to the clipboard. What is masked on the screen is not copied either.

use super::{Command, Context, Effect, On, Outcome};
use crate::cluster::gate::quoted;
use crate::kinds::way::json_path;
use crate::model::Notice;
use crate::model::document::{Document, Options, is_masked};
use crate::ui::{Screen, YamlScreen};
use serde_json::Value;

pub const VALUE: Command = Command {
    name: "copy-value",
    help: "copy the value of the field under the cursor",
    on: On::Yaml,
    run: |cx, _| {
        let Some(Screen::Yaml(yaml)) = cx.stack.top() else { return Ok(()) };
        let nothing = || Notice::warning("there is no value", "");
        let text = match yaml.value(cx.model).ok_or_else(nothing)? {
            value if is_masked(&value) => {
                return Err(Notice::warning("the value is masked", "reveal shows it, then it can be copied"));
            }
            Value::String(text) => text,
            // It is as masked as on the screen already.
            value => Document::of(value, &Options { managed_fields: true, ..yaml.options() }).text().to_owned(),
        };
        cx.effects.push(Effect::Copy(text));
        Ok(())
    },
    ..Command::BLANK
};

pub const PATH: Command = Command {
    name: "copy-path",
    help: "copy the way to the field under the cursor as JSONPath: .spec.containers[0].image",
    on: On::Folding,
    run: |cx, _| {
        if let Some(Screen::Explain(explain)) = cx.stack.top() {
            let asked = explain.asked(cx.model);
            cx.effects.push(Effect::Copy(asked));
        }
        copy(cx, |yaml| json_path(&yaml.path()))
    },
    ..Command::BLANK
};

pub const COMMAND: Command = Command {
    name: "copy-field-command",
    help: "copy the kubectl command that prints the field under the cursor",
    on: On::Yaml,
    run: |cx, _| {
        copy(cx, |yaml| {
            let path = quoted(&format!("{{{}}}", json_path(&yaml.path())));
            format!("{} -o jsonpath={path}", super::kubectl::get_command(&yaml.key))
        })
    },
    ..Command::BLANK
};

pub const BLOCK: Command = Command {
    name: "copy-block",
    help: "copy the lines of what begins on this line",
    on: On::Yaml,
    run: |cx, _| copy(cx, YamlScreen::block),
    ..Command::BLANK
};

fn copy(cx: &mut Context<'_>, take: impl FnOnce(&YamlScreen) -> String) -> Outcome {
    if let Some(Screen::Yaml(yaml)) = cx.stack.top() {
        let text = take(yaml);
        cx.effects.push(Effect::Copy(text));
    }
    Ok(())
}
