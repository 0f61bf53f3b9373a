//! The demo cluster as its users see it: through the unmodified client, on tokio's paused clock.

use http::Request;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Node, Pod};
use kube::api::{Api, DeleteParams, ListParams, LogParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use serde_json::{Value, json};
use std::pin::pin;
use std::time::Duration;

use super::{Cluster, Fault, Story};

fn cluster(story: Story) -> Cluster {
    Cluster::start_at(story, "2026-11-23T12:00:00Z".parse().unwrap())
}

async fn raw(cluster: &Cluster, path: &str, accept: &str) -> Result<Value, kube::Error> {
    let request = Request::get(path).header("accept", accept).body(Vec::new()).unwrap();
    cluster.client().request(request).await
}

async fn next<T>(
    events: &mut (impl futures::Stream<Item = kube::Result<WatchEvent<T>>> + Unpin),
) -> Option<kube::Result<WatchEvent<T>>> {
    std::future::poll_fn(|cx| std::pin::Pin::new(&mut *events).poll_next(cx)).await
}

async fn of_app(client: kube::Client, name: &str) -> Vec<Pod> {
    let params = ListParams::default().labels(&format!("app.kubernetes.io/name={name}"));
    Api::<Pod>::namespaced(client, "shop").list(&params).await.unwrap().items
}

fn code<T>(result: Result<T, kube::Error>) -> Option<u16> {
    match result {
        Err(kube::Error::Api(status)) => Some(status.code),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn the_cast_is_there_and_stays_the_same() {
    let names = async || {
        let pods = Api::<Pod>::all(cluster(Story::Still).client()).list(&ListParams::default()).await.unwrap();
        pods.items.into_iter().map(|pod| (pod.metadata.name, pod.metadata.uid)).collect::<Vec<_>>()
    };
    let first = names().await;
    assert!((60..=95).contains(&first.len()), "{} pods", first.len());
    assert_eq!(first, names().await);
    let empty = cluster(Story::Empty).client();
    assert_eq!(Api::<Pod>::all(empty.clone()).list(&ListParams::default()).await.unwrap().items.len(), 0);
    assert_eq!(Api::<Node>::all(empty).list(&ListParams::default()).await.unwrap().items.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn selectors_limit_and_continue_choose_what_is_listed() {
    let pods = Api::<Pod>::namespaced(cluster(Story::Still).client(), "shop");
    let count = async |params: ListParams| pods.list(&params).await.unwrap().items.len();
    assert_eq!(count(ListParams::default().labels("app.kubernetes.io/name=frontend")).await, 4);
    assert_eq!(count(ListParams::default().labels("app.kubernetes.io/name in (frontend,cart)")).await, 6);
    assert_eq!(count(ListParams::default().fields("status.phase=Pending")).await, 1);
    assert_eq!(code(pods.list(&ListParams::default().fields("spec.color=red")).await), Some(400));
    let all = count(ListParams::default()).await;
    let first = pods.list(&ListParams::default().limit(5)).await.unwrap();
    let token = first.metadata.continue_.unwrap();
    assert_eq!((first.items.len(), first.metadata.remaining_item_count), (5, Some(i64::try_from(all).unwrap() - 5)));
    assert_eq!(count(ListParams::default().limit(500).continue_token(&token)).await, all - 5);
}

#[tokio::test(start_paused = true)]
async fn a_deployment_that_is_scaled_settles() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    let five = Patch::Merge(json!({"spec": {"replicas": 5}}));
    let scale = deployments.patch_scale("catalog", &PatchParams::default(), &five).await.unwrap();
    assert_eq!(scale.spec.unwrap().replicas, Some(5));
    tokio::time::sleep(Duration::from_secs(1)).await;
    let ready = async || deployments.get("catalog").await.unwrap().status.unwrap().ready_replicas;
    assert_eq!(ready().await, Some(3));
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(ready().await, Some(5));
    let running = of_app(client, "catalog")
        .await
        .into_iter()
        .filter(|pod| pod.status.as_ref().unwrap().phase.as_deref() == Some("Running"));
    assert_eq!(running.count(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_replaces_every_pod_and_counts_the_revision() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    let image = json!({"spec": {"template": {"spec": {"containers": [{"name": "catalog", "image": "registry.shop.example/catalog:2.13.0"}]}}}});
    deployments.patch("catalog", &PatchParams::default(), &Patch::Strategic(image)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
    let after = deployments.get("catalog").await.unwrap();
    let status = after.status.unwrap();
    assert_eq!((status.updated_replicas, status.ready_replicas, status.replicas), (Some(3), Some(3), Some(3)));
    assert_eq!(after.metadata.annotations.unwrap()["deployment.kubernetes.io/revision"], "2");
    let pods = of_app(client, "catalog").await;
    let images: Vec<_> = pods.into_iter().map(|pod| pod.spec.unwrap().containers[0].image.clone().unwrap()).collect();
    assert_eq!(images, ["registry.shop.example/catalog:2.13.0"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_rollout_that_cannot_start_leaves_the_old_pods_alone() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    let image =
        json!({"spec": {"template": {"spec": {"containers": [{"name": "frontend", "image": "frontend:missing"}]}}}});
    deployments.patch("frontend", &PatchParams::default(), &Patch::Strategic(image)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(5)).await;
    let status = deployments.get("frontend").await.unwrap().status.unwrap();
    assert_eq!((status.ready_replicas, status.updated_replicas, status.replicas), (Some(3), Some(2), Some(5)));
}

#[tokio::test(start_paused = true)]
async fn a_deleted_pod_is_replaced_and_its_uid_is_honoured() {
    let client = cluster(Story::Still).client();
    let pods = Api::<Pod>::namespaced(client, "shop");
    let list = pods.list(&ListParams::default().labels("app.kubernetes.io/name=cart")).await.unwrap();
    let name = list.items[0].metadata.name.clone().unwrap();
    let other = DeleteParams {
        preconditions: Some(kube::api::Preconditions { uid: Some("another".into()), resource_version: None }),
        ..DeleteParams::default()
    };
    assert_eq!(code(pods.delete(&name, &other).await), Some(409));
    assert!(pods.delete(&name, &DeleteParams::default().dry_run()).await.is_ok());
    assert!(pods.get(&name).await.unwrap().metadata.deletion_timestamp.is_none());
    let going = pods.delete(&name, &DeleteParams::default()).await.unwrap().left().unwrap();
    assert!(going.metadata.deletion_timestamp.is_some());
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(code(pods.get(&name).await), Some(404));
    let after = pods.list(&ListParams::default().labels("app.kubernetes.io/name=cart")).await.unwrap();
    assert_eq!(after.items.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_changes_bookmarks_and_its_end() {
    let cluster = cluster(Story::Still);
    let maps = Api::<ConfigMap>::namespaced(cluster.client(), "shop");
    let version = maps.list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let mut events = pin!(maps.watch(&WatchParams::default().timeout(100), &version).await.unwrap());
    let object: ConfigMap = serde_json::from_value(json!({"metadata": {"name": "new"}, "data": {"a": "1"}})).unwrap();
    let made = maps.create(&PostParams::default(), &object).await.unwrap();
    let patch = Patch::Merge(json!({"data": {"a": "2"}}));
    maps.patch("new", &PatchParams::apply("test"), &patch).await.unwrap();
    maps.delete("new", &DeleteParams::default()).await.unwrap();
    let mut told = Vec::new();
    while let Some(event) = next(&mut events).await {
        told.push(match event.unwrap() {
            WatchEvent::Added(o) => ("added", o.metadata.uid == made.metadata.uid),
            WatchEvent::Modified(o) => ("modified", o.data.unwrap()["a"] == "2"),
            WatchEvent::Deleted(o) => ("deleted", o.metadata.resource_version != made.metadata.resource_version),
            WatchEvent::Bookmark(b) => {
                ("bookmark", b.metadata.resource_version.parse::<u64>().unwrap() > version.parse().unwrap())
            }
            WatchEvent::Error(_) => ("error", false),
        });
    }
    assert_eq!(told, [("added", true), ("modified", true), ("deleted", true), ("bookmark", true), ("bookmark", true)]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_list_ends_its_list_with_a_marked_bookmark() {
    let cluster = cluster(Story::Still);
    let path = "/api/v1/namespaces/shop/pods?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&timeoutSeconds=5";
    let request = |tail: &str| Request::get(format!("{path}{tail}")).body(Vec::new()).unwrap();
    assert_eq!(code(cluster.client().request_text(request("")).await), Some(422));
    let text = cluster.client().request_text(request("&resourceVersionMatch=NotOlderThan")).await.unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let marks = |line: &Value| line["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"] == "true";
    assert_eq!(lines.iter().position(marks), Some(lines.len() - 2));
    assert!(lines.len() > 15 && lines[..lines.len() - 2].iter().all(|line| line["type"] == "ADDED"));
}

#[tokio::test(start_paused = true)]
async fn what_is_forgotten_is_gone() {
    let cluster = cluster(Story::Still);
    let pods = Api::<Pod>::namespaced(cluster.client(), "shop");
    let version = pods.list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    cluster.fault(Fault::Compact).await;
    let mut events = pin!(pods.watch(&WatchParams::default(), &version).await.unwrap());
    assert!(matches!(next(&mut events).await, Some(Ok(WatchEvent::Error(status))) if status.code == 410));
    cluster.fault(Fault::Gone).await;
    assert_eq!(code(pods.watch(&WatchParams::default(), "0").await.map(drop)), Some(410));
    assert!(pods.watch(&WatchParams::default(), "0").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn faults_show_what_goes_wrong_on_real_clusters() {
    let cluster = cluster(Story::Still);
    let pods = Api::<Pod>::namespaced(cluster.client(), "shop");
    let list = async || code(pods.list(&ListParams::default()).await);
    cluster.fault(Fault::FailLists(1)).await;
    assert_eq!((list().await, list().await), (Some(500), None));
    cluster.fault(Fault::TooMany(1, 7)).await;
    assert_eq!((list().await, list().await), (Some(429), None));
    cluster.fault(Fault::Forbid("/api/v1/namespaces/shop".into())).await;
    assert_eq!(list().await, Some(403));
    cluster.fault(Fault::Clear).await;
    cluster.fault(Fault::Unreadable(1)).await;
    assert!(pods.list(&ListParams::default()).await.is_err());
    assert!(pods.list(&ListParams::default()).await.is_ok());
    let before = tokio::time::Instant::now();
    cluster.fault(Fault::Delay(Duration::from_secs(9))).await;
    assert_eq!(list().await, None);
    assert_eq!(before.elapsed().as_secs(), 9);
    cluster.fault(Fault::Clear).await;
    let mut open = pin!(pods.watch(&WatchParams::default(), "0").await.unwrap());
    assert!(matches!(next(&mut open).await, Some(Ok(WatchEvent::Added(_)))));
    cluster.fault(Fault::Garbage).await;
    cluster.fault(Fault::CloseWatches).await;
    let mut rest = Vec::new();
    while let Some(event) = next(&mut open).await {
        rest.push(event.is_ok());
    }
    assert_eq!(rest.iter().filter(|readable| !**readable).count(), 1);
    cluster.fault(Fault::RefuseWatches(1)).await;
    let mut refused = pin!(pods.watch(&WatchParams::default(), "0").await.unwrap());
    assert!(next(&mut refused).await.is_none());
}

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

#[tokio::test(start_paused = true)]
async fn a_crashing_pod_has_kubectls_cells() {
    let cluster = cluster(Story::Still);
    let path =
        "/api/v1/namespaces/shop/pods?labelSelector=app.kubernetes.io/name%3Drecommendations&includeObject=Object";
    let table = raw(&cluster, path, TABLE).await.unwrap();
    let row = table["rows"].as_array().unwrap().iter().find(|row| row["cells"][2] == "CrashLoopBackOff").unwrap();
    let cells: Vec<_> = row["cells"].as_array().unwrap().iter().take(5).map(|cell| cell.as_str().unwrap()).collect();
    assert_eq!(cells[1..], ["0/1", "CrashLoopBackOff", "7 (95s ago)", "4d3h"]);
    assert_eq!(row["object"]["kind"], "Pod");
    let headings: Vec<_> =
        table["columnDefinitions"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(
        headings,
        ["Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates"]
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_test_puts_stays_as_it_is() {
    let cluster = cluster(Story::Still);
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "namespace": "shop"},
        "spec": {"containers": [{"name": "a"}]}, "status": {"phase": "Pending"}});
    cluster.put(pod.clone()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(100)).await;
    let pods = Api::<Pod>::namespaced(cluster.client(), "shop");
    let kept = pods.get("p").await.unwrap();
    assert_eq!(kept.status.unwrap().phase.as_deref(), Some("Pending"));
    assert!(kept.metadata.managed_fields.is_some());
    cluster.delete(pod.clone()).await.unwrap();
    assert!(cluster.delete(pod).await.unwrap_err().contains("not found"));
    assert!(cluster.put(json!({"apiVersion": "v1", "kind": "Gadget"})).await.unwrap_err().contains("Gadget"));
}

#[tokio::test(start_paused = true)]
async fn the_story_is_alive_and_bounded_after_hours() {
    let cluster = cluster(Story::Full);
    let client = cluster.client();
    tokio::time::sleep(Duration::from_hours(2)).await;
    let count = async |path: &str| raw(&cluster, path, "").await.unwrap()["items"].as_array().unwrap().len();
    let pods = count("/api/v1/pods").await;
    assert!((60..=100).contains(&pods), "{pods} pods");
    assert!((20..=260).contains(&count("/api/v1/events").await));
    assert!(count("/apis/apps/v1/replicasets").await < 40);
    assert!(count("/apis/batch/v1/jobs").await < 6);
    let pods = Api::<Pod>::all(client);
    let version = pods.list(&ListParams::default()).await.unwrap().metadata.resource_version.unwrap();
    let mut events = pin!(pods.watch(&WatchParams::default().timeout(290), &version).await.unwrap());
    let mut changes = 0;
    while let Some(Ok(event)) = next(&mut events).await {
        changes += usize::from(!matches!(event, WatchEvent::Bookmark(_)));
    }
    assert!(changes > 20, "{changes} changes in five minutes");
}

#[tokio::test(start_paused = true)]
async fn a_log_is_read_followed_and_ends_with_its_container() {
    let client = cluster(Story::Still).client();
    let pods = Api::<Pod>::namespaced(client, "shop");
    let list = pods.list(&ListParams::default().labels("app.kubernetes.io/name=frontend")).await.unwrap();
    let name = list.items[0].metadata.name.clone().unwrap();
    let params = LogParams { tail_lines: Some(7), timestamps: true, ..LogParams::default() };
    let text = pods.logs(&name, &params).await.unwrap();
    assert_eq!(text.lines().count(), 7);
    let stamps: Vec<_> = text.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert!(
        stamps.is_sorted() && stamps[0].ends_with('Z') && stamps[0].len() == "2026-11-23T12:00:00.000000000Z".len()
    );
    assert_eq!(pods.logs(&name, &params).await.unwrap(), text);
    let previous = LogParams { previous: true, ..LogParams::default() };
    assert_eq!(code(pods.logs(&name, &previous).await), Some(400));
    let other = LogParams { container: Some("nobody".into()), ..LogParams::default() };
    assert_eq!(code(pods.logs(&name, &other).await), Some(400));
    let follow = LogParams { follow: true, tail_lines: Some(1), ..LogParams::default() };
    let (followed, ()) = tokio::join!(pods.logs(&name, &follow), async {
        tokio::time::sleep(Duration::from_mins(1)).await;
        pods.delete(&name, &DeleteParams::default()).await.unwrap();
    });
    assert!(followed.unwrap().lines().count() > 10);
}

async fn post(cluster: &Cluster, path: &str, body: &Value) -> Result<Value, kube::Error> {
    let request = Request::post(path).header("content-type", "application/json").body(body.to_string().into_bytes());
    cluster.client().request(request.unwrap()).await
}

#[tokio::test(start_paused = true)]
async fn an_eviction_asks_the_disruption_budget() {
    let cluster = cluster(Story::Still);
    let eviction = |name: &str| json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}});
    let path = "/api/v1/namespaces/data/pods";
    let blocked = post(&cluster, &format!("{path}/postgres-0/eviction"), &eviction("postgres-0")).await;
    assert!(
        matches!(blocked, Err(kube::Error::Api(status)) if status.code == 429 && status.message.starts_with("Cannot evict"))
    );
    assert!(post(&cluster, &format!("{path}/redis-0/eviction"), &eviction("redis-0")).await.is_ok());
    let pods = Api::<Pod>::namespaced(cluster.client(), "data");
    assert!(pods.get("redis-0").await.unwrap().metadata.deletion_timestamp.is_some());
    assert!(pods.get("postgres-0").await.unwrap().metadata.deletion_timestamp.is_none());
}

#[tokio::test(start_paused = true)]
async fn an_owner_takes_what_it_owns_with_it() {
    let client = cluster(Story::Still).client();
    let deployments = Api::<Deployment>::namespaced(client.clone(), "shop");
    deployments.delete("checkout", &DeleteParams::default()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(of_app(client, "checkout").await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn reviews_know_what_is_forbidden() {
    let cluster = cluster(Story::Still);
    cluster.fault(Fault::Forbid("/api/v1/namespaces/shop/secrets".into())).await;
    let allowed = async |resource: &str| {
        let attributes = json!({"namespace": "shop", "verb": "list", "resource": resource});
        let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": {"resourceAttributes": attributes}});
        post(&cluster, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await.unwrap()["status"]["allowed"].clone()
    };
    assert_eq!((allowed("secrets").await, allowed("pods").await), (json!(false), json!(true)));
}

#[tokio::test(start_paused = true)]
async fn a_change_of_an_old_version_is_refused() {
    let maps = Api::<ConfigMap>::namespaced(cluster(Story::Still).client(), "shop");
    let old = maps.get("catalog").await.unwrap();
    let mut new = old.clone();
    new.data.as_mut().unwrap().insert("a".into(), "1".into());
    let kept = maps.replace("catalog", &PostParams::default(), &new).await.unwrap();
    assert_ne!(kept.metadata.resource_version, old.metadata.resource_version);
    assert_eq!(code(maps.replace("catalog", &PostParams::default(), &new).await), Some(409));
    let dry = PatchParams { dry_run: true, ..PatchParams::default() };
    let patched = maps.patch("catalog", &dry, &Patch::Merge(json!({"data": {"a": "2"}}))).await.unwrap();
    assert_eq!((&*patched.data.unwrap()["a"], &*maps.get("catalog").await.unwrap().data.unwrap()["a"]), ("2", "1"));
}

#[tokio::test(start_paused = true)]
async fn discovery_finds_every_kind_both_ways() {
    let client = cluster(Story::Empty).client();
    let slow = kube::Discovery::new(client.clone()).run().await.unwrap();
    let fast = kube::Discovery::new(client).run_aggregated().await.unwrap();
    let kinds = |found: &kube::Discovery| {
        let mut all: Vec<_> = found
            .groups()
            .flat_map(kube::discovery::ApiGroup::recommended_resources)
            .map(|(r, c)| (r.plural, r.kind, c.operations.len()))
            .collect();
        all.sort();
        all
    };
    assert!(kinds(&slow).len() > 35);
    assert_eq!(kinds(&slow), kinds(&fast));
}

/// Everything that is kept, as one text: a dry run changes none of it, not even a version.
async fn everything(cluster: &Cluster) -> String {
    let mut all = String::new();
    for path in ["/api/v1/pods", "/api/v1/events", "/api/v1/namespaces", "/apis/apps/v1/deployments"] {
        all += &raw(cluster, path, "").await.unwrap().to_string();
    }
    all
}

async fn send(cluster: &Cluster, line: &str, (media, body): (&str, Value)) -> Result<Value, kube::Error> {
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(path).header("content-type", media);
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    cluster.client().request(request.body(body).unwrap()).await
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";

#[tokio::test(start_paused = true)]
async fn a_dry_run_answers_and_keeps_nothing() {
    let cluster = cluster(Story::Still);
    let before = everything(&cluster).await;
    let pods = "/api/v1/namespaces/data/pods";
    let deployment = "/apis/apps/v1/namespaces/shop/deployments/cart";
    let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "new"}});
    let mut whole = raw(&cluster, deployment, "").await.unwrap();
    whole["spec"]["replicas"] = json!(7);
    let replicas = json!({"spec": {"replicas": 7}});
    let step = json!([{"op": "replace", "path": "/spec/replicas", "value": 7}]);
    let applied =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": {"paused": true}});
    let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "redis-0"}});
    let all = json!({"dryRun": ["All"], "propagationPolicy": "Foreground"});
    for (line, body) in [
        ("POST /api/v1/namespaces/shop/configmaps?dryRun=All".to_owned(), (JSON, map)),
        (format!("PUT {deployment}?dryRun=All"), (JSON, whole)),
        (format!("PATCH {deployment}?dryRun=All"), (MERGE, replicas.clone())),
        (format!("PATCH {deployment}?dryRun=All"), ("application/strategic-merge-patch+json", replicas.clone())),
        (format!("PATCH {deployment}?dryRun=All"), ("application/json-patch+json", step)),
        (format!("PATCH {deployment}?dryRun=All&fieldManager=t"), ("application/apply-patch+yaml", applied)),
        (format!("PATCH {deployment}/scale?dryRun=All"), (MERGE, replicas)),
        (format!("POST {pods}/redis-0/eviction?dryRun=All"), (JSON, eviction)),
        (format!("DELETE {pods}/redis-0"), (JSON, all.clone())),
        (format!("DELETE {deployment}"), (JSON, all.clone())),
        (format!("DELETE {pods}?dryRun=All"), (JSON, Value::Null)),
        ("DELETE /api/v1/namespaces/shop?dryRun=All".to_owned(), (JSON, Value::Null)),
    ] {
        let answer = send(&cluster, &line, body).await;
        assert!(answer.is_ok(), "{line}: {answer:?}");
        tokio::time::sleep(Duration::from_mins(1)).await;
        assert_eq!(everything(&cluster).await, before, "{line}");
    }
    let held = send(&cluster, &format!("DELETE {deployment}"), (JSON, all)).await.unwrap();
    assert_eq!(held["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    let pod = send(&cluster, &format!("DELETE {pods}/redis-0?dryRun=All"), (JSON, Value::Null)).await.unwrap();
    assert_eq!(pod["metadata"]["deletionGracePeriodSeconds"], 30);
}

#[tokio::test(start_paused = true)]
async fn the_body_of_a_deletion_hides_its_query_and_unknown_options_are_refused() {
    let cluster = cluster(Story::Still);
    let map = "/api/v1/namespaces/shop/configmaps/catalog";
    let refused = send(&cluster, &format!("DELETE {map}?dryRun=Some"), (JSON, Value::Null)).await;
    assert_eq!(code(refused), Some(422));
    assert_eq!(code(send(&cluster, &format!("PATCH {map}?dryRun=Some"), (MERGE, json!({}))).await), Some(422));
    let sideways = json!({"propagationPolicy": "Sideways"});
    assert_eq!(code(send(&cluster, &format!("DELETE {map}"), (JSON, sideways)).await), Some(422));
    let options = json!({"propagationPolicy": "Background"});
    assert!(send(&cluster, &format!("DELETE {map}?dryRun=All"), (JSON, options)).await.is_ok());
    assert_eq!(code(raw(&cluster, map, "").await), Some(404), "as the real server, it took the body alone");
}

#[tokio::test(start_paused = true)]
async fn an_owner_goes_before_after_or_without_what_it_owns() {
    let cluster = cluster(Story::Still);
    let deployment = |name: &str| format!("/apis/apps/v1/namespaces/shop/deployments/{name}");
    let delete = async |name: &str, policy: &str| {
        send(&cluster, &format!("DELETE {}", deployment(name)), (JSON, json!({"propagationPolicy": policy})))
            .await
            .unwrap()
    };
    let going = delete("checkout", "Foreground").await;
    assert_eq!(going["metadata"]["finalizers"], json!(["foregroundDeletion"]));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(raw(&cluster, &deployment("checkout"), "").await.is_ok(), "it waits for its pods");
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(code(raw(&cluster, &deployment("checkout"), "").await), Some(404));
    assert_eq!(of_app(cluster.client(), "checkout").await.len(), 0);
    delete("catalog", "Orphan").await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(code(raw(&cluster, &deployment("catalog"), "").await), Some(404));
    assert_eq!(of_app(cluster.client(), "catalog").await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_refused_verb_is_denied_by_reviews_and_by_the_write() {
    let cluster = cluster(Story::Still);
    cluster.fault(Fault::Refuse("patch".into(), "deployments/scale".into())).await;
    let allowed = async |verb: &str| {
        let attributes = json!({"namespace": "shop", "verb": verb, "group": "apps", "resource": "deployments", "subresource": "scale"});
        let review = json!({"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "spec": {"resourceAttributes": attributes}});
        post(&cluster, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await.unwrap()["status"]["allowed"].clone()
    };
    assert_eq!((allowed("patch").await, allowed("get").await), (json!(false), json!(true)));
    let scale = "/apis/apps/v1/namespaces/shop/deployments/cart/scale";
    let five = json!({"spec": {"replicas": 5}});
    let Err(kube::Error::Api(status)) = send(&cluster, &format!("PATCH {scale}"), (MERGE, five)).await else {
        panic!("not refused")
    };
    let said = "deployments.apps \"cart\" is forbidden: User \"demo\" cannot patch resource \"deployments/scale\" in API group \"apps\" in the namespace \"shop\"";
    assert_eq!((status.code, &*status.message), (403, said));
    assert!(raw(&cluster, scale, "").await.is_ok());
}

const STRATEGIC: &str = "application/strategic-merge-patch+json";
const APPLY: &str = "application/apply-patch+yaml";

async fn refusal(cluster: &Cluster, line: &str, body: (&str, Value)) -> Value {
    match send(cluster, line, body).await {
        Err(kube::Error::Api(status)) => serde_json::to_value(&*status).unwrap(),
        other => panic!("{line}: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn fields_have_managers_and_conflicts_name_them() {
    let cluster = cluster(Story::Still);
    let maps = "/api/v1/namespaces/shop/configmaps";
    let map = |data: Value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": data});
    let apply = |manager: &str| format!("PATCH {maps}/m?fieldManager={manager}");
    let made = send(&cluster, &apply("one"), (APPLY, map(json!({"a": "1", "b": "1"})))).await.unwrap();
    assert_eq!(made["metadata"]["managedFields"][0]["fieldsV1"], json!({"f:data": {"f:a": {}, "f:b": {}}}));
    let refused = refusal(&cluster, &apply("two"), (APPLY, map(json!({"a": "2", "b": "1"})))).await;
    assert_eq!(refused["message"], "Apply failed with 1 conflict: conflict with \"one\": .data.a");
    assert_eq!(
        refused["details"]["causes"],
        json!([{"reason": "FieldManagerConflict", "message": "conflict with \"one\"", "field": ".data.a"}])
    );
    send(&cluster, &apply("two"), (APPLY, map(json!({"b": "1"})))).await.unwrap();
    let shared = send(&cluster, &apply("one"), (APPLY, map(json!({"a": "1"})))).await.unwrap();
    assert_eq!(shared["data"], json!({"a": "1", "b": "1"}), "the other still wants b");
    let gone = send(&cluster, &apply("two"), (APPLY, map(json!({})))).await.unwrap();
    assert_eq!(gone["data"], json!({"a": "1"}), "nobody wants b any more");
    let forced =
        send(&cluster, &format!("{}&force=true", apply("two")), (APPLY, map(json!({"a": "3"})))).await.unwrap();
    assert_eq!(forced["data"]["a"], "3");
    let managers: Vec<_> =
        forced["metadata"]["managedFields"].as_array().unwrap().iter().map(|e| &e["manager"]).collect();
    assert_eq!(managers, ["two"]);
    send(&cluster, &format!("PATCH {maps}/m?fieldManager=hand"), (MERGE, json!({"data": {"a": "4"}}))).await.unwrap();
    let refused = refusal(&cluster, &apply("two"), (APPLY, map(json!({"a": "3"})))).await;
    assert_eq!(refused["message"], "Apply failed with 1 conflict: conflict with \"hand\" using v1: .data.a");
    let nobody = refusal(&cluster, &format!("PATCH {maps}/m"), (APPLY, map(json!({})))).await;
    assert_eq!((&nobody["code"], &nobody["details"]["causes"][0]["field"]), (&json!(422), &json!("fieldManager")));
}

#[tokio::test(start_paused = true)]
async fn unknown_fields_are_refused_or_warned_of() {
    let cluster = cluster(Story::Still);
    let cart = "/apis/apps/v1/namespaces/shop/deployments/cart";
    let patch = json!({"spec": {"foo": 1, "template": {"spec": {"containers": [{"name": "cart", "img": "x"}]}}}});
    let refused =
        refusal(&cluster, &format!("PATCH {cart}?fieldValidation=Strict"), (STRATEGIC, json!({"spec": {"foo": 1}})))
            .await;
    let why = "Invalid value: \"map[spec:map[foo:1]]\": strict decoding error: unknown field \"spec.foo\"";
    assert_eq!(
        (&refused["code"], &refused["message"]),
        (&json!(422), &json!(format!(" \"\" is invalid: patch: {why}")))
    );
    let request =
        Request::patch(cart).header("content-type", STRATEGIC).body(patch.to_string().into_bytes().into()).unwrap();
    let answer = cluster.client().send(request).await.unwrap();
    let warnings: Vec<_> =
        answer.headers().get_all("warning").iter().map(|text| text.to_str().unwrap().to_owned()).collect();
    assert_eq!(
        warnings,
        [
            "299 - \"unknown field \\\"spec.foo\\\"\"",
            "299 - \"unknown field \\\"spec.template.spec.containers[0].img\\\"\""
        ]
    );
    assert!(raw(&cluster, cart, "").await.unwrap()["spec"].get("foo").is_none());
    let mut whole = raw(&cluster, cart, "").await.unwrap();
    whole["spec"]["foo"] = json!(1);
    let refused = refusal(&cluster, &format!("PUT {cart}?fieldValidation=Strict"), (JSON, whole)).await;
    let said = "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: unknown field \"spec.foo\"";
    assert_eq!((&refused["code"], &refused["message"]), (&json!(400), &json!(said)));
    let applied =
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"}, "spec": {"foo": 5}});
    let refused = refusal(&cluster, &format!("PATCH {cart}?fieldManager=t"), (APPLY, applied)).await;
    let said = "failed to create typed patch object (/cart; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema";
    assert_eq!((&refused["code"], &refused["message"]), (&json!(500), &json!(said)));
}

#[tokio::test(start_paused = true)]
async fn patches_that_do_not_fit_are_refused() {
    let cluster = cluster(Story::Still);
    let cart = "PATCH /apis/apps/v1/namespaces/shop/deployments/cart";
    let test = json!([{"op": "test", "path": "/spec/replicas", "value": 77}, {"op": "replace", "path": "/spec/replicas", "value": 1}]);
    assert_eq!(code(send(&cluster, cart, ("application/json-patch+json", test)).await), Some(422));
    let old = json!({"metadata": {"resourceVersion": "1"}, "spec": {"replicas": 3}});
    assert_eq!(code(send(&cluster, cart, (MERGE, old)).await), Some(409));
    let selector = json!({"spec": {"selector": {"matchLabels": {"x": "y"}}}});
    assert_eq!(code(send(&cluster, cart, (MERGE, selector)).await), Some(422));
    let pod = "PATCH /api/v1/namespaces/data/pods/redis-0";
    assert_eq!(code(send(&cluster, pod, (MERGE, json!({"spec": {"nodeName": "x"}}))).await), Some(422));
    let certificate = "PATCH /apis/cert-manager.io/v1/namespaces/shop/certificates/shop";
    assert_eq!(code(send(&cluster, certificate, (STRATEGIC, json!({}))).await), Some(415));
}

async fn patch(cluster: &Cluster, path: &str, (media, body): (&str, Value)) -> Value {
    let answer = send(cluster, &format!("PATCH {path}"), (media, body)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(2)).await;
    answer
}

const APPS: &str = "/apis/apps/v1/namespaces";

#[tokio::test(start_paused = true)]
async fn a_bad_release_is_rolled_back_to_the_replica_set_before() {
    let cluster = cluster(Story::Still);
    let images = format!("{APPS}/shop/deployments/images");
    let status = async || {
        let images = raw(&cluster, &images, "").await.unwrap();
        let revision = images["metadata"]["annotations"]["deployment.kubernetes.io/revision"].clone();
        (images["status"]["updatedReplicas"].clone(), images["status"]["readyReplicas"].clone(), revision)
    };
    assert_eq!(status().await, (json!(1), json!(1), json!("2")));
    let sets = raw(&cluster, &format!("{APPS}/shop/replicasets?labelSelector=app.kubernetes.io/name%3Dimages"), "")
        .await
        .unwrap();
    let good = sets["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|set| set["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1")
        .unwrap();
    let mut template = good["spec"]["template"].clone();
    template["metadata"]["labels"].as_object_mut().unwrap().remove("pod-template-hash");
    patch(
        &cluster,
        &images,
        ("application/json-patch+json", json!([{"op": "replace", "path": "/spec/template", "value": template}])),
    )
    .await;
    assert_eq!(status().await, (json!(2), json!(2), json!("3")));
    assert_eq!(of_app(cluster.client(), "images").await.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn numbered_and_daemon_pods_roll_and_keep_their_revisions() {
    let cluster = cluster(Story::Still);
    let revisions = async |namespace: &str, name: &str| {
        let list = raw(&cluster, &format!("{APPS}/{namespace}/controllerrevisions"), "").await.unwrap();
        let mine =
            list["items"].as_array().unwrap().iter().filter(|r| r["metadata"]["ownerReferences"][0]["name"] == name);
        let mut all: Vec<(i64, Value)> = mine.map(|r| (r["revision"].as_i64().unwrap(), r["data"].clone())).collect();
        all.sort_by_key(|(number, _)| *number);
        all
    };
    for (namespace, plural, name) in
        [("data", "statefulsets", "postgres"), ("monitoring", "daemonsets", "node-exporter")]
    {
        let before = revisions(namespace, name).await;
        assert_eq!(before.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2], "{name}");
        assert_eq!(before[0].1["spec"]["template"]["$patch"], "replace");
        let path = format!("{APPS}/{namespace}/{plural}/{name}");
        patch(&cluster, &path, (STRATEGIC, before[0].1.clone())).await;
        let after = revisions(namespace, name).await;
        assert_eq!(after.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 3], "{name}");
        tokio::time::sleep(Duration::from_mins(2)).await;
        let pods = raw(
            &cluster,
            &format!("/api/v1/namespaces/{namespace}/pods?labelSelector=app.kubernetes.io/name%3D{name}"),
            "",
        )
        .await
        .unwrap();
        let image = before[0].1["spec"]["template"]["spec"]["containers"][0]["image"].clone();
        let old = pods["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|pod| pod["spec"]["containers"][0]["image"] != image && pod["spec"]["nodeName"] != "worker-4");
        assert_eq!(old.count(), 0, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn jobs_run_to_completion_and_wait_while_suspended() {
    let cluster = cluster(Story::Still);
    let backup = raw(&cluster, "/apis/batch/v1/namespaces/data/cronjobs/backup", "").await.unwrap();
    let mut job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "now"}, "spec": backup["spec"]["jobTemplate"]["spec"]});
    job["spec"]["suspend"] = json!(true);
    let jobs = "/apis/batch/v1/namespaces/data/jobs";
    post(&cluster, jobs, &job).await.unwrap();
    let now = format!("{jobs}/now");
    tokio::time::sleep(Duration::from_mins(1)).await;
    let held = raw(&cluster, &now, "").await.unwrap();
    assert_eq!(
        (&held["status"]["conditions"][0]["type"], held["status"].get("startTime")),
        (&json!("Suspended"), None)
    );
    patch(&cluster, &now, (MERGE, json!({"spec": {"suspend": false}}))).await;
    let done = raw(&cluster, &now, "").await.unwrap();
    let kinds: Vec<_> =
        done["status"]["conditions"].as_array().unwrap().iter().map(|c| c["type"].as_str().unwrap()).collect();
    assert_eq!((kinds, &done["status"]["succeeded"]), (vec!["Suspended", "SuccessCriteriaMet", "Complete"], &json!(1)));
    let pods = raw(&cluster, "/api/v1/namespaces/data/pods?labelSelector=job-name%3Dnow", "").await.unwrap();
    assert_eq!(pods["items"][0]["status"]["phase"], "Succeeded");
}

#[tokio::test(start_paused = true)]
async fn a_budget_counts_and_a_drained_pod_comes_back_elsewhere() {
    let cluster = cluster(Story::Still);
    let pods = of_app(cluster.client(), "checkout").await;
    let (first, second) = (&pods[0], pods[1].metadata.name.clone().unwrap());
    let (name, node) = (first.metadata.name.clone().unwrap(), first.spec.as_ref().unwrap().node_name.clone().unwrap());
    patch(&cluster, &format!("/api/v1/nodes/{node}"), (STRATEGIC, json!({"spec": {"unschedulable": true}}))).await;
    let marked = raw(&cluster, &format!("/api/v1/nodes/{node}"), "").await.unwrap();
    assert_eq!(marked["spec"]["taints"][0]["key"], "node.kubernetes.io/unschedulable");
    let evict = async |name: &str| {
        let eviction = json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name}});
        post(&cluster, &format!("/api/v1/namespaces/shop/pods/{name}/eviction"), &eviction).await
    };
    assert!(evict(&name).await.is_ok());
    let Err(kube::Error::Api(status)) = evict(&second).await else { panic!("the budget is used up") };
    let cause = "The disruption budget checkout needs 2 healthy pods and has 2 currently";
    assert_eq!((status.code, status.details.clone().unwrap().causes[0].message.clone()), (429, cause.to_owned()));
    tokio::time::sleep(Duration::from_mins(1)).await;
    let after = of_app(cluster.client(), "checkout").await;
    assert_eq!(after.len(), 3);
    assert!(after.iter().all(|pod| pod.metadata.name.as_ref() != Some(&name)));
    let new = after.iter().find(|pod| pods.iter().all(|old| old.metadata.name != pod.metadata.name)).unwrap();
    assert_ne!(new.spec.as_ref().unwrap().node_name, Some(node));
    assert!(evict(&second).await.is_ok(), "the new pod is counted");
}

#[tokio::test(start_paused = true)]
async fn an_ephemeral_container_runs_and_can_be_talked_to() {
    let cluster = cluster(Story::Still);
    let pod = "/api/v1/namespaces/data/pods/redis-0";
    let debug = json!({"spec": {"ephemeralContainers": [{"name": "debug", "image": "busybox", "targetContainerName": "redis", "stdin": true, "tty": true}]}});
    patch(&cluster, &format!("{pod}/ephemeralcontainers"), (STRATEGIC, debug.clone())).await;
    let seen = raw(&cluster, pod, "").await.unwrap();
    assert!(seen["status"]["ephemeralContainerStatuses"][0]["state"]["running"].is_object());
    let mut other = debug;
    other["spec"]["ephemeralContainers"][0]["image"] = json!("busybox:2");
    assert_eq!(code(send(&cluster, &format!("PATCH {pod}/ephemeralcontainers"), (STRATEGIC, other)).await), Some(422));
}
