//! What fields are for, as the server says.

use super::{Command, Context, On};
use crate::kinds::{in_group, way};
use crate::model::explain::ExplainKey;
use crate::model::{Notice, yaml_path};
use crate::ui::{ExplainScreen, Screen};
use std::rc::Rc;

pub const EXPLAIN: Command = Command {
    name: "explain",
    arguments: "[KIND.FIELD]",
    help: "what a kind and its fields are for; without an argument those of the row, or the field under the cursor",
    on: On::Any,
    run: |cx, asked| {
        let context: Rc<str> = cx.stack.top().map_or("", |screen| screen.context()).into();
        let asked = if asked.is_empty() { asked_here(cx) } else { Some(asked.to_owned()) };
        let none = || Notice::warning("there is nothing to explain here", "explain pods.spec.containers");
        let key = ExplainKey { context, asked: asked.ok_or_else(none)? };
        cx.stack.open(Screen::Explain(Box::new(ExplainScreen::new(key))));
        Ok(())
    },
    ..Command::BLANK
};

/// The kind and the field that the screen on top shows.
fn asked_here(cx: &Context<'_>) -> Option<String> {
    match cx.stack.top()? {
        Screen::List(list) => Some(list.key.kind.resource().called()),
        Screen::Yaml(yaml) => Some(joined(yaml.key.kind.resource().called(), &way::fields(&yaml.path()))),
        Screen::Explain(explain) => Some(explain.asked(cx.model)),
        Screen::Edit(editor) => {
            let lines = editor.lines();
            let group = yaml_path::top(lines, "apiVersion")?.split_once('/').map_or("", |(group, _)| group);
            let kind = yaml_path::top(lines, "kind")?.to_lowercase();
            Some(joined(in_group(&kind, group), &yaml_path::at(lines, editor.row())))
        }
        _ => None,
    }
}

fn joined(kind: String, fields: &[String]) -> String {
    [&[kind], fields].concat().join(".")
}
