//! What the screen of an object tells about itself: its keys, its object, its title.

use super::YamlScreen;
use crate::config::Role;
use crate::model::document::Format;
use crate::model::{Model, Topic};
use crate::ui::bars::{draw_asked, thousands};
use crate::ui::canvas::Canvas;
use crate::ui::motion::Motion;
use crate::ui::screen::View;
use crate::ui::search::Searched;
use ratatui::layout::Rect;

impl View for YamlScreen {
    fn section(&self) -> &'static str {
        "yaml"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Object(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, _: &Model) {
        self.step(motion);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let what = if self.look.applied { "last applied manifest" } else { self.format() };
        let left = canvas.text(area, format!(" {what} of {}", self.key), Role::Title);
        let mut left = canvas.text(left, format!(" {} lines", thousands(self.len())), Role::Quiet);
        if self.look.raw && !self.look.applied {
            left = canvas.text(left, " · with managed fields", Role::Quiet);
        }
        if self.page(model).is_some_and(|page| page.gone && page.object.is_some()) {
            left = canvas.text(left, " · deleted: this is what it was", Role::NoticeWarn);
        }
        if let Some((_, until)) = &self.reveal {
            canvas.changes_at(*until);
            left = canvas.text(left, " · secret values are shown", Role::NoticeWarn);
        }
        draw_asked(canvas, left, ("/", Searched::search(self).text()));
    }

    fn searched(&self) -> Option<&dyn Searched> {
        Some(self)
    }

    fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        Some(self)
    }
}

impl YamlScreen {
    /// How the object is written, as kubectl's `-o` calls it.
    pub fn format(&self) -> &'static str {
        match self.look.format {
            Format::Yaml => "yaml",
            Format::Json => "json",
        }
    }
}
