//! `Line`: one line of text being typed, with the usual editing keys.

use super::super::canvas::{Canvas, width};
use crate::config::Role;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};
use tui_textarea::{CursorMove, TextArea};

/// A line being typed.
#[derive(Debug, Clone)]
pub struct Line {
    area: TextArea<'static>,
}

impl Line {
    /// A line that holds `text`, with the cursor at its end.
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(vec![one_line(text)]);
        area.move_cursor(CursorMove::End);
        Self { area }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Replaces everything.
    pub fn set(&mut self, text: &str) {
        *self = Self::new(text);
    }

    /// Takes a key; tells whether the text changed. Keys that would make a second line do nothing.
    pub fn press(&mut self, key: KeyEvent) -> bool {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter | KeyCode::Tab => false,
            KeyCode::Char('m' | 'j') if control => false,
            KeyCode::Char('u') if control => self.area.delete_line_by_head(),
            _ => self.area.input(key),
        }
    }

    /// Inserts pasted text; its line feeds are only spaces.
    pub fn paste(&mut self, text: &str) {
        self.area.insert_str(one_line(text));
    }

    /// Draws the line behind `label`, scrolled so that the cursor is visible, and puts the terminal's cursor there.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, label: &str) -> Rect {
        let rest = canvas.text(area, label, Role::Key);
        let before: String = self.text().chars().take(self.area.cursor().1).collect();
        let skipped = skip_to_fit(&before, rest.width.saturating_sub(1));
        let visible: String = self.text().chars().skip(skipped).collect();
        let left = canvas.text(rest, visible, Role::Prompt);
        let x = rest.x + width(&before.chars().skip(skipped).collect::<String>());
        canvas.cursor = Some(Position::new(x.min(area.right().saturating_sub(1)), area.y));
        left
    }
}

/// How many characters at the left of `text` are left out so that the rest is at most `room` wide.
fn skip_to_fit(text: &str, room: u16) -> usize {
    let mut skipped = 0;
    let mut rest = text;
    while width(rest) > room {
        let mut chars = rest.chars();
        chars.next();
        rest = chars.as_str();
        skipped += 1;
    }
    skipped
}

/// `text` without line feeds.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(line: &mut Line, code: KeyCode, modifiers: KeyModifiers) {
        line.press(KeyEvent::new(code, modifiers));
    }

    #[test]
    fn a_line_stays_one_line() {
        let mut line = Line::new("ab");
        press(&mut line, KeyCode::Enter, KeyModifiers::NONE);
        press(&mut line, KeyCode::Char('j'), KeyModifiers::CONTROL);
        line.paste("c\nd\r\ne");
        assert_eq!(line.text(), "abc d e");
    }

    #[test]
    fn the_usual_keys_edit() {
        let mut line = Line::new("shop web");
        press(&mut line, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(line.text(), "shop ");
        press(&mut line, KeyCode::Char('a'), KeyModifiers::CONTROL);
        press(&mut line, KeyCode::Char('x'), KeyModifiers::NONE);
        assert_eq!(line.text(), "xshop ");
        press(&mut line, KeyCode::End, KeyModifiers::NONE);
        press(&mut line, KeyCode::Char('u'), KeyModifiers::CONTROL);
        assert_eq!(line.text(), "");
    }
}
