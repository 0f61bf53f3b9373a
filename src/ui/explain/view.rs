//! What the screen of a kind's fields tells about itself: its keys, its question, its title.

use super::ExplainScreen;
use crate::config::Role;
use crate::model::{Model, Topic};
use crate::ui::bars::{draw_asked, thousands};
use crate::ui::canvas::Canvas;
use crate::ui::motion::Motion;
use crate::ui::screen::View;
use crate::ui::search::Searched;
use ratatui::layout::Rect;

impl View for ExplainScreen {
    fn section(&self) -> &'static str {
        "explain"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Explain(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let left = canvas.text(area, format!(" explain {}", self.asked(model)), Role::Title);
        let outline = self.page(model).map(|page| &page.outline).filter(|outline| !outline.is_empty());
        let more = if outline.is_some_and(|outline| outline.is_cut) { " and more" } else { "" };
        let count = outline.map_or_else(String::new, |all| format!(" {}{more} fields", thousands(all.len())));
        let left = canvas.text(left, count, Role::Quiet);
        draw_asked(canvas, left, ("/", Searched::search(self).text()));
    }

    fn searched(&self) -> Option<&dyn Searched> {
        Some(self)
    }

    fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        Some(self)
    }
}
