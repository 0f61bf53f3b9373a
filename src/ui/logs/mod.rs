//! `LogScreen`: logs, following what is written or standing still where one reads.

mod draw;
mod line;
mod take;
#[cfg(test)]
mod tests;

pub use take::Taken;

use super::motion::{Motion, columns, moved};
use super::search::{Search, Searched};
use crate::model::logs::{Direction, LineRef, LogBuffer, Needle, Sieve};
use crate::model::{LogKey, LogPage, Model};
use std::ops::{Range, RangeInclusive};

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether long lines are wrapped.
    pub wrap: bool,
    /// Whether the time of each line is shown.
    pub timestamps: bool,
    /// Whether the source of each line is shown, when there are several.
    pub sources: bool,
}

/// Logs on the screen.
#[derive(Debug)]
pub struct LogScreen {
    /// Whose.
    pub key: LogKey,
    /// Whether the newest line is always shown.
    pub follow: bool,
    /// How lines look.
    pub look: Look,
    search: Search,
    /// Which lines are shown; all of them when there is none.
    sieve: Option<Sieve>,
    /// The lines that are selected: where that began, and where it ends.
    selected: Option<(u64, u64)>,
    /// The number of the last visible line when not following, else of the newest.
    bottom: u64,
    /// How many moves of the buffer's lines the numbers here know of.
    woven: u64,
    left: u16,
    height: usize,
}

impl LogScreen {
    /// The logs of `key`, followed.
    pub fn new(key: LogKey) -> Self {
        Self {
            key,
            follow: true,
            look: Look { wrap: false, timestamps: false, sources: true },
            search: Search::default(),
            sieve: None,
            selected: None,
            bottom: 0,
            woven: 0,
            left: 0,
            height: 1,
        }
    }

    /// Other logs, shown in the same way.
    #[must_use]
    pub fn of(&self, key: LogKey) -> Self {
        Self { look: self.look, sieve: Sieve::new(self.filter()), ..Self::new(key) }
    }

    /// What shown lines hold, or with `!` do not hold; `""` when all are shown.
    pub fn filter(&self) -> &str {
        self.sieve.as_ref().map_or("", Sieve::text)
    }

    /// Shows only lines that hold `text`, or with `!` those that do not; `""` shows all.
    pub fn set_filter(&mut self, text: &str) {
        self.sieve = Sieve::new(text);
    }

    /// Begins to select lines, at the last visible one, or ends it.
    pub fn toggle_selection(&mut self, model: &Model) {
        self.refresh(model);
        self.selected = if self.selected.is_none() { Some((self.bottom, self.bottom)) } else { None };
        self.follow = self.follow && self.selected.is_none();
    }

    /// The numbers of the selected lines.
    fn selection(&self) -> Option<RangeInclusive<u64>> {
        self.selected.map(|(from, to)| from.min(to)..=from.max(to))
    }

    /// Takes over what changed in the buffer since the last time.
    pub fn refresh(&mut self, model: &Model) {
        let Some(buffer) = model.logs.get(&self.key).map(|page| &page.buffer) else { return };
        let (moves, seen) = (buffer.moves(), self.woven);
        if moves.count() != seen {
            self.woven = moves.count();
            let now = |number| moves.moved(number, seen);
            self.bottom = now(self.bottom);
            self.selected = self.selected.map(|(from, to)| (now(from), now(to)));
            self.search.move_found(now);
        }
        if let Some(sieve) = &mut self.sieve {
            sieve.update(buffer);
        }
        self.keep_bottom(buffer);
    }

    /// Keeps the last visible line among those that there are. While a filter has not come to all lines, which those are
    /// is not known.
    fn keep_bottom(&mut self, buffer: &LogBuffer) {
        let last = self.number(self.count(buffer).saturating_sub(1), buffer);
        if self.follow {
            self.bottom = last;
        } else if self.sieve.as_ref().is_none_or(|sieve| !sieve.is_behind(buffer)) {
            self.bottom = self.bottom.clamp(buffer.first_number().min(last), last);
        }
    }

    /// Takes over what changed, and looks at all lines, also those that the filter has not come to yet.
    fn complete(&mut self, model: &Model) {
        self.refresh(model);
        let Some(buffer) = model.logs.get(&self.key).map(|page| &page.buffer) else { return };
        if let Some(sieve) = &mut self.sieve {
            sieve.complete(buffer);
        }
        self.keep_bottom(buffer);
    }

    /// Whether the filter has not come to all lines yet.
    pub fn is_behind(&self, model: &Model) -> bool {
        let behind = |sieve: &Sieve| self.buffer(model).is_some_and(|buffer| sieve.is_behind(buffer));
        self.sieve.as_ref().is_some_and(behind)
    }

    /// How many lines are shown.
    fn count(&self, buffer: &LogBuffer) -> usize {
        self.sieve.as_ref().map_or(buffer.len(), Sieve::len)
    }

    /// How many of these lines are shown.
    fn count_of(&self, numbers: &RangeInclusive<u64>, buffer: &LogBuffer) -> usize {
        let behind = self.before(numbers.end().saturating_add(1), buffer);
        behind.saturating_sub(self.before(*numbers.start(), buffer))
    }

    /// How many lines before the one with this number are shown.
    fn before(&self, number: u64, buffer: &LogBuffer) -> usize {
        match &self.sieve {
            Some(sieve) => sieve.before(number),
            None => usize::try_from(number.saturating_sub(buffer.first_number())).unwrap_or(usize::MAX),
        }
    }

