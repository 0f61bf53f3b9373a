//! Going to a moment in a log.

use super::{Command, On};
use crate::model::Notice;
use crate::ui::Screen;
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

pub const LOG_AT: Command = Command {
    name: "log-at",
    arguments: "TIME",
    help: "go to the first line of a moment: 10:42, 10:42:07 or 2026-01-05T10:42:07Z, in UTC as times are shown",
    on: On::Logs,
    run: |cx, text| {
        if text.is_empty() {
            cx.stack.ask("lines from (UTC)", "log-at", "");
            return Ok(());
        }
        let Some(Screen::Logs(logs)) = cx.stack.top_mut() else { return Ok(()) };
        let last = logs.last_time(cx.model).and_then(|nanos| Timestamp::from_nanosecond(nanos.into()).ok());
        let last = last.ok_or_else(|| Notice::warning("no line says when it was written", ""))?;
        let moment = moment(text, last).ok_or_else(|| {
            Notice::error(format!("\"{text}\" is no time"), "write 10:42, 10:42:07 or 2026-01-05T10:42:07Z")
        })?;
        let nanos = i64::try_from(moment.as_nanosecond()).unwrap_or(i64::MAX);
        if logs.go_to_time(nanos, cx.model) {
            return Ok(());
        }
        Err(Notice::warning(format!("no line is as young as {moment}"), format!("the last one is of {last:.0}")))
    },
    ..Command::BLANK
};

/// The moment that `text` names. A time of day is the last one that was not after `last`.
fn moment(text: &str, last: Timestamp) -> Option<Timestamp> {
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    let time: Time = text.parse().ok()?;
    let day = last.to_zoned(TimeZone::UTC).date();
    let on = |day: jiff::civil::Date| day.to_datetime(time).to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    on(day).filter(|moment| *moment <= last).or_else(|| on(day.yesterday().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_is_the_last_one_that_was() {
        let last: Timestamp = "2026-01-05T10:42:30Z".parse().unwrap();
        let named = |text: &str| moment(text, last).map(|moment| moment.to_string());
        assert_eq!(named("10:42").as_deref(), Some("2026-01-05T10:42:00Z"));
        assert_eq!(named("10:42:31").as_deref(), Some("2026-01-04T10:42:31Z"));
        assert_eq!(named("2026-01-02T03:04:05Z").as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!((named("noon"), named("25:00")), (None, None));
    }
}
