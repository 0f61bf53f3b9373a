//! A quiet cluster costs nothing.

use super::pty::Pty;
use rutter::demo::{Cluster, Story};
use std::fs;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

/// A demo cluster in which nothing happens, on a port of this machine, for as long as the test runs; a kubeconfig.
fn quiet() -> (tempfile::TempDir, String) {
    let (tell, address) = channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let cluster = Cluster::start(Story::Still);
            let (address, serving) = cluster.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
            tell.send(address).unwrap();
            serving.await
        })
    });
    let address = address.recv().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    let text = format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: quiet\nclusters: [{{name: c, cluster: {{server: 'http://{address}'}}}}]\n\
         contexts: [{{name: quiet, context: {{cluster: c, user: u}}}}]\nusers: [{{name: u, user: {{}}}}]\n"
    );
    fs::write(&file, text).unwrap();
    let name = file.to_str().unwrap().to_owned();
    (dir, name)
}

/// How often all threads of a process gave a processor up because they had to wait.
fn waits(pid: u32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let of = |status: String| {
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:").map(str::to_owned));
        line.and_then(|number| number.trim().parse::<u64>().ok()).unwrap_or_default()
    };
    tasks.map(|task| of(fs::read_to_string(task.unwrap().path().join("status")).unwrap_or_default())).sum()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_drawn_and_almost_nobody_wakes_up() {
    const SECONDS: u64 = 5;
    let (_dir, config) = quiet();
    let mut pty = Pty::start(&["--kubeconfig", &config, "deploy", "-A"], (100, 30));
    pty.shows("deployments(all) 19").shows("live").wait(Duration::from_secs(3));
    let (bytes, before) = (pty.bytes, waits(pty.pid()));
    pty.wait(Duration::from_secs(SECONDS));
    let woke = waits(pty.pid()) - before;
    assert_eq!(pty.bytes - bytes, 0, "bytes were written");
    assert!(woke <= 2 * SECONDS, "{woke} wake-ups in {SECONDS} seconds");
    pty.send("q");
    assert_eq!(pty.end(), 0);
}
