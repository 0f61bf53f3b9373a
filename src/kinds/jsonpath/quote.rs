//! Texts in quotes, with Go's escapes (`strconv.UnquoteChar`).

/// What stands between the quotes of `text`; `None` when it is not written as Go wants it.
pub fn unquote(text: &str) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..)?;
        match c {
            '\\' => rest = escape(rest, quote, &mut bytes)?,
            c if c == quote => return None,
            c => push(c, &mut bytes),
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Takes what stands behind a `\` and returns the rest.
fn escape<'a>(text: &'a str, quote: char, out: &mut Vec<u8>) -> Option<&'a str> {
    let kind = text.chars().next()?;
    let rest = text.get(kind.len_utf8()..)?;
    let letters = "abfnrtv".chars().zip([7, 8, 12, 10, 13, 9, 11]);
    if let Some((_, byte)) = letters.into_iter().find(|(letter, _)| *letter == kind) {
        out.push(byte);
        return Some(rest);
    }
    match kind {
        'x' => code(rest, 2, 16).and_then(|(code, rest)| byte(code, rest, out)),
        '0'..='7' => code(text, 3, 8).and_then(|(code, rest)| byte(code, rest, out)),
        'u' | 'U' => {
            let (code, rest) = code(rest, if kind == 'u' { 4 } else { 8 }, 16)?;
            push(char::from_u32(code)?, out);
            Some(rest)
        }
        c if c == '\\' || c == quote => {
            push(c, out);
            Some(rest)
        }
        _ => None,
    }
}

fn byte<'a>(code: u32, rest: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    out.push(u8::try_from(code).ok()?);
    Some(rest)
}

/// The number that `count` digits write, and what follows them.
fn code(text: &str, count: usize, radix: u32) -> Option<(u32, &str)> {
    let digits = text.get(..count).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
    Some((u32::from_str_radix(digits, radix).ok()?, text.get(count..)?))
}
