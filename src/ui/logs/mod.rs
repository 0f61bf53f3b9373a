//! `LogScreen`: logs, following what is written or standing still where one reads.

use super::canvas::Canvas;
use super::motion::{Motion, columns};
use super::text::{Fold, StyledLine};
use crate::config::Role;
use crate::kinds::logs::{LineKind, SourceId};
use crate::model::logs::ansi::{self, Colour, Sgr};
use crate::model::logs::{Direction, LineRef, LogBuffer, Needle};
use crate::model::{LogKey, LogPage, Model};
use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Logs on the screen.
#[derive(Debug)]
pub struct LogScreen {
    /// Whose.
    pub key: LogKey,
    /// Whether the newest line is always shown.
    pub follow: bool,
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Whether the time of each line is shown.
    pub timestamps: bool,
    needle: Option<Needle>,
    searched: String,
    found: Option<u64>,
    /// The number of the last visible line when not following, else of the newest.
    bottom: u64,
    left: u16,
    height: u64,
}

impl LogScreen {
    /// The logs of `key`, followed.
    pub fn new(key: LogKey) -> Self {
        Self {
            key,
            follow: true,
            wrap: false,
            timestamps: false,
            needle: None,
            searched: String::new(),
            found: None,
            bottom: 0,
            left: 0,
            height: 1,
        }
    }

    /// Other logs, shown in the same way.
    #[must_use]
    pub fn of(&self, key: LogKey) -> Self {
        Self { wrap: self.wrap, timestamps: self.timestamps, ..Self::new(key) }
    }

    /// What is searched for, `""` when nothing is.
    pub fn searched(&self) -> &str {
        &self.searched
    }

    /// Searches for `text` backwards from the last visible line, as one reads logs; `""` ends the search.
    pub fn search(&mut self, text: &str, model: &Model) -> bool {
        text.clone_into(&mut self.searched);
        self.needle = Needle::new(text);
        self.found = None;
        self.needle.is_none() || self.go_to(self.bottom, Direction::Backward, model)
    }

    /// Goes to the next or previous line that matches; tells whether there is one.
    pub fn next_match(&mut self, direction: Direction, model: &Model) -> bool {
        let at = self.found.unwrap_or(self.bottom);
        match direction {
            Direction::Forward => self.go_to(at + 1, direction, model),
            Direction::Backward => at > 0 && self.go_to(at - 1, direction, model),
        }
    }

    fn go_to(&mut self, from: u64, direction: Direction, model: &Model) -> bool {
        let (Some(needle), Some(buffer)) = (&self.needle, self.buffer(model)) else { return false };
        let found = buffer.find(needle, from, direction);
        if let Some(line) = found {
            self.found = found;
            self.follow = false;
            let visible = (self.bottom + 1).saturating_sub(self.height)..=self.bottom;
            if !visible.contains(&line) {
                self.bottom = (line + self.height / 2).min(buffer.end_number().saturating_sub(1));
            }
        }
        found.is_some()
    }

