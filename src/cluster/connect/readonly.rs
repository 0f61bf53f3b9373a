//! The read-only guard: nothing but reads leaves the process while it is on.
//!
//! The gate refuses earlier and more kindly; this is the second lock on the same door.

use http::{Method, Request, header};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether only reads may be sent; shared with whoever switches it.
#[derive(Debug, Clone, Default)]
pub struct ReadOnly(pub Arc<AtomicBool>);

/// A request that was not sent, because rutter is read-only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read-only: {what} was not sent")]
pub struct Refused {
    /// The method and path, or what would have been opened.
    pub what: String,
}

impl ReadOnly {
    /// A guard that is on or off.
    pub fn new(on: bool) -> Self {
        Self(Arc::new(AtomicBool::new(on)))
    }

    /// Lets a request pass or not.
    ///
    /// # Errors
    /// When the guard is on and `request` could change something.
    pub fn check<B>(&self, request: &Request<B>) -> Result<(), Refused> {
        if !self.0.load(Ordering::Acquire) || is_read(request) {
            return Ok(());
        }
        Err(Refused { what: format!("{} {}", request.method(), request.uri().path()) })
    }
}

fn is_read<B>(request: &Request<B>) -> bool {
    let path = request.uri().path();
    match *request.method() {
        Method::GET | Method::HEAD | Method::OPTIONS => !opens_a_session(request, path),
        Method::POST => is_review(path),
        _ => false,
    }
}

/// Exec, attach and port-forward are GETs to the eye, and can change anything.
fn opens_a_session<B>(request: &Request<B>, path: &str) -> bool {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    // A pod may well be called `exec`: as a session it stands behind the pod's name.
    let session = matches!(last, "exec" | "attach" | "portforward") && segment_from_end(path, 2) == Some("pods");
    session || request.headers().contains_key(header::UPGRADE)
}

/// Questions about permissions are POSTs that change nothing.
fn is_review(path: &str) -> bool {
    let kind = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    match kind {
        "selfsubjectaccessreviews"
        | "selfsubjectrulesreviews"
        | "subjectaccessreviews"
        | "localsubjectaccessreviews" => path.contains("/apis/authorization.k8s.io/"),
        "selfsubjectreviews" => path.contains("/apis/authentication.k8s.io/"),
        _ => false,
    }
}

fn segment_from_end(path: &str, back: usize) -> Option<&str> {
    path.trim_end_matches('/').rsplit('/').nth(back)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(method: &str, path: &str) -> bool {
        let guard = ReadOnly(Arc::new(AtomicBool::new(true)));
        guard.check(&Request::builder().method(method).uri(path).body(()).unwrap()).is_ok()
    }

    #[test]
    fn reads_and_reviews_pass() {
        assert!(passes("GET", "/api/v1/pods"));
        assert!(passes("HEAD", "/version"));
        assert!(passes("OPTIONS", "/api"));
        assert!(passes("GET", "/api/v1/namespaces/a/pods/exec"));
        assert!(passes("GET", "/api/v1/namespaces/a/pods/exec/log"));
        assert!(passes("GET", "/api/v1/namespaces/proxy/pods"));
        for review in ["selfsubjectaccessreviews", "selfsubjectrulesreviews", "subjectaccessreviews"] {
            assert!(passes("POST", &format!("/apis/authorization.k8s.io/v1/{review}")), "{review}");
        }
        assert!(passes("POST", "/k8s/clusters/c-1/apis/authentication.k8s.io/v1/selfsubjectreviews"));
        assert!(passes("POST", "/apis/authorization.k8s.io/v1/namespaces/a/localsubjectaccessreviews"));
    }

    #[test]
    fn changes_and_sessions_do_not() {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            assert!(!passes(method, "/api/v1/namespaces/a/pods/b"), "{method}");
        }
        for session in ["exec", "attach", "portforward"] {
            assert!(!passes("GET", &format!("/api/v1/namespaces/a/pods/b/{session}?command=id")), "{session}");
        }
        assert!(!passes("POST", "/apis/example.com/v1/selfsubjectreviews"));
        assert!(!passes("POST", "/api/v1/namespaces/a/pods/b/eviction"));
        let upgrade = Request::get("/api/v1/x").header("upgrade", "websocket").body(()).unwrap();
        assert!(ReadOnly(Arc::new(AtomicBool::new(true))).check(&upgrade).is_err());
    }

    #[test]
    fn the_switch_counts() {
        let guard = ReadOnly::default();
        let patch = Request::patch("/api/v1/namespaces/a/pods/b").body(()).unwrap();
        assert_eq!(guard.check(&patch), Ok(()));
        guard.0.store(true, Ordering::Release);
        let refused = guard.check(&patch).unwrap_err();
        assert_eq!(refused.to_string(), "read-only: PATCH /api/v1/namespaces/a/pods/b was not sent");
    }
}
