//! Port-forward over the old WebSocket protocol: two channels for each port, the second one for what goes wrong.

use futures::{SinkExt, StreamExt};
use hyper::body::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::collections::BTreeMap;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

use super::socket::message;
use crate::demo::json::{Random, list, text};
use crate::demo::request::Request;

/// The ports of a session.
#[derive(Debug)]
pub struct Ports {
    pod: String,
    uid: String,
    wanted: Vec<u16>,
    open: Vec<u16>,
}

/// What a request wants to be forwarded; none without a port, or with one that is none.
pub fn plan(request: &Request, pod: &Value) -> Option<Ports> {
    let given = request.params("ports").flat_map(|ports| ports.split(','));
    let wanted: Option<Vec<u16>> = given.map(|port| port.parse().ok().filter(|port| *port > 0)).collect();
    let specs = list(pod, "/spec/containers").iter().chain(list(pod, "/spec/initContainers"));
    let ports = specs.flat_map(|container| list(container, "/ports")).filter(|port| text(port, "/protocol") != "UDP");
    let open = ports.filter_map(|port| u16::try_from(port.get("containerPort")?.as_i64()?).ok()).collect();
    let (pod, uid) = (text(pod, "/metadata/name").to_owned(), text(pod, "/metadata/uid").to_owned());
    wanted.filter(|ports| !ports.is_empty()).map(|wanted| Ports { pod, uid, wanted, open })
}

/// Answers on every port until all of them are done.
pub async fn serve(mut socket: WebSocketStream<TokioIo<Upgraded>>, ports: Ports) {
    let mut waiting: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for (data, port) in (0..).step_by(2).zip(&ports.wanted) {
        let begin = Bytes::copy_from_slice(&port.to_le_bytes());
        for channel in [data, data + 1] {
            if socket.send(message((channel, begin.clone()))).await.is_err() {
                return;
            }
        }
        if ports.open.contains(port) {
            waiting.insert(data, Vec::new());
        } else if socket.send(message((data + 1, ports.refused(*port).into()))).await.is_err() {
            return;
        }
    }
    while !waiting.is_empty() {
        let Some(Ok(heard)) = socket.next().await else { return };
        let Message::Binary(bytes) = heard else { continue };
        let Some((channel, rest)) = bytes.split_first() else { continue };
        let Some(asked) = waiting.get_mut(channel) else { continue };
        asked.extend(rest);
        if ends_a_request(asked) {
            let answer = message((*channel, ports.hello().into()));
            waiting.remove(channel);
            if socket.send(answer).await.is_err() {
                return;
            }
        }
    }
    // Whether the client still listens makes no difference any more.
    let _ = socket.close(None).await;
}

/// Whether the head of an HTTP request is complete.
fn ends_a_request(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|four| four == b"\r\n\r\n") || bytes.windows(2).any(|two| two == b"\n\n")
}

impl Ports {
    fn hello(&self) -> String {
        let text = format!("hello from {}\n", self.pod);
        let length = text.len();
        format!("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{text}")
    }

    /// What the kubelet and containerd say about a port on which nobody listens.
    fn refused(&self, port: u16) -> String {
        let mut random = Random::of(&self.uid);
        let sandbox = random.digest();
        let space = format!("/var/run/netns/cni-{}", random.uid());
        format!(
            "error forwarding port {port} to pod {sandbox}, uid : failed to execute portforward in network namespace \"{space}\": failed to connect to localhost:{port} inside namespace \"{sandbox}\", IPv4: dial tcp4 127.0.0.1:{port}: connect: connection refused IPv6 dial tcp6 [::1]:{port}: connect: connection refused "
        )
    }
}
