//! Faults on request, so that tests see what goes wrong on real clusters.

use std::time::Duration;

use super::answer::Failure;
use super::request::{Request, Target};

/// Something that goes wrong from now on, or once.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The history is forgotten: a watch that resumes from an older version gets an `ERROR` line with 410.
    Compact,
    /// The next watch is refused with 410 as its HTTP status.
    Gone,
    /// All open watches end now, without a word.
    CloseWatches,
    /// This many of the next watches are accepted and ended at once.
    RefuseWatches(u32),
    /// A line that is no JSON is sent to all open watches.
    Garbage,
    /// This many of the next lists (of whatever kind) begin with an object whose fields have the wrong types.
    Unreadable(u32),
    /// Requests whose path begins like this are answered with 403. Several add up.
    Forbid(String),
    /// This verb on this resource (`pods`, `deployments/scale`, `pods/eviction`) is answered with 403, and denied to
    /// whoever asks for it in a review. Several add up; `*` is every verb.
    Refuse(String, String),
    /// Every answer is held back this long; zero ends it.
    Delay(Duration),
    /// This many of the next lists fail with 500.
    FailLists(u32),
    /// This many of the next requests are answered with 429 and this many seconds of `Retry-After`.
    TooMany(u32, u64),
    /// This kind (plural) is not served any more, as if its definition had been deleted.
    Unserve(String),
    /// The server of this group does not answer: what it serves is not known.
    Stale(String),
    /// The server of this group is not there: the aggregator answers requests to it with this status.
    Broken(String, u16),
    /// All faults end.
    Clear,
}

/// The faults in force.
#[derive(Debug, Default)]
pub struct Faults {
    /// How long answers are held back.
    pub delay: Duration,
    gone: bool,
    refuse: u32,
    unreadable: u32,
    forbidden: Vec<String>,
    refused: Vec<(String, String)>,
    fail_lists: u32,
    too_many: (u32, u64),
    unserved: Vec<String>,
    stale: Vec<String>,
    broken: Vec<(String, u16)>,
}

impl Faults {
    /// Begins a fault; those about open watches and the history are the owner's to carry out.
    pub fn begin(&mut self, fault: Fault) {
        match fault {
            Fault::Compact | Fault::CloseWatches | Fault::Garbage => {}
            Fault::Gone => self.gone = true,
            Fault::RefuseWatches(times) => self.refuse = times,
            Fault::Unreadable(times) => self.unreadable = times,
            Fault::Forbid(prefix) => self.forbidden.push(prefix),
            Fault::Refuse(verb, resource) => self.refused.push((verb, resource)),
            Fault::Delay(delay) => self.delay = delay,
            Fault::FailLists(times) => self.fail_lists = times,
            Fault::TooMany(times, seconds) => self.too_many = (times, seconds),
            Fault::Unserve(plural) => self.unserved.push(plural),
            Fault::Stale(group) => self.stale.push(group),
            Fault::Broken(group, code) => self.broken.push((group, code)),
            Fault::Clear => *self = Self::default(),
        }
    }

    /// Whether a path is forbidden.
    pub fn forbids(&self, path: &str) -> bool {
        self.forbidden.iter().any(|prefix| path.starts_with(prefix))
    }

    /// Whether a verb on a resource is refused.
    pub fn refuses(&self, verb: &str, resource: &str) -> bool {
        self.refused.iter().any(|(v, r)| (v == verb || v == "*") && r == resource)
    }

    /// Whether a kind is served.
    pub fn serves(&self, plural: &str) -> bool {
        !self.unserved.iter().any(|gone| gone == plural)
    }

    /// Whether the server of a group does not answer.
    pub fn is_stale(&self, group: &str) -> bool {
        self.stale.iter().any(|stale| stale == group)
    }

