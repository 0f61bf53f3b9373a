//! Editors that behave: the terminal is taken back, and what the user wrote is not lost.

use super::pty::{PATIENCE, Pty};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vt100::MouseProtocolMode;

/// An editor that is a script of the shell, and the folder in which files are edited.
struct Editor {
    pty: Pty,
    dir: TempDir,
}

/// Changes the file so that something is to be sent.
const CHANGES: &str = "sed -i 's/^  replicas: .*/  replicas: 9/' \"$1\"\n";

impl Editor {
    /// Opens it for a deployment of the demo.
    fn open(script: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let editor = dir.path().join("editor");
        fs::write(&editor, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(&editor, fs::Permissions::from_mode(0o700)).unwrap();
        let editor = editor.to_str().unwrap();
        let environment = [("KUBE_EDITOR", editor), ("TMPDIR", dir.path().to_str().unwrap())];
        let mut pty = Pty::start_in(&["--demo", "deploy", "-n", "shop"], (160, 30), &environment);
        pty.shows(" live").shows("cart").send("/cart\r").send(":edit\r");
        Self { pty, dir }
    }

    /// The files that were edited and are still there.
    fn files(&self) -> Vec<PathBuf> {
        let folders = fs::read_dir(&self.dir).unwrap().flatten().map(|entry| entry.path()).filter(|path| path.is_dir());
        folders.flat_map(|folder| fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path())).collect()
    }

    /// The text of the only file that is left, whose path is shown.
    #[track_caller]
    fn kept(&mut self) -> String {
        self.pty.shows("your text is in").shows("rutter-edit-");
        let files = self.files();
        let [file] = files.as_slice() else { panic!("{files:?}") };
        fs::read_to_string(file).unwrap()
    }

    /// Back in rutter, with every mode as rutter wants it; then it ends, and the terminal is as before.
    #[track_caller]
    fn leaves(mut self) {
        let screen = self.pty.screen();
        assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste(), "{}", screen.contents());
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::AnyMotion);
        assert!(!screen.application_cursor() && !screen.application_keypad());
        self.pty.send("q");
        assert_eq!(self.pty.end(), 0);
        self.pty.looks_restored();
    }
}

#[test]
fn an_editor_that_fails_or_is_killed_loses_no_text() {
    for (end, said) in [("exit 1", "exited 1"), ("kill -9 $$", "was ended by signal 9")] {
        let mut editor = Editor::open(&format!("{CHANGES}{end}"));
        editor.pty.shows(said);
        assert!(editor.kept().contains("\n  replicas: 9\n"));
        editor.leaves();
    }
}

#[test]
fn an_editor_that_fails_without_a_change_leaves_no_file() {
    let mut editor = Editor::open("exit 1");
    editor.pty.shows("exited 1");
    assert_eq!(editor.files(), Vec::<PathBuf>::new());
    editor.leaves();
}

#[test]
fn an_editor_that_leaves_the_terminal_in_any_mode_does_no_harm() {
    let mess = "stty raw -echo; printf '\\033[?1049h\\033[?1000h\\033[?1006h\\033[?25l\\033[?1h\\033=\\033(0'\n";
    let mut editor = Editor::open(&format!("{CHANGES}{mess}"));
    editor.pty.shows("edit deployment").shows("+   replicas: 9").send("\x1b").shows("not sent");
    assert!(editor.kept().contains("\n  replicas: 9\n"));
    editor.leaves();
    // Killed in the middle of it.
    let mut editor = Editor::open(&format!("{CHANGES}{mess}kill -9 $$"));
    editor.pty.shows("was ended by signal 9");
    editor.leaves();
}

#[test]
fn ctrl_z_in_an_editor_stops_both_and_fg_wakes_both() {
    let mut editor = Editor::open(&format!("echo ready; read -r line; {CHANGES}"));
    let pty = &mut editor.pty;
    pty.shows("ready").send("\x1a");
    let end = Instant::now() + PATIENCE;
    while pty.state() != 'T' {
        assert!(Instant::now() < end, "it does not stop");
        pty.wait(Duration::from_millis(10));
    }
    pty.looks_restored();
    pty.signal_all("CONT").send("\r").shows("+   replicas: 9").send("\x1b").shows("not sent");
    editor.leaves();
}
