//! Log streams against a server on loopback that sends what the test wrote, and cuts where the test says so.

use super::follow::{Pace, follow_at};
use super::*;
use crate::kinds::logs::{LineKind, MAX_LINE};
use futures::StreamExt;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use kube::{Client, Config};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};

/// An answer of the server.
#[derive(Debug, Clone)]
enum Answer {
    /// A log that ends here.
    Log(Vec<u8>),
    /// A log whose connection breaks here.
    Cut(Vec<u8>),
    /// A pod, or an error.
    Json(u16, Value),
}

/// What the server answers, in order; the last answer of each stays.
#[derive(Debug, Default)]
struct Script {
    logs: VecDeque<Answer>,
    pods: VecDeque<Answer>,
    asked: Vec<String>,
}

type Shared = Arc<Mutex<Script>>;

async fn serve(request: Request<Incoming>, script: Shared) -> Result<Response<BoxBody<Bytes, io::Error>>, io::Error> {
    let mut script = script.lock().await;
    let uri = request.uri().to_string();
    let queue = if uri.contains("/log?") { &mut script.logs } else { &mut script.pods };
    let answer = if queue.len() > 1 { queue.pop_front().unwrap() } else { queue[0].clone() };
    script.asked.push(uri);
    let full = |bytes: Vec<u8>| Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed();
    Ok(match answer {
        Answer::Log(bytes) => Response::new(full(bytes)),
        Answer::Json(code, json) => Response::builder().status(code).body(full(json.to_string().into_bytes())).unwrap(),
        Answer::Cut(bytes) => {
            let pieces = [Ok(Frame::data(Bytes::from(bytes))), Err(io::Error::other("cut"))];
            let slowly = futures::stream::iter(pieces).then(|piece| async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                piece
            });
            Response::new(BodyExt::boxed(StreamBody::new(slowly)))
        }
    })
}

/// Starts a server for `script`.
async fn cluster(logs: Vec<Answer>, pods: Vec<Answer>) -> (Client, Shared) {
    let script = Arc::new(Mutex::new(Script { logs: logs.into(), pods: pods.into(), asked: Vec::new() }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let shared = script.clone();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let script = shared.clone();
            let service = hyper::service::service_fn(move |request| serve(request, script.clone()));
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(socket), service));
        }
    });
    let mut config = Config::new(uri);
    config.default_retry = false;
    (Client::try_from(config).unwrap(), script)
}

fn request(follow: bool) -> LogRequest {
    let source = LogSource { namespace: "shop".into(), pod: "web-1".into(), container: "app".into() };
    LogRequest { id: SourceId(4), source, extent: Extent { follow, ..Extent::default() }, known: None }
}

/// Everything that a stream says, in short: `> text`, `+ continued`, `! marker`, `= end`, `x failure / hint`.
async fn hear(client: Client, request: LogRequest) -> Vec<String> {
    let (sender, mut inbox) = mpsc::channel(16);
    let pace = Pace { first: Duration::from_millis(2), most: Duration::from_millis(10) };
    tokio::spawn(follow_at(client, request, sender, (pace, None)));
    let mut out = Vec::new();
    let hearing = async {
        while let Some(message) = inbox.recv().await {
            write_down(&mut out, message);
        }
    };
    tokio::time::timeout(Duration::from_secs(20), hearing).await.expect("the stream ends");
    out
}

fn write_down(out: &mut Vec<String>, message: LogMessage) {
    match message {
        LogMessage::Source { id, source } => assert_eq!((id.0, source.pod.as_str()), (4, "web-1")),
        LogMessage::Marker { text, .. } => out.push(format!("! {text}")),
        LogMessage::State { .. } | LogMessage::Containers(_) | LogMessage::Pods(_) | LogMessage::Queued(_) => {}
        LogMessage::Ended { why, .. } => out.push(format!("= {why}")),
        LogMessage::Failed { sentence, hint, .. } => out.push(format!("x {sentence} / {hint}")),
        LogMessage::Lines(batch) => {
            let ends = batch.records().iter().skip(1).map(|line| line.start as usize).chain([batch.bytes().len()]);
            for (line, end) in batch.records().iter().zip(ends) {
                let text = String::from_utf8_lossy(&batch.bytes()[line.start as usize..end - 1]);
                let sign = if line.kind == LineKind::Text { '>' } else { '+' };
                out.push(if text.len() > 99 {
                    format!("{sign} {} bytes", text.len())
                } else {
                    format!("{sign} {text}")
                });
            }
        }
    }
}

