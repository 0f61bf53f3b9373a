//! Cells that many kinds share: ages, ratios, maps, lists.

use jiff::Timestamp;
use serde_json::Value;

use crate::demo::clock::seconds_since;
use crate::demo::json::{entries, int, key, list, text};

/// The text at a path.
pub fn string(object: &Value, path: &str) -> Value {
    text(object, path).into()
}

/// The text at a path, or `<none>`.
pub fn or_none(object: &Value, path: &str) -> Value {
    or(object, path, "<none>")
}

/// The text (or number) at a path, or something else.
pub fn or(object: &Value, path: &str, other: &str) -> Value {
    match object.pointer(path) {
        Some(Value::String(found)) if !found.is_empty() => found.as_str().into(),
        Some(Value::Number(found)) => found.to_string().into(),
        Some(Value::Bool(found)) => found.to_string().into(),
        _ => other.into(),
    }
}

/// The number at a path.
pub fn count(object: &Value, path: &str) -> Value {
    int(object, path).into()
}

/// `2/3` of two numbers.
pub fn ratio(object: &Value, (part, whole): (&str, &str)) -> Value {
    format!("{}/{}", int(object, part), int(object, whole)).into()
}

/// The time since the moment at a path, `<unknown>` without one.
pub fn age(object: &Value, path: &str, now: Timestamp) -> Value {
    since(text(object, path), now).into()
}

/// The time since a moment, `<unknown>` without one.
pub fn since(moment: &str, now: Timestamp) -> String {
    seconds_since(moment, now).map_or_else(|| "<unknown>".to_owned(), human)
}

/// A duration as kubectl writes it (`apimachinery` `pkg/util/duration` `HumanDuration`).
pub fn human(seconds: i64) -> String {
    const HOUR: i64 = 3_600;
    const DAY: i64 = 24 * HOUR;
    let two = |large: (i64, &str), small: (i64, &str)| match seconds % large.0 / small.0 {
        0 => format!("{}{}", seconds / large.0, large.1),
        part => format!("{}{}{part}{}", seconds / large.0, large.1, small.1),
    };
    match seconds {
        i64::MIN..-1 => "<invalid>".to_owned(),
        -1..0 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        120..600 => two((60, "m"), (1, "s")),
        600..10_800 => format!("{}m", seconds / 60),
        10_800..28_800 => two((HOUR, "h"), (60, "m")),
        28_800..172_800 => format!("{}h", seconds / HOUR),
        172_800..691_200 => two((DAY, "d"), (HOUR, "h")),
        691_200..63_072_000 => format!("{}d", seconds / DAY),
        63_072_000..252_288_000 => two((365 * DAY, "y"), (DAY, "d")),
        _ => format!("{}y", seconds / (365 * DAY)),
    }
}

/// `a=b,c=d` of the map at a path, `<none>` when it is empty.
pub fn map(object: &Value, path: &str) -> Value {
    let pairs: Vec<_> = entries(object, path).map(|(k, v)| format!("{k}={}", v.as_str().unwrap_or_default())).collect();
    if pairs.is_empty() { "<none>".into() } else { pairs.join(",").into() }
}

/// A label selector as kubectl writes it.
pub fn selector(object: &Value, path: &str) -> Value {
    let mut terms: Vec<(&str, String)> = entries(object, &format!("{path}/matchLabels"))
        .map(|(k, v)| (k.as_str(), format!("{k}={}", v.as_str().unwrap_or_default())))
        .collect();
    for term in list(object, &format!("{path}/matchExpressions")) {
        let mut values: Vec<_> = list(term, "/values").iter().filter_map(Value::as_str).collect();
        values.sort_unstable();
        let name = text(term, "/key");
        let text = match text(term, "/operator") {
            "In" => format!("{name} in ({})", values.join(",")),
            "NotIn" => format!("{name} notin ({})", values.join(",")),
            "Exists" => name.to_owned(),
            _ => format!("!{name}"),
        };
        terms.push((name, text));
    }
    terms.sort_by_key(|(name, _)| *name);
    let terms: Vec<String> = terms.into_iter().map(|(_, text)| text).collect();
    if terms.is_empty() { "<none>".into() } else { terms.join(",").into() }
}

/// The name of a class, marked when one of these annotations says that it is the default one.
pub fn class_name(object: &Value, annotations: &[&str]) -> Value {
    let name = text(object, "/metadata/name");
    let marked = |annotation: &&str| key(object, "/metadata/annotations", annotation) == "true";
    if annotations.iter().any(marked) { format!("{name} (default)").into() } else { name.into() }
}

/// The field of every container of a pod template, joined by commas.
pub fn containers(object: &Value, field: &str) -> Value {
    containers_at(object, "/spec/template/spec/containers", field)
}

/// The same of a template elsewhere.
pub fn containers_at(object: &Value, path: &str, field: &str) -> Value {
    list(object, path).iter().map(|c| text(c, field)).collect::<Vec<_>>().join(",").into()
}
