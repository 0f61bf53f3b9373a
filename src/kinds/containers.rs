//! Containers: the parts of one pod, each a row of its own, read from the bytes of the pod.

use super::Text;
use super::cell::{Cell, Tone};
use super::joined::{self, Joinable};
use super::kind::Width::{Fill, Fit, Spare};
use super::kind::{AnyKind, Can, Column, Enter, Heading, Kind, Names, Server, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::pods::{Pods, always};
use super::row::{Health, Link, Reference, Row};
use super::state::{self, ContainerStatus, State, Terminated};
use super::time::Time;
use super::wire::{self, Message, Source};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The kind.
pub struct Containers;

const NAMES: Names = names("", "v1", "containers", "Container", &["co"]);

const COLUMNS: &[Column<Container>] = &[
    column("NAME", Fit(63), |c| Cell::text(&c.name)),
    column("TYPE", Fit(9), |c| Cell::text(c.role.word())),
    column("READY", Fit(5), ready),
    column("STATE", Fit(40), |c| c.state().map_or_else(Cell::none, state_cell)),
    column("RESTARTS", Spare(20, 1), restarts),
    column("LAST STATE", Spare(40, 1), |c| c.status.as_ref().map_or_else(Cell::none, |s| state_cell(&s.last_state))),
    column("IMAGE", Fill(1), |c| Cell::text(&c.image)),
    column("PORTS", Spare(40, 1), ports),
    column("PROBES", Spare(18, 1), probes),
    right(column("AGE", Fit(9), |c| Cell::since(c.started_at()))),
];

impl AnyKind for Containers {
    fn names(&self) -> &'static Names {
        &NAMES
    }

    fn resource(&self) -> &'static Names {
        &Pods::NAMES
    }

    fn headings(&self) -> Vec<Heading> {
        COLUMNS.iter().map(|column| column.heading.clone()).collect()
    }

    fn can(&self) -> Can {
        Can::LOGS.and(Can::EXEC).and(Can::FORWARD)
    }

    fn enter(&self) -> Enter {
        Enter::Logs
    }

    fn joinable(&self) -> Option<&'static Joinable> {
        Some(&joined::CONTAINERS)
    }

    fn wire(&self) -> Option<&'static Message> {
        Pods::WIRE
    }

    fn take(&self, object: Source<'_, '_>, _server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        Pod::deserialize(object).map(|pod| pod.rows(out))
    }
}

