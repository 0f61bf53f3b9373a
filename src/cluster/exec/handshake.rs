//! Opens the WebSocket of a session, and says why it could not be opened.

use super::call::{Call, What};
use super::channel::Version;
use crate::cluster::Unreachable;
use crate::cluster::watch::cause;
use crate::text::safe;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use kube::Client;
use kube::client::Body;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// The connection below a session.
pub type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// Largest message that is taken, in bytes; kubelets send at most 32 KiB at once.
const LARGEST: usize = 4 << 20;
/// The most that is read of a refusal, in bytes, and how long that may take.
const REFUSAL: usize = 64 << 10;
const REFUSAL_TIME: Duration = Duration::from_secs(5);

/// Opens the WebSocket.
///
/// # Errors
/// When the server refuses, or does not speak WebSocket.
pub async fn connect(client: &Client, call: &Call) -> Result<(Socket, Version), Unreachable> {
    let key = generate_key();
    let request = request(call, &key).map_err(|error| trouble(&format!("it cannot be asked for: {error}"), ""))?;
    let answer = client.send(request).await;
    let answer = answer.map_err(|error| trouble(&cause(&error), "check the connection to the cluster"))?;
    if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(refused(answer, call).await);
    }
    let version = version(&answer, &key)?;
    let upgraded = hyper::upgrade::on(answer).await;
    let upgraded = upgraded.map_err(|error| trouble(&cause(&error), "try again"))?;
    let config = WebSocketConfig::default().max_message_size(Some(LARGEST)).max_frame_size(Some(LARGEST));
    let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await;
    Ok((socket, version))
}

/// The request that asks for a WebSocket (RFC 6455, 4.1).
fn request(call: &Call, key: &str) -> http::Result<Request<Body>> {
    Request::get(call.uri())
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, key)
        .header(header::SEC_WEBSOCKET_PROTOCOL, Version::OFFER)
        .body(Body::empty())
}

/// What the server chose, when its answer is one to our question.
fn version(answer: &Response<Body>, key: &str) -> Result<Version, Unreachable> {
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let switched = header(header::UPGRADE).eq_ignore_ascii_case("websocket");
    if !switched || header(header::SEC_WEBSOCKET_ACCEPT) != derive_accept_key(key.as_bytes()) {
        return Err(trouble("the answer is not that of a WebSocket server", PROXY));
    }
    let chosen = header(header::SEC_WEBSOCKET_PROTOCOL);
    let unknown = || trouble(&format!("the server speaks \"{chosen}\", which rutter does not"), PROXY);
    Version::of(chosen).ok_or_else(unknown)
}

const PROXY: &str = "a proxy between rutter and the API server may not let WebSockets through";

/// Why the server did not open the session.
async fn refused(answer: Response<Body>, call: &Call) -> Unreachable {
    let code = answer.status().as_u16();
    let body = timeout(REFUSAL_TIME, Limited::new(answer.into_body(), REFUSAL).collect()).await;
    let body = body.ok().and_then(Result::ok).map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let said = message(&body);
    let hint = hint(code, said.as_deref().unwrap_or_default(), call);
    trouble(&said.unwrap_or_else(|| format!("the server answered {code} and opened no WebSocket")), &hint)
}

/// The message of a `Status`; a page of a proxy says nothing that would help.
fn message(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Status {
        message: String,
    }
    serde_json::from_slice::<Status>(body).ok().map(|status| status.message).filter(|message| !message.is_empty())
}

/// What may help.
fn hint(code: u16, said: &str, call: &Call) -> String {
    let (subresource, namespace) = (call.what.subresource(), &call.namespace);
    match code {
        401 => "sign in to the cluster again".to_owned(),
        403 => format!(
            "you need the verbs \"get\" and \"create\" on \"pods/{subresource}\" in namespace \"{namespace}\"; \
             kubectl may get by with \"create\" alone"
        ),
        404 => "it is gone; its owner may have made a new one".to_owned(),
        400 if said.is_empty() => PROXY.to_owned(),
        400 if call.what == What::Attach => "the container has to run".to_owned(),
        400 => "the container has to exist and to run".to_owned(),
        500.. if said.contains("dial") => "the API server cannot reach the node's kubelet".to_owned(),
        200..300 => PROXY.to_owned(),
        _ => "try again".to_owned(),
    }
}

fn trouble(sentence: &str, hint: &str) -> Unreachable {
    Unreachable { sentence: safe(sentence).into_owned(), hint: hint.to_owned() }
}
