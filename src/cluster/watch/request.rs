//! What is asked of the API server: the URLs of lists and watches.

use super::super::url::{encode, path};
use super::split::Encoding;
use crate::kinds::AnyKind;
use http::header::{ACCEPT, ACCEPT_ENCODING};
use kube::client::Body;

/// What to list and watch: a kind, in one namespace or everywhere, narrowed by selectors.
#[derive(Clone)]
pub(super) struct Target {
    pub kind: &'static dyn AnyKind,
    pub namespace: Option<String>,
    pub labels: Option<String>,
    pub fields: Option<String>,
    /// Whether the rows of a table shall come with their objects.
    pub objects: bool,
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
        let mut query = Query(path(self.kind, self.namespace.as_deref()));
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
        let mut query = Query(path(self.kind, self.namespace.as_deref()));
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
        query.maybe("includeObject", self.objects.then_some("Object"));
    }
}

/// In which form an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Form {
    /// How it is written.
    pub encoding: Encoding,
    /// Whether it may be compressed. On a fast link that costs the server more than it saves.
    pub gzip: bool,
}

/// A GET of `url`.
pub(super) fn get(url: &str, form: Form) -> Result<http::Request<Body>, http::Error> {
    http::Request::get(url)
        .header(ACCEPT, form.encoding.accept())
        .header(ACCEPT_ENCODING, if form.gzip { "gzip" } else { "identity" })
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
