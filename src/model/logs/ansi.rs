//! Colours that programs write into their logs: SGR sequences become plain attributes, everything else that a
//! terminal would obey is made visible. Meant for the lines on screen, not for all of them.

use crate::text::SafeText;
use std::borrow::Cow;

/// The longest sequence that is understood; a longer one is shown as text.
const LONGEST: usize = 64;

/// A colour as a program asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// One of the terminal's 256 colours; the first 16 are the named ones.
    Index(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// What a program asked for, as plain data; `ui` turns it into a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sgr {
    /// Colour of the text.
    pub text: Option<Colour>,
    /// Colour behind it.
    pub ground: Option<Colour>,
    /// A set of `BOLD`, `DIM`, `ITALIC`, `UNDERLINE`, `BLINK`, `REVERSE`, `HIDDEN`, `STRUCK`.
    pub marks: u8,
}

impl Sgr {
    /// Bold (SGR 1).
    pub const BOLD: u8 = 1;
    /// Dim (SGR 2).
    pub const DIM: u8 = 1 << 1;
    /// Italic (SGR 3).
    pub const ITALIC: u8 = 1 << 2;
    /// Underlined (SGR 4).
    pub const UNDERLINE: u8 = 1 << 3;
    /// Blinking (SGR 5); better not shown so.
    pub const BLINK: u8 = 1 << 4;
    /// Text and ground exchanged (SGR 7).
    pub const REVERSE: u8 = 1 << 5;
    /// Invisible (SGR 8); better not shown so, a log must not hide anything.
    pub const HIDDEN: u8 = 1 << 6;
    /// Struck through (SGR 9).
    pub const STRUCK: u8 = 1 << 7;

    /// Whether all of `marks` are set.
    pub const fn has(self, marks: u8) -> bool {
        self.marks & marks == marks
    }
}

/// Text of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run<'a> {
    /// The text, safe to paint; invalid UTF-8 is U+FFFD.
    pub text: SafeText<'a>,
    /// How it looks.
    pub sgr: Sgr,
}

/// The runs of a line. Each line starts plain; one carriage return at its end is not shown. Lazy: a reader who
/// has filled the screen's width stops there.
pub fn runs(line: &[u8]) -> Runs<'_> {
    Runs { rest: line.strip_suffix(b"\r").unwrap_or(line), sgr: Sgr::default() }
}

/// The bytes of a line without colour sequences: what there is to read and to search.
pub fn visible(line: &[u8]) -> Cow<'_, [u8]> {
    let mut pieces = Pieces { rest: line };
    match (pieces.next(), pieces.rest.is_empty()) {
        (Some(Piece::Text(text)), true) => Cow::Borrowed(text),
        (first, _) => Cow::Owned(first.into_iter().chain(pieces).fold(Vec::new(), |mut out, piece| {
            if let Piece::Text(text) = piece {
                out.extend_from_slice(text);
            }
            out
        })),
    }
}

/// Iterator over the runs of a line.
#[derive(Debug, Clone)]
pub struct Runs<'a> {
    rest: &'a [u8],
    sgr: Sgr,
}

impl<'a> Iterator for Runs<'a> {
    type Item = Run<'a>;

    fn next(&mut self) -> Option<Run<'a>> {
        loop {
            let mut pieces = Pieces { rest: self.rest };
            let piece = pieces.next()?;
            self.rest = pieces.rest;
            match piece {
                Piece::Text(text) => return Some(Run { text: shown(text), sgr: self.sgr }),
                Piece::Sgr(params) => apply(&mut self.sgr, params),
            }
        }
    }
}

/// Bytes as text that is safe to paint.
fn shown(bytes: &[u8]) -> SafeText<'_> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => SafeText::new(text),
        Cow::Owned(text) => SafeText::from(text),
    }
}

