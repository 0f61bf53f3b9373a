//! `LogPods`: what the watch of pods keeps of each for its logs: its containers. So logs follow pods as a list does,
//! over every fault of the connection.

use super::pod::{Container, ContainerKind, Pod};
use crate::kinds::pods::Pods;
use crate::kinds::wire::{self, Source};
use crate::kinds::{AnyKind, Can, Cell, Enter, Heading, Kind, Names, Row, Server, Uid, Value};
use serde::Deserialize;

/// Pods, one row each, with three cells for each container: its name, what it is for, and whether it is the default.
pub struct LogPods;

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
    let cells = pod.containers().into_iter().flat_map(|container| {
        let (kind, default) = (container.kind as u8, u8::from(container.default));
        [Cell::text(container.name), Cell::count(kind), Cell::count(default)]
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
        [Cell { value: Value::Text(name), .. }, Cell { value: Value::Count(kind), .. }, default] => Some(Container {
            name: name.to_string(),
            kind: ContainerKind::ALL.into_iter().find(|known| *known as i64 == *kind)?,
            default: *default == Cell::count(1),
        }),
        _ => None,
    };
    row.cells.chunks(3).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_keeps_what_logs_need_of_a_pod() {
        let pod = json!({"metadata": {"name": "web-1", "uid": "u1"}, "spec": {
            "containers": [{"name": "a"}, {"name": "b"}], "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}],
            "ephemeralContainers": [{"name": "e"}]}});
        let (mut rows, pod) = (Vec::new(), pod.to_string());
        assert_eq!(LogPods.read(pod.as_bytes(), Server::default(), &mut rows), Ok(pod.len()));
        let whole: Pod = serde_json::from_str(&pod).unwrap();
        assert_eq!((rows[0].name.as_str(), containers(&rows[0])), ("web-1", whole.containers()));
        assert_eq!(containers(&rows[0]).len(), 5);
    }
}
