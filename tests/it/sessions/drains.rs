//! Draining a node as a person does: the plan, what blocks it, the name to type, the progress, the stop, the summary.

use super::session::{Session, Start};
use rutter::demo::{Fault, Story};
use serde_json::json;
use std::time::Duration;

/// Longer than keys are taken for typed ahead.
const LOOKED: Duration = Duration::from_millis(400);
/// The node that is drained.
const NODE: &str = "worker-1";

/// The plan of a drain of the first worker, on a story in which pods end when they are told to.
async fn plan(story: Story) -> Session {
    let mut s = Start { story, ..Start::at("nodes").size(160, 50) }.go().await;
    s.run(&format!("filter {NODE}")).await.press("home").await.on(NODE).press("D").await;
    s.until("stay").await;
    s
}

/// The plan with everything allowed.
async fn allowed(story: Story) -> Session {
    let mut s = plan(story).await;
    s.press("d").await.press("e").await.press("f").await.until("would be").await.hides("BLOCKS");
    s
}

/// Types the node's name and presses enter.
async fn confirm(s: &mut Session) {
    s.press("enter").await.shows("type worker-1");
    s.wait(LOOKED).await.type_in(NODE).await.press("enter").await;
}

#[tokio::test(start_paused = true)]
async fn a_plan_says_what_happens_to_every_pod_and_changes_nothing() {
    let mut s = plan(Story::Still).await;
    s.shows("drain of node worker-1").shows("nothing was changed").shows("BLOCKS").shows("--ignore-daemonsets");
    s.press("enter").await.shows("block the drain").hides("type worker-1");
    s.press("esc").await.shows("worker-1").hides("SchedulingDisabled");
}

#[tokio::test(start_paused = true)]
async fn permissions_are_given_by_keys_and_typed() {
    let mut s = plan(Story::Still).await;
    s.shows("--ignore-daemonsets no").press("d").await.until("would be").await;
    s.shows("--ignore-daemonsets YES").shows("it belongs to the DaemonSet");
    s.run("drain --force --timeout=5m --grace-period=3").await.until("would be").await;
    s.shows("--ignore-daemonsets no").shows("--force YES").shows("--grace-period=3 --timeout=300s");
    s.run("drain --frce").await.shows("a drain has no option \"--frce\"");
}

#[tokio::test(start_paused = true)]
async fn the_name_has_to_be_typed_and_nothing_else_counts() {
    let mut s = allowed(Story::Full).await;
    s.press("enter").await.shows("type worker-1").shows("kubectl --context");
    s.press("enter").await.paste(NODE).await.press("enter").await.shows("type worker-1");
    s.wait(LOOKED).await.type_in("worker-2").await.press("enter").await.shows("type worker-1");
    s.press("esc").await.shows("nothing was changed");
    s.press("esc").await.hides("SchedulingDisabled");
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_what_holds_pods_and_its_summary_stays() {
    let mut s = allowed(Story::Full).await;
    s.shows("refused now").shows("the budget postgres allows no disruption now");
    confirm(&mut s).await;
    s.shows("running").wait(Duration::from_mins(1)).await;
    s.shows("The disruption budget postgres needs 3 healthy pods").shows("tried 1").shows("held by shop.example/hold");
    // The budget is freed, and what holds the other pod lets go.
    s.delete(json!({"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
        "metadata": {"namespace": "data", "name": "postgres"}}))
        .await;
    let held = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "default", "name": "legacy-importer",
        "finalizers": []}});
    s.put(held.clone()).await.delete(held).await;
    s.until("drained: 22 of 22 pods gone").await.press("esc").await.shows("SchedulingDisabled");
    s.run("journal").await.shows("drain node worker-1 (22 pods)").hides("FAILED");
}

#[tokio::test(start_paused = true)]
async fn a_drain_can_be_stopped_and_says_what_stays_in_force() {
    let mut s = allowed(Story::Still).await;
    confirm(&mut s).await;
    s.wait(Duration::from_secs(3)).await.shows("ending");
    s.press("x").await.until("stopped: ").await.shows("was told to end goes on ending");
    s.run("journal").await.shows("drain node worker-1");
}

#[tokio::test(start_paused = true)]
async fn a_drain_goes_on_while_something_else_is_looked_at() {
    let mut s = allowed(Story::Still).await;
    confirm(&mut s).await;
    s.press("esc").await.wait(Duration::from_mins(1)).await.on(NODE);
    s.press("D").await.shows("running").shows("ending").press("x").await.until("stopped: ").await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_drained_while_the_context_is_read_only() {
    let mut s = allowed(Story::Still).await;
    s.run("read-only").await.press("enter").await.hides("type worker-1").shows("read-only");
    s.press("esc").await.hides("SchedulingDisabled");
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_cannot_be_made_says_why() {
    let start = Start::at("nodes").size(160, 40);
    let cluster = start.cluster();
    cluster.fault(Fault::Forbid("/api/v1/pods".into())).await;
    let mut s = start.over(&cluster).await;
    s.run(&format!("filter {NODE}")).await.press("home").await.press("D").await;
    s.until("the pods of the node cannot be read").await.press("enter").await.shows("there is no plan yet");
}
