//! Tests of what is said about a rollout, one for each sentence of kubectl.

use super::Workload::{DaemonSet, Deployment, StatefulSet};
use super::status::{deleted, status};
use crate::kinds::rollout::{Phase, Progress};
use serde_json::{Value, json};

/// A Deployment of three pods: how many there are, updated ones, and those that can be used.
fn deployment(replicas: u32, updated: u32, available: u32) -> Value {
    json!({
        "metadata": { "name": "web", "generation": 2, "annotations": { "deployment.kubernetes.io/revision": "4" } },
        "spec": { "replicas": 3 },
        "status": {
            "observedGeneration": 2, "replicas": replicas, "updatedReplicas": updated, "availableReplicas": available,
        },
    })
}

fn said(progress: &Progress) -> (Phase, &str) {
    (progress.phase, &progress.sentence)
}

#[test]
fn a_deployment_is_told_step_by_step() {
    let finish = "Waiting for deployment \"web\" rollout to finish";
    let cases = [
        (deployment(4, 1, 3), Phase::Waiting, format!("{finish}: 1 out of 3 new replicas have been updated...")),
        (deployment(5, 3, 3), Phase::Waiting, format!("{finish}: 2 old replicas are pending termination...")),
        (deployment(3, 3, 1), Phase::Waiting, format!("{finish}: 1 of 3 updated replicas are available...")),
        (deployment(3, 3, 3), Phase::Done, "deployment \"web\" successfully rolled out".to_owned()),
    ];
    for (live, phase, sentence) in cases {
        assert_eq!(said(&status(Deployment, &live, None)), (phase, sentence.as_str()));
    }
}

#[test]
fn a_status_of_an_older_spec_tells_nothing() {
    let mut live = deployment(3, 3, 3);
    live["metadata"]["generation"] = 3.into();
    let progress = status(Deployment, &live, None);
    assert_eq!(said(&progress), (Phase::Waiting, "Waiting for deployment spec update to be observed..."));
    assert_eq!((progress.updated, progress.usable, progress.old), (0, 0, 3), "they are pods of the template before");
    live["spec"]["updateStrategy"] = json!({ "type": "RollingUpdate" });
    let progress = status(DaemonSet, &live, None);
    assert_eq!(said(&progress), (Phase::Waiting, "Waiting for daemon set spec update to be observed..."));
    let progress = status(StatefulSet, &live, None);
    assert_eq!(said(&progress), (Phase::Waiting, "Waiting for statefulset spec update to be observed..."));
}

#[test]
fn an_exceeded_deadline_is_a_failure_with_its_reason() {
    let mut live = deployment(4, 1, 3);
    let message = "ReplicaSet \"web-1\" has timed out progressing.";
    live["status"]["conditions"] = json!([
        { "type": "Available", "reason": "MinimumReplicasAvailable" },
        { "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded", "message": message },
    ]);
    let progress = status(Deployment, &live, None);
    assert_eq!(said(&progress), (Phase::Failed, "deployment \"web\" exceeded its progress deadline"));
    assert_eq!(progress.detail, message);
    live["metadata"]["generation"] = 3.into();
    assert_eq!(status(Deployment, &live, None).phase, Phase::Waiting, "the condition is of the spec before");
}

#[test]
fn another_revision_than_the_one_asked_for_is_a_failure() {
    let mut live = deployment(3, 3, 3);
    assert_eq!(status(Deployment, &live, Some(4)).phase, Phase::Done);
    assert_eq!(status(Deployment, &live, Some(0)).phase, Phase::Done, "0 asks for any");
    let progress = status(Deployment, &live, Some(3));
    assert_eq!(said(&progress), (Phase::Failed, "desired revision (3) is different from the running revision (4)"));
    live["metadata"]["annotations"]["deployment.kubernetes.io/revision"] = "x".into();
    let progress = status(Deployment, &live, Some(3));
    let sentence = "cannot get the revision of deployment \"web\": \"x\" is no number";
    assert_eq!(said(&progress), (Phase::Failed, sentence));
}

#[test]
fn a_paused_deployment_says_why_nothing_moves() {
    let mut live = deployment(3, 0, 3);
    live["spec"]["paused"] = true.into();
    assert_eq!(status(Deployment, &live, None).detail, "it is paused: nothing moves until it is resumed");
}

#[test]
fn available_pods_may_be_old_ones() {
    let progress = status(Deployment, &deployment(4, 2, 3), None);
    assert_eq!((progress.wanted, progress.updated, progress.usable, progress.old), (3, 2, 1, 2));
    let progress = status(Deployment, &deployment(4, 1, 3), None);
    assert_eq!((progress.wanted, progress.updated, progress.usable, progress.old), (3, 1, 0, 3));
    let progress = status(Deployment, &deployment(3, 3, 3), None);
    assert_eq!((progress.wanted, progress.updated, progress.usable, progress.old), (3, 3, 3, 0));
}