    /// Scrolls; at the end it follows again.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        let Some(buffer) = self.buffer(model) else { return };
        let (first, end) = (buffer.first_number(), buffer.end_number());
        let page = self.height.saturating_sub(1).max(1);
        let half = (self.height / 2).max(1);
        let lines = |by: usize| by as u64;
        let highest = (first + self.height).saturating_sub(1);
        let bottom = match motion {
            Motion::Left(by) => return self.left = self.left.saturating_sub(columns(by)),
            Motion::Right(by) => return self.left = self.left.saturating_add(columns(by)),
            Motion::Down(by) => self.bottom.saturating_add(lines(by)),
            Motion::Up(by) => self.bottom.saturating_sub(lines(by)),
            Motion::HalfDown(by) => self.bottom.saturating_add(half * lines(by)),
            Motion::HalfUp(by) => self.bottom.saturating_sub(half * lines(by)),
            Motion::PageDown(by) => self.bottom.saturating_add(page * lines(by)),
            Motion::PageUp(by) => self.bottom.saturating_sub(page * lines(by)),
            Motion::Top(line) => highest + line.map_or(0, |line| lines(line).saturating_sub(1)),
            Motion::Bottom(None) => u64::MAX,
            Motion::Bottom(Some(line)) => highest + lines(line).saturating_sub(1),
        };
        let last = end.saturating_sub(1);
        self.bottom = bottom.max(highest).min(last);
        self.follow = self.bottom == last;
    }

    fn page<'a>(&self, model: &'a Model) -> Option<&'a LogPage> {
        model.logs.get(&self.key)
    }

    fn buffer<'a>(&self, model: &'a Model) -> Option<&'a LogBuffer> {
        self.page(model).map(|page| &page.buffer)
    }

    /// What the title says about the lines.
    pub fn counts(&self, model: &Model) -> String {
        let Some(buffer) = self.buffer(model) else { return String::new() };
        let lines = super::bars::thousands(buffer.len());
        let dropped = match buffer.dropped() {
            0 => String::new(),
            dropped => format!(
                " · {} older ones dropped",
                super::bars::thousands(usize::try_from(dropped).unwrap_or(usize::MAX))
            ),
        };
        let state = if self.follow { "following" } else { "standing still" };
        format!(" {lines} lines{dropped} · {state}")
    }

    /// Draws the logs from the bottom up, so that the newest line is there whole.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.height = u64::from(area.height).max(1);
        let Some(page) = self.page(model) else { return };
        let buffer = &page.buffer;
        let (first, end) = (buffer.first_number(), buffer.end_number());
        if buffer.is_empty() {
            let text = page
                .failure
                .as_ref()
                .map_or_else(|| "waiting for lines …".to_owned(), super::super::model::Notice::line);
            canvas.text(area, format!(" {text}"), Role::Quiet);
            return;
        }
        let last = end.saturating_sub(1);
        self.bottom = if self.follow { last } else { self.bottom.clamp(first, last) };
        let fold = if self.wrap { Fold::Wrapped } else { Fold::Scrolled(self.left) };
        let (lines, skip) = self.visible(buffer, (area, fold), canvas);
        let mut rest = area;
        for (index, line) in lines.iter().rev().enumerate() {
            let drawn = line.draw(canvas, rest, (fold, if index == 0 { skip } else { 0 }));
            rest = Rect { y: rest.y + drawn, height: rest.height.saturating_sub(drawn), ..rest };
        }
    }

    /// The lines that fit above `bottom`, the lowest first, and how many rows of the highest do not.
    fn visible(&self, buffer: &LogBuffer, (area, fold): (Rect, Fold), canvas: &Canvas<'_>) -> (Vec<StyledLine>, usize) {
        let mut rows = 0;
        let mut lines = Vec::new();
        for line in buffer.lines(buffer.first_number()..self.bottom + 1).rev() {
            let styled = self.line(&line, buffer, canvas);
            rows += styled.rows(area.width, fold);
            lines.push(styled);
            if rows >= usize::from(area.height) {
                break;
            }
        }
        (lines, rows.saturating_sub(usize::from(area.height)))
    }

    /// A line with its time, its source, its own colours, and what was found in it.
    fn line(&self, line: &LineRef<'_>, buffer: &LogBuffer, canvas: &Canvas<'_>) -> StyledLine {
        let mut styled = StyledLine::default();
        if self.timestamps
            && let Some(time) = line.time.and_then(|nanos| Timestamp::from_nanosecond(nanos.into()).ok())
        {
            styled.push(&format!("{time:.3} "), canvas.style(Role::LogTime));
        }
        if line.kind == LineKind::Marker {
            styled.push(
                &format!("── {}{} ──", name(buffer, line.source), String::from_utf8_lossy(line.bytes)),
                canvas.style(Role::Quiet),
            );
            return styled;
        }
        if buffer.sources().len() > 1 {
            styled.push(&name(buffer, line.source), canvas.style(Role::LogSource));
        }
        let from = styled.text().len();
        for run in ansi::runs(line.bytes) {
            styled.push(run.text.as_str(), canvas.style(Role::Text).patch(style(&run.sgr)));
        }
        if let Some(needle) = &self.needle {
            let spans: Vec<_> = needle.spans(styled.text().get(from..).unwrap_or_default().as_bytes()).collect();
            for span in spans {
                styled.mark(span.start + from..span.end + from, canvas.style(Role::Match));
            }
        }
        styled
    }
}

/// `pod/container ` of a line, when there are several.
fn name(buffer: &LogBuffer, id: SourceId) -> String {
    if buffer.sources().len() < 2 {
        return String::new();
    }
    buffer.sources().get(&id).map_or_else(String::new, |source| format!("{}/{} ", source.pod, source.container))
}

/// The style that a program asked for.
fn style(sgr: &Sgr) -> Style {
    let colour = |colour: Colour| match colour {
        Colour::Index(index) => Color::Indexed(index),
        Colour::Rgb(r, g, b) => Color::Rgb(r, g, b),
    };
    let pairs = [
        (Sgr::BOLD, Modifier::BOLD),
        (Sgr::DIM, Modifier::DIM),
        (Sgr::ITALIC, Modifier::ITALIC),
        (Sgr::UNDERLINE, Modifier::UNDERLINED),
        (Sgr::REVERSE, Modifier::REVERSED),
        (Sgr::STRUCK, Modifier::CROSSED_OUT),
    ];
    let marks = pairs.into_iter().filter(|(mark, _)| sgr.marks & mark != 0);
    let style = marks.fold(Style::default(), |style, (_, modifier)| style.add_modifier(modifier));
    let style = sgr.text.map_or(style, |text| style.fg(colour(text)));
    sgr.ground.map_or(style, |ground| style.bg(colour(ground)))
}
