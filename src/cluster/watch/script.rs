//! For tests: an API server whose every answer is given by the test, without sockets and on the paused clock.

use super::{Request, Start, watch_by};
use crate::cluster::greet::Greeting;
use crate::cluster::message::{Message, Subscription};
use crate::kinds::kind::column;
use crate::kinds::meta::Meta;
use crate::kinds::wire::{self, Message as Fields, encode};
use crate::kinds::{AnyKind, Cell, Change, Column, Freshness, Kind, Names, Row, Server, Width};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Bytes, Frame};
use serde::Deserialize;
use std::future::pending;
use std::time::{Duration, SystemTime};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A kind with a number that can be wrong.
pub(super) struct Webs;

#[derive(Deserialize)]
pub(super) struct Web {
    metadata: Meta,
    #[serde(default)]
    replicas: u32,
}

impl Kind for Webs {
    type Object = Web;
    const NAMES: Names =
        Names { group: "apps", version: "v1", plural: "webs", kind: "Web", short: &[], namespaced: true };
    const COLUMNS: &'static [Column<Web>] = &[column("REPLICAS", Width::Fit(8), |web| Cell::count(web.replicas))];
    const WIRE: Option<&'static Fields> = Some(&WIRE);

    fn meta(web: Web) -> Meta {
        web.metadata
    }
}

pub(super) static WEBS: &dyn AnyKind = &Webs;

static WIRE: Fields =
    Fields(&[wire::message(1, "metadata", &wire::meta::OBJECT_META), wire::number(2, "replicas").or_absent()]);

/// The media type of protobuf.
pub(super) const PROTOBUF: (&str, &str) = ("content-type", "application/vnd.kubernetes.protobuf");

/// A list in JSON, in protobuf.
pub(super) fn protobuf(list: &str) -> Vec<u8> {
    let list: serde_json::Value = serde_json::from_str(list).unwrap();
    let items = list["items"].as_array().into_iter().flatten().map(|item| encode::object(&WIRE, item));
    encode::list(("apps/v1", "WebList"), &wire::meta::LIST_META, &list["metadata"], items)
}

/// The JSON of a web; its UID is its name, `-`, and `version`'s hundreds are no matter.
pub(super) fn web(name: &str, version: u32) -> String {
    format!(
        r#"{{"kind":"Web","metadata":{{"name":"{name}","namespace":"a","uid":"uid-{name}","resourceVersion":"{version}","managedFields":[{{"x":"}}]"}}]}},"replicas":{version}}}"#
    )
}

