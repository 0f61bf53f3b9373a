//! The terminal: raw mode and its restoration, and frames that are written in one piece or, when nothing changed,
//! not at all.

use super::canvas::Canvas;
use crate::config::Theme;
use crate::kinds::Time;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use std::io::{self, BufWriter, Stdout, Write, stdout};

/// Bytes of a frame that are collected before anything is written: a full frame of 200×50 is about 10 kB.
const FRAME: usize = 1 << 16;

/// One of so many rows may differ for it to be worth to look at them alone.
const FEW: usize = 4;

/// Where frames go. `W` is the terminal, or a buffer in tests.
pub struct Terminal<W: Write> {
    backend: CrosstermBackend<BufWriter<W>>,
    shown: Buffer,
    next: Buffer,
    cursor: Option<Position>,
    frames: u64,
}

impl<W: Write> Terminal<W> {
    /// A terminal of `area` over `writer`; nothing is on it yet.
    pub fn new(writer: W, area: Rect) -> Self {
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME, writer));
        Self { backend, shown: Buffer::empty(area), next: Buffer::empty(area), cursor: None, frames: 0 }
    }

    /// How many frames were written.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// What is on the screen.
    pub fn screen(&self) -> &Buffer {
        &self.shown
    }

    /// The terminal has another size, or its contents are unknown: everything is written anew.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn resize(&mut self, area: Rect) -> io::Result<()> {
        (self.shown, self.next) = (Buffer::empty(area), Buffer::empty(area));
        self.backend.clear()
    }

    /// Draws a frame and writes what differs from the last one. Returns when the frame will look different by the
    /// clock alone.
    ///
    /// # Errors
    /// When the terminal cannot be written.
    pub fn draw(&mut self, theme: &Theme, now: Time, draw: impl FnOnce(&mut Canvas<'_>)) -> io::Result<Option<Time>> {
        self.next.reset();
        let mut canvas = Canvas::new(&mut self.next, theme, now);
        draw(&mut canvas);
        let (cursor, next_change) = (canvas.cursor, canvas.next_change());
        self.write(cursor)?;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(next_change)
    }

    /// Writes the difference between `shown` and `next`, bracketed so that the terminal shows it at once.
    fn write(&mut self, cursor: Option<Position>) -> io::Result<()> {
        let rows = changed_rows(&self.shown, &self.next);
        let changes: Vec<_> = match &rows {
            Some(rows) => rows.iter().flat_map(|(shown, next)| shown.diff_iter(next)).collect(),
            None => self.shown.diff(&self.next),
        };
        if changes.is_empty() && cursor == self.cursor {
            return Ok(());
        }
        queue!(self.backend, BeginSynchronizedUpdate, cursor::Hide)?;
        self.backend.draw(changes.into_iter())?;
        if let Some(position) = cursor {
            self.backend.set_cursor_position(position)?;
            queue!(self.backend, cursor::Show)?;
        }
        queue!(self.backend, EndSynchronizedUpdate)?;
        self.cursor = cursor;
        self.frames += 1;
        Write::flush(&mut self.backend)
    }
}

/// The rows that differ, as they are shown and as they are to be. Most rows of most frames are as they were, and to see
/// that they are is much less than to look for the cells that differ. None where they are so many that it is more.
fn changed_rows(shown: &Buffer, next: &Buffer) -> Option<Vec<(Buffer, Buffer)>> {
    let width = usize::from(next.area.width).max(1);
    let rows = shown.content.chunks(width).zip(next.content.chunks(width)).zip(next.area.rows());
    let changed: Vec<_> = rows.filter(|((shown, next), _)| shown != next).collect();
    let row = |area: Rect, cells: &[Cell]| Buffer { area, content: cells.to_vec() };
    let few = changed.len() * FEW <= usize::from(next.area.height);
    few.then(|| changed.into_iter().map(|((shown, next), area)| (row(area, shown), row(area, next))).collect())
}

/// Takes the terminal over: raw mode, alternate screen, pasted text as such.
///
/// # Errors
/// When there is no terminal.
pub fn enter(mouse: bool) -> io::Result<Terminal<Stdout>> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)?;
    set_mouse(mouse)?;
    Ok(Terminal::new(stdout(), size()))
}

/// Gives the terminal back as it was. Every step is tried, whatever the others did.
pub fn leave() {
    leave_screen();
    let _ = disable_raw_mode();
}

fn leave_screen() {
    let _ = execute!(stdout(), EndSynchronizedUpdate, DisableMouseCapture, DisableBracketedPaste);
    let _ = execute!(stdout(), LeaveAlternateScreen, cursor::Show);
}