/// A log of lines, each written some tenths of a second after 1970-01-01T00:01:00Z.
fn log(lines: &[(u32, &str)]) -> Vec<u8> {
    let line = |(tenths, text): &(u32, &str)| format!("1970-01-01T00:01:{:02}.{}Z {text}\n", tenths / 10, tenths % 10);
    lines.iter().map(line).collect::<String>().into_bytes()
}

fn pod(id: &str, restarts: u32, state: &Value, last: &Value) -> Answer {
    let status = json!({"name": "app", "containerID": id, "restartCount": restarts, "state": state, "lastState": last});
    Answer::Json(
        200,
        json!({"metadata": {"uid": "u1"}, "spec": {"containers": [{"name": "app"}]},
        "status": {"phase": "Running", "containerStatuses": [status]}}),
    )
}

fn running(id: &str, restarts: u32, last: &Value) -> Answer {
    pod(id, restarts, &json!({"running": {}}), last)
}

fn gone() -> Answer {
    Answer::Json(404, json!({"kind": "Status", "message": "pods \"web-1\" not found"}))
}

fn refused(code: u16, message: &str) -> Vec<Answer> {
    vec![Answer::Json(code, json!({"kind": "Status", "message": message}))]
}

#[tokio::test]
async fn a_log_is_read_to_its_end() {
    let mut bytes = log(&[(0, "one"), (1, "bad \u{1b}")]);
    bytes.extend_from_slice(b"1970-01-01T00:01:01Z \xff\xfe\nno end");
    let (client, script) = cluster(vec![Answer::Log(bytes)], vec![gone()]).await;
    let mut wanted = request(false);
    wanted.extent = Extent { tail: Some(7), since: Some(60), ..wanted.extent };
    let heard = hear(client, wanted).await;
    assert_eq!(heard, ["> one", "> bad \u{1b}", "> \u{fffd}\u{fffd}", "> no end", "= this is all of it"]);
    let asked = "/api/v1/namespaces/shop/pods/web-1/log?&container=app&sinceSeconds=60&tailLines=7&timestamps=true";
    assert_eq!(script.lock().await.asked, [asked]);
}

#[tokio::test]
async fn cuts_lose_and_double_nothing() {
    let lines = [(0, "a"), (9, "b"), (9, "b"), (10, "c"), (11, "d"), (20, "e")];
    let cut = |from: usize, to: usize, half: &str| {
        let mut bytes = log(&lines[from..to]);
        bytes.extend_from_slice(half.as_bytes());
        Answer::Cut(bytes)
    };
    let logs = vec![
        cut(0, 2, "1970-01-01T00:01:00.9"),
        cut(0, 4, "1970-01-01T00:01:01.1Z "),
        cut(3, 5, ""),
        cut(3, 6, ""),
        Answer::Log(log(&lines[5..])),
    ];
    let (client, script) = cluster(logs, vec![running("c1", 0, &json!({})), gone()]).await;
    let heard = hear(client, request(true)).await;
    assert_eq!(heard, ["> a", "> b", "> b", "> c", "> d", "> e", "= the pod was deleted"]);
    let asked = &script.lock().await.asked;
    let since: Vec<_> = asked.iter().filter_map(|uri| uri.split("sinceTime=").nth(1)?.get(..24)).collect();
    let second = |n: u32| format!("1970-01-01T00%3A01%3A0{n}Z");
    assert_eq!(since, [second(0), second(1), second(1), second(2)]);
}

