//! Sessions against a small server: what it says, what it is told, and how it may go wrong.

use super::call::{Call, What};
use super::channel::{Size, Version};
use super::session::Session;
use super::status::Ended;
use super::visit::{Errand, Visit, Whom, explain, open, second_try};
use crate::cluster::connect::{Lanes, ReadOnly};
use crate::kinds::Uid;
use futures::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::Role;

const SUCCESS: &[u8] = br#"{"metadata":{},"status":"Success"}"#;
const KILLED: &[u8] =
    br#"{"status":"Failure","reason":"NonZeroExitCode","message":"command terminated with exit code 137",
    "details":{"causes":[{"reason":"ExitCode","message":"137"}]}}"#;

/// The server's end of a session.
struct Server(WebSocketStream<DuplexStream>);

/// A session whose connection holds `room` bytes in each direction.
async fn session(version: Version, redraw: bool, room: usize) -> (Session, Server) {
    let (ours, theirs) = duplex(room);
    let client = WebSocketStream::from_raw_socket(ours, Role::Client, None).await;
    let server = WebSocketStream::from_raw_socket(theirs, Role::Server, None).await;
    (Session::start(client, version, redraw), Server(server))
}

impl Server {
    async fn say(&mut self, channel: u8, text: &[u8]) {
        let message = [&[channel], text].concat();
        self.0.send(Message::Binary(message.into())).await.unwrap();
    }

