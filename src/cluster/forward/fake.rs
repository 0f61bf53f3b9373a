//! An API server on loopback for the tests: it answers with the objects of a test, and behind it stands a node that
//! speaks the tunnel, or only the older protocol, or neither.

use super::spdy;
use futures::{SinkExt, StreamExt};
use http::{Request, Response, header};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use kube::client::{ClientBuilder, ConfigExt as _};
use kube::{Client, Config};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::{Message, protocol::Role};

/// What the node understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    Tunnel,
    Legacy,
    Nothing,
}

/// How the pod behaves on its ports.
pub const ECHO: u16 = 7;
/// Says something large once it has heard everything.
pub const ANSWER: u16 = 80;
/// Nobody listens.
pub const REFUSED: u16 = 9;
/// Breaks off in the middle.
pub const BROKEN: u16 = 5;
/// Kills the whole connection of the node.
pub const FATAL: u16 = 6;

/// How much [`ANSWER`] says.
pub const LARGE: usize = 3 << 20;

#[derive(Debug)]
pub struct State {
    pub objects: HashMap<String, Value>,
    pub speaks: Speaks,
    /// Paths of the port-forwards that were opened.
    pub opened: Vec<String>,
    /// Streams that are open at the node, by tunnel.
    pub streams: HashSet<(usize, u32)>,
    /// Who watches which pod.
    pub watchers: Vec<(String, UnboundedSender<Value>)>,
}

impl State {
    /// Tells those who watch the pod at `path`.
    fn tell(&mut self, path: &str, event: &Value) {
        let about = |name: &str| path.strip_prefix("pods/") == Some(name);
        self.watchers.retain(|(name, watcher)| !about(name) || watcher.send(event.clone()).is_ok());
    }
}

#[derive(Debug, Clone)]
pub struct Fake(pub Arc<Mutex<State>>);

type Answer = Response<BoxBody<Bytes, Infallible>>;

