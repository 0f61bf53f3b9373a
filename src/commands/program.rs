//! What concerns the program itself: help, palette, back, quit.

use super::{Command, Effect};

pub const PALETTE: Command = Command {
    name: "palette",
    help: "go anywhere, do anything: kinds, commands, namespaces, contexts",
    hint: "go to",
    run: |cx, _| {
        cx.effects.push(Effect::Palette);
        Ok(())
    },
    ..Command::BLANK
};

pub const HELP: Command = Command {
    name: "help",
    aliases: &["h", "?"],
    help: "every key of this screen, searchable",
    hint: "keys",
    run: |cx, _| {
        cx.effects.push(Effect::Help);
        Ok(())
    },
    ..Command::BLANK
};

pub const BACK: Command = Command {
    name: "back",
    help: "take marks away, else clear the filter, else back to where you came from",
    run: |cx, _| {
        if cx.stack.list_mut().is_some_and(crate::ui::ListScreen::unmark) {
            return Ok(());
        }
        match cx.stack.list_mut().filter(|list| !list.habit.filter.is_empty()) {
            Some(list) => list.set_filter(""),
            None => {
                cx.stack.back();
            }
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const RETRY: Command = Command {
    name: "retry",
    aliases: &["reconnect"],
    help: "try connections that are down again, now",
    run: |cx, _| {
        cx.effects.push(Effect::Retry);
        Ok(())
    },
    ..Command::BLANK
};

pub const REDRAW: Command = Command {
    name: "redraw",
    help: "draw the whole screen anew",
    run: |cx, _| {
        cx.effects.push(Effect::Redraw);
        Ok(())
    },
    ..Command::BLANK
};

pub const MOUSE: Command = Command {
    name: "toggle-mouse",
    aliases: &["mouse"],
    help: "take the mouse, or leave it to the terminal for selecting text",
    run: |cx, _| {
        cx.effects.push(Effect::ToggleMouse);
        Ok(())
    },
    ..Command::BLANK
};

pub const SUSPEND: Command = Command {
    name: "suspend",
    help: "back to the shell; `fg` returns",
    run: |cx, _| {
        cx.effects.push(Effect::Suspend);
        Ok(())
    },
    ..Command::BLANK
};

pub const QUIT: Command = Command {
    name: "quit",
    aliases: &["q", "q!", "qa", "exit"],
    help: "leave rutter",
    run: |cx, _| {
        cx.effects.push(Effect::Quit);
        Ok(())
    },
    ..Command::BLANK
};
