//! Moving the cursor and the view; a count typed before the key repeats or addresses a line.

use super::{Command, Context, Outcome};
use crate::ui::Motion;

/// A motion as a command.
const fn motion(name: &'static str, help: &'static str, run: fn(&mut Context<'_>, &str) -> Outcome) -> Command {
    Command { name, help, run, is_motion: true, ..Command::BLANK }
}

fn step(cx: &mut Context<'_>, motion: Motion) -> Outcome {
    if let Some(screen) = cx.stack.top_mut() {
        screen.step(motion, cx.model);
    }
    Ok(())
}

fn times(cx: &Context<'_>) -> usize {
    cx.count.unwrap_or(1)
}

pub const DOWN: Command = motion("down", "one line down", |cx, _| step(cx, Motion::Down(times(cx))));
pub const UP: Command = motion("up", "one line up", |cx, _| step(cx, Motion::Up(times(cx))));
pub const TOP: Command =
    motion("first-line", "to the first line, or to line COUNT", |cx, _| step(cx, Motion::Top(cx.count)));
pub const BOTTOM: Command =
    motion("last-line", "to the last line, or to line COUNT", |cx, _| step(cx, Motion::Bottom(cx.count)));
pub const HALF_DOWN: Command =
    motion("half-page-down", "half a screen down", |cx, _| step(cx, Motion::HalfDown(times(cx))));
pub const HALF_UP: Command = motion("half-page-up", "half a screen up", |cx, _| step(cx, Motion::HalfUp(times(cx))));
pub const PAGE_DOWN: Command = motion("page-down", "a screen down", |cx, _| step(cx, Motion::PageDown(times(cx))));
pub const PAGE_UP: Command = motion("page-up", "a screen up", |cx, _| step(cx, Motion::PageUp(times(cx))));
pub const LEFT: Command = motion("left", "scroll to the left", |cx, _| step(cx, Motion::Left(times(cx))));
pub const RIGHT: Command = motion("right", "scroll to the right", |cx, _| step(cx, Motion::Right(times(cx))));
