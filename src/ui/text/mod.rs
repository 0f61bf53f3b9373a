//! `TextScreen`: a text with scrolling and search: what was said, what was done, a difference.

mod line;

pub use line::{Fold, StyledLine, folded};

use super::canvas::Canvas;
use super::motion::{Motion, columns, moved};
use super::search::{Search, Searched};
use crate::config::Role;
use crate::kinds::time::human_duration;
use crate::model::Model;
use crate::model::diff::DiffLine;
use crate::model::journal::State;
use crate::model::logs::{Direction, Needle};
use crate::model::notice::Weight;
use ratatui::layout::Rect;

/// What a text screen shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// What was said to the user; `context` is the one that was looked at.
    Messages {
        /// The context that was looked at.
        context: String,
    },
    /// How two texts differ.
    Difference {
        /// The context that it is about.
        context: String,
        /// Which two.
        title: String,
        /// Its lines.
        lines: Vec<DiffLine>,
    },
    /// What was done; `context` is the one that was looked at.
    Journal {
        /// The context that was looked at.
        context: String,
    },
}

impl Source {
    /// What it is, in one word that can be part of a file's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Messages { .. } => "messages",
            Self::Journal { .. } => "journal",
            Self::Difference { .. } => "difference",
        }
    }
}

/// A text on the screen.
#[derive(Debug)]
pub struct TextScreen {
    /// What it shows.
    pub source: Source,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    search: Search,
    top: usize,
    left: u16,
    height: usize,
}

impl TextScreen {
    /// The text of `source`, from its first line on.
    pub fn new(source: Source) -> Self {
        Self { source, wrap: false, search: Search::default(), top: 0, left: 0, height: 1 }
    }

    /// Scrolls.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        match motion {
            Motion::Left(by) => self.left = self.left.saturating_sub(columns(by)),
            Motion::Right(by) => self.left = self.left.saturating_add(columns(by)),
            motion => {
                let len = self.len(model);
                let last = (len + 1).saturating_sub(self.height).max(1);
                self.top = moved(motion, self.top, last, self.height);
            }
        }
    }

    /// How many lines there are.
    pub fn len(&self, model: &Model) -> usize {
        match &self.source {
            Source::Messages { .. } => model.notices.history().count(),
            Source::Journal { .. } => model.journal.entries().count(),
            Source::Difference { lines, .. } => lines.len(),
        }
    }

    /// A line of what was said or done.
    fn told(&self, model: &Model, number: usize) -> Option<(String, Role)> {
        match &self.source {
            Source::Messages { .. } => message_line(model, number),
            Source::Journal { .. } => journal_line(model, number),
            Source::Difference { lines, .. } => {
                lines.get(number).map(|line| (format!(" {}", line.text()), of_diff(line)))
            }
        }
    }

    /// The whole text, for the clipboard.
    pub fn text(&self, model: &Model) -> String {
        (0..self.len(model)).filter_map(|at| self.told(model, at)).map(|(line, _)| line + "\n").collect()
    }

    /// Draws the text.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.height = usize::from(area.height).max(1);
        let len = self.len(model);
        self.top = self.top.min(len.saturating_sub(1));
        let mut body = area;
        if len == 0 {
            let empty = match self.source {
                Source::Messages { .. } => " nothing was said yet",
                Source::Journal { .. } => " nothing was done yet",
                Source::Difference { .. } => " they are the same",
            };
            canvas.text(body, empty, Role::Quiet);
        }
        let fold = if self.wrap { Fold::Wrapped } else { Fold::Scrolled(self.left) };
        for number in self.top..len {
            if body.height == 0 {
                break;
            }
            let drawn = self.line(number, canvas, model).draw(canvas, body, (fold, 0));
            body = Rect { y: body.y + drawn, height: body.height.saturating_sub(drawn), ..body };
        }
    }

    /// A line with its colours and what was found in it.
    fn line(&self, number: usize, canvas: &Canvas<'_>, model: &Model) -> StyledLine {
        let mut line = StyledLine::default();
        let Some((text, role)) = self.told(model, number) else { return line };
        line.push(&text, canvas.style(role));
        self.search.mark(&mut line, 0, canvas.style(Role::Match));
        line
    }
}

impl Searched for TextScreen {
    fn search(&self) -> &Search {
        &self.search
    }

    fn search_mut(&mut self) -> &mut Search {
        &mut self.search
    }

    fn begin(&self) -> (u64, Direction) {
        (self.top as u64, Direction::Forward)
    }

    fn find(&self, needle: &Needle, from: u64, direction: Direction, model: &Model) -> Option<u64> {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let hits = |at: &usize| self.told(model, *at).is_some_and(|line| needle.find(line.0.as_bytes()).is_some());
        direction.nearest(from, self.len(model), hits).map(|line| line as u64)
    }

    fn show(&mut self, line: u64, _: &Model) {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        if !(self.top..self.top + self.height).contains(&line) {
            self.top = line.saturating_sub(self.height / 3);
        }
    }
}

/// Something that was said: how long ago, and what.
fn message_line(model: &Model, number: usize) -> Option<(String, Role)> {
    let (time, notice) = model.notices.history().nth(number)?;
    let role = match notice.weight {
        Weight::Info => Role::NoticeInfo,
        Weight::Warning => Role::NoticeWarn,
        Weight::Error => Role::NoticeError,
    };
    Some((format!(" {:>6} ago  {}", human_duration(model.now().seconds_since(*time)), notice.line()), role))
}

/// Something that was done.
fn journal_line(model: &Model, number: usize) -> Option<(String, Role)> {
    let entry = model.journal.entries().nth(number)?;
    let role = if matches!(entry.state, State::Failed(_)) { Role::NoticeError } else { Role::Text };
    Some((format!(" {:>3}  {}", entry.id, entry.line()), role))
}

/// The role of a line of a difference.
fn of_diff(line: &DiffLine) -> Role {
    match line {
        DiffLine::Added(_) => Role::DiffAdd,
        DiffLine::Removed(_) => Role::DiffRemove,
        DiffLine::Same(_) => Role::Text,
        DiffLine::Gap => Role::Quiet,
    }
}