#[tokio::test]
async fn a_huge_line_survives_a_cut() {
    let huge = "x".repeat(3 * MAX_LINE);
    let whole = log(&[(0, &huge), (1, "after")]);
    let logs = vec![Answer::Cut(whole[..2 * MAX_LINE + 99].to_vec()), Answer::Log(whole)];
    let (client, _) = cluster(logs, vec![running("c1", 0, &json!({})), gone()]).await;
    let heard = hear(client, request(true)).await;
    let part = format!("+ {MAX_LINE} bytes");
    let wanted = [&format!("> {} bytes", MAX_LINE - 23), &part, &part, "+ 23", "> after", "= the pod was deleted"];
    assert_eq!(heard[..3], wanted[..3]);
    assert_eq!(heard[3], format!("+ {}", "x".repeat(23)));
    assert_eq!(heard[4..], wanted[4..]);
}

#[tokio::test]
async fn a_restart_is_marked_and_followed() {
    let logs = vec![Answer::Log(log(&[(0, "first life")])), Answer::Log(log(&[(5, "second life")]))];
    let end = json!({"terminated": {"exitCode": 137, "reason": "OOMKilled", "containerID": "c1"}});
    let pods = vec![
        running("c1", 0, &json!({})),
        running("c1", 0, &json!({})),
        pod("c1", 0, &end, &json!({})),
        running("c2", 3, &end),
        gone(),
    ];
    let (client, _) = cluster(logs, pods).await;
    let heard = hear(client, request(true)).await;
    assert_eq!(heard[0], "> first life");
    let rest: Vec<_> = heard.iter().filter(|line| line.starts_with(['!', '='])).map(String::as_str).collect();
    assert_eq!(
        rest,
        [
            "! container ended (exit code 137, OOMKilled), waiting for its restart",
            "! container restarted (exit code 137, OOMKilled); 2 of its restarts in between were not seen",
            "= the pod was deleted"
        ]
    );
    assert_eq!(heard.iter().filter(|line| *line == "> second life").count(), 1);
}

#[tokio::test]
async fn a_container_that_is_over_ends_the_log() {
    let failed = json!({"metadata": {"uid": "u1"}, "spec": {"containers": [{"name": "app"}], "restartPolicy": "Never"},
        "status": {"phase": "Failed", "reason": "Evicted", "containerStatuses": [{"name": "app", "containerID": "c1",
            "state": {"terminated": {"exitCode": 1, "reason": "Error", "containerID": "c1"}}}]}});
    let pods = vec![running("c1", 0, &json!({})), Answer::Json(200, failed)];
    let (client, _) = cluster(vec![Answer::Log(log(&[(0, "a")]))], pods).await;
    let heard = hear(client, request(true)).await;
    assert_eq!(heard, ["> a", "= the container has ended (exit code 1, Error); the pod failed: Evicted"]);
}

#[tokio::test]
async fn a_pod_that_starts_is_waited_for() {
    let waiting = "container \"app\" in pod \"web-1\" is waiting to start: ContainerCreating";
    let mut logs = refused(400, waiting);
    logs.extend(refused(400, waiting));
    logs.push(Answer::Log(log(&[(0, "up")])));
    let pods = vec![pod("", 0, &json!({"waiting": {}}), &json!({})), running("c1", 0, &json!({})), gone()];
    let (client, _) = cluster(logs, pods).await;
    let heard = hear(client, request(true)).await;
    assert_eq!(heard, [&format!("! {waiting}"), "> up", "= the pod was deleted"]);
}

#[tokio::test]
async fn what_the_server_refuses_is_said_in_its_words() {
    let forbidden = "pods \"web-1\" is forbidden: User \"u\" cannot get resource \"pods/log\" in API group \"\"";
    let cases = [
        (400, "previous terminated container \"app\" in pod \"web-1\" not found", "has not restarted"),
        (403, forbidden, "the verb \"get\" on \"pods/log\" in namespace \"shop\""),
        (404, "pods \"web-1\" not found", "the pod is gone"),
        (410, "too old", "no longer kept"),
    ];
    for (code, message, hint) in cases {
        let (client, _) = cluster(refused(code, message), vec![gone()]).await;
        let heard = hear(client, request(code != 400)).await;
        assert_eq!(heard.len(), 1, "{heard:?}");
        assert!(heard[0].starts_with(&format!("x {message} / ")) && heard[0].contains(hint), "{heard:?}");
    }
}

