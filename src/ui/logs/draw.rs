//! Drawing logs: from the bottom up, so that the newest line is there whole. Only what is visible is looked at.

use super::super::canvas::Canvas;
use super::super::text::{Fold, StyledLine};
use super::LogScreen;
use crate::config::Role;
use crate::model::logs::LogBuffer;
use crate::model::{Model, Notice};
use ratatui::layout::Rect;

impl LogScreen {
    /// Draws the logs as they were when they were last brought up to date.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.height = usize::from(area.height).max(1);
        let Some(page) = self.page(model) else { return };
        let buffer = &page.buffer;
        if self.count(buffer) == 0 {
            let text = match &page.failure {
                _ if !buffer.is_empty() => "no line passes the filter".to_owned(),
                Some(failure) => Notice::line(failure),
                None => "waiting for lines …".to_owned(),
            };
            canvas.text(area, format!(" {text}"), Role::Quiet);
            return;
        }
        let fold = if self.look.wrap { Fold::Wrapped } else { Fold::Scrolled(self.left) };
        let (lines, skip) = self.visible(buffer, (area, fold), canvas);
        let selection = self.selection();
        let mut rest = area;
        for (index, (number, line)) in lines.iter().rev().enumerate() {
            let drawn = line.draw(canvas, rest, (fold, if index == 0 { skip } else { 0 }));
            if selection.as_ref().is_some_and(|lines| lines.contains(number)) {
                canvas.paint(Rect { height: drawn, ..rest }, Role::Cursor);
            }
            rest = Rect { y: rest.y + drawn, height: rest.height.saturating_sub(drawn), ..rest };
        }
    }

    /// The lines that fit above `bottom`, the lowest first, and how many rows of the highest do not.
    fn visible(
        &self,
        buffer: &LogBuffer,
        (area, fold): (Rect, Fold),
        canvas: &Canvas<'_>,
    ) -> (Vec<(u64, StyledLine)>, usize) {
        let mut rows = 0;
        let mut lines = Vec::new();
        for line in self.lines(buffer.first_number()..self.bottom + 1, buffer).rev() {
            let styled = self.line(&line, buffer, (area, canvas));
            rows += styled.rows(area.width, fold);
            lines.push((line.number, styled));
            if rows >= usize::from(area.height) {
                break;
            }
        }
        (lines, rows.saturating_sub(usize::from(area.height)))
    }
}
