//! `Cell`: what stands in one field of a table, as a value. It sorts by itself, takes its colour from its
//! tone and ages by the clock; no text is ever parsed back.

use super::Text;
use super::time::{Time, human_duration};
use std::borrow::Cow;
use std::cmp::Ordering;

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
    Text(Text),
    /// A number of things.
    Count(i64),
    /// `have/want`, as in READY; each is cut to 0..=2^28-1.
    Ratio(u32, u32),
    /// Restarts and, if known, the moment of the last one: `3 (10s ago)`.
    Restarts(u32, Option<Time>),
    /// A moment, shown as its distance from now; `None` is `<unknown>`.
    Since(Option<Time>),
    /// How long something took, in seconds.
    Duration(i64),
    /// A quantity as the server wrote it, `10Gi`; it sorts by its worth.
    Quantity(Text),
}

impl Cell {
    /// A text of tone `Plain`.
    pub fn text<'a>(text: impl Into<Cow<'a, str>>) -> Self {
        Self::from(Value::Text(text.into().into()))
    }

    /// The text, or a quiet `<none>` when there is none.
    pub fn or_none<'a>(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map(Into::into).filter(|t: &Cow<'a, str>| !t.is_empty()).map_or_else(Self::none, Self::text)
    }

    /// A quiet `<none>`.
    pub fn none() -> Self {
        Self::text("<none>").tone(Tone::Quiet)
    }

    /// A number.
    pub fn count(count: impl Into<i64>) -> Self {
        Self::from(Value::Count(count.into()))
    }

    /// The number of what is in a list.
    pub fn count_of(count: usize) -> Self {
        Self::count(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// `have/want`; `Plain` when complete, `Busy` when not, `Quiet` when nothing is wanted or there.
    pub fn ratio(have: impl Into<i64>, want: impl Into<i64>) -> Self {
        let (have, want) = (have.into(), want.into());
        let cut = |n: i64| u32::try_from(n.clamp(0, (1 << 28) - 1)).unwrap_or_default();
        let tone = match have.cmp(&want) {
            Ordering::Less => Tone::Busy,
            Ordering::Equal if want == 0 => Tone::Quiet,
            _ => Tone::Plain,
        };
        Self::from(Value::Ratio(cut(have), cut(want))).tone(tone)
    }

    /// Restarts and the moment of the last one; `Warn` when there were any.
    pub fn restarts(count: i64, last: Option<Time>) -> Self {
        let count = u32::try_from(count.max(0)).unwrap_or(u32::MAX);
        Self::from(Value::Restarts(count, last)).tone(if count > 0 { Tone::Warn } else { Tone::Plain })
    }

    /// `true` or `false`.
    pub fn truth(truth: bool) -> Self {
        Self::text(if truth { "true" } else { "false" })
    }

    /// An age.
    pub fn since(time: Option<Time>) -> Self {
        Self::from(Value::Since(time))
    }

    /// How long something took, in seconds.
    pub fn duration(seconds: i64) -> Self {
        Self::from(Value::Duration(seconds))
    }

    /// A quantity, shown as it is written.
    pub fn quantity<'a>(text: impl Into<Cow<'a, str>>) -> Self {
        Self::from(Value::Quantity(text.into().into()))
    }

    /// A moment in the form that does not age: `2026-11-23T15:32:56Z`. As the API server shows kinds for which it has
    /// no columns of their own.
    pub fn moment(time: Option<Time>) -> Self {
        Self::text(time.map_or_else(|| "0001-01-01T00:00:00Z".to_owned(), Time::utc))
    }

    /// The text, or a quiet `<unset>` when there is none.
    pub fn or_unset<'a>(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or_else(Self::unset, Self::text)
    }

    /// A quiet `<unset>`.
    pub fn unset() -> Self {
        Self::text("<unset>").tone(Tone::Quiet)
    }

    /// The same cell with another tone.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// Whether its text changes with the clock.
    pub fn ages(&self) -> bool {
        matches!(self.value, Value::Since(Some(_)) | Value::Restarts(_, Some(_)))
    }

    /// The text that kubectl would print at the moment `now`.
    pub fn show(&self, now: Time) -> String {
        match &self.value {
            Value::Text(text) | Value::Quantity(text) => first_line(text).into_owned(),
            Value::Count(count) => count.to_string(),
            Value::Ratio(have, want) => format!("{have}/{want}"),
            Value::Restarts(count, last) => show_restarts(*count, *last, now),
            Value::Since(time) => show_since(*time, now),
            Value::Duration(seconds) => human_duration(*seconds),
        }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self { value, tone: Tone::Plain }
    }
}

/// The text up to its first line break, and then `...` (`cli-runtime` `printers/tableprinter.go`).
pub fn first_line(text: &str) -> Cow<'_, str> {
    match text.split_once(['\n', '\r', '\x0c']) {
        Some((first, _)) => Cow::Owned(format!("{first}...")),
        None => Cow::Borrowed(text),
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_000_000);

    #[test]
    fn cells_are_shown_as_kubectl_prints_them() {
        let cases = [
            (Cell::text("a\nb"), "a..."),
            (Cell::text("a\r\nb"), "a..."),
            (Cell::text("\x0cb"), "..."),
            (Cell::or_none(Some("")), "<none>"),
            (Cell::quantity("10Gi"), "10Gi"),
            (Cell::count(-3), "-3"),
            (Cell::ratio(1, 2), "1/2"),
            (Cell::ratio(-1, i64::MAX), "0/268435455"),
            (Cell::restarts(3, Some(Time(999_990))), "3 (10s ago)"),
            (Cell::restarts(3, None), "3"),
            (Cell::restarts(0, Some(NOW)), "0"),
            (Cell::since(None), "<unknown>"),
            (Cell::since(Some(Time(999_880))), "2m"),
            (Cell::duration(121), "2m1s"),
            (Cell::moment(Some(NOW)), "1970-01-12T13:46:40Z"),
            (Cell::moment(None), "0001-01-01T00:00:00Z"),
            (Cell::or_unset(Some("")), ""),
            (Cell::or_unset(None::<&str>), "<unset>"),
        ];
        for (cell, text) in cases {
            assert_eq!(cell.show(NOW), text, "{cell:?}");
        }
    }

    #[test]
    fn a_ratio_tells_by_its_tone_whether_something_is_missing() {
        let tone = |have, want| Cell::ratio(have, want).tone;
        assert_eq!(
            (tone(0, 1), tone(1, 1), tone(2, 1), tone(0, 0)),
            (Tone::Busy, Tone::Plain, Tone::Plain, Tone::Quiet)
        );
    }
}
