//! Moves bytes between the terminal and a session. Nothing is read before what came last has found room, so that a slow
//! side slows the other one down; keys are read all the same, for the way out.

use super::escape::Escape;
use super::tty::Tty;
use crate::cluster::exec::{Call, Ended, Session, Size};
use crate::ui::terminal;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Bytes that are read at once.
const PIECE: usize = 1 << 14;
/// Typed bytes that may wait for a remote side that takes none; a large paste must not hide the way out.
const TYPED: usize = 1 << 20;

/// How a session came to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum Over {
    /// By itself.
    Ended(Ended),
    /// The user left it.
    Left,
}

/// A session on the terminal.
pub struct Relay<'a> {
    tty: &'a Tty,
    session: &'a mut Session,
    keyboard: Keyboard,
    screen: Screen,
    /// Whether the way out was typed before anything came.
    left: bool,
}

/// From the keys to the remote side.
struct Keyboard {
    escape: Escape,
    /// Whether keys still come.
    open: bool,
    /// Whether the remote side takes any.
    wanted: bool,
    typed: Vec<u8>,
    buffer: Vec<u8>,
}

/// From the remote side to the screen.
struct Screen {
    out_open: bool,
    out: Vec<u8>,
    err_open: bool,
    err: Vec<u8>,
    waiting: Vec<u8>,
}

/// What moved, in bytes.
enum Moved {
    Typed(usize),
    Sent(io::Result<usize>),
    Out(usize),
    Err(usize),
    Shown(usize),
    Ended(Ended),
}

impl<'a> Relay<'a> {
    /// A session on `tty`. What was typed before it began is for it as well.
    pub fn new(tty: &'a Tty, session: &'a mut Session, (call, typed): (&Call, &[u8])) -> Self {
        let mut keyboard = Keyboard {
            escape: Escape::default(),
            open: true,
            wanted: call.stdin,
            typed: Vec::new(),
            buffer: vec![0; PIECE],
        };
        let left = keyboard.pass(typed);
        let (out, err) = (vec![0; PIECE], vec![0; PIECE]);
        Self {
            tty,
            session,
            keyboard,
            screen: Screen { out_open: true, out, err_open: true, err, waiting: Vec::new() },
            left,
        }
    }

    /// Tells the remote side how large the terminal is.
    pub fn resize(&self) {
        let area = terminal::size();
        self.session.size.send_replace(Some(Size { width: area.width, height: area.height }));
    }

    /// Waits until something can be moved, and moves it; how it ended, once it has. May be given up at any moment.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn turn(&mut self) -> io::Result<Option<Over>> {
        if self.left {
            return Ok(Some(Over::Left));
        }
        match self.moved().await? {
            Moved::Typed(0) => self.keyboard.open = false,
            Moved::Typed(length) => {
                if self.keyboard.take(length) {
                    return Ok(Some(Over::Left));
                }
            }
            Moved::Sent(Ok(length)) => drop(self.keyboard.typed.drain(..length)),
            // The command takes no more; its end is on its way.
            Moved::Sent(Err(_)) => self.keyboard.refuse(),
            Moved::Out(length) => self.screen.take_out(length),
            Moved::Err(length) => self.screen.take_err(length),
            Moved::Shown(length) => drop(self.screen.waiting.drain(..length)),
            Moved::Ended(ended) => return Ok(Some(Over::Ended(ended))),
        }
        if self.keyboard.is_over() {
            // A session that has ended needs no end of input.
            let _ = self.session.stdin.shutdown().await;
        }
        Ok(None)
    }

    async fn moved(&mut self) -> io::Result<Moved> {
        let Self { tty, session, keyboard, screen, .. } = self;
        let Session { stdin, stdout, stderr, end, .. } = &mut **session;
        let idle = screen.waiting.is_empty();
        let over = idle && !screen.out_open && !screen.err_open;
        tokio::select! {
            read = tty.read(&mut keyboard.buffer), if keyboard.open && keyboard.typed.len() < TYPED => read.map(Moved::Typed),
            sent = stdin.write(&keyboard.typed), if !keyboard.typed.is_empty() => Ok(Moved::Sent(sent)),
            shown = tty.write(&screen.waiting), if !idle => shown.map(Moved::Shown),
            // A pipe that fails has ended.
            read = stdout.read(&mut screen.out), if idle && screen.out_open => Ok(Moved::Out(read.unwrap_or_default())),
            read = stderr.read(&mut screen.err), if idle && screen.err_open => Ok(Moved::Err(read.unwrap_or_default())),
            ended = end.wait(), if over => Ok(Moved::Ended(ended)),
        }
    }
}

impl Keyboard {
    /// Takes over what was read; tells whether the user wants out.
    fn take(&mut self, length: usize) -> bool {
        let buffer = std::mem::take(&mut self.buffer);
        let left = self.pass(buffer.get(..length).unwrap_or_default());
        self.buffer = buffer;
        left
    }

    fn pass(&mut self, typed: &[u8]) -> bool {
        let left = self.escape.pass(typed, &mut self.typed);
        if !self.wanted {
            self.typed.clear();
        }
        left
    }

    /// Sends nothing any more.
    fn refuse(&mut self) {
        self.wanted = false;
        self.typed.clear();
    }

    /// Whether the end of the input is to be told; true once.
    fn is_over(&mut self) -> bool {
        let over = self.wanted && !self.open && self.typed.is_empty();
        self.wanted &= !over;
        over
    }
}

impl Screen {
    fn take_out(&mut self, length: usize) {
        self.out_open = length > 0;
        self.waiting.extend_from_slice(self.out.get(..length).unwrap_or_default());
    }

    fn take_err(&mut self, length: usize) {
        self.err_open = length > 0;
        self.waiting.extend_from_slice(self.err.get(..length).unwrap_or_default());
    }
}
