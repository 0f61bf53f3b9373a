//! Logs of workloads against a scripted server on the paused clock: pods join and go, restarts are noticed by the watch,
//! lost connections and missing lines are told, and who may not list pods still reads one.

use super::workload::{Containers, WorkloadLogs, follow_all};
use super::{Extent, LogMessage, MAX_STREAMS};
use crate::cluster::watch::script::{Asked, Open, client, event};
use crate::kinds::Freshness;
use crate::kinds::logs::{LineKind, LineRecord, LogState};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, UnboundedReceiver};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// Logs that are followed, and the server that they come from.
struct Follower {
    asked: UnboundedReceiver<Asked>,
    waiting: Vec<Asked>,
    inbox: Receiver<LogMessage>,
    task: JoinHandle<()>,
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Follower {
    fn start((selector, fields): (&str, &str), containers: Containers) -> Self {
        let (client, asked) = client();
        let (sender, inbox) = mpsc::channel(64);
        let wanted = WorkloadLogs {
            namespace: "shop".into(),
            selector: selector.into(),
            fields: fields.into(),
            containers,
            extent: Extent { follow: true, tail: Some(7), ..Extent::default() },
        };
        Self { asked, waiting: Vec::new(), inbox, task: tokio::spawn(follow_all(client, wanted, sender)) }
    }

    /// Follows the pods of `app=web`, which are these at first; also the open watch.
    async fn live(pods: &[Value]) -> (Self, Open) {
        let mut follower = Self::start(("app=web", ""), Containers::Default);
        follower.asked("/pods?", "limit").await.ok(&list(pods));
        let watch = follower.asked("/pods?", "watch=true").await.open(200, &[]);
        (follower, watch)
    }

    /// The next request whose URL holds both.
    async fn asked(&mut self, part: &str, other: &str) -> Asked {
        loop {
            let fits = |asked: &Asked| asked.url.contains(part) && asked.url.contains(other);
            if let Some(at) = self.waiting.iter().position(fits) {
                return self.waiting.remove(at);
            }
            let next = timeout(Duration::from_mins(1), self.asked.recv()).await;
            self.waiting.push(next.unwrap_or_else(|_| panic!("{part} {other} is not asked for")).unwrap());
        }
    }

    /// The next request for a pod itself.
    async fn asked_pod(&mut self, name: &str) -> Asked {
        let end = format!("/pods/{name}");
        loop {
            if let Some(at) = self.waiting.iter().position(|asked| asked.url.ends_with(&end)) {
                return self.waiting.remove(at);
            }
            let next = timeout(Duration::from_mins(1), self.asked.recv()).await;
            self.waiting.push(next.expect("the pod is asked for").unwrap());
        }
    }

    /// What is said until nothing more comes for a while, in short.
    async fn heard(&mut self) -> Vec<String> {
        let mut words = Vec::new();
        while let Ok(Some(message)) = timeout(Duration::from_millis(100), self.inbox.recv()).await {
            words.extend(short(message));
        }
        words
    }
}

/// `+` a source, `>` a line, `!` a marker, `~` a state, `=` an end, `x` a failure, `?` containers, `#` a queue.
fn short(message: LogMessage) -> Vec<String> {
    vec![match message {
        LogMessage::Source { id, source } => format!("+ {} {}/{}", id.0, source.pod, source.container),
        LogMessage::State { state: LogState::Reconnecting { why, .. }, .. } => format!("~ reconnecting: {why}"),
        LogMessage::State { state, .. } => format!("~ {state:?}").to_lowercase(),
        LogMessage::Containers(all) => {
            format!("? {}", all.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(" "))
        }
        LogMessage::Pods(Freshness::Live) => return Vec::new(),
        LogMessage::Pods(state) => format!("pods {state:?}"),
        LogMessage::Queued(count) => format!("# {count}"),
        LogMessage::Marker { text, .. } => format!("! {text}"),
        LogMessage::Ended { why, .. } => format!("= {why}"),
        LogMessage::Failed { sentence, hint, .. } => format!("x {sentence} / {hint}"),
        LogMessage::Lines(batch) => {
            let line = |(record, text): (LineRecord, &[u8])| {
                let sign = if record.kind == LineKind::Marker { '!' } else { '>' };
                format!("{sign} {}", String::from_utf8_lossy(text))
            };
            return batch.lines().map(line).collect();
        }
    }]
}

fn list(pods: &[Value]) -> String {
    json!({"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": "5"}, "items": pods}).to_string()
}

