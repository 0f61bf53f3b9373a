//! Kinds that the server serves and rutter has no file for: found, listed, changed, gone and back.

use super::session::Start;
use rutter::app::{self, Clock, Clusters, ReadOnlyContexts};
use rutter::demo::Fault;
use rutter::model::Notice;
use serde_json::json;
use std::time::Duration;

/// What a rutter says that is begun at this place.
async fn begun_at(place: &'static str) -> Result<(), Notice> {
    let start = Start::at(place);
    let clusters = Clusters::Demo(start.cluster(), ReadOnlyContexts::default());
    app::refuse_unknown(&start.setup(clusters, Clock::Wall)).await
}

#[tokio::test(start_paused = true)]
async fn a_place_that_no_server_knows_ends_the_program_before_the_screen_is_taken() {
    let refused = begun_at("backup -A").await.and(begun_at("deploy").await).and(begun_at("cluster-info").await);
    assert_eq!(refused, Ok(()));
    let notice = begun_at("bakcups -n data").await.unwrap_err();
    assert_eq!(notice.sentence, "the server doesn't have a resource type \"bakcups\"");
    assert_eq!(notice.hint, "did you mean backups?");
}

#[tokio::test(start_paused = true)]
async fn a_custom_resource_is_shown_by_its_printer_columns() {
    let mut s = Start::at("pods -A").size(160, 20).go().await;
    s.run("backups -A").await.shows("backups(all) 4").shows("SIZE (GIB)").shows("LAST RUN").hides("SCHEDULE");
    s.shows("statefulset/postgres").on("kafka").press("w").await.shows("SCHEDULE").shows("30 2 * * *");
    insta::assert_snapshot!(s.screen());
}

#[tokio::test(start_paused = true)]
async fn its_rows_are_live_and_its_age_goes_on() {
    let mut s = Start::at("blackouts").size(120, 20).go().await;
    s.shows(" blackouts 1").shows("black friday").shows("12d").shows("live");
    let blackout = |reason: &str| {
        let kind = ("ops.shop.example/v1", "Blackout");
        json!({"apiVersion": kind.0, "kind": kind.1, "metadata": {"name": "now"}, "spec": {"reason": reason}})
    };
    s.put(blackout("a fire")).await.shows(" blackouts 2").shows("a fire").shows("0s");
    s.wait(Duration::from_secs(7)).await.shows("7s").put(blackout("it is out")).await.shows("it is out");
    s.delete(blackout("")).await.shows(" blackouts 1").hides("it is out");
}

#[tokio::test(start_paused = true)]
async fn it_is_found_by_all_its_names() {
    let mut s = Start::at("pods -A").size(140, 30).go().await;
    for name in ["backup -A", "Backup all", "backups.storage.shop.example -A", "backups.v1.storage.shop.example -A"] {
        s.run("pods").await.run(name).await.shows("backups(all) 4");
    }
    s.run("csidrivers").await.shows("csidrivers 0").run("nodes").await.shows(" nodes 5");
    s.press(":").await.type_in("certs").await.shows("list Certificate (cert-manager.io/v1)").press("enter").await;
    s.shows("certificates(all) 2");
}

#[tokio::test(start_paused = true)]
async fn a_name_that_two_groups_have_is_asked_about() {
    let mut s = Start::at("pods -A").size(120, 20).go().await;
    s.run("bk -n data").await.shows("bk of which group?").shows("backups.storage.shop.example").shows("blackouts.ops");
    s.type_in("backups").await.press("enter").await.shows("backups(data) 3").hides("of which group");
}

#[tokio::test(start_paused = true)]
async fn a_definition_leads_to_its_objects_and_these_are_acted_on() {
    let mut s = Start::at("crd").size(120, 30).go().await;
    s.on("backups.storage.shop.example").press("enter").await.shows("backups(").run("ns data").await;
    s.shows("backups(data) 3").on("kafka").press("enter").await.shows("target: statefulset/kafka").press("esc").await;
    s.press("S").await.type_in("5").await.press("enter").await.shows("replicas").press("y").await;
    s.wait(Duration::from_secs(1)).await.press("w").await.shows("5");
}

