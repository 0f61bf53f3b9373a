//! `Wire`: a request that changes something, as plain data, so that it can be rehearsed, shown, sent and compared.

use crate::cluster::json::put;
use crate::cluster::url;
use http::{Method, Request, header};
use kube::client::Body;
use serde_json::{Value, json};

/// The name under which the server books the fields that we set.
pub const FIELD_MANAGER: &str = "rutter";

/// A request that changes something.
#[derive(Debug, Clone, PartialEq)]
pub struct Wire {
    /// The method.
    pub method: Method,
    /// The path, percent-encoded.
    pub path: String,
    /// The query, not yet encoded.
    pub query: Vec<(&'static str, String)>,
    /// The type of the body.
    pub media: &'static str,
    /// The body.
    pub body: Value,
}

impl Wire {
    /// A JSON merge patch (RFC 7386).
    pub fn merge(path: String, body: Value) -> Self {
        Self::new(Method::PATCH, path, ("application/merge-patch+json", body)).managed()
    }

    /// A strategic merge patch, which knows the lists of the built-in kinds.
    pub fn strategic(path: String, body: Value) -> Self {
        Self::new(Method::PATCH, path, ("application/strategic-merge-patch+json", body)).managed()
    }

    /// A JSON patch (RFC 6902).
    pub fn operations(path: String, body: Vec<Value>) -> Self {
        Self::new(Method::PATCH, path, ("application/json-patch+json", Value::Array(body))).managed()
    }

    /// A server-side apply; conflicts are an error unless `force`.
    pub fn apply(path: String, body: Value, force: bool) -> Self {
        let wire = Self::new(Method::PATCH, path, ("application/apply-patch+yaml", body)).managed();
        if force { wire.with("force", "true") } else { wire }
    }

    /// A replacement of the whole.
    pub fn put(path: String, body: Value) -> Self {
        Self::new(Method::PUT, path, ("application/json", body)).managed()
    }

    /// Something new.
    pub fn post(path: String, body: Value) -> Self {
        Self::new(Method::POST, path, ("application/json", body)).managed()
    }

    /// A deletion with these `DeleteOptions`.
    pub fn delete(path: String, options: Value) -> Self {
        Self::new(Method::DELETE, path, ("application/json", options))
    }

    fn new(method: Method, path: String, (media, body): (&'static str, Value)) -> Self {
        Self { method, path, query: Vec::new(), media, body }
    }

    fn managed(self) -> Self {
        self.with("fieldManager", FIELD_MANAGER)
    }

    /// The same request with one more parameter.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The same request as a rehearsal: the server does all but keep the result. Where a body holds `DeleteOptions`, the
    /// server takes the wish from there and does not look at the query.
    #[must_use]
    pub fn rehearsal(&self) -> Self {
        let mut wire = self.clone();
        let all = json!(["All"]);
        if wire.method == Method::DELETE {
            put(&mut wire.body, &["dryRun"], all);
            return wire;
        }
        if wire.body.get("kind").is_some_and(|kind| kind == "Eviction") {
            put(&mut wire.body, &["deleteOptions", "dryRun"], all);
        }
        wire.with("dryRun", "All")
    }

    /// The path with its query.
    pub fn target(&self) -> String {
        let mut target = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(name);
            target.push('=');
            url::encode(value, &mut target);
        }
        target
    }

    /// The request for the client.
    ///
    /// # Errors
    /// When the path cannot be part of a request.
    pub(super) fn request(&self) -> Result<Request<Body>, http::Error> {
        Request::builder()
            .method(self.method.clone())
            .uri(self.target())
            .header(header::CONTENT_TYPE, self.media)
            .header(header::ACCEPT, "application/json")
            .body(Body::from(self.body.to_string().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rehearsal_is_the_same_request_and_keeps_nothing() {
        let patch = Wire::merge("/api/v1/nodes/n1".into(), json!({"spec": {"unschedulable": true}}));
        assert_eq!(patch.target(), "/api/v1/nodes/n1?fieldManager=rutter");
        assert_eq!(patch.rehearsal().target(), "/api/v1/nodes/n1?fieldManager=rutter&dryRun=All");
        assert_eq!(patch.rehearsal().body, patch.body);
    }

    #[test]
    fn a_deletion_is_rehearsed_in_its_body() {
        let delete = Wire::delete("/api/v1/namespaces/a/pods/b".into(), json!({"propagationPolicy": "Background"}));
        let rehearsal = delete.rehearsal();
        assert_eq!(rehearsal.body, json!({"propagationPolicy": "Background", "dryRun": ["All"]}));
        assert_eq!(rehearsal.target(), "/api/v1/namespaces/a/pods/b");
        let evict = Wire::post("/e".into(), json!({"kind": "Eviction", "deleteOptions": {"gracePeriodSeconds": 3}}));
        let rehearsal = evict.rehearsal();
        assert_eq!(rehearsal.body["deleteOptions"], json!({"gracePeriodSeconds": 3, "dryRun": ["All"]}));
        assert_eq!(rehearsal.target(), "/e?fieldManager=rutter&dryRun=All");
    }

    #[test]
    fn parameters_are_encoded() {
        let wire = Wire::post("/x".into(), Value::Null).with("container", "a&b=c");
        assert_eq!(wire.target(), "/x?fieldManager=rutter&container=a%26b%3Dc");
    }
}
