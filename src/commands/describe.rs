//! Describing the object that is selected.

use super::answers::ask;
use super::{Command, Context, Outcome, Subject};
use crate::model::{Notice, ObjectKey};
use crate::ui::Screen;

pub const DESCRIBE: Command = Command {
    name: "describe",
    help: "what there is to say about the object, with its events",
    hint: "describe",
    when: |s| subject(s).map(drop),
    run: |cx, _| describe(cx),
    ..Command::BLANK
};

fn describe(cx: &mut Context<'_>) -> Outcome {
    let about = subject(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
    ask(cx, "describe", Some(about), "")
}

/// The object that is meant: the row, the one whose YAML is shown, or the one that the line of an answer stands for.
fn subject(s: &Subject<'_>) -> Result<ObjectKey, String> {
    match s.stack.top() {
        Some(Screen::Yaml(screen)) => Ok(screen.key.clone()),
        _ => super::yaml::whole_object(s),
    }
}
