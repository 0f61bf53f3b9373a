//! Bytes of a file as text: UTF-8 with or without a byte order mark, UTF-16 of both byte orders.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

/// More than any kubeconfig needs: a device or an endless pipe must not fill the memory.
const LIMIT: u64 = 64 << 20;

/// The text of the file at `path`; `None` when there is no such file.
///
/// # Errors
/// A sentence without the file's name: a directory, no permission, too large, or no text.
pub fn read(path: &Path) -> Result<Option<String>, String> {
    match bytes(path) {
        Ok(bytes) if bytes.len() as u64 > LIMIT => Err("is larger than 64 MiB".to_owned()),
        Ok(bytes) => decode(&bytes).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Err("is a directory, not a file".to_owned()),
        Err(error) => Err(format!("cannot be read: {error}")),
    }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LIMIT + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What `bytes` say. Without a byte order mark they are UTF-8, as in Go's YAML reader. A last odd byte of UTF-16
/// is half a character and left out.
///
/// # Errors
/// A sentence that says where the bytes stop being text.
pub fn decode(bytes: &[u8]) -> Result<String, String> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', good).count() + 1;
        let column = good.len() - memchr::memrchr(b'\n', good).map_or(0, |at| at + 1) + 1;
        format!("is not text: byte {column} of line {line} is not UTF-8")
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, _half) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map_err(|_| "is not text: its byte order mark says UTF-16, but it is not".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn marks_choose_the_encoding() {
        assert_eq!(decode(b"a: 1").unwrap(), "a: 1");
        assert_eq!(decode(b"\xef\xbb\xbfa: 1").unwrap(), "a: 1");
        assert_eq!(decode(b"\xff\xfea\0:\0").unwrap(), "a:");
        assert_eq!(decode(b"\xfe\xff\0a\0:").unwrap(), "a:");
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn an_odd_byte_is_left_out() {
        assert_eq!(decode(b"\xff\xfea\0:").unwrap(), "a");
        assert_eq!(decode(b"\xfe\xff\0a\0").unwrap(), "a");
        assert_eq!(decode(b"\xff\xfe").unwrap(), "");
    }

    #[test]
    fn garbage_says_where() {
        assert_eq!(decode(b"ok\nab\xff").unwrap_err(), "is not text: byte 3 of line 2 is not UTF-8");
        assert!(decode(b"\xff\xfe\x00\xd8").unwrap_err().contains("UTF-16"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64), mark in 0..4usize) {
            let marks: [&[u8]; 4] = [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"];
            let all = [marks[mark], &bytes].concat();
            if let Err(sentence) = decode(&all) {
                prop_assert!(sentence.starts_with("is not text"));
            }
        }
    }
}
