//! One try for one pod: to tell it to go, or to look whether it is gone, and what the answer means.

use super::pod::Pod;
use super::wire;
use crate::cluster::gate::{Problem, Reader, Trouble, Writer};
use crate::cluster::url::encode;
use crate::kinds::Time;
use crate::kinds::drain::{Means, Options, PlannedPod};
use crate::text::safe;
use serde_json::Value;
use std::time::Duration;

/// How long is waited before a pod is asked again, as kubectl does.
pub const AGAIN: Duration = Duration::from_secs(5);
/// The longest wait that a server can ask for.
const LONGEST: Duration = Duration::from_mins(1);

/// What a try came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The pod is gone, or another one has its name.
    Gone,
    /// It was told to end.
    Accepted,
    /// It is still there, and its deletion was asked for.
    Ending {
        /// What has to be done before it may go.
        held: Vec<String>,
        /// By when it should have ended.
        due: Option<Time>,
    },
    /// It is still there, and nobody asked for its deletion.
    Alive,
    /// Not now.
    Refused {
        /// Why.
        why: String,
        /// For how long.
        wait: Duration,
    },
    /// Not at all.
    Failed(String),
    /// Nothing was learnt.
    Nothing(String),
}

/// A pod that has to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// UID, as the server writes it.
    pub uid: String,
}

impl From<&PlannedPod> for Target {
    fn from(pod: &PlannedPod) -> Self {
        Self { namespace: pod.namespace.clone(), name: pod.name.clone(), uid: pod.uid.clone() }
    }
}

/// Looks at a pod.
pub async fn look(reader: &Reader, target: &Target) -> Outcome {
    let mut url = "/api/v1/namespaces/".to_owned();
    encode(&target.namespace, &mut url);
    url.push_str("/pods/");
    encode(&target.name, &mut url);
    match reader.find(&url).await.map(|found| found.map(serde_json::from_value::<Pod>)) {
        Ok(None) => Outcome::Gone,
        Ok(Some(Ok(pod))) if pod.metadata.uid != target.uid => Outcome::Gone,
        Ok(Some(Ok(pod))) => match pod.metadata.deletion_timestamp {
            None => Outcome::Alive,
            due => Outcome::Ending { held: pod.metadata.finalizers, due },
        },
        Ok(Some(Err(error))) => Outcome::Nothing(error.to_string()),
        Err(Problem { trouble: Trouble::Refused(401 | 403), sentence, .. }) => {
            Outcome::Failed(format!("it cannot be looked at: {sentence}"))
        }
        Err(problem) => Outcome::Nothing(problem.sentence),
    }
}

/// Tells a pod to go. From the second time on it is looked at first: what was lost may have arrived.
pub async fn ask(
    (reader, writer): (Reader, Writer),
    target: Target,
    (means, options): (Means, Options),
    tries: u32,
) -> Outcome {
    let seen = if tries > 1 { look(&reader, &target).await } else { Outcome::Alive };
    if matches!(seen, Outcome::Gone | Outcome::Ending { .. }) {
        return seen;
    }
    let wire = wire::remove((&target.namespace, &target.name, &target.uid), means, &options);
    match writer.exchange(&wire).await {
        Ok((code, body)) => answer(code, &body),
        Err(problem) => Outcome::Refused { why: problem.sentence, wait: AGAIN },
    }
}

/// What an answer means.
fn answer(code: u16, body: &Value) -> Outcome {
    let again = |why: String| Outcome::Refused { why, wait: wait(body) };
    match code {
        200..=299 => Outcome::Accepted,
        404 => Outcome::Gone,
        // It will go with its namespace, where evictions are refused for ever; the next look sees it going.
        403 if has_cause(body, "NamespaceTerminating") => {
            again("its namespace is being deleted, and will take it along".to_owned())
        }
        429 => again(refusal(body)),
        // Another pod of this name, or one that changed meanwhile: the next look tells.
        409 | 502..=504 => again(message(code, body)),
        _ => Outcome::Failed(message(code, body)),
    }
}

