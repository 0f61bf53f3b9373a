//! How the fields of a kind are drawn: the tree, and beside or below it what is said of the field under the cursor.

use super::ExplainScreen;
use crate::config::Role;
use crate::kinds::schema::outline::{Field, Outline};
use crate::kinds::schema::text::{description, values};
use crate::kinds::schema::wrap;
use crate::model::Model;
use crate::ui::canvas::Canvas;
use crate::ui::motion::scrolled;
use crate::ui::text::{Fold, StyledLine};
use ratatui::layout::Rect;

/// From so many columns on, tree and text stand side by side.
const WIDE: u16 = 100;

impl ExplainScreen {
    /// Draws the tree and the text.
    pub(super) fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let Some(page) = self.page(model) else { return };
        if let Some(notice) = &page.failure {
            canvas.text(area, format!(" {}", notice.line()), Role::NoticeError);
            return;
        }
        if page.explained.is_none() {
            canvas.text(area, " loading …", Role::Quiet);
            return;
        }
        let (tree, text) = if area.width >= WIDE {
            let half = area.width / 2;
            (Rect { width: half, ..area }, Rect { x: area.x + half + 1, width: area.width - half - 1, ..area })
        } else {
            let below = area.height / 3;
            let top = area.height - below;
            (Rect { height: top, ..area }, Rect { y: area.y + top, height: below, ..area })
        };
        self.draw_tree(canvas, tree, &page.outline);
        self.draw_text(canvas, text, model);
    }

    fn draw_tree(&mut self, canvas: &mut Canvas<'_>, area: Rect, outline: &Outline) {
        self.height = usize::from(area.height).max(1);
        let row = self.row();
        self.top = scrolled(row, self.top, self.rows.len(), self.height);
        for (y, (at, line)) in (area.y..area.bottom()).zip(self.rows.iter().enumerate().skip(self.top)) {
            let place = Rect { y, height: 1, ..area };
            self.line(*line, outline, canvas).draw(canvas, place, (Fold::Scrolled(0), 0));
            if at == row {
                canvas.paint(place, Role::Cursor);
            }
        }
    }

    /// A line of the tree.
    fn line(&self, line: usize, outline: &Outline, canvas: &Canvas<'_>) -> StyledLine {
        let mut styled = StyledLine::default();
        let Some((at, field)) = line.checked_sub(1).and_then(|at| Some((at, outline.field(at)?))) else {
            styled
                .push(&format!(" {}", self.key.asked.split('.').next().unwrap_or_default()), canvas.style(Role::Title));
            return styled;
        };
        let Field { name, type_name, required, depth, .. } = field;
        let sign = match (outline.has_fields(at), self.open.contains(&line)) {
            (true, true) => "▾ ",
            (true, false) => "▸ ",
            (false, _) => "  ",
        };
        styled.push(&format!(" {}{sign}", "  ".repeat(*depth)), canvas.style(Role::Quiet));
        let from = styled.push(name, canvas.style(Role::YamlKey)).start;
        self.search.mark(&mut styled, from, canvas.style(Role::Match));
        styled.push(&format!(" <{type_name}>"), canvas.style(Role::YamlString));
        if *required {
            styled.push(" -required-", canvas.style(Role::ToneWarn));
        }
        styled
    }

    /// What is said of the field under the cursor.
    fn draw_text(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let Some((explained, schema)) = self.schema(model) else { return };
        let mut lines = vec![(self.asked(model), Role::Title)];
        let all: Vec<String> = values(schema).collect();
        if !all.is_empty() {
            lines.push((format!("one of: {}", all.join(", ")), Role::YamlNumber));
        }
        lines.push((String::new(), Role::Text));
        let said = description(&explained.document, schema);
        let said = if said.is_empty() { "the server says nothing of it" } else { &said };
        let wrapped = wrap::wrap(said, usize::from(area.width.saturating_sub(2)).max(10));
        lines.extend(wrapped.lines().map(|line| (line.to_owned(), Role::Text)));
        let is_long = lines.len() > usize::from(area.height);
        canvas.lines(area, lines);
        if is_long && area.height > 0 {
            let last = Rect { y: area.bottom() - 1, height: 1, ..area };
            canvas.clear(last);
            canvas.text(last, "… copy takes all of it", Role::Quiet);
        }
    }
}
