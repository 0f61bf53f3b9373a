//! How an object is drawn: only the lines that are visible are looked at.

use super::YamlScreen;
use crate::config::Role;
use crate::kinds::Time;
use crate::kinds::time::human_duration;
use crate::kinds::way::json_path;
use crate::model::Model;
use crate::model::document::Class;
use crate::model::document::managers::Manager;
use crate::ui::canvas::{Canvas, age_changes_in, split_bottom};
use crate::ui::motion::scrolled;
use crate::ui::text::{Fold, StyledLine};
use ratatui::layout::Rect;

/// Columns of the signs for what changed and what is folded.
const SIGNS: u16 = 2;
/// Columns of who set a line, where there is room.
const MANAGERS: u16 = 36;
/// The longest part of a line that is drawn, in bytes: a config map may hold a megabyte in one.
const LONGEST: usize = 64 << 10;

impl YamlScreen {
    /// Draws the lines, and below them what is to be said of the one under the cursor.
    pub(super) fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let Some(body) = self.draw_state(canvas, area, model) else { return };
        let (body, detail) = split_bottom(body);
        self.height = usize::from(body.height).max(1);
        self.draw_detail(canvas, detail, model);
        let beside = if self.look.managers { MANAGERS.min(body.width / 3) } else { 0 };
        let columns = body.width.saturating_sub(SIGNS + beside);
        self.scroll(canvas, columns);
        if self.changed.1 > canvas.now && !self.changed.0.is_empty() {
            canvas.changes_at(self.changed.1);
        }
        let mut left = body;
        for row in self.top..self.folds.len() {
            let Some(line) = self.folds.line(row).filter(|_| left.height > 0) else { break };
            let drawn = self.draw_line(canvas, left, (line, beside));
            if line == self.folds.line(self.folds.row(self.cursor)).unwrap_or_default() {
                canvas.paint(Rect { height: drawn.min(left.height), ..left }, Role::Cursor);
            }
            left = Rect { y: left.y + drawn, height: left.height.saturating_sub(drawn), ..left };
        }
    }

    /// Says why there is nothing, or why it may be old; the area that is left, unless nothing is.
    fn draw_state(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) -> Option<Rect> {
        let page = self.page(model);
        let failure = page.and_then(|page| page.failure.as_ref());
        if let Some(notice) = failure {
            canvas.text(area, format!(" {}", notice.line()), Role::NoticeError);
            return Some(Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area });
        }
        if self.is_empty() {
            let gone = page.is_some_and(|page| page.gone && page.object.is_none());
            let text = match page {
                _ if gone => " it is not there",
                Some(page) if page.object.is_some() && self.look.applied => " it keeps no manifest that was applied",
                _ => " loading …",
            };
            canvas.text(area, text, Role::Quiet);
            return None;
        }
        Some(area)
    }

    /// Scrolls so that the cursor is visible.
    fn scroll(&mut self, canvas: &Canvas<'_>, columns: u16) {
        let row = self.folds.row(self.cursor);
        self.top = scrolled(row, self.top, self.folds.len(), self.height);
        if !self.wrap {
            return;
        }
        let rows =
            |row: usize| self.folds.line(row).map_or(1, |line| self.line(line, canvas).rows(columns, Fold::Wrapped));
        let mut used = 0;
        let first = (self.top..=row).rev().take_while(|row| {
            used += rows(*row);
            used <= self.height
        });
        self.top = first.last().unwrap_or(row);
    }

    /// Draws a line with its signs; returns how many rows it took.
    fn draw_line(&self, canvas: &mut Canvas<'_>, area: Rect, (line, beside): (usize, u16)) -> u16 {
        let is_new = self.changed.1 > canvas.now && self.changed.0.binary_search(&line).is_ok();
        let hidden = self.folds.hidden(&self.document, line);
        let signs =
            canvas.text(Rect { width: area.width.min(1), ..area }, if is_new { "▎" } else { " " }, Role::ToneWarn);
        canvas.text(
            Rect { x: signs.x, width: area.width.min(SIGNS) - area.width.min(1), ..area },
            if hidden > 0 { "▸" } else { " " },
            Role::Quiet,
        );
        let inside = Rect { x: area.x + area.width.min(SIGNS), width: area.width.saturating_sub(SIGNS), ..area };
        let text = Rect { x: inside.x + beside, width: inside.width.saturating_sub(beside), ..inside };
        if beside > 0 {
            self.draw_manager(canvas, Rect { width: beside.saturating_sub(1), height: 1, ..inside }, line);
        }
        let mut styled = self.line(line, canvas);
        if hidden > 0 {
            let lines = if hidden == 1 { "line" } else { "lines" };
            styled.push(&format!(" … {hidden} {lines}"), canvas.style(Role::YamlComment));
        }
        let fold = if self.wrap { Fold::Wrapped } else { Fold::Scrolled(self.left) };
        styled.draw(canvas, text, (fold, 0)).max(1)
    }

    /// A line with its colours and what was found in it.
    fn line(&self, number: usize, canvas: &Canvas<'_>) -> StyledLine {
        let mut styled = StyledLine::default();
        let line = self.document.line(number).unwrap_or_default();
        let end = (0..=LONGEST.min(line.len())).rev().find(|end| line.is_char_boundary(*end)).unwrap_or_default();
        styled.push(line.get(..end).unwrap_or_default(), canvas.style(Role::Text));
        if end < line.len() {
            styled.push(&format!(" … {} bytes more", line.len() - end), canvas.style(Role::YamlComment));
        } else if styled.text().len() == line.len() {
            for (range, class) in self.document.highlight(number) {
                styled.mark(range, canvas.style(role(class)));
            }
        }
        self.search.mark(&mut styled, 0, canvas.style(Role::Match));
        styled
    }

    /// Who set a line last.
    fn draw_manager(&self, canvas: &mut Canvas<'_>, area: Rect, line: usize) {
        let all = self.managers.of_node(self.document.tree(), self.document.node(line));
        if let Some(manager) = all.first() {
            let text = told(manager, canvas);
            canvas.text(area, text, Role::Quiet);
        }
    }

    /// What is to be said of the line under the cursor: its way, where enter leads, who set it.
    fn draw_detail(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let mut left = canvas.text(area, format!(" {}", json_path(&self.path())), Role::Key);
        if let Some(to) = self.reference(model) {
            let place = if to.namespace.is_empty() { String::new() } else { format!("{}/", to.namespace) };
            let text = format!(" · enter → {} {place}{}", to.kind.to_lowercase(), to.name);
            left = canvas.text(left, text, Role::Text);
        }
        let all = self.managers.of_node(self.document.tree(), self.node());
        for (nth, manager) in all.into_iter().enumerate() {
            let before = if nth == 0 { " · set by " } else { ", " };
            let text = format!("{before}{}", told(manager, canvas));
            left = canvas.text(left, text, Role::Quiet);
        }
        if self.look.managers && self.managers.is_empty() {
            canvas.text(left, " · nobody is known who set anything", Role::Quiet);
        }
    }
}

/// `kubectl Update/scale 5m`
fn told(manager: &Manager, canvas: &mut Canvas<'_>) -> String {
    let Manager { name, operation, subresource, time } = manager;
    let part = if subresource.is_empty() { String::new() } else { format!("/{subresource}") };
    let age = time.map_or_else(String::new, |time| {
        let seconds = canvas.now.seconds_since(time);
        canvas.changes_at(Time(canvas.now.0 + age_changes_in(seconds)));
        human_duration(seconds)
    });
    format!("{name} {operation}{part} {age}")
}

/// The role of a part of a line.
fn role(class: Class) -> Role {
    match class {
        Class::Key => Role::YamlKey,
        Class::Text => Role::YamlString,
        Class::Number | Class::Word => Role::YamlNumber,
        Class::Punctuation => Role::Quiet,
        Class::Masked | Class::Comment => Role::YamlComment,
    }
}
