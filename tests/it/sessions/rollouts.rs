//! Rollouts as a person sees them: the way back from a bad one, its progress, revisions and their difference.

use super::session::{Session, Start};
use serde_json::json;
use std::time::Duration;

/// Longer than keys are taken for typed ahead.
const LOOKED: Duration = Duration::from_millis(400);
/// Longer than a rollout of the demo takes.
const ROLLED_OUT: Duration = Duration::from_mins(3);

/// The deployments, with the cursor on the frontend.
async fn frontend() -> Session {
    let mut s = Start::at("deployments -n shop").go().await;
    s.run("filter frontend").await;
    s
}

/// Says yes to what is asked.
async fn confirm(s: &mut Session) -> &mut Session {
    s.shows("enter do it").wait(LOOKED).await.press("enter").await
}

/// The frontend after a change of its image.
async fn after_a_release() -> Session {
    let mut s = frontend().await;
    s.run("set-image frontend=registry.shop.example/frontend:broken").await;
    confirm(&mut s).await.wait(ROLLED_OUT).await;
    s
}

#[tokio::test(start_paused = true)]
async fn two_keys_and_enter_lead_back_and_the_same_screen_shows_the_end() {
    let mut s = after_a_release().await;
    s.press("r u").await.shows("roll back deployment shop/frontend from revision 2 to revision 1");
    s.shows("-         image: registry.shop.example/frontend:broken");
    s.shows("+         image: registry.shop.example/frontend:1.8.2");
    confirm(&mut s).await.shows("rollout of deployment shop/frontend rolling out");
    s.shows("Waiting for deployment \"frontend\" rollout to finish");
    s.wait(ROLLED_OUT).await.shows("deployment \"frontend\" successfully rolled out");
    s.shows("rollout of deployment shop/frontend done").shows("4 of 4 ready");
    s.press("q").await.shows("deployments(shop)");
}

#[tokio::test(start_paused = true)]
async fn any_two_revisions_are_compared_and_one_is_gone_back_to() {
    let mut s = after_a_release().await;
    s.press("r h").await.shows("revisions of deployment shop/frontend 2 revisions");
    s.shows("2         current").shows("frontend:broken");
    s.press("enter").await.shows("template of revision 2");
    s.press("esc").await.press("j enter").await.shows("revision 2 (current) → 1");
    s.shows("-     image: registry.shop.example/frontend:broken");
    s.shows("+     image: registry.shop.example/frontend:1.8.2");
    s.press("esc").await.press("space").await.shows("1 marked");
    s.press("k enter").await.shows("revision 1 → 2").shows("+     image: registry.shop.example/frontend:broken");
    s.press("esc").await.press("j u").await.shows("from revision 2 to revision 1");
    confirm(&mut s).await.shows("rollout of deployment shop/frontend");
    s.wait(ROLLED_OUT).await.press("esc").await.shows("3         current");
}

#[tokio::test(start_paused = true)]
async fn without_an_older_template_there_is_no_way_back() {
    let mut s = frontend().await;
    s.press("r u").await.shows("no rollout history found for deployment \"frontend\"").hides("enter do it");
    s.press("esc").await.run("rollout-undo 7").await.shows("unable to find specified revision 7 in history");
    s.press("esc").await.run("rollout-undo x").await.shows("\"x\" is no revision");
}

#[tokio::test(start_paused = true)]
async fn a_paused_deployment_is_neither_restarted_nor_rolled_back() {
    let mut s = after_a_release().await;
    s.press("r p").await.shows("pause the rollouts of deployment shop/frontend");
    confirm(&mut s).await.shows("done: pause");
    s.press("r r").await.shows("can't restart paused deployment").hides("enter do it");
    s.press("esc").await.press("r u").await.shows("you cannot rollback a paused deployment");
    s.press("esc").await.press("r p").await.shows("frontend is already paused");
    s.press("esc").await.press("r c").await;
    confirm(&mut s).await.shows("done: resume");
    s.press("r r").await;
    confirm(&mut s).await.shows("rollout of deployment shop/frontend");
    s.wait(ROLLED_OUT).await.shows("successfully rolled out");
}

#[tokio::test(start_paused = true)]
async fn what_holds_a_rollout_up_is_on_its_screen() {
    let mut s = frontend().await;
    s.press("r s").await.shows("successfully rolled out").hides("PODS THAT ARE NOT READY");
    s.run("set-image frontend=registry.shop.example/frontend:missing").await;
    s.shows("this needs a list");
    s.press("q").await.run("set-image frontend=registry.shop.example/frontend:broken").await;
    confirm(&mut s).await.press("r s").await.shows("PODS THAT ARE NOT READY").shows("0/1  Pending");
    s.wait(ROLLED_OUT).await.hides("PODS THAT ARE NOT READY").shows("EVENTS").shows("ScalingReplicaSet");
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_deleted_meanwhile_is_not_mistaken_for_the_next_of_its_name() {
    let mut s = frontend().await;
    s.press("r s").await.shows("successfully rolled out");
    let metadata = json!({ "namespace": "shop", "name": "frontend" });
    s.delete(json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata })).await;
    s.wait(LOOKED).await.shows("object has been deleted").shows("failed");
}

#[tokio::test(start_paused = true)]
async fn what_has_no_rollouts_says_so() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("rollout-undo").await.shows("a pod has no rollouts").hides("enter do it");
    s.run("rollout-status").await.shows("a pod has no rollouts");
    s.run("rollout-status nonsense").await.shows("a pod has no rollouts");
}
