//! Pods, with their containers and volumes.

use super::common::{
    conditions, controlled_by, labels, labels_and_annotations, lines_under, name_and_namespace, namespace, reference,
    selector_or_none, terminating,
};
use super::container::{Within, containers, resources, seccomp};
use super::json::Json;
use super::qos::class;
use super::related::{Related, Want};
use super::volume::volumes;
use super::writer::Writer;

/// The events of a pod; those of a static one are told about the file that it comes from.
pub(super) fn wants(pod: Json<'_>) -> Vec<Want> {
    let mirrored = pod.at("metadata.annotations").key("kubernetes.io/config.mirror");
    let uid = if mirrored.is_set() { mirrored } else { pod.at("metadata.uid") };
    vec![Want::events(pod, "Pod", uid.text())]
}

/// The description.
pub(super) fn describe(pod: Json<'_>, _: &Related, out: &mut Writer) {
    name_and_namespace(pod, out);
    place(pod, out);
    labels_and_annotations(pod, out);
    state(pod, out);
    if pod.at("spec.resources").is_set() {
        out.line(0, "Resources:");
        resources(pod.at("spec.resources"), 1, out);
    }
    let within = Within { space: "", namespace: namespace(pod), pod: Some(pod) };
    let of = |containers: &str, statuses: &str| (pod.at("spec").at(containers), pod.at("status").at(statuses));
    if !pod.at("spec.initContainers").is_empty() {
        containers("Init Containers", of("initContainers", "initContainerStatuses"), within, out);
    }
    containers("Containers", of("containers", "containerStatuses"), within, out);
    if !pod.at("spec.ephemeralContainers").is_empty() {
        let all = of("ephemeralContainers", "ephemeralContainerStatuses");
        containers("Ephemeral Containers", all, within, out);
    }
    gates_and_conditions(pod, out);
    volumes(pod.at("spec.volumes"), ("", namespace(pod)), out);
    out.field(0, "QoS Class", class(pod));
    labels(pod.at("spec.nodeSelector"), ("", "Node-Selectors"), out);
    tolerations(pod.at("spec.tolerations"), "Tolerations", out);
    spread(pod.at("spec.topologySpreadConstraints"), "", out);
    scheduling_group(pod.at("spec.schedulingGroup"), "", out);
}

/// Priority, account and node.
fn place(pod: Json<'_>, out: &mut Writer) {
    let spec = pod.at("spec");
    let namespace = pod.at("metadata.namespace").text();
    if spec.at("priority").is_set() {
        out.field(0, "Priority", spec.at("priority"));
    }
    for (title, key, of, namespace) in [
        ("Priority Class Name", "priorityClassName", ("scheduling.k8s.io", "PriorityClass"), ""),
        ("Runtime Class Name", "runtimeClassName", ("node.k8s.io", "RuntimeClass"), ""),
        ("Service Account", "serviceAccountName", ("", "ServiceAccount"), namespace),
    ] {
        let name = spec.at(key).text();
        if !name.is_empty() {
            out.field(0, title, name);
            out.leads(reference(of, namespace, name));
        }
    }
    match spec.at("nodeName").text() {
        "" => out.field(0, "Node", "<none>"),
        node => {
            out.field(0, "Node", format!("{node}/{}", pod.at("status.hostIP")));
            out.leads(reference(("", "Node"), "", node));
        }
    }
    if pod.at("status.startTime").is_set() {
        out.field(0, "Start Time", out.moment(pod.at("status.startTime").text()));
    }
}

