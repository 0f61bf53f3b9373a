//! Copies over sessions with a small server that plays a container: what it says, and how it may go wrong.

use super::header::{BLOCK, Fields};
use super::order::Meter;
use super::remote::Remote;
use super::sum::Sum;
use super::tests::{Archive, NOTHING, Place};
use super::{Copied, Order, Way, download, upload};
use crate::cluster::exec::{Call, Errand, Visit, What, Whom};
use crate::cluster::{Unreachable, url};
use futures::{SinkExt, StreamExt};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::duplex;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

/// What a program in the container does, in this order.
#[derive(Clone)]
enum Step {
    Out(Vec<u8>),
    Err(&'static str),
    /// It reads to the end of stdin.
    Hear,
    /// It reads so many bytes of stdin.
    HearBytes(usize),
    Exit(u8),
    /// The runtime cannot start it.
    Absent,
    /// Nothing more is said.
    Stall,
}
use Step::{Absent, Err, Exit, Hear, HearBytes, Out, Stall};

type Script = Arc<dyn Fn(&str) -> Vec<Step> + Send + Sync>;

/// A container in which each command line does what `script` says; also what it was told on stdin.
fn container(
    version: &'static str,
    script: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static,
) -> (Remote, UnboundedReceiver<Vec<u8>>) {
    let (told, heard) = mpsc::unbounded_channel();
    let script: Script = Arc::new(script);
    let service = tower::service_fn(move |request: http::Request<kube::client::Body>| {
        let (script, told) = (script.clone(), told.clone());
        async move {
            let (ours, theirs) = duplex(1 << 16);
            let respond = hyper::service::service_fn(move |request| {
                let (script, told) = (script.clone(), told.clone());
                async move { respond(request, version, (script, told)) }
            });
            let serving = hyper::server::conn::http1::Builder::new()
                .serve_connection(hyper_util::rt::TokioIo::new(theirs), respond)
                .with_upgrades();
            tokio::spawn(serving);
            let io = hyper_util::rt::TokioIo::new(ours);
            let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
            tokio::spawn(connection.with_upgrades());
            sender.send_request(request).await
        }
    });
    let text = |text: &str| text.to_owned();
    let what = What::Exec(Vec::new());
    let call =
        Call { namespace: text("shop"), pod: text("web-1"), container: text("app"), what, stdin: false, tty: false };
    (Remote::new(kube::Client::new(service, "default"), call), heard)
}

type Whole = http_body_util::Full<hyper::body::Bytes>;

fn respond(
    mut request: hyper::Request<hyper::body::Incoming>,
    version: &'static str,
    (script, told): (Script, UnboundedSender<Vec<u8>>),
) -> http::Result<http::Response<Whole>> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let words = query.split('&').filter_map(|pair| pair.strip_prefix("command="));
    let line = words.map(decoded).collect::<Vec<_>>().join(" ");
    let accept = derive_accept_key(request.headers()["sec-websocket-key"].as_bytes());
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let io = hyper_util::rt::TokioIo::new(upgrade.await.unwrap());
        play(WebSocketStream::from_raw_socket(io, Role::Server, None).await, script(&line), told).await;
    });
    http::Response::builder()
        .status(101)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-accept", accept)
        .header("sec-websocket-protocol", version)
        .body(Whole::default())
}

/// The only signs of paths that are not sent as they are.
fn decoded(word: &str) -> String {
    let mut slash = String::new();
    url::encode("/", &mut slash);
    word.replace(&slash, "/")
}

type Socket = WebSocketStream<hyper_util::rt::TokioIo<hyper::upgrade::Upgraded>>;

