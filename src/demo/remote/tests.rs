//! Sessions with played containers, over `WebSocket` as a client opens them.

use futures::{SinkExt, StreamExt};
use http::Request;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;

use super::socket::message;
use super::tar::{Item, Read, pack, unpack};
use crate::demo::remote::Entry;
use crate::demo::{Cluster, Story};

fn cluster() -> Cluster {
    Cluster::start_at(Story::Still, "2026-11-23T12:00:00Z".parse().unwrap())
}

const REDIS: &str = "/api/v1/namespaces/data/pods/redis-0";

/// What came on each channel; the status when there was one, and whether the end was in order.
#[derive(Debug, Default)]
struct Heard {
    out: Vec<u8>,
    err: String,
    status: Option<Value>,
    closed: bool,
}

impl Heard {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    fn code(&self) -> &str {
        self.status.as_ref().unwrap()["details"]["causes"][0]["message"].as_str().unwrap_or("0")
    }
}

/// Opens a session, says something on its channels, and listens to its end.
async fn session(cluster: &Cluster, path: &str, said: &[(u8, &[u8])]) -> Heard {
    let said: Vec<_> = said.iter().map(|(channel, bytes)| ("", *channel, *bytes)).collect();
    talk(cluster, path, &said).await
}

/// The same, where each thing is said when what was heard ends in a text.
async fn talk(cluster: &Cluster, path: &str, said: &[(&str, u8, &[u8])]) -> Heard {
    let request = Request::get(path).body(Vec::new()).unwrap();
    let mut socket = cluster.client().connect(request).await.unwrap().into_stream();
    let (mut heard, mut said) = (Heard::default(), said.iter().peekable());
    loop {
        while let Some((_, channel, bytes)) = said.next_if(|(after, ..)| heard.text().ends_with(after)) {
            socket.send(message((*channel, bytes.to_vec().into()))).await.unwrap();
        }
        let Some(Ok(message)) = socket.next().await else { return heard };
        match message {
            Message::Binary(bytes) => match bytes[0] {
                1 => heard.out.extend(&bytes[1..]),
                2 => heard.err += &String::from_utf8_lossy(&bytes[1..]),
                _ => heard.status = Some(serde_json::from_slice(&bytes[1..]).unwrap()),
            },
            Message::Close(_) => heard.closed = true,
            _ => {}
        }
    }
}

fn exec(argv: &[&str], more: &str) -> String {
    let words: Vec<String> =
        argv.iter().map(|word| format!("command={}", word.replace(' ', "%20").replace('&', "%26"))).collect();
    format!("{REDIS}/exec?container=redis&stdout=true&stderr=true&{}{more}", words.join("&"))
}

#[tokio::test(start_paused = true)]
async fn a_program_writes_and_exits() {
    let cluster = cluster();
    let heard = session(&cluster, &exec(&["echo", "a", "b"], ""), &[]).await;
    assert_eq!(
        (&*heard.text(), heard.status, heard.closed),
        ("a b\n", Some(json!({"metadata": {}, "status": "Success"})), true)
    );
    let heard = session(&cluster, &exec(&["sh", "-c", "cat /nothing; exit 3"], ""), &[]).await;
    assert_eq!((heard.code(), &*heard.err), ("3", "cat: /nothing: No such file or directory\n"));
    let status = heard.status.unwrap();
    assert_eq!(status["reason"], "NonZeroExitCode");
    assert_eq!(status["message"], "command terminated with non-zero exit code: command terminated with exit code 3");
    let heard = session(&cluster, &exec(&["sh", "-c", "nonsense && echo no || echo $?"], ""), &[]).await;
    assert_eq!((&*heard.text(), &*heard.err, heard.code()), ("127\n", "sh: nonsense: not found\n", "0"));
    let heard = session(&cluster, &exec(&["sleep", "100"], ""), &[]).await;
    assert_eq!(heard.code(), "0");
}

#[tokio::test(start_paused = true)]
async fn a_missing_program_fails_as_containerd_says() {
    let heard = session(&cluster(), &exec(&["bash"], ""), &[]).await;
    let status = heard.status.unwrap();
    let message = status["message"].as_str().unwrap();
    assert!(message.starts_with(
        "Internal error occurred: Internal error occurred: error executing command in container: failed to exec"
    ));
    assert!(message.ends_with("unable to start container process: exec: \"bash\": executable file not found in $PATH"));
    assert_eq!((&status["reason"], &status["code"], heard.closed), (&json!("InternalError"), &json!(500), true));
}

