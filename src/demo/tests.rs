//! The demo cluster as its users see it: through the unmodified client, on tokio's paused clock.

use http::Request;
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Node, Pod};
use kube::api::{Api, DeleteParams, ListParams, LogParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams};
use serde_json::{Value, json};
use std::pin::pin;
use std::time::Duration;

use super::{Cluster, Fault, Story};

mod workloads;
mod writes;

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

async fn send(cluster: &Cluster, line: &str, (media, body): (&str, Value)) -> Result<Value, kube::Error> {
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder().method(method).uri(path).header("content-type", media);
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    cluster.client().request(request.body(body).unwrap()).await
}

const JSON: &str = "application/json";
const MERGE: &str = "application/merge-patch+json";
const STRATEGIC: &str = "application/strategic-merge-patch+json";