async fn play(mut socket: Socket, steps: Vec<Step>, told: UnboundedSender<Vec<u8>>) {
    for step in steps {
        let status = match step {
            Out(bytes) => {
                for piece in bytes.chunks(30_000) {
                    let _ = socket.send(Message::Binary([&[1], piece].concat().into())).await;
                }
                continue;
            }
            Err(text) => {
                let _ = socket.send(Message::Binary([&[2], text.as_bytes()].concat().into())).await;
                continue;
            }
            Hear => {
                let _ = told.send(hear(&mut socket, usize::MAX).await);
                continue;
            }
            HearBytes(most) => {
                let _ = told.send(hear(&mut socket, most).await);
                continue;
            }
            Stall => std::future::pending().await,
            Exit(0) => r#"{"status":"Success"}"#.to_owned(),
            Exit(code) => format!(
                r#"{{"status":"Failure","reason":"NonZeroExitCode","message":"x","details":{{"causes":[{{"reason":"ExitCode","message":"{code}"}}]}}}}"#
            ),
            Absent => {
                r#"{"status":"Failure","reason":"InternalError","message":"exec: \"tar\": executable file not found in $PATH"}"#
                    .to_owned()
            }
        };
        let _ = socket.send(Message::Binary([&[3], status.as_bytes()].concat().into())).await;
        let _ = socket.close(None).await;
        while let Some(Ok(_)) = socket.next().await {}
        return;
    }
    // Cut, without a status.
}

/// What comes on stdin, to its end or until so much has come.
async fn hear(socket: &mut Socket, most: usize) -> Vec<u8> {
    let mut heard = Vec::new();
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Binary(bytes) if bytes[..] == [255, 0] => break,
            Message::Binary(bytes) => heard.extend_from_slice(&bytes[1..]),
            _ => {}
        }
        if heard.len() >= most {
            break;
        }
    }
    heard
}

fn order(way: Way, remote: &str, local: &Path) -> Order {
    let whom = Whom::Pod { name: "web-1".into(), uid: None };
    let visit =
        Visit { context: "demo".into(), namespace: "shop".into(), whom, container: None, errand: Errand::Shell };
    Order { visit, way, remote: remote.to_owned(), local: local.to_owned(), overwrite: false, compare: true }
}

/// A copy from a container in which tar and sha256sum do this.
async fn fetch(place: &Place, tar: Vec<Step>, sum: Vec<Step>) -> Result<Copied, Unreachable> {
    let (remote, _heard) = container("v5.channel.k8s.io", move |line| match line {
        "tar cf - /src/app" => tar.clone(),
        "sha256sum /src/app" => sum.clone(),
        other => panic!("{other}"),
    });
    let (out, _inbox) = mpsc::channel(9);
    download::download(&remote, &order(Way::From, "/src/app", &place.target()), &mut Meter::new(out)).await
}

/// Copying fails, says so, and nothing is there that was not there before.
async fn refused(tar: Vec<Step>, why: &str) {
    let place = Place::new();
    let refusal = fetch(&place, tar, vec![Absent]).await.expect_err(why);
    assert!(refusal.sentence.contains(why), "{refusal:?}");
    assert_eq!(place.all(), NOTHING, "{why}");
}

fn sum_of(text: &str) -> Vec<Step> {
    let mut sum = Sum::default();
    sum.add(text.as_bytes());
    vec![Out(format!("{}  /src/app\n", sum.hex()).into_bytes()), Exit(0)]
}

fn one_file() -> Vec<u8> {
    Archive::default().file("src/app", "hello").ended()
}

#[tokio::test]
async fn a_file_comes_with_its_checksum() {
    let place = Place::new();
    let tar = vec![Err("tar: Removing leading `/' from member names\n"), Out(one_file()), Exit(0)];
    let copied = fetch(&place, tar, sum_of("hello")).await.unwrap();
    assert_eq!((copied.files, copied.bytes, copied.left_out), (1, 5, 0));
    assert_eq!((copied.from.as_str(), copied.compared.as_str()), ("pod shop/web-1:/src/app", "checksum compared"));
    assert_eq!(copied.remarks, "");
    assert_eq!(place.all(), ["in/", "in/target: hello", "outside: mine"]);
}

#[tokio::test]
async fn a_missing_checksum_is_said_and_another_one_refused() {
    let tar = vec![Out(one_file()), Exit(0)];
    let place = Place::new();
    let copied = fetch(&place, tar.clone(), vec![Exit(127)]).await.unwrap();
    assert_eq!(copied.compared, "checksum not compared: no sha256sum in this image");
    let place = Place::new();
    let refusal = fetch(&place, tar, sum_of("HELLO")).await.unwrap_err();
    assert!(refusal.sentence.contains("another checksum"), "{refusal:?}");
    assert_eq!(place.all(), NOTHING);
}

