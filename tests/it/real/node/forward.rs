//! Port-forwards into real containers: half-closed connections, and pods that are replaced.

use super::super::running::Running;
use super::{A_WHILE, Space, shell};
use rutter::kinds::forward::ForwardPhase;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A web server on 8080 that says the pod's name, and on 7 one that answers a line with much. It cannot wait for the end
/// of a question: containerd 1.6 does not pass it on, but gives the answer one more second.
const SERVES: &str = r#"
mkdir -p /tmp/www; hostname >/tmp/www/index.html
echo 'read -r line; echo "$line"; dd if=/dev/zero bs=1024 count=500 2>/dev/null | tr "\000" x; echo end' >/tmp/much
nc -ll -p 7 -e sh /tmp/much &
exec httpd -f -p 8080 -h /tmp/www"#;

/// Says something and that this is all, and reads the answer to its end.
async fn asks(forward: &Running, question: &[u8]) -> String {
    let mut local = TcpStream::connect(&forward.state.addresses[0]).await.expect("somebody listens");
    local.write_all(question).await.expect("it can be asked");
    local.shutdown().await.expect("this is all");
    let mut answer = Vec::new();
    let read = timeout(A_WHILE, local.read_to_end(&mut answer)).await.expect("an end");
    assert!(read.is_ok(), "{read:?} after {} bytes; {:?}", answer.len(), forward.state);
    String::from_utf8(answer).expect("text")
}

/// A deployment with one pod, and a service in front of it.
async fn prepare(space: &Space) {
    let labels = json!({"app": "web"});
    let probe = json!({"tcpSocket": {"port": 8080}, "periodSeconds": 1});
    let more = json!({"ports": [{"name": "http", "containerPort": 8080}], "readinessProbe": probe});
    let template = json!({"metadata": {"labels": labels}, "spec": shell(SERVES, more)});
    let spec = json!({"replicas": 1, "selector": {"matchLabels": labels}, "template": template});
    let all = format!("/apis/apps/v1/namespaces/{}/deployments", space.name);
    space.wire.post(&all, &json!({"metadata": {"name": "web"}, "spec": spec})).await.ok("deployment");
    let service = json!({"metadata": {"name": "web"}, "spec": {"selector": labels, "ports": [
        {"name": "www", "port": 80, "targetPort": "http"}, {"name": "much", "port": 7}]}});
    space.wire.post(&space.path("services"), &service).await.ok("service");
    let available = |it: &Value| it["status"]["availableReplicas"] == 1;
    space.until_at(&format!("{all}/web"), "available", available).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_of_real_pods_are_forwarded() {
    let Some(space) = Space::open("node-forward").await else { return };
    prepare(&space).await;
    let mut service = Running::listens(space.plane, space.name, ("services", "web", ":www")).await;
    let first = service.state.pod.clone();
    let mut pod = Running::listens(space.plane, space.name, ("pods", &first, ":8080")).await;
    for forward in [&service, &pod] {
        let answer = asks(forward, b"GET / HTTP/1.0\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1") && answer.ends_with(&format!("{first}\n")), "{answer}");
    }

    // Far more than fits into buffers comes after the question has ended.
    let much = Running::listens(space.plane, space.name, ("services", "web", ":much")).await;
    for _ in 0..3 {
        let answer = asks(&much, b"question\n").await;
        assert_eq!(answer.len(), 9 + 512_000 + 4, "{:?}", much.state);
        assert!(answer.starts_with("question\nx") && answer.ends_with("xend\n"));
    }

    space.wire.delete(&space.path(&format!("pods/{first}"))).await.ok("delete");
    service.until(|state| state.phase == ForwardPhase::Listening && state.pod != first).await;
    let answer = asks(&service, b"GET / HTTP/1.0\r\n\r\n").await;
    assert!(answer.ends_with(&format!("{}\n", service.state.pod)), "{answer}");
    pod.until(|state| state.phase == ForwardPhase::Broken).await;
    // Its containers end before it goes.
    let told = ["is gone", "has failed"].map(|how| format!("pod {first} {how}"));
    assert!(told.contains(&pod.state.error), "{:?}", pod.state);
}
