//! In which order rows stand, and which columns.

use super::{Command, On};
use crate::model::Notice;
use crate::model::filter::field_name;
use crate::ui::{Offer, Picker, Prompt};

pub const SORT: Command = Command {
    name: "sort",
    arguments: "[COLUMN]",
    help: "sort by a column; again turns it round, a third time ends it",
    hint: "sort",
    on: On::List,
    run: |cx, column| {
        let Some(list) = cx.stack.list_mut() else { return Ok(()) };
        let headings = list.headings().to_vec();
        let named = |index: &usize| headings.get(*index).map(|heading| field_name(&heading.name));
        if column.is_empty() {
            let names = list.visible_columns().into_iter().filter_map(|index| named(&index));
            let offers = names.map(|name| Offer { run: format!("sort {name}"), label: name, ..Offer::default() });
            cx.stack.prompt = Some(Prompt::Pick(Picker::new("sort by", "sort ", offers.collect())));
            return Ok(());
        }
        let found = (0..headings.len()).find(|index| named(index).is_some_and(|name| name == column.to_lowercase()));
        let column = found.ok_or_else(|| Notice::error(format!("there is no column \"{column}\""), "s offers them"))?;
        list.sort_by(column);
        Ok(())
    },
    ..Command::BLANK
};

pub const NEXT: Command = Command {
    name: "sort-next",
    help: "sort by the next column",
    on: On::List,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.sort_step(true);
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const PREVIOUS: Command = Command {
    name: "sort-previous",
    help: "sort by the column before",
    on: On::List,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.sort_step(false);
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const REVERSE: Command = Command {
    name: "sort-reverse",
    help: "turn the order round",
    on: On::List,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.sort_reverse();
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const WIDE: Command = Command {
    name: "wide",
    help: "more columns, as kubectl's -o wide; again fewer",
    hint: "wide",
    on: On::List,
    run: |cx, _| {
        if let Some(list) = cx.stack.list_mut() {
            list.toggle_wide();
        }
        Ok(())
    },
    ..Command::BLANK
};
