//! HTTP around the world: reads requests, asks the owner task, writes answers; in memory or on a TCP port.

use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::header::{
    ACCEPT, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, UPGRADE, USER_AGENT, WARNING,
};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::answer::{Answer, Failure, Whole};
use super::request::{Request, query};
use super::{Cluster, logs, remote};

/// A body that ends when the sender is dropped.
#[derive(Debug)]
pub struct Lines(mpsc::Receiver<Bytes>);

impl Body for Lines {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|line| line.map(|bytes| Ok(Frame::data(bytes))))
    }
}

type Response = hyper::Response<Either<Full<Bytes>, Lines>>;

/// Serves one connection until it is closed.
pub async fn connection(cluster: Cluster, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
    let service = service_fn(move |request| {
        let cluster = cluster.clone();
        async move { Ok::<_, Infallible>(respond(&cluster, request).await) }
    });
    // An error here means that the client hung up: nobody is left to tell.
    let _ =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(io), service).with_upgrades().await;
}

/// Serves every connection of a TCP port, for as long as it is polled.
pub async fn accept(cluster: Cluster, listener: TcpListener) -> io::Error {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(connection(cluster.clone(), stream))),
            Err(error) => return error,
        }
    }
}

async fn respond(cluster: &Cluster, mut request: hyper::Request<Incoming>) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    let answer = match read(request).await {
        Ok(request) => cluster.ask(request).await,
        Err(failure) => failure.into(),
    };
    match answer {
        Answer::Once(whole) => whole_body(whole),
        Answer::Lines(lines) => streamed("application/json", lines),
        Answer::Session(session) => {
            let response = switching(&session);
            tokio::spawn(remote::serve(cluster.clone(), upgrade, *session));
            response
        }
        Answer::Log(plan) => streamed("text/plain", logs::stream(cluster.clone(), *plan)),
    }
}

async fn read(request: hyper::Request<Incoming>) -> Result<Request, Failure> {
    let (head, body) = request.into_parts();
    let header = |name: HeaderName| {
        let values = head.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(",")
    };
    let agent = header(USER_AGENT);
    let switches = header(UPGRADE).eq_ignore_ascii_case("websocket");
    let protocols = header(SEC_WEBSOCKET_PROTOCOL);
    let body = body.collect().await.map_err(|e| Failure::bad_request(format!("the body could not be read: {e}")))?;
    Ok(Request {
        method: head.method.to_string(),
        path: super::request::decoded(&head.uri.path().replace('+', "%2B")),
        query: query(head.uri.query().unwrap_or_default()),
        accept: header(ACCEPT),
        media: header(CONTENT_TYPE),
        agent: agent.split('/').next().unwrap_or_default().to_owned(),
        upgrade: if switches { header(SEC_WEBSOCKET_KEY) } else { String::new() },
        protocols: protocols.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        body: body.to_bytes(),
    })
}

fn whole_body(whole: Whole) -> Response {
    let mut response = hyper::Response::new(Either::Left(Full::new(whole.body.into())));
    *response.status_mut() =
        hyper::StatusCode::from_u16(whole.code).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(whole.media));
    for warning in whole.warnings {
        let text = format!("299 - \"{}\"", warning.replace('\\', "\\\\").replace('"', "\\\""));
        headers.extend(HeaderValue::try_from(text).map(|text| (WARNING, text)));
    }
    if let Some(seconds) = whole.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    response
}

/// The answer that makes a WebSocket of the connection.
fn switching(session: &remote::Session) -> Response {
    let mut response = hyper::Response::new(Either::Left(Full::default()));
    *response.status_mut() = hyper::StatusCode::SWITCHING_PROTOCOLS;
    let accept = HeaderValue::try_from(derive_accept_key(session.key.as_bytes()));
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(session.protocol));
    headers.extend(accept.map(|accept| (SEC_WEBSOCKET_ACCEPT, accept)));
    response
}

fn streamed(media: &'static str, lines: mpsc::Receiver<Bytes>) -> Response {
    let mut response = hyper::Response::new(Either::Right(Lines(lines)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
