//! What the demo answers with: JSON once, a stream of lines, or a `Status` that says what went wrong.

use hyper::body::Bytes;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::resource::Resource;
use super::{logs, remote};

/// An answer to one request.
#[derive(Debug)]
pub enum Answer {
    /// A whole body.
    Once(Whole),
    /// Lines as they happen, until either side ends it.
    Lines(mpsc::Receiver<Bytes>),
    /// The log of a container.
    Log(Box<logs::Plan>),
    /// A session with a container, over WebSocket.
    Session(Box<remote::Session>),
}

/// A body that is complete when the answer begins.
#[derive(Debug)]
pub struct Whole {
    /// HTTP status.
    pub code: u16,
    /// The `Content-Type`.
    pub media: &'static str,
    /// Seconds for the `Retry-After` header.
    pub retry_after: Option<u64>,
    /// Sentences for `Warning` headers.
    pub warnings: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// What a request comes to: an answer, or a failure that becomes a `Status`.
pub type Outcome = Result<Answer, Failure>;

/// A failure of the API: HTTP status, machine-readable reason, sentence and details.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// HTTP status.
    pub code: u16,
    /// `metav1.StatusReason`.
    pub reason: &'static str,
    /// What went wrong.
    pub message: String,
    /// `metav1.StatusDetails`, or null.
    pub details: Value,
}

impl Answer {
    /// A JSON body with a status of success.
    pub fn json(code: u16, value: &Value) -> Self {
        Self::raw(code, "application/json", value.to_string().into_bytes())
    }

    /// The same answer, with a warning of each unknown field.
    pub fn warning(mut self, unknown: Vec<String>) -> Self {
        if let Self::Once(whole) = &mut self {
            whole.warnings.extend(unknown.into_iter().map(|field| format!("unknown field \"{field}\"")));
        }
        self
    }

    /// Any other body.
    pub fn raw(code: u16, media: &'static str, body: Vec<u8>) -> Self {
        Self::Once(Whole { code, media, retry_after: None, warnings: Vec::new(), body })
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        let body = failure.status().to_string().into_bytes();
        let retry_after = failure.details.pointer("/retryAfterSeconds").and_then(Value::as_u64);
        Self::Once(Whole { code: failure.code, media: "application/json", retry_after, warnings: Vec::new(), body })
    }
}

impl Failure {
    /// A failure without details.
    pub fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self { code, reason, message: message.into(), details: Value::Null }
    }

    /// A failure about one object.
    fn about(self, resource: &Resource, name: &str) -> Self {
        let mut details = json!({"kind": resource.plural, "name": name});
        if !resource.group.is_empty() {
            super::json::set(&mut details, "/group", resource.group);
        }
        Self { details, ..self }
    }

    /// 404: no such object.
    pub fn not_found(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", resource.full_name());
        Self::new(404, "NotFound", message).about(resource, name)
    }

    /// 404: nothing is served at this path.
    pub fn no_path() -> Self {
        let failure = Self::new(404, "NotFound", "the server could not find the requested resource");
        Self { details: json!({}), ..failure }
    }

    /// 409: an object of this name exists.
    pub fn exists(resource: &Resource, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", resource.full_name());
        Self::new(409, "AlreadyExists", message).about(resource, name)
    }

    /// 409: the object is no longer what the request takes it for.
    pub fn conflict(resource: &Resource, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", resource.full_name());
        Self::new(409, "Conflict", message).about(resource, name)
    }

    /// 409: a precondition of a deletion does not hold. Here the API speaks of the kind, not of the resource.
    pub fn unmet(resource: &Resource, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", resource.kind);
        let details = json!({"kind": resource.kind, "name": name});
        Self { details, ..Self::new(409, "Conflict", message) }
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "BadRequest", message)
    }

    /// 403: the namespace takes nothing new, evictions included.
    pub fn terminating(resource: &Resource, name: &str, namespace: &str) -> Self {
        let why = format!("unable to create new content in namespace {namespace} because it is being terminated");
        let message = format!("{} \"{name}\" is forbidden: {why}", resource.full_name());
        let mut failure = Self::new(403, "Forbidden", message).about(resource, name);
        let cause = format!("namespace {namespace} is being terminated");
        let causes = json!([{"reason": "NamespaceTerminating", "message": cause, "field": "metadata.namespace"}]);
        super::json::set(&mut failure.details, "/causes", causes);
        failure
    }

    /// 405: the verb is not served here.
    pub fn not_allowed() -> Self {
        let failure =
            Self::new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
        Self { details: json!({}), ..failure }
    }

    /// 410: the version is older than what is remembered.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(410, "Expired", message)
    }

    /// 422: a field has a wrong value.
    pub fn invalid(resource: &Resource, name: &str, (field, why): (&str, &str)) -> Self {
        let message = format!("{}.{} \"{name}\" is invalid: {field}: {why}", resource.kind, resource.group);
        let mut failure = Self::new(422, "Invalid", message.replacen(". ", " ", 1)).about(resource, name);
        super::json::set(&mut failure.details, "/kind", resource.kind);
        super::json::set(
            &mut failure.details,
            "/causes",
            json!([{"reason": "FieldValueInvalid", "message": why, "field": field}]),
        );
        failure
    }

    /// The `Status` object.
    pub fn status(&self) -> Value {
        let mut status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": self.message, "reason": self.reason, "code": self.code,
        });
        if self.reason.is_empty() {
            super::json::remove(&mut status, "/reason");
        }
        if !self.details.is_null() {
            super::json::set(&mut status, "/details", self.details.clone());
        }
        status
    }
}