/// How it fares, and its addresses.
fn state(pod: Json<'_>, out: &mut Writer) {
    let deleted = pod.at("metadata.deletionTimestamp");
    if deleted.is_set() && !["Failed", "Succeeded"].contains(&pod.at("status.phase").text()) {
        terminating(deleted, out);
        let seconds = pod.at("metadata.deletionGracePeriodSeconds").int();
        out.field(0, "Termination Grace Period", format!("{seconds}s"));
    } else {
        phase(pod, out);
    }
    for (title, key) in [("Reason", "reason"), ("Message", "message")] {
        let text = pod.at("status").at(key).text();
        if !text.is_empty() {
            out.field(0, title, text);
        }
    }
    seccomp(pod.at("spec.securityContext"), (0, 0), out);
    out.field(0, "IP", pod.at("status.podIP"));
    let addresses = pod.at("status.podIPs");
    out.line(0, if addresses.is_empty() { "IPs:\t<none>" } else { "IPs:" });
    addresses.list().for_each(|address| out.field(1, "IP", address.at("ip")));
    controlled_by(pod, out);
    let nominated = pod.at("status.nominatedNodeName").text();
    if !nominated.is_empty() {
        out.field(0, "NominatedNodeName", nominated);
        out.leads(reference(("", "Node"), "", nominated));
    }
}

/// The phase, which says nothing of a deletion here.
fn phase(pod: Json<'_>, out: &mut Writer) {
    use crate::kinds::cell::Tone;
    let phase = pod.at("status.phase").text();
    let tone = match phase {
        "Running" => Tone::Good,
        "Pending" => Tone::Busy,
        "Failed" | "Unknown" => Tone::Bad,
        _ => Tone::Quiet,
    };
    out.toned(0, "Status", (phase, tone));
}

fn gates_and_conditions(pod: Json<'_>, out: &mut Writer) {
    let known = pod.at("status.conditions");
    let gates = pod.at("spec.readinessGates");
    if !gates.is_empty() {
        out.line(0, "Readiness Gates:\n  Type\tStatus");
    }
    for gate in gates.list() {
        let kind = gate.at("conditionType").text();
        let condition = known.list().find(|condition| condition.at("type").text() == kind);
        out.line(1, format!("{kind} \t{} ", condition.map_or("<none>", |condition| condition.at("status").text())));
    }
    if !known.is_empty() {
        out.line(0, "Conditions:\n  Type\tStatus");
        conditions(known, &["type", "status"], " ", out);
    }
}

/// What the pod puts up with, sorted by key.
pub(super) fn tolerations(tolerations: Json<'_>, title: &str, out: &mut Writer) {
    let mut all: Vec<Json<'_>> = tolerations.list().collect();
    all.sort_by_key(|toleration| toleration.at("key").text());
    lines_under(("", title), all.into_iter().map(toleration), out);
}

fn toleration(toleration: Json<'_>) -> String {
    let of = |name| toleration.at(name).text();
    let marked = |sign: &str, text: &str| if text.is_empty() { String::new() } else { format!("{sign}{text}") };
    let mut line = of("key").to_owned() + &marked("=", of("value")) + &marked(":", of("effect"));
    if of("operator") == "Exists" && of("value").is_empty() {
        line += if line.is_empty() { "op=Exists" } else { " op=Exists" };
    }
    let seconds = toleration.at("tolerationSeconds");
    if seconds.is_set() {
        line += &marked(" for ", &(seconds.to_string() + "s"));
    }
    line
}

/// How evenly its like shall be spread, where something says so.
pub(super) fn spread(constraints: Json<'_>, space: &str, out: &mut Writer) {
    let mut all: Vec<Json<'_>> = constraints.list().collect();
    if all.is_empty() {
        return;
    }
    all.sort_by_key(|constraint| constraint.at("topologyKey").text());
    let lines = all.into_iter().map(|constraint| {
        let selector = constraint.at("labelSelector");
        let selector =
            if selector.is_set() { format!(" for selector {}", selector_or_none(selector)) } else { String::new() };
        format!(
            "{}:{} when max skew {} is exceeded{selector}",
            constraint.at("topologyKey"),
            constraint.at("whenUnsatisfiable"),
            constraint.at("maxSkew").int()
        )
    });
    lines_under((space, "Topology Spread Constraints"), lines, out);
}

/// The group that is scheduled together.
pub(super) fn scheduling_group(group: Json<'_>, space: &str, out: &mut Writer) {
    if group.is_set() {
        out.line(0, format!("{space}SchedulingGroup:"));
        out.field(1, "PodGroupName", group.at("podGroupName"));
    }
}
