//! `Packed`: a cell in eight bytes, or in four and a form that it shares with the cells above and below it.

use super::texts::{TextId, Texts};
use crate::kinds::quantity::nanos;
use crate::kinds::{Cell, Time, Tone, Value};
use core::net::Ipv4Addr;
use std::cmp::Ordering;
use std::fmt::Write;

/// A cell in 64 bits: 3 for what it is, 3 for its tone, 58 for its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Packed(u64);

/// What a cell is and its tone, without its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Form(u8);

impl Form {
    /// The value is the id of a text that spells the packed cell: it does not fit into four bytes.
    pub const SPELLED: Self = Self(u8::MAX);

    /// The cell is the name of its row, whose tone is this.
    pub fn name(tone: Tone) -> Self {
        Self(NAME << 3 | tone as u8)
    }

    /// Whether the cell is the name of its row.
    pub fn is_name(self) -> bool {
        self.0 >> 3 == NAME
    }

    /// The tone, unless it is spelled.
    pub fn tone(self) -> Tone {
        TONES.get(usize::from(self.0 & 7)).copied().unwrap_or_default()
    }

    /// Whether the value is the id of a text that is a quantity.
    pub fn is_quantity(self) -> bool {
        u64::from(self.0 >> 3) == QUANTITY
    }

    /// Whether the value is the id of a text.
    pub fn is_text(self) -> bool {
        self == Self::SPELLED || matches!(u64::from(self.0 >> 3), TEXT | QUANTITY)
    }
}

/// What a packed cell holds, before any text is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View<'a> {
    /// A text.
    Text(&'a str),
    /// A number.
    Count(i64),
    /// `have/want`.
    Ratio(u32, u32),
    /// Restarts and the last one's moment.
    Restarts(u32, Option<Time>),
    /// A moment.
    Since(Option<Time>),
    /// How long something took, in seconds.
    Duration(i64),
    /// A text that is an IPv4 address: each pod has its own, so that it is not worth a place among the texts.
    Address(Ipv4Addr),
    /// A quantity as it is written.
    Quantity(&'a str),
}

const TEXT: u64 = 0;
const COUNT: u64 = 1;
const RATIO: u64 = 2;
const RESTARTS: u64 = 3;
const SINCE: u64 = 4;
const ADDRESS: u64 = 5;
const DURATION: u64 = 6;
const QUANTITY: u64 = 7;

/// What stands in a form alone.
const NAME: u8 = 8;

const VALUE: u64 = (1 << 58) - 1;
const HALF: u32 = (1 << 29) - 1;
const MANY: u32 = (1 << 22) - 1;
const MOMENT: u64 = (1 << 36) - 1;
const TONES: [Tone; 6] = [Tone::Plain, Tone::Good, Tone::Busy, Tone::Warn, Tone::Bad, Tone::Quiet];

impl Packed {
    /// Packs a cell; `id` gives the id of its text. Counts beyond ±2^57, ratios beyond 2^29 and restarts beyond 2^22
    /// are cut to that.
    pub fn new(cell: &Cell, id: impl FnOnce(&str) -> TextId) -> Self {
        let (tag, value) = match &cell.value {
            Value::Text(text) => match address(text) {
                Some(address) => (ADDRESS, u64::from(address.to_bits())),
                None => (TEXT, u64::from(id(text).0)),
            },
            Value::Count(count) => (COUNT, number(*count)),
            Value::Ratio(have, want) => (RATIO, u64::from((*have).min(HALF)) << 29 | u64::from((*want).min(HALF))),
            Value::Restarts(count, last) => (RESTARTS, u64::from((*count).min(MANY)) << 36 | moment(*last)),
            Value::Since(time) => (SINCE, moment(*time)),
            Value::Duration(seconds) => (DURATION, number(*seconds)),
            Value::Quantity(text) => (QUANTITY, u64::from(id(text).0)),
        };
        Self(tag << 61 | (cell.tone as u64) << 58 | value)
    }

    /// What it holds.
    pub fn view(self, texts: &Texts) -> View<'_> {
        let value = self.0 & VALUE;
        let low = |bits: u64| u32::try_from(bits).unwrap_or(u32::MAX);
        match self.0 >> 61 {
            COUNT => View::Count((value << 6).cast_signed() >> 6),
            DURATION => View::Duration((value << 6).cast_signed() >> 6),
            RATIO => View::Ratio(low(value >> 29), low(value & u64::from(HALF))),
            RESTARTS => View::Restarts(low(value >> 36), time(value & MOMENT)),
            SINCE => View::Since(time(value)),
            ADDRESS => View::Address(Ipv4Addr::from_bits(low(value))),
            QUANTITY => View::Quantity(texts.text(TextId(low(value)))),
            _ => View::Text(texts.text(TextId(low(value)))),
        }
    }

    /// The text, when it holds one.
    pub fn text_id(self) -> Option<TextId> {
        matches!(self.0 >> 61, TEXT | QUANTITY).then(|| TextId(u32::try_from(self.0 & VALUE).unwrap_or(0)))
    }

    /// What it means.
    pub fn tone(self) -> Tone {
        TONES.get((self.0 >> 58 & 7) as usize).copied().unwrap_or_default()
    }

    /// The same cell as its form and four bytes, if it fits into them.
    pub fn narrow(self) -> Option<(Form, u32)> {
        let form = Form(u8::try_from(self.0 >> 58).unwrap_or_default());
        let value = self.0 & VALUE;
        let narrow = match self.0 >> 61 {
            RATIO => {
                let (have, want) = (value >> 29, value & u64::from(HALF));
                u16::try_from(have.max(want)).ok()?;
                have << 16 | want
            }
            RESTARTS if value & MOMENT == 0 => value >> 36,
            RESTARTS => return None,
            _ => value,
        };
        u32::try_from(narrow).ok().map(|narrow| (form, narrow))
    }

    /// The cell of [`Packed::narrow`].
    #[inline]
    pub fn wide(Form(form): Form, narrow: u32) -> Self {
        let value = match u64::from(form >> 3) {
            RATIO => u64::from(narrow >> 16) << 29 | u64::from(narrow & u32::from(u16::MAX)),
            RESTARTS => u64::from(narrow) << 36,
            _ => u64::from(narrow),
        };
        Self(u64::from(form) << 58 | value)
    }

    /// Writes the cell as a text that [`Packed::read`] reads.
    pub fn spell(self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{:x}", self.0);
    }

    /// The cell that [`Packed::spell`] wrote.
    pub fn read(text: &str) -> Self {
        Self(u64::from_str_radix(text, 16).unwrap_or_default())
    }

    /// What orders it among cells of its column as [`View::order`] does, when it holds no text; those that do come last.
    pub fn order(self) -> u64 {
        let value = self.0 & VALUE;
        let (rank, value) = match self.0 >> 61 {
            // The lowest number is 0.
            COUNT => (0, value ^ 1 << 57),
            RATIO => {
                let (have, want) = (value >> 29, value & u64::from(HALF));
                (1, share(have, want) << 29 | want)
            }
            RESTARTS => (2, value),
            SINCE => (3, VALUE - value),
            DURATION => (4, value ^ 1 << 57),
            ADDRESS => (5, value),
            QUANTITY => (6, 0),
            _ => (7, 0),
        };
        rank << 58 | value
    }
}

