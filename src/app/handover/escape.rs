//! The way out of a session that no longer answers: Enter, `~`, `.`, as in ssh.

/// Watches what is typed for the way out.
#[derive(Debug)]
pub struct Escape {
    at_line_start: bool,
    tilde: bool,
}

impl Default for Escape {
    /// A session begins at the start of a line.
    fn default() -> Self {
        Self { at_line_start: true, tilde: false }
    }
}

impl Escape {
    /// Adds to `out` what of `typed` is meant for the remote side; tells whether the user wants out. A `~` at the start
    /// of a line waits for what follows; two are one.
    pub fn pass(&mut self, typed: &[u8], out: &mut Vec<u8>) -> bool {
        for &byte in typed {
            match (std::mem::take(&mut self.tilde), byte) {
                (true, b'.') => return true,
                (true, b'~') => out.push(b'~'),
                (true, _) => out.extend([b'~', byte]),
                (false, b'~') if self.at_line_start => self.tilde = true,
                (false, _) => out.push(byte),
            }
            self.at_line_start = matches!(byte, b'\r' | b'\n');
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is passed on when these are typed one after the other, and whether it ended there.
    fn typed(pieces: &[&str]) -> (String, bool) {
        let (mut escape, mut out) = (Escape::default(), Vec::new());
        let left = pieces.iter().any(|piece| escape.pass(piece.as_bytes(), &mut out));
        (String::from_utf8(out).unwrap(), left)
    }

    #[test]
    fn a_tilde_and_a_dot_at_the_start_of_a_line_lead_out() {
        for way in [&["~."][..], &["~", "."], &["ls\r~."], &["ls\r", "~", ".", "x"], &["~x\r~."], &["~~\r~."]] {
            assert!(typed(way).1, "{way:?}");
        }
        assert_eq!(typed(&["ls\r~.rm"]), ("ls\r".into(), true));
    }

    #[test]
    fn everything_else_is_passed_on_as_it_is() {
        for text in ["cd ~.", "~/x\r", "x~.", "a\r ~.", "\u{1b}[A~."] {
            assert_eq!(typed(&[text]), (text.into(), false));
        }
        assert_eq!(typed(&["~~."]), ("~.".into(), false));
        assert_eq!(typed(&["~", "\r", "~~x"]), ("~\r~x".into(), false));
        assert_eq!(typed(&["~"]), (String::new(), false));
    }
}
