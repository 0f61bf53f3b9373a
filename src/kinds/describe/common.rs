//! What many descriptions share: labels, annotations, owners, conditions, selectors.

use super::json::Json;
use super::writer::Writer;
use crate::kinds::cell::{Cell, Tone};
use crate::kinds::row::{Reference, Uid};
use crate::kinds::selector::Selector;
use crate::kinds::time::Time;
use serde::Deserialize;

/// The annotation that is the whole object once more.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
/// The longest annotation that stands on one line, in bytes.
pub(super) const LONGEST: usize = 140;

/// Name and namespace.
pub(super) fn name_and_namespace(object: Json<'_>, out: &mut Writer) {
    out.field(0, "Name", object.at("metadata.name"));
    out.field(0, "Namespace", object.at("metadata.namespace"));
}

/// The namespace of an object, `""` when it has none.
pub(super) fn namespace(object: Json<'_>) -> &str {
    object.at("metadata.namespace").text()
}

/// Labels and annotations.
pub(super) fn labels_and_annotations(object: Json<'_>, out: &mut Writer) {
    labels(object.at("metadata.labels"), ("", "Labels"), out);
    annotations(object.at("metadata.annotations"), ("", "Annotations"), out);
}

/// What most objects begin with.
pub(super) fn beginning(object: Json<'_>, out: &mut Writer) {
    name_and_namespace(object, out);
    labels_and_annotations(object, out);
}

/// A map, one entry a line. Later lines are indented by `indent`, too.
pub(super) fn labels(labels: Json<'_>, (indent, title): (&str, &str), out: &mut Writer) {
    let lines = labels.entries().into_iter().map(|(key, value)| format!("{key}={}", value.text()));
    lines_under((indent, title), lines, out);
}

/// Lines behind a title and below each other; `<none>` when there are none.
pub(super) fn lines_under((indent, title): (&str, &str), lines: impl IntoIterator<Item = String>, out: &mut Writer) {
    out.write(0, format!("{indent}{title}:\t"));
    let mut lines = lines.into_iter();
    out.line(0, lines.next().unwrap_or_else(|| "<none>".to_owned()));
    for line in lines {
        // Piece by piece, since a nested writer indents each.
        out.write(0, indent);
        out.write(0, "\t");
        out.line(0, line);
    }
}

/// Annotations; those that are long or have several lines begin on a line of their own.
pub(super) fn annotations(annotations: Json<'_>, (indent, title): (&str, &str), out: &mut Writer) {
    out.write(0, format!("{indent}{title}:\t"));
    let shown: Vec<_> = annotations.entries().into_iter().filter(|(key, _)| *key != LAST_APPLIED).collect();
    if shown.is_empty() {
        return out.line(0, "<none>");
    }
    for (at, (key, value)) in shown.into_iter().enumerate() {
        let value = value.text();
        let value = value.strip_suffix('\n').unwrap_or(value);
        if at != 0 {
            out.write(0, "\t");
        }
        if value.len() + key.len() + 2 > LONGEST || value.contains('\n') {
            out.line(0, format!("{key}:"));
            value.split('\n').for_each(|line| out.line(0, format!("\t  {}", shortened(line, LONGEST - 2))));
        } else {
            out.line(0, format!("{key}: {value}"));
        }
    }
}

/// The first bytes of a text, and that there is more.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.as_bytes().get(..most).filter(|_| text.len() > most) {
        Some(bytes) => format!("{}...", String::from_utf8_lossy(bytes)),
        None => text.to_owned(),
    }
}

/// A map on one line, as `apimachinery` `FormatLabels`.
pub(super) fn on_one_line(labels: Json<'_>) -> String {
    let entries = labels.entries();
    let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}={}", value.text())).collect();
    if entries.is_empty() { "<none>".to_owned() } else { entries.join(",") }
}

