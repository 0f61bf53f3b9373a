//! The terminal in other hands: shells and commands in containers, and what they leave behind.

use super::pty::Pty;
use std::time::Duration;
use vt100::MouseProtocolMode;

/// A shell in the first pod of the demo's shop.
fn shell() -> Pty {
    let mut pty = Pty::start(&["--demo", "pods", "-n", "shop"], (100, 30));
    pty.shows(" live").shows("cart-").send("/cart-\r").send("x").shows("rutter: shell in shop/cart-").shows("# ");
    pty
}

/// Back in rutter, with its screen as it was, and every mode as rutter wants it.
#[track_caller]
fn is_back(pty: &mut Pty, said: &str) {
    pty.shows(said);
    let screen = pty.screen();
    assert!(screen.alternate_screen() && screen.hide_cursor() && screen.bracketed_paste(), "{}", screen.contents());
    assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::AnyMotion);
    assert!(!screen.application_cursor() && !screen.application_keypad());
    assert!(screen.contents().contains("pods(shop)"), "{}", screen.contents());
}

/// Ends the program; the terminal is as before it began.
#[track_caller]
fn leaves(mut pty: Pty) {
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.looks_restored();
}

#[test]
fn a_shell_has_the_terminal_until_it_ends() {
    let mut pty = shell();
    assert!(!pty.screen().alternate_screen() && !pty.screen().hide_cursor());
    assert_eq!(pty.screen().mouse_protocol_mode(), MouseProtocolMode::None);
    pty.send("echo one$HOME\r").shows("one/root").send("exit 3\r");
    is_back(&mut pty, "ended: exited 3");
    // The first key afterwards is rutter's.
    pty.send("?").shows("keys of this screen").send("\x1b");
    assert!(pty.until(|screen| !screen.contents().contains("keys of this screen")));
    leaves(pty);
}

#[test]
fn keys_typed_ahead_are_for_the_shell() {
    let mut pty = Pty::start(&["--demo", "pods", "-n", "shop"], (100, 30));
    pty.shows(" live").shows("cart-").send("/cart-\r").send("xecho tw\"\"o\r").shows("\ntwo").send("exit\r");
    is_back(&mut pty, "ended");
    pty.send("x~.");
    is_back(&mut pty, ": left");
    leaves(pty);
}

/// Alternate screen, mouse, paste, keypad, line drawing, hidden cursor, colours.
#[test]
fn whatever_a_program_leaves_behind_is_undone() {
    let mut pty = shell();
    pty.send("mess\r").shows("mess");
    assert!(pty.until(|screen| screen.mouse_protocol_mode() != MouseProtocolMode::None && screen.alternate_screen()));
    pty.send("\x04");
    is_back(&mut pty, "ended");
    leaves(pty);
}

#[test]
fn the_way_out_always_leads_out() {
    let mut pty = shell();
    // A program that takes no input, and one that floods the terminal.
    for program in ["sleep 1000\r", "yes\r"] {
        pty.send(program).wait(Duration::from_millis(300));
        pty.send("\r~.");
        is_back(&mut pty, ": left");
        pty.send("x").shows("# ");
    }
    pty.send("yes\r").wait(Duration::from_millis(300));
    pty.send("\x03").shows("^C").send("exit\r");
    is_back(&mut pty, "ended");
    leaves(pty);
}

#[test]
fn the_shell_is_told_how_large_the_terminal_is() {
    let mut pty = shell();
    pty.send("size\r").shows("30 100");
    for width in 60..90 {
        pty.resize(width, 20);
    }
    pty.resize(72, 21).wait(Duration::from_millis(200));
    pty.send("size\r").shows("21 72").send("exit\r");
    is_back(&mut pty, "ended");
    assert!(pty.until(|screen| screen.contents().lines().count() == 21));
    leaves(pty);
}

#[test]
fn it_stops_and_goes_on_in_a_shell() {
    let mut pty = shell();
    pty.signal("TSTP");
    while pty.state() != 'T' {
        pty.wait(Duration::from_millis(5));
    }
    pty.looks_restored();
    pty.signal("CONT").send("echo again$HOME\r").shows("again/root").send("exit\r");
    is_back(&mut pty, "ended");
    leaves(pty);
}

#[test]
fn a_signal_ends_it_in_a_shell_too() {
    for (signal, code) in [("TERM", 143), ("HUP", 129)] {
        let mut pty = shell();
        pty.send("mess\r").shows("mess").signal(signal);
        assert_eq!(pty.end(), code);
        pty.looks_restored();
    }
}

#[test]
fn what_has_no_shell_says_so() {
    let mut pty = Pty::start(&["--demo", "pods", "-n", "cert-manager"], (100, 30));
    pty.shows(" live").shows("cainjector").send("x").shows("no shell in this image").shows(":debug");
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.looks_restored();
}

#[test]
fn a_command_runs_and_tells_its_code() {
    let mut pty = Pty::start(&["--demo", "deploy", "-n", "shop"], (100, 30));
    pty.shows(" live").shows("cart").send("/cart\r").send(":exec sh -c \"exit 7\"\r").shows("ended: exited 7");
    pty.send(":exec\r").shows("command").send("env\r").shows("env in shop/cart-").shows("ended");
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.looks_restored();
}

/// A container without stdin: it can be watched, and ctrl-c leaves it.
#[test]
fn what_cannot_be_typed_into_is_watched() {
    let mut pty = shell();
    pty.send("exit\r").shows("ended").send("a").shows("attached to shop/cart-").shows("nothing can be typed");
    pty.shows("ctrl-c leaves it").send("\x03");
    is_back(&mut pty, ": left");
    leaves(pty);
}
