//! `Pty`: the real binary in a pseudo-terminal, with what it draws.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vt100::{MouseProtocolMode, Parser, Screen};

/// The binary.
pub const RUTTER: &str = env!("CARGO_BIN_EXE_rutter");
/// How long anything may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// `O_NOCTTY`: looking at a terminal must not make it ours.
const NO_CONTROL: i32 = if cfg!(target_os = "linux") { 0o400 } else { 0x2_0000 };

/// A running rutter and its terminal.
pub struct Pty {
    pub child: Box<dyn Child + Send + Sync>,
    pub master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    parser: Parser,
    /// Settings of the terminal before rutter ran.
    before: String,
    /// Bytes that came out of it.
    pub bytes: usize,
    _home: TempDir,
}

/// An environment of its own: no files of the user, all colours.
pub fn command(arguments: &[&str], home: &TempDir) -> CommandBuilder {
    let mut command = CommandBuilder::new(RUTTER);
    command.args(arguments);
    command.env("HOME", home.path());
    command.env("RUTTER_CONFIG_DIR", home.path());
    command.env("TERM", "xterm-256color");
    command.env("COLORTERM", "truecolor");
    for name in ["KUBECONFIG", "NO_COLOR", "DISPLAY", "WAYLAND_DISPLAY", "KUBERNETES_SERVICE_HOST"] {
        command.env_remove(name);
    }
    command
}

/// A size in cells.
pub fn cells(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Pty {
    /// Starts `rutter ARGUMENTS` in a terminal of this size.
    pub fn start(arguments: &[&str], size: (u16, u16)) -> Self {
        Self::start_in(arguments, size, &[])
    }

    /// The same with more in its environment.
    pub fn start_in(arguments: &[&str], (cols, rows): (u16, u16), environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let pair = native_pty_system().openpty(cells(cols, rows)).unwrap();
        let before = settings(&*pair.master);
        let mut command = command(arguments, &home);
        for (name, value) in environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        let writer = pair.master.take_writer().unwrap();
        let output = listen(pair.master.try_clone_reader().unwrap());
        let mut parser = screen_of(cols, rows);
        parser.process(b"$ rutter\r\n");
        // The other end stays open only in the program: its end is seen.
        drop(pair.slave);
        Self { child, master: pair.master, writer, output, parser, before, bytes: 0, _home: home }
    }

    /// The demo, when its first list is there as a whole.
    pub fn demo() -> Self {
        let mut pty = Self::start(&["--demo", "pods", "-A"], (100, 30));
        pty.shows("cert-manager-cainjector").shows(" live");
        pty
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    pub fn pid(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> &mut Self {
        let seen = self.until(|screen| screen.contents().contains(text));
        assert!(seen, "`{text}` does not come:\n{}", self.screen().contents());
        self
    }

    /// Waits until the screen is as wished.
    pub fn until(&mut self, wished: impl Fn(&Screen) -> bool) -> bool {
        let end = Instant::now() + PATIENCE;
        while !wished(self.parser.screen()) {
            // A flood never lets it wait.
            if Instant::now() >= end || !self.next(end) {
                return false;
            }
        }
        true
    }

    /// Lets time pass; the screen follows.
    pub fn wait(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && self.next(end) {}
        thread::sleep(end.saturating_duration_since(Instant::now()));
    }

    /// Takes the next bytes if some come before `end`.
    fn next(&mut self, end: Instant) -> bool {
        match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(bytes) => {
                self.bytes += bytes.len();
                self.parser.process(&bytes);
                true
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) -> &mut Self {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
        self
    }

    /// Sends a signal by its name.
    pub fn signal(&mut self, name: &str) -> &mut Self {
        assert!(Command::new("kill").args(["-s", name, &self.pid().to_string()]).status().unwrap().success());
        self
    }

    /// Sends a signal to all that runs in the terminal, as a shell's `fg` does.
    pub fn signal_all(&mut self, name: &str) -> &mut Self {
        let group = format!("-{}", self.pid());
        assert!(Command::new("kill").args(["-s", name, "--", &group]).status().unwrap().success());
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, cols: u16, rows: u16) -> &mut Self {
        self.master.resize(cells(cols, rows)).unwrap();
        let (rows, cols) = screen_of(cols, rows).screen().size();
        self.parser.screen_mut().set_size(rows, cols);
        self
    }

    /// Waits for its end; the exit code.
    #[track_caller]
    pub fn end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                while self.next(Instant::now() + Duration::from_millis(100)) {}
                return status.exit_code();
            }
            assert!(Instant::now() < end, "it does not end:\n{}", self.screen().contents());
            self.next(Instant::now() + Duration::from_millis(5));
        }
    }

    /// Fails unless the terminal is exactly as before: its settings, its screen, its cursor.
    #[track_caller]
    pub fn is_restored(&self) {
        assert_eq!(settings(&*self.master), self.before);
        self.looks_restored();
        assert_eq!(self.screen().contents().trim(), "$ rutter");
    }

    /// Fails unless the terminal is out of all modes that rutter turns on.
    #[track_caller]
    pub fn looks_restored(&self) {
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is still there");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "pasted text is still bracketed");
        assert_eq!(screen.mouse_protocol_mode(), MouseProtocolMode::None);
        assert_eq!(settings(&*self.master), self.before);
    }

    /// The state of the process, as in `/proc/PID/stat`: `S`, `T` …
    pub fn state(&self) -> char {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid())).unwrap_or_default();
        stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next()).unwrap_or('?')
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An emulation of a terminal of this size; it cannot be as small as a real one.
fn screen_of(cols: u16, rows: u16) -> Parser {
    Parser::new(rows.max(5), cols.max(20), 0)
}

/// What a terminal writes, read in the background.
fn listen(mut reader: Box<dyn Read + Send>) -> Receiver<Vec<u8>> {
    let (out, output) = channel();
    thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(length @ 1..) = reader.read(&mut buffer) {
            if out.send(buffer[..length].to_vec()).is_err() {
                return;
            }
        }
    });
    output
}

/// The settings of a terminal, as `stty -a` tells them.
fn settings(master: &dyn MasterPty) -> String {
    let name = master.tty_name().expect("the terminal has a name");
    let terminal = OpenOptions::new().read(true).write(true).custom_flags(NO_CONTROL).open(name).unwrap();
    let output = Command::new("stty").arg("-a").stdin(Stdio::from(terminal)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // The first line tells the size, which tests change.
    text.split_once(';').and_then(|(_, rest)| rest.split_once("intr")).unwrap().1.to_owned()
}
