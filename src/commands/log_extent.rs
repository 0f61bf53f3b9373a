//! Which logs are shown: the container, the instance, since when, and how many lines of the past.

use super::{Command, Context, On, Outcome};
use crate::model::place::ALL_CONTAINERS;
use crate::model::{LogKey, Notice, Tail};
use crate::ui::{Offer, Picker, Prompt, Screen};

pub const PREVIOUS: Command = Command {
    name: "previous",
    help: "the container before its last restart, and back",
    hint: "previous",
    on: On::Logs,
    run: |cx, _| change(cx, |key| key.previous = !key.previous),
    ..Command::BLANK
};

pub const CONTAINER: Command = Command {
    name: "choose-container",
    arguments: "[NAME|*]",
    help: "choose the container; * is all of them",
    hint: "container",
    on: On::Logs,
    run: |cx, name| {
        if name.is_empty() {
            return ask_container(cx);
        }
        let name = name.to_owned();
        change(cx, |key| key.container = Some(name))
    },
    ..Command::BLANK
};

pub const SINCE: Command = Command {
    name: "since",
    arguments: "[DURATION|all]",
    help: "only lines of the last minutes or hours: 90s, 5m, 1h30m, 2d; all is no limit",
    hint: "since",
    on: On::Logs,
    run: |cx, text| {
        if text.is_empty() {
            return ask(cx, "since", &["all", "1m", "5m", "15m", "30m", "1h", "6h", "1d"]);
        }
        let since = since(text)?;
        change(cx, |key| key.since = since)
    },
    ..Command::BLANK
};

pub const TAIL: Command = Command {
    name: "tail",
    arguments: "[LINES|all]",
    help: "how many lines of the past of each container; all is from the beginning",
    on: On::Logs,
    run: |cx, text| {
        if text.is_empty() {
            return ask(cx, "tail", &["all", "100", "1000", "10000", "100000"]);
        }
        let tail = tail(text).ok_or_else(|| wrong(text, "is no number of lines", "write for example 100, or all"))?;
        change(cx, |key| key.tail = tail)
    },
    ..Command::BLANK
};

/// Opens other logs in place of those that are shown.
fn change(cx: &mut Context<'_>, change: impl FnOnce(&mut LogKey)) -> Outcome {
    if let Some(Screen::Logs(logs)) = cx.stack.top() {
        let mut key = logs.key.clone();
        change(&mut key);
        let screen = logs.of(key);
        cx.stack.replace(Screen::Logs(screen));
    }
    Ok(())
}

/// Offers the containers that there are, and all.
fn ask_container(cx: &mut Context<'_>) -> Outcome {
    let Some(Screen::Logs(logs)) = cx.stack.top() else { return Ok(()) };
    let known = cx.model.logs.get(&logs.key).map(|page| &page.containers);
    let offer = |name: &str, detail: &str| Offer {
        run: format!("choose-container {name}"),
        label: name.to_owned(),
        detail: detail.trim().to_owned(),
        ..Offer::default()
    };
    let all = offer(ALL_CONTAINERS, "all containers, init containers too");
    let named = known.into_iter().flatten().map(|(name, sign)| offer(name, sign));
    let offers = std::iter::once(all).chain(named).collect();
    let picker = Picker::new("containers", "container ", offers).free("choose-container ", |_| true);
    cx.stack.prompt = Some(Prompt::Pick(picker));
    Ok(())
}

/// Offers some answers to `command`, which takes others as well.
fn ask(cx: &mut Context<'_>, command: &'static str, answers: &[&str]) -> Outcome {
    let offer =
        |answer: &&str| Offer { label: (*answer).to_owned(), run: format!("{command} {answer}"), ..Offer::default() };
    let offers = answers.iter().map(offer).collect();
    let picker = match command {
        "since" => Picker::new("since", "since ", offers).free("since ", |text| since(text).is_ok()),
        _ => Picker::new("lines of the past", "tail ", offers).free("tail ", |text| tail(text).is_some()),
    };
    cx.stack.prompt = Some(Prompt::Pick(picker));
    Ok(())
}

fn wrong(text: &str, what: &str, hint: &str) -> Notice {
    Notice::warning(format!("`{text}` {what}"), hint)
}

/// Reads a number of lines.
fn tail(text: &str) -> Option<Tail> {
    if text == "all" { Some(Tail::All) } else { text.parse().ok().map(Tail::Lines) }
}

/// Reads how far back is looked; `all` is none.
fn since(text: &str) -> Result<Option<u32>, Notice> {
    if text == "all" {
        return Ok(None);
    }
    let wrong = || wrong(text, "is no time", "write for example 90s, 5m, 1h30m, 2d or all");
    duration(text).map(Some).ok_or_else(wrong)
}

/// Reads a duration in Go's way (`1h30m`), also in days and weeks, in seconds; parts of a second are rounded up.
fn duration(text: &str) -> Option<u32> {
    let (mut rest, mut sum) = (text, 0.0);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        sum += number.parse::<f64>().ok()? * seconds(unit)?;
        rest = after;
    }
    let whole = sum.ceil();
    // Go's own limit is 292 years; the field of the request takes fewer.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked in the same line")]
    (sum > 0.0 && whole <= f64::from(u32::MAX)).then_some(whole as u32)
}

/// How many seconds a unit has.
fn seconds(unit: &str) -> Option<f64> {
    Some(match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3_600.0,
        "d" => 86_400.0,
        "w" => 604_800.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_kubectl_reads_them() {
        let read = |text: &str| since(text).ok().map(|since| since.map_or(-1, i64::from));
        assert_eq!(
            ["all", "90s", "1h30m", "1.5h", "2d", "1m1s"].map(read),
            [-1, 90, 5_400, 5_400, 172_800, 61].map(Some)
        );
        assert_eq!(read("200ms"), Some(1), "nothing is lost by rounding");
        for wrong in ["", "5", "m", "5x", "1h30", "-5m", "0s", "1..5h", "99999999w", "ä5m", "5mä"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn lines_are_a_number_or_all() {
        assert_eq!(
            ["all", "0", "100", "-1", "x", ""].map(tail),
            [Some(Tail::All), Some(Tail::Lines(0)), Some(Tail::Lines(100)), None, None, None]
        );
    }
}
