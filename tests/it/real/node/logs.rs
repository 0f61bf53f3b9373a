//! Logs, followed: over the restart of a container, the deletion of its pod, a rollout; no line is lost or comes twice.

use super::super::wire::MERGE;
use super::{A_WHILE, Space, condition, shell};
use rutter::cluster::logs::{Extent, LogMessage, LogRequest, WorkloadLogs, follow, follow_all};
use rutter::kinds::logs::{LogSource, SourceId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

const FOLLOW: Extent = Extent { follow: true, previous: false, tail: None, since: None };

/// Prints numbered lines until it is told to end, and then some more and "done".
const NUMBERS: &str = r#"
more() { for _ in 1 2 3 4 5 6 7 8 9 10; do n=$((n + 1)); echo "line $n"; done; }
trap end=yes TERM
n=0 end=
while [ -z "$end" ]; do more; sleep 0.05; done
for _ in 1 2 3 4 5; do more; done
echo done"#;

/// What a stream has said by now, of each of its sources.
struct Heard {
    inbox: mpsc::Receiver<LogMessage>,
    task: JoinHandle<()>,
    sources: BTreeMap<SourceId, (LogSource, Vec<String>)>,
    /// The markers, and of each source the end.
    told: Vec<(SourceId, String)>,
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Heard {
    fn new(start: impl FnOnce(mpsc::Sender<LogMessage>) -> JoinHandle<()>) -> Self {
        let (out, inbox) = mpsc::channel(16);
        Self { inbox, task: start(out), sources: BTreeMap::new(), told: Vec::new() }
    }

    /// Listens until something is so.
    async fn until(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let listen = async {
            while !so(self) {
                match self.inbox.recv().await {
                    Some(message) => self.take(message),
                    None => return false,
                }
            }
            true
        };
        let came = timeout(A_WHILE, listen).await.is_ok_and(|came| came);
        let lines: Vec<_> =
            self.sources.values().map(|(source, lines)| (&source.pod, lines.len(), lines.last())).collect();
        assert!(came, "{what} did not come; lines: {lines:?}, told: {:?}", self.told);
    }

    fn take(&mut self, message: LogMessage) {
        match message {
            LogMessage::Source { id, source } => {
                self.sources.insert(id, (source, Vec::new()));
            }
            LogMessage::Lines(batch) => {
                for (record, text) in batch.lines() {
                    let lines = &mut self.sources.get_mut(&record.source).expect("a known source").1;
                    lines.push(String::from_utf8_lossy(text).into_owned());
                }
            }
            LogMessage::Marker { id, text } => self.told.push((id, text)),
            LogMessage::Ended { id, why } => self.told.push((id, format!("ended: {why}"))),
            LogMessage::Failed { sentence, .. } => panic!("{sentence}"),
            LogMessage::State { .. } | LogMessage::Containers(_) | LogMessage::Pods(_) | LogMessage::Queued(_) => {}
        }
    }

    fn lines(&self, id: SourceId) -> &[String] {
        self.sources.get(&id).map_or(&[], |(_, lines)| lines)
    }

    /// How many sources have ended.
    fn ended(&self) -> usize {
        self.told.iter().filter(|(_, text)| text.starts_with("ended: ")).count()
    }
}

/// Fails where the numbers are not one after the other.
fn assert_no_gap(lines: &[String]) {
    for (at, line) in lines.iter().filter(|line| *line != "done").enumerate() {
        assert_eq!(
            *line,
            format!("line {}", at + 1),
            "among {} lines, after {:?}",
            lines.len(),
            lines.get(at.wrapping_sub(1))
        );
    }
}

fn of_pod(space: &Space, pod: &str) -> LogRequest {
    let source = LogSource { namespace: space.name.to_owned(), pod: pod.to_owned(), container: "main".to_owned() };
    LogRequest { id: SourceId(1), source, extent: FOLLOW, known: None }
}

async fn hear(space: &Space, pod: &str) -> Heard {
    let (client, request) = (space.plane.clients("").await.lanes.read, of_pod(space, pod));
    Heard::new(|out| tokio::spawn(follow(client, request, out, None)))
}

#[tokio::test]
async fn restarts_of_a_container_are_followed() {
    let Some(space) = Space::open("node-logs-restart").await else { return };
    // Each life goes on counting where the last one ended, and ends right behind a burst of lines.
    let script = r#"
        n=$(cat /keep/n 2>/dev/null || echo 0); end=$((n + 400))
        while [ $n -lt $end ]; do n=$((n + 1)); echo "line $n"; [ $((n % 100)) -ne 50 ] || sleep 0.7; done
        echo $n >/keep/n; exit 3"#;
    let mut spec = shell(script, json!({"volumeMounts": [{"name": "keep", "mountPath": "/keep"}]}));
    spec["volumes"] = json!([{"name": "keep", "emptyDir": {}}]);
    space.run("restarts", spec).await;
    let mut heard = hear(&space, "restarts").await;
    heard.until("the fourth life", |heard| heard.lines(SourceId(1)).len() > 1_250).await;
    assert_no_gap(heard.lines(SourceId(1)));
    let restarts = heard.told.iter().filter(|(_, text)| text.starts_with("container restarted (exit code 3, Error)"));
    assert_eq!(restarts.count(), 3, "{:?}", heard.told);
}

#[tokio::test]
async fn the_last_words_of_a_deleted_pod_are_heard() {
    let Some(space) = Space::open("node-logs-deleted").await else { return };
    space.run("deleted", shell(NUMBERS, json!({}))).await;
    let mut heard = hear(&space, "deleted").await;
    heard.until("some lines", |heard| heard.lines(SourceId(1)).len() > 200).await;
    space.wire.delete(&space.path("pods/deleted")).await.ok("delete");
    heard.until("the end", |heard| heard.ended() == 1).await;
    let lines = heard.lines(SourceId(1));
    assert_no_gap(lines);
    assert_eq!(lines.last().map(String::as_str), Some("done"), "{:?}", heard.told);
}

#[tokio::test]
async fn a_rollout_is_followed_to_the_last_line_of_each_pod() {
    let Some(space) = Space::open("node-logs-rollout").await else { return };
    let all = format!("/apis/apps/v1/namespaces/{}/deployments", space.name);
    let one = format!("{all}/web");
    let template = json!({"metadata": {"labels": {"app": "web"}}, "spec": shell(NUMBERS, json!({}))});
    let spec = json!({"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": template});
    space.wire.post(&all, &json!({"metadata": {"name": "web"}, "spec": spec})).await.ok("create");
    space.until_at(&one, "available", rolled_out).await;

    let mut heard = hear_all(&space).await;
    heard
        .until("lines of both pods", |heard| {
            heard.sources.len() == 2 && heard.sources.values().all(|(_, lines)| lines.len() > 100)
        })
        .await;
    let again = json!({"spec": {"template": {"metadata": {"annotations": {"again": "yes"}}}}});
    space.wire.patch(&one, (MERGE, &again)).await.ok("restart");
    heard.until("the ends of both pods", |heard| heard.ended() >= 2).await;
    space.until_at(&one, "rolled out", rolled_out).await;
    for (source, lines) in heard.sources.values().take(2) {
        assert_no_gap(lines);
        assert_eq!(lines.last().map(String::as_str), Some("done"), "{}", source.pod);
    }

    // A pod that is being deleted is no replica any more, and still there.
    let both = |pods: &Value| pods["items"].as_array().is_some_and(|pods| pods.len() == 2);
    space.until("pods?labelSelector=app%3Dweb", "the old pods are gone", both).await;
    let mut new = hear_all(&space).await;
    new.until("lines of the new pods", |heard| {
        heard.sources.len() == 2 && heard.sources.values().all(|(_, lines)| lines.len() > 100)
    })
    .await;
    new.sources.values().for_each(|(_, lines)| assert_no_gap(lines));
}

async fn hear_all(space: &Space) -> Heard {
    let client = space.plane.clients("").await.lanes.read;
    let (namespace, selector) = (space.name.to_owned(), "app=web".to_owned());
    let wanted = WorkloadLogs { namespace, selector, extent: FOLLOW, ..WorkloadLogs::default() };
    Heard::new(|out| tokio::spawn(follow_all(client, wanted, out)))
}

/// Whether all replicas are of the newest template, and no other pod is left.
fn rolled_out(deployment: &Value) -> bool {
    let status = &deployment["status"];
    let count = |field: &str| status[field].as_u64().unwrap_or_default();
    status["observedGeneration"] == deployment["metadata"]["generation"]
        && count("updatedReplicas") == 2
        && count("availableReplicas") == 2
        && count("replicas") == 2
        && condition(deployment, "Available") == "True"
}
