//! The terminal in the hands of a credential plugin.

use super::pty::{Pty, RUTTER};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A demo that listens, and a kubeconfig whose user is asked for a code.
struct Stage {
    demo: Child,
    folder: TempDir,
}

impl Stage {
    fn new(mode: &str) -> Self {
        let mut demo = Command::new(RUTTER).arg("demo").stdout(Stdio::piped()).spawn().unwrap();
        let mut server = String::new();
        BufReader::new(demo.stdout.take().unwrap()).read_line(&mut server).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let answer =
            r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}"#;
        let script = format!("#!/bin/sh\nprintf 'code? ' >&2\nread code\n[ \"$code\" = 42 ] && echo '{answer}'\n");
        fs::write(folder.path().join("login"), script).unwrap();
        fs::set_permissions(folder.path().join("login"), fs::Permissions::from_mode(0o755)).unwrap();
        let exec = format!("command: ./login, apiVersion: client.authentication.k8s.io/v1, interactiveMode: {mode}");
        let text = format!(
            "current-context: lab\nclusters: [{{name: c, cluster: {{server: '{}'}}}}]\n\
             users: [{{name: u, user: {{exec: {{{exec}}}}}}}]\n\
             contexts: [{{name: lab, context: {{cluster: c, user: u, namespace: shop}}}}]\n",
            server.trim()
        );
        fs::write(folder.path().join("config"), text).unwrap();
        Self { demo, folder }
    }

    fn rutter(&self, arguments: &[&str]) -> Pty {
        let config = self.folder.path().join("config").display().to_string();
        let arguments = [arguments, &["--kubeconfig", &config]].concat();
        Pty::start(&arguments, (120, 30))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.demo.kill();
        let _ = self.demo.wait();
    }
}

#[test]
fn a_plugin_that_must_ask_does_so_on_the_terminal() {
    let stage = Stage::new("Always");
    let mut pty = stage.rutter(&["pods"]);
    pty.shows("sign-in needs the terminal").send(":sign-in\r").shows("code? ");
    assert!(!pty.screen().alternate_screen());
    // A wrong answer is told; rutter is back.
    pty.send("41\r").shows("failed (exit status: 1)");
    assert!(pty.screen().alternate_screen());
    pty.send(":sign-in\r");
    assert!(pty.until(|screen| !screen.alternate_screen() && screen.cursor_position().1 == 6));
    pty.send("42\r").shows("pods(shop)").shows(" live");
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.looks_restored();
}

#[test]
fn a_plugin_may_be_left_with_ctrl_c() {
    let stage = Stage::new("IfAvailable");
    let mut pty = stage.rutter(&["pods"]);
    // Away from the terminal it reads nothing, and fails.
    pty.shows("failed (exit status: 1): code?").send(":sign-in\r");
    assert!(pty.until(|screen| !screen.alternate_screen() && screen.contents().trim_end().ends_with("code?")));
    pty.send("\x03").shows("failed (signal: 2");
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.looks_restored();
}

#[test]
fn a_command_that_prints_leaves_the_terminal_to_it() {
    let stage = Stage::new("IfAvailable");
    let mut pty = stage.rutter(&["get", "deploy"]);
    pty.shows("code? ").send("42\r").shows("frontend");
    assert_eq!(pty.end(), 0);
}
