//! The demo cannot lie: the same scenarios run against the demo and against the real control plane, and what can be
//! observed of them is the same.

mod acting;
mod lists;
mod log;
mod objects;
mod tables;
mod watches;
mod workloads;

use super::control_plane;
use super::wire::Wire;
use log::Log;
use rutter::demo::{Cluster, Fault, Story};
use serde_json::json;

/// Runs a scenario in a namespace of its own, on both, and compares what it wrote down.
async fn compare(namespace: &str, scenario: impl AsyncFn(&Wire, &str, &mut Log)) {
    let Some(plane) = control_plane::bare() else { return };
    let run = async |wire: Wire| {
        let own = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
        wire.post("/api/v1/namespaces", &own).await.ok(namespace);
        let mut log = Log::default();
        scenario(&wire, namespace, &mut log).await;
        log
    };
    let real = run(Wire(plane.anything("").await)).await;
    let demo = run(Wire(Cluster::start(Story::Empty).client())).await;
    log::assert_same(&real, &demo);
}

#[tokio::test]
async fn objects_are_written_alike() {
    compare("truth-objects", objects::written).await;
}

#[tokio::test]
async fn wrong_writes_fail_alike() {
    compare("truth-wrong", objects::refused).await;
}

#[tokio::test]
async fn objects_are_deleted_alike() {
    compare("truth-deleted", objects::deleted).await;
}

#[tokio::test]
async fn lists_are_paged_and_selected_alike() {
    compare("truth-lists", lists::lists).await;
}

#[tokio::test]
async fn wrong_lists_fail_alike() {
    compare("truth-wrong-lists", lists::refused).await;
}

#[tokio::test]
async fn watches_tell_the_same_in_the_same_order() {
    compare("truth-watches", watches::order).await;
}

#[tokio::test]
async fn watches_begin_and_end_alike() {
    compare("truth-watch-ends", watches::ends).await;
}

#[tokio::test]
async fn fields_are_managed_alike() {
    compare("truth-managers", acting::managed).await;
}

#[tokio::test]
async fn dry_runs_and_options_are_answered_alike() {
    compare("truth-acting", acting::asked).await;
}

#[tokio::test]
async fn workloads_are_scaled_alike() {
    compare("truth-scale", workloads::scale).await;
}

#[tokio::test]
async fn pods_are_handled_alike() {
    compare("truth-pods", workloads::pods).await;
}

#[tokio::test]
async fn who_one_is_and_what_one_may_is_asked_alike() {
    compare("truth-reviews", workloads::reviews).await;
}

#[tokio::test]
async fn what_is_forbidden_is_said_alike() {
    let Some(plane) = control_plane::bare() else { return };
    let demo = Cluster::start(Story::Empty);
    for path in ["/api/v1", "/apis/apps"] {
        demo.fault(Fault::Forbid(path.to_owned())).await;
    }
    let (mut one, mut other) = (Log::default(), Log::default());
    workloads::forbidden(&Wire(plane.anything("nobody").await), &mut one).await;
    workloads::forbidden(&Wire(demo.client()), &mut other).await;
    log::assert_same(&one, &other);
}

/// What a server that has forgotten the past says to who asks for it.
pub async fn forgets_alike(restarted: Wire) {
    let (mut real, mut demo) = (Log::default(), Log::default());
    watches::too_old(&restarted, &mut real).await;
    watches::too_old(&Wire(Cluster::start(Story::Empty).client()), &mut demo).await;
    log::assert_same(&real, &demo);
}
