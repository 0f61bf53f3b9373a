//! Forwards from the listening socket to the pod, over a real socket at each end.

use super::fake::{ANSWER, BROKEN, ECHO, FATAL, Fake, LARGE, REFUSED, Speaks};
use super::*;
use crate::cluster::Message;
use crate::kinds;
use crate::kinds::forward::{ForwardId, ForwardPhase, ForwardState};
use kube::Client;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A forward that runs.
struct Running {
    fake: Fake,
    inbox: Receiver<Message>,
    state: ForwardState,
    task: JoinHandle<()>,
}

fn pod(name: &str, uid: &str) -> Value {
    json!({
        "metadata": {"name": name, "namespace": "shop", "uid": uid, "resourceVersion": "1"},
        "spec": {"nodeName": "n1", "containers": [{"name": "c", "ports": [{"name": "echo", "containerPort": ECHO}]}]},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
    })
}

/// A cluster with a pod and a service in front of it.
async fn cluster(speaks: Speaks) -> (Fake, Client) {
    let (fake, client) = Fake::start(speaks).await;
    fake.put("pods/web-1", pod("web-1", "u1"));
    fake.put("pods", json!({"items": [pod("web-1", "u1")]}));
    let ports = json!([{"name": "http", "port": 8081, "targetPort": "echo"}]);
    fake.put(
        "services/web",
        json!({"metadata": {"name": "web", "namespace": "shop"},
        "spec": {"type": "ClusterIP", "clusterIP": "10.0.0.1", "selector": {"app": "web"}, "ports": ports}}),
    );
    (fake, client)
}

fn request(on: &str, spec: &str) -> ForwardRequest {
    let (kind, name) = on.split_once('/').unwrap();
    let target = Target { kind: kinds::find(kind).unwrap(), namespace: "shop".into(), name: name.into() };
    ForwardRequest { id: ForwardId(3), target, spec: Spec::parse(spec).unwrap(), bind: Bind::Localhost }
}

impl Running {
    fn begin(fake: Fake, client: Client, request: ForwardRequest) -> Self {
        let (out, inbox) = mpsc::channel(4);
        let access = Access { read: client.clone(), session: client };
        let task = tokio::spawn(forward(access, request, out));
        Self { fake, inbox, state: ForwardState::default(), task }
    }

    /// Begins a forward on `on` of these ports, over a new cluster, and waits until it listens.
    async fn on(speaks: Speaks, on: &str, spec: &str) -> Self {
        let (fake, client) = cluster(speaks).await;
        let mut running = Self::begin(fake, client, request(on, spec));
        running.until(|state| state.phase == ForwardPhase::Listening).await;
        running
    }