#[tokio::test]
async fn a_server_in_trouble_is_asked_again() {
    let mut logs = refused(503, "overloaded");
    logs.extend(refused(503, "overloaded"));
    logs.extend(refused(503, "overloaded"));
    logs.push(Answer::Log(log(&[(0, "a")])));
    let (client, _) = cluster(logs, vec![running("c1", 0, &json!({})), gone()]).await;
    let heard = hear(client, request(true)).await;
    assert_eq!(heard, ["! connection lost (overloaded), trying again", "> a", "= the pod was deleted"]);
    let (client, _) = cluster(refused(503, "overloaded"), vec![gone()]).await;
    let heard = hear(client, request(false)).await;
    assert_eq!(heard.last().unwrap(), "x overloaded / check the connection to the cluster");
}

#[tokio::test]
async fn nobody_listening_ends_the_stream() {
    let (client, _) = cluster(vec![Answer::Log(Vec::new())], vec![running("c1", 0, &json!({}))]).await;
    let (sender, inbox) = mpsc::channel(1);
    drop(inbox);
    tokio::time::timeout(Duration::from_secs(5), follow(client, request(true), sender, None)).await.unwrap();
}

#[tokio::test]
async fn all_pods_are_read_a_number_of_them_at_once() {
    let pod = |n: usize| json!({"metadata": {"name": format!("web-{n:03}"), "uid": format!("u{n}")}, "spec": {"containers": [{"name": "app"}, {"name": "b"}]}});
    let list = json!({"items": (0..280).map(pod).collect::<Vec<_>>()});
    let (client, script) = cluster(vec![Answer::Log(log(&[(0, "hello")]))], vec![Answer::Json(200, list)]).await;
    let wanted = WorkloadLogs { namespace: "shop".into(), selector: "app=web".into(), ..WorkloadLogs::default() };
    let (sender, mut inbox) = mpsc::channel(16);
    tokio::spawn(follow_all(client, wanted, sender));
    let (mut sources, mut lines, mut ends, mut queued) = (Vec::new(), 0, 0, Vec::new());
    while let Some(message) = inbox.recv().await {
        match message {
            LogMessage::Source { id, source } => sources.push((id, source.pod, source.container)),
            LogMessage::Lines(batch) => lines += batch.records().len(),
            LogMessage::Ended { .. } => ends += 1,
            LogMessage::Queued(count) => queued.push(count),
            LogMessage::State { .. } | LogMessage::Containers(_) => {}
            other => panic!("{other:?}"),
        }
    }
    sources.sort();
    sources.dedup();
    assert_eq!((sources.len(), lines, ends), (280, 280, 280));
    assert_eq!(sources[279], (SourceId(279), "web-279".into(), "app".into()));
    assert_eq!((queued.first(), queued.last()), (Some(&30), Some(&0)));
    assert_eq!(script.lock().await.asked[0], "/api/v1/namespaces/shop/pods?&labelSelector=app%3Dweb");
}

#[tokio::test]
async fn a_workload_without_pods_says_so() {
    for (answer, wanted) in [
        (Answer::Json(200, json!({"items": []})), "no container of a pod matches \"app=web\""),
        (refused(403, "pods is forbidden").remove(0), "pods is forbidden"),
    ] {
        let (client, _) = cluster(vec![Answer::Log(Vec::new())], vec![answer]).await;
        let request = WorkloadLogs { namespace: "shop".into(), selector: "app=web".into(), ..WorkloadLogs::default() };
        let (sender, mut inbox) = mpsc::channel(16);
        follow_all(client, request, sender).await;
        let Some(LogMessage::Failed { id: None, sentence, hint }) = inbox.recv().await else { panic!("no failure") };
        assert_eq!(sentence, wanted);
        assert!(!hint.is_empty());
    }
}
