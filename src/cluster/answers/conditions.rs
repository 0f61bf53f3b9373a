//! How an object of a kind that only its controller knows says it fares: by the conditions and fields that most have.

use super::sight::{items, text};
use crate::cluster::json::at;
use crate::kinds::{Cell, Tone};
use serde_json::Value;

/// Conditions that say whether an object does what it is for, the first that there is.
const GOOD: [&str; 4] = ["Ready", "Available", "Healthy", "Synced"];
/// Where objects say in one word what they do.
const WORDS: [&str; 4] = ["/status/phase", "/status/state", "/status/health/status", "/status/status"];

/// Whether the object is ready, and what it does; empty where it does not say.
pub fn said(object: &Value) -> (Cell, Cell) {
    let conditions = items(object, "/status/conditions");
    let is = |kind: &&str| conditions.iter().find(|condition| text(condition, "/type") == *kind);
    let condition = GOOD.iter().find_map(is);
    let ready = replicas(object).or_else(|| condition.map(truth)).unwrap_or_else(|| Cell::text(""));
    let word = WORDS.into_iter().map(|place| text(object, place)).find(|word| !word.is_empty());
    let status = word.or_else(|| condition.map(|condition| text(condition, "/reason"))).unwrap_or_default();
    (ready, Cell::text(status))
}

/// How many of how many replicas are ready.
fn replicas(object: &Value) -> Option<Cell> {
    let number = |place: &str| at(object, place).as_i64();
    let want = number("/spec/replicas").filter(|_| object.pointer("/status").is_some())?;
    let have = number("/status/readyReplicas").or_else(|| number("/status/availableReplicas"));
    have.map(|have| Cell::ratio(have, want))
}

/// What a condition says. One that does not hold is no failure yet: it may be on its way.
fn truth(condition: &Value) -> Cell {
    let status = text(condition, "/status");
    Cell::text(status).tone(if status == "True" { Tone::Good } else { Tone::Warn })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use serde_json::json;

    #[test]
    fn replicas_conditions_and_words_are_read() {
        let shown = |object: Value| {
            let (ready, status) = said(&object);
            (ready.show(Time(0)), status.show(Time(0)))
        };
        let condition = |kind: &str, status: &str| json!({"type": kind, "status": status, "reason": "Because"});
        let conditions = |all: &[Value]| json!({"status": {"conditions": all}});
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            shown(conditions(&[condition("Issuing", "True"), condition("Ready", "False")])),
            both("False", "Because")
        );
        assert_eq!(shown(conditions(&[condition("Issuing", "True")])), both("", ""));
        let rollout = json!({"spec": {"replicas": 3}, "status": {"readyReplicas": 2, "phase": "Progressing"}});
        assert_eq!(shown(rollout), both("2/3", "Progressing"));
        assert_eq!(shown(json!({"spec": {"replicas": 3}})), both("", ""));
        assert_eq!(shown(json!({"status": {"health": {"status": "Degraded"}}})), both("", "Degraded"));
    }
}