impl Fake {
    pub async fn start(speaks: Speaks) -> (Self, Client) {
        let state = State {
            objects: HashMap::new(),
            speaks,
            opened: Vec::new(),
            streams: HashSet::new(),
            watchers: Vec::new(),
        };
        let fake = Self(Arc::new(Mutex::new(state)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let config = Config::new(format!("http://{}", listener.local_addr().unwrap()).parse().unwrap());
        let server = fake.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                socket.set_nodelay(true).unwrap();
                let server = server.clone();
                let service = hyper::service::service_fn(move |request| {
                    let answer = server.answer(request);
                    async move { Ok::<_, Infallible>(answer) }
                });
                let http = hyper::server::conn::http1::Builder::new();
                tokio::spawn(http.serve_connection(TokioIo::new(socket), service).with_upgrades());
            }
        });
        let mut tcp = HttpConnector::new();
        tcp.set_nodelay(true);
        let http =
            hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build::<_, kube::client::Body>(tcp);
        (fake, ClientBuilder::new(http, "shop").with_layer(&config.base_uri_layer()).build())
    }

    /// Puts an object at a path below `/api/v1/namespaces/shop/`, and tells who watches.
    pub fn put(&self, path: &str, object: Value) {
        let mut state = self.0.lock().unwrap();
        state.tell(path, &json!({"type": "MODIFIED", "object": object}));
        state.objects.insert(format!("/api/v1/namespaces/shop/{path}"), object);
    }

    pub fn remove(&self, path: &str) {
        let mut state = self.0.lock().unwrap();
        if let Some(object) = state.objects.remove(&format!("/api/v1/namespaces/shop/{path}")) {
            state.tell(path, &json!({"type": "DELETED", "object": object}));
        }
    }

    pub fn opened(&self) -> Vec<String> {
        self.0.lock().unwrap().opened.clone()
    }

    pub fn streams(&self) -> usize {
        self.0.lock().unwrap().streams.len()
    }

    fn answer(&self, request: Request<Incoming>) -> Answer {
        let path = request.uri().path().to_owned();
        if path.ends_with("/portforward") {
            return self.forward(request);
        }
        let mut state = self.0.lock().unwrap();
        let query = request.uri().query().unwrap_or_default();
        if let Some((_, name)) = query.strip_prefix("watch=true").and_then(|query| query.split_once("name%3D")) {
            let name = name.split('&').next().unwrap().to_owned();
            let (sender, events) = mpsc::unbounded_channel::<Value>();
            state.watchers.push((name, sender));
            let lines = futures::stream::unfold(events, |mut events| async {
                let event = events.recv().await?;
                Some((Ok(Frame::data(Bytes::from(format!("{event}\n")))), events))
            });
            return Response::new(BodyExt::boxed(StreamBody::new(lines)));
        }
        let (code, object) = match state.objects.get(&path) {
            Some(object) if object["kind"] == "Status" => (object["code"].as_u64().unwrap(), object.clone()),
            Some(object) => (200, object.clone()),
            None => (404, json!({"kind": "Status", "message": format!("{path} not found")})),
        };
        full(u16::try_from(code).unwrap(), object.to_string())
    }

    fn forward(&self, mut request: Request<Incoming>) -> Answer {
        let mut state = self.0.lock().unwrap();
        let denied = format!("{}/portforward", request.uri().path().trim_end_matches("/portforward"));
        if let Some(status) = state.objects.get(&denied) {
            return full(403, status.to_string());
        }
        let header = |name| request.headers()[name].to_str().unwrap().to_owned();
        let asked = header("sec-websocket-protocol");
        let fits = match state.speaks {
            Speaks::Tunnel => asked == "SPDY/3.1+portforward.k8s.io",
            Speaks::Legacy => asked == "v4.channel.k8s.io",
            Speaks::Nothing => false,
        };
        if !fits {
            return full(403, String::new());
        }
        let number = state.opened.len();
        state.opened.push(request.uri().to_string());
        let accept = derive_accept_key(header("sec-websocket-key").as_bytes());
        let answer = Response::builder().status(101).header(header::CONNECTION, "Upgrade");
        let answer = answer.header(header::UPGRADE, "websocket").header("sec-websocket-accept", accept);
        let (fake, speaks) = (self.clone(), state.speaks);
        let port = request.uri().query().and_then(|query| query.strip_prefix("ports=")?.parse().ok());
        tokio::spawn(async move {
            let raw = TokioIo::new(hyper::upgrade::on(&mut request).await.unwrap());
            let socket = WebSocketStream::from_raw_socket(raw, Role::Server, None).await;
            match speaks {
                Speaks::Tunnel => node(socket, &fake, number).await,
                _ => legacy(socket, port.unwrap()).await,
            }
        });
        answer.header("sec-websocket-protocol", asked).body(Full::default().boxed()).unwrap()
    }
}

fn full(code: u16, text: String) -> Answer {
    Response::builder().status(code).body(Full::new(Bytes::from(text)).boxed()).unwrap()
}