/// A list of the webs with these names, all of them of version 1; `meta` is the list's metadata.
pub(super) fn list(names: &[&str], meta: &str) -> String {
    let items: Vec<String> = names.iter().map(|name| web(name, 1)).collect();
    format!(r#"{{"kind":"WebList","apiVersion":"apps/v1","metadata":{{{meta}}},"items":[{}]}}"#, items.join(","))
}

/// A line of a watch.
pub(in crate::cluster) fn event(of: &str, object: &str) -> String {
    format!("{{\"type\":\"{of}\",\"object\":{object}}}\n")
}

/// A bookmark.
pub(super) fn bookmark(version: u32) -> String {
    event("BOOKMARK", &format!(r#"{{"kind":"Web","metadata":{{"resourceVersion":"{version}"}}}}"#))
}

/// A `Status` with this code and message.
pub(super) fn status(code: u16, message: &str) -> String {
    format!(r#"{{"kind":"Status","status":"Failure","message":"{message}","code":{code}}}"#)
}

type ScriptBody = UnsyncBoxBody<Bytes, std::io::Error>;
type Answer = Result<Response<ScriptBody>, Box<dyn std::error::Error + Send + Sync>>;

/// A request that waits for its answer.
pub(in crate::cluster) struct Asked {
    pub url: String,
    /// The media types and the compressions that it takes.
    pub accepts: [String; 2],
    answer: oneshot::Sender<Answer>,
}

/// The body of an answer that goes on until it is dropped.
pub(in crate::cluster) struct Open(mpsc::UnboundedSender<Result<Frame<Bytes>, std::io::Error>>);

impl Asked {
    pub(in crate::cluster) fn is_watch(&self) -> bool {
        self.url.contains("watch=true")
    }

    pub(in crate::cluster) fn parameter(&self, name: &str) -> Option<&str> {
        let query = self.url.split_once('?')?.1;
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// Answers with a whole body.
    pub(in crate::cluster) fn reply(self, status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) {
        self.open(status, headers).send(body);
    }

    pub(in crate::cluster) fn ok(self, body: &str) {
        self.reply(200, &[], body);
    }

    /// Answers with a body that comes bit by bit.
    pub(in crate::cluster) fn open(self, status: u16, headers: &[(&str, &str)]) -> Open {
        let (to, mut from) = mpsc::unbounded_channel();
        let frames = futures::stream::poll_fn(move |context| from.poll_recv(context));
        let mut answer = Response::builder().status(StatusCode::from_u16(status).unwrap());
        for (name, value) in headers {
            answer = answer.header(*name, *value);
        }
        let _ = self.answer.send(Ok(answer.body(StreamBody::new(frames).boxed_unsync()).unwrap()));
        Open(to)
    }

    /// Fails to connect.
    pub(in crate::cluster) fn refuse(self) {
        let error = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let _ = self.answer.send(Err(Box::new(error)));
    }

    /// Never answers; dropping what it returns would.
    pub(super) fn leave(self) -> oneshot::Sender<Answer> {
        self.answer
    }
}

impl Open {
    pub(in crate::cluster) fn send(&self, text: impl AsRef<[u8]>) {
        let _ = self.0.send(Ok(Frame::data(Bytes::copy_from_slice(text.as_ref()))));
    }

    /// Cuts the connection.
    pub(in crate::cluster) fn cut(self) {
        let _ = self.0.send(Err(std::io::ErrorKind::ConnectionReset.into()));
    }

    /// Whether the other side has gone.
    pub(in crate::cluster) async fn is_left(&self) {
        self.0.closed().await;
    }
}

/// A watch on a scripted server, and what it says.
pub(super) struct Script {
    asked: mpsc::UnboundedReceiver<Asked>,
    pub messages: mpsc::Receiver<Message>,
    pub task: JoinHandle<()>,
}

/// The client of a scripted server, and what is asked of it.
pub(in crate::cluster) fn client() -> (kube::Client, mpsc::UnboundedReceiver<Asked>) {
    let (to, asked) = mpsc::unbounded_channel();
    let service = tower::service_fn(move |request: http::Request<kube::client::Body>| {
        let (answer, answered) = oneshot::channel();
        let header = |name: &str| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default().to_owned()
        };
        let accepts = ["accept", "accept-encoding"].map(header);
        let _ = to.send(Asked { url: request.uri().to_string(), accepts, answer });
        async move {
            match answered.await {
                Ok(answer) => answer,
                Err(_) => pending().await,
            }
        }
    });
    (kube::Client::new(service, "default"), asked)
}

/// A request for all webs, with a first page of 2.
pub(super) fn request(minor: u32) -> Request {
    Request {
        of: Subscription(7),
        kind: WEBS,
        namespaces: vec![None],
        labels: None,
        fields: None,
        first_page: 2,
        server: Server { minor },
    }
}

impl Script {
    pub(super) fn start(request: Request) -> Self {
        Self::start_by((request, Start::Greeted), SystemTime::now)
    }

    /// One of a server that has not said yet what it is.
    pub(super) fn start_ahead(request: Request, greeting: Greeting) -> Self {
        Self::start_by((request, Start::Ahead(greeting)), SystemTime::now)
    }

    /// The same with another wall clock.
    fn start_by(wanted: (Request, Start), wall: fn() -> SystemTime) -> Self {
        let (client, asked) = client();
        let (out, messages) = mpsc::channel(64);
        Self { asked, messages, task: tokio::spawn(watch_by(client, wanted, out, wall)) }
    }

    /// A watch that has listed the webs `a` and `b` at version 5 and follows.
    pub(super) async fn live() -> (Self, Open) {
        Self::live_by(SystemTime::now).await
    }

    /// The same with another wall clock.
    pub(super) async fn live_by(wall: fn() -> SystemTime) -> (Self, Open) {
        let mut script = Self::start_by((request(0), Start::Greeted), wall);
        script.asked().await.ok(&list(&["a", "b"], r#""resourceVersion":"5""#));
        let watch = script.asked().await;
        assert!(watch.is_watch() && watch.parameter("resourceVersion") == Some("5"), "{}", watch.url);
        let open = watch.open(200, &[]);
        assert_eq!(script.said().await, ["begin", "a=1", "b=1", "end", "live"]);
        (script, open)
    }

    /// The next request, whenever it comes.
    pub(super) async fn asked(&mut self) -> Asked {
        timeout(Duration::from_hours(1), self.asked.recv()).await.expect("a request within an hour").unwrap()
    }

    /// Whether anything is asked within `time`.
    pub(super) async fn asks_within(&mut self, time: Duration) -> bool {
        timeout(time, self.asked.recv()).await.is_ok()
    }

    /// What is said until nothing more comes for 100 milliseconds, as words.
    pub(super) async fn said(&mut self) -> Vec<String> {
        let mut words = Vec::new();
        while let Ok(Some(message)) = timeout(Duration::from_millis(100), self.messages.recv()).await {
            match message {
                Message::Changes { batch, .. } => words.extend(batch.iter().map(word)),
                Message::Fresh { state, .. } => words.push(self::state(&state)),
                other => panic!("a watch says nothing like {other:?}"),
            }
        }
        words
    }

    /// The next freshness, whenever it comes.
    pub(super) async fn fresh(&mut self) -> Freshness {
        loop {
            match timeout(Duration::from_hours(1), self.messages.recv()).await.expect("a message within an hour") {
                Some(Message::Fresh { state, .. }) => return state,
                Some(_) => {}
                None => panic!("the watch has ended"),
            }
        }
    }
}

/// A change in a word.
pub(super) fn word(change: &Change) -> String {
    match change {
        Change::Begin { .. } => "begin".to_owned(),
        Change::End { .. } => "end".to_owned(),
        Change::Gone { uid } => ["a", "b", "c", "d"]
            .iter()
            .find(|name| crate::kinds::Uid::parse(&format!("uid-{name}")) == *uid)
            .map_or("gone ?".to_owned(), |name| format!("gone {name}")),
        Change::Put { row, .. } => shown(row),
        Change::Columns { headings } => format!("columns {}", headings.len()),
    }
}

/// A row in a word.
fn shown(row: &Row) -> String {
    match (&row.unreadable, row.cells.first()) {
        (Some(why), _) => format!("{}: {why}", row.name),
        (None, Some(cell)) => format!("{}={}", row.name, cell.show(crate::kinds::Time(0))),
        (None, None) => row.name.to_string(),
    }
}

/// A freshness in words.
fn state(state: &Freshness) -> String {
    match state {
        Freshness::Connecting => "connecting".to_owned(),
        Freshness::Filling { total: None } => "filling".to_owned(),
        Freshness::Filling { total: Some(total) } => format!("filling {total}"),
        Freshness::Live => "live".to_owned(),
        Freshness::Polling { why } => format!("polling: {why}"),
        Freshness::Reconnecting { why, .. } => format!("reconnecting: {why}"),
        Freshness::Forbidden { why } => format!("forbidden: {why}"),
        Freshness::Refused { why } => format!("refused: {why}"),
        Freshness::NotServed { why } => format!("not served: {why}"),
    }
}
