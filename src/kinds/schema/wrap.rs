//! Lines that are not longer than so many characters, broken at white space just as kubectl breaks them
//! (`mitchellh/go-wordwrap` 1.0).

/// A text that is being broken into lines.
#[derive(Default)]
struct Wrap {
    out: String,
    /// Characters on the line so far.
    used: usize,
    space: String,
    spaces: usize,
    word: String,
    letters: usize,
}

/// Breaks `text` into lines of at most `limit` characters where white space allows it. The spaces at a break are left out,
/// and a word that is as long as a line stays where it is.
pub fn wrap(text: &str, limit: usize) -> String {
    let mut wrap = Wrap::default();
    for c in text.chars() {
        match c {
            '\n' => wrap.end_line(limit),
            c if c.is_whitespace() && c != '\u{a0}' => wrap.add_space(c),
            c => wrap.add_letter(c, limit),
        }
    }
    if wrap.letters > 0 || wrap.used + wrap.spaces <= limit {
        wrap.put_space();
    }
    wrap.put_word();
    wrap.out
}

impl Wrap {
    fn put_space(&mut self) {
        self.out.push_str(&self.space);
        self.used += self.spaces;
        self.forget_space();
    }

    fn forget_space(&mut self) {
        self.space.clear();
        self.spaces = 0;
    }

    fn put_word(&mut self) {
        self.out.push_str(&self.word);
        self.used += self.letters;
        self.word.clear();
        self.letters = 0;
    }

    fn end_line(&mut self, limit: usize) {
        if self.letters == 0 && self.used + self.spaces > limit {
            self.forget_space();
        }
        self.put_space();
        self.put_word();
        self.out.push('\n');
        self.used = 0;
    }

    fn add_space(&mut self, c: char) {
        if self.spaces == 0 || self.letters > 0 {
            self.put_space();
            self.put_word();
        }
        self.space.push(c);
        self.spaces += 1;
    }

    fn add_letter(&mut self, c: char, limit: usize) {
        self.word.push(c);
        self.letters += 1;
        if self.used + self.spaces + self.letters > limit && self.letters < limit {
            self.out.push('\n');
            self.used = 0;
            self.forget_space();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_are_broken_at_white_space() {
        assert_eq!(wrap("one two three", 8), "one two\nthree");
        assert_eq!(wrap("one  two\n\n three ", 8), "one  two\n\n three ");
        assert_eq!(wrap("averyverylongword b", 5), "averyverylongword\nb");
        assert_eq!(wrap("", 5), "");
        assert_eq!(wrap("a\u{a0}b c", 3), "a\u{a0}b\nc");
    }
}
