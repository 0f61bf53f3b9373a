//! Texts: YAML, messages, and search in them.

use super::log_view::REGEX;
use super::meant::Meant;
use super::{Command, Context, Effect, On, Outcome, Subject};
use crate::model::logs::{Direction, Needle};
use crate::model::{Notice, ObjectKey};
use crate::ui::logs::Taken;
use crate::ui::text::Source;
use crate::ui::{Screen, TextScreen};

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
        cx.stack.open(Screen::Text(TextScreen::new(Source::Yaml(key))));
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

pub const MESSAGES: Command = Command {
    name: "messages",
    help: "what was said so far",
    run: |cx, _| {
        let context = cx.stack.top().map_or("", |screen| screen.context()).to_owned();
        cx.stack.open(Screen::Text(TextScreen::new(Source::Messages { context })));
        cx.model.notices.dismiss();
        Ok(())
    },
    ..Command::BLANK
};

pub const SAVE: Command = Command {
    name: "save-text",
    arguments: "[PATH]",
    help: "write the text into a new file that only you can read: the journal, a difference, YAML",
    on: On::Text,
    run: |cx, path| {
        let Some(Screen::Text(screen)) = cx.stack.top() else { return Ok(()) };
        let taken = Taken { lines: screen.len(cx.model), bytes: screen.text(cx.model).into_bytes() };
        let name = format!("{}-{}.log", screen.source.name(), cx.model.now().0);
        cx.effects.push(Effect::Save { path: path.to_owned(), name, taken });
        Ok(())
    },
    ..Command::BLANK
};

pub const REFRESH: Command = Command {
    name: "refresh",
    help: "read it again from the server",
    on: On::Text,
    run: |cx, _| {
        cx.effects.push(Effect::Refresh);
        Ok(())
    },
    ..Command::BLANK
};

pub const WRAP: Command = Command {
    name: "wrap",
    help: "wrap long lines, or not",
    hint: "wrap",
    on: On::Reading,
    run: |cx, _| {
        match cx.stack.top_mut() {
            Some(Screen::Text(text)) => text.wrap = !text.wrap,
            Some(Screen::Logs(logs)) => logs.look.wrap = !logs.look.wrap,
            Some(Screen::Answer(answer)) => answer.wrap = !answer.wrap,
            _ => {}
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const FIND: Command = Command {
    name: "find",
    arguments: "TEXT|re:REGEX",
    help: "find a text in what is shown",
    on: On::Reading,
    run: |cx, text| {
        Needle::read(text).map_err(|why| Notice::error(format!("the expression cannot be used: {why}"), REGEX))?;
        let screen = cx.stack.top_mut().and_then(Screen::searched_mut);
        let found = screen.is_none_or(|screen| screen.search_for(text, cx.model));
        if found { Ok(()) } else { Err(Notice::warning(format!("\"{text}\" is not there"), "")) }
    },
    ..Command::BLANK
};

pub const NEXT_MATCH: Command = Command {
    name: "next-match",
    help: "to the next line that was searched for",
    when: searching,
    run: |cx, _| next(cx, Direction::Forward),
    ..Command::BLANK
};

pub const PREVIOUS_MATCH: Command = Command {
    name: "previous-match",
    help: "to the line before that was searched for",
    when: searching,
    run: |cx, _| next(cx, Direction::Backward),
    ..Command::BLANK
};

/// Whether something is searched for. A list filters instead of searching: there the next row that fails is meant.
fn searching(s: &Subject<'_>) -> Result<(), String> {
    let off = s.stack.top().and_then(Screen::searched).is_some_and(|screen| screen.search().text().is_empty());
    if off { Err("nothing is searched for: / searches".to_owned()) } else { Ok(()) }
}

fn next(cx: &mut Context<'_>, direction: Direction) -> Outcome {
    if let Some(list) = cx.stack.list_mut() {
        return next_failing(list, direction, cx.model);
    }
    let screen = cx.stack.top_mut().and_then(Screen::searched_mut);
    let found = screen.is_none_or(|screen| screen.next_match(direction, cx.model));
    if found { Ok(()) } else { Err(Notice::warning("there is no further match", "")) }
}

/// In a list: to the next row that fares badly.
fn next_failing(list: &mut crate::ui::ListScreen, direction: Direction, model: &crate::model::Model) -> Outcome {
    let forward = direction == Direction::Forward;
    if list.go_to_failing(forward, model) { Ok(()) } else { Err(Notice::info("no row is failing")) }
}
