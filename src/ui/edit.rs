//! `EditScreen`: the built-in editor, over an object's YAML.

use super::canvas::{Canvas, split_top};
use crate::config::Role;
use crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};
use tui_textarea::{CursorMove, DataCursor, TextArea};

/// A text being edited.
#[derive(Debug)]
pub struct EditScreen {
    /// The number by which the program knows what is edited.
    pub id: u64,
    /// The context that the object is in.
    pub context: String,
    /// What is edited.
    pub title: String,
    area: TextArea<'static>,
    before: String,
    flaw: Option<String>,
    top: usize,
    left: usize,
}

impl EditScreen {
    /// An editor for `text`.
    pub fn new(id: u64, context: &str, title: String, text: &str) -> Self {
        let mut screen = Self {
            id,
            context: context.to_owned(),
            title,
            area: TextArea::default(),
            before: String::new(),
            flaw: None,
            top: 0,
            left: 0,
        };
        screen.set(text);
        screen.before = screen.text();
        screen
    }

    /// Replaces the text; it counts as changed.
    pub fn set(&mut self, text: &str) {
        self.area = TextArea::new(text.lines().map(str::to_owned).collect());
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.area.lines().join("\n") + "\n"
    }

    /// Whether it is not what was opened.
    pub fn is_changed(&self) -> bool {
        self.text() != self.before
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.area.lines().len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Its lines.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// The line of the cursor, from 0.
    pub fn row(&self) -> usize {
        let DataCursor(row, _) = self.area.cursor();
        row
    }

    /// Says what is wrong, with the cursor on its line (from 1).
    pub fn complain(&mut self, line: Option<usize>, why: &str) {
        self.flaw = Some(line.map_or_else(|| why.to_owned(), |line| format!("line {line}: {why}")));
        if let Some(line) = line.and_then(|line| u16::try_from(line.saturating_sub(1)).ok()) {
            self.area.move_cursor(CursorMove::Jump(line, 0));
        }
    }

    /// Takes a key.
    pub fn press(&mut self, key: KeyEvent) {
        if self.area.input(key) {
            self.flaw = None;
        }
    }

    /// Inserts pasted text.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(text);
    }

    /// Draws the text with its cursor.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut body = area;
        if let Some(flaw) = &self.flaw {
            let (first, rest) = split_top(body);
            canvas.text(first, format!(" {flaw}"), Role::NoticeError);
            body = rest;
        }
        let DataCursor(row, column) = self.area.cursor();
        self.scroll((row, column), (usize::from(body.height).max(1), usize::from(body.width.saturating_sub(2)).max(1)));
        for (y, line) in (body.y..body.bottom()).zip(self.area.lines().iter().skip(self.top)) {
            let text: String = line.chars().skip(self.left).collect();
            canvas.text(Rect { x: body.x + 1, y, width: body.width.saturating_sub(1), height: 1 }, text, Role::Text);
        }
        let before: String =
            self.area.lines().get(row).map_or("", String::as_str).chars().take(column).skip(self.left).collect();
        let x = body.x + 1 + super::canvas::width(&before);
        let y = body.y + u16::try_from(row - self.top).unwrap_or_default();
        canvas.cursor =
            Some(Position::new(x.min(body.right().saturating_sub(1)), y.min(body.bottom().saturating_sub(1))));
    }

    /// Scrolls so that the cursor is visible.
    fn scroll(&mut self, (row, column): (usize, usize), (height, width): (usize, usize)) {
        self.top = self.top.clamp((row + 1).saturating_sub(height), row);
        self.left = self.left.clamp((column + 1).saturating_sub(width), column);
    }
}
