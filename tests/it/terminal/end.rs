//! However rutter ends, the terminal is as it was before.

use super::pty::{PATIENCE, Pty, cells, command};
use portable_pty::native_pty_system;
use std::io::Read;
use std::time::{Duration, Instant};

#[test]
fn the_first_frame_takes_the_whole_terminal() {
    let mut pty = Pty::demo();
    let screen = pty.screen();
    assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste());
    pty.shows("pods(all)").shows("/ filter").send("q");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}

#[test]
fn a_kind_that_no_server_has_ends_it_before_the_screen_is_taken() {
    let mut pty = Pty::start(&["--demo", "blimps"], (120, 24));
    pty.shows("the server doesn't have a resource type \"blimps\"");
    assert!(!pty.screen().alternate_screen());
    assert_eq!(pty.end(), 1);
    // One that only the server knows is no reason to leave.
    let mut pty = Pty::start(&["--demo", "certificates", "-A"], (120, 24));
    pty.shows("certificates(all)").send("q");
    assert_eq!(pty.end(), 0);
}

#[test]
fn signals_end_it_with_their_code() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let mut pty = Pty::demo();
        assert_eq!(pty.signal(signal).end(), code, "{signal}");
        pty.is_restored();
    }
}

#[test]
fn a_prompt_is_cleared_away_too() {
    let mut pty = Pty::demo();
    pty.send("/");
    assert!(pty.until(|screen| !screen.hide_cursor()));
    pty.send("shop").shows("/shop").signal("TERM");
    assert_eq!(pty.end(), 143);
    pty.is_restored();
}

#[test]
fn keys_that_come_before_the_first_frame_count() {
    let mut pty = Pty::start(&["--demo"], (80, 24));
    // In raw mode, so that the terminal itself does not show the key.
    assert!(pty.until(vt100::Screen::alternate_screen));
    pty.send(":q\r");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}

#[test]
fn pasted_text_runs_nothing() {
    let mut pty = Pty::demo();
    pty.send("\x1b[200~q\n:quit\r\x1b[201~").send("G").shows("search-");
    assert_eq!(pty.child.try_wait().unwrap().map(|status| status.exit_code()), None);
    pty.send(":\x1b[200~quit\r\x1b[201~").shows(":quit").send("\x1b");
    assert!(pty.until(|screen| !screen.contents().contains(":quit")));
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}

/// A closed window.
#[test]
fn when_the_terminal_goes_it_ends() {
    let home = tempfile::tempdir().unwrap();
    let pair = native_pty_system().openpty(cells(80, 24)).unwrap();
    let mut child = pair.slave.spawn_command(command(&["--demo"], &home)).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let (mut seen, mut buffer) = (Vec::new(), vec![0; 1 << 14]);
    while !String::from_utf8_lossy(&seen).contains("pods(") {
        let length = reader.read(&mut buffer).unwrap();
        seen.extend_from_slice(&buffer[..length]);
    }
    drop(reader);
    drop(pair.master);
    let closed = Instant::now();
    while child.try_wait().unwrap().is_none() && closed.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(5));
    }
    let took = closed.elapsed();
    // Nothing is to be left running when the test fails.
    let _ = child.kill();
    assert_eq!(child.wait().unwrap().exit_code(), 129);
    assert!(took < Duration::from_secs(1), "it took {took:?}");
}
