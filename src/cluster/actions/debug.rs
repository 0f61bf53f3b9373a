//! Debugging containers, as kubectl 1.36 `pkg/cmd/debug`: one beside those of a pod, and a pod on a node.

use crate::cluster::gate::{Action, Danger, Draft, Live, Plan, Problem, Reader, Target, Undo, Wire, quoted};
use crate::cluster::json::put;
use crate::cluster::url;
use crate::kinds;
use crate::text::safe;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// How the names of ephemeral containers begin that are added here.
pub const PREFIX: &str = "debugger-rutter-";

/// The container of a pod that debugs a node.
pub const NODE_CONTAINER: &str = "debugger";

/// Adds an ephemeral container to a pod, with kubectl's profile "general". kubectl adds one each time; here one that runs
/// is used again.
#[derive(Debug, Clone)]
pub struct Debug {
    /// Its name.
    pub container: String,
    /// Its image.
    pub image: String,
    /// The container whose processes it sees; else the one that kubectl would take for exec.
    pub beside: Option<String>,
}

impl Action for Debug {
    fn verb(&self) -> &'static str {
        "debug"
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let beside = self.beside.as_ref().map(|name| format!(" --target={}", quoted(name))).unwrap_or_default();
        let (name, image, container) = (quoted(&target.name), quoted(&self.image), quoted(&self.container));
        Some(format!("debug {name} -n {} -it --image={image} -c {container}{beside}", quoted(&target.namespace)))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Debug {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        if matches!(live.text("/status/phase"), "Succeeded" | "Failed") {
            return Err(Problem::new(format!("{} is over", live.target), "its logs can still be read"));
        }
        if let Some(container) = self.running(live) {
            let Target { namespace, name, .. } = &live.target;
            return Ok(Plan::Instead(format!("debugger {namespace}/{name}/{container}")));
        }
        let path = live.target.subresource("ephemeralcontainers");
        let effect = format!("add container {} with image {} to {}", self.container, safe(&self.image), live.target);
        let draft = Draft::new(Wire::strategic(path, live.pinned(self.patch(live))), effect);
        Ok(draft.undone_by(Undo::Never).note("it ends with its shell, and is listed until the pod goes").plan())
    }

    /// What kubectl computes from the pod without and with the container.
    fn patch(&self, live: &Live) -> Value {
        let listed = live.object.pointer("/spec/ephemeralContainers").and_then(Value::as_array);
        let names = listed.into_iter().flatten().filter_map(|container| container.get("name").cloned());
        let order: Vec<Value> = names.chain([json!(self.container)]).map(|name| json!({"name": name})).collect();
        let mut patch = json!({"spec": {"ephemeralContainers": [{
            "name": self.container, "image": self.image, "resources": {}, "stdin": true, "tty": true,
            "terminationMessagePolicy": "File", "targetContainerName": self.beside(live),
            "securityContext": {"capabilities": {"add": ["SYS_PTRACE"]}},
        }]}});
        if order.len() > 1 {
            put(&mut patch, &["spec", "$setElementOrder/ephemeralContainers"], order.into());
        }
        patch
    }

