//! URLs of resources. Every segment is encoded: a name from a hostile server must not become another request.

use crate::kinds::{AnyKind, Names};
use std::fmt::Write;

/// The path of the kind's resource, in one namespace or everywhere. The only place that knows which resource a kind is
/// read from.
pub fn path(kind: &dyn AnyKind, namespace: Option<&str>) -> String {
    collection(kind.resource(), namespace)
}

/// The path of one object.
pub fn object(kind: &dyn AnyKind, namespace: &str, name: &str) -> String {
    named(kind.resource(), namespace, name)
}

/// The path of a resource, in one namespace or everywhere.
pub fn collection(names: &Names, namespace: Option<&str>) -> String {
    let mut path = match names.group {
        "" => format!("/api/{}", names.version),
        group => format!("/apis/{group}/{}", names.version),
    };
    if let Some(namespace) = namespace.filter(|name| names.namespaced && !name.is_empty()) {
        path.push_str("/namespaces/");
        encode(namespace, &mut path);
    }
    path.push('/');
    path.push_str(names.plural);
    path
}

/// The path of the object of a resource.
pub fn named(names: &Names, namespace: &str, name: &str) -> String {
    let mut path = collection(names, Some(namespace));
    path.push('/');
    encode(name, &mut path);
    path
}

/// Adds `text` to a URL; what is not unreserved (RFC 3986) is percent-encoded.
pub fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    #[test]
    fn names_cannot_leave_their_place_in_the_path() {
        let pods = kinds::find("pods").unwrap();
        assert_eq!(object(pods, "a", "web"), "/api/v1/namespaces/a/pods/web");
        assert_eq!(object(pods, "a", "../../nodes?x#"), "/api/v1/namespaces/a/pods/..%2F..%2Fnodes%3Fx%23");
        let nodes = kinds::find("nodes").unwrap();
        assert_eq!(object(nodes, "", "n1"), "/api/v1/nodes/n1");
    }
}