impl Pod {
    /// The rows of its containers.
    fn rows(self, out: &mut Vec<Row>) {
        let Self { metadata, spec, status } = self;
        let parts = [
            (Role::Init, spec.init_containers, status.init),
            (Role::Main, spec.containers, status.main),
            (Role::Ephemeral, spec.ephemeral_containers, status.ephemeral),
        ];
        for (role, containers, mut statuses) in parts {
            for mut container in containers {
                container.role = if role == Role::Init && container.always { Role::Sidecar } else { role };
                let at = statuses.iter().position(|status| status.name == container.name);
                container.status = at.map(|at| statuses.swap_remove(at));
                out.push(row(&metadata, &container));
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pod {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    spec: Spec,
    #[serde(deserialize_with = "null")]
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    #[serde(deserialize_with = "null")]
    init_containers: Vec<Container>,
    #[serde(deserialize_with = "null")]
    containers: Vec<Container>,
    #[serde(deserialize_with = "null")]
    ephemeral_containers: Vec<Container>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    #[serde(rename = "initContainerStatuses", deserialize_with = "null")]
    init: Vec<ContainerStatus>,
    #[serde(rename = "containerStatuses", deserialize_with = "null")]
    main: Vec<ContainerStatus>,
    #[serde(rename = "ephemeralContainerStatuses", deserialize_with = "null")]
    ephemeral: Vec<ContainerStatus>,
}

/// A container of a spec, and its status once found.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Container {
    #[serde(deserialize_with = "null")]
    name: Text,
    #[serde(deserialize_with = "null")]
    image: Text,
    #[serde(deserialize_with = "null")]
    ports: Vec<Port>,
    #[serde(rename = "restartPolicy", deserialize_with = "always")]
    always: bool,
    liveness_probe: Option<IgnoredAny>,
    readiness_probe: Option<IgnoredAny>,
    startup_probe: Option<IgnoredAny>,
    #[serde(skip)]
    role: Role,
    #[serde(skip)]
    status: Option<ContainerStatus>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Port {
    #[serde(deserialize_with = "null")]
    name: Text,
    #[serde(rename = "containerPort", deserialize_with = "null")]
    number: i64,
    #[serde(deserialize_with = "null")]
    protocol: Text,
}

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Role {
    Init,
    Sidecar,
    #[default]
    Main,
    Ephemeral,
}

impl Role {
    const fn word(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Sidecar => "sidecar",
            Self::Main => "main",
            Self::Ephemeral => "ephemeral",
        }
    }
}

impl Container {
    fn state(&self) -> Option<&State> {
        self.status.as_ref().map(|status| &status.state)
    }

    fn started_at(&self) -> Option<Time> {
        let state = self.state()?;
        let ended = || state.terminated.as_ref().and_then(|t| t.started_at);
        state.running.as_ref().map_or_else(ended, |running| running.started_at)
    }

    /// Whether somebody waits for it to be ready: for a debugging container nobody does, and an init container
    /// is to end instead.
    fn should_be_ready(&self) -> bool {
        matches!(self.role, Role::Main | Role::Sidecar)
    }
}

/// The row of one container: a part of its pod, which is its owner.
fn row(pod: &Meta, container: &Container) -> Row {
    Row {
        uid: pod.uid().part(&container.name),
        namespace: pod.namespace.clone(),
        name: container.name.clone(),
        labels: pod.labels.clone(),
        owner: Some(Reference {
            group: Text::default(),
            kind: Pods::NAMES.kind.into(),
            namespace: pod.namespace.clone(),
            name: pod.name.clone(),
            uid: Some(pod.uid()),
        }),
        link: Link::None,
        health: health(container),
        cells: COLUMNS.iter().map(|column| (column.cell)(container)).collect(),
        unreadable: None,
    }
}

/// Failing when its state is a failure; pending while it waits, or runs without being ready.
fn health(container: &Container) -> Health {
    match container.state().map_or(Tone::Busy, |state| state_cell(state).tone) {
        Tone::Bad => Health::Failing,
        Tone::Busy if container.role != Role::Ephemeral => Health::Pending,
        Tone::Good if ready(container).tone == Tone::Busy => Health::Pending,
        _ => Health::Fine,
    }
}

fn ready(container: &Container) -> Cell {
    let ready = container.status.as_ref().is_some_and(|status| status.ready);
    let missing = !ready && container.should_be_ready() && container.state().is_none_or(|s| s.terminated.is_none());
    Cell::truth(ready).tone(if missing { Tone::Busy } else { Tone::Plain })
}

fn restarts(container: &Container) -> Cell {
    container.status.as_ref().map_or_else(
        || Cell::restarts(0, None),
        |s| Cell::restarts(s.restart_count, s.last_state.terminated.as_ref().and_then(|t| t.finished_at)),
    )
}

/// `Running`, why it waits, or how it ended; `<none>` when nothing is known.
fn state_cell(state: &State) -> Cell {
    match state {
        State { running: Some(_), .. } => Cell::text("Running").tone(Tone::Good),
        State { terminated: Some(terminated), .. } => ended(terminated),
        State { waiting: Some(waiting), .. } if waiting.reason.is_empty() => Cell::text("Waiting").tone(Tone::Busy),
        State { waiting: Some(waiting), .. } => Cell::text(&waiting.reason).tone(state::tone(&waiting.reason)),
        _ => Cell::none(),
    }
}

/// `Completed`, `OOMKilled (exit code 137)`, `Signal:9 (exit code 137)`.
fn ended(terminated: &Terminated) -> Cell {
    match (terminated.exit_code, terminated.reason.is_empty() && terminated.signal == 0) {
        (0, true) => Cell::text("Completed").tone(Tone::Quiet),
        (0, false) => Cell::text(terminated.reason()).tone(Tone::Quiet),
        (code, true) => Cell::text(format!("exit code {code}")).tone(Tone::Bad),
        (code, false) => Cell::text(format!("{} (exit code {code})", terminated.reason())).tone(Tone::Bad),
    }
}

/// `http:8080/TCP,9090/TCP`.
fn ports(container: &Container) -> Cell {
    let port = |port: &Port| {
        let number = format!("{}/{}", port.number, if port.protocol.is_empty() { "TCP" } else { &port.protocol });
        if port.name.is_empty() { number } else { format!("{}:{number}", port.name) }
    };
    Cell::or_none(Some(container.ports.iter().map(port).collect::<Vec<_>>().join(",")))
}

/// `live,ready,startup`: which probes it has.
fn probes(container: &Container) -> Cell {
    let all = [
        (container.liveness_probe, "live"),
        (container.readiness_probe, "ready"),
        (container.startup_probe, "startup"),
    ];
    let words: Vec<&str> = all.into_iter().filter_map(|(probe, word)| probe.map(|_| word)).collect();
    Cell::or_none(Some(words.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::row::Uid;
    use crate::kinds::testing::{NOW, rows};
    use serde_json::{Value, json};

    fn pod() -> Value {
        json!({
            "metadata": {"name": "web-1", "namespace": "shop", "uid": "0191f3a2-7c1e-4b5d-9e8f-00aabbccddee", "labels": {"app": "web"}},
            "spec": {
                "initContainers": [{"name": "setup", "image": "busybox", "restartPolicy": null},
                    {"name": "proxy", "image": "envoy", "restartPolicy": "Always", "startupProbe": {}}],
                "containers": [{"name": "web", "image": "nginx:1", "livenessProbe": {"a": 1}, "readinessProbe": {},
                    "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}, {"containerPort": 9090}]}],
                "ephemeralContainers": [{"name": "debug", "image": "alpine"}],
            },
            "status": {
                "initContainerStatuses": [
                    {"name": "proxy", "ready": true, "started": true, "state": {"running": {"startedAt": "2026-11-23T15:31:00Z"}}},
                    {"name": "setup", "ready": true, "state": {"terminated": {"exitCode": 0, "reason": "Completed",
                        "startedAt": "2026-11-23T15:30:00Z"}}}],
                "containerStatuses": [{"name": "web", "ready": false, "restartCount": 3, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                    "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2026-11-23T15:31:50Z"}}}],
            },
        })
    }

    #[test]
    fn a_pod_gives_a_row_for_each_container() {
        let shown: Vec<Vec<String>> =
            rows(&Containers, &pod()).iter().map(|row| row.cells.iter().map(|cell| cell.show(NOW)).collect()).collect();
        let none = "<none>";
        assert_eq!(
            shown,
            [
                ["setup", "init", "true", "Completed", "0", none, "busybox", none, none, "2m"],
                ["proxy", "sidecar", "true", "Running", "0", none, "envoy", none, "startup", "60s"],
                [
                    "web",
                    "main",
                    "false",
                    "CrashLoopBackOff",
                    "3 (10s ago)",
                    "OOMKilled (exit code 137)",
                    "nginx:1",
                    "http:8080/TCP,9090/TCP",
                    "live,ready",
                    "<unknown>"
                ],
                ["debug", "ephemeral", "false", none, "0", none, "alpine", none, none, "<unknown>"],
            ]
        );
    }

    #[test]
    fn a_container_is_a_part_of_its_pod() {
        let uid = Uid::parse("0191f3a2-7c1e-4b5d-9e8f-00aabbccddee");
        let rows = rows(&Containers, &pod());
        let web = &rows[2];
        assert_eq!((web.uid, web.name.as_str(), web.namespace.as_str()), (uid.part("web"), "web", "shop"));
        let owner = web.owner.as_ref().unwrap();
        assert_eq!((owner.kind.as_str(), owner.name.as_str(), owner.uid), ("Pod", "web-1", Some(uid)));
        assert_eq!(Containers.resource().plural, "pods");
        let health: Vec<Health> = rows.iter().map(|row| row.health).collect();
        assert_eq!(health, [Health::Fine, Health::Fine, Health::Failing, Health::Fine]);
    }

    #[test]
    fn a_state_reads_in_words() {
        let state = |json: Value| {
            let cell = state_cell(&serde_json::from_value::<State>(json).unwrap());
            (cell.show(NOW), cell.tone)
        };
        let is = |text: &str, tone| (text.to_owned(), tone);
        assert_eq!(state(json!({"terminated": {"exitCode": 3}})), is("exit code 3", Tone::Bad));
        assert_eq!(
            state(json!({"terminated": {"exitCode": 143, "signal": 15}})),
            is("Signal:15 (exit code 143)", Tone::Bad)
        );
        assert_eq!(state(json!({"terminated": {}})), is("Completed", Tone::Quiet));
        assert_eq!(state(json!({"waiting": {}})), is("Waiting", Tone::Busy));
        assert_eq!(state(json!({"waiting": {"reason": "ContainerCreating"}})), is("ContainerCreating", Tone::Busy));
        assert_eq!(state(json!({"waiting": null, "running": null})), is("<none>", Tone::Quiet));
    }

    #[test]
    fn a_container_that_runs_without_being_ready_is_pending() {
        let json = json!({"spec": {"containers": [{"name": "a"}, {"name": "b"}]},
            "status": {"containerStatuses": [{"name": "a", "ready": false, "state": {"running": {}}}]}});
        let rows = rows(&Containers, &json);
        assert_eq!((rows[0].health, rows[0].cells[2].tone), (Health::Pending, Tone::Busy));
        assert_eq!(rows[1].health, Health::Pending, "not started yet");
    }
}