/// Gives the screen to somebody else. With `raw`, keys go on to come one by one and not shown.
pub fn lend(raw: bool) {
    leave_screen();
    set_raw(raw);
}

/// Whether keys come one by one and not shown. A terminal that is gone is noticed by whoever reads it.
pub fn set_raw(raw: bool) {
    let _ = if raw { enable_raw_mode() } else { disable_raw_mode() };
}

/// Ends what a program may have left behind that somebody else ran on this terminal: an unfinished sequence, colours,
/// the alternate screen, mouse, paste and focus reports, the keyboard protocols of kitty and xterm, margins, character
/// sets, a hidden cursor.
const RESET: &[u8] = b"\x18\x1b\\\x1b[0m\x1b[!p\x1b[?69l\x1b[?6l\x1b[r\x1b[?1049l\x1b[?47l\x1b[r\
    \x1b[?9l\x1b[?1000l\x1b[?1001l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l\
    \x1b[?2004l\x1b[?2026l\x1b[<99u\x1b[=0u\x1b[>4;0m\x1b[?1l\x1b>\x1b[4l\x1b[?5l\x1b[?7h\
    \x0f\x1b(B\x1b)B\x1b[0 q\x1b[?25h";

/// Undoes what somebody else did to the terminal, and forgets the keys that were meant for them.
pub fn reset() {
    let _ = stdout().write_all(RESET).and_then(|()| stdout().flush());
    let _ = rustix::termios::tcflush(std::io::stdin(), rustix::termios::QueueSelector::IFlush);
}

/// Reports mouse events, or leaves the mouse to the terminal.
///
/// # Errors
/// When the terminal cannot be written.
pub fn set_mouse(on: bool) -> io::Result<()> {
    if on { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
}

/// The terminal's size; one that claims to have none is 80×24.
pub fn size() -> Rect {
    match crossterm::terminal::size() {
        Ok((width, height)) if width > 0 && height > 0 => Rect::new(0, 0, width, height),
        _ => Rect::new(0, 0, 80, 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Role;
    use proptest::prelude::*;
    use ratatui::style::Style;

    fn screen() -> impl Strategy<Value = Buffer> {
        prop::collection::vec("[ab日é]{0,5}", 4).prop_map(|rows| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 4));
            (0..).zip(&rows).for_each(|(y, row)| {
                buffer.set_stringn(0, y, row, 6, Style::new());
            });
            buffer
        })
    }

    /// A row as one reads it: nothing stands behind a wide character.
    fn row_of(buffer: &Buffer, y: u16) -> String {
        let (mut text, mut x) = (String::new(), 0);
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            text.push_str(symbol);
            x += super::super::canvas::width(symbol).max(1);
        }
        text.trim_end().to_owned()
    }

    proptest! {
        #[test]
        fn row_by_row_the_same_cells_differ(shown in screen(), row in "[ab日é]{0,5}", y in 0..4_u16) {
            let mut next = shown.clone();
            next.set_stringn(0, y, format!("{row:5}"), 6, Style::new());
            let rows = changed_rows(&shown, &next).unwrap();
            let found: Vec<_> = rows.iter().flat_map(|(shown, next)| shown.diff_iter(next)).collect();
            prop_assert_eq!(found, shown.diff(&next));
        }

        #[test]
        fn what_is_written_makes_the_screen(first in screen(), second in screen()) {
            let mut written = Vec::new();
            let mut terminal = Terminal::new(&mut written, first.area);
            for screen in [&first, &second] {
                terminal.next = screen.clone();
                terminal.write(None).unwrap();
                std::mem::swap(&mut terminal.shown, &mut terminal.next);
            }
            drop(terminal);
            let mut parser = vt100::Parser::new(4, 6, 0);
            parser.process(&written);
            let rows: Vec<String> = parser.screen().rows(0, 6).map(|row| row.trim_end().to_owned()).collect();
            let wanted: Vec<String> = (0..4).map(|y| row_of(&second, y)).collect();
            prop_assert_eq!(rows, wanted);
        }
    }

    #[test]
    fn a_frame_that_shows_nothing_new_writes_nothing() {
        let theme = Theme::default();
        let mut written = Vec::new();
        let mut terminal = Terminal::new(&mut written, Rect::new(0, 0, 20, 2));
        let mut draw = |text: &str| {
            terminal.draw(&theme, Time(0), |canvas| {
                canvas.text(canvas.area(), text, Role::Text);
            })
        };
        draw("one").unwrap();
        draw("one").unwrap();
        draw("two").unwrap();
        assert_eq!(terminal.frames(), 2);
    }
}