    /// The container added here earlier, with this image beside the same container, that still runs.
    fn running<'a>(&self, live: &'a Live) -> Option<&'a str> {
        let list = |pointer: &str| live.object.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        let runs = |name: &str| {
            let mut statuses = list("/status/ephemeralContainerStatuses").filter(|status| text(status, "name") == name);
            statuses.any(|status| status.pointer("/state/running").is_some_and(Value::is_object))
        };
        let mut same = list("/spec/ephemeralContainers").filter(|container| {
            text(container, "image") == self.image && text(container, "targetContainerName") == self.beside(live)
        });
        same.find_map(|container| Some(text(container, "name")).filter(|name| name.starts_with(PREFIX) && runs(name)))
    }

    fn beside<'a>(&'a self, live: &'a Live) -> &'a str {
        let annotated = live.text("/metadata/annotations/kubectl.kubernetes.io~1default-container");
        let default = if annotated.is_empty() { live.text("/spec/containers/0/name") } else { annotated };
        self.beside.as_deref().unwrap_or(default)
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Makes a pod that is root on a node, with kubectl's profile "sysadmin"; whoever leaves its shell deletes it.
#[derive(Debug, Clone)]
pub struct DebugNode {
    /// Name of the pod.
    pub pod: String,
    /// Its namespace.
    pub namespace: String,
    /// Its image.
    pub image: String,
}

impl Action for DebugNode {
    fn verb(&self) -> &'static str {
        "debug"
    }

    fn danger(&self, _target: &Target) -> Danger {
        Danger::Grave
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let (node, image, namespace) = (quoted(&target.name), quoted(&self.image), quoted(&self.namespace));
        Some(format!("debug node/{node} -n {namespace} -it --image={image} --profile=sysadmin"))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl DebugNode {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let pods = kinds::find("pods").ok_or_else(|| Problem::new("pods are not known", ""))?;
        let path = url::collection(pods.names(), Some(&self.namespace));
        let effect = format!("create pod {}/{} on {}", self.namespace, self.pod, live.target);
        let draft = Draft::new(Wire::post(path, self.pod(live)), effect).brief().undone_by(Undo::Never);
        let privileged = "it is root on the node, with its files under /host";
        Ok(draft.note(privileged).note("it is deleted when you leave its shell").plan())
    }

    fn pod(&self, live: &Live) -> Value {
        json!({
            "apiVersion": "v1", "kind": "Pod",
            "metadata": {"name": self.pod, "namespace": self.namespace, "labels": {"app.kubernetes.io/managed-by": "rutter"}},
            "spec": {
                "containers": [{
                    "name": NODE_CONTAINER, "image": self.image, "resources": {}, "stdin": true, "tty": true,
                    "terminationMessagePolicy": "File", "securityContext": {"privileged": true},
                    "volumeMounts": [{"mountPath": "/host", "name": "host-root"}],
                }],
                "hostIPC": true, "hostNetwork": true, "hostPID": true,
                "nodeName": live.target.name, "restartPolicy": "Never",
                "tolerations": [{"operator": "Exists"}],
                "volumes": [{"hostPath": {"path": "/"}, "name": "host-root"}],
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, instead, refused};

    fn debug(beside: Option<&str>) -> Debug {
        Debug { container: "debugger-x".into(), image: "busybox".into(), beside: beside.map(str::to_owned) }
    }

    #[tokio::test]
    async fn the_patch_is_kubectls() {
        let mut pod = json!({
            "metadata": {"name": "web-1", "namespace": "shop", "uid": "u1", "resourceVersion": "7"},
            "spec": {"containers": [{"name": "app"}, {"name": "log"}], "ephemeralContainers": [{"name": "old"}]},
            "status": {"phase": "Running"},
        });
        let wire = drafted(&debug(None), "pods", &pod).await.wire;
        assert_eq!(wire.target(), "/api/v1/namespaces/shop/pods/web-1/ephemeralcontainers?fieldManager=rutter");
        assert_eq!((wire.method, wire.media), (http::Method::PATCH, "application/strategic-merge-patch+json"));
        let wanted = json!({"metadata": {"uid": "u1", "resourceVersion": "7"}, "spec": {
            "$setElementOrder/ephemeralContainers": [{"name": "old"}, {"name": "debugger-x"}],
            "ephemeralContainers": [{"name": "debugger-x", "image": "busybox", "resources": {}, "stdin": true, "tty": true,
                "terminationMessagePolicy": "File", "targetContainerName": "app",
                "securityContext": {"capabilities": {"add": ["SYS_PTRACE"]}}}],
        }});
        assert_eq!(wire.body, wanted);
        pod["metadata"]["annotations"] = json!({"kubectl.kubernetes.io/default-container": "log"});
        assert_eq!(beside(&drafted(&debug(None), "pods", &pod).await), "log");
        assert_eq!(beside(&drafted(&debug(Some("app")), "pods", &pod).await), "app");
        pod["status"]["phase"] = json!("Succeeded");
        assert_eq!(refused(&debug(None), "pods", &pod).await.sentence, "pod shop/web-1 is over");
    }

    fn beside(draft: &Draft) -> String {
        draft.wire.body["spec"]["ephemeralContainers"][0]["targetContainerName"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn one_that_runs_is_used_again() {
        let old = json!({"name": "debugger-rutter-o", "image": "busybox", "targetContainerName": "app"});
        let mut pod = json!({
            "metadata": {"name": "web-1", "namespace": "shop", "uid": "u1"},
            "spec": {"containers": [{"name": "app"}], "ephemeralContainers": [old]},
            "status": {"ephemeralContainerStatuses": [{"name": "debugger-rutter-o", "state": {"running": {}}}]},
        });
        assert_eq!(instead(&debug(None), "pods", &pod).await, "debugger shop/web-1/debugger-rutter-o");
        for (pointer, other) in [
            ("/spec/ephemeralContainers/0/image", json!("busybox:2")),
            ("/spec/ephemeralContainers/0/targetContainerName", json!("log")),
            ("/spec/ephemeralContainers/0/name", json!("debugger-x1")),
            ("/status/ephemeralContainerStatuses/0/state", json!({"terminated": {"exitCode": 0}})),
        ] {
            let mut changed = pod.clone();
            *changed.pointer_mut(pointer).unwrap() = other;
            assert_eq!(drafted(&debug(None), "pods", &changed).await.wire.method, http::Method::PATCH, "{pointer}");
        }
        pod["status"] = json!({"phase": "Failed"});
        assert!(refused(&debug(None), "pods", &pod).await.sentence.contains("is over"));
    }

    #[tokio::test]
    async fn a_pod_on_a_node_is_root_there() {
        let action = DebugNode { pod: "node-debugger-n1-x".into(), namespace: "ops".into(), image: "busybox".into() };
        let draft = drafted(&action, "nodes", &json!({"metadata": {"name": "n1", "uid": "u"}})).await;
        assert_eq!(draft.wire.target(), "/api/v1/namespaces/ops/pods?fieldManager=rutter");
        let spec = &draft.wire.body["spec"];
        for host in ["hostPID", "hostIPC", "hostNetwork"] {
            assert_eq!(spec[host], true, "{host}");
        }
        assert_eq!((&spec["nodeName"], &spec["restartPolicy"]), (&json!("n1"), &json!("Never")));
        assert_eq!(spec["containers"][0]["securityContext"], json!({"privileged": true}));
        assert!(draft.notes.iter().any(|note| note.contains("root on the node")));
    }
}
