//! Logs through the real API server and kwok's kubelet: the bytes that kubectl prints, a hundred pods at once, and pods
//! that come and go while they are followed.

use super::control_plane::{self, Plane};
use super::wire::SOON;
use rutter::cluster::logs::{Containers, Extent, LogMessage, WorkloadLogs, follow_all};
use rutter::kinds::logs::{LineKind, SourceId};
use std::collections::BTreeMap;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// What is known of logs that are read.
struct Reading {
    inbox: Receiver<LogMessage>,
    task: JoinHandle<()>,
    pods: BTreeMap<SourceId, String>,
    /// The lines of each pod, with their line feeds.
    lines: BTreeMap<SourceId, Vec<u8>>,
    /// Markers, ends and failures.
    told: Vec<String>,
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Reading {
    async fn begin(plane: &Plane, namespace: &str, (fields, extent): (&str, Extent)) -> Self {
        let wanted = WorkloadLogs {
            namespace: namespace.to_owned(),
            selector: String::new(),
            fields: fields.to_owned(),
            containers: Containers::Default,
            extent,
        };
        let (sender, inbox) = mpsc::channel(16);
        let task = tokio::spawn(follow_all(plane.clients("").await.lanes.read, wanted, sender));
        Self { inbox, task, pods: BTreeMap::new(), lines: BTreeMap::new(), told: Vec::new() }
    }

    async fn until(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let wait = async {
            while !so(self) {
                let message = self.inbox.recv().await.expect("the logs go on");
                self.take(message);
            }
        };
        let came = timeout(SOON * 2, wait).await.is_ok();
        assert!(
            came,
            "{what} did not come: {} pods, {} with lines, {:?}",
            self.pods.len(),
            self.lines.len(),
            self.told
        );
    }

    async fn read_to_end(&mut self) {
        while let Some(message) = timeout(SOON, self.inbox.recv()).await.expect("the log ends") {
            self.take(message);
        }
    }

    fn take(&mut self, message: LogMessage) {
        match message {
            LogMessage::Source { id, source } => drop(self.pods.insert(id, source.pod)),
            LogMessage::Marker { text, .. } => self.told.push(text),
            LogMessage::Ended { id, why } => self.told.push(format!("{}: {why}", self.pods[&id])),
            LogMessage::Failed { sentence, .. } => self.told.push(sentence),
            LogMessage::Lines(batch) => {
                for (record, text) in batch.lines() {
                    let lines = self.lines.entry(record.source).or_default();
                    assert!(record.kind == LineKind::Text && record.time().is_some());
                    lines.extend_from_slice(text);
                    lines.push(b'\n');
                }
            }
            _ => {}
        }
    }
}

/// Makes a namespace with a deployment of so many pods, and waits until they run.
fn pods(plane: &Plane, namespace: &str, count: usize) {
    plane.kubectl(&["create", "namespace", namespace]);
    let replicas = format!("--replicas={count}");
    plane.kubectl(&["create", "deployment", "web", "--image=x", &replicas, "--namespace", namespace]);
    plane.kubectl(&["rollout", "status", "deployment/web", "--timeout=120s", "--namespace", namespace]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bytes_are_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    plane.kubectl(&["create", "namespace", "logs-same"]);
    plane.kubectl(&["create", "serviceaccount", "runner", "--namespace", "logs-same"]);
    let run = r#"--overrides={"spec":{"serviceAccountName":"runner"}}"#;
    plane.kubectl(&["run", "web", "--image=x", run, "--namespace", "logs-same"]);
    plane.kubectl(&["wait", "pod/web", "--for=condition=Ready", "--timeout=60s", "--namespace", "logs-same"]);
    let one = "metadata.name=web";
    for previous in [true, false] {
        let flag: &[&str] = if previous { &["--previous"] } else { &[] };
        let wanted = plane.kubectl(&[&["logs", "web", "--namespace", "logs-same"], flag].concat());
        let mut reading = Reading::begin(plane, "logs-same", (one, Extent { previous, ..Extent::default() })).await;
        reading.read_to_end().await;
        let mine = String::from_utf8(reading.lines.remove(&SourceId(0)).unwrap_or_default()).expect("text");
        // A log goes on between the two: what kubectl printed is its beginning.
        assert!(wanted.lines().count() > 4 && mine.starts_with(&wanted), "{wanted}\n---\n{mine}");
        assert!(!previous || mine == wanted);
    }
    let ends = [Extent { tail: Some(3), ..Extent::default() }, Extent::default()];
    let mut texts = Vec::new();
    for extent in ends {
        let mut reading = Reading::begin(plane, "logs-same", (one, extent)).await;
        reading.read_to_end().await;
        texts.push(String::from_utf8(reading.lines.remove(&SourceId(0)).unwrap_or_default()).expect("text"));
    }
    // The runtime writes some lines in two parts, and a kubelet counts those as two: three may be two lines, the first of
    // them a second half, the last one a first half.
    let (tail, all) = (&texts[0], &texts[1]);
    assert!((2..=3).contains(&tail.lines().count()) && all.contains(tail.trim_end()), "{tail}\n---\n{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_pods_are_followed_and_others_join() {
    let Some(plane) = control_plane::whole() else { return };
    pods(plane, "logs-many", 99);
    let extent = Extent { follow: true, tail: Some(5), ..Extent::default() };
    let mut reading = Reading::begin(plane, "logs-many", ("", extent)).await;
    reading.until("a line of each", |reading| reading.lines.len() == 99).await;
    plane.kubectl(&["scale", "deployment/web", "--replicas=100", "--namespace", "logs-many"]);
    reading.until("the new one", |reading| reading.lines.len() == 100).await;
    assert_eq!(reading.told.iter().filter(|text| *text == "has come and is followed").count(), 1);
    let gone = reading.pods[&SourceId(0)].clone();
    plane.kubectl(&["delete", "pod", &gone, "--namespace", "logs-many", "--now"]);
    let end = format!("{gone}: the pod was deleted");
    reading.until("its end", |reading| reading.told.contains(&end)).await;
}
