//! Namespaces, nodes, events, roles, and what else belongs to the whole cluster.

use jiff::Timestamp;
use serde_json::Value;

use super::cells::{age, count, or, string};
use super::{AGE, Column, DEFAULT, Form, NAME, column, integer, wide};
use crate::demo::json::{entries, flag, int, list, text};

pub fn columns(plural: &str) -> Option<&'static [Column]> {
    Some(match plural {
        "namespaces" => NAMESPACES,
        "nodes" => NODES,
        "events" => EVENTS,
        "componentstatuses" => COMPONENTS,
        "leases" => LEASES,
        "mutatingwebhookconfigurations" | "validatingwebhookconfigurations" => WEBHOOKS,
        "runtimeclasses" => RUNTIMES,
        "volumeattachments" => ATTACHMENTS,
        "priorityclasses" => PRIORITIES,
        "rolebindings" | "clusterrolebindings" => BINDINGS,
        "resourcequotas" => QUOTAS,
        "roles" | "clusterroles" | "customresourcedefinitions" | "limitranges" => DEFAULT,
        _ => return None,
    })
}

const NAMESPACES: &[Column] = &[NAME, column("Status", |o, _| string(o, "/status/phase")), AGE];

const NODES: &[Column] = &[
    NAME,
    column("Status", |o, _| status(o).into()),
    column("Roles", |o, _| roles(o).into()),
    AGE,
    column("Version", |o, _| string(o, "/status/nodeInfo/kubeletVersion")),
    wide("Internal-IP", |o, _| address(o, "InternalIP").into()),
    wide("External-IP", |o, _| address(o, "ExternalIP").into()),
    wide("OS-Image", |o, _| or(o, "/status/nodeInfo/osImage", "<unknown>")),
    wide("Kernel-Version", |o, _| {
        let kernel = or(o, "/status/nodeInfo/kernelVersion", "<unknown>");
        match text(o, "/status/nodeInfo/architecture") {
            "" => kernel,
            architecture => format!("{} ({architecture})", kernel.as_str().unwrap_or_default()).into(),
        }
    }),
    wide("Container-Runtime", |o, _| or(o, "/status/nodeInfo/containerRuntimeVersion", "<unknown>")),
];

const EVENTS: &[Column] = &[
    column("Last Seen", last_seen),
    column("Type", |o, _| string(o, "/type")),
    column("Reason", |o, _| string(o, "/reason")),
    column("Object", |o, _| {
        let kind = text(o, "/involvedObject/kind").to_lowercase();
        match text(o, "/involvedObject/name") {
            "" => kind.into(),
            name => format!("{kind}/{name}").into(),
        }
    }),
    wide("Subobject", |o, _| string(o, "/involvedObject/fieldPath")),
    wide("Source", |o, _| source(o).into()),
    column("Message", |o, _| text(o, "/message").trim().into()),
    wide("First Seen", |o, now| match text(o, "/firstTimestamp") {
        "" => age(o, "/eventTime", now),
        _ => age(o, "/firstTimestamp", now),
    }),
    wide("Count", |o, _| match (int(o, "/series/count"), int(o, "/count")) {
        (0, counted) => counted.max(1).into(),
        (series, _) => series.into(),
    }),
    Column { form: Form::Name, ..wide("Name", |o, _| string(o, "/metadata/name")) },
];

const COMPONENTS: &[Column] = &[
    NAME,
    column("Status", |o, _| match text(o, "/conditions/0/status") {
        "True" => "Healthy".into(),
        "False" => "Unhealthy".into(),
        _ => "Unknown".into(),
    }),
    column("Message", |o, _| string(o, "/conditions/0/message")),
    column("Error", |o, _| string(o, "/conditions/0/error")),
];

const LEASES: &[Column] = &[NAME, column("Holder", |o, _| string(o, "/spec/holderIdentity")), AGE];

const WEBHOOKS: &[Column] = &[NAME, integer("Webhooks", |o, _| list(o, "/webhooks").len().into()), AGE];

const RUNTIMES: &[Column] = &[NAME, column("Handler", |o, _| string(o, "/handler")), AGE];