/// The reference to the controller of an object.
pub(super) fn controller(object: Json<'_>) -> Option<Json<'_>> {
    object.at("metadata.ownerReferences").list().find(|owner| owner.at("controller").truth())
}

/// The controller, where there is one.
pub(super) fn controlled_by(object: Json<'_>, out: &mut Writer) {
    let Some(owner) = controller(object) else { return };
    out.field(0, "Controlled By", format!("{}/{}", owner.at("kind"), owner.at("name")));
    let group = owner.at("apiVersion").text().split_once('/').map_or("", |(group, _)| group);
    out.leads(Reference {
        uid: Some(Uid::parse(owner.at("uid").text())),
        ..reference((group, owner.at("kind").text()), object.at("metadata.namespace").text(), owner.at("name").text())
    });
}

/// The way to an object of which only the name is known.
pub(super) fn reference((group, kind): (&str, &str), namespace: &str, name: &str) -> Reference {
    Reference { group: group.into(), kind: kind.into(), namespace: namespace.into(), name: name.into(), uid: None }
}

/// A label selector: `""` when it selects everything or is missing, `None` when it is invalid.
pub(super) fn selector(selector: Json<'_>) -> Option<String> {
    match selector.value() {
        Some(value) => Selector::deserialize(value).ok()?.text(),
        None => Some(String::new()),
    }
}

/// A label selector as `apimachinery` `FormatLabelSelector` writes it.
pub(super) fn selector_or_none(json: Json<'_>) -> String {
    match selector(json) {
        Some(text) if text.is_empty() => "<none>".to_owned(),
        Some(text) => text,
        None => "<error>".to_owned(),
    }
}

/// A table of conditions: `columns` are fields, a blank `gap` before each tab.
pub(super) fn conditions(conditions: Json<'_>, columns: &[&str], gap: &str, out: &mut Writer) {
    for condition in conditions.list() {
        out.write(1, "");
        for (at, column) in columns.iter().enumerate() {
            let value = condition.at(column);
            let last = at + 1 == columns.len();
            let text = if column.ends_with("Time") { out.moment(value.text()) } else { value.to_string() };
            let tone = if *column == "status" { tone(condition) } else { Tone::Plain };
            out.say(&text, tone);
            out.write(0, if last { "" } else { gap });
            out.write(0, if last { "\n" } else { "\t" });
        }
    }
}

/// What the state of a condition means: `False` is what one wants of those that tell trouble.
pub(super) fn tone(condition: Json<'_>) -> Tone {
    let kind = condition.at("type").text();
    let trouble = ["Pressure", "Unavailable", "Failure", "Failed", "Limited"].iter().any(|end| kind.ends_with(end));
    match (condition.at("status").text(), trouble) {
        ("True", false) | ("False", true) => Tone::Good,
        ("True", true) | ("False", false) => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// `Terminating (lasts 3s)` when it is being deleted, else its phase.
pub(super) fn status(object: Json<'_>, out: &mut Writer) {
    let deleted = object.at("metadata.deletionTimestamp");
    if deleted.is_set() {
        return terminating(deleted, out);
    }
    let phase = object.at("status.phase").text();
    let tone = match phase {
        "Running" | "Bound" | "Available" | "Active" | "Succeeded" => Tone::Good,
        "Failed" | "Lost" => Tone::Bad,
        "Pending" | "Released" => Tone::Busy,
        _ => Tone::Plain,
    };
    out.toned(0, "Status", (phase, tone));
}

/// For how long it has been going.
pub(super) fn terminating(deleted: Json<'_>, out: &mut Writer) {
    out.write(0, "Status:\t");
    out.say("Terminating (lasts ", Tone::Warn);
    out.put(Cell::since(Time::parse(deleted.text())));
    out.say(")\n", Tone::Warn);
}

/// `True`, `False`, or `<unset>` when it is missing.
pub(super) fn truth_or_unset(truth: Json<'_>) -> &'static str {
    match (truth.is_set(), truth.truth()) {
        (false, _) => "<unset>",
        (true, true) => "True",
        (true, false) => "False",
    }
}

/// Texts with a comma and a blank between them, or `<none>`.
pub(super) fn joined(texts: &[&str], by: &str) -> String {
    if texts.is_empty() { "<none>".to_owned() } else { texts.join(by) }
}
