//! What a real node leaves behind: nothing.

use super::super::control_plane;
use std::fs;
use std::process::Command;

/// The bridge of a plane's node, which is also the name of its cgroup.
fn bridge(plane: &control_plane::Plane) -> String {
    let network = fs::read_to_string(plane.dir().join("node/cni/bridge.conflist")).expect("a network");
    let network: serde_json::Value = serde_json::from_str(&network).expect("JSON");
    network["plugins"][0]["bridge"].as_str().expect("a bridge").to_owned()
}

/// What is there of it: the bridge, cgroups, mounts, and processes in its namespace.
fn left(bridge: &str, dir: &str) -> Vec<String> {
    let mut left = Vec::new();
    let links = Command::new("ip").args(["-brief", "link"]).output().expect("ip runs");
    let links = String::from_utf8_lossy(&links.stdout).into_owned();
    left.extend(links.lines().filter(|link| link.split(' ').next() == Some(bridge)).map(str::to_owned));
    let mounts = fs::read_to_string("/proc/mounts").expect("mounts");
    for mount in mounts.lines() {
        let mut words = mount.split(' ');
        let (place, kind) = (words.nth(1).expect("a place"), words.next().expect("a kind"));
        if place.starts_with(dir) {
            left.push(mount.to_owned());
        }
        if kind.starts_with("cgroup") && fs::exists(format!("{place}/{bridge}")).expect("a cgroup or none") {
            left.push(format!("{place}/{bridge}"));
        }
    }
    for process in fs::read_dir("/proc").expect("processes").flatten() {
        let path = process.path();
        let text = |name: &str| fs::read_to_string(path.join(name)).unwrap_or_default();
        if text("cgroup").contains(&format!("/{bridge}/")) || text("mounts").contains(dir) {
            left.push(text("cmdline").replace('\0', " "));
        }
    }
    left
}

#[tokio::test]
async fn nothing_is_left_of_a_node() {
    let Some(plane) = control_plane::own_real_node("gone") else { return };
    plane.kubectl(&["create", "serviceaccount", "default"]);
    let overrides = r#"{"spec": {"nodeName": "real", "automountServiceAccountToken": false}}"#;
    plane.kubectl(&["run", "lasts", "--image", super::BOX, "--overrides", overrides, "--", "sleep", "1000"]);
    plane.kubectl(&["wait", "pod", "lasts", "--for", "condition=Ready", "--timeout", "60s"]);
    let (bridge, dir) = (bridge(&plane), plane.dir().to_str().expect("a path").to_owned());
    let there = left(&bridge, &dir);
    assert!(there.iter().any(|what| what.starts_with("sleep 1000")), "{there:?}");
    assert!(there.iter().any(|what| what.starts_with(&format!("{bridge} "))), "{there:?}");
    drop(plane);
    assert_eq!(left(&bridge, &dir), Vec::<String>::new());
}
