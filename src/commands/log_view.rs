//! What is shown of logs: following, times, sources, filtered and selected lines, and taking them away.

use super::{Command, Context, Effect, On, Outcome, Subject};
use crate::model::Notice;
use crate::model::logs::Sieve;
use crate::ui::{LogScreen, Screen};
use jiff::Timestamp;

/// What to do about a regular expression that cannot be read.
pub(super) const REGEX: &str = "look for a text that is no expression without re: before it";

pub const FOLLOW: Command = Command {
    name: "follow",
    help: "show the newest line always, or stand still",
    hint: "follow",
    on: On::Logs,
    run: |cx, _| with(cx, |logs| logs.follow = !logs.follow),
    ..Command::BLANK
};

pub const TIMESTAMPS: Command = Command {
    name: "timestamps",
    help: "show when each line was written, or not",
    hint: "times",
    on: On::Logs,
    run: |cx, _| with(cx, |logs| logs.look.timestamps = !logs.look.timestamps),
    ..Command::BLANK
};

pub const SOURCES: Command = Command {
    name: "sources",
    help: "show the pod and container of each line, or not",
    on: On::Logs,
    run: |cx, _| with(cx, |logs| logs.look.sources = !logs.look.sources),
    ..Command::BLANK
};

pub const FILTER: Command = Command {
    name: "filter-logs",
    arguments: "[TEXT|!TEXT|re:REGEX]",
    help: "show only lines that hold a text, or with ! those that do not; again shows all",
    hint: "lines",
    on: On::Logs,
    run: |cx, text| {
        let is_filtered = matches!(cx.stack.top(), Some(Screen::Logs(logs)) if !logs.filter().is_empty());
        if text.is_empty() && !is_filtered {
            cx.stack.ask("lines with", "filter-logs", "");
            return Ok(());
        }
        Sieve::check(text).map_err(|why| Notice::error(format!("the expression cannot be used: {why}"), REGEX))?;
        with(cx, |logs| logs.set_filter(text))
    },
    ..Command::BLANK
};

pub const CLEAR: Command = Command {
    name: "clear",
    help: "forget the lines so far",
    on: On::Logs,
    run: |cx, _| {
        if let Some(Screen::Logs(logs)) = cx.stack.top()
            && let Some(page) = cx.model.logs.get_mut(&logs.key)
        {
            page.clear();
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const SEPARATE: Command = Command {
    name: "separate",
    help: "draw a line under what came so far",
    on: On::Logs,
    run: |cx, _| {
        let now = cx.model.now();
        if let Some(Screen::Logs(logs)) = cx.stack.top()
            && let Some(page) = cx.model.logs.get_mut(&logs.key)
        {
            let time = Timestamp::from_second(now.0).map_or_else(|_| String::new(), |time| time.to_string());
            page.say(&format!("{time} ──────────────────────────"));
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const SELECT: Command = Command {
    name: "select",
    help: "select lines from here on, by moving; again to stop",
    on: On::Logs,
    run: |cx, _| {
        if let Some(Screen::Logs(logs)) = cx.stack.top_mut() {
            logs.toggle_selection(cx.model);
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const COPY: Command = Command {
    name: "copy-lines",
    help: "copy the selected lines, else the one that was found, else the last visible one",
    on: On::Logs,
    run: |cx, _| {
        if let Some(Screen::Logs(logs)) = cx.stack.top_mut() {
            let text = logs.take_text(cx.model);
            cx.effects.push(Effect::Copy(text));
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const SAVE: Command = Command {
    name: "save-logs",
    arguments: "[PATH]",
    help: "write the lines that are shown into a new file, as the containers wrote them",
    hint: "save",
    on: On::Logs,
    when: has_lines,
    run: |cx, path| {
        let now = cx.model.now();
        if let Some(Screen::Logs(logs)) = cx.stack.top_mut() {
            let taken = logs.raw(cx.model);
            let name = file_name(logs, now.0);
            cx.effects.push(Effect::Save { path: path.to_owned(), name, taken });
        }
        Ok(())
    },
    ..Command::BLANK
};

fn with(cx: &mut Context<'_>, change: impl FnOnce(&mut LogScreen)) -> Outcome {
    if let Some(Screen::Logs(logs)) = cx.stack.top_mut() {
        change(logs);
    }
    Ok(())
}

fn has_lines(s: &Subject<'_>) -> Result<(), String> {
    let Some(Screen::Logs(logs)) = s.stack.top() else { return Ok(()) };
    let is_empty = s.model.logs.get(&logs.key).is_none_or(|page| page.buffer.is_empty());
    if is_empty { Err("there is no line yet".to_owned()) } else { Ok(()) }
}

/// The name of a file for these logs, of characters that mean nothing to any shell or file system.
fn file_name(logs: &LogScreen, now: i64) -> String {
    let key = &logs.key;
    let time =
        Timestamp::from_second(now).map_or_else(|_| String::new(), |time| time.strftime("%Y%m%dT%H%M%SZ").to_string());
    let container = key.container.as_deref().filter(|name| *name != crate::model::place::ALL_CONTAINERS);
    let previous = if key.previous { "previous" } else { "" };
    let parts = [&*key.context, &key.of, container.unwrap_or_default(), previous, &time];
    let clean = |part: &&str| -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '_' { c } else { '-' };
        part.chars().take(80).map(safe).collect::<String>().trim_matches(['-', '.']).to_owned()
    };
    let parts: Vec<String> = parts.iter().map(clean).filter(|part| !part.is_empty()).collect();
    format!("{}.log", parts.join("-"))
}