/// A DaemonSet on this many nodes.
fn daemon_set(desired: u32, updated: u32, available: u32) -> Value {
    json!({
        "metadata": { "name": "agent", "generation": 1 },
        "spec": { "updateStrategy": { "type": "RollingUpdate" } },
        "status": {
            "observedGeneration": 1, "desiredNumberScheduled": desired, "currentNumberScheduled": desired,
            "updatedNumberScheduled": updated, "numberAvailable": available,
        },
    })
}

#[test]
fn a_daemon_set_is_told_step_by_step() {
    let finish = "Waiting for daemon set \"agent\" rollout to finish";
    let cases = [
        (daemon_set(3, 1, 3), Phase::Waiting, format!("{finish}: 1 out of 3 new pods have been updated...")),
        (daemon_set(3, 3, 2), Phase::Waiting, format!("{finish}: 2 of 3 updated pods are available...")),
        (daemon_set(3, 3, 3), Phase::Done, "daemon set \"agent\" successfully rolled out".to_owned()),
        (daemon_set(0, 0, 0), Phase::Done, "daemon set \"agent\" successfully rolled out".to_owned()),
    ];
    for (live, phase, sentence) in cases {
        assert_eq!(said(&status(DaemonSet, &live, None)), (phase, sentence.as_str()));
    }
    let progress = status(DaemonSet, &daemon_set(3, 2, 2), None);
    assert_eq!((progress.wanted, progress.updated, progress.usable, progress.old), (3, 2, 1, 1));
}

#[test]
fn only_rolling_updates_can_be_followed() {
    let live = json!({ "spec": { "updateStrategy": { "type": "OnDelete" } } });
    for workload in [DaemonSet, StatefulSet] {
        let sentence = "rollout status is only available for RollingUpdate strategy type";
        assert_eq!(said(&status(workload, &live, None)), (Phase::Failed, sentence));
    }
}

/// A StatefulSet of three pods without partition, as old servers leave it.
fn stateful_set(updated: u32, ready: u32) -> Value {
    json!({
        "metadata": { "name": "db", "generation": 2 },
        "spec": { "replicas": 3, "updateStrategy": { "type": "RollingUpdate" } },
        "status": {
            "observedGeneration": 2, "replicas": 3, "updatedReplicas": updated, "readyReplicas": ready,
            "currentReplicas": 3, "currentRevision": "db-1", "updateRevision": "db-2",
        },
    })
}

#[test]
fn a_stateful_set_is_told_step_by_step() {
    let mut live = stateful_set(1, 2);
    assert_eq!(said(&status(StatefulSet, &live, None)), (Phase::Waiting, "Waiting for 1 pods to be ready..."));
    live = stateful_set(1, 3);
    let sentence = "waiting for statefulset rolling update to complete 1 pods at revision db-2...";
    assert_eq!(said(&status(StatefulSet, &live, None)), (Phase::Waiting, sentence));
    live["status"]["currentRevision"] = "db-2".into();
    let sentence = "statefulset rolling update complete 3 pods at revision db-2...";
    assert_eq!(said(&status(StatefulSet, &live, None)), (Phase::Done, sentence));
    live["status"]["observedGeneration"] = 0.into();
    live["metadata"]["generation"] = 0.into();
    let sentence = "Waiting for statefulset spec update to be observed...";
    assert_eq!(said(&status(StatefulSet, &live, None)), (Phase::Waiting, sentence), "0 means never observed");
}

#[test]
fn a_partition_leaves_pods_as_they_are() {
    let mut live = stateful_set(0, 3);
    live["spec"]["updateStrategy"]["rollingUpdate"] = json!({ "partition": 1 });
    let sentence = "Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...";
    assert_eq!(said(&status(StatefulSet, &live, None)), (Phase::Waiting, sentence));
    live["status"]["updatedReplicas"] = 2.into();
    let progress = status(StatefulSet, &live, None);
    assert_eq!(said(&progress), (Phase::Done, "partitioned roll out complete: 2 new pods have been updated..."));
    assert_eq!((progress.wanted, progress.updated, progress.usable, progress.old), (2, 2, 2, 1));
    live["spec"]["updateStrategy"]["rollingUpdate"] = json!({});
    assert_eq!(status(StatefulSet, &live, None).phase, Phase::Done, "without a number there is nothing to count");
}

#[test]
fn a_deleted_object_is_a_failure() {
    assert_eq!(said(&deleted()), (Phase::Failed, "object has been deleted"));
}