#[tokio::test]
async fn a_tree_has_no_checksum_and_what_is_left_out_is_named() {
    let tree = Archive::default().file("src/app/a", "1").entry(b'2', b"src/app/link", b"").ended();
    let place = Place::new();
    let copied = fetch(&place, vec![Out(tree), Err("tar: careful\n"), Exit(0)], vec![Absent]).await.unwrap();
    assert_eq!((copied.files, copied.left_out, copied.compared.as_str()), (1, 1, ""));
    assert_eq!(
        (copied.names, copied.remarks.as_str()),
        (vec!["src/app/link (a symbolic link)".to_owned()], "tar: careful")
    );
}

/// k9s took a file for whole that had ended near 100 MB.
#[tokio::test]
async fn a_copy_that_was_cut_is_a_failure_and_leaves_nothing() {
    const WHOLE: u64 = 100_000_000;
    let mut half = Fields { name: b"src/app", flag: b'0', size: WHOLE, ..Fields::default() }.write().to_vec();
    half.resize(4 << 20, 7);
    refused(vec![Out(half.clone())], "connection lost").await;
    // Even when the server says that all was well.
    refused(vec![Out(half), Exit(0)], "it ends too early").await;
    let no_end = one_file()[..2 * BLOCK].to_vec();
    refused(vec![Out(no_end), Exit(0)], "it ends too early").await;
    refused(vec![Out(one_file())], "connection lost").await;
}

#[tokio::test]
async fn what_tar_says_is_told() {
    let tar = vec![Err("tar: /src/app: Cannot stat: No such file\n"), Out(vec![0; 10_240]), Exit(2)];
    refused(tar, "exit code 2: tar: /src/app: Cannot stat: No such file").await;
    // All of it came, and yet tar says that it did not succeed.
    refused(vec![Out(one_file()), Exit(1)], "exit code 1").await;
    refused(vec![Absent], "no tar in this image").await;
}

#[tokio::test]
async fn what_the_container_sends_lands_nowhere_else() {
    let up = Archive::default().file("src/app/../../../outside", "evil").ended();
    refused(vec![Out(up), Exit(0)], "leads out of it").await;
    refused(vec![Out(Archive::default().file("/etc/passwd", "evil").ended()), Stall], "is an absolute name").await;
    let through = Archive::default().entry(b'2', b"src/app/a", b"").file("src/app/b", "1").file("etc/passwd", "evil");
    refused(vec![Out(through.ended()), Exit(0)], "does not lie in what was asked for").await;
    let link = Archive::default().entry(b'2', b"src/app", b"").ended();
    refused(vec![Out(link), Exit(0)], "it is a symbolic link").await;
    refused(vec![Out(b"no archive".repeat(200)), Exit(0)], "damaged").await;
}

#[tokio::test]
async fn what_is_there_stays_until_told_otherwise() {
    let place = Place::new();
    fs::write(place.target(), "old").unwrap();
    let refusal = fetch(&place, vec![Stall], vec![Stall]).await.unwrap_err();
    assert!(refusal.sentence.contains("is there already") && refusal.hint.contains("--overwrite"), "{refusal:?}");
    assert_eq!(fs::read_to_string(place.target()).unwrap(), "old");
}

#[tokio::test]
async fn a_copy_that_is_given_up_leaves_nothing() {
    let place = Place::new();
    let half = one_file()[..BLOCK + 3].to_vec();
    let copy = fetch(&place, vec![Out(half), Stall], vec![Stall]);
    assert!(tokio::time::timeout(Duration::from_millis(300), copy).await.is_err());
    assert_eq!(place.all(), NOTHING);
}

/// A copy to a container in which everything but tar does as in an empty one.
async fn bring(version: &'static str, remote: &str, tar: Vec<Step>) -> (Result<Copied, Unreachable>, Vec<u8>) {
    let dir = tempfile::tempdir().unwrap();
    let local = made(dir.path());
    let (container, mut heard) = container(version, move |line| match line {
        "test -d /tmp" | "test -d /tmp/" | "test -e /tmp/there" => vec![Exit(0)],
        _ if line.starts_with("test ") => vec![Exit(1)],
        "tar xmf - -C /tmp" => tar.clone(),
        "sha256sum /tmp/file" | "sha256sum /tmp/other" => sum_of("hello"),
        other => panic!("{other}"),
    });
    let (out, _inbox) = mpsc::channel(9);
    let copied = upload::upload(&container, &order(Way::To, remote, &local), &mut Meter::new(out)).await;
    (copied, heard.try_recv().unwrap_or_default())
}