/// What is known of a stream at the node.
#[derive(Debug, Clone, Default)]
struct Stream {
    port: u16,
    request: String,
    is_data: bool,
}

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// The node's end of a tunnel. Each message of the client is one frame.
async fn node(mut socket: Socket, fake: &Fake, tunnel: usize) {
    let mut streams: HashMap<u32, Stream> = HashMap::new();
    let mut is_first = true;
    while let Some(Ok(message)) = socket.next().await {
        let Message::Binary(frame) = message else { continue };
        let word = |at: usize| u32::from_be_bytes(frame[at..at + 4].try_into().unwrap());
        let (first, flags) = (word(0), frame[4]);
        let mut out = Vec::new();
        match first {
            0x8003_0001 => {
                let (id, headers) = (word(8), &frame[18 + 5 + if is_first { 2 } else { 0 }..]);
                is_first = false;
                streams.insert(id, stream(headers));
                fake.0.lock().unwrap().streams.insert((tunnel, id));
                // The headers of a reply are compressed in earnest; nobody looks into them.
                out.push([&[0x80, 3, 0, 2, 0, 0, 0, 6], &id.to_be_bytes()[..], &[0xab, 0xcd]].concat());
            }
            0x8003_0003 => {
                streams.remove(&word(8));
                fake.0.lock().unwrap().streams.remove(&(tunnel, word(8)));
            }
            0x8003_0006 => out.push(frame.to_vec()),
            id => {
                let Some(stream) = streams.get(&id).cloned() else { continue };
                let error = streams.iter().find(|(_, other)| !other.is_data && other.request == stream.request);
                let error = *error.unwrap().0;
                if !stream.is_data {
                    continue;
                }
                let end = flags & 1 != 0;
                behave(&stream, (id, error), (&frame[8..], end), &mut out);
                if stream.port == FATAL {
                    return;
                }
            }
        }
        for frame in out {
            if frame[0] & 0x80 == 0 && frame[4] & 1 != 0 {
                fake.0.lock().unwrap().streams.remove(&(tunnel, u32::from_be_bytes(frame[..4].try_into().unwrap())));
            }
            // In pieces, as the API server copies them.
            for piece in frame.chunks(1_000_003) {
                if socket.send(Message::binary(piece.to_vec())).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The headers of a stream, out of a stored block.
fn stream(block: &[u8]) -> Stream {
    // How many there are; then length and text of each name and value.
    let mut rest = &block[4..];
    let mut text = || {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let text = String::from_utf8(rest[4..4 + length].to_vec()).unwrap();
        rest = &rest[4 + length..];
        text
    };
    let mut stream = Stream::default();
    for _ in 0..block[3] {
        let (name, value) = (text(), text());
        match name.as_str() {
            "port" => stream.port = value.parse().unwrap(),
            "requestid" => stream.request = value,
            "streamtype" => stream.is_data = value == "data",
            other => panic!("{other}"),
        }
    }
    stream
}

/// What the pod does when this comes on a stream.
fn behave(stream: &Stream, (id, error): (u32, u32), (bytes, end): (&[u8], bool), out: &mut Vec<Vec<u8>>) {
    let over = |out: &mut Vec<Vec<u8>>| out.extend([spdy::data(id, &[], true), spdy::data(error, &[], true)]);
    match stream.port {
        ECHO => {
            out.push(spdy::data(id, bytes, false));
            if end {
                over(out);
            }
        }
        ANSWER if end => {
            out.push(spdy::data(id, &vec![b'x'; LARGE], false));
            over(out);
        }
        REFUSED => {
            out.push(spdy::data(error, b"dial tcp4 127.0.0.1:9: connect: connection refused", false));
            out.extend([spdy::reset(id, 5), spdy::reset(error, 5)]);
        }
        BROKEN => out.extend([spdy::data(id, b"half", false), spdy::reset(id, 5), spdy::data(error, &[], true)]),
        _ => {}
    }
}

/// The node's end of a WebSocket of the older protocol.
async fn legacy(mut socket: Socket, port: u16) {
    for channel in [0, 1] {
        let begin = [&[channel][..], &port.to_le_bytes()].concat();
        socket.send(Message::binary(begin)).await.unwrap();
    }
    while let Some(Ok(message)) = socket.next().await {
        let Message::Binary(bytes) = message else { continue };
        match port {
            ANSWER if bytes.ends_with(b"\n") => {
                for _ in 0..3 {
                    socket.send(Message::binary([&[0][..], &vec![b'x'; LARGE / 3]].concat())).await.unwrap();
                }
                socket.close(None).await.unwrap();
            }
            REFUSED => {
                socket.send(Message::binary(b"\x01connection refused".to_vec())).await.unwrap();
                socket.close(None).await.unwrap();
            }
            BROKEN => return,
            _ => {}
        }
    }
}
