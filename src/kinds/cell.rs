//! `Cell`: what stands in one field of a table, as a value. It sorts by itself, takes its colour from its
//! tone and ages by the clock; no text is ever parsed back.

use super::time::{Time, human_duration};

/// What a value means to the person who looks at it; a theme gives each tone its style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// As wished: running, ready, bound.
    Good,
    /// On its way: pending, creating, rolling out.
    Busy,
    /// Worth a look: restarts, deprecated, cordoned.
    Warn,
    /// Broken: failing, crashed, not ready.
    Bad,
    /// Over or not important: completed, `<none>`.
    Quiet,
}

/// A cell: a value and its tone.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// What it means.
    pub tone: Tone,
}

/// The value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Any text; `<none>` and the like are texts too.
    Text(String),
    /// A number of things.
    Count(i64),
    /// `have/want`, as in READY; each is cut to 0..=2^28-1.
    Ratio(u32, u32),
    /// Restarts and, if known, the moment of the last one: `3 (10s ago)`.
    Restarts(u32, Option<Time>),
    /// A moment, shown as its distance from now; `None` is `<unknown>`.
    Since(Option<Time>),
}

impl Cell {
    /// A text of tone `Plain`.
    pub fn text(text: impl Into<String>) -> Self {
        Self::from(Value::Text(text.into()))
    }

    /// The text, or a quiet `<none>` when there is none.
    pub fn or_none(text: Option<impl Into<String>>) -> Self {
        text.map(Into::into).filter(|t: &String| !t.is_empty()).map_or_else(Self::none, Self::text)
    }

    /// A quiet `<none>`.
    pub fn none() -> Self {
        Self::text("<none>").tone(Tone::Quiet)
    }

    /// A number.
    pub fn count(count: impl Into<i64>) -> Self {
        Self::from(Value::Count(count.into()))
    }

    /// `have/want`; `Good` when complete, `Busy` when not.
    pub fn ratio(have: u32, want: u32) -> Self {
        Self::from(Value::Ratio(have, want)).tone(if have >= want { Tone::Plain } else { Tone::Busy })
    }

    /// An age.
    pub fn since(time: Option<Time>) -> Self {
        Self::from(Value::Since(time))
    }

    /// The same cell with another tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// The text that kubectl would print at the moment `now`.
    pub fn show(&self, now: Time) -> String {
        match &self.value {
            Value::Text(text) => text.clone(),
            Value::Count(count) => count.to_string(),
            Value::Ratio(have, want) => format!("{have}/{want}"),
            Value::Restarts(count, last) => show_restarts(*count, *last, now),
            Value::Since(time) => show_since(*time, now),
        }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, tone: Tone::Plain }
    }
}

/// `3 (10s ago)`, or the number alone when nothing or no time is known.
pub fn show_restarts(count: u32, last: Option<Time>, now: Time) -> String {
    match last {
        Some(last) if count > 0 => format!("{count} ({} ago)", human_duration(now.seconds_since(last))),
        _ => count.to_string(),
    }
}

/// The distance from `time` to `now`, or `<unknown>`.
pub fn show_since(time: Option<Time>, now: Time) -> String {
    time.map_or_else(|| "<unknown>".to_owned(), |time| human_duration(now.seconds_since(time)))
}
