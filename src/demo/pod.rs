//! Pods: made from a template, and the status that the kubelet writes.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::clock::{ago, stamp};
use super::json::{Random, flag, has, int, list, set, set_key, text};

/// How a container is.
#[derive(Debug, Clone, PartialEq)]
pub enum Is {
    /// Not begun: `ContainerCreating`, or `PodInitializing` while init containers run.
    Creating,
    /// Waiting for this reason.
    Waiting(&'static str, String),
    /// Running, and ready or not.
    Running(bool),
    /// Ended for this reason with this exit code.
    Ended(&'static str, i64),
}

/// A container as the kubelet sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its state.
    pub is: Is,
    /// How often it was restarted.
    pub restarts: i64,
    /// How its last run ended: reason, exit code, and how many seconds ago.
    pub last: Option<(&'static str, i64, i64)>,
    /// Seconds since it entered its state.
    pub since: i64,
}

impl Seen {
    /// A container that has never been restarted.
    pub fn new(is: Is, since: i64) -> Self {
        Self { is, restarts: 0, last: None, since }
    }
}

/// The address of a node, from its place in the list of nodes.
pub fn node_address(node: &str) -> String {
    let digits: String = node.chars().filter(char::is_ascii_digit).collect();
    let number: u32 = digits.parse().unwrap_or_default();
    format!("10.0.{}.{}", u32::from(node.starts_with("worker")), 10 + number)
}

/// A pod made from a workload's template.
pub fn of_template(owner: &Value, template: &Value, name: &str) -> Value {
    let mut pod = json!({"apiVersion": "v1", "kind": "Pod", "spec": template.get("spec")});
    set(&mut pod, "/metadata", template.get("metadata").cloned().unwrap_or_else(|| json!({})));
    super::json::remove(&mut pod, "/metadata/creationTimestamp");
    set(&mut pod, "/metadata/name", name);
    set(&mut pod, "/metadata/namespace", text(owner, "/metadata/namespace"));
    set(&mut pod, "/metadata/ownerReferences", json!([reference(owner)]));
    if let Some((base, _)) = name.rsplit_once('-').filter(|_| text(owner, "/kind") != "StatefulSet") {
        set(&mut pod, "/metadata/generateName", format!("{base}-"));
    }
    complete(&mut pod);
    pod
}

/// The reference by which an object names its controller.
pub fn reference(owner: &Value) -> Value {
    json!({
        "apiVersion": text(owner, "/apiVersion"), "kind": text(owner, "/kind"), "name": text(owner, "/metadata/name"),
        "uid": text(owner, "/metadata/uid"), "controller": true, "blockOwnerDeletion": true,
    })
}

/// Gives a new pod what admission and defaulting give it.
pub fn complete(pod: &mut Value) {
    let service_account = match text(pod, "/spec/serviceAccountName") {
        "" => "default".to_owned(),
        given => given.to_owned(),
    };
    for (path, value) in [
        ("/spec/serviceAccountName", json!(service_account)),
        ("/spec/serviceAccount", json!(service_account)),
        ("/spec/restartPolicy", json!("Always")),
        ("/spec/dnsPolicy", json!("ClusterFirst")),
        ("/spec/schedulerName", json!("default-scheduler")),
        ("/spec/terminationGracePeriodSeconds", json!(30)),
        ("/spec/enableServiceLinks", json!(true)),
        ("/spec/priority", json!(0)),
        ("/spec/preemptionPolicy", json!("PreemptLowerPriority")),
        ("/spec/securityContext", json!({})),
        ("/spec/tolerations", tolerations()),
        ("/status", json!({"phase": "Pending", "qosClass": quality(pod)})),
    ] {
        if !has(pod, path) {
            set(pod, path, value);
        }
    }
    mount_token(pod);
}

fn tolerations() -> Value {
    let one = |key: &str| json!({"key": key, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300});
    json!([one("node.kubernetes.io/not-ready"), one("node.kubernetes.io/unreachable")])
}

/// The quality of service class, from what the containers ask for.
fn quality(pod: &Value) -> &'static str {
    let resources: Vec<_> = list(pod, "/spec/containers").iter().filter_map(|c| c.get("resources")).collect();
    let limited = |r: &&Value| r.get("limits").is_some() && r.get("limits") == r.get("requests");
    match resources.iter().any(|r| r.as_object().is_some_and(|r| !r.is_empty())) {
        false => "BestEffort",
        true if resources.iter().all(limited) => "Guaranteed",
        true => "Burstable",
    }
}

/// The service account's token, as a volume in every container.
fn mount_token(pod: &mut Value) {
    let mut volumes = list(pod, "/spec/volumes").to_vec();
    if volumes.iter().any(|v| text(v, "/name").starts_with("kube-api-access-")) {
        return;
    }
    let volume = format!("kube-api-access-{}", Random::of(text(pod, "/metadata/name")).suffix(5));
    volumes.push(json!({"name": volume, "projected": {"defaultMode": 420, "sources": [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
    ]}}));
    set(pod, "/spec/volumes", volumes);
    let mount = json!({"name": volume, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "readOnly": true});
    for path in ["/spec/containers", "/spec/initContainers"] {
        for container in pod.pointer_mut(path).and_then(Value::as_array_mut).into_iter().flatten() {
            complete_container(container, &mount);
        }
    }
}

fn complete_container(container: &mut Value, mount: &Value) {
    let mut mounts = list(container, "/volumeMounts").to_vec();
    mounts.push(mount.clone());
    set(container, "/volumeMounts", mounts);
    for (path, value) in [
        ("/resources", json!({})),
        ("/imagePullPolicy", json!("IfNotPresent")),
        ("/terminationMessagePath", json!("/dev/termination-log")),
        ("/terminationMessagePolicy", json!("File")),
    ] {
        if !has(container, path) {
            set(container, path, value);
        }
    }
}

/// Puts a pod on a node.
pub fn bind(pod: &mut Value, node: &str, now: Timestamp) {
    set(pod, "/spec/nodeName", node);
    condition(pod, ("PodScheduled", true), now);
}

/// Leaves a pod without a node, with the scheduler's reason.
pub fn unschedulable(pod: &mut Value, why: &str, now: Timestamp) {
    condition(pod, ("PodScheduled", false), now);
    for each in pod.pointer_mut("/status/conditions").and_then(Value::as_array_mut).into_iter().flatten() {
        set(each, "/reason", "Unschedulable");
        set(each, "/message", why);
    }
}

/// Writes one condition; its transition time changes with its value only.
pub fn condition(object: &mut Value, (kind, holds): (&str, bool), now: Timestamp) {
    let mut all = list(object, "/status/conditions").to_vec();
    let status = if holds { "True" } else { "False" };
    let old = all.iter().position(|c| text(c, "/type") == kind);
    if old.and_then(|at| all.get(at)).is_some_and(|c| text(c, "/status") == status) {
        return;
    }
    let new = json!({"type": kind, "status": status, "lastProbeTime": null, "lastTransitionTime": stamp(now)});
    match old.and_then(|at| all.get_mut(at)) {
        Some(place) => *place = new,
        None => all.push(new),
    }
    set(object, "/status/conditions", all);
}

/// Writes phase, conditions and the status of every container: first the init containers, then the others.
pub fn show(pod: &mut Value, (phase, seen): (&str, &[Seen]), now: Timestamp) {
    let inits = list(pod, "/spec/initContainers").to_vec();
    let mains = list(pod, "/spec/containers").to_vec();
    let (init_seen, main_seen) = seen.split_at_checked(inits.len()).unwrap_or((&[], seen));
    let done = inits.iter().zip(init_seen).all(|(spec, seen)| match seen.is {
        Is::Running(_) => text(spec, "/restartPolicy") == "Always",
        Is::Ended(_, code) => code == 0,
        _ => false,
    });
    let host = node_address(text(pod, "/spec/nodeName"));
    let uid = text(pod, "/metadata/uid").to_owned();
    let status = |is_init| {
        let uid = uid.as_str();
        move |(spec, seen): (&Value, &Seen)| container((spec, seen), (uid, is_init, !done), now)
    };
    let init: Vec<_> = inits.iter().zip(init_seen).map(status(true)).collect();
    let main: Vec<_> = mains.iter().zip(main_seen).map(status(false)).collect();
    let ready = done && !main.is_empty() && main.iter().chain(&init).all(|c| flag(c, "/ready"));
    let begun = main_seen.iter().chain(init_seen).any(|s| !matches!(s.is, Is::Creating));
    set(pod, "/status/phase", phase);
    set(pod, "/status/hostIP", host.as_str());
    set(pod, "/status/hostIPs", json!([{"ip": host}]));
    if begun && !has(pod, "/status/podIP") {
        address(pod, &host);
    }
    if !has(pod, "/status/startTime") {
        let scheduled = list(pod, "/status/conditions").iter().find(|c| text(c, "/type") == "PodScheduled");
        let moment = scheduled.map_or_else(|| stamp(now), |c| text(c, "/lastTransitionTime").to_owned());
        set(pod, "/status/startTime", moment);
    }
    set(pod, "/status/containerStatuses", main);
    if !init.is_empty() {
        set(pod, "/status/initContainerStatuses", init);
    }
    let since = ago(now, main_seen.iter().map(|s| s.since).min().unwrap_or_default());
    for (kind, holds) in
        [("PodReadyToStartContainers", begun), ("Initialized", done), ("Ready", ready), ("ContainersReady", ready)]
    {
        condition(pod, (kind, holds), since);
    }
}

fn address(pod: &mut Value, host: &str) {
    let network = flag(pod, "/spec/hostNetwork");
    let mut random = Random::of(text(pod, "/metadata/uid"));
    let third = host.rsplit('.').next().unwrap_or("0").to_owned();
    let ip = if network { host.to_owned() } else { format!("10.244.{third}.{}", random.between(2, 254)) };
    set(pod, "/status/podIP", ip.as_str());
    set(pod, "/status/podIPs", json!([{"ip": ip}]));
}

/// The status of one container.
fn container((spec, seen): (&Value, &Seen), (uid, is_init, initializing): (&str, bool, bool), now: Timestamp) -> Value {
    let (name, image) = (text(spec, "/name"), text(spec, "/image"));
    let run = |number: i64| format!("containerd://{}", digest(&format!("{uid}{name}{number}")));
    let moment = stamp(ago(now, seen.since));
    let state = match &seen.is {
        Is::Creating if initializing && !is_init => json!({"waiting": {"reason": "PodInitializing"}}),
        Is::Creating => json!({"waiting": {"reason": "ContainerCreating"}}),
        Is::Waiting(reason, message) => json!({"waiting": {"reason": reason, "message": message}}),
        Is::Running(_) => json!({"running": {"startedAt": moment}}),
        Is::Ended(reason, code) => ended((reason, *code), (&moment, &moment), &run(seen.restarts)),
    };
    let ready = match seen.is {
        Is::Running(ready) => ready,
        Is::Ended(_, code) => is_init && code == 0,
        _ => false,
    };
    let started = matches!(seen.is, Is::Running(_));
    let mut status = json!({
        "name": name, "image": image, "imageID": "", "restartCount": seen.restarts, "ready": ready, "started": started,
        "state": state, "lastState": {},
    });
    if !matches!(seen.is, Is::Creating) && !image.contains("missing") {
        set(&mut status, "/imageID", format!("{}@sha256:{}", image.split(':').next().unwrap_or(image), digest(image)));
        set(&mut status, "/containerID", run(seen.restarts));
    }
    if let Some((reason, code, seconds)) = seen.last {
        let end = stamp(ago(now, seconds));
        let begin = stamp(ago(now, seconds + 14));
        set(&mut status, "/lastState", ended((reason, code), (&begin, &end), &run(seen.restarts - 1)));
    }
    status
}

fn ended((reason, code): (&str, i64), (begin, end): (&str, &str), id: &str) -> Value {
    json!({"terminated": {"reason": reason, "exitCode": code, "startedAt": begin, "finishedAt": end, "containerID": id}})
}

/// Sixty-four hexadecimal digits that depend on the text.
fn digest(text: &str) -> String {
    Random::of(text).digest()
}

/// Whether the pod is ready.
pub fn is_ready(pod: &Value) -> bool {
    list(pod, "/status/conditions").iter().any(|c| text(c, "/type") == "Ready" && text(c, "/status") == "True")
}

/// Whether the pod is running or going to, and is not being deleted.
pub fn is_active(pod: &Value) -> bool {
    !has(pod, "/metadata/deletionTimestamp") && !matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")
}

/// The highest number of restarts among the containers.
pub fn restarts(pod: &Value) -> i64 {
    list(pod, "/status/containerStatuses").iter().map(|c| int(c, "/restartCount")).max().unwrap_or_default()
}

/// Writes an annotation.
pub fn annotate(object: &mut Value, name: &str, value: impl Into<Value>) {
    set_key(object, "/metadata/annotations", name, value);
}
