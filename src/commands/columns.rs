//! Choosing the columns of a table.

use super::{Command, Context, Effect, On, Outcome};
use crate::kinds::jsonpath::Mistake;
use crate::kinds::own::OwnColumn;
use crate::model::Notice;
use crate::ui::{ChooserScreen, Screen};

/// Opens the chooser.
pub const COLUMNS: Command = Command {
    name: "columns",
    help: "choose which columns stand in this table, and in which order",
    on: On::List,
    run: |cx, _| {
        let Some(list) = cx.stack.list() else { return Ok(()) };
        let (own, _) = cx.stack.views.parts(list.key.kind);
        let screen = ChooserScreen::new(list, own, cx.model);
        cx.stack.open(Screen::Chooser(screen));
        Ok(())
    },
    ..Command::BLANK
};

/// Shows or hides one.
pub const TOGGLE: Command = Command {
    name: "toggle-column",
    help: "show or hide this column",
    hint: "show",
    on: On::Columns,
    run: |cx, _| change(cx, ChooserScreen::toggle),
    ..Command::BLANK
};

/// Moves one.
pub const DOWN: Command = Command {
    name: "column-down",
    help: "move this column further down, to the right",
    hint: "down",
    on: On::Columns,
    run: |cx, _| change(cx, |chooser| chooser.shift(true)),
    ..Command::BLANK
};

/// Moves one.
pub const UP: Command = Command {
    name: "column-up",
    help: "move this column further up, to the left",
    hint: "up",
    on: On::Columns,
    run: |cx, _| change(cx, |chooser| chooser.shift(false)),
    ..Command::BLANK
};

/// Adds one.
pub const ADD: Command = Command {
    name: "add-column",
    arguments: "[NAME:PATH]",
    help: "add a column of your own by its JSONPath: ZONE:.metadata.labels.zone",
    hint: "add",
    on: On::Columns,
    run: |cx, text| {
        if text.is_empty() {
            cx.stack.ask("column, as NAME:.path", "add-column", "");
            return Ok(());
        }
        let wrong = || Notice::error("a column is written NAME:.path", "for example ZONE:.metadata.labels.zone");
        let (name, path) =
            text.split_once(':').filter(|(name, path)| !name.is_empty() && !path.is_empty()).ok_or_else(wrong)?;
        let column = OwnColumn::new(name.trim(), path.trim());
        change(cx, |chooser| chooser.add(column))
    },
    ..Command::BLANK
};

/// Takes one of the user's away.
pub const REMOVE: Command = Command {
    name: "remove-column",
    help: "take this column of yours away",
    hint: "remove",
    on: On::Columns,
    run: |cx, _| {
        let mut removed = false;
        change(cx, |chooser| removed = chooser.remove())?;
        let why = || Notice::warning("this column is not one of yours", "space hides it");
        if removed { Ok(()) } else { Err(why()) }
    },
    ..Command::BLANK
};

/// Keeps what was chosen.
pub const WRITE: Command = Command {
    name: "write-columns",
    arguments: "[yes]",
    help: "write these columns into your settings; shows first what would change there",
    hint: "write",
    run: |cx, sure| {
        let chosen =
            |screen: &Screen| if let Screen::Chooser(chooser) = screen { Some(chooser.key.kind) } else { None };
        let kind = cx.stack.screens().iter().rev().find_map(chosen);
        let kind = kind.ok_or_else(|| Notice::error("no columns are being chosen", ":columns opens the choice"))?;
        cx.effects.push(Effect::WriteColumns { kind, sure: sure == "yes" });
        Ok(())
    },
    ..Command::BLANK
};

/// Changes what is chosen, and the tables with it. When a path has a mistake, nothing changes.
fn change(cx: &mut Context<'_>, with: impl FnOnce(&mut ChooserScreen)) -> Outcome {
    let Some(Screen::Chooser(chooser)) = cx.stack.top_mut() else { return Ok(()) };
    if let Some(why) = chooser.waits() {
        return Err(Notice::info(why));
    }
    let (columns, own) = (chooser.columns.clone(), chooser.own.clone());
    with(chooser);
    let (kind, chosen, shown) = (chooser.key.kind, chooser.own.clone(), chooser.show());
    let Err(mistake) = cx.stack.choose_columns(kind, chosen, shown) else { return Ok(()) };
    if let Some(Screen::Chooser(chooser)) = cx.stack.top_mut() {
        (chooser.columns, chooser.own) = (columns, own);
    }
    Err(mistaken(&mistake))
}

pub(super) fn mistaken(mistake: &Mistake) -> Notice {
    Notice::error(format!("the path has a mistake: {mistake}"), "write it as kubectl's JSONPath")
}
