//! The terminal itself, read and written without waiting: a terminal that takes nothing must not keep keys from being
//! read, and reading must stop at once when the session is over.

use rustix::fs::OFlags;
use rustix::termios::ttyname;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use tokio::io::unix::AsyncFd;

/// The terminal on standard input, opened once more: what is set on this file does not concern the others.
pub struct Tty(AsyncFd<File>);

impl Tty {
    /// Opens it. It does not become the controlling terminal.
    ///
    /// # Errors
    /// When standard input is no terminal, or it may not be opened.
    pub fn open() -> io::Result<Self> {
        let name = ttyname(io::stdin(), Vec::new())?;
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
        let path = OsStr::from_bytes(name.as_bytes());
        let file = OpenOptions::new().read(true).write(true).custom_flags(flags).open(path)?;
        // What replaces this function is `unsafe`, because a descriptor might be closed meanwhile; a file of ours is not.
        #[expect(deprecated)]
        AsyncFd::new(file).map(Self)
    }

    /// Reads what was typed; 0 bytes are its end. May be given up without losing a key.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let mut guard = self.0.readable().await?;
            if let Ok(read) = guard.try_io(|tty| tty.get_ref().read(buffer)) {
                return read;
            }
        }
    }

    /// Writes as much as there is room for. May be given up; nothing is then written.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub async fn write(&self, text: &[u8]) -> io::Result<usize> {
        loop {
            let mut guard = self.0.writable().await?;
            if let Ok(written) = guard.try_io(|tty| tty.get_ref().write(text)) {
                return written;
            }
        }
    }
}
