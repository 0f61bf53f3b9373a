//! The pods that are not well when the story begins, and the node that is not.

use serde_json::{Value, json};

use super::build::{keep, labels};
use super::workloads::well;
use crate::demo::clock::{ago, stamp};
use crate::demo::json::{list, set, text};
use crate::demo::pod::{self, Is, Seen};
use crate::demo::store::Name;
use crate::demo::story::{events, lose_node};
use crate::demo::world::World;

/// Gives some pods their troubles.
pub fn enter(world: &mut World) {
    let message = "back-off 2m40s restarting failed container=recommendations".to_owned();
    let crash =
        Seen { is: Is::Waiting("CrashLoopBackOff", message), restarts: 7, last: Some(("Error", 1, 95)), since: 95 };
    trouble(world, ("shop", "recommendations", 0), &crash);
    let killed = Seen { is: Is::Running(true), restarts: 4, last: Some(("OOMKilled", 137, 410)), since: 409 };
    trouble(world, ("payments", "fraud-check", 0), &killed);
    let again = Seen { is: Is::Running(true), restarts: 1, last: Some(("Error", 2, 190_000)), since: 189_000 };
    trouble(world, ("monitoring", "prometheus", 0), &again);
    let slow = Seen { is: Is::Running(false), restarts: 0, last: None, since: 70 };
    trouble(world, ("shop", "search", 1), &slow);
    waiting_init(world);
    unscheduled(world);
    lonely(world);
    lose_node(world, "worker-4");
}

/// The `at`th pod of an app.
pub fn pod_of(world: &World, (namespace, app, at): (&str, &str, usize)) -> Option<Name> {
    let mine = |pod: &Value| {
        pod.pointer("/metadata/labels").and_then(|l| l.get("app.kubernetes.io/name")).is_some_and(|l| l == app)
    };
    world.store.all("pods").filter(|((ns, _), pod)| ns == namespace && mine(pod)).nth(at).map(|(name, _)| name.clone())
}

/// Puts the first container of a pod into a state.
fn trouble(world: &mut World, whose: (&str, &str, usize), first: &Seen) {
    let Some(name) = pod_of(world, whose) else { return };
    let now = world.now();
    let said = matches!(first.is, Is::Waiting(..));
    world.edit("pods", &name, |pod| {
        let mut seen = well(pod, 86_400);
        let at = list(pod, "/spec/initContainers").len();
        seen.iter_mut().skip(at).take(1).for_each(|place| *place = first.clone());
        pod::show(pod, ("Running", &seen), now);
    });
    if let (true, Some(pod)) = (said, world.get("pods", &name)) {
        let message = format!("Back-off restarting failed container {} in pod {}_{}", whose.1, name.1, name.0);
        events::warning(world, &pod, events::Said { by: "kubelet", reason: "BackOff", message: &message });
    }
}

/// A pod whose init container still waits.
fn waiting_init(world: &mut World) {
    let Some(name) = pod_of(world, ("payments", "invoices", 0)) else { return };
    let now = world.now();
    world.edit("pods", &name, |pod| {
        let seen = [Seen::new(Is::Running(false), 340), Seen::new(Is::Creating, 340)];
        pod::show(pod, ("Pending", &seen), now);
    });
}

/// The third broker asks for more memory than any node has.
fn unscheduled(world: &mut World) {
    let Some(name) = pod_of(world, ("data", "kafka", 2)) else { return };
    let now = world.now();
    let why = "0/5 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 4 Insufficient memory. preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.";
    world.edit("pods", &name, |pod| {
        crate::demo::json::remove(pod, "/spec/nodeName");
        let mut containers = list(pod, "/spec/containers").to_vec();
        for container in &mut containers {
            set(container, "/resources/requests/memory", "96Gi");
        }
        set(pod, "/spec/containers", containers);
        set(pod, "/status", json!({"phase": "Pending", "qosClass": "Burstable"}));
        set(pod, "/metadata/creationTimestamp", stamp(ago(now, 2_700)));
        pod::unschedulable(pod, why, ago(now, 2_700));
    });
    if let Some(pod) = world.get("pods", &name) {
        events::warning(
            world,
            &pod,
            events::Said { by: "default-scheduler", reason: "FailedScheduling", message: why },
        );
    }
}

/// Pods without a controller: a toolbox, one that a finalizer holds, one that was evicted, one that failed.
fn lonely(world: &mut World) {
    alone(world, ("toolbox", "busybox:1.37", 5 * 86_400), |pod, _| {
        let mut volumes = list(pod, "/spec/volumes").to_vec();
        volumes.push(json!({"name": "scratch", "emptyDir": {}}));
        set(pod, "/spec/volumes", volumes);
    });
    alone(world, ("legacy-importer", "registry.shop.example/importer:0.3.0", 40 * 86_400), |pod, now| {
        set(pod, "/metadata/finalizers", json!(["shop.example/hold"]));
        set(pod, "/metadata/deletionTimestamp", now);
        set(pod, "/metadata/deletionGracePeriodSeconds", 30);
    });
    alone(world, ("report-evicted", "registry.shop.example/report:2.0.0", 9_000), |pod, _| {
        for path in ["/status/containerStatuses", "/status/podIP", "/status/podIPs"] {
            crate::demo::json::remove(pod, path);
        }
        set(pod, "/status/phase", "Failed");
        set(pod, "/status/reason", "Evicted");
        set(
            pod,
            "/status/message",
            "The node was low on resource: memory. Threshold quantity: 100Mi, available: 87Mi.",
        );
    });
    alone(world, ("migrate-failed", "registry.shop.example/migrate:5.2.0", 86_000), |pod, _| {
        set(pod, "/spec/restartPolicy", "Never");
        set(pod, "/status/phase", "Failed");
        let end = json!({"terminated": {"reason": "Error", "exitCode": 3, "startedAt": text(pod, "/status/startTime"), "finishedAt": text(pod, "/status/startTime")}});
        let mut all = list(pod, "/status/containerStatuses").to_vec();
        for status in &mut all {
            set(status, "/state", end.clone());
            set(status, "/ready", false);
            set(status, "/started", false);
        }
        set(pod, "/status/containerStatuses", all);
    });
}

fn alone(world: &mut World, (name, image, age): (&str, &str, i64), change: fn(&mut Value, &str)) {
    let container = json!({"name": "main", "image": image, "command": ["sleep", "infinity"]});
    let mut made = json!({
        "metadata": {"name": name, "namespace": "default", "labels": labels(name)}, "spec": {"containers": [container]},
    });
    pod::complete(&mut made);
    let (uid, now) = (world.random.uid(), world.now());
    set(&mut made, "/metadata/uid", uid);
    pod::bind(&mut made, "worker-1", ago(now, age));
    let seen = well(&made, age - 4);
    pod::show(&mut made, ("Running", &seen), now);
    change(&mut made, &stamp(ago(now, 700)));
    keep(world, ("pods", age), made);
}
