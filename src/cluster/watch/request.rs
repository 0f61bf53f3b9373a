//! What is asked of the API server: the URLs of lists and watches.

use super::split::Encoding;
use crate::kinds::AnyKind;
use http::header::{ACCEPT, ACCEPT_ENCODING};
use kube::client::Body;
use std::fmt::Write;

/// What to list and watch: a kind, in one namespace or everywhere, narrowed by selectors.
#[derive(Clone)]
pub(super) struct Target {
    pub kind: &'static dyn AnyKind,
    pub namespace: Option<String>,
    pub labels: Option<String>,
    pub fields: Option<String>,
}

/// How to ask for a list, or for a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ask {
    /// At most so many objects; none is all.
    pub limit: Option<u32>,
    /// The rest of a list that was begun: the token that its last page gave.
    pub next: Option<String>,
    /// May be answered from the server's cache if that is as new as this version. Without it the answer is what the
    /// database holds at this moment.
    pub not_older_than: Option<String>,
}

impl Target {
    /// The URL of a list.
    pub(super) fn list(&self, ask: &Ask) -> String {
        let mut query = Query(self.path());
        self.select(&mut query);
        if let Some(limit) = ask.limit {
            query.add("limit", &limit.to_string());
        }
        query.maybe("continue", ask.next.as_deref());
        if let Some(version) = &ask.not_older_than {
            query.add("resourceVersion", version);
            query.add("resourceVersionMatch", "NotOlderThan");
        }
        query.0
    }

    /// The URL of a watch from `version` on, which the server ends after `seconds`.
    pub(super) fn watch(&self, version: &str, seconds: u64) -> String {
        let mut query = Query(self.path());
        self.select(&mut query);
        query.add("watch", "true");
        query.add("allowWatchBookmarks", "true");
        query.add("resourceVersion", version);
        query.add("timeoutSeconds", &seconds.to_string());
        query.0
    }

    fn select(&self, query: &mut Query) {
        query.maybe("labelSelector", self.labels.as_deref());
        query.maybe("fieldSelector", self.fields.as_deref());
    }

    /// The path of the kind's resource. The only place that knows which resource a kind is read from.
    fn path(&self) -> String {
        let names = self.kind.resource();
        let mut path = match names.group {
            "" => format!("/api/{}", names.version),
            group => format!("/apis/{group}/{}", names.version),
        };
        if let Some(namespace) = self.namespace.as_deref().filter(|_| names.namespaced) {
            path.push_str("/namespaces/");
            encode(namespace, &mut path);
        }
        path.push('/');
        path.push_str(names.plural);
        path
    }
}

/// A GET of `url`. Compression is declined: what we would take apart here costs the server more than it saves on a
/// fast link, and kube would undo only the first member of a compressed watch.
pub(super) fn get(url: &str, encoding: Encoding) -> Result<http::Request<Body>, http::Error> {
    http::Request::get(url)
        .header(ACCEPT, encoding.media_type())
        .header(ACCEPT_ENCODING, "identity")
        .body(Body::empty())
}

/// A URL to which parameters are added.
struct Query(String);

impl Query {
    fn add(&mut self, key: &str, value: &str) {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.push_str(key);
        self.0.push('=');
        encode(value, &mut self.0);
    }

    fn maybe(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.add(key, value);
        }
    }
}

/// Adds `text` to a URL; what is not unreserved (RFC 3986) is percent-encoded.
fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}
