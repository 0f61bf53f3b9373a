//! Credential plugins as a person meets them: one that takes its time, one that fails, one that wants the terminal. They
//! are programs, so these sessions run in real time.

use super::contexts::{listening, over_users};
use super::session::Session;
use rutter::commands::Effect;
use rutter::demo::Story;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

const TOKEN: &str =
    r#"echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'"#;

/// A session on a cluster that wants nothing; the user of the context `lab` has this plugin. In its folder it counts its
/// runs in `runs`.
async fn with(script: &str, mode: &str) -> (Session, tempfile::TempDir) {
    let (full, empty) = (listening(Story::Still).await, listening(Story::Empty).await);
    let exec =
        format!("{{exec: {{command: ./login, apiVersion: client.authentication.k8s.io/v1, interactiveMode: {mode}}}}}");
    let contexts = [("prod", "shop", full, "{token: t}"), ("lab", "default", empty, &*exec)];
    let (mut s, dir) = over_users(&contexts);
    let login = dir.path().join("login");
    fs::write(&login, format!("#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho $$ >> runs\n{script}\n")).unwrap();
    fs::set_permissions(&login, fs::Permissions::from_mode(0o755)).unwrap();
    s.until("pods(shop) 18").await;
    (s, dir)
}

fn runs(dir: &Path) -> Vec<String> {
    fs::read_to_string(dir.join("runs")).unwrap_or_default().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn one_that_takes_its_time_is_named_with_what_it_says_and_left_by_going_back() {
    let (mut s, dir) = with("echo 'enter \x1b[1mABCD at https://login' >&2\nsleep 600", "IfAvailable").await;
    s.run("ctx lab").await.until("enter ^[[1mABCD at https://login").await;
    s.shows("signing in").shows("waiting for the credential plugin").shows("login").shows("esc gives it up");
    // Keys are served meanwhile.
    s.press("j k ? esc : esc").await.shows("waiting for the credential plugin");
    s.press("esc").await.shows("pods(shop) 18").shows(" live");
    let pid = runs(dir.path()).pop().unwrap();
    let stat = PathBuf::from(format!("/proc/{pid}/stat"));
    for _ in 0..200 {
        // Of one that was killed, its parent may not know yet.
        if cfg!(not(target_os = "linux")) || fs::read_to_string(&stat).map_or(true, |stat| stat.contains(") Z ")) {
            return;
        }
        s.wait(Duration::from_millis(50)).await;
    }
    panic!("{} still runs", stat.display());
}

#[tokio::test]
async fn one_that_fails_says_why_and_is_not_run_again_by_itself() {
    let failing = "[ -e mended ] || { echo 'no such profile: \x1b]0;x\x07shop' >&2; exit 3; }";
    let (mut s, dir) = with(&format!("{failing}\n{TOKEN}"), "Never").await;
    s.run("ctx lab").await.until("not connected").await;
    s.shows("failed (exit status: 3): no such profile: ^[]0;x").shows(":retry tries again");
    s.wait(Duration::from_millis(1500)).await;
    assert_eq!(runs(dir.path()).len(), 1);
    fs::write(dir.path().join("mended"), "").unwrap();
    s.run("retry").await.until("no pods in default").await;
    assert_eq!(runs(dir.path()).len(), 2);
}

#[tokio::test]
async fn one_that_must_ask_is_given_the_terminal_by_a_command() {
    let (mut s, dir) = with(TOKEN, "Always").await;
    s.run("ctx lab").await.until("not connected").await;
    s.shows("sign-in needs the terminal").shows(":sign-in").run("sign-in").await;
    assert_eq!(s.effects(), [Effect::SignIn("lab".to_owned())]);
    assert!(runs(dir.path()).is_empty());
}
