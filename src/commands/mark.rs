//! Marks: the rows on which the next action acts, instead of the one under the cursor.

use super::{Command, On};
use crate::ui::Motion;

pub const MARK: Command = Command {
    name: "mark",
    help: "mark the row, or take its mark away: actions then act on all marked rows",
    on: On::List,
    when: super::enter::selected,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.toggle_mark(cx.model);
            list.step(Motion::Down(1), cx.model);
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const MARK_ALL: Command = Command {
    name: "mark-all",
    help: "mark every row that is shown",
    on: On::List,
    when: super::enter::selected,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.mark_all(cx.model);
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const UNMARK: Command = Command {
    name: "unmark",
    help: "take all marks away",
    on: On::List,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.unmark();
        }
        Ok(())
    },
    ..Command::BLANK
};