const ATTACHMENTS: &[Column] = &[
    NAME,
    Column { form: Form::Name, ..column("Attacher", |o, _| string(o, "/spec/attacher")) },
    column("PV", |o, _| string(o, "/spec/source/persistentVolumeName")),
    column("Node", |o, _| string(o, "/spec/nodeName")),
    Column { form: Form::Boolean, ..column("Attached", |o, _| flag(o, "/status/attached").into()) },
    AGE,
];

const PRIORITIES: &[Column] = &[
    NAME,
    integer("Value", |o, _| count(o, "/value")),
    Column { form: Form::Boolean, ..column("Global-Default", |o, _| flag(o, "/globalDefault").into()) },
    AGE,
    column("PreemptionPolicy", |o, _| string(o, "/preemptionPolicy")),
];

const BINDINGS: &[Column] = &[
    NAME,
    column("Role", |o, _| format!("{}/{}", text(o, "/roleRef/kind"), text(o, "/roleRef/name")).into()),
    AGE,
    wide("Users", |o, _| subjects(o, "User").into()),
    wide("Groups", |o, _| subjects(o, "Group").into()),
    wide("ServiceAccounts", |o, _| subjects(o, "ServiceAccount").into()),
];

const QUOTAS: &[Column] =
    &[NAME, column("Request", |o, _| used(o, false).into()), column("Limit", |o, _| used(o, true).into()), AGE];

fn status(node: &Value) -> String {
    let ready = list(node, "/status/conditions").iter().find(|c| text(c, "/type") == "Ready");
    let word = match ready.map(|c| text(c, "/status")) {
        Some("True") => "Ready",
        Some(_) => "NotReady",
        None => "Unknown",
    };
    let closed = if flag(node, "/spec/unschedulable") { ",SchedulingDisabled" } else { "" };
    format!("{word}{closed}")
}

fn roles(node: &Value) -> String {
    let role = |(label, value): (&String, &Value)| match label.strip_prefix("node-role.kubernetes.io/") {
        Some(role) => Some(role.to_owned()),
        None if label == "kubernetes.io/role" => value.as_str().map(str::to_owned),
        None => None,
    };
    let mut all: Vec<_> = entries(node, "/metadata/labels").filter_map(role).filter(|role| !role.is_empty()).collect();
    all.sort();
    all.dedup();
    if all.is_empty() { "<none>".to_owned() } else { all.join(",") }
}

fn address<'a>(node: &'a Value, kind: &str) -> &'a str {
    let found = list(node, "/status/addresses").iter().find(|a| text(a, "/type") == kind);
    found.map_or("<none>", |a| text(a, "/address"))
}

fn last_seen(event: &Value, now: Timestamp) -> Value {
    let paths = ["/series/lastObservedTime", "/lastTimestamp", "/firstTimestamp", "/eventTime"];
    let path = paths.into_iter().find(|path| !text(event, path).is_empty());
    age(event, path.unwrap_or("/eventTime"), now)
}

fn source(event: &Value) -> String {
    let (component, host) = (text(event, "/source/component"), text(event, "/source/host"));
    let (component, host) = match component {
        "" => (text(event, "/reportingComponent"), text(event, "/reportingInstance")),
        component => (component, host),
    };
    match (component, host) {
        (component, "") => component.to_owned(),
        (component, host) => format!("{component}, {host}"),
    }
}

fn subjects(binding: &Value, kind: &str) -> String {
    let named = list(binding, "/subjects").iter().filter(|s| text(s, "/kind") == kind);
    let name = |s: &Value| match text(s, "/namespace") {
        "" => text(s, "/name").to_owned(),
        namespace => format!("{namespace}/{}", text(s, "/name")),
    };
    named.map(name).collect::<Vec<_>>().join(", ")
}

fn used(quota: &Value, limits: bool) -> String {
    let of = entries(quota, "/status/hard").filter(|(name, _)| name.starts_with("limits.") == limits);
    let one = |(name, hard): (&String, &Value)| {
        let used = crate::demo::json::key(quota, "/status/used", name);
        format!("{name}: {}/{}", if used.is_empty() { "0" } else { used }, hard.as_str().unwrap_or_default())
    };
    of.map(one).collect::<Vec<_>>().join(", ")
}
