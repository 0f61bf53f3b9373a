//! The events of an object, at the end of its description.

use super::json::Json;
use super::related::Missing;
use super::writer::Writer;
use crate::kinds::cell::{Cell, Tone};
use crate::kinds::time::Time;

/// The table of `events`, those that happened last at the end; events that only have a time of their own come first.
pub(super) fn events(events: Result<Vec<Json<'_>>, &Missing>, out: &mut Writer) {
    let mut events = match events {
        Ok(events) => events,
        Err(why) => return out.toned(0, "Events", (&format!("<cannot be read: {}>", why.sentence), Tone::Warn)),
    };
    if events.is_empty() {
        return out.field(0, "Events", "<none>");
    }
    events.sort_by_key(|event| Time::parse(event.at("lastTimestamp").text()));
    out.line(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage");
    out.row(1, &["----", "------", "----", "----", "-------"]);
    for event in events {
        row(event, out);
    }
}

fn row(event: Json<'_>, out: &mut Writer) {
    let kind = event.at("type").text();
    let tone = if kind == "Warning" { Tone::Warn } else { Tone::Plain };
    out.write(1, "");
    out.say(kind, tone);
    out.write(0, format!("\t{}\t", event.at("reason")));
    age(event, out);
    let source = event.at("source.component").text_or(event.at("reportingComponent").text());
    let path = event.at("involvedObject.fieldPath").text();
    let path = if path.is_empty() { String::new() } else { format!("{path}: ") };
    out.write(0, format!("\t{source}\t{path}"));
    out.say(event.at("message").text().trim(), tone);
    out.end();
}

/// `3m`, or `3m (x4 over 10m)` for what happened several times.
fn age(event: Json<'_>, out: &mut Writer) {
    let own = Time::parse(event.at("eventTime").text());
    let first = own.or_else(|| Time::parse(event.at("firstTimestamp").text()));
    let series = event.at("series");
    let (last, count) = if series.is_set() {
        (Time::parse(series.at("lastObservedTime").text()), series.at("count").int())
    } else if event.at("count").int() > 1 {
        (Time::parse(event.at("lastTimestamp").text()), event.at("count").int())
    } else {
        return out.put(Cell::since(first));
    };
    out.put(Cell::since(last));
    out.write(0, format!(" (x{count} over "));
    out.put(Cell::since(first));
    out.write(0, ")");
}
