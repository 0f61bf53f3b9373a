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
            c if c.is_ascii_control() => drop(write!(out, "\\x{:02x}", u32::from(c))),
            c if c.is_control() => drop(write!(out, "\\u{:04x}", u32::from(c))),
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
    match has_namespace {
        true => format!("&SecretReference{{Name:{name},Namespace:{},}}", secret.at("namespace")),
        false => format!("&LocalObjectReference{{Name:{name},}}"),
    }
}

/// A path in a URL, as `url.URL` writes it.
pub(super) fn path(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'@' => {
                out.push(char::from(byte));
            }
            // These are left as they are where the whole path is valid with them.
            b'!' | b'\'' | b'(' | b')' | b'*' => out.push(char::from(byte)),
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}