#[tokio::test(start_paused = true)]
async fn what_it_owns_is_asked_about() {
    let mut s = Start::at("backups data").size(120, 30).go().await;
    let client = s.cluster().client();
    let uid = client.request::<serde_json::Value>(
        http::Request::get("/apis/storage.shop.example/v1/namespaces/data/backups/kafka").body(Vec::new()).unwrap(),
    );
    let uid = uid.await.unwrap()["metadata"]["uid"].clone();
    let owner = json!({"apiVersion": "storage.shop.example/v1", "kind": "Backup", "name": "kafka", "uid": uid});
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "plan", "namespace": "data", "ownerReferences": [owner]}});
    s.put(map).await.on("kafka").press("R").await.shows("owned by backup data/kafka").type_in("configm").await;
    s.press("enter")
        .await
        .shows("configmaps(data) 1 of")
        .on("plan")
        .press("o")
        .await
        .shows("backups(data)")
        .on("kafka");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_vanishes_says_so_and_comes_back() {
    let mut s = Start::at("backups -A").size(120, 20).go().await;
    s.shows("backups(all) 4").shows("live");
    s.cluster().fault(Fault::Unserve("backups".into())).await;
    s.cluster().fault(Fault::CloseWatches).await;
    s.until("not served any more").await.shows("backups(all) 4").shows("statefulset/kafka");
    s.cluster().fault(Fault::Clear).await;
    s.wait(Duration::from_secs(70)).await.hides("not served").shows("live").shows("backups(all) 4");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_appears_is_found() {
    let start = Start::at("pods -A").size(140, 20);
    let cluster = start.cluster();
    cluster.fault(Fault::Unserve("backups".into())).await;
    let mut s = start.over(&cluster).await;
    let backups = "backups.storage.shop.example -A";
    s.wait(Duration::from_secs(31)).await.run(backups).await.shows("neither a command nor a kind");
    cluster.fault(Fault::Clear).await;
    s.run(backups).await.shows("neither a command nor a kind");
    s.wait(Duration::from_secs(31)).await.run(backups).await.shows("backups(all) 4");
}

#[tokio::test(start_paused = true)]
async fn a_group_that_does_not_answer_is_told_once() {
    let start = Start::at("pods -A").size(140, 20);
    let cluster = start.cluster();
    let mut s = start.over(&cluster).await;
    cluster.fault(Fault::Stale("storage.shop.example".into())).await;
    s.wait(Duration::from_secs(31)).await.press(": esc").await;
    s.shows("could not say what it serves of storage.shop.example/v1").run("backups -A").await.shows("backups(all) 4");
}

#[tokio::test(start_paused = true)]
async fn what_the_server_serves_is_a_list() {
    let mut s = Start::at("pods -A").size(160, 40).go().await;
    s.run("api-resources").await.shows("SHORTNAMES").shows("configmaps").press("/").await.type_in("backup").await;
    s.press("enter").await.on("backups").press("w").await.shows("create,delete").press("y").await.shows("no objects");
    s.press("enter").await.shows("backups(all) 4");
    s.run("api-versions").await.shows("storage.shop.example/v1").shows("apps/v1");
}

#[tokio::test(start_paused = true)]
async fn selectors_are_the_servers() {
    let mut s = Start::at("pods shop").size(200, 20).go().await;
    s.run("pods -A -l 'app.kubernetes.io/name in (cart,frontend),!canary' --field-selector status.phase=Running").await;
    s.shows("-l app.kubernetes.io/name in (cart,frontend),!canary").shows("--field-selector status.phase=Running");
    s.shows("cart-").shows("frontend-").hides("catalog");
    s.run("pods -A -l 'a in ('").await.shows("unable to parse");
    // However narrow the screen is, all of the sentence is there.
    s.resize(40, 20).await.shows("unable to parse").shows("!=");
}
