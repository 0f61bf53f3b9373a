//! Containers of a pod or of a pod template, with their state.

use super::env;
use super::json::Json;
use super::probe::probe;
use super::writer::Writer;
use crate::kinds::cell::Tone;

/// Where containers stand: in a pod, or indented in a template.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    /// Spaces before the title.
    pub space: &'a str,
    /// The namespace of the pod, or of those of the template.
    pub namespace: &'a str,
    /// The pod whose fields variables take; a template has none.
    pub pod: Option<Json<'a>>,
}

/// All containers of a list, under a title.
pub(super) fn containers(
    title: &str,
    (containers, statuses): (Json<'_>, Json<'_>),
    within: Within<'_>,
    out: &mut Writer,
) {
    let none = if containers.is_empty() { " <none>" } else { "" };
    out.line(0, format!("{}{title}:{none}", within.space));
    for container in containers.list() {
        // The last status of a name counts.
        let status = statuses.list().rev().find(|status| status.at("name").text() == container.at("name").text());
        one(container, status, within, out);
    }
}

fn one(container: Json<'_>, status: Option<Json<'_>>, within: Within<'_>, out: &mut Writer) {
    let indent = if within.space.is_empty() { "" } else { " " };
    out.line(1, format!("{indent}{}:", container.at("name")));
    if let Some(status) = status {
        out.field(2, "Container ID", status.at("containerID"));
    }
    out.field(2, "Image", container.at("image"));
    if let Some(status) = status {
        out.field(2, "Image ID", status.at("imageID"));
    }
    ports(container, out);
    seccomp(container.at("securityContext"), (2, 3), out);
    words("Command", container.at("command"), out);
    words("Args", container.at("args"), out);
    if let Some(status) = status {
        state("State", status.at("state"), out);
        if status.at("lastState.terminated").is_set() {
            state("Last State", status.at("lastState"), out);
        }
        let ready = status.at("ready").truth();
        let tone = if ready { Tone::Good } else { Tone::Warn };
        out.toned(2, "Ready", (if ready { "True" } else { "False" }, tone));
        out.field(2, "Restart Count", status.at("restartCount").int());
    }
    resources(container.at("resources"), 2, out);
    for (name, key) in [("Liveness", "livenessProbe"), ("Readiness", "readinessProbe"), ("Startup", "startupProbe")] {
        let json = container.at(key);
        if json.is_set() {
            out.field(2, name, probe(json));
        }
    }
    env::from(container.at("envFrom"), within, out);
    env::variables(container, within, out);
    mounts(container, out);
}

fn ports(container: Json<'_>, out: &mut Writer) {
    for (title, key) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let ports = container.at("ports").list().map(|port| {
            let name = port.at("name").text();
            let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
            format!("{}/{}{name}", port.at(key).int(), port.at("protocol"))
        });
        let ports = ports.collect::<Vec<_>>().join(", ");
        match ports.as_str() {
            "" => out.field(2, title, "<none>"),
            many if many.contains(',') => out.field(2, &format!("{title}s"), many),
            one => out.field(2, title, one),
        }
    }
}

/// The seccomp profile of a pod or a container, and the file of one on the node.
pub(super) fn seccomp(context: Json<'_>, (level, deeper): (usize, usize), out: &mut Writer) {
    let profile = context.at("seccompProfile");
    if profile.is_set() {
        out.field(level, "SeccompProfile", profile.at("type"));
        if profile.at("type").text() == "Localhost" {
            out.field(deeper, "LocalhostProfile", profile.at("localhostProfile"));
        }
    }
}

/// A command or its arguments, a line each.
fn words(title: &str, words: Json<'_>, out: &mut Writer) {
    if !words.is_empty() {
        out.line(2, format!("{title}:"));
        words.list().flat_map(|word| word.text().split('\n')).for_each(|line| out.line(3, line));
    }
}

/// Limits and requests.
pub(super) fn resources(resources: Json<'_>, level: usize, out: &mut Writer) {
    for (title, key) in [("Limits", "limits"), ("Requests", "requests")] {
        let amounts = resources.at(key);
        if !amounts.is_empty() {
            out.line(level, format!("{title}:"));
            amounts.entries().into_iter().for_each(|(name, amount)| out.field(level + 1, name, amount));
        }
    }
}

/// What a container does, or did before.
fn state(title: &str, state: Json<'_>, out: &mut Writer) {
    if state.at("running").is_set() {
        out.toned(2, title, ("Running", Tone::Good));
        out.field(3, "Started", out.moment(state.at("running.startedAt").text()));
    } else if state.at("waiting").is_set() {
        waiting(title, state.at("waiting"), out);
    } else if state.at("terminated").is_set() {
        terminated(title, state.at("terminated"), out);
    } else {
        out.toned(2, title, ("Waiting", Tone::Busy));
    }
}

fn waiting(title: &str, waiting: Json<'_>, out: &mut Writer) {
    out.toned(2, title, ("Waiting", Tone::Busy));
    let reason = waiting.at("reason").text();
    if !reason.is_empty() {
        let usual = ["ContainerCreating", "PodInitializing"].contains(&reason);
        out.toned(3, "Reason", (reason, if usual { Tone::Busy } else { Tone::Bad }));
    }
}

fn terminated(title: &str, end: Json<'_>, out: &mut Writer) {
    let tone = if end.at("exitCode").int() == 0 { Tone::Quiet } else { Tone::Bad };
    out.toned(2, title, ("Terminated", tone));
    for (name, key) in [("Reason", "reason"), ("Message", "message")] {
        if !end.at(key).text().is_empty() {
            out.toned(3, name, (end.at(key).text(), tone));
        }
    }
    out.toned(3, "Exit Code", (&end.at("exitCode").int().to_string(), tone));
    if end.at("signal").int() > 0 {
        out.field(3, "Signal", end.at("signal").int());
    }
    out.field(3, "Started", out.moment(end.at("startedAt").text()));
    out.field(3, "Finished", out.moment(end.at("finishedAt").text()));
}

/// Where volumes are mounted, and block devices that are.
fn mounts(container: Json<'_>, out: &mut Writer) {
    let mut mounts: Vec<Json<'_>> = container.at("volumeMounts").list().collect();
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    out.line(2, format!("Mounts:{none}"));
    mounts.sort_by_key(|mount| mount.at("mountPath").text());
    for mount in mounts {
        let mode = if mount.at("readOnly").truth() { "ro" } else { "rw" };
        let path = mount.at("subPath").text();
        let path = if path.is_empty() { String::new() } else { format!(",path={}", super::go::quoted(path)) };
        out.line(3, format!("{} from {} ({mode}{path})", mount.at("mountPath"), mount.at("name")));
    }
    let mut devices: Vec<Json<'_>> = container.at("volumeDevices").list().collect();
    if !devices.is_empty() {
        out.line(2, format!("Devices:{none}"));
    }
    devices.sort_by_key(|device| device.at("devicePath").text());
    for device in devices {
        out.line(3, format!("{} from {}", device.at("devicePath"), device.at("name")));
    }
}
