//! On the real node: what a played one cannot show, because there no container runs.

mod copies;
mod debug;
mod exec;
mod forward;
mod gone;
mod logs;
mod sessions;
mod states;

use super::control_plane::{self, Plane};
use super::wire::Wire;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long a container may take to do what it is to do, on a machine with more to do.
pub const A_WHILE: Duration = Duration::from_mins(2);

/// An image with a shell and all that belongs to it.
pub const BOX: &str = "registry.invalid/box:1";

/// A namespace on the real node, in which a test makes what it likes.
pub struct Space {
    /// The control plane.
    pub plane: &'static Plane,
    /// Its admin.
    pub wire: Wire,
    /// The namespace.
    pub name: &'static str,
}

impl Space {
    /// Makes the namespace; nothing where no real node can run, which was then said loudly.
    pub async fn open(name: &'static str) -> Option<Self> {
        let plane = control_plane::real_node()?;
        let space = Self { plane, wire: Wire(plane.anything("").await), name };
        space.wire.post("/api/v1/namespaces", &json!({"metadata": {"name": name}})).await.ok(name);
        // Pods are refused before it is there.
        space.until("serviceaccounts/default", "a service account", |account| !account.is_null()).await;
        Some(space)
    }

    /// Where things of this namespace are, of the core API group.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/v1/namespaces/{}/{rest}", self.name)
    }

    /// Makes a pod.
    pub async fn make(&self, name: &str, spec: Value) -> Value {
        let pod = json!({"metadata": {"name": name, "labels": {"app": name}}, "spec": spec});
        self.wire.post(&self.path("pods"), &pod).await.ok(name)
    }

    /// Makes a pod and waits until it is ready.
    pub async fn run(&self, name: &str, spec: Value) -> Value {
        self.make(name, spec).await;
        self.until(&format!("pods/{name}"), "the pod is ready", |pod| condition(pod, "Ready") == "True").await
    }

    /// Asks for an object of the core API group until something holds of it; null stands for one that is not there.
    pub async fn until(&self, rest: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        self.until_at(&self.path(rest), what, holds).await
    }

    /// The same of an object anywhere.
    pub async fn until_at(&self, path: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + A_WHILE;
        loop {
            let answer = self.wire.get(path).await;
            let object = if answer.code == 404 { Value::Null } else { answer.ok(path) };
            if holds(&object) {
                return object;
            }
            assert!(Instant::now() < end, "{path}: not yet: {what}: {object}");
            sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The spec of a pod whose only container, `main`, runs a script of the shell; `more` is added to the container.
pub fn shell(script: &str, more: Value) -> Value {
    let mut container =
        json!({"name": "main", "image": BOX, "imagePullPolicy": "Never", "command": ["sh", "-c", script]});
    if let (Value::Object(container), Value::Object(more)) = (&mut container, more) {
        container.extend(more);
    }
    json!({"containers": [container], "terminationGracePeriodSeconds": 5})
}

/// What a condition of an object says, `""` when it is not there.
pub fn condition<'a>(object: &'a Value, kind: &str) -> &'a str {
    let all = object["status"]["conditions"].as_array().into_iter().flatten();
    all.filter(|condition| condition["type"] == kind).find_map(|found| found["status"].as_str()).unwrap_or_default()
}
