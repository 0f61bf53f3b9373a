//! Port-forwards through the real API server to kwok's kubelet, beside kubectl's own.

use super::control_plane::{self, Plane, kubectl};
use super::running::Running;
use super::wire::{SOON, Wire};
use rutter::kinds::forward::ForwardPhase;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const NAMESPACE: &str = "forward";
/// What kwok's web server answers, see `tests/cluster/fake.yaml`.
const HELLO: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";

/// The page behind a forward.
async fn get(forward: &Running) -> String {
    page(&forward.state.addresses[0]).await
}

/// Asks for a page, says that this is all, and reads the answer to its end.
async fn page(address: &str) -> String {
    let mut local = TcpStream::connect(address).await.expect("somebody listens");
    local.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("it can be asked");
    local.shutdown().await.expect("this is all");
    let mut answer = String::new();
    let read = timeout(SOON, local.read_to_string(&mut answer)).await.expect("an end");
    // What broke off is no answer.
    read.map_or_else(|error| format!("{answer:?}, then {error}"), |_| answer.clone())
}

/// A deployment with one pod that runs, and a service in front of it.
async fn prepare(plane: &Plane) -> Wire {
    let wire = Wire(plane.anything("").await);
    wire.post("/api/v1/namespaces", &json!({"metadata": {"name": NAMESPACE}})).await;
    let labels = json!({"app": "web"});
    let ports = json!([{"name": "http", "containerPort": 8080}, {"name": "echo", "containerPort": 7}]);
    let pod = json!({"containers": [{"name": "web", "image": "web", "ports": ports}]});
    let deployment = json!({"metadata": {"name": "web"}, "spec": {"replicas": 1, "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod}}});
    wire.post(&format!("/apis/apps/v1/namespaces/{NAMESPACE}/deployments"), &deployment).await;
    let service = json!({"metadata": {"name": "web"}, "spec": {"selector": labels,
        "ports": [{"name": "www", "port": 80, "targetPort": "http"}]}});
    wire.post(&format!("/api/v1/namespaces/{NAMESPACE}/services"), &service).await;
    plane.kubectl(&["-n", NAMESPACE, "wait", "--timeout=30s", "--for=condition=Available", "deployment/web"]);
    wire
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_are_forwarded_as_kubectl_does() {
    let Some(plane) = control_plane::whole() else { return };
    prepare(plane).await;
    let mut service = Running::listens(plane, NAMESPACE, ("services", "web", ":www")).await;
    assert_eq!(service.state.port, 8080);
    for _ in 0..50 {
        let answer = get(&service).await;
        if answer != HELLO {
            service.until(|state| !state.error.is_empty()).await;
        }
        assert_eq!(answer, HELLO, "{:?}", service.state);
    }
    service.until(|state| state.connections == 50 && state.open == 0).await;
    assert_eq!((service.state.received, service.state.error.as_str()), (50 * HELLO.len() as u64, ""));

    // The same through kubectl.
    let mut command = kubectl();
    command.arg("--kubeconfig").arg(plane.kubeconfig()).args(["-n", NAMESPACE, "port-forward", "service/web", ":www"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("kubectl runs");
    // It dies when nobody reads what it says next.
    let (mut line, mut lines) = (String::new(), BufReader::new(child.stdout.take().expect("a pipe")));
    lines.read_line(&mut line).expect("text");
    let words: Vec<&str> = line.split_whitespace().collect();
    let answer = page(words[2]).await;
    child.kill().expect("it ends");
    child.wait().expect("it ends");
    assert_eq!((answer.as_str(), words[4]), (HELLO, "8080"));

    // An echo, in both directions at once, with more than fits into any buffer on the way.
    let echo = Running::listens(plane, NAMESPACE, ("deployments", "web", ":echo")).await;
    let (mut from, mut to) = TcpStream::connect(&echo.state.addresses[0]).await.expect("it listens").into_split();
    let sent: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
    let (copy, mut received) = (sent.clone(), vec![0; sent.len()]);
    let sending = tokio::spawn(async move { to.write_all(&copy).await.map(|()| to) });
    timeout(SOON, from.read_exact(&mut received)).await.expect("it comes").expect("it comes");
    assert!(sent == received, "what came back differs");
    drop(sending.await);

    // When the pod goes, the forward of the service finds the next one.
    let before = service.state.pod.clone();
    let mut pod = Running::listens(plane, NAMESPACE, ("pods", &before, ":8080")).await;
    plane.kubectl(&["-n", NAMESPACE, "delete", "pod", &before]);
    service.until(|state| state.phase == ForwardPhase::Listening && state.pod != before).await;
    assert_eq!(get(&service).await, HELLO);
    pod.until(|state| state.phase == ForwardPhase::Broken).await;
    assert_eq!(pod.state.error, format!("pod {before} is gone"));

    let mut denied = Running::begin(plane, "nobody", NAMESPACE, ("services", "web", ":www")).await;
    denied.until(|state| state.phase == ForwardPhase::Failed).await;
    assert!(denied.state.error.contains("forbidden"), "{}", denied.state.error);
    plane.kubectl(&["delete", "namespace", NAMESPACE, "--wait=false"]);
}