#[tokio::test(start_paused = true)]
async fn a_terminal_echoes_edits_and_interrupts() {
    let cluster = cluster();
    let keys: &[(&str, u8, &[u8])] = &[
        ("", 4, br#"{"Width":91,"Height":33}"#),
        ("# ", 0, b"sizf\x7fe\r"),
        ("91\r\nredis-0:/# ", 0, b"sleep 1000\r"),
        ("sleep 1000\r\n", 0, b"\x03"),
        ("^C\r\nredis-0:/# ", 0, b"echo $?\r"),
        ("130\r\nredis-0:/# ", 0, b"exit 7\r"),
    ];
    let heard = talk(&cluster, &exec(&["sh"], "&tty=true&stdin=true"), keys).await;
    let text = heard.text();
    assert!(text.starts_with("redis-0:/# sizf\x08 \x08e\r\n33 91\r\n"), "{text:?}");
    assert!(text.contains("^C\r\n"), "{text:?}");
    assert!(text.contains("echo $?\r\n130\r\n"), "{text:?}");
    assert_eq!((heard.code(), &*heard.err), ("7", ""));
    let heard = session(&cluster, &exec(&["sh"], "&tty=true&stdin=true"), &[(0, b"mess\r\x04")]).await;
    assert!(heard.text().contains("\x1b[?1049h\x1b[?1000h") && heard.closed);
}

#[tokio::test(start_paused = true)]
async fn standard_input_ends_alone() {
    let heard = session(&cluster(), &exec(&["cat"], "&stdin=true"), &[(0, b"one\n"), (0, b"two"), (255, &[0])]).await;
    assert_eq!((&*heard.text(), heard.code()), ("one\ntwo", "0"));
}

#[tokio::test(start_paused = true)]
async fn archives_come_and_go() {
    let cluster = cluster();
    let heard = session(&cluster, &exec(&["tar", "cf", "-", "/app"], ""), &[]).await;
    let Read::Whole(items) = unpack(&heard.out) else { panic!("no archive") };
    let names: Vec<_> = items.iter().map(|item| item.path.as_str()).collect();
    assert_eq!(names, ["app", "app/README", "app/server"]);
    assert!(matches!(&items[2].entry, Entry::File(bytes) if bytes.len() == 200_000));
    let item = Item { path: "made/x".to_owned(), entry: Entry::File(vec![5; 70_000].into()) };
    let archive = pack(&[item]);
    let into = |folder: &str| exec(&["tar", "xmf", "-", "-C", folder], "&stdin=true");
    let heard = session(&cluster, &into("/tmp"), &[(0, &archive)]).await;
    assert_eq!((heard.code(), &*heard.err), ("0", ""));
    let heard = session(
        &cluster,
        &exec(&["sh", "-c", "test -d /tmp/made && ls /tmp/made && rm /tmp/made/x && ls /tmp/made/x"], ""),
        &[],
    )
    .await;
    assert_eq!((&*heard.text(), heard.code()), ("x\n", "1"));
    let heard = session(&cluster, &into("/full"), &[(0, &archive)]).await;
    assert_eq!((heard.code(), heard.err.contains("No space left")), ("2", true));
    let heard = session(&cluster, &into("/tmp"), &[(0, &archive[..600]), (255, &[0])]).await;
    assert_eq!((heard.code(), &*heard.err), ("2", "tar: Unexpected EOF in archive\n"));
    let other = exec(&["ls", "/tmp"], "").replace("redis-0", "redis-1");
    assert_eq!(session(&cluster, &other, &[]).await.text(), "", "files stay in their container");
}

#[tokio::test(start_paused = true)]
async fn a_killed_pod_says_nothing_more() {
    let cluster = cluster();
    let path = exec(&["sh", "-c", "echo hello; sleep 1000000"], "");
    let (heard, ()) = tokio::join!(session(&cluster, &path, &[]), async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        cluster
            .delete(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "redis-0", "namespace": "data"}}))
            .await
            .unwrap();
    });
    assert_eq!((&*heard.text(), heard.status, heard.closed), ("hello\n", None, false));
}

