//! What each screen tells about itself: its keys, its context, what it shows, its title.

use super::bars::{draw_asked, draw_list_title, thousands};
use super::canvas::Canvas;
use super::chooser::ChooserScreen;
use super::drain::{self, DrainScreen};
use super::edit::EditScreen;
use super::forwards::ForwardsScreen;
use super::fresh;
use super::list::ListScreen;
use super::logs::LogScreen;
use super::motion::Motion;
use super::revisions::RevisionScreen;
use super::rollout::RolloutScreen;
use super::screen::View;
use super::search::Searched;
use super::text::{Source, TextScreen};
use crate::config::Role;
use crate::model::joins::topics;
use crate::model::{Model, Topic};
use ratatui::layout::Rect;

impl View for ListScreen {
    fn section(&self) -> &'static str {
        "list"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::List(self.key.clone()))
    }

    fn beside(&self) -> Vec<Topic> {
        self.joins()
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        draw_list_title(canvas, area, self, model);
    }
}

impl View for TextScreen {
    fn section(&self) -> &'static str {
        "text"
    }

    fn context(&self) -> &str {
        match &self.source {
            Source::Messages { context } | Source::Journal { context } | Source::Difference { context, .. } => context,
        }
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let title = match &self.source {
            Source::Messages { .. } => "messages".to_owned(),
            Source::Journal { .. } => "journal".to_owned(),
            Source::Difference { title, .. } => title.clone(),
        };
        let left = canvas.text(area, format!(" {title}"), Role::Title);
        let left = canvas.text(left, format!(" {} lines", thousands(self.len(model))), Role::Quiet);
        draw_asked(canvas, left, ("/", self.search().text()));
    }

    fn searched(&self) -> Option<&dyn Searched> {
        Some(self)
    }

    fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        Some(self)
    }
}

impl View for LogScreen {
    fn section(&self) -> &'static str {
        "logs"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Log(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let previous = if self.key.previous { " before the last restart" } else { "" };
        let left = canvas.text(area, format!(" logs of {}{previous}", self.key.of), Role::Title);
        let left = canvas.text(left, format!("{} ·{}", fresh::extent(&self.key), self.counts(model)), Role::Quiet);
        let left = draw_asked(canvas, left, ("&", self.filter()));
        draw_asked(canvas, left, ("/", self.search().text()));
    }

    fn searched(&self) -> Option<&dyn Searched> {
        Some(self)
    }

    fn searched_mut(&mut self) -> Option<&mut dyn Searched> {
        Some(self)
    }
}

impl View for EditScreen {
    fn section(&self) -> &'static str {
        "editor"
    }

    fn context(&self) -> &str {
        &self.context
    }

    fn step(&mut self, _motion: Motion, _model: &Model) {}

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, _model: &Model) {
        self.draw(canvas, area);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, _model: &Model) {
        let left = canvas.text(area, format!(" edit {}", self.title), Role::Title);
        let changed = if self.is_changed() { " · changed" } else { "" };
        canvas.text(left, format!(" {} lines{changed}", thousands(self.len())), Role::Quiet);
    }
}

impl View for DrainScreen {
    fn section(&self) -> &'static str {
        "drain"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Drain(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let left = canvas.text(area, format!(" drain of node {}", self.key.node), Role::Title);
        let (text, role) = drain::title(self, model);
        canvas.text(left, format!(" · {text}"), role);
    }
}

impl View for RolloutScreen {
    fn section(&self) -> &'static str {
        "rollout"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Progress(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let left = canvas.text(area, format!(" rollout of {} ", self.key), Role::Title);
        let (state, role) = self.state(model);
        canvas.text(left, state, role);
    }
}

impl View for RevisionScreen {
    fn section(&self) -> &'static str {
        "revisions"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::Revisions(self.key.clone()))
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let left = canvas.text(area, format!(" revisions of {}", self.key), Role::Title);
        canvas.text(left, format!(" {}", self.counts(model)), Role::Quiet);
    }
}

impl View for ForwardsScreen {
    fn section(&self) -> &'static str {
        "forwards"
    }

    fn context(&self) -> &str {
        &self.context
    }

    fn step(&mut self, motion: Motion, model: &Model) {
        self.step(motion, model);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let left = canvas.text(area, " port-forwards", Role::Title);
        canvas.text(left, format!(" {}", thousands(model.forwards.len())), Role::Quiet);
    }
}

impl View for ChooserScreen {
    fn section(&self) -> &'static str {
        "columns"
    }

    fn context(&self) -> &str {
        &self.key.context
    }

    fn topic(&self) -> Option<Topic> {
        Some(Topic::List(self.key.clone()))
    }

    fn beside(&self) -> Vec<Topic> {
        topics(&self.key, self.shown().into_iter())
    }

    fn step(&mut self, motion: Motion, _: &Model) {
        self.step(motion);
    }

    fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.draw(canvas, area, model);
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect, _: &Model) {
        let left = canvas.text(area, format!(" columns of {}", self.key.kind.names().plural), Role::Title);
        canvas.text(left, format!(" {} of {}", self.shown().len(), self.columns.len()), Role::Quiet);
    }
}
