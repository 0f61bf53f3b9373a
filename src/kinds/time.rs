//! Moments and durations as Kubernetes writes them.

use serde::Deserializer;
use serde::de::{Error, Visitor};
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment, in whole seconds since 1970 (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

/// The zero time of Go lies in the year before.
const YEAR_TWO: i64 = -62_104_060_800;

impl Time {
    /// This machine's clock.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        Self(i64::try_from(since).unwrap_or(i64::MAX))
    }

    /// RFC 3339 in UTC: `2026-11-23T15:32:56Z`; `""` for a moment outside of what that can write.
    pub fn utc(self) -> String {
        jiff::Timestamp::from_second(self.0).map(|moment| moment.to_string()).unwrap_or_default()
    }

    /// Seconds from `earlier` to `self`; negative when `earlier` is later.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads RFC 3339 (`2026-11-23T15:32:56Z`, fractions and offsets too). The zero time of Go (year 1) and
    /// anything else that is no moment is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, rest) = text.split_at_checked(19)?;
        let &[y1, y2, y3, y4, _, m1, m2, _, d1, d2, _, hour1, hour2, _, min1, min2, _, s1, s2] = date.as_bytes() else {
            return None;
        };
        let (year, month, day) = (number([y1, y2])? * 100 + number([y3, y4])?, number([m1, m2])?, number([d1, d2])?);
        let (hour, minute, second) = (number([hour1, hour2])?, number([min1, min2])?, number([s1, s2])?);
        if year <= 1 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let offset = offset_seconds(rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit()))?;
        Some(Self(days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset))
    }
}

/// Reads an optional moment for serde (`#[serde(default, deserialize_with = "moment")]`): what is null, absent or
/// no moment is `None`, never an error, so that a bad date costs a cell and not the object.
///
/// Protobuf has the seconds themselves; they come as an `i128`, which JSON has not.
///
/// # Errors
/// When the value is neither a string nor null.
pub fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Time>, D::Error> {
    struct Moment;
    impl Visitor<'_> for Moment {
        type Value = Option<Time>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Option<Time>, E> {
            Ok(Time::parse(text))
        }

        fn visit_i128<E: Error>(self, seconds: i128) -> Result<Option<Time>, E> {
            Ok(i64::try_from(seconds).ok().filter(|seconds| *seconds >= YEAR_TWO).map(Time))
        }

        fn visit_unit<E: Error>(self) -> Result<Option<Time>, E> {
            Ok(None)
        }
    }
    deserializer.deserialize_any(Moment)
}

/// The number that two decimal digits write.
fn number([tens, ones]: [u8; 2]) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    Some(10 * digit(tens)? + digit(ones)?)
}

/// Seconds east of UTC of `Z`, `+02:00` or `-05:30`.
fn offset_seconds(zone: &str) -> Option<i64> {
    let sign = match zone.bytes().next()? {
        b'Z' | b'z' => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = (zone.get(1..3)?.parse::<i64>().ok()?, zone.get(4..6)?.parse::<i64>().ok()?);
    Some(sign * (hours * 3_600 + minutes * 60))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar (years counted from March, 400-year eras).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// A duration as kubectl writes ages (`apimachinery` `pkg/util/duration` `HumanDuration`): at most two units,
/// all divisions truncate.
pub fn human_duration(seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    const YEAR: i64 = 365 * DAY;
    match seconds {
        i64::MIN..-1 => "<invalid>".to_owned(),
        -1..0 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => two_units(seconds, (MINUTE, 'm'), (1, 's')),
        600..10_800 => format!("{}m", seconds / MINUTE),
        10_800..28_800 => two_units(seconds, (HOUR, 'h'), (MINUTE, 'm')),
        28_800..172_800 => format!("{}h", seconds / HOUR),
        172_800..691_200 => two_units(seconds, (DAY, 'd'), (HOUR, 'h')),
        s if s < 2 * YEAR => format!("{}d", s / DAY),
        s if s < 8 * YEAR => two_units(s, (YEAR, 'y'), (DAY, 'd')),
        s => format!("{}y", s / YEAR),
    }
}

/// `2d1h`, without the second part when it is zero.
fn two_units(seconds: i64, (large, l): (i64, char), (small, s): (i64, char)) -> String {
    match (seconds / large, seconds % large / small) {
        (whole, 0) => format!("{whole}{l}"),
        (whole, part) => format!("{whole}{l}{part}{s}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_kubectls() {
        let cases = [
            (-2, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (121, "2m1s"),
            (599, "9m59s"),
            (600, "10m"),
            (10_799, "179m"),
            (10_800, "3h"),
            (10_860, "3h1m"),
            (28_800, "8h"),
            (172_799, "47h"),
            (172_800, "2d"),
            (176_400, "2d1h"),
            (691_200, "8d"),
            (729 * 86_400, "729d"),
            (730 * 86_400, "2y"),
            (731 * 86_400, "2y1d"),
            (2_919 * 86_400, "7y364d"),
            (2_920 * 86_400, "8y"),
        ];
        for (seconds, text) in cases {
            assert_eq!(human_duration(seconds), text, "{seconds} seconds");
        }
    }

    #[test]
    fn moments_are_read() {
        assert_eq!(Time::parse("1970-01-01T00:00:00Z"), Some(Time(0)));
        assert_eq!(Time::parse("2026-11-23T15:32:56Z"), Some(Time(1_795_447_976)));
        assert_eq!(Time::parse("2026-11-23T15:32:56.123456Z"), Some(Time(1_795_447_976)));
        assert_eq!(Time::parse("2026-11-23T17:32:56+02:00"), Some(Time(1_795_447_976)));
        assert_eq!(Time::parse("0001-01-01T00:00:00Z"), None);
        assert_eq!(Time::parse("+026-11-23T15:32:56Z"), None, "digits only");
        assert_eq!(Time::parse("yesterday, or so, who knows"), None);
        assert_eq!(Time::parse("ééééééééééééééééééé"), None);
    }

    #[test]
    fn moments_are_written_as_they_are_read() {
        for text in ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2000-02-29T12:00:01Z", "2026-11-23T15:32:56Z"] {
            assert_eq!(Time::parse(text).unwrap().utc(), text);
        }
    }
}
