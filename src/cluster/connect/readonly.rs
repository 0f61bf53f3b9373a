//! What each client may send. The client for reads sends nothing else, the one for sessions opens nothing but exec,
//! attach and port-forward, and while a context is read-only, nothing but reads leaves the process.
//!
//! The gate refuses earlier and more kindly; this is the second lock on the same door.

use http::{Method, Request, header};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether only reads may be sent; shared with whoever switches it.
#[derive(Debug, Clone, Default)]
pub struct ReadOnly(pub Arc<AtomicBool>);

/// What a client is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// Reads, and questions about permissions.
    Reads,
    /// Exec, attach and port-forward.
    Sessions,
    /// Changes.
    Writes,
}

/// A request that was not sent: the context is read-only, or the client is not meant for it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {what} was not sent", if *.read_only { "read-only" } else { "not on this way" })]
pub struct Refused {
    /// The method and path.
    pub what: String,
    /// Whether it is the read-only switch that forbids it.
    pub read_only: bool,
}

impl ReadOnly {
    /// A guard that is on or off.
    pub fn new(on: bool) -> Self {
        Self(Arc::new(AtomicBool::new(on)))
    }

    /// Whether only reads may be sent now.
    pub fn is_on(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }

    /// Switches.
    pub fn set(&self, on: bool) {
        self.0.store(on, Ordering::Release);
    }

    /// Lets a request pass or not.
    ///
    /// # Errors
    /// When `request` is not what `lane` is for, or could change something while the guard is on.
    pub fn check<B>(&self, lane: Lane, request: &Request<B>) -> Result<(), Refused> {
        let fits = match lane {
            Lane::Reads => is_read(request),
            Lane::Sessions => opens_a_session(request, request.uri().path()),
            Lane::Writes => true,
        };
        let read_only = self.is_on() && !is_read(request);
        if fits && !read_only {
            return Ok(());
        }
        Err(Refused { what: format!("{} {}", request.method(), request.uri().path()), read_only })
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
        let request = Request::builder().method(method).uri(path).body(()).unwrap();
        let passed = guard.check(Lane::Writes, &request).is_ok();
        assert_eq!(ReadOnly::default().check(Lane::Reads, &request).is_ok(), passed, "the client for reads: {path}");
        passed
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
        assert!(ReadOnly::new(true).check(Lane::Sessions, &upgrade).is_err());
        assert!(ReadOnly::new(true).check(Lane::Writes, &upgrade).is_err());
    }

    #[test]
    fn the_switch_counts() {
        let guard = ReadOnly::default();
        let patch = Request::patch("/api/v1/namespaces/a/pods/b").body(()).unwrap();
        assert_eq!(guard.check(Lane::Writes, &patch), Ok(()));
        guard.set(true);
        let refused = guard.check(Lane::Writes, &patch).unwrap_err();
        assert_eq!(refused.to_string(), "read-only: PATCH /api/v1/namespaces/a/pods/b was not sent");
    }

    #[test]
    fn each_client_sends_only_what_it_is_for() {
        let guard = ReadOnly::default();
        let exec = Request::get("/api/v1/namespaces/a/pods/b/exec").body(()).unwrap();
        let list = Request::get("/api/v1/pods").body(()).unwrap();
        let patch = Request::patch("/api/v1/namespaces/a/pods/b").body(()).unwrap();
        assert!(guard.check(Lane::Sessions, &exec).is_ok() && guard.check(Lane::Reads, &list).is_ok());
        for (lane, request) in
            [(Lane::Reads, &exec), (Lane::Reads, &patch), (Lane::Sessions, &list), (Lane::Sessions, &patch)]
        {
            let refused = guard.check(lane, request).unwrap_err();
            assert!(!refused.read_only && refused.to_string().starts_with("not on this way: "), "{refused}");
        }
    }
}