#[tokio::test(start_paused = true)]
async fn attaching_shows_what_a_program_writes_from_now_on() {
    let cluster = cluster();
    let path = format!("{REDIS}/attach?container=redis&stdout=true");
    let (heard, ()) = tokio::join!(session(&cluster, &path, &[]), async {
        tokio::time::sleep(Duration::from_mins(2)).await;
        cluster
            .delete(json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "redis-0", "namespace": "data"}}))
            .await
            .unwrap();
    });
    assert!((5..200).contains(&heard.text().lines().count()), "{}", heard.text());
}

#[tokio::test(start_paused = true)]
async fn a_flood_waits_for_its_reader_and_can_be_left() {
    let cluster = cluster();
    let request = Request::get(exec(&["yes"], "")).body(Vec::new()).unwrap();
    let mut socket = cluster.client().connect(request).await.unwrap().into_stream();
    let mut bytes = 0;
    while bytes < 4_000_000 {
        bytes += socket.next().await.unwrap().unwrap().into_data().len();
    }
    drop(socket);
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert!(session(&cluster, &exec(&["true"], ""), &[]).await.closed);
}

/// The status, the protocol that was agreed upon, and the body of an answer to an upgrade.
async fn upgrade(cluster: &Cluster, path: &str, offers: Option<&str>) -> (u16, String, String) {
    let mut request = Request::get(path)
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    if let Some(offers) = offers {
        request = request.header("sec-websocket-protocol", offers);
    }
    let answer = cluster.client().send(request.body(kube::client::Body::empty()).unwrap()).await.unwrap();
    let protocol = answer.headers().get("sec-websocket-protocol").map(|name| name.to_str().unwrap().to_owned());
    let code = answer.status().as_u16();
    let body = if code == 101 { Vec::new() } else { answer.into_body().collect_bytes().await.unwrap().to_vec() };
    (code, protocol.unwrap_or_default(), String::from_utf8(body).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_protocol_is_agreed_upon() {
    let cluster = cluster();
    let agreed = async |path: &str, offers| {
        let (code, protocol, _) = upgrade(&cluster, path, offers).await;
        (code, protocol)
    };
    let (path, forward) = (exec(&["true"], ""), format!("{REDIS}/portforward?ports=6379"));
    let name = |name: &str| name.to_owned();
    assert_eq!(agreed(&path, Some("v4.channel.k8s.io, v5.channel.k8s.io")).await, (101, name("v5.channel.k8s.io")));
    assert_eq!(agreed(&path, Some("v4.channel.k8s.io")).await, (101, name("v4.channel.k8s.io")));
    assert_eq!(agreed(&path, Some("v9.channel.k8s.io")).await, (403, name("")));
    assert_eq!(agreed(&path, None).await, (101, name("")));
    assert_eq!(agreed(&forward, Some("v5.channel.k8s.io, v4.channel.k8s.io")).await, (101, name("v4.channel.k8s.io")));
    assert_eq!(agreed(&forward, Some("SPDY/3.1+portforward.k8s.io")).await, (403, name("")));
    let request = Request::get(&path).body(Vec::new()).unwrap();
    let plain = cluster.client().request_text(request).await;
    assert!(matches!(plain, Err(kube::Error::Api(status)) if status.message == "Upgrade request required"));
    let (code, _, body) = upgrade(&cluster, &format!("{REDIS}/exec?container=x&command=ls"), None).await;
    assert_eq!((code, body.contains("container x is not valid for pod redis-0")), (400, true));
}

#[tokio::test(start_paused = true)]
async fn ports_are_forwarded_or_refused() {
    let cluster = cluster();
    let request = Request::get(format!("{REDIS}/portforward?ports=6379,81")).body(Vec::new()).unwrap();
    let mut socket = cluster.client().connect(request).await.unwrap().into_stream();
    socket.send(message((0, b"GET / HTTP/1.0\r\n\r\n".to_vec().into()))).await.unwrap();
    let mut heard = vec![Vec::new(); 4];
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Binary(bytes) = message {
            heard[usize::from(bytes[0])].extend(&bytes[1..]);
        }
    }
    assert_eq!((&heard[0][..2], &heard[2][..], &heard[3][..2]), (&[0xeb, 0x18][..], &[81, 0][..], &[81, 0][..]));
    let (answer, refused) = (String::from_utf8_lossy(&heard[0][2..]), String::from_utf8_lossy(&heard[3][2..]));
    assert!(answer.starts_with("HTTP/1.0 200 OK\r\n") && answer.ends_with("hello from redis-0\n"), "{answer}");
    assert!(refused.starts_with("error forwarding port 81 to pod ") && refused.contains("connect: connection refused"));
}
