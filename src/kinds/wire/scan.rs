//! Passing over JSON quickly: where a string ends, and where a list or a map ends whose content nobody asks for.

/// How many bytes are looked at together.
const WORD: usize = 8;
/// In every byte a one, its highest bit, a quote, a backslash.
const ONES: u64 = u64::MAX / 0xff;
const HIGHS: u64 = ONES << 7;
const QUOTES: u64 = ONES * b'"' as u64;
const BACKSLASHES: u64 = ONES * b'\\' as u64;

/// How many bytes of a string lie before the next quote, backslash or control character; none when there is none.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> Option<usize> {
    let mut ahead = bytes;
    while let Some((word, rest)) = ahead.split_first_chunk::<WORD>() {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let found = (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES) | control) & HIGHS;
        if found != 0 {
            return Some(bytes.len() - ahead.len() + found.trailing_zeros() as usize / WORD);
        }
        ahead = rest;
    }
    let at = ahead.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20))?;
    Some(bytes.len() - ahead.len() + at)
}

/// The highest bit of each byte that is zero. Of the bytes above the first one that is, too many may be told; that one is
/// the first in any case.
#[inline]
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word
}

/// How many bytes a list or a map takes whose opening bracket was passed, up to and with its closing one; none when it does
/// not end here. Only strings and brackets are looked at, and all brackets are alike: what stands between them may be no
/// JSON at all.
pub(super) fn beyond(bytes: &[u8]) -> Option<usize> {
    let (mut ahead, mut depth) = (bytes, 1_usize);
    while let [byte, rest @ ..] = ahead {
        ahead = rest;
        // The two sorts of brackets differ in one bit.
        match byte | 0x20 {
            _ if *byte == b'"' => ahead = behind_string(rest)?,
            b'{' => depth = depth.wrapping_add(1),
            b'}' => {
                depth = depth.wrapping_sub(1);
                if depth == 0 {
                    return Some(bytes.len() - ahead.len());
                }
            }
            _ => {}
        }
    }
    None
}

/// What lies behind the closing quote of a string whose opening one was passed.
#[inline]
fn behind_string(bytes: &[u8]) -> Option<&[u8]> {
    let mut ahead = bytes;
    loop {
        while let Some((word, rest)) = ahead.split_first_chunk::<WORD>() {
            let word = u64::from_le_bytes(*word);
            let found = (zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES)) & HIGHS;
            if found != 0 {
                ahead = ahead.get(found.trailing_zeros() as usize / WORD..)?;
                break;
            }
            ahead = rest;
        }
        match ahead {
            [b'"', rest @ ..] => return Some(rest),
            [b'\\', _, rest @ ..] | [_, rest @ ..] => ahead = rest,
            [] => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same as [`beyond`], byte by byte.
    fn slowly(bytes: &[u8]) -> Option<usize> {
        let (mut depth, mut inside, mut escaped) = (1, false, false);
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if inside => escaped = true,
                b'"' => inside = !inside,
                b'{' | b'[' if !inside => depth += 1,
                b'}' | b']' if !inside => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(at + 1);
            }
        }
        None
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        assert_eq!(beyond(br#""]\"}\\",[{}]],1"#), Some(14));
        assert_eq!(beyond(br#""]"#), None);
        assert_eq!(beyond(b"]"), Some(1));
        assert_eq!(beyond(b""), None);
    }

    #[test]
    fn every_byte_is_found_wherever_it_stands() {
        for at in 0..50 {
            let mut text = vec![b'x'; 50];
            assert_eq!(plain(&text), None);
            for byte in [b'"', b'\\', 0, 0x1f] {
                text[at] = byte;
                assert_eq!(plain(&text), Some(at));
            }
            text[at] = b'}';
            assert_eq!((plain(&text), beyond(&text)), (None, Some(at + 1)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn words_say_what_bytes_say(text in "[\\[\\]{}\"\\\\a\u{1}]{0,100}", bytes in prop::collection::vec(any::<u8>(), 0..50)) {
            prop_assert_eq!(beyond(text.as_bytes()), slowly(text.as_bytes()));
            let found = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20));
            prop_assert_eq!(plain(&bytes), found);
        }
    }
}