/// Why a disruption was refused: the cause names the budget and its numbers.
fn refusal(body: &Value) -> String {
    let causes = body.pointer("/details/causes").and_then(Value::as_array);
    let budget = causes.into_iter().flatten().find(|cause| cause["reason"] == "DisruptionBudget");
    match budget.and_then(|cause| cause["message"].as_str()) {
        Some(why) => safe(why).into_owned(),
        None => {
            body["message"].as_str().map_or_else(|| "the server asks to wait".to_owned(), |why| safe(why).into_owned())
        }
    }
}

fn has_cause(body: &Value, reason: &str) -> bool {
    let causes = body.pointer("/details/causes").and_then(Value::as_array);
    causes.is_some_and(|causes| causes.iter().any(|cause| cause["reason"] == reason))
}

/// How long the server asks to wait, and no shorter than kubectl waits.
fn wait(body: &Value) -> Duration {
    let seconds = body.pointer("/details/retryAfterSeconds").and_then(Value::as_u64).unwrap_or_default();
    Duration::from_secs(seconds).clamp(AGAIN, LONGEST)
}

/// What the server says about a refusal.
pub fn message(code: u16, body: &Value) -> String {
    Problem::of_answer(code, body).sentence
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answered(code: u16, body: &Value) -> Outcome {
        answer(code, body)
    }

    fn refused(why: &str, seconds: u64) -> Outcome {
        Outcome::Refused { why: why.to_owned(), wait: Duration::from_secs(seconds) }
    }

    #[test]
    fn a_refusal_names_the_budget() {
        let why = "The disruption budget web needs 2 healthy pods and has 2 currently";
        let causes = json!([{"reason": "DisruptionBudget", "message": why}]);
        let body = json!({"message": "Cannot evict pod", "details": {"causes": causes}});
        assert_eq!(answered(429, &body), refused(why, 5));
        assert_eq!(answered(429, &json!({"message": "slow down"})), refused("slow down", 5));
        assert_eq!(answered(429, &Value::Null), refused("the server asks to wait", 5));
    }

    #[test]
    fn the_server_may_ask_for_more_time_but_not_for_any() {
        let body = |seconds: u64| json!({"message": "busy", "details": {"retryAfterSeconds": seconds}});
        for (asked, waited) in [(1, 5), (10, 10), (86_400, 60)] {
            assert_eq!(answered(429, &body(asked)), refused("busy", waited));
        }
    }

    #[test]
    fn in_a_namespace_that_goes_a_pod_goes_by_itself() {
        let body = json!({"message": "no", "details": {"causes": [{"reason": "NamespaceTerminating"}]}});
        let why = "its namespace is being deleted, and will take it along";
        assert_eq!(answered(403, &body), refused(why, 5));
        assert_eq!(answered(403, &json!({"message": "no"})), Outcome::Failed("no".to_owned()));
    }

    #[test]
    fn what_else_can_be_answered() {
        assert_eq!(answered(201, &Value::Null), Outcome::Accepted);
        assert_eq!(answered(404, &Value::Null), Outcome::Gone);
        for code in [409, 502, 503, 504] {
            assert_eq!(answered(code, &json!({"message": "x"})), refused("x", 5), "{code}");
        }
        for code in [400, 401, 405, 422, 500] {
            assert_eq!(answered(code, &json!({"message": "x"})), Outcome::Failed("x".to_owned()), "{code}");
        }
        assert_eq!(answered(500, &Value::Null), Outcome::Failed("the API server answered 500".to_owned()));
    }

    #[test]
    fn what_the_server_says_cannot_reach_the_terminal() {
        assert_eq!(answered(500, &json!({"message": "\u{1b}[2J"})), Outcome::Failed("^[[2J".to_owned()));
    }
}
