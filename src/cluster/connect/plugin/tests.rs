//! Plugins that behave in all the ways that plugins behave, as shell scripts.
#![cfg(unix)]

use super::*;
use crate::cluster::kubeconfig::{Secret, Variable};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const V1: &str = "client.authentication.k8s.io/v1";

struct Script {
    folder: TempDir,
    exec: Exec,
}

/// A plugin whose script may use `$RUNS`, a file to count in.
fn script(text: &str) -> Script {
    let folder = TempDir::new().unwrap();
    let command = folder.path().join("login");
    fs::write(&command, format!("#!/bin/sh\necho run >> \"$RUNS\"\n{text}\n")).unwrap();
    fs::set_permissions(&command, fs::Permissions::from_mode(0o755)).unwrap();
    let runs = folder.path().join("runs").display().to_string();
    let exec = Exec {
        command: command.display().to_string(),
        env: vec![Variable { name: "RUNS".to_owned(), value: Secret(runs) }],
        api_version: Some(V1.to_owned()),
        interactive_mode: Some("IfAvailable".to_owned()),
        ..Exec::default()
    };
    Script { folder, exec }
}

fn prints(status: &str) -> String {
    format!("echo '{{\"apiVersion\":\"{V1}\",\"kind\":\"ExecCredential\",\"status\":{status}}}'")
}

impl Script {
    fn plugin(&self) -> Plugin {
        Plugin::new(&self.exec, &Cluster::default(), &Policy::AllowAll).unwrap()
    }

