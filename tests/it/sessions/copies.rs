//! Copies from and to containers as a person makes them: asked for, confirmed, refused, told about, stopped.

use super::session::{Session, Start};
use std::fs;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than keys are taken for typed ahead.
const LOOKED: Duration = Duration::from_millis(400);

/// A session on a pod whose image has tar, and a folder to copy to.
async fn begin() -> (Session, TempDir) {
    let mut s = Start::at("pods -n data").size(220, 40).go().await;
    s.run("filter redis-0").await.press("home").await.on("redis-0");
    (s, tempfile::tempdir().unwrap())
}

/// A path below a folder, as it is typed.
fn path(dir: &TempDir, name: &str) -> String {
    dir.path().join(name).to_str().unwrap().to_owned()
}

/// Nothing is there, not even what is made on the way.
fn is_empty(dir: &TempDir) -> bool {
    fs::read_dir(dir.path()).unwrap().next().is_none()
}

async fn confirm(s: &mut Session) {
    s.shows("the container is changed").wait(LOOKED).await.press("enter").await;
}

#[tokio::test(start_paused = true)]
async fn a_file_and_a_folder_come_from_the_container() {
    let (mut s, dir) = begin().await;
    s.run(&format!("cp from /app/server {}", path(&dir, "server"))).await.until("copied 1 file, 200.0 kB").await;
    s.shows("from pod data/redis-0:/app/server").shows("no sha256sum in this image");
    assert_eq!(fs::read(dir.path().join("server")).unwrap().len(), 200_000);
    s.run(&format!("cp data/redis-0:/etc {}", path(&dir, ""))).await.until("copied 4 files").await.hides("copying");
    assert_eq!(fs::read_to_string(dir.path().join("etc/hostname")).unwrap(), "redis-0\n");
    s.run("journal").await.hides("cp");
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_is_refused_unless_told_otherwise() {
    let (mut s, dir) = begin().await;
    fs::write(dir.path().join("hostname"), "mine").unwrap();
    let line = format!("cp from /etc/hostname {}", path(&dir, "hostname"));
    s.run(&line).await.until("is there already").await.shows("--overwrite");
    assert_eq!(fs::read_to_string(dir.path().join("hostname")).unwrap(), "mine");
    s.run(&format!("{line} --overwrite")).await.until("copied 1 file, 8 B").await;
    assert_eq!(fs::read_to_string(dir.path().join("hostname")).unwrap(), "redis-0\n");
}

#[tokio::test(start_paused = true)]
async fn an_upload_is_confirmed_written_down_and_there() {
    let (mut s, dir) = begin().await;
    fs::create_dir_all(dir.path().join("site/empty")).unwrap();
    fs::write(dir.path().join("site/a [1]*"), "one").unwrap();
    s.run(&format!("cp to {} /tmp", path(&dir, "site"))).await.shows("kubectl --context demo cp");
    s.press("esc").await.run("journal").await.hides("copy").press("esc").await;
    s.run(&format!("cp to {} /tmp", path(&dir, "site"))).await;
    confirm(&mut s).await;
    s.until("to pod data/redis-0:/tmp/site").await.shows("copied 1 file, 3 B");
    s.run("journal").await.shows("to pod data/redis-0:/tmp").hides("FAILED").press("esc").await;
    s.run(&format!("cp from /tmp/site {}", path(&dir, "back"))).await.until("copied 1 file").await;
    assert_eq!(fs::read_to_string(dir.path().join("back/a [1]*")).unwrap(), "one");
    assert!(dir.path().join("back/empty").is_dir());
    s.run(&format!("cp to {} /tmp", path(&dir, "site"))).await;
    confirm(&mut s).await;
    s.until("/tmp/site is there already").await;
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_told_with_what_tar_says() {
    let (mut s, dir) = begin().await;
    fs::write(dir.path().join("x"), "x").unwrap();
    s.run(&format!("cp to {} /full", path(&dir, "x"))).await;
    confirm(&mut s).await;
    s.until("exit code 2").await.shows("No space left on device").shows("stays in the container");
    s.run("journal").await.shows("FAILED");
}

#[tokio::test(start_paused = true)]
async fn an_image_without_tar_says_what_helps() {
    let dir = tempfile::tempdir().unwrap();
    let mut s = Start::at("pods -n kube-system").size(200, 40).go().await;
    s.run("filter coredns").await.press("home").await.on("coredns");
    s.run(&format!("cp from /etc {}", path(&dir, "etc"))).await.until("no tar in this image").await.shows(":debug");
    assert!(is_empty(&dir));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_leaves_nothing() {
    let (mut s, dir) = begin().await;
    s.run(&format!("cp from /nothing {}", path(&dir, "x"))).await.until("Cannot stat").await.shows("exit code 2");
    s.run(&format!("cp other:/etc {}", path(&dir, "x"))).await.until("pods \"other\" not found").await;
    s.run(&format!("cp -c no from /etc {}", path(&dir, "x"))).await.until("has no container no").await;
    assert!(is_empty(&dir));
}

#[tokio::test(start_paused = true)]
async fn it_asks_for_what_was_not_said() {
    let (mut s, dir) = begin().await;
    s.run("cp").await.shows("from the container").shows("to the container").press("enter").await;
    s.shows("path in the container").type_in("/etc/hostname").await.press("enter").await.shows("to which path here: .");
    s.press("esc").await.run("cp from /etc/hostname").await.press("backspace").await;
    s.type_in(&path(&dir, "name")).await.press("enter").await.until("copied 1 file").await;
    s.run("cp a b").await.shows("exactly one of the two paths has to be POD:PATH");
    s.run("cp from /a/../b x").await.shows("must not hold `..`");
    s.run("cp --retries=3 a b").await.shows("cp has no option");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_copied_while_the_context_is_read_only() {
    let (mut s, dir) = begin().await;
    s.run("read-only")
        .await
        .run(&format!("cp from /etc {}", path(&dir, "x")))
        .await
        .shows("read-only")
        .hides("copying");
    assert!(is_empty(&dir));
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_is_stopped_leaves_nothing() {
    let (mut s, dir) = begin().await;
    s.run("stop-copy").await.shows("nothing is being copied");
    s.cluster().fault(rutter::demo::Fault::Delay(Duration::from_secs(20))).await;
    s.run(&format!("cp from /app/server {}", path(&dir, "x")))
        .await
        .shows(" · copying 0 B")
        .shows(":stop-copy ends it");
    s.run("stop-copy").await.shows("stopped copying pod data/redis-0:/app/server").hides(" · copying");
    s.wait(Duration::from_mins(1)).await;
    assert!(is_empty(&dir));
}