fn made(dir: &Path) -> PathBuf {
    let file = dir.join("file");
    fs::write(&file, "hello").unwrap();
    file
}

const V5: &str = "v5.channel.k8s.io";

#[tokio::test]
async fn a_folder_gets_the_copy_under_its_own_name() {
    for (remote, name) in [("/tmp", "file"), ("/tmp/", "file"), ("/tmp/other", "other")] {
        let (copied, sent) = bring(V5, remote, vec![Hear, Exit(0)]).await;
        let copied = copied.unwrap();
        assert_eq!((copied.files, copied.bytes, copied.compared.as_str()), (1, 5, "checksum compared"));
        assert_eq!(copied.to, format!("pod shop/web-1:/tmp/{name}"));
        assert!(sent.starts_with(name.as_bytes()) && sent[BLOCK..].starts_with(b"hello"));
    }
}

/// Who cannot be told the end must be able to see it: GNU tar reads whole records.
#[tokio::test]
async fn archives_are_whole_records() {
    let (copied, sent) = bring("v4.channel.k8s.io", "/tmp", vec![HearBytes(20 * BLOCK), Exit(0)]).await;
    assert_eq!((copied.unwrap().files, sent.len()), (1, 20 * BLOCK));
}

#[tokio::test]
async fn an_upload_that_fails_says_why() {
    let full = "tar: file: Cannot write: No space left on device\n";
    let (copied, _) = bring(V5, "/tmp", vec![Hear, Err(full), Exit(2)]).await;
    let refusal = copied.unwrap_err();
    assert!(refusal.sentence.ends_with("exit code 2: tar: file: Cannot write: No space left on device"), "{refusal:?}");
    assert!(refusal.hint.contains("stays in the container"));
    let (copied, _) = bring(V5, "/tmp", vec![Hear]).await;
    assert!(copied.unwrap_err().sentence.starts_with("connection lost"));
    let (copied, _) = bring(V5, "/tmp", vec![Absent]).await;
    assert_eq!(copied.unwrap_err().sentence, "no tar in this image");
    let (copied, sent) = bring(V5, "/tmp/there", vec![Hear, Exit(0)]).await;
    assert!(copied.is_err() && sent.is_empty());
}

/// More than all pipes hold, to a tar that ends at once or never reads: its word counts, and nobody waits for ever.
#[tokio::test]
async fn a_tar_that_takes_nothing_does_not_hold_us_up() {
    let dir = tempfile::tempdir().unwrap();
    let large = dir.path().join("large");
    fs::write(&large, vec![1; 4 << 20]).unwrap();
    for (steps, why) in [
        (vec![Err("tar: read-only file system\n"), Exit(2)], "exit code 2: tar: read-only file system"),
        (vec![HearBytes(100_000)], "connection lost"),
        // Its status does not get through.
        (vec![Err("tar: can't open it\n"), Stall], "takes nothing any more: tar: can't open it"),
    ] {
        let (remote, _heard) =
            container(V5, move |line| if line.starts_with("tar") { steps.clone() } else { vec![Exit(1)] });
        let (out, _inbox) = mpsc::channel(9);
        let copy = order(Way::To, "/x/large", &large);
        let refusal = upload::upload(&remote, &copy, &mut Meter::new(out)).await.unwrap_err();
        assert!(refusal.sentence.contains(why), "{refusal:?}");
    }
}

#[tokio::test]
async fn an_image_without_anything_has_no_tar() {
    let dir = tempfile::tempdir().unwrap();
    let local = made(dir.path());
    let (remote, _heard) = container(V5, |_| vec![Absent]);
    let (out, _inbox) = mpsc::channel(9);
    let refusal = upload::upload(&remote, &order(Way::To, "/x", &local), &mut Meter::new(out)).await.unwrap_err();
    assert_eq!(
        (refusal.sentence.as_str(), refusal.hint.as_str()),
        ("no tar in this image", ":debug starts a container beside it")
    );
    let (out, _inbox) = mpsc::channel(9);
    let missing = order(Way::To, "/x", &dir.path().join("no"));
    let refusal = upload::upload(&remote, &missing, &mut Meter::new(out)).await.unwrap_err();
    assert!(refusal.sentence.contains("no: No such file"), "{refusal:?}");
}