    /// The next message that is no ping.
    async fn hear(&mut self) -> Vec<u8> {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Binary(bytes) => return bytes.to_vec(),
                Message::Ping(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Closes the connection as one should.
    async fn close(mut self) {
        let _ = self.0.close(None).await;
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

/// All that the session says, and how it ended.
async fn all(mut session: Session) -> (Vec<u8>, Vec<u8>, Ended) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let (a, b, ended) =
        tokio::join!(session.stdout.read_to_end(&mut out), session.stderr.read_to_end(&mut err), session.end.wait());
    a.unwrap();
    b.unwrap();
    (out, err, ended)
}

#[tokio::test(start_paused = true)]
async fn a_command_runs_to_its_end() {
    let (mut session, mut server) = session(Version::V5, false, 1 << 16).await;
    session.stdin.write_all(b"hello").await.unwrap();
    assert_eq!(server.hear().await, b"\0hello");
    session.stdin.shutdown().await.unwrap();
    assert_eq!(server.hear().await, [255, 0]);
    // An empty message, as servers begin.
    server.say(1, b"").await;
    server.say(1, b"out").await;
    server.say(2, b"err").await;
    server.say(9, b"unknown").await;
    server.0.send(Message::Text("no bytes".into())).await.unwrap();
    server.say(3, SUCCESS).await;
    server.say(1, b" and more").await;
    tokio::spawn(server.close());
    assert_eq!(all(session).await, (b"out and more".to_vec(), b"err".to_vec(), Ended::Exited(0)));
}

#[tokio::test(start_paused = true)]
async fn the_exit_code_is_the_commands() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(3, KILLED).await;
    // A second word changes nothing.
    server.say(3, SUCCESS).await;
    tokio::spawn(server.close());
    assert_eq!(all(session).await.2, Ended::Exited(137));
}

/// Nobody who closes stdin under version 4 would hear the rest.
#[tokio::test(start_paused = true)]
async fn version_4_is_not_told_the_end_of_stdin() {
    let (mut session, mut server) = session(Version::V4, false, 1 << 16).await;
    session.stdin.write_all(b"x").await.unwrap();
    session.stdin.shutdown().await.unwrap();
    assert_eq!(server.hear().await, b"\0x");
    // Nothing but pings follows, and the rest of the output still comes.
    assert!(timeout(Duration::from_secs(7), server.hear()).await.is_err());
    server.say(1, b"rest").await;
    server.say(3, SUCCESS).await;
    tokio::spawn(server.close());
    assert_eq!(all(session).await, (b"rest".to_vec(), Vec::new(), Ended::Exited(0)));
}

#[tokio::test(start_paused = true)]
async fn without_a_status_it_is_lost_whatever_was_said() {
    let lost = "the server closed it without saying how the command ended";
    for empty in [false, true] {
        let (session, mut server) = session(Version::V5, false, 1 << 16).await;
        server.say(1, b"half").await;
        if empty {
            server.say(3, b"").await;
        }
        tokio::spawn(server.close());
        assert_eq!(all(session).await, (b"half".to_vec(), Vec::new(), Ended::Lost(lost.into())));
    }
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(1, b"half").await;
    // Cut, without the words that close a WebSocket.
    drop(server);
    let (out, _, ended) = all(session).await;
    assert!(matches!(ended, Ended::Lost(_)) && out == b"half", "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn a_status_that_cannot_be_read_is_a_failure() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(3, b"{\"status\":").await;
    tokio::spawn(server.close());
    let ended = all(session).await.2;
    assert!(ended.to_string().contains("cannot be read"), "{ended}");
}

#[tokio::test(start_paused = true)]
async fn silence_is_noticed_and_pings_are_answered() {
    // A server that answers pings is there, however long nothing happens.
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    let began = Instant::now();
    let quiet = tokio::spawn(async move {
        let _ = timeout(Duration::from_mins(10), server.hear()).await;
        server
    });
    let ended = tokio::spawn(all(session));
    let mut server = quiet.await.unwrap();
    assert!(!ended.is_finished() && began.elapsed() >= Duration::from_mins(10));
    // It stops reading, so that nothing is answered any more.
    let ended = ended.await.unwrap().2;
    assert_eq!(ended, Ended::Lost("the server was silent for 61 seconds".into()));
    assert!(began.elapsed() <= Duration::from_secs(600 + 61 + 5), "{:?}", began.elapsed());
    let _ = server.0.close(None).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_hang_up_after_the_status_is_left() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    server.say(3, SUCCESS).await;
    let began = Instant::now();
    assert_eq!(all(session).await.2, Ended::Exited(0));
    assert!(began.elapsed() <= Duration::from_secs(6));
}

/// More than all pipes together hold: the server waits for a slow reader, input still passes, and nothing is lost. That
/// the reader takes longer than a silence may last is not the server's silence.
#[tokio::test(start_paused = true)]
async fn a_flood_waits_for_a_slow_reader() {
    const PIECES: usize = 64;
    let (mut session, server) = session(Version::V5, false, 4096).await;
    let (mut sink, mut stream) = server.0.split();
    let flood = tokio::spawn(async move {
        for n in 0..PIECES {
            let mut piece = vec![u8::try_from(n).unwrap(); 8192];
            piece[0] = 1;
            sink.send(Message::Binary(piece.into())).await.unwrap();
        }
        sink.send(Message::Binary([&[3], SUCCESS].concat().into())).await.unwrap();
        let _ = sink.close().await;
    });
    sleep(Duration::from_secs(200)).await;
    assert!(!flood.is_finished(), "nobody has read, and all was taken");
    session.stdin.write_all(b"\x03").await.unwrap();
    let interrupt = async {
        loop {
            if let Message::Binary(bytes) = stream.next().await.unwrap().unwrap() {
                return bytes;
            }
        }
    };
    assert_eq!(interrupt.await.as_ref(), b"\0\x03");
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = stream.next().await {} });
    let (mut out, mut buffer) = (Vec::new(), vec![0; 5000]);
    while let read @ 1.. = session.stdout.read(&mut buffer).await.unwrap() {
        out.extend_from_slice(&buffer[..read]);
        sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(session.end.wait().await, Ended::Exited(0));
    assert_eq!(out.len(), PIECES * 8191);
    assert!(out.chunks(8191).enumerate().all(|(n, piece)| piece.iter().all(|b| usize::from(*b) == n)));
    reading.await.unwrap();
}

/// A command that does not take its input while it writes: both directions are full, and it ends all the same.
#[tokio::test(start_paused = true)]
async fn full_pipes_do_not_wait_for_each_other() {
    let (mut session, mut server) = session(Version::V5, false, 1024).await;
    let (mut stdin, mut stdout) = (session.stdin, session.stdout);
    let writing = tokio::spawn(async move {
        // Fails when the session has ended; by then the pipes were full.
        let _ = stdin.write_all(&vec![b'x'; 1 << 20]).await;
    });
    let echo = tokio::spawn(async move {
        for _ in 0..100 {
            server.say(1, &[b'y'; 500]).await;
        }
        server.say(3, SUCCESS).await;
        server
    });
    let mut out = Vec::new();
    stdout.read_to_end(&mut out).await.unwrap();
    assert_eq!(out.len(), 50_000);
    assert_eq!(session.end.wait().await, Ended::Exited(0));
    writing.await.unwrap();
    drop(echo.await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn of_many_sizes_the_last_one_counts() {
    let (session, mut server) = session(Version::V5, false, 256).await;
    for width in 1..=500 {
        session.size.send_replace(Some(Size { width, height: 24 }));
        if width % 50 == 0 {
            tokio::task::yield_now().await;
        }
    }
    let mut last = Vec::new();
    while let Ok(message) = timeout(Duration::from_secs(1), server.hear()).await {
        last = message;
    }
    assert_eq!(last, b"\x04{\"Width\":500,\"Height\":24}");
}

#[tokio::test(start_paused = true)]
async fn attaching_asks_for_a_new_picture() {
    let (session, mut server) = session(Version::V5, true, 1 << 16).await;
    session.size.send_replace(Some(Size { width: 80, height: 24 }));
    assert_eq!(server.hear().await, b"\x04{\"Width\":81,\"Height\":25}");
    assert_eq!(server.hear().await, b"\x04{\"Width\":80,\"Height\":24}");
    session.size.send_replace(Some(Size { width: 90, height: 24 }));
    assert_eq!(server.hear().await, b"\x04{\"Width\":90,\"Height\":24}");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_still_learns_the_end() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    let Session { stdin, stdout, stderr, size: _size, mut end } = session;
    drop((stdin, stdout, stderr));
    for _ in 0..50 {
        server.say(1, &[0; 8192]).await;
    }
    server.say(3, KILLED).await;
    tokio::spawn(server.close());
    assert_eq!(end.wait().await, Ended::Exited(137));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_dropped_is_closed() {
    let (session, mut server) = session(Version::V5, false, 1 << 16).await;
    drop(session);
    let next = timeout(Duration::from_secs(1), async {
        loop {
            match server.0.next().await {
                Some(Ok(Message::Binary(_))) => {}
                other => return other,
            }
        }
    });
    assert!(!matches!(next.await.unwrap(), Some(Ok(_))));
}

/// What a server answers to the request that opens a session.
#[derive(Clone, Copy)]
enum Answer {
    /// It opens one, with this protocol; it says the request back and succeeds.
    Open(&'static str),
    /// It opens one without having read our key.
    Impostor,
    /// This code and body.
    Refuse(u16, &'static str),
}

/// A client of a server that has one pod and this answer.
fn server(answer: Answer, pod: &'static str) -> kube::Client {
    let service = tower::service_fn(move |request: http::Request<kube::client::Body>| async move {
        let (ours, theirs) = duplex(1 << 16);
        let respond = hyper::service::service_fn(move |request| async move { respond(request, answer, pod) });
        let serving = hyper::server::conn::http1::Builder::new()
            .serve_connection(hyper_util::rt::TokioIo::new(theirs), respond)
            .with_upgrades();
        tokio::spawn(serving);
        let io = hyper_util::rt::TokioIo::new(ours);
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
        tokio::spawn(connection.with_upgrades());
        sender.send_request(request).await
    });
    kube::Client::new(service, "default")
}

fn lanes(answer: Answer, pod: &'static str) -> Lanes {
    Lanes::over(&server(answer, pod), ReadOnly::default())
}

type Whole = http_body_util::Full<hyper::body::Bytes>;

fn respond(
    mut request: hyper::Request<hyper::body::Incoming>,
    answer: Answer,
    pod: &'static str,
) -> http::Result<http::Response<Whole>> {
    let uri = request.uri().to_string();
    let part = uri.split('?').next().unwrap_or_default();
    if !part.ends_with("/exec") && !part.ends_with("/attach") {
        let code = if pod.is_empty() { 404 } else { 200 };
        return http::Response::builder().status(code).body(Whole::from(pod));
    }
    let header = |name: &str| request.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("sec-websocket-protocol"), "v5.channel.k8s.io, v4.channel.k8s.io");
    let (protocol, key) = match answer {
        Answer::Refuse(code, body) => return http::Response::builder().status(code).body(Whole::from(body)),
        Answer::Open(protocol) => (protocol, header("sec-websocket-key")),
        Answer::Impostor => ("v5.channel.k8s.io", "another".to_owned()),
    };
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(key.as_bytes());
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let Ok(upgraded) = upgrade.await else { return };
        let io = hyper_util::rt::TokioIo::new(upgraded);
        let mut socket = WebSocketStream::from_raw_socket(io, Role::Server, None).await;
        for message in [[&[1], uri.as_bytes()].concat(), [&[3], SUCCESS].concat()] {
            let _ = socket.send(Message::Binary(message.into())).await;
        }
        let _ = socket.close(None).await;
    });
    http::Response::builder()
        .status(101)
        .header("connection", "upgrade")
        .header("upgrade", "WebSocket")
        .header("sec-websocket-accept", accept)
        .header("sec-websocket-protocol", protocol)
        .body(Whole::default())
}

fn call(what: What) -> Call {
    let text = |text: &str| text.to_owned();
    Call { namespace: text("shop"), pod: text("web-1"), container: text("app"), what, stdin: true, tty: false }
}

/// Why a session was not opened.
async fn refusal(answer: Answer, what: What) -> (String, String) {
    match Session::open(&server(answer, ""), &call(what)).await {
        Ok(_) => panic!("it was opened"),
        Err(refused) => (refused.sentence, refused.hint),
    }
}

#[tokio::test]
async fn sessions_are_opened_with_either_version() {
    for protocol in ["v5.channel.k8s.io", "v4.channel.k8s.io"] {
        let wanted = call(What::Exec(vec!["id".into()]));
        let session = Session::open(&server(Answer::Open(protocol), ""), &wanted).await.unwrap_or_else(|_| panic!());
        assert_eq!(all(session).await, (wanted.uri().into_bytes(), Vec::new(), Ended::Exited(0)));
    }
}

#[tokio::test]
async fn a_refusal_is_explained() {
    let forbidden =
        r#"{"kind":"Status","message":"pods \"web-1\" is forbidden: cannot create resource \"pods/exec\""}"#;
    let exec = || What::Exec(vec!["id".into()]);
    let (sentence, hint) = refusal(Answer::Refuse(403, forbidden), exec()).await;
    assert!(sentence.starts_with("pods \"web-1\" is forbidden"), "{sentence}");
    assert!(hint.contains("verbs \"get\" and \"create\" on \"pods/exec\" in namespace \"shop\""), "{hint}");
    assert!(refusal(Answer::Refuse(403, "{}"), What::Attach).await.1.contains("\"pods/attach\""));
    for (code, body, wanted, why) in [
        (404, r#"{"message":"pods \"web-1\" not found"}"#, "pods \"web-1\" not found", "it is gone"),
        (400, r#"{"message":"container x is not valid for pod web-1"}"#, "container x is not valid", "has to exist"),
        (500, r#"{"message":"error dialing backend: dial tcp: refused"}"#, "error dialing", "kubelet"),
        // What proxies do that do not know WebSockets.
        (200, "<html>welcome</html>", "the server answered 200 and opened no WebSocket", "proxy"),
        (400, "bad request", "the server answered 400 and opened no WebSocket", "proxy"),
        (503, "", "the server answered 503", "try again"),
    ] {
        let (sentence, hint) = refusal(Answer::Refuse(code, body), exec()).await;
        assert!(sentence.starts_with(wanted) && hint.contains(why), "{sentence} / {hint}");
    }
}

#[tokio::test]
async fn what_answers_as_no_kubernetes_would_is_not_talked_to() {
    let (sentence, hint) = refusal(Answer::Impostor, What::Attach).await;
    assert!(sentence.contains("not that of a WebSocket server") && hint.contains("proxy"), "{sentence}");
    let (sentence, _) = refusal(Answer::Open("v4.base64.channel.k8s.io"), What::Attach).await;
    assert_eq!(sentence, "the server speaks \"v4.base64.channel.k8s.io\", which rutter does not");
}

const POD: &str = r#"{"metadata":{"name":"web-1","uid":"u1"},"status":{"phase":"Running"},
    "spec":{"nodeName":"n1","containers":[{"name":"app"},{"name":"log","tty":true,"stdin":true}]}}"#;
const OVER: &str =
    r#"{"metadata":{"name":"web-1","uid":"u1"},"status":{"phase":"Succeeded"},"spec":{"containers":[{"name":"app"}]}}"#;
const LIST: &str = r#"{"items":[{"metadata":{"name":"web-0"},"status":{"phase":"Pending"},"spec":{"containers":[{"name":"app"}]}},
    {"metadata":{"name":"web-1"},"status":{"phase":"Running"},"spec":{"nodeName":"n1","containers":[{"name":"app"}]}}]}"#;

/// What is asked for on a visit, or why nothing is.
async fn visit(pod: &'static str, errand: Errand, change: impl FnOnce(&mut Visit)) -> Result<(String, Call), String> {
    let whom = Whom::Pod { name: "web-1".into(), uid: Some(Uid::parse("u1")) };
    let mut visit = Visit { context: "c".into(), namespace: "shop".into(), whom, container: None, errand };
    change(&mut visit);
    let opened = open(&lanes(Answer::Open("v5.channel.k8s.io"), pod), &visit).await;
    opened
        .map(|opened| (opened.title.clone(), opened.call.clone()))
        .map_err(|why| format!("{} / {}", why.sentence, why.hint))
}

#[tokio::test]
async fn a_visit_finds_pod_and_container() {
    let (title, call) = visit(POD, Errand::Shell, |_| {}).await.unwrap();
    assert_eq!(
        (title.as_str(), call.container.as_str(), call.stdin, call.tty),
        ("shell in shop/web-1", "app", true, true)
    );
    // What the container was not given, attaching does not give it.
    let (title, call) = visit(POD, Errand::Attach, |_| {}).await.unwrap();
    assert_eq!((title.as_str(), call.stdin, call.tty), ("attached to shop/web-1", false, false));
    let (_, call) = visit(POD, Errand::Attach, |visit| visit.container = Some("log".into())).await.unwrap();
    assert!(call.container == "log" && call.stdin && call.tty);
    let best = Whom::Best { labels: "app=web".into(), of: "deployment shop/web".into() };
    let (title, _) = visit(LIST, Errand::Run(vec!["id".into()]), |visit| visit.whom = best).await.unwrap();
    assert_eq!(title, "id in shop/web-1");
}

#[tokio::test]
async fn a_visit_is_refused_before_anything_is_opened() {
    let refused = visit(OVER, Errand::Shell, |_| {}).await.unwrap_err();
    assert_eq!(refused, "pod shop/web-1 is over: its phase is Succeeded / its logs can still be read");
    let refused = visit(POD, Errand::Shell, |visit| visit.container = Some("x".into())).await.unwrap_err();
    assert_eq!(refused, "pod shop/web-1 has no container x / it has: app, log");
    let other = Whom::Pod { name: "web-1".into(), uid: Some(Uid::parse("u2")) };
    let refused = visit(POD, Errand::Shell, |visit| visit.whom = other).await.unwrap_err();
    assert!(refused.starts_with("pod shop/web-1 was replaced by another one"), "{refused}");
    let best = Whom::Best { labels: "app=web".into(), of: "deployment shop/web".into() };
    let refused = visit(r#"{"items":[]}"#, Errand::Shell, |visit| visit.whom = best).await.unwrap_err();
    assert_eq!(refused, "deployment shop/web has no pod / it may be scaled to zero");
    assert!(visit("", Errand::Shell, |_| {}).await.unwrap_err().ends_with("/ it is gone"));
}

#[tokio::test]
async fn an_end_is_explained() {
    let lost = Ended::Lost("the connection was cut".into());
    let missing = Ended::Failed("exec: \"sh\": executable file not found in $PATH".into());
    let told = |pod: &'static str, ended: Ended| async move {
        let whom = Whom::Pod { name: "web-1".into(), uid: None };
        let visit =
            Visit { context: "c".into(), namespace: "shop".into(), whom, container: None, errand: Errand::Shell };
        let opened = open(&lanes(Answer::Open("v5.channel.k8s.io"), POD), &visit).await.unwrap_or_else(|_| panic!());
        let client = server(Answer::Impostor, pod);
        let again = second_try(&client, &visit, &opened, &ended).await.map(|visit| visit.errand);
        let (ended, hint) = explain(&client, &visit, &opened, ended).await;
        (format!("{ended} / {hint}"), again)
    };
    assert_eq!(told(POD, missing.clone()).await, ("no shell in this image / :debug starts one beside it".into(), None));
    let windows = r#"{"metadata":{"labels":{"kubernetes.io/os":"windows"}}}"#;
    assert_eq!(told(windows, missing).await.1, Some(Errand::WindowsShell));
    let unknown = "connection lost: the connection was cut / whether the command still runs is unknown";
    assert_eq!(told(POD, lost.clone()).await.0, unknown);
    for replaced in ["", r#"{"metadata":{"uid":"u2"}}"#] {
        assert_eq!(told(replaced, lost.clone()).await.0, "connection lost: the pod was deleted / ");
    }
    let leaving = r#"{"metadata":{"uid":"u1","deletionTimestamp":"2026-01-01T00:00:00Z"}}"#;
    assert_eq!(told(leaving, lost).await.0, "connection lost: the pod is being deleted / ");
    assert_eq!(told(POD, Ended::Exited(3)).await.0, "exited 3 / ");
}

#[tokio::test]
async fn a_read_only_context_opens_nothing() {
    let lanes = Lanes::over(&server(Answer::Open("v5.channel.k8s.io"), POD), ReadOnly::new(true));
    let whom = Whom::Pod { name: "web-1".into(), uid: None };
    let visit = Visit { context: "c".into(), namespace: "shop".into(), whom, container: None, errand: Errand::Shell };
    let refused = open(&lanes, &visit).await.map(drop).unwrap_err();
    assert_eq!(refused.sentence, "read-only: GET /api/v1/namespaces/shop/pods/web-1/exec was not sent");
}