/// A part of a line: text, or the parameters of an SGR sequence.
enum Piece<'a> {
    Text(&'a [u8]),
    Sgr(&'a [u8]),
}

struct Pieces<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some((params, after)) = sequence(self.rest) {
            self.rest = after;
            return Some(Piece::Sgr(params));
        }
        let starts = |at: &usize| self.rest.get(*at..).and_then(sequence).is_some();
        let end = memchr::memchr_iter(b'\x1b', self.rest).find(starts).unwrap_or(self.rest.len());
        let (text, after) = self.rest.split_at_checked(end)?;
        self.rest = after;
        Some(Piece::Text(text))
    }
}

/// The parameters of the SGR sequence (`ESC [ … m`) with which `bytes` start, and what follows it.
fn sequence(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = bytes.strip_prefix(b"\x1b[")?;
    let end = inner.iter().take(LONGEST).position(|b| !matches!(b, b'0'..=b'9' | b';' | b':'))?;
    let (params, after) = inner.split_at_checked(end)?;
    Some((params, after.strip_prefix(b"m")?))
}

/// Applies the parameters of a sequence.
fn apply(sgr: &mut Sgr, params: &[u8]) {
    let mut groups = params.split(|b| *b == b';');
    while let Some(group) = groups.next() {
        let mut parts = group.split(|b| *b == b':').map(number);
        let code = parts.next().flatten().unwrap_or(0);
        match code {
            38 | 48 => {
                let colour = if group.contains(&b':') {
                    colour_of_parts(&parts.collect::<Vec<_>>())
                } else {
                    colour_of_groups(&mut groups)
                };
                *(if code == 38 { &mut sgr.text } else { &mut sgr.ground }) = colour;
            }
            4 if parts.next() == Some(Some(0)) => sgr.marks &= !Sgr::UNDERLINE,
            code => apply_simple(sgr, code),
        }
    }
}

/// Applies a parameter that stands by itself; unknown ones change nothing.
fn apply_simple(sgr: &mut Sgr, code: u16) {
    let low = |from: u16| u8::try_from(code.saturating_sub(from)).ok().map(Colour::Index);
    match code {
        0 => *sgr = Sgr::default(),
        1..=5 => sgr.marks |= 1 << (code - 1),
        6 => sgr.marks |= Sgr::BLINK,
        7..=9 => sgr.marks |= 1 << (code - 2),
        21 => sgr.marks |= Sgr::UNDERLINE,
        22 => sgr.marks &= !(Sgr::BOLD | Sgr::DIM),
        23..=25 => sgr.marks &= !(1 << (code - 21)),
        27..=29 => sgr.marks &= !(1 << (code - 22)),
        30..=37 => sgr.text = low(30),
        39 => sgr.text = None,
        40..=47 => sgr.ground = low(40),
        49 => sgr.ground = None,
        90..=97 => sgr.text = low(90 - 8),
        100..=107 => sgr.ground = low(100 - 8),
        _ => {}
    }
}

/// A colour as `38;5;n` or `38;2;r;g;b` gives it: in the parameters that follow.
fn colour_of_groups<'a>(groups: &mut impl Iterator<Item = &'a [u8]>) -> Option<Colour> {
    let mut byte = || u8::try_from(groups.next().and_then(number).unwrap_or(0)).ok();
    match byte()? {
        5 => byte().map(Colour::Index),
        2 => {
            let (red, green, blue) = (byte(), byte(), byte());
            Some(Colour::Rgb(red?, green?, blue?))
        }
        _ => None,
    }
}

/// A colour as `38:5:n`, `38:2:r:g:b` or `38:2:space:r:g:b` gives it: in parts of one parameter.
fn colour_of_parts(parts: &[Option<u16>]) -> Option<Colour> {
    let byte = |part: &Option<u16>| u8::try_from(part.unwrap_or(0)).ok();
    match parts {
        [Some(5), index, ..] => byte(index).map(Colour::Index),
        [Some(2), red, green, blue] | [Some(2), _, red, green, blue, ..] => {
            Some(Colour::Rgb(byte(red)?, byte(green)?, byte(blue)?))
        }
        _ => None,
    }
}

