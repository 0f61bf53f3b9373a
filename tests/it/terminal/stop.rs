//! Ctrl-Z and `fg`.

use super::pty::{PATIENCE, Pty};
use std::time::{Duration, Instant};

/// Waits until the process is stopped.
#[track_caller]
fn stops(pty: &mut Pty) {
    let end = Instant::now() + PATIENCE;
    while pty.state() != 'T' {
        assert!(Instant::now() < end, "it does not stop; its state is {}", pty.state());
        pty.wait(Duration::from_millis(10));
    }
    pty.wait(Duration::from_millis(100));
}

fn stops_and_goes_on(pty: &mut Pty) {
    stops(pty);
    pty.looks_restored();
    pty.signal("CONT");
    assert!(pty.until(|screen| screen.alternate_screen() && screen.bracketed_paste()));
    // The new screen is empty: every cell has to be drawn again.
    pty.shows("pods(all)").shows("cert-manager-cainjector").shows("/ filter");
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_everything_is_drawn_again() {
    let mut pty = Pty::demo();
    for _ in 0..2 {
        pty.send("\x1a");
        stops_and_goes_on(&mut pty);
    }
    pty.send("G").shows("search-").send("q");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}

#[test]
fn the_stop_of_a_shell_does_the_same() {
    let mut pty = Pty::demo();
    pty.signal("TSTP");
    stops_and_goes_on(&mut pty);
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}

#[test]
fn a_stop_that_nobody_can_see_coming_is_mended() {
    let mut pty = Pty::demo();
    pty.signal("STOP");
    stops(&mut pty);
    pty.signal("CONT").wait(Duration::from_millis(50));
    pty.send("G").shows("search-").send("q");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}
