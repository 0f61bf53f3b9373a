//! What was done, and taking it back.

use super::target::context;
use super::{Command, Effect};
use crate::model::Notice;
use crate::ui::text::Source;
use crate::ui::{Screen, TextScreen};

pub const JOURNAL: Command = Command {
    name: "journal",
    help: "what was done to clusters from here, and what became of it",
    run: |cx, _| {
        let context = context(cx).to_string();
        cx.stack.open(Screen::Text(TextScreen::new(Source::Journal { context })));
        Ok(())
    },
    ..Command::BLANK
};

pub const UNDO: Command = Command {
    name: "undo",
    arguments: "[NUMBER]",
    help: "take back what was done last, or what the journal holds under a number",
    changes: true,
    when: |s| {
        let context = s.stack.top().map_or("", |screen| screen.context());
        s.model.journal.last_undoable(context).map(drop).ok_or_else(|| "there is nothing to take back here".to_owned())
    },
    run: |cx, number| {
        let id = match number {
            "" => None,
            text => Some(
                text.parse().map_err(|_| Notice::error(format!("\"{text}\" is no number"), ":journal shows them"))?,
            ),
        };
        let context = context(cx);
        cx.effects.push(Effect::Undo { context, id });
        Ok(())
    },
    ..Command::BLANK
};

pub const READ_ONLY: Command = Command {
    name: "read-only",
    aliases: &["readonly"],
    help: "let nothing but reads leave for this context, or everything again",
    run: |cx, _| {
        let context = context(cx);
        cx.effects.push(Effect::ReadOnly { context });
        Ok(())
    },
    ..Command::BLANK
};
