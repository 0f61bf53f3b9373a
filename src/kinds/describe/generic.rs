//! Any kind without a describer of its own: its fields, sorted, under names made of those of the API.

use super::common::beginning;
use super::json::{Json, printed};
use super::related::Related;
use super::writer::Writer;

/// Fields that stand at the beginning, or are left out.
const SKIPPED: [&str; 5] =
    [".metadata.managedFields", ".metadata.name", ".metadata.namespace", ".metadata.labels", ".metadata.annotations"];
/// Words that are written in capitals.
const ACRONYMS: [&str; 4] = ["API", "URL", "UID", "GUID"];

/// The description.
pub(super) fn describe(object: Json<'_>, _: &Related, out: &mut Writer) {
    beginning(object, out);
    fields(object, (0, ""), out);
}

fn fields(object: Json<'_>, (level, path): (usize, &str), out: &mut Writer) {
    use serde_json::Value;
    for (name, value) in object.value().and_then(Value::as_object).into_iter().flatten() {
        let path = format!("{path}.{name}");
        if SKIPPED.contains(&path.as_str()) {
            continue;
        }
        let title = label(name);
        match value {
            Value::Object(_) => {
                out.line(level, format!("{title}:"));
                fields(Json::of(value), (level + 1, &path), out);
            }
            Value::Array(list) => {
                out.line(level, format!("{title}:"));
                for child in list {
                    if child.is_object() {
                        fields(Json::of(child), (level + 1, &path), out);
                    } else {
                        out.line(level + 1, printed(child));
                    }
                }
            }
            value => out.line(level, format!("{title}:\t{}", printed(value))),
        }
    }
}

/// `Last Transition Time` for `lastTransitionTime`. What is no plain name stays as it is.
fn label(field: &str) -> String {
    if field.chars().any(|c| !c.is_alphabetic() && c != '-') {
        return field.to_owned();
    }
    let mut words: Vec<String> = Vec::new();
    let mut parts = split(field).into_iter().peekable();
    while let Some(mut part) = parts.next() {
        let is_upper = part.len() >= 2 && part.chars().all(|c| !c.is_alphabetic() || c.is_uppercase());
        if let Some(next) = parts.next_if(|next| is_upper && next.starts_with(char::is_uppercase)) {
            part += &next;
        }
        words.push(word(part));
    }
    words.join(" ")
}

fn word(part: String) -> String {
    let upper = part.to_uppercase();
    if ACRONYMS.contains(&upper.as_str()) {
        return upper;
    }
    let mut letters = part.chars();
    match letters.next() {
        Some(first) if part == part.to_lowercase() => first.to_uppercase().chain(letters).collect(),
        _ => part,
    }
}

/// A name in camel case, taken apart: `podCIDRs` is `pod`, `CID`, `Rs`, as the library of kubectl has it.
fn split(name: &str) -> Vec<String> {
    let class = |c: char| (c.is_lowercase(), c.is_uppercase());
    let mut parts: Vec<String> = Vec::new();
    let mut before = None;
    for c in name.chars() {
        match parts.last_mut().filter(|_| before == Some(class(c))) {
            Some(part) => part.push(c),
            None => parts.push(c.to_string()),
        }
        before = Some(class(c));
    }
    // The last capital belongs to what follows it.
    for at in 1..parts.len() {
        let Some([upper, lower]) = parts.get_mut(at - 1..=at) else { continue };
        if upper.starts_with(char::is_uppercase) && lower.starts_with(char::is_lowercase) {
            lower.insert_str(0, &upper.pop().map(String::from).unwrap_or_default());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn names_are_made_readable() {
        let cases = [
            ("lastTransitionTime", "Last Transition Time"),
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("ownerReferences", "Owner References"),
            ("podIPs", "Pod I Ps"),
            ("clusterIP", "Cluster IP"),
            ("x.y/z", "x.y/z"),
            ("f:name", "f:name"),
            ("a-b", "A - B"),
            ("v1", "v1"),
        ];
        for (name, shown) in cases {
            assert_eq!(label(name), shown);
        }
    }
}