    /// Waits for a state.
    async fn until(&mut self, wanted: impl Fn(&ForwardState) -> bool) -> ForwardState {
        let waiting = async {
            while !wanted(&self.state) {
                let Some(Message::Forward { id, state }) = self.inbox.recv().await else { panic!("it is over") };
                assert_eq!(id, ForwardId(3));
                self.state = state;
            }
        };
        if timeout(Duration::from_secs(20), waiting).await.is_err() {
            panic!("it stays {:?}", self.state);
        }
        self.state.clone()
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.state.addresses[0]).await.unwrap()
    }

    /// Says something, that this is all, and reads the answer to its end.
    async fn ask(&self, what: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut local = self.connect().await;
        // A connection that is cut may be gone already.
        let _ = local.write_all(what).await;
        let _ = local.shutdown().await;
        let mut answer = Vec::new();
        let reading = timeout(Duration::from_secs(20), local.read_to_end(&mut answer));
        reading.await.expect("the connection ends").map(|_| answer)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[tokio::test]
async fn the_answer_to_everything_that_was_said_comes_whole() {
    let mut forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{ANSWER}")).await;
    assert_eq!(forward.ask(b"hello").await.unwrap(), vec![b'x'; LARGE]);
    let state = forward.until(|state| state.open == 0 && state.connections == 1).await;
    assert_eq!((state.received, state.sent), (LARGE as u64, 5));
    assert_eq!((state.pod.as_str(), state.port, state.error.as_str()), ("web-1", ANSWER, ""));
    assert_eq!(forward.fake.opened(), ["/api/v1/namespaces/shop/pods/web-1/portforward"]);
}

#[tokio::test]
async fn a_thousand_connections_leave_nothing_behind() {
    let mut forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{ECHO}")).await;
    for number in 0..1_000 {
        let said = format!("hello {number}");
        assert_eq!(forward.ask(said.as_bytes()).await.unwrap(), said.as_bytes());
    }
    let state = forward.until(|state| state.open == 0 && state.connections == 1_000).await;
    assert_eq!(state.received, state.sent);
    assert_eq!((forward.fake.streams(), forward.fake.opened().len()), (0, 1), "one tunnel, and no stream in it");
}

#[tokio::test]
async fn many_connections_share_a_tunnel() {
    let forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{ECHO}")).await;
    let mut all = Vec::new();
    for _ in 0..30 {
        all.push(forward.connect().await);
    }
    for (number, local) in all.iter_mut().enumerate().rev() {
        local.write_all(format!("{number:02}").as_bytes()).await.unwrap();
    }
    for (number, local) in all.iter_mut().enumerate() {
        let mut answer = [0; 2];
        local.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, *format!("{number:02}").as_bytes());
    }
    assert_eq!(forward.fake.opened().len(), 1);
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_says_so() {
    for speaks in [Speaks::Tunnel, Speaks::Legacy] {
        let mut forward = Running::on(speaks, "pods/web-1", &format!(":{REFUSED}")).await;
        forward.ask(b"hello\n").await.expect_err("it is cut, not ended");
        let state = forward.until(|state| !state.error.is_empty()).await;
        assert!(state.error.ends_with("connection refused"), "{}", state.error);
        // It stays: somebody may begin to listen.
        assert_eq!(state.phase, ForwardPhase::Listening);
        forward.ask(b"hello\n").await.expect_err("the next one as well");
    }
    let mut forward = Running::on(Speaks::Nothing, "pods/web-1", ":80").await;
    forward.ask(b"hello\n").await.expect_err("it is cut");
    let state = forward.until(|state| !state.error.is_empty()).await;
    assert_eq!(state.error, "the server knows no way to forward ports over WebSocket");
}

#[tokio::test]
async fn half_an_answer_does_not_look_like_a_whole_one() {
    for speaks in [Speaks::Tunnel, Speaks::Legacy] {
        let forward = Running::on(speaks, "pods/web-1", &format!(":{BROKEN}")).await;
        forward.ask(b"hello\n").await.expect_err("it is cut");
    }
}

#[tokio::test]
async fn a_tunnel_that_is_lost_is_opened_again_to_the_same_pod() {
    let mut forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{FATAL}")).await;
    forward.ask(b"hello").await.expect_err("it is cut");
    forward.until(|state| state.phase == ForwardPhase::Broken).await;
    let state = forward.until(|state| state.phase == ForwardPhase::Listening).await;
    assert_eq!(state.error, "the API server closed the connection");
    assert_eq!(forward.fake.opened().len(), 2);
}

#[tokio::test]
async fn opened_on_a_pod_it_is_broken_when_the_pod_goes() {
    let mut forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{ECHO}")).await;
    assert_eq!(forward.ask(b"a").await.unwrap(), b"a");
    // Another pod of the same name is not the pod that was meant.
    forward.fake.put("pods/web-1", pod("web-1", "u2"));
    let state = forward.until(|state| state.phase == ForwardPhase::Broken).await;
    assert_eq!(state.error, "pod web-1 was replaced by another one of its name");
    forward.ask(b"a").await.expect_err("nobody is left waiting");
    assert_eq!(forward.fake.opened().len(), 1);
}

#[tokio::test]
async fn opened_on_a_service_it_finds_the_next_pod() {
    let mut forward = Running::on(Speaks::Tunnel, "services/web", ":http").await;
    assert_eq!(forward.state.pod, "web-1");
    let mut open = forward.connect().await;
    open.write_all(b"before").await.unwrap();
    let mut answer = [0; 6];
    open.read_exact(&mut answer).await.unwrap();
    let leaving = |mut pod: Value| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        pod
    };
    forward.fake.put("pods/web-2", pod("web-2", "u2"));
    forward.fake.put("pods", json!({"items": [leaving(pod("web-1", "u1")), pod("web-2", "u2")]}));
    forward.fake.put("pods/web-1", leaving(pod("web-1", "u1")));
    let state = forward.until(|state| state.pod == "web-2" && state.phase == ForwardPhase::Listening).await;
    assert_eq!(state.error, "pod web-1 is being deleted");
    assert_eq!(forward.ask(b"after").await.unwrap(), b"after");
    // What was open stays with the pod that still serves it.
    open.write_all(b"during").await.unwrap();
    open.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"during");
    let opened = forward.fake.opened();
    assert_eq!(opened.iter().filter(|path| path.contains("web-2")).count(), 1, "{opened:?}");
}

