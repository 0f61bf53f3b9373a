//! Windows that change their size.

use super::pty::Pty;
use std::time::Duration;

#[test]
fn a_storm_of_sizes_ends_in_the_right_one() {
    let mut pty = Pty::demo();
    for round in 0..60_u16 {
        pty.resize(1 + round * 37 % 150, 1 + round * 17 % 50);
        if round % 10 == 0 {
            pty.wait(Duration::from_millis(20));
        }
    }
    pty.resize(90, 20).send("\x0c");
    let whole = pty.until(|screen| {
        let lines: Vec<String> = screen.rows(0, 90).collect();
        lines.len() == 20
            && lines[0].contains("all namespaces")
            && lines[19].contains("filter")
            && lines[2].contains("NAME")
    });
    assert!(whole, "{}", pty.screen().contents());
    pty.send("q");
    assert_eq!(pty.end(), 0);
    pty.is_restored();
}

#[test]
fn a_terminal_without_a_size_is_survived() {
    let mut pty = Pty::start(&["--demo", "pods", "-A"], (0, 0));
    pty.resize(0, 0).wait(Duration::from_millis(300));
    assert_eq!(pty.child.try_wait().unwrap().map(|status| status.exit_code()), None);
    pty.resize(80, 24).shows("cert-manager-cainjector").resize(0, 0).wait(Duration::from_millis(200));
    pty.send("j").resize(1, 1).wait(Duration::from_millis(200));
    pty.resize(80, 24).send("\x0c").shows("cert-manager-webhook").send("q");
    assert_eq!(pty.end(), 0);
}