    fn runs(&self) -> usize {
        fs::read_to_string(self.path("runs")).unwrap_or_default().lines().count()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn failure(error: ConnectError) -> (String, String, Vec<String>) {
    match error {
        ConnectError::Plugin { sentence, hint, output } => (sentence, hint, output),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_is_taken_and_shared() {
    let script = script(&prints(r#"{"token":"t0ken","expirationTimestamp":"2099-01-01T00:00:00Z"}"#));
    let sign_ins = SignIns::start();
    let first = sign_ins.credentials(script.plugin(), None).await.unwrap();
    let second = sign_ins.credentials(script.plugin(), None).await.unwrap();
    assert_eq!(first.current().header.as_ref().unwrap(), "Bearer t0ken");
    assert_eq!(second.current().serial, 1);
    assert_eq!(script.runs(), 1);
    // The server refuses it: half a minute must pass before the next run.
    assert!(second.renew(1).await.is_none());
    assert!(first.renew(1).await.is_none());
    assert_eq!(script.runs(), 1);
    // Connecting once more does not sign in once more.
    drop((first, second));
    sign_ins.credentials(script.plugin(), None).await.unwrap();
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn certificates_are_taken() {
    let script = script(&prints(r#"{"clientCertificateData":"c","clientKeyData":"k"}"#));
    let credentials = SignIns::start().credentials(script.plugin(), None).await.unwrap();
    let proof = credentials.current();
    assert_eq!((proof.header.clone(), proof.identity.as_ref().unwrap().certificate.as_str()), (None, "c"));
    assert_eq!(format!("{:?}", proof.identity.as_ref().unwrap().key), "***");
}

#[tokio::test]
async fn the_plugin_is_told_about_the_cluster_and_has_no_input() {
    let text = format!(
        "cat > \"$RUNS.in\"\nprintf %s \"$KUBERNETES_EXEC_INFO\" > \"$RUNS.info\"\n{}",
        prints(r#"{"token":"t"}"#)
    );
    let mut script = script(&text);
    script.exec.provide_cluster_info = true;
    let extension = crate::cluster::kubeconfig::Extension { name: EXTENSION.to_owned(), extension: json!({"a": 1}) };
    let cluster = Cluster {
        server: Some("https://x".to_owned()),
        certificate_authority_data: Some("LS0t".to_owned()),
        extensions: vec![extension],
        ..Cluster::default()
    };
    Plugin::new(&script.exec, &cluster, &Policy::AllowAll).unwrap().run(|_| ()).await.unwrap();
    assert_eq!(fs::read(script.path("runs.in")).unwrap(), b"");
    let info: Value = serde_json::from_slice(&fs::read(script.path("runs.info")).unwrap()).unwrap();
    let told = json!({"server": "https://x", "certificate-authority-data": "LS0t", "config": {"a": 1}});
    assert_eq!(info["spec"], json!({"interactive": false, "cluster": told}));
    assert_eq!(info["apiVersion"], V1);
    script.exec.provide_cluster_info = false;
    assert_eq!(script.plugin().info(true)["spec"], json!({"interactive": true}));
}

#[tokio::test]
async fn a_prompt_is_shown_made_safe() {
    let script = script("printf '\\033[31mVisit https://login\\007\\nand enter ABCD\\n' >&2; read code || exit 3");
    let error = SignIns::start().credentials(script.plugin(), None).await.unwrap_err();
    let (sentence, _, output) = failure(error);
    assert!(sentence.ends_with("failed (exit status: 3)"), "{sentence}");
    assert_eq!(output, ["^[[31mVisit https://login\u{fffd}", "and enter ABCD"]);
}

#[tokio::test]
async fn garbage_is_not_quoted() {
    let script = script("echo s3cret; echo bye >&2");
    let (sentence, _, output) = failure(script.plugin().run(|_| ()).await.unwrap_err());
    assert!(sentence.ends_with("printed something that is not an ExecCredential"), "{sentence}");
    assert!(!sentence.contains("s3cret"));
    assert_eq!(output, ["bye"]);
}

#[tokio::test]
async fn a_flood_is_stopped() {
    let flood = script("yes s3cret");
    let began = Instant::now();
    let (sentence, ..) = failure(flood.plugin().run(|_| ()).await.unwrap_err());
    assert!(sentence.ends_with("printed more than 1 MiB"), "{sentence}");
    assert!(began.elapsed() < Duration::from_secs(20));
    let noisy =
        script(&format!("head -c 5000000 /dev/zero | tr '\\0' x >&2; echo end >&2\n{}", prints(r#"{"token":"t"}"#)));
    assert_eq!(noisy.plugin().run(|_| ()).await.unwrap().token, Some(Secret("t".to_owned())));
}

#[tokio::test]
async fn a_missing_command_gives_its_hint() {
    let mut script = script("");
    script.exec.command = "no-such-login-plugin".to_owned();
    script.exec.install_hint = Some("\x1b[1mbrew install it\n".to_owned());
    let (sentence, hint, _) = failure(SignIns::start().credentials(script.plugin(), None).await.unwrap_err());
    assert_eq!(sentence, "the credential plugin no-such-login-plugin was not found");
    assert_eq!(hint, "^[[1mbrew install it");
    script.exec.command = script.path("runs").display().to_string();
    fs::write(script.path("runs"), "").unwrap();
    let (sentence, ..) = failure(script.plugin().run(|_| ()).await.unwrap_err());
    assert!(sentence.contains("cannot be started"), "{sentence}");
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_is_given_up_after_a_minute() {
    let script = script("echo waiting >&2; sleep 600 & wait");
    let began = tokio::time::Instant::now();
    let (sentence, ..) = failure(script.plugin().run(|_| ()).await.unwrap_err());
    assert!(sentence.ends_with("did not end within 60 seconds"), "{sentence}");
    assert_eq!(began.elapsed().as_secs(), 60);
}

/// The children of a plugin end with it: `$RUNS.pid` names one.
async fn gone(script: &Script) -> bool {
    let pid = fs::read_to_string(script.path("runs.pid")).unwrap();
    for _ in 0..200 {
        let state = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        // A killed child that init has not waited for yet is a zombie.
        if state.is_empty() || state.contains(") Z ") {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn stopping_kills_the_whole_group_and_may_be_tried_again_at_once() {
    let script = script("sleep 600 & echo $! > \"$RUNS.pid\"; wait");
    let sign_ins = SignIns::start();
    for runs in 1..=2 {
        let _ = fs::remove_file(script.path("runs.pid"));
        let signing_in = tokio::time::timeout(Duration::from_millis(1500), sign_ins.credentials(script.plugin(), None));
        assert!(signing_in.await.is_err());
        assert_eq!(script.runs(), runs);
        assert!(gone(&script).await);
    }
}

#[tokio::test]
async fn who_gives_up_does_not_spoil_it_for_others() {
    let hangs_once = "[ -e \"$RUNS.hung\" ] || { touch \"$RUNS.hung\"; sleep 600; }";
    let script = script(&format!("{hangs_once}\n{}", prints(r#"{"token":"t"}"#)));
    let sign_ins = SignIns::start();
    let (shared, plugin) = (sign_ins.clone(), script.plugin());
    let impatient = tokio::spawn(async move { shared.credentials(plugin, None).await });
    while !script.path("runs.hung").exists() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let giving_up = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        impatient.abort();
    };
    let (patient, ()) = tokio::join!(sign_ins.credentials(script.plugin(), None), giving_up);
    assert_eq!(patient.unwrap().current().header.as_ref().unwrap(), "Bearer t");
    assert_eq!(script.runs(), 2);
}

#[tokio::test]
async fn a_child_that_holds_the_pipes_does_not_hold_us() {
    let script = script(&format!("{}\nsleep 30 &", prints(r#"{"token":"t"}"#)));
    let began = Instant::now();
    assert_eq!(script.plugin().run(|_| ()).await.unwrap().token, Some(Secret("t".to_owned())));
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn an_expired_token_does_not_make_it_run_again_and_again() {
    let script = script(&prints(r#"{"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}"#));
    let sign_ins = SignIns::start();
    let credentials = sign_ins.credentials(script.plugin(), None).await.unwrap();
    // The clock stands still only here: a paused one would run ahead while the script works.
    tokio::time::pause();
    tokio::time::advance(Duration::from_mins(10)).await;
    tokio::time::resume();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(script.runs(), 1);
    // After half a minute a 401 makes it run, once; the same token is no reason to send a request again.
    assert!(credentials.renew(1).await.is_none());
    assert!(credentials.renew(1).await.is_none());
    assert_eq!(script.runs(), 2);
}

#[tokio::test]
async fn what_must_ask_waits_for_the_terminal() {
    let mut script = script(&prints(r#"{"token":"typed"}"#));
    script.exec.interactive_mode = Some("Always".to_owned());
    let sign_ins = SignIns::start();
    let error = sign_ins.credentials(script.plugin(), None).await.unwrap_err();
    assert_eq!(error, ConnectError::NeedsTerminal { command: script.exec.command.clone() });
    assert!(error.lasts() && error.hint().contains(":sign-in"), "{}", error.hint());
    assert_eq!(script.runs(), 0);
    // What it gave to somebody who lent it the terminal is good for all.
    let answer = script.plugin().in_terminal().run(|_| ()).await.unwrap();
    sign_ins.give(script.plugin(), answer).await.unwrap();
    let credentials = sign_ins.credentials(script.plugin(), None).await.unwrap();
    assert_eq!(credentials.current().header.as_ref().unwrap(), "Bearer typed");
    assert_eq!(script.runs(), 1);
    let error = Plugin::new(&script.exec, &Cluster::default(), &Policy::DenyAll).unwrap_err();
    assert!(error.to_string().contains("your kuberc forbids credential plugins"), "{error}");
}

#[tokio::test]
async fn what_it_says_is_heard_while_it_is_waited_for() {
    let script = script(&format!(
        "echo 'enter ABCD at https://login' >&2\nwhile [ ! -e \"$RUNS.go\" ]; do sleep 0.02; done\n{}",
        prints(r#"{"token":"t"}"#)
    ));
    let (told, mut heard) = tokio::sync::mpsc::channel(8);
    let sign_ins = SignIns::start();
    let hearing = async {
        let waiting = format!("waiting for the credential plugin {}", script.exec.command);
        assert_eq!(heard.recv().await.unwrap(), std::slice::from_ref(&waiting));
        assert_eq!(heard.recv().await.unwrap(), [waiting, "enter ABCD at https://login".to_owned()]);
        fs::write(script.path("runs.go"), "").unwrap();
    };
    let (credentials, ()) = tokio::join!(sign_ins.credentials(script.plugin(), Some(&told)), hearing);
    assert_eq!(credentials.unwrap().current().says, Vec::<String>::new());
}

#[tokio::test]
async fn what_one_said_that_was_given_up_is_heard_no_more() {
    let script = script("echo 'enter ABCD' >&2\nsleep 600");
    let (told, mut heard) = tokio::sync::mpsc::channel::<Vec<String>>(8);
    let sign_ins = SignIns::start();
    let heard_it = async { while !heard.recv().await.unwrap().contains(&"enter ABCD".to_owned()) {} };
    tokio::select! {
        _ = sign_ins.credentials(script.plugin(), Some(&told)) => panic!("it hangs"),
        () = heard_it => {}
    }
    // Its keeper learns that nobody waits any more.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    let (told, mut heard) = tokio::sync::mpsc::channel(8);
    tokio::select! {
        _ = sign_ins.credentials(script.plugin(), Some(&told)) => panic!("it hangs"),
        first = heard.recv() => assert_eq!(first.unwrap().len(), 1, "only which plugin is waited for"),
    }
}

#[tokio::test]
async fn whoever_asks_anew_after_a_failure_is_served_at_once() {
    let script = script(&format!(
        "[ -e \"$RUNS.mended\" ] || {{ echo first >&2; echo 'run aws sso login' >&2; exit 255; }}\n{}",
        prints(r#"{"token":"t"}"#)
    ));
    let sign_ins = SignIns::start();
    let error = sign_ins.credentials(script.plugin(), None).await.unwrap_err();
    assert!(error.to_string().ends_with("failed (exit status: 255): first · run aws sso login"), "{error}");
    assert!(error.lasts());
    fs::write(script.path("runs.mended"), "").unwrap();
    sign_ins.credentials(script.plugin(), None).await.unwrap();
    assert_eq!(script.runs(), 2);
}

#[tokio::test]
async fn what_a_wrapper_misses_gives_its_hint() {
    let mut script = script("exec no-such-login-plugin");
    script.exec.install_hint = Some("brew install it".to_owned());
    let (sentence, hint, _) = failure(script.plugin().run(|_| ()).await.unwrap_err());
    assert!(sentence.ends_with("failed (exit status: 127)"), "{sentence}");
    assert_eq!(hint, "brew install it");
}

#[tokio::test]
async fn a_token_that_expires_is_renewed_as_long_as_somebody_uses_it() {
    let expires = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3)).strftime("%Y-%m-%dT%H:%M:%SZ");
    let status = format!(r#"{{"token":"t'$(wc -l < "$RUNS" | tr -d ' ')'","expirationTimestamp":"{expires}"}}"#);
    let script = script(&prints(&status));
    let sign_ins = SignIns::start();
    let used = sign_ins.credentials(script.plugin(), None).await.unwrap();
    assert_eq!(used.current().header.as_ref().unwrap(), "Bearer t1");
    // Four fifths of the life by the clock on the wall, and half a minute by the other one.
    let over = |seconds: u64| async move {
        tokio::time::sleep(Duration::from_millis(2600)).await;
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(seconds)).await;
        tokio::time::resume();
    };
    over(31).await;
    let mut waiting = used.clone();
    let renewed = async {
        while waiting.current().header.as_ref().unwrap() != "Bearer t2" {
            waiting.changed().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), renewed).await.unwrap();
    assert_eq!(script.runs(), 2);
}
