//! `Canvas`: the only way to put text on the screen. It takes `SafeText`, clips, and remembers when what it drew
//! will look different by the clock alone.

use crate::config::{Role, Theme};
use crate::kinds::time::age_unit;
use crate::kinds::{Cell, Time, Value};
use crate::text::SafeText;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// A frame being drawn.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
    /// The moment that the frame shows.
    pub now: Time,
    /// Where the terminal's cursor stands, if it is shown.
    pub cursor: Option<Position>,
    next_change: Option<Time>,
}

impl<'a> Canvas<'a> {
    /// A canvas over `buffer`.
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme, now: Time) -> Self {
        Self { buffer, theme, now, cursor: None, next_change: None }
    }

    /// The whole screen.
    pub fn area(&self) -> Rect {
        self.buffer.area
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Draws `text` at the left of the first line of `area`; returns the area that is left of it.
    pub fn text<'t>(&mut self, area: Rect, text: impl Into<SafeText<'t>>, role: Role) -> Rect {
        let style = self.theme.style(role);
        self.styled(area, text, style)
    }

    /// Draws `text` at the left of the first line of `area` in a style of its own.
    pub fn styled<'t>(&mut self, area: Rect, text: impl Into<SafeText<'t>>, style: Style) -> Rect {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() {
            return area;
        }
        let text = text.into();
        let x = if text.as_str().is_ascii() {
            self.ascii(area, text.as_str(), style)
        } else {
            self.buffer.set_stringn(area.x, area.y, text.as_str(), usize::from(area.width), style).0
        };
        Rect { x, width: area.right().saturating_sub(x), ..area }
    }

    /// Draws safe ASCII, which most of a screen is; returns where it ends. Each byte takes one column, so that nothing has
    /// to be found out about graphemes and widths.
    fn ascii(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        let first = self.buffer.index_of(area.x, area.y);
        let cells = self.buffer.content.iter_mut().skip(first).take(area.width.into());
        for (cell, letter) in cells.zip(text.chars()) {
            cell.set_char(letter).set_style(style);
        }
        area.x + width(text).min(area.width)
    }

    /// Draws lines one below the other, as many as `area` has room for.
    pub fn lines<'t, T: Into<SafeText<'t>>>(&mut self, area: Rect, lines: impl IntoIterator<Item = (T, Role)>) {
        for (y, (line, role)) in (area.y..area.bottom()).zip(lines) {
            self.text(Rect { y, height: 1, ..area }, line, role);
        }
    }

    /// Draws `text` at the right of the first line of `area`; returns the area that is left of it.
    pub fn right<'t>(&mut self, area: Rect, text: impl Into<SafeText<'t>>, role: Role) -> Rect {
        let text = text.into();
        let width = width(text.as_str()).min(area.width);
        self.text(Rect { x: area.right() - width, width, ..area }, &text, role);
        Rect { width: area.width - width, ..area }
    }

    /// Lays the style of a role over what is drawn in `area`.
    pub fn paint(&mut self, area: Rect, role: Role) {
        let style = self.theme.style(role);
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    /// Empties `area`.
    pub fn clear(&mut self, area: Rect) {
        for position in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(position) {
                cell.reset();
            }
        }
    }

    /// Draws a widget of ratatui.
    pub fn widget(&mut self, area: Rect, widget: impl ratatui::widgets::Widget) {
        widget.render(area.intersection(self.buffer.area), self.buffer);
    }

    /// Says that what was drawn will look different at `time`.
    pub fn changes_at(&mut self, time: Time) {
        self.next_change = Some(self.next_change.map_or(time, |known| known.min(time)));
    }

    /// The text of a cell; an age will read differently some time.
    pub fn show(&mut self, cell: &Cell) -> String {
        if let Value::Since(Some(time)) | Value::Restarts(_, Some(time)) = &cell.value {
            let seconds = self.now.seconds_since(*time);
            self.changes_at(Time(self.now.0 + age_changes_in(seconds)));
        }
        cell.show(self.now)
    }

    /// When the frame will look different by the clock alone.
    pub fn next_change(&self) -> Option<Time> {
        self.next_change
    }
}

/// Columns that a text takes on the screen.
pub fn width(text: &str) -> u16 {
    let width = if text.is_ascii() { text.len() } else { text.width() };
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// The first line of `area`, and the rest.
pub fn split_top(area: Rect) -> (Rect, Rect) {
    let height = area.height.min(1);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// The rest of `area`, and its last line.
pub fn split_bottom(area: Rect) -> (Rect, Rect) {
    let height = area.height.min(1);
    let rest = area.height - height;
    (Rect { height: rest, ..area }, Rect { y: area.y + rest, height, ..area })
}

/// When the age of a moment, `seconds` old, reads differently: in how many seconds.
pub fn age_changes_in(seconds: i64) -> i64 {
    let unit = age_unit(seconds);
    unit - seconds.rem_euclid(unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::time::human_duration;
    use proptest::prelude::*;

    #[test]
    fn ages_are_drawn_again_exactly_when_they_read_differently() {
        let mut now = 0;
        while now < 900_000 {
            let next = now + age_changes_in(now);
            assert_eq!(human_duration(now), human_duration(next - 1), "an age of {now} seconds is drawn too late");
            now = next;
        }
    }

    proptest! {
        #[test]
        fn text_is_drawn_as_ratatui_draws_it(text in "[ -~é日\\t]{0,12}", x in 0..12_u16, room in 0..12_u16) {
            let (whole, theme, style) = (Rect::new(0, 0, 10, 2), Theme::default(), Style::new().bold());
            let mut drawn = Buffer::filled(whole, ratatui::buffer::Cell::new("x"));
            let mut expected = drawn.clone();
            let left = Canvas::new(&mut drawn, &theme, Time(0)).styled(Rect::new(x, 1, room, 1), &*text, style);
            let area = Rect::new(x, 1, room, 1).intersection(whole);
            if !area.is_empty() {
                let end = expected.set_stringn(area.x, area.y, crate::text::safe(&text), area.width.into(), style);
                prop_assert_eq!(left.x, end.0);
            }
            prop_assert_eq!(drawn, expected);
        }
    }
}
