//! Holding a Deployment's rollouts and letting them go on, as kubectl 1.36 `rollout pause` and `rollout resume`.

use super::json::{is_set, text};
use super::{Patch, Workload};
use crate::cluster::gate::Problem;
use crate::cluster::json::at;
use serde_json::{Value, json};

/// The change that pauses `live`.
///
/// # Errors
/// When it is paused already, or is no Deployment.
pub fn pause(workload: Workload, live: &Value) -> Result<Patch, Problem> {
    only_deployments(workload, "pausing")?;
    if is_set(live, "/spec/paused") {
        return Err(Problem::new(
            format!("{} is already paused", text(live, "/metadata/name")),
            "resume lets it go on",
        ));
    }
    Ok(patch(live, &json!(true)))
}

/// The change that lets `live` go on. As kubectl it takes the field away.
///
/// # Errors
/// When it is not paused, or is no Deployment.
pub fn resume(workload: Workload, live: &Value) -> Result<Patch, Problem> {
    only_deployments(workload, "resuming")?;
    if !is_set(live, "/spec/paused") {
        return Err(Problem::new(format!("{} is not paused", text(live, "/metadata/name")), ""));
    }
    Ok(patch(live, &Value::Null))
}

fn only_deployments(workload: Workload, what: &str) -> Result<(), Problem> {
    if workload == Workload::Deployment {
        return Ok(());
    }
    Err(Problem::new(format!("{what} is not supported"), "only Deployments can be paused"))
}

fn patch(live: &Value, paused: &Value) -> Patch {
    let body = json!({ "metadata": { "uid": at(live, "/metadata/uid") }, "spec": { "paused": paused } });
    Patch::Strategic(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Workload::{DaemonSet, Deployment, StatefulSet};

    #[test]
    fn each_works_from_the_other_state_only() {
        let running = json!({ "metadata": { "name": "web", "uid": "u1" }, "spec": {} });
        let paused = json!({ "metadata": { "name": "web", "uid": "u1" }, "spec": { "paused": true } });
        let body = json!({ "metadata": { "uid": "u1" }, "spec": { "paused": true } });
        assert_eq!(pause(Deployment, &running).unwrap(), Patch::Strategic(body));
        assert_eq!(pause(Deployment, &paused).unwrap_err().sentence, "web is already paused");
        let body = json!({ "metadata": { "uid": "u1" }, "spec": { "paused": null } });
        assert_eq!(resume(Deployment, &paused).unwrap(), Patch::Strategic(body));
        assert_eq!(resume(Deployment, &running).unwrap_err().sentence, "web is not paused");
    }

    #[test]
    fn other_kinds_cannot_be_paused() {
        assert_eq!(pause(StatefulSet, &json!({})).unwrap_err().sentence, "pausing is not supported");
        assert_eq!(resume(DaemonSet, &json!({})).unwrap_err().sentence, "resuming is not supported");
    }
}
