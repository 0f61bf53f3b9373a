//! A request as the API understands it: verb, path, query, and what the path is about.

use hyper::body::Bytes;
use serde_json::Value;

use super::answer::Failure;
use super::resource::{self, Resource};
use super::select::Selector;

/// One request, with its body read.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// HTTP method.
    pub method: String,
    /// Path without query.
    pub path: String,
    /// Query, decoded.
    pub query: Vec<(String, String)>,
    /// `Accept`.
    pub accept: String,
    /// `Content-Type`.
    pub media: String,
    /// `User-Agent` up to the first slash, which becomes the field manager.
    pub agent: String,
    /// `Sec-WebSocket-Key`, when it wants to become a WebSocket.
    pub upgrade: String,
    /// `Sec-WebSocket-Protocol`, one by one.
    pub protocols: Vec<String>,
    /// The body.
    pub body: Bytes,
}

/// What a path is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The kind.
    pub resource: &'static Resource,
    /// The namespace; none for all of them and for cluster-scoped kinds.
    pub namespace: Option<String>,
    /// The object; none for the collection.
    pub name: Option<String>,
    /// `status`, `scale`, `log`, …
    pub subresource: Option<String>,
}

impl Request {
    /// The first value of a query parameter; empty when it is not there.
    pub fn param(&self, name: &str) -> &str {
        self.query.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }

    /// A query parameter as a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.param(name).parse().ok()
    }

    /// A query parameter as a switch.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.param(name), "true" | "1" | "True" | "t")
    }

    /// Label and field selectors.
    ///
    /// # Errors
    /// 400 when one of them cannot be read.
    pub fn selector(&self) -> Result<Selector, Failure> {
        Selector::parse(self.param("labelSelector"), self.param("fieldSelector"))
    }

    /// The body as JSON (or YAML that is JSON); null when it is empty.
    ///
    /// # Errors
    /// 415 for protobuf and CBOR, 400 for what is no JSON.
    pub fn json(&self) -> Result<Value, Failure> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        if self.media.contains("protobuf") || self.media.contains("cbor") {
            let message = format!(
                "the body of the request was in an unknown format - accepted media types include: application/json ({} was sent)",
                self.media
            );
            return Err(Failure::new(415, "UnsupportedMediaType", message));
        }
        serde_json::from_slice(&self.body).map_err(|e| {
            Failure::bad_request(format!("the object provided is unrecognized (must be of type JSON): {e}"))
        })
    }

    /// All values of a query parameter.
    pub fn params<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether a create, update or patch only asks what would happen. Deletions say so in their options.
    pub fn is_dry(&self) -> bool {
        self.param("dryRun") == "All"
    }

    /// Whether this is a patch by server-side apply.
    pub fn applies(&self) -> bool {
        self.method == "PATCH" && self.media.contains("apply-patch")
    }

    /// The path's parts.
    pub fn parts(&self) -> Vec<&str> {
        self.path.split('/').filter(|part| !part.is_empty()).collect()
    }

    /// What the path is about.
    ///
    /// # Errors
    /// 404 when nothing is served there.
    pub fn target(&self) -> Result<Target, Failure> {
        let parts = self.parts();
        let (group, version, rest) = match parts.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return Err(Failure::no_path()),
        };
        let (namespace, rest) = match rest {
            ["namespaces", _] | ["namespaces", _, "status" | "finalize"] => (None, rest),
            ["namespaces", namespace, rest @ ..] => (Some((*namespace).to_owned()), rest),
            _ => (None, rest),
        };
        let (plural, name, subresource) = match rest {
            [plural] => (plural, None, None),
            [plural, name] => (plural, Some(name), None),
            [plural, name, subresource] => (plural, Some(name), Some(subresource)),
            _ => return Err(Failure::no_path()),
        };
        let resource = resource::by_path(group, version, plural).ok_or_else(Failure::no_path)?;
        let owned = |part: &&str| (*part).to_owned();
        let subresource = subresource.map(owned);
        let served = subresource.as_deref().is_none_or(|sub| resource.has(sub));
        let scoped = if resource.namespaced { name.is_none() || namespace.is_some() } else { namespace.is_none() };
        if !served || !scoped {
            return Err(Failure::no_path());
        }
        Ok(Target { resource, namespace, name: name.map(owned), subresource })
    }
}

/// Reads a query string.
pub fn query(text: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name), decoded(value))
    };
    text.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// Undoes percent-encoding; what is not valid stays as it is.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (first, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            (first, _) => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(path: &str) -> Option<(String, Option<String>, Option<String>, Option<String>)> {
        let request = Request { path: path.to_owned(), ..Request::default() };
        request.target().ok().map(|t| (t.resource.full_name(), t.namespace, t.name, t.subresource))
    }

    #[test]
    fn paths_name_their_objects() {
        let some = |text: &str| Some(text.to_owned());
        let full = |name: &str| name.to_owned();
        assert_eq!(target("/api/v1/pods"), Some((full("pods"), None, None, None)));
        assert_eq!(target("/api/v1/namespaces/shop"), Some((full("namespaces"), None, some("shop"), None)));
        assert_eq!(
            target("/apis/apps/v1/namespaces/shop/deployments/web/scale"),
            Some((full("deployments.apps"), some("shop"), some("web"), some("scale")))
        );
        assert_eq!(target("/api/v1/namespaces/shop/pods/web/log").map(|t| t.3), Some(some("log")));
        assert_eq!(target("/api/v1/namespaces/shop/nodes"), None);
        assert_eq!(target("/api/v1/pods/web"), None);
        assert_eq!(target("/api/v1/widgets"), None);
    }

    #[test]
    fn queries_are_decoded() {
        let pairs = query("labelSelector=app%3Dweb%2Ctier+in+%28a%29&watch=&x");
        assert_eq!(pairs[0].1, "app=web,tier in (a)");
        assert_eq!(pairs.len(), 3);
    }

    proptest! {
        #[test]
        fn nothing_from_outside_upsets_the_reading(text in ".{0,40}") {
            let request = Request { path: text.clone(), query: query(&text), ..Request::default() };
            prop_assert!(request.target().is_err() || !request.path.is_empty());
            prop_assert!(decoded(&text).len() <= text.len() * 3);
        }
    }
}