/// A decimal number; none for no digits or too many.
fn number(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(line: &[u8]) -> Vec<(String, Sgr)> {
        runs(line).map(|run| (run.text.as_str().to_owned(), run.sgr)).collect()
    }

    fn sgr_of(params: &str) -> Sgr {
        texts(format!("\x1b[{params}mx").as_bytes()).pop().unwrap().1
    }

    #[test]
    fn colours_and_marks_become_data() {
        let plain = Sgr::default();
        let red = Sgr { text: Some(Colour::Index(1)), marks: Sgr::BOLD, ..plain };
        assert_eq!(texts(b"a\x1b[1;31mb\x1b[mc"), [("a".into(), plain), ("b".into(), red), ("c".into(), plain)]);
        assert_eq!(sgr_of("38;5;208").text, Some(Colour::Index(208)));
        assert_eq!(sgr_of("48;2;1;2;3;4"), Sgr { ground: Some(Colour::Rgb(1, 2, 3)), marks: Sgr::UNDERLINE, ..plain });
        assert_eq!(sgr_of("38:2::1:2:3").text, Some(Colour::Rgb(1, 2, 3)));
        assert_eq!(sgr_of("38:2:1:2:3").text, Some(Colour::Rgb(1, 2, 3)));
        assert_eq!(sgr_of("38:5:9;7"), Sgr { text: Some(Colour::Index(9)), marks: Sgr::REVERSE, ..plain });
        assert_eq!(sgr_of("97;107"), Sgr { text: Some(Colour::Index(15)), ground: Some(Colour::Index(15)), marks: 0 });
        assert_eq!(sgr_of("31;41;1;39;49;22"), plain);
        assert_eq!(sgr_of("4:3").marks, Sgr::UNDERLINE);
        assert_eq!(sgr_of("4;4:0"), plain);
        assert_eq!(sgr_of("38;2;300;0;0;1").marks, Sgr::BOLD, "a wrong colour takes its own parameters only");
    }

    #[test]
    fn each_mark_has_its_number_and_its_end() {
        let marks = [
            ("1", "22", Sgr::BOLD),
            ("2", "22", Sgr::DIM),
            ("3", "23", Sgr::ITALIC),
            ("4", "24", Sgr::UNDERLINE),
            ("5", "25", Sgr::BLINK),
            ("7", "27", Sgr::REVERSE),
            ("8", "28", Sgr::HIDDEN),
            ("9", "29", Sgr::STRUCK),
        ];
        for (on, off, mark) in marks {
            assert_eq!(sgr_of(on).marks, mark, "{on}");
            assert_eq!(sgr_of(&format!("{on};{off}")).marks, 0, "{off}");
        }
    }

    #[test]
    fn everything_else_is_shown_and_does_nothing() {
        let line = b"\x1b]52;c;aGk=\x07\x1b[2K\x1b[?25l\xc2\x9b1m\xff\0\x1b[31";
        let expected = "^[]52;c;aGk=\u{fffd}^[[2K^[[?25l\u{fffd}1m\u{fffd}\u{fffd}^[[31";
        assert_eq!(texts(line), [(expected.to_owned(), Sgr::default())]);
    }

    #[test]
    fn a_carriage_return_is_hidden_only_at_the_end() {
        assert_eq!(texts(b"10%\r20%\r")[0].0, "10%\\r20%");
    }

    #[test]
    fn what_is_visible_has_no_colours() {
        assert_eq!(&*visible(b"\x1b[1mer\x1b[31mror\x1b[0m \x1b[2K"), b"error \x1b[2K");
        assert!(matches!(visible(b"plain"), Cow::Borrowed(b"plain")));
    }

    #[test]
    fn sequences_without_end_take_linear_time() {
        let line = b"\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1".repeat(10_000);
        assert_eq!(runs(&line).count(), 1);
    }

    proptest! {
        #[test]
        fn any_bytes_are_harmless(line in proptest::collection::vec(any::<u8>(), 0..200)) {
            for run in runs(&line) {
                prop_assert!(!run.text.as_str().chars().any(char::is_control));
            }
        }
    }
}
