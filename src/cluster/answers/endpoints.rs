//! What stands behind services: the endpoints of their slices, with what these say of them.

use super::ask::Watched;
use super::sight::{Sight, items, scalar, text};
use crate::cluster::gate::Problem;
use crate::cluster::json::at;
use crate::kinds::answer::{Piece, To};
use crate::kinds::endpointslices::EndpointSlices;
use crate::kinds::meta::group_of;
use crate::kinds::{Cell, Reference, Tone, Uid};
use serde_json::Value;

/// The slices of a service.
///
/// # Errors
/// When no answer came.
pub async fn slices(sight: &mut Sight<'_>, namespace: &str, service: &str) -> Result<Vec<Value>, Problem> {
    let labels = Some(format!("kubernetes.io/service-name={service}"));
    sight.list(Watched { labels, ..Watched::all(&EndpointSlices, Some(namespace)) }).await
}

/// The headings of [`rows`].
pub const HEADS: [&str; 6] = ["ENDPOINT", "PORTS", "STATE", "POD", "NODE", "ZONE"];

/// A line for each endpoint.
pub fn rows(slices: &[Value]) -> Vec<(Vec<Piece>, To)> {
    let each = slices.iter().flat_map(|slice| items(slice, "/endpoints").iter().map(move |endpoint| (slice, endpoint)));
    each.map(|(slice, endpoint)| row(slice, endpoint)).collect()
}

fn row(slice: &Value, endpoint: &Value) -> (Vec<Piece>, To) {
    let addresses: Vec<&str> = items(endpoint, "/addresses").iter().filter_map(Value::as_str).collect();
    let ports = items(slice, "/ports").iter().map(|port| scalar(port, "/port")).collect::<Vec<_>>().join(",");
    let cells = [
        Cell::text(addresses.join(",")),
        Cell::or_none(Some(ports)),
        state(endpoint),
        Cell::or_none(Some(text(endpoint, "/targetRef/name"))),
        Cell::or_none(Some(text(endpoint, "/nodeName"))),
        Cell::or_none(Some(text(endpoint, "/zone"))),
    ];
    (cells.map(Piece::from).into(), target(endpoint))
}

/// Whether an endpoint is ready. What is not said is true, but for `terminating` (`discovery/v1` `EndpointConditions`).
fn is_ready(endpoint: &Value) -> bool {
    at(endpoint, "/conditions/ready").as_bool().unwrap_or(true)
}

/// What an endpoint's conditions say.
fn state(endpoint: &Value) -> Cell {
    let ready = is_ready(endpoint);
    let serving = at(endpoint, "/conditions/serving").as_bool().unwrap_or(ready);
    let terminating = at(endpoint, "/conditions/terminating").as_bool().unwrap_or_default();
    let (text, tone) = match (ready, serving, terminating) {
        (true, _, false) => ("ready", Tone::Good),
        (true, _, true) => ("ready, terminating", Tone::Busy),
        (false, true, true) => ("serving, terminating", Tone::Busy),
        (false, true, false) => ("serving, not ready", Tone::Warn),
        (false, false, true) => ("terminating", Tone::Quiet),
        (false, false, false) => ("not ready", Tone::Bad),
    };
    Cell::text(text).tone(tone)
}

/// The object behind an endpoint.
fn target(endpoint: &Value) -> To {
    let of = at(endpoint, "/targetRef");
    if text(of, "/name").is_empty() {
        return To::Nowhere;
    }
    To::Object(Reference {
        group: group_of(text(of, "/apiVersion")).into(),
        kind: text(of, "/kind").into(),
        namespace: text(of, "/namespace").into(),
        name: text(of, "/name").into(),
        uid: Uid::uuid(text(of, "/uid")),
    })
}

/// `2 of 3 endpoints are ready`
pub fn summary(slices: &[Value]) -> Cell {
    let all: Vec<&Value> = slices.iter().flat_map(|slice| items(slice, "/endpoints")).collect();
    let ready = all.iter().filter(|endpoint| is_ready(endpoint)).count();
    let (text, tone) = match (ready, all.len()) {
        (_, 0) => ("it has no endpoints".to_owned(), Tone::Bad),
        (0, 1) => ("its only endpoint is not ready".to_owned(), Tone::Bad),
        (0, many) => (format!("none of {many} endpoints is ready"), Tone::Bad),
        (1, 1) => ("1 endpoint, ready".to_owned(), Tone::Good),
        (ready, many) if ready == many => (format!("{many} endpoints, all ready"), Tone::Good),
        (1, many) => (format!("1 of {many} endpoints is ready"), Tone::Warn),
        (ready, many) => (format!("{ready} of {many} endpoints are ready"), Tone::Warn),
    };
    Cell::text(text).tone(tone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use serde_json::json;

    #[test]
    fn conditions_are_told_in_words() {
        let shown = |ready: Value, serving: Value, terminating: Value| {
            let conditions = json!({"ready": ready, "serving": serving, "terminating": terminating});
            state(&json!({"conditions": conditions})).show(Time(0))
        };
        let none = || Value::Null;
        assert_eq!(shown(none(), none(), none()), "ready");
        assert_eq!(shown(json!(false), none(), none()), "not ready");
        assert_eq!(shown(json!(false), json!(true), json!(true)), "serving, terminating");
        assert_eq!(shown(json!(false), json!(false), json!(true)), "terminating");
        assert_eq!(shown(json!(false), json!(true), none()), "serving, not ready");
    }

    #[test]
    fn the_sum_is_told_in_words() {
        let shown = |ready: &[bool]| {
            let each: Vec<Value> = ready.iter().map(|ready| json!({"conditions": {"ready": ready}})).collect();
            summary(&[json!({"endpoints": each})]).show(Time(0))
        };
        assert_eq!(shown(&[]), "it has no endpoints");
        assert_eq!(shown(&[false]), "its only endpoint is not ready");
        assert_eq!(shown(&[true]), "1 endpoint, ready");
        assert_eq!(shown(&[true, false, false]), "1 of 3 endpoints is ready");
        assert_eq!(shown(&[true, true]), "2 endpoints, all ready");
    }
}