/// A pod whose container `app` is in its instance `id`.
fn pod(name: &str, id: &str) -> Value {
    with_state(name, id, &json!({"running": {}}))
}

fn with_state(name: &str, id: &str, state: &Value) -> Value {
    let restarts: u32 = id.trim_start_matches('c').parse().unwrap();
    let last = json!({"terminated": {"exitCode": 3, "reason": "Error", "containerID": "before"}});
    let status = json!({"name": "app", "containerID": id, "restartCount": restarts, "state": state, "lastState": last});
    json!({"kind": "Pod", "metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{name}"), "resourceVersion": "6"},
        "spec": {"containers": [{"name": "app"}]}, "status": {"phase": "Running", "containerStatuses": [status]}})
}

fn lines(lines: &[(u32, &str)]) -> String {
    let lines = lines.iter().map(|(second, text)| format!("1970-01-01T00:01:{second:02}.5Z {text}\n"));
    lines.collect::<Vec<_>>().concat()
}

const GONE: &str = r#"{"kind":"Status","message":"pods \"x\" not found","code":404}"#;

#[tokio::test(start_paused = true)]
async fn pods_that_come_later_join_and_those_that_go_are_marked() {
    let (mut f, watch) = Follower::live(&[pod("web-1", "c0")]).await;
    let asked = f.asked("/web-1/log", "follow=true").await;
    assert_eq!(asked.parameter("tailLines"), Some("7"));
    let first = asked.open(200, &[]);
    first.send(lines(&[(1, "one")]));
    assert_eq!(f.heard().await, ["? app", "+ 0 web-1/app", "~ live", "> one"]);

    watch.send(event("ADDED", &pod("web-2", "c0").to_string()));
    let asked = f.asked("/web-2/log", "follow=true").await;
    assert_eq!(asked.parameter("tailLines"), None, "a new pod is read from its beginning");
    let second = asked.open(200, &[]);
    second.send(lines(&[(2, "two")]));
    assert_eq!(
        f.heard().await,
        ["? app", "+ 1 web-2/app", "! has come and is followed", "+ 1 web-2/app", "~ live", "> two"]
    );

    watch.send(event("DELETED", &pod("web-1", "c0").to_string()));
    drop(first);
    f.asked_pod("web-1").await.reply(404, &[], GONE);
    assert_eq!(f.heard().await, ["= the pod was deleted"]);
    second.send(lines(&[(3, "three")]));
    assert_eq!(f.heard().await, ["> three"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_is_noticed_when_the_watch_tells_it() {
    let (mut f, watch) = Follower::live(&[pod("web-1", "c0")]).await;
    let log = f.asked("/web-1/log", "").await.open(200, &[]);
    log.send(lines(&[(1, "one")]));
    f.heard().await;
    drop(log);
    let ended =
        with_state("web-1", "c0", &json!({"terminated": {"exitCode": 3, "reason": "Error", "containerID": "c0"}}));
    f.asked_pod("web-1").await.ok(&ended.to_string());
    assert_eq!(f.heard().await, ["! container ended (exit code 3, Error), waiting for its restart", "~ waiting"]);
    // Later than any pause: only the watch can make it look so soon.
    tokio::time::sleep(Duration::from_millis(1)).await;
    let before = Instant::now();
    watch.send(event("MODIFIED", &pod("web-1", "c1").to_string()));
    f.asked_pod("web-1").await.ok(&pod("web-1", "c1").to_string());
    assert!(before.elapsed() < Duration::from_millis(50), "{:?}", before.elapsed());
    let log = f.asked("/web-1/log", "sinceTime=1970-01-01T00%3A01%3A01Z").await.open(200, &[]);
    log.send(lines(&[(1, "new one")]));
    assert_eq!(f.heard().await, ["! container restarted (exit code 3, Error)", "~ live", "> new one"]);
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_told_and_missing_lines_are_marked() {
    let (mut f, _watch) = Follower::live(&[pod("web-1", "c0")]).await;
    let log = f.asked("/web-1/log", "").await.open(200, &[]);
    log.send(lines(&[(1, "one"), (2, "two")]));
    f.heard().await;
    log.cut();
    assert_eq!(f.heard().await, ["~ reconnecting: the connection was cut"]);
    f.asked_pod("web-1").await.ok(&pod("web-1", "c0").to_string());
    let log = f.asked("/web-1/log", "sinceTime=1970-01-01T00%3A01%3A02Z").await.open(200, &[]);
    log.send(lines(&[(2, "two"), (3, "three")]));
    assert_eq!(f.heard().await, ["~ live", "> three"]);
    log.cut();
    f.asked_pod("web-1").await.ok(&pod("web-1", "c0").to_string());
    let log = f.asked("/web-1/log", "sinceTime=1970-01-01T00%3A01%3A03Z").await.open(200, &[]);
    log.send(lines(&[(9, "nine")]));
    let gap = "! lines between 1970-01-01T00:01:03.500Z and 1970-01-01T00:01:09.500Z may be missing: the log was rotated while the connection was lost";
    assert_eq!(f.heard().await, ["~ reconnecting: the connection was cut", "~ live", gap, "> nine"]);
}

#[tokio::test(start_paused = true)]
async fn a_restart_during_a_cut_is_told_and_is_no_gap() {
    let (mut f, _watch) = Follower::live(&[pod("web-1", "c0")]).await;
    let log = f.asked("/web-1/log", "").await.open(200, &[]);
    log.send(lines(&[(1, "one")]));
    f.heard().await;
    log.cut();
    f.asked_pod("web-1").await.ok(&pod("web-1", "c1").to_string());
    let log = f.asked("/web-1/log", "sinceTime").await.open(200, &[]);
    log.send(lines(&[(4, "new")]));
    let wanted =
        ["~ reconnecting: the connection was cut", "! container restarted (exit code 3, Error)", "~ live", "> new"];
    assert_eq!(f.heard().await, wanted);
}

#[tokio::test(start_paused = true)]
async fn who_may_not_list_pods_still_reads_one() {
    let mut f = Follower::start(("", "metadata.name=web-1"), Containers::Default);
    let refused = r#"{"kind":"Status","message":"pods is forbidden","code":403,"reason":"Forbidden"}"#;
    f.asked("/pods?", "limit").await.reply(403, &[], refused);
    f.asked_pod("web-1").await.ok(&pod("web-1", "c0").to_string());
    let log = f.asked("/web-1/log", "").await.open(200, &[]);
    log.send(lines(&[(1, "one")]));
    let heard = f.heard().await;
    assert!(heard[0].starts_with("pods Forbidden"), "{heard:?}");
    assert_eq!(heard[1..], ["? app", "+ 0 web-1/app", "~ live", "> one"]);

    let mut f = Follower::start(("app=web", ""), Containers::Default);
    f.asked("/pods?", "limit").await.reply(403, &[], refused);
    let hint = "x pods is forbidden / you need the verbs \"list\" and \"watch\" on \"pods\" in namespace \"shop\"";
    assert_eq!(f.heard().await[1..], [hint]);
}

#[tokio::test(start_paused = true)]
async fn containers_are_named_as_kubectl_names_them() {
    let mut several = pod("web-1", "c0");
    several["spec"] = json!({"containers": [{"name": "app"}, {"name": "proxy"}], "initContainers": [{"name": "setup"}],
        "ephemeralContainers": [{"name": "debug"}]});
    let names = "app, proxy, debug (ephem), setup (init)";
    let cases = [
        (Containers::Default, format!("! defaulted container \"app\" out of: {names}")),
        (
            Containers::Named("x".into()),
            format!("x container x is not valid for pod web-1 out of: {names} / choose one of these"),
        ),
    ];
    for (containers, wanted) in cases {
        let mut f = Follower::start(("", "metadata.name=web-1"), containers);
        f.asked("/pods?", "limit").await.ok(&list(std::slice::from_ref(&several)));
        assert_eq!(f.heard().await[..2], [wanted, "? app proxy debug setup".to_owned()]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_workload_of_hundreds_of_pods_has_so_many_streams_at_once() {
    let pods: Vec<Value> = (0..300).map(|n| pod(&format!("web-{n:03}"), "c0")).collect();
    let (mut f, _watch) = Follower::live(&pods).await;
    let heard = f.heard().await;
    let sources = heard.iter().filter(|word| word.starts_with('+')).count();
    assert_eq!(sources, MAX_STREAMS);
    assert!(heard.contains(&"! 250 of 300 containers are followed; the others follow as these end".to_owned()));
    assert_eq!(heard.last().unwrap(), "# 50");
    f.asked("/web-000/log", "").await.reply(403, &[], GONE);
    let heard = f.heard().await;
    assert!(heard.contains(&"+ 250 web-250/app".to_owned()) && heard.contains(&"# 49".to_owned()), "{heard:?}");
}