#[tokio::test]
async fn while_there_is_no_pod_nobody_is_left_waiting() {
    let mut forward = Running::on(Speaks::Tunnel, "services/web", ":8081").await;
    forward.fake.put("pods", json!({"items": []}));
    forward.fake.remove("pods/web-1");
    let state = forward.until(|state| state.phase == ForwardPhase::Resolving).await;
    assert_eq!(state.error, "service shop/web has no pod");
    forward.ask(b"a").await.expect_err("it is cut at once");
    forward.fake.put("pods/web-2", pod("web-2", "u2"));
    forward.fake.put("pods", json!({"items": [pod("web-2", "u2")]}));
    forward.until(|state| state.phase == ForwardPhase::Listening).await;
    assert_eq!(forward.ask(b"a").await.unwrap(), b"a");
}

#[tokio::test]
async fn servers_without_tunnels_get_a_websocket_for_each_connection() {
    let mut forward = Running::on(Speaks::Legacy, "pods/web-1", &format!(":{ANSWER}")).await;
    for _ in 0..2 {
        let answer = forward.ask(b"hello\n").await.unwrap();
        assert!(answer == vec![b'x'; LARGE], "{} bytes came", answer.len());
    }
    forward.until(|state| state.open == 0 && state.connections == 2).await;
    let path = format!("/api/v1/namespaces/shop/pods/web-1/portforward?ports={ANSWER}");
    assert_eq!(forward.fake.opened(), [path.clone(), path]);
}

/// How a forward that cannot begin ends.
async fn failure(fake: Fake, client: Client, request: ForwardRequest) -> (String, String) {
    let mut forward = Running::begin(fake, client, request);
    let state = forward.until(|state| state.phase == ForwardPhase::Failed).await;
    assert_eq!(state.addresses, [] as [String; 0]);
    (state.error, state.hint)
}

#[tokio::test]
async fn what_cannot_be_is_said() {
    let (fake, client) = cluster(Speaks::Tunnel).await;
    let fails = |on: &'static str, spec: &'static str| failure(fake.clone(), client.clone(), request(on, spec));
    assert_eq!(fails("pods/web-1", "nowhere").await.0, "pod \"web-1\" has no port \"nowhere\"");
    assert_eq!(fails("services/web", "80").await.0, "service \"web\" has no port \"80\"");
    assert!(fails("services/other", "80").await.0.ends_with("services/other not found"));
    let mut pending = pod("web-3", "u3");
    pending["status"]["phase"] = json!("Pending");
    fake.put("pods/web-3", pending);
    assert_eq!(fails("pods/web-3", "80").await.0, "pod shop/web-3 is not running: it is Pending");
    fake.put("pods/web-1/portforward", json!({"kind": "Status", "message": "pods \"web-1\" is forbidden"}));
    let (sentence, hint) = fails("pods/web-1", ":80").await;
    assert_eq!(sentence, "pods \"web-1\" is forbidden");
    assert!(hint.contains("\"get\" and \"create\" on \"pods/portforward\" in namespace \"shop\""), "{hint}");
}

#[tokio::test]
async fn a_port_that_is_taken_is_explained() {
    let (fake, client) = cluster(Speaks::Tunnel).await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap();
    let wanted = ForwardRequest {
        bind: Bind::Addresses(vec![address.ip()]),
        ..request("pods/web-1", &format!("{}:{ECHO}", address.port()))
    };
    let (sentence, hint) = failure(fake, client, wanted).await;
    assert_eq!(sentence, format!("{address} is taken by another program"));
    assert!(hint.contains(":PORT chooses a free one"));
}

#[tokio::test]
async fn nothing_is_told_while_nothing_changes() {
    let mut forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{ECHO}")).await;
    forward.ask(b"a").await.unwrap();
    forward.until(|state| state.open == 0 && state.received == 1).await;
    let more = timeout(Duration::from_millis(700), forward.inbox.recv()).await;
    assert!(more.is_err(), "{more:?}");
}

#[tokio::test]
async fn the_end_of_a_forward_ends_its_connections() {
    let forward = Running::on(Speaks::Tunnel, "pods/web-1", &format!(":{ECHO}")).await;
    let mut open = forward.connect().await;
    open.write_all(b"a").await.unwrap();
    open.read_exact(&mut [0; 1]).await.unwrap();
    let address = forward.state.addresses[0].clone();
    forward.task.abort();
    let ended = timeout(Duration::from_secs(10), open.read(&mut [0; 1])).await.expect("it ends");
    assert!(matches!(ended, Ok(0) | Err(_)));
    TcpStream::connect(address).await.expect_err("nobody listens");
}
