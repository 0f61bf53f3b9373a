//! `rutter demo --listen`: kubectl of the real control plane's version works on the demo.

use super::control_plane::{self, check, kubectl, rutter};
use super::wire::SOON;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// A program that is ended with the test.
struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Running {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let (out, inbox) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| out.send(line)));
        Self { child, lines: inbox }
    }

    /// The next line for which something holds.
    fn line(&self, what: &str, holds: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + SOON;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) if holds(&line) => return line,
                Ok(_) => {}
                Err(error) => panic!("{what} did not come: {error}"),
            }
        }
    }
}

/// The demo, listening, and kubectl's way to it. Nothing where kubectl cannot be built.
struct Demo {
    _process: Running,
    server: String,
}

impl Demo {
    fn start() -> Option<Self> {
        // For its kubectl.
        control_plane::bare()?;
        let process = Running::start(rutter().args(["demo", "--listen", "127.0.0.1:0"]));
        let server = process.line("the address", |_| true);
        assert!(server.starts_with("http://127.0.0.1:") && !server.ends_with(":0"), "{server}");
        Some(Self { _process: process, server })
    }

    fn kubectl(&self, arguments: &[&str]) -> Command {
        let mut command = kubectl();
        command.args(["--server", &self.server]).args(arguments);
        command
    }

    fn prints(&self, arguments: &[&str]) -> String {
        let output = self.kubectl(arguments).output().expect("kubectl runs");
        check(&output, &arguments.join(" "));
        String::from_utf8(output.stdout).expect("text")
    }

    /// A deployment with two pods or more that are ready: its namespace and name.
    fn deployment(&self) -> (String, String) {
        let list: Value =
            serde_json::from_str(&self.prints(&["get", "deployments", "-A", "-o", "json"])).expect("JSON");
        let ready = |object: &&Value| object["status"]["readyReplicas"].as_i64() >= Some(2);
        let found = list["items"].as_array().expect("items").iter().find(ready).expect("a ready deployment");
        let text = |field: &str| found["metadata"][field].as_str().expect("a text").to_owned();
        (text("namespace"), text("name"))
    }
}

#[test]
fn kubectl_lists_the_demos_pods() {
    let Some(demo) = Demo::start() else { return };
    let text = demo.prints(&["get", "pods", "-A"]);
    let heading: Vec<&str> = text.lines().next().expect("a heading").split_whitespace().collect();
    assert_eq!(heading, ["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    assert!(text.lines().filter(|line| line.contains(" Running ")).count() > 10, "{text}");
    let wide = demo.prints(&["get", "pods", "-A", "-o", "wide"]);
    assert!(wide.lines().next().is_some_and(|line| line.contains("NOMINATED NODE")), "{wide}");
}

#[test]
fn kubectl_scales_and_sees_the_change_arrive() {
    let Some(demo) = Demo::start() else { return };
    let (namespace, name) = demo.deployment();
    let watch =
        Running::start(&mut demo.kubectl(&["get", "deployment", &name, "-n", &namespace, "-w", "--no-headers"]));
    watch.line("the deployment", |line| line.starts_with(&name));
    let said = demo.prints(&["scale", "deployment", &name, "-n", &namespace, "--replicas", "7"]);
    assert_eq!(said, format!("deployment.apps/{name} scaled\n"));
    watch.line("the change", |line| line.split_whitespace().nth(1).is_some_and(|ready| ready.ends_with("/7")));
}

#[test]
fn kubectl_reads_and_follows_logs() {
    let Some(demo) = Demo::start() else { return };
    let (namespace, name) = demo.deployment();
    let workload = format!("deployment/{name}");
    let once = demo.prints(&["logs", &workload, "-n", &namespace, "--tail", "3", "--all-containers"]);
    assert!(!once.trim().is_empty());
    let stamped = demo.prints(&["logs", &workload, "-n", &namespace, "--tail", "1", "--timestamps"]);
    assert!(stamped.get(..19).is_some_and(|time| time.contains('T')), "{stamped}");
    let follow = Running::start(&mut demo.kubectl(&["logs", "-f", &workload, "-n", &namespace, "--tail", "0"]));
    let began = Instant::now();
    let line = follow.line("a new line", |line| !line.is_empty());
    assert!(began.elapsed() < SOON + Duration::from_secs(1), "{line}");
}

#[test]
fn rutter_refuses_to_listen_for_others() {
    let output = rutter().args(["demo", "--listen", "0.0.0.0:0"]).output().expect("rutter runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.is_empty()), (Some(1), true), "{said}");
    assert!(said.contains("is not on this machine"), "{said}");
}