    /// The number of the line at a place among those that are shown.
    fn number(&self, place: usize, buffer: &LogBuffer) -> u64 {
        match &self.sieve {
            Some(sieve) => sieve.number(place).unwrap_or_else(|| buffer.first_number()),
            None => buffer.first_number() + place as u64,
        }
    }

    /// The place of the line with this number among those that are shown, or of the one before it.
    fn place(&self, number: u64, buffer: &LogBuffer) -> usize {
        self.before(number.saturating_add(1), buffer).saturating_sub(1)
    }

    /// The lines among `numbers` that are shown, from either end.
    fn lines<'a>(
        &'a self,
        numbers: Range<u64>,
        buffer: &'a LogBuffer,
    ) -> Box<dyn DoubleEndedIterator<Item = LineRef<'a>> + 'a> {
        match &self.sieve {
            Some(sieve) => Box::new(sieve.numbers(numbers).filter_map(|number| buffer.line(number))),
            None => Box::new(buffer.lines(numbers)),
        }
    }

    /// Scrolls, or moves the end of the selection; at the end it follows again.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        match motion {
            Motion::Left(by) => return self.left = self.left.saturating_sub(columns(by)),
            Motion::Right(by) => return self.left = self.left.saturating_add(columns(by)),
            _ => {}
        }
        let far = matches!(motion, Motion::Top(_) | Motion::Bottom(Some(_)));
        if far || !self.follow && self.is_behind(model) {
            self.complete(model);
        } else {
            self.refresh(model);
        }
        let Some(buffer) = self.buffer(model) else { return };
        let (len, height) = (self.count(buffer), self.height);
        let last = len.saturating_sub(1);
        if let Some((from, to)) = self.selected {
            let to = self.number(moved(motion, self.place(to, buffer), len, height), buffer);
            self.selected = Some((from, to));
            return self.show(to, model);
        }
        let top = (self.place(self.bottom, buffer) + 1).saturating_sub(height);
        let bottom = (moved(motion, top, len, height) + height).saturating_sub(1).min(last);
        self.bottom = self.number(bottom, buffer);
        self.follow = bottom == last;
    }

    fn page<'a>(&self, model: &'a Model) -> Option<&'a LogPage> {
        model.logs.get(&self.key)
    }

    fn buffer<'a>(&self, model: &'a Model) -> Option<&'a LogBuffer> {
        self.page(model).map(|page| &page.buffer)
    }

    /// When the last line was written that says so, in nanoseconds since 1970.
    pub fn last_time(&self, model: &Model) -> Option<i64> {
        self.buffer(model)?.last_time()
    }

    /// Shows the first line that was written at `nanos` (since 1970) or later at the top; tells whether there is one.
    pub fn go_to_time(&mut self, nanos: i64, model: &Model) -> bool {
        self.complete(model);
        let Some(buffer) = self.buffer(model) else { return false };
        let Some(number) = buffer.since(nanos) else { return false };
        let last = self.count(buffer).saturating_sub(1);
        self.follow = false;
        self.bottom = self.number((self.place(number, buffer) + self.height - 1).min(last), buffer);
        true
    }

    /// What the title says about the lines.
    pub fn counts(&self, model: &Model) -> String {
        let Some(buffer) = self.buffer(model) else { return String::new() };
        let lines = super::bars::thousands(buffer.len());
        let shown = self.sieve.as_ref().map(|sieve| format!("{} of ", super::bars::thousands(sieve.len())));
        let dropped = match buffer.dropped() {
            0 => String::new(),
            dropped => format!(
                " · {} older ones dropped",
                super::bars::thousands(usize::try_from(dropped).unwrap_or(usize::MAX))
            ),
        };
        let state = match (self.selection(), self.follow) {
            (Some(lines), _) => {
                format!("{} selected", super::bars::thousands(self.count_of(&lines, buffer)))
            }
            (None, true) => "following".to_owned(),
            (None, false) => "standing still".to_owned(),
        };
        format!(" {}{lines} lines{dropped} · {state}", shown.unwrap_or_default())
    }
}

impl Searched for LogScreen {
    fn search(&self) -> &Search {
        &self.search
    }

    fn search_mut(&mut self) -> &mut Search {
        &mut self.search
    }

    /// Backwards from the last visible line, as one reads logs.
    fn begin(&self) -> (u64, Direction) {
        (self.bottom, Direction::Backward)
    }

    fn wraps(&self) -> bool {
        false
    }

    fn find(&self, needle: &Needle, from: u64, direction: Direction, model: &Model) -> Option<u64> {
        let buffer = self.buffer(model)?;
        let mut at = from;
        loop {
            let line = buffer.find(needle, at, direction)?;
            let is_shown = self.sieve.as_ref().is_none_or(|sieve| sieve.has(line, buffer));
            if is_shown {
                return Some(line);
            }
            at = if direction == Direction::Forward { line + 1 } else { line.checked_sub(1)? };
        }
    }

    fn show(&mut self, line: u64, model: &Model) {
        self.complete(model);
        self.follow = false;
        let Some(buffer) = self.buffer(model) else { return };
        let (at, bottom) = (self.place(line, buffer), self.place(self.bottom, buffer));
        if at > bottom || at + self.height <= bottom {
            let last = self.count(buffer).saturating_sub(1);
            self.bottom = self.number((at + self.height / 2).min(last), buffer);
        }
    }
}
