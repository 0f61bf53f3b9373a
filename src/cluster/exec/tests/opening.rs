//! How sessions are opened: what a server may answer, and which pod and container are meant.

use super::*;

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
