//! Texts as Go's `fmt` and its kin write them.

use super::json::Json;
use std::fmt::Write;

/// A text in quotes, as `%q`.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\x0b' => out.push_str("\\v"),
            c if c.is_control() => {
                let _ = match u32::from(c) {
                    code @ ..0x80 => write!(out, "\\x{code:02x}"),
                    code => write!(out, "\\u{code:04x}"),
                };
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// A host and its port, as `net.JoinHostPort`.
pub(super) fn host_and_port(host: &str, port: &str) -> String {
    if host.contains([':', '%']) { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
}

/// A reference to a secret, as a pointer to `LocalObjectReference` or `SecretReference` prints.
pub(super) fn secret(secret: Json<'_>, has_namespace: bool) -> String {
    if !secret.is_set() {
        return "nil".to_owned();
    }
    let name = secret.at("name");
    if has_namespace {
        format!("&SecretReference{{Name:{name},Namespace:{},}}", secret.at("namespace"))
    } else {
        format!("&LocalObjectReference{{Name:{name},}}")
    }
}

/// A path in a URL, as `url.URL` writes it.
pub(super) fn path(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) => out.push(char::from(byte)),
            byte => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_gos() {
        assert_eq!(quoted("a\"b\\c\n\x01\u{85}é"), "\"a\\\"b\\\\c\\n\\x01\\u0085é\"");
        assert_eq!(path("/a b/é?(x)"), "/a%20b/%C3%A9%3F%28x%29");
        assert_eq!((host_and_port("::1", "80"), host_and_port("", "http")), ("[::1]:80".into(), ":http".into()));
    }
}
