//! Sessions in containers, so far kubectl's, through the proxy that writes requests down.

use super::super::recorder::Recorder;
use super::{Space, shell};
use serde_json::json;
use std::io::Write as _;
use std::process::Stdio;

#[tokio::test]
async fn sessions_pass_through_the_recorder() {
    let Some(space) = Space::open("node-sessions").await else { return };
    space.run("one", shell("sleep 1000", json!({}))).await;
    let recorder = Recorder::start(space.plane);
    let exec = ["-n", space.name, "exec", "-i", "one", "--", "sh", "-c", "tr a-z A-Z; exit 7"];
    let mut kubectl = recorder.command(&exec);
    kubectl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut kubectl = kubectl.spawn().expect("it starts");
    kubectl.stdin.take().expect("a pipe").write_all(b"heard\n").expect("it listens");
    let output = kubectl.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), &*output.stdout), (Some(7), &b"HEARD\n"[..]));

    let sent = recorder.recorded();
    let [session] = &*sent else { panic!("one session: {sent:?}") };
    assert_eq!((session.method.as_str(), &session.path), ("GET", &space.path("pods/one/exec")));
    let values = |wanted: &str| -> Vec<&str> {
        session.query.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).collect()
    };
    assert_eq!(values("command")[..2], ["sh", "-c"]);
    assert_eq!(["stdin", "stdout", "stderr", "tty"].map(values), [vec!["true"], vec!["true"], vec!["true"], vec![]]);
}
