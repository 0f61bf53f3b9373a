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
            To::Place(line) => run(cx, &line),
        }
    },
    ..Command::BLANK
};

pub const FOLD: Command = Command {
    name: "fold",
    help: "hide or show what lies under this line",
    hint: "fold",
    on: On::Answer,
    run: |cx, _| {
        if let Some(Screen::Answer(screen)) = cx.stack.top_mut() {
            screen.fold(cx.model);
        }
        Ok(())
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
