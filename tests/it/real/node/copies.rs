//! Copies from and to containers that really run: busybox's tar at the other end, checksums, and an image without tar.

use super::{Space, shell};
use rutter::cluster::copy::{Copied, News, Order, Way, copy};
use rutter::cluster::exec::{Errand, Visit, Whom};
use rutter::cluster::{Message, Unreachable};
use rutter::kinds::copy::CopyId;
use serde_json::json;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Copies, and how it ended.
async fn done(space: &Space, pod: &str, (way, remote, local): (Way, &str, &Path)) -> Result<Copied, Unreachable> {
    let whom = Whom::Pod { name: pod.to_owned(), uid: None };
    let (context, namespace) = (String::new(), space.name.to_owned());
    let visit = Visit { context, namespace, whom, container: None, errand: Errand::Shell };
    let (remote, local) = (remote.to_owned(), local.to_owned());
    let order = Order { visit, way, remote, local, overwrite: false, compare: true };
    let (out, mut inbox) = mpsc::channel(4);
    tokio::spawn(copy(space.plane.clients("").await.lanes, order, (CopyId(1), out)));
    let ended = async {
        loop {
            match inbox.recv().await.expect("it ends") {
                Message::Copy { news: News::Ended(result), .. } => return result,
                Message::Copy { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    };
    timeout(super::A_WHILE, ended).await.expect("it ends in time")
}

/// Bytes in which any that is lost, doubled or moved is seen.
fn large() -> Vec<u8> {
    (0..3_000_000_u32).flat_map(u32::to_le_bytes).collect()
}

#[tokio::test]
async fn files_go_both_ways_whole() {
    let Some(space) = Space::open("node-copies").await else { return };
    space.run("box", shell("sleep 1000", json!({}))).await;
    let dir = tempfile::tempdir().expect("a folder");
    let here = |name: &str| dir.path().join(name);
    fs::write(here("large"), large()).expect("written");
    let copied = done(&space, "box", (Way::To, "/tmp", &here("large"))).await.expect("it is copied");
    assert_eq!((copied.files, copied.bytes, &*copied.compared), (1, 12_000_000, "checksum compared"));
    let copied = done(&space, "box", (Way::From, "/tmp/large", &here("back"))).await.expect("it is copied");
    assert_eq!((copied.files, copied.bytes, &*copied.compared), (1, 12_000_000, "checksum compared"));
    assert!(fs::read(here("back")).expect("it is there") == large(), "it came back as it was");

    // A tree, with what is easily lost: names, an empty folder, a link.
    let long = "l".repeat(150);
    fs::create_dir_all(here("tree/empty")).expect("made");
    fs::create_dir_all(here(&format!("tree/{long}"))).expect("made");
    fs::write(here("tree/a [1]* ü"), "one").expect("written");
    fs::write(here(&format!("tree/{long}/{long}")), "two").expect("written");
    symlink("/etc/passwd", here("tree/link")).expect("made");
    done(&space, "box", (Way::To, "/tmp/tree", &here("tree"))).await.expect("it is copied");
    let copied = done(&space, "box", (Way::From, "/tmp/tree", &here("again"))).await.expect("it is copied");
    assert_eq!((copied.files, copied.left_out, &*copied.names[0]), (2, 1, "tmp/tree/link (a symbolic link)"));
    assert_eq!(fs::read_to_string(here("again/a [1]* ü")).expect("it is there"), "one");
    assert_eq!(fs::read_to_string(here(&format!("again/{long}/{long}"))).expect("it is there"), "two");
    assert!(here("again/empty").is_dir() && !here("again/link").exists());

    let refusal = done(&space, "box", (Way::To, "/tmp", &here("large"))).await.expect_err("it is there");
    assert_eq!(refusal.sentence, "/tmp/large is there already");
    let refusal =
        done(&space, "box", (Way::To, "/proc/large", &here("large"))).await.expect_err("nobody can write there");
    // How it ended does not get through behind what it leaves unread. What it said does, unless the runtime resets the
    // connection first: then that is told, and never a success.
    let said = refusal.sentence.ends_with(": tar: can't open 'large': No such file or directory");
    assert!(said || refusal.sentence.starts_with("connection lost: "), "{refusal:?}");
    let refusal = done(&space, "box", (Way::From, "/nothing", &here("x"))).await.expect_err("it is not there");
    assert!(refusal.sentence.contains("/nothing") && !here("x").exists(), "{refusal:?}");
}

#[tokio::test]
async fn an_image_without_tar_is_recognised() {
    let Some(space) = Space::open("node-no-tar").await else { return };
    let image = json!({"image": "registry.invalid/no-tar:1"});
    space.run("bare", shell("sleep 1000", image)).await;
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("file");
    fs::write(&file, "x").expect("written");
    for (way, remote, local) in [(Way::From, "/etc", dir.path().join("etc")), (Way::To, "/tmp", file)] {
        let refusal = done(&space, "bare", (way, remote, &local)).await.expect_err("there is no tar");
        assert_eq!(refusal.sentence, "no tar in this image");
    }
    assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
}