/// The address that `text` is, if it is one and would be written again as it stands.
fn address(text: &str) -> Option<Ipv4Addr> {
    // The shortest and the longest; most texts are ruled out by this and their first letter.
    let may_be = (7..=15).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_digit());
    // std refuses leading zeros, so what it reads it also writes.
    may_be.then(|| text.parse().ok()).flatten()
}

/// A number in 58 bits.
fn number(number: i64) -> u64 {
    number.clamp(-(1 << 57), (1 << 57) - 1).cast_unsigned() & VALUE
}

/// A moment as its second plus one, 0 for none; moments before 1970 count as 1970.
fn moment(time: Option<Time>) -> u64 {
    time.map_or(0, |time| u64::try_from(time.0.max(0) + 1).unwrap_or(0).min(MOMENT))
}

/// The moment of [`moment`].
fn time(bits: u64) -> Option<Time> {
    bits.checked_sub(1).map(|second| Time(second.cast_signed()))
}

impl<'a> View<'a> {
    /// The order in which a column sorts: texts by their bytes, numbers by size, ages with the youngest first,
    /// ratios with the least complete first; unlike values by their sort.
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (View::Text(a), View::Text(b)) => a.cmp(b),
            (View::Count(a), View::Count(b)) | (View::Duration(a), View::Duration(b)) => a.cmp(b),
            (View::Ratio(a, b), View::Ratio(c, d)) => {
                share((*a).into(), (*b).into()).cmp(&share((*c).into(), (*d).into())).then(b.cmp(d))
            }
            (View::Restarts(a, b), View::Restarts(c, d)) => a.cmp(c).then(b.cmp(d)),
            (View::Since(a), View::Since(b)) => b.cmp(a),
            (View::Address(a), View::Address(b)) => a.cmp(b),
            // What is no quantity stands before all that are.
            (View::Quantity(a), View::Quantity(b)) => nanos(a).cmp(&nanos(b)).then_with(|| a.cmp(b)),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }

    /// What orders a text among the cells of its column, as [`Packed::order`] does for all others, when this is its
    /// place among the texts.
    pub fn order_at(&self, place: u32) -> u64 {
        u64::from(self.rank()) << 58 | u64::from(place)
    }

    /// Orders values of different sorts: numbers before texts.
    fn rank(&self) -> u8 {
        match self {
            View::Count(_) => 0,
            View::Ratio(..) => 1,
            View::Restarts(..) => 2,
            View::Since(_) => 3,
            View::Duration(_) => 4,
            View::Address(_) => 5,
            View::Quantity(_) => 6,
            View::Text(_) => 7,
        }
    }

    /// The text that kubectl would print at `now`.
    pub fn show(&self, now: Time) -> std::borrow::Cow<'a, str> {
        use crate::kinds::cell::{first_line, show_restarts, show_since};
        use crate::kinds::time::human_duration;
        match self {
            View::Text(text) | View::Quantity(text) => first_line(text),
            View::Count(count) => count.to_string().into(),
            View::Ratio(have, want) => format!("{have}/{want}").into(),
            View::Restarts(count, last) => show_restarts(*count, *last, now).into(),
            View::Since(time) => show_since(*time, now).into(),
            View::Duration(seconds) => human_duration(*seconds).into(),
            View::Address(address) => address.to_string().into(),
        }
    }
}

