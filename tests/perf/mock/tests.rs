//! What the mock answers, asked over a pipe instead of a socket.

use super::*;
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

const CLUSTER: Cluster = Cluster { seed: 7, pods: 1_100, now: 1_800_000_000 };

fn world(rate: u64) -> Arc<World> {
    let world = World::new(CLUSTER, false);
    world.knobs.set("rate", rate);
    Arc::new(world)
}

/// Everything that a request brings within `time` of the (paused) clock: the head and the body.
async fn bytes_of(world: &Arc<World>, request: &str, time: Duration) -> (String, Vec<u8>) {
    let (mut client, server) = duplex(1 << 16);
    let serving = tokio::spawn(speak(Arc::clone(world), server));
    let (line, headers) = request.split_once('\n').unwrap_or((request, ""));
    let headers = format!("Host: x\r\nConnection: close\r\nAuthorization: Bearer {TOKEN}\r\n{headers}");
    let request = format!("{line} HTTP/1.0\r\n{}\r\n\r\n", headers.trim_end());
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(time, client.read_to_end(&mut answer)).await;
    serving.abort();
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap(), body)
}

/// The same: the code and the body's lines.
async fn ask(world: &Arc<World>, request: &str, time: Duration) -> (u16, Vec<Value>) {
    let (head, body) = bytes_of(world, request, time).await;
    let code = head.split(' ').nth(1).unwrap().parse().unwrap();
    (code, body.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
}

async fn get(world: &Arc<World>, path: &str) -> (u16, Value) {
    let (code, mut lines) = ask(world, &format!("GET {path}"), Duration::from_secs(5)).await;
    (code, lines.remove(0))
}

#[tokio::test(start_paused = true)]
async fn pages_put_together_are_the_list() {
    let world = world(0);
    let (_, all) = get(&world, "/api/v1/pods?limit=1000&resourceVersion=0").await;
    let (_, first) = get(&world, "/api/v1/pods?limit=1000").await;
    let token = first["metadata"]["continue"].as_str().unwrap();
    assert_eq!(first["metadata"]["remainingItemCount"], 100);
    let (_, second) = get(&world, &format!("/api/v1/pods?limit=1000&continue={token}")).await;
    assert!(second["metadata"]["continue"].is_null());
    let pages = [&first, &second].map(|page| page["items"].as_array().unwrap().clone()).concat();
    assert_eq!(all["items"].as_array().unwrap(), &pages);
    let (_, namespaced) = get(&world, "/api/v1/namespaces/tenant-0001/pods").await;
    assert_eq!(namespaced["items"].as_array().unwrap(), &pages[1_000..]);
    let name = pages[3]["metadata"]["name"].as_str().unwrap();
    let (_, one) = get(&world, &format!("/api/v1/namespaces/tenant-0000/pods/{name}")).await;
    assert_eq!((&one["metadata"], &one["kind"]), (&pages[3]["metadata"], &"Pod".into()));
}

#[tokio::test(start_paused = true)]
async fn a_watch_tells_as_many_changes_as_were_set_each_with_a_newer_version() {
    let world = world(200);
    let (code, events) =
        ask(&world, "GET /api/v1/pods?watch=1&resourceVersion=1001100&timeoutSeconds=2", Duration::from_secs(9)).await;
    assert!(code == 200 && (380..=400).contains(&events.len()), "{}", events.len());
    let version = |event: &Value| event["object"]["metadata"]["resourceVersion"].as_str().unwrap().parse::<u64>();
    assert!(events.windows(2).all(|two| version(&two[0]).unwrap() < version(&two[1]).unwrap()));
    assert!(version(&events[0]).unwrap() > CLUSTER.version());
    assert!(events.iter().all(|event| event["type"] == "MODIFIED"));
}

#[tokio::test(start_paused = true)]
async fn a_quiet_watch_brings_bookmarks() {
    let world = world(0);
    let wait = Duration::from_secs(130);
    let (_, events) = ask(&world, "GET /apis/apps/v1/deployments?watch=true&resourceVersion=5", wait).await;
    assert_eq!(events.iter().map(|event| event["type"].as_str().unwrap()).collect::<Vec<_>>(), ["BOOKMARK"; 2]);
    assert_eq!(events[0]["object"]["kind"], "Deployment");
}

#[tokio::test(start_paused = true)]
async fn what_it_does_not_do_it_says() {
    let world = world(0);
    for (path, code) in [
        ("/api/v1/pods?labelSelector=a", 400),
        ("/api/v1/pods?watch=1&sendInitialEvents=true", 422),
        ("/api/v1/unknown", 404),
        ("/api/v1/namespaces/tenant-0000/pods/none", 404),
    ] {
        let (status, body) = get(&world, path).await;
        assert_eq!((status, &body["kind"]), (code, &"Status".into()), "{path}");
    }
    assert_eq!(get(&world, "/version").await.1["minor"], "36");
    assert_eq!(get(&world, "/apis/apps/v1").await.1["resources"][0]["name"], "deployments");
}

const TABLE: &str = "Accept: application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
const WIRE: &str = "Accept: application/vnd.kubernetes.protobuf, application/json";
const STREAMED: &str = "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
const LONG: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn a_streamed_list_is_the_list_and_a_bookmark_ends_it() {
    let world = world(0);
    let (_, list) = get(&world, "/api/v1/pods").await;
    let (_, mut events) = ask(&world, &format!("GET /api/v1/pods?{STREAMED}"), LONG).await;
    let end = events.pop().unwrap();
    assert_eq!(
        (&end["type"], end["object"]["metadata"]["annotations"].to_string().as_str()),
        (&"BOOKMARK".into(), r#"{"k8s.io/initial-events-end":"true"}"#)
    );
    assert!(events.iter().all(|event| event["type"] == "ADDED" && event["object"]["kind"] == "Pod"));
    let told: Vec<&Value> = events.iter().map(|event| &event["object"]["status"]).collect();
    let listed: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|pod| &pod["status"]).collect();
    assert_eq!(told, listed);
}

#[tokio::test(start_paused = true)]
async fn a_protobuf_list_says_how_long_it_is_and_holds_the_same_pods() {
    let world = world(0);
    let (head, body) = bytes_of(&world, &format!("GET /api/v1/pods?limit=900\n{WIRE}"), LONG).await;
    assert!(head.contains("application/vnd.kubernetes.protobuf") && body.starts_with(b"k8s\0\x0a"), "{head}");
    let (_, json) = bytes_of(&world, "GET /api/v1/pods?limit=900", LONG).await;
    let share = 100 * body.len() / json.len();
    assert!((60..80).contains(&share), "{share} % of the JSON");
    for name in [0, 899].map(|index| CLUSTER.pod(index, crate::data::Change::default()).name) {
        assert!(body.windows(name.len()).any(|it| it == name.as_bytes()));
    }
    // The raw bytes end four bytes before the body does: encoding and type are empty.
    let list = crate::wire::envelope("v1", "PodList", 0).0.len() - 1;
    let (mut length, mut shift, mut at) = (0_usize, 0, list);
    while body[at] > 0x7f || shift == 0 {
        length |= usize::from(body[at] & 0x7f) << shift;
        (shift, at) = (shift + 7, at + 1);
    }
    length |= usize::from(body[at] & 0x7f) << shift;
    assert_eq!(at + 1 + length + 4, body.len());
    let (head, events) = bytes_of(&world, &format!("GET /api/v1/nodes?{STREAMED}\n{WIRE}"), LONG).await;
    assert!(head.contains("protobuf;stream=watch"), "{head}");
    let mut frames = 0;
    let mut rest = events.as_slice();
    while let Some((length, after)) = rest.split_first_chunk() {
        rest = &after[u32::from_be_bytes(*length) as usize..];
        frames += 1;
    }
    assert_eq!((frames, rest.len()), (38, 0), "37 nodes and a bookmark");
}

#[tokio::test(start_paused = true)]
async fn tables_are_lists_single_objects_and_events() {
    let world = world(100);
    let (_, lines) = ask(&world, &format!("GET /api/v1/pods?limit=70\n{TABLE}"), LONG).await;
    let rows = lines[0]["rows"].as_array().unwrap();
    assert_eq!(
        (rows.len(), &lines[0]["kind"], &lines[0]["metadata"]["remainingItemCount"]),
        (70, &"Table".into(), &1_030.into())
    );
    assert_eq!(rows[69]["object"]["kind"], "PartialObjectMetadata");
    let name = rows[3]["cells"][0].as_str().unwrap();
    let (_, one) =
        ask(&world, &format!("GET /api/v1/namespaces/tenant-0000/pods/{name}?includeObject=None\n{TABLE}"), LONG).await;
    assert_eq!((&one[0]["rows"][0]["cells"], &one[0]["rows"][0]["object"]), (&rows[3]["cells"], &Value::Null));
    let watch = format!("GET /api/v1/pods?watch=1&resourceVersion=9&timeoutSeconds=1&includeObject=Object\n{TABLE}");
    let (_, events) = ask(&world, &watch, LONG).await;
    assert!(events.len() > 80 && events[0]["object"]["columnDefinitions"].is_array(), "{}", events.len());
    assert!(events[1]["object"]["columnDefinitions"].is_null());
    assert_eq!(events[1]["object"]["rows"][0]["object"]["kind"], "Pod");
}

#[tokio::test(start_paused = true)]
async fn a_log_is_followed_at_the_set_rate() {
    let world = world(0);
    let name = CLUSTER.pod(5, crate::data::Change::default()).name;
    let path = format!("/api/v1/namespaces/tenant-0000/pods/{name}/log");
    let (_, there) = bytes_of(&world, &format!("GET {path}?tailLines=3"), LONG).await;
    assert_eq!(there.split(|b| *b == b'\n').count() - 1, 3);
    world.knobs.set("logs", 500);
    let (_, lines) = bytes_of(&world, &format!("GET {path}?follow=true&timestamps=true&tailLines=0"), LONG).await;
    let count = lines.split(|b| *b == b'\n').count() - 1;
    assert!((2_400..=2_500).contains(&count), "{count}");
    assert!(lines.starts_with(b"2027-01-15T08:00:00."));
}

#[tokio::test(start_paused = true)]
async fn faults_come_as_often_as_they_were_set() {
    let world = world(0);
    world.knobs.set("busy", 1);
    let (head, _) = bytes_of(&world, "GET /api/v1/nodes", LONG).await;
    assert!(head.starts_with("HTTP/1.0 429") && head.contains("retry-after: 1"), "{head}");
    world.knobs.set("gone", 2);
    assert_eq!(get(&world, "/api/v1/pods?limit=5&continue=at-5").await.0, 410);
    let (_, events) = ask(&world, "GET /api/v1/pods?watch=1&resourceVersion=9", LONG).await;
    assert!(events.len() == 1 && events[0]["object"]["code"] == 410, "{events:?}");
    assert_eq!(get(&world, "/api/v1/pods?limit=5&continue=at-5").await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn a_slow_link_takes_its_time() {
    let world = world(0);
    let (_, body) = bytes_of(&world, "GET /api/v1/pods?limit=100", LONG).await;
    world.knobs.set("latency", 100);
    world.knobs.set("bandwidth", body.len() as u64);
    world.knobs.set("stall-at", 1_000);
    world.knobs.set("stall-for", 2_000);
    let begun = tokio::time::Instant::now();
    let slow = bytes_of(&world, "GET /api/v1/pods?limit=100", Duration::from_mins(1)).await.1;
    let took = begun.elapsed();
    assert!(slow == body && (3_000..3_300).contains(&took.as_millis()), "{took:?}");
}

#[tokio::test]
async fn a_list_is_compressed_for_those_who_accept_it() {
    let world = world(0);
    let (_, plain) = bytes_of(&world, "GET /api/v1/pods", LONG).await;
    world.knobs.set("gzip", 1);
    let (head, zipped) = bytes_of(&world, "GET /api/v1/pods\nAccept-Encoding: gzip", LONG).await;
    assert!(head.contains("content-encoding: gzip") && zipped.len() * 4 < plain.len(), "{head}");
    let (head, same) = bytes_of(&world, "GET /api/v1/pods", LONG).await;
    assert!(!head.contains("gzip") && same == plain);
}

#[tokio::test(start_paused = true)]
async fn endpoints_have_their_ports_where_protobuf_has_them() {
    let world = world(0);
    let (_, body) = bytes_of(&world, &format!("GET /apis/discovery.k8s.io/v1/endpointslices\n{WIRE}"), LONG).await;
    // Name, protocol and number, unlike the port of `Endpoints` in the core group.
    let port = b"\x1a\x0f\x0a\x04http\x12\x03TCP\x18\x90\x3f";
    assert!(body.windows(port.len()).any(|it| it == port));
}