    /// What stands in the way of any request.
    ///
    /// # Errors
    /// With the fault's answer.
    pub fn check(&mut self, request: &Request) -> Result<(), Failure> {
        if take(&mut self.too_many.0) {
            let message = "the server has received too many requests and has asked us to try again later";
            let mut failure = Failure::new(429, "TooManyRequests", message);
            failure.details = serde_json::json!({"retryAfterSeconds": self.too_many.1});
            return Err(failure);
        }
        let asked = request.path.strip_prefix("/apis/").and_then(|path| path.split('/').next());
        if let Some((_, code)) = self.broken.iter().find(|(group, _)| Some(group.as_str()) == asked) {
            return Err(Failure::new(*code, "ServiceUnavailable", "service unavailable"));
        }
        let target = request.target().ok();
        if target.as_ref().is_some_and(|target| !self.serves(target.resource.plural)) {
            return Err(Failure::no_path());
        }
        let verbs = target.as_ref().map(|target| verbs(request, target)).unwrap_or_default();
        let named = target.as_ref().map(Target::resource_name).unwrap_or_default();
        let refused = verbs.iter().find(|verb| self.refuses(verb, &named));
        match (refused, verbs.first()) {
            (Some(verb), _) => Err(forbidden(request, target, verb)),
            (None, verb) if self.forbids(&request.path) => Err(forbidden(request, target, verb.unwrap_or(&""))),
            _ => Ok(()),
        }
    }

    /// What stands in the way of a list.
    ///
    /// # Errors
    /// 500 when lists are to fail.
    pub fn check_list(&mut self) -> Result<(), Failure> {
        if take(&mut self.fail_lists) {
            return Err(Failure::new(500, "InternalError", "Internal error occurred: etcdserver: request timed out"));
        }
        Ok(())
    }

    /// What stands in the way of a watch.
    ///
    /// # Errors
    /// 410 when the next watch is to be refused.
    pub fn check_watch(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.gone) {
            return Err(Failure::expired("The resourceVersion for the provided watch is too old."));
        }
        Ok(())
    }

    /// Whether this watch is to be ended at once.
    pub fn ends_watch(&mut self) -> bool {
        take(&mut self.refuse)
    }

    /// Whether this list is to have an object in it that cannot be read.
    pub fn spoils(&mut self) -> bool {
        take(&mut self.unreadable)
    }
}

/// Counts one off; false when none was left.
fn take(times: &mut u32) -> bool {
    let left = *times > 0;
    *times = times.saturating_sub(1);
    left
}

/// What a request wants to be allowed to: one verb, or two for those that open a connection with GET.
pub(super) fn verbs(request: &Request, target: &Target) -> Vec<&'static str> {
    let connects = matches!(target.subresource.as_deref(), Some("exec" | "attach" | "portforward"));
    match (request.method.as_str(), &target.name) {
        ("GET", _) if connects => vec!["get", "create"],
        ("GET", _) if request.flag("watch") => vec!["watch"],
        ("GET", Some(_)) => vec!["get"],
        ("GET", None) => vec!["list"],
        ("POST", _) => vec!["create"],
        ("PUT", _) => vec!["update"],
        ("PATCH", _) => vec!["patch"],
        (_, Some(_)) => vec!["delete"],
        (_, None) => vec!["deletecollection"],
    }
}

/// 403 as the RBAC authorizer words it.
fn forbidden(request: &Request, target: Option<Target>, verb: &str) -> Failure {
    let Some(target) = target else {
        let message = format!("forbidden: User \"demo\" cannot get path \"{}\"", request.path);
        return Failure { details: serde_json::json!({}), ..Failure::new(403, "Forbidden", message) };
    };
    let (plural, group) = (target.resource.plural, target.resource.group);
    // A namespace is in itself.
    let inside = target.namespace.as_ref().or_else(|| target.name.as_ref().filter(|_| plural == "namespaces"));
    let place = match inside {
        Some(namespace) => format!("in the namespace \"{namespace}\""),
        None => "at the cluster scope".to_owned(),
    };
    let part = target.subresource.map(|part| format!("/{part}")).unwrap_or_default();
    let name = target.name.map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let message = format!(
        "{}{name} is forbidden: User \"demo\" cannot {verb} resource \"{plural}{part}\" in API group \"{group}\" {place}",
        target.resource.full_name()
    );
    let mut details = serde_json::json!({"kind": plural});
    for (field, value) in [("/name", name.trim().trim_matches('"')), ("/group", group)] {
        if !value.is_empty() {
            super::json::set(&mut details, field, value);
        }
    }
    Failure { details, ..Failure::new(403, "Forbidden", message) }
}
