//! The terminal between client and program: it echoes, edits the line, and turns keys into the end of input.

use super::io::{Gone, Io};

/// A line that was typed, or why there is none.
#[derive(Debug, PartialEq)]
pub enum Line {
    /// A line, without its end.
    Whole(String),
    /// Nothing comes any more.
    End,
}

/// Reads a line. With a terminal it echoes what is typed, and takes the last character back on request.
///
/// # Errors
/// When the client has gone.
pub async fn line(io: &mut Io) -> Result<Line, Gone> {
    let mut typed: Vec<u8> = Vec::new();
    loop {
        let Some(byte) = io.byte().await else {
            return Ok(if typed.is_empty() { Line::End } else { Line::Whole(lossy(&typed)) });
        };
        match byte {
            b'\r' | b'\n' => {
                if io.tty {
                    io.say("\n").await?;
                }
                return Ok(Line::Whole(lossy(&typed)));
            }
            0x04 if io.tty && typed.is_empty() => return Ok(Line::End),
            0x7f | 0x08 if io.tty => {
                if typed.pop().is_some() {
                    io.say("\x08 \x08").await?;
                }
            }
            0x1b if io.tty => skip_sequence(io).await,
            byte => {
                typed.push(byte);
                if io.tty {
                    io.say([byte]).await?;
                }
            }
        }
    }
}

/// Takes the rest of an arrow or function key away.
async fn skip_sequence(io: &mut Io) {
    if io.byte().await == Some(b'[') {
        while io.byte().await.is_some_and(|byte| !(0x40..=0x7e).contains(&byte)) {}
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
