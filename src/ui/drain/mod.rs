//! `DrainScreen`: the plan of a drain, and once it was confirmed, how it goes; the summary stays.

mod lines;

use super::canvas::{Canvas, split_top};
use super::motion::{Motion, columns, moved};
use crate::config::Role;
use crate::kinds::Time;
use crate::model::Model;
use crate::model::drain::{DrainKey, DrainPage};
use ratatui::layout::Rect;

/// A drain on the screen.
#[derive(Debug)]
pub struct DrainScreen {
    /// What is drained, and how.
    pub key: DrainKey,
    top: usize,
    left: u16,
    height: usize,
}

impl DrainScreen {
    /// The drain of `key`, from its first pod on.
    pub fn new(key: DrainKey) -> Self {
        Self { key, top: 0, left: 0, height: 1 }
    }

    /// What is known of it.
    pub fn page<'a>(&self, model: &'a Model) -> Option<&'a DrainPage> {
        model.drains.get(&self.key)
    }

    /// Scrolls the pods.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        match motion {
            Motion::Left(by) => self.left = self.left.saturating_sub(columns(by)),
            Motion::Right(by) => self.left = self.left.saturating_add(columns(by)),
            motion => {
                let pods = self.page(model).and_then(|page| page.plan.as_ref()).map_or(0, |plan| plan.pods.len());
                let last = (pods + 1).saturating_sub(self.height).max(1);
                self.top = moved(motion, self.top, last, self.height);
            }
        }
    }

    /// Draws it.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let Some(page) = model.drains.get(&self.key) else { return };
        let mut rest = area;
        for (text, role) in lines::head(page, &self.key.options) {
            let (line, below) = split_top(rest);
            canvas.text(line, format!(" {text}"), role);
            rest = below;
        }
        let (pods, ticks) = lines::pods(page, canvas.now);
        rest = split_top(rest).1;
        self.height = usize::from(rest.height).max(1);
        self.top = self.top.min(pods.len().saturating_sub(self.height));
        for (text, role) in pods.iter().skip(self.top) {
            if rest.height == 0 {
                break;
            }
            let (line, below) = split_top(rest);
            let visible: String = text.chars().skip(usize::from(self.left)).collect();
            canvas.text(line, format!(" {visible}"), *role);
            rest = below;
        }
        if ticks {
            canvas.changes_at(Time(canvas.now.0 + 1));
        }
    }
}

/// What the title says beside the node.
pub fn title(screen: &DrainScreen, model: &Model) -> (String, Role) {
    match screen.page(model) {
        Some(page) if page.is_running() => ("running".to_owned(), Role::ToneBusy),
        Some(page) if page.end().is_some() => ("over".to_owned(), Role::Quiet),
        _ => ("plan: nothing was changed".to_owned(), Role::Quiet),
    }
}
