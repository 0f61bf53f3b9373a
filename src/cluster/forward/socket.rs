//! A WebSocket to the port-forward subresource of a pod.

use super::ask::{Trouble, pod_path};
use super::target::Aim;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use kube::Client;
use kube::client::Body;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};
use tokio_tungstenite::tungstenite::protocol::Role;

/// Longest time until a WebSocket is open.
const DEADLINE: Duration = Duration::from_secs(30);

/// An open WebSocket.
pub type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// Why a WebSocket was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unopened {
    /// The server does not know this sub-protocol.
    NotSpoken,
    /// Anything else.
    Trouble(Trouble),
}

/// Opens a WebSocket of the sub-protocol `protocol` to the pod; `query` begins with `?` or is empty.
pub async fn open(client: &Client, aim: &Aim, query: &str, protocol: &'static str) -> Result<Socket, Unopened> {
    let late = |_| Unopened::Trouble(Trouble::network("the API server opened no connection within 30 seconds"));
    timeout(DEADLINE, upgrade(client, aim, query, protocol)).await.map_err(late)?
}

async fn upgrade(client: &Client, aim: &Aim, query: &str, protocol: &'static str) -> Result<Socket, Unopened> {
    let key = generate_key();
    let network = |text: &str| Unopened::Trouble(Trouble::network(text));
    let request = Request::get(format!("{}/portforward{query}", pod_path(&aim.namespace, &aim.pod)))
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key)
        .header(header::SEC_WEBSOCKET_PROTOCOL, protocol)
        .body(Body::empty())
        .map_err(|error| network(&error.to_string()))?;
    let answer = client.send(request).await.map_err(|error| Unopened::Trouble(Trouble::of_error(&error)))?;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(refused(answer).await);
    }
    check(answer.headers(), &key, protocol)?;
    let raw = hyper::upgrade::on(answer).await.map_err(|error| network(&error.to_string()))?;
    Ok(WebSocketStream::from_raw_socket(TokioIo::new(raw), Role::Client, None).await)
}

/// What an answer means that opens nothing. A kubelet that does not know a sub-protocol answers 400 or 403 without a
/// `Status`, which the API server's own refusals have.
async fn refused(answer: Response<Body>) -> Unopened {
    let trouble = Trouble::of_answer(answer).await;
    if matches!(trouble.code, Some(400 | 403)) && !trouble.is_status {
        return Unopened::NotSpoken;
    }
    Unopened::Trouble(trouble)
}

/// Checks the answer as RFC 6455, 4.1, asks.
fn check(headers: &HeaderMap, key: &str, protocol: &str) -> Result<(), Unopened> {
    let is = |name, wanted: &str| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .is_some_and(|value| value.split(',').any(|value| value.trim().eq_ignore_ascii_case(wanted)))
    };
    let accepted = headers.get(header::SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes);
    let accepts = accepted == Some(derive_accept_key(key.as_bytes()).as_bytes());
    if !(accepts && is(header::UPGRADE, "websocket") && is(header::CONNECTION, "upgrade")) {
        return Err(Unopened::Trouble(Trouble::network("what answered speaks no WebSocket; is a proxy in between?")));
    }
    if is(header::SEC_WEBSOCKET_PROTOCOL, protocol) { Ok(()) } else { Err(Unopened::NotSpoken) }
}
