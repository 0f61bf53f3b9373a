//! Replacing all pods of a workload, as kubectl 1.36 `rollout restart`.

use super::json::{annotation, is_set, text};
use super::{Patch, Workload};
use crate::cluster::gate::Problem;
use crate::cluster::json::at;
use crate::kinds::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};

/// The annotation of the pod template that says when.
const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// The change that restarts `live`; `now` is [`stamp`]'s.
///
/// # Errors
/// A paused Deployment, or one that was restarted in this second.
pub fn restart(workload: Workload, live: &Value, now: &str) -> Result<Patch, Problem> {
    if workload == Workload::Deployment && is_set(live, "/spec/paused") {
        let sentence = "can't restart paused deployment (run rollout resume first)";
        return Err(Problem::new(sentence, "resume it, then try again"));
    }
    if annotation(at(live, "/spec/template"), RESTARTED_AT) == Some(now) {
        let name = text(live, "/metadata/name");
        return Err(Problem::new(
            format!("{name} was restarted within the past second"),
            "wait before restarting again",
        ));
    }
    let template = json!({ "metadata": { "annotations": { RESTARTED_AT: now } } });
    // kubectl does not send the UID: it may restart an object that took the place of the one that was meant.
    let body = json!({ "metadata": { "uid": at(live, "/metadata/uid") }, "spec": { "template": template } });
    Ok(Patch::Strategic(body))
}

/// A moment as kubectl writes it: whole seconds, in the local time zone.
pub fn stamp(now: Time) -> String {
    let moment = Timestamp::from_second(now.0).unwrap_or_default();
    written(&moment.to_zoned(TimeZone::system()))
}

/// A moment with the offset of its time zone, `Z` where that is none.
fn written(now: &Zoned) -> String {
    let zone = if now.offset().is_zero() { "Z".to_owned() } else { now.strftime("%:z").to_string() };
    now.strftime("%Y-%m-%dT%H:%M:%S").to_string() + &zone
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(spec: &Value) -> Value {
        json!({ "metadata": { "name": "web", "uid": "u1" }, "spec": spec })
    }

    #[test]
    fn only_the_annotation_is_sent_and_whose_it_is() {
        let live = deployment(&json!({ "template": { "metadata": { "annotations": { "a": "b" } } } }));
        let patch = restart(Workload::Deployment, &live, "2026-11-25T10:00:00+01:00").unwrap();
        let annotations = json!({ "kubectl.kubernetes.io/restartedAt": "2026-11-25T10:00:00+01:00" });
        let spec = json!({ "template": { "metadata": { "annotations": annotations } } });
        assert_eq!(patch, Patch::Strategic(json!({ "metadata": { "uid": "u1" }, "spec": spec })));
    }

    #[test]
    fn a_paused_deployment_is_not_restarted() {
        let live = deployment(&json!({ "paused": true }));
        let refused = restart(Workload::Deployment, &live, "now").unwrap_err();
        assert_eq!(refused.sentence, "can't restart paused deployment (run rollout resume first)");
        assert!(restart(Workload::StatefulSet, &live, "now").is_ok(), "only Deployments can be paused");
    }

    #[test]
    fn twice_in_a_second_is_an_error() {
        let live = deployment(&json!({ "template": { "metadata": { "annotations": { RESTARTED_AT: "now" } } } }));
        let refused = restart(Workload::DaemonSet, &live, "now").unwrap_err();
        assert_eq!(refused.sentence, "web was restarted within the past second");
        assert!(restart(Workload::DaemonSet, &live, "later").is_ok());
    }

    #[test]
    fn moments_have_seconds_and_the_local_offset() {
        let read = |text: &str| text.parse::<Zoned>().unwrap();
        assert_eq!(written(&read("2026-11-25T10:00:00.9+05:30[+05:30]")), "2026-11-25T10:00:00+05:30");
        assert_eq!(written(&read("2026-01-05T01:02:03-08:00[-08:00]")), "2026-01-05T01:02:03-08:00");
        assert_eq!(written(&read("2026-11-25T10:00:00Z[UTC]")), "2026-11-25T10:00:00Z");
    }
}
