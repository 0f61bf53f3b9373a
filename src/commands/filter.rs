//! Which rows are shown.

use super::Command;
use crate::ui::Screen;

pub const FILTER: Command = Command {
    name: "filter",
    aliases: &["/"],
    arguments: "[TEXT]",
    help: "show only rows that match; in texts and logs: search",
    hint: "filter",
    run: |cx, text| {
        if text.is_empty() {
            cx.stack.ask_filter();
        } else if let Some(list) = cx.stack.list_mut() {
            list.set_filter(text);
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const CLEAR: Command = Command {
    name: "clear-filter",
    help: "show all rows or lines again",
    run: |cx, _| {
        match cx.stack.top_mut() {
            Some(Screen::List(list)) => list.set_filter(""),
            Some(Screen::Logs(logs)) => logs.set_filter(""),
            _ => {}
        }
        Ok(())
    },
    ..Command::BLANK
};