/// The greatest share that is told from greater ones: 29 bits of it, more than five hundred times what is wanted.
const MOST_SHARE: u64 = (1 << 29) - 1;

/// How complete a ratio is, in millionths; nothing wanted is complete.
fn share(have: u64, want: u64) -> u64 {
    (have * 1_000_000).checked_div(want).unwrap_or(1_000_000).min(MOST_SHARE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value() -> impl Strategy<Value = Value> {
        let time = prop::option::of((0..1_i64 << 35).prop_map(Time));
        prop_oneof![
            "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}".prop_map(|text| Value::Text(text.into())),
            ".*".prop_map(|text| Value::Text(text.into())),
            (-(1_i64 << 57)..(1_i64 << 57)).prop_map(Value::Count),
            (0..1_u32 << 29, 0..1_u32 << 29).prop_map(|(a, b)| Value::Ratio(a, b)),
            (0..1_u32 << 22, time.clone()).prop_map(|(n, t)| Value::Restarts(n, t)),
            time.prop_map(Value::Since),
            (-(1_i64 << 57)..(1_i64 << 57)).prop_map(Value::Duration),
            "[0-9]{1,3}(Ki|Gi|m)?".prop_map(|text| Value::Quantity(text.into())),
        ]
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_out_again(value in value(), tone in 0..6_usize, now in 0..1_i64 << 35) {
            let mut texts = Texts::default();
            let cell = Cell { value, tone: TONES[tone] };
            let packed = Packed::new(&cell, |text| texts.id(text));
            let again = packed.narrow().map_or_else(
                || {
                    let mut text = String::new();
                    packed.spell(&mut text);
                    Packed::read(&text)
                },
                |(form, value)| Packed::wide(form, value),
            );
            prop_assert_eq!(again, packed);
            prop_assert_eq!(packed.tone(), cell.tone);
            prop_assert_eq!(packed.view(&texts).show(Time(now)), cell.show(Time(now)));
        }
    }

    proptest! {
        #[test]
        fn numbers_are_ordered_by_what_they_show(a in value(), b in value()) {
            let mut texts = Texts::default();
            let mut packed = |value| Packed::new(&Cell::from(value), |text| texts.id(text));
            let (a, b) = (packed(a), packed(b));
            if a.text_id().is_none() || b.text_id().is_none() {
                prop_assert_eq!(a.order().cmp(&b.order()), a.view(&texts).order(&b.view(&texts)));
            }
        }
    }

    #[test]
    fn columns_sort_by_value() {
        let order = |a: View<'_>, b: View<'_>| a.order(&b);
        assert_eq!(order(View::Count(9), View::Count(10)), Ordering::Less);
        assert_eq!(order(View::Ratio(1, 3), View::Ratio(1, 2)), Ordering::Less);
        assert_eq!(order(View::Ratio(0, 0), View::Ratio(1, 1)), Ordering::Less);
        assert_eq!(order(View::Since(Some(Time(5))), View::Since(Some(Time(9)))), Ordering::Greater);
        assert_eq!(order(View::Duration(9), View::Duration(10)), Ordering::Less);
        assert_eq!(order(View::Text("a"), View::Count(1)), Ordering::Greater);
        assert_eq!(order(View::Quantity("10Gi"), View::Quantity("1Ti")), Ordering::Less);
        assert_eq!(order(View::Quantity("100m"), View::Quantity("1")), Ordering::Less);
        assert_eq!(order(View::Quantity(""), View::Quantity("0")), Ordering::Less);
    }
}
