//! `LogPods`: what the watch of pods keeps of each for its logs: its containers and their newest instances. So logs follow
//! pods as a list does, over every fault of the connection, and no stream has to ask for its pod first.

use super::Instance;
use crate::cluster::pod::{ContainerKind, ContainerStatus, Pod};
use crate::kinds::pods::Pods;
use crate::kinds::wire::{self, Source};
use crate::kinds::{AnyKind, Can, Cell, Enter, Heading, Kind, Names, Row, Server, Uid, Value};
use serde::Deserialize;

/// A container whose log can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: ContainerKind,
    /// Whether it is the one that kubectl would take: the pod's annotation names it, else it is the first.
    pub default: bool,
}

/// Pods, one row each, with [`CELLS`] cells for each container: its name, what it is for, whether it is the default, what
/// the runtime calls its newest instance, and how many came before that.
pub struct LogPods;

/// Cells of a container.
const CELLS: usize = 5;

impl AnyKind for LogPods {
    fn names(&self) -> &'static Names {
        &Pods::NAMES
    }

    fn headings(&self) -> Vec<Heading> {
        Vec::new()
    }

    fn can(&self) -> Can {
        Can::LOGS
    }

    fn enter(&self) -> Enter {
        Enter::Logs
    }

    fn take(&self, object: Source<'_, '_>, _server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        Pod::deserialize(object).map(|pod| out.push(row(&pod)))
    }
}

/// The row of a pod.
pub fn row(pod: &Pod) -> Row {
    let default = pod.default_container().map(|container| container.name.as_str());
    let cells = pod.containers().flat_map(|(kind, container)| {
        let is_default = default == Some(container.name.as_str());
        let instance = pod.status_of(&container.name).and_then(ContainerStatus::instance).unwrap_or_default();
        let of = [Cell::text(container.name.as_str()), Cell::count(kind as u8), Cell::count(u8::from(is_default))];
        of.into_iter().chain([Cell::text(instance.id), Cell::count(instance.restarts)])
    });
    Row {
        uid: Uid::parse(&pod.metadata.uid),
        name: pod.metadata.name.as_str().into(),
        cells: cells.collect(),
        ..Row::default()
    }
}

/// The containers in the row of a pod.
pub fn containers(row: &Row) -> Vec<Container> {
    let of = |cells: &[Cell]| match cells {
        [Cell { value: Value::Text(name), .. }, Cell { value: Value::Count(kind), .. }, default, ..] => {
            Some(Container {
                name: name.to_string(),
                kind: ContainerKind::ALL.into_iter().find(|known| *known as i64 == *kind)?,
                default: *default == Cell::count(1),
            })
        }
        _ => None,
    };
    row.cells.chunks(CELLS).filter_map(of).collect()
}

/// The newest instance of a container in the row of a pod; none before its first start.
pub fn instance(row: &Row, container: &str) -> Option<Instance> {
    row.cells.chunks(CELLS).find_map(|cells| match cells {
        [Cell { value: Value::Text(name), .. }, .., id, Cell { value: Value::Count(restarts), .. }]
            if **name == *container =>
        {
            let Value::Text(id) = &id.value else { return None };
            let known = Instance { id: id.to_string(), restarts: u32::try_from(*restarts).unwrap_or_default() };
            Some(known).filter(|instance| !instance.id.is_empty())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::ContainerKind::{Ephemeral, Init, Main, Sidecar};
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_keeps_what_logs_need_of_a_pod() {
        let pod = json!({"metadata": {"name": "web-1", "uid": "u1"}, "spec": {
            "containers": [{"name": "a"}, {"name": "b"}], "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}],
            "ephemeralContainers": [{"name": "e"}]},
            "status": {"containerStatuses": [{"name": "b", "containerID": "b2", "restartCount": 2, "state": {"running": {}}}]}});
        let (mut rows, pod) = (Vec::new(), pod.to_string());
        assert_eq!(LogPods.read(pod.as_bytes(), Server::default(), &mut rows), Ok(pod.len()));
        let all = containers(&rows[0]);
        let shown: Vec<_> = all.iter().map(|c| (c.name.as_str(), c.kind, c.default)).collect();
        let wanted =
            [("a", Main, true), ("b", Main, false), ("e", Ephemeral, false), ("i", Init, false), ("s", Sidecar, false)];
        assert_eq!((rows[0].name.as_str(), shown), ("web-1", wanted.to_vec()));
        let known = Instance { id: "b2".into(), restarts: 2 };
        assert_eq!((instance(&rows[0], "b"), instance(&rows[0], "a")), (Some(known), None));
    }
}
