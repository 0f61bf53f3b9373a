//! Watching objects whole: rows whose only cell is the object's JSON, and the few rows that a watch told so far.

use super::Workload;
use super::json::text;
use crate::kinds::kind::names;
use crate::kinds::wire::{self, Source};
use crate::kinds::{AnyKind, Can, Cell, Change, Enter, Heading, Names, Row, Server, Uid, Value as CellValue};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A kind whose objects are kept whole, for what no column says.
struct Whole(&'static Names);

const fn apps(plural: &'static str, kind: &'static str) -> Names {
    names("apps", "v1", plural, kind, &[])
}

static DEPLOYMENT: Whole = Whole(&apps("deployments", "Deployment"));
static STATEFUL_SET: Whole = Whole(&apps("statefulsets", "StatefulSet"));
static DAEMON_SET: Whole = Whole(&apps("daemonsets", "DaemonSet"));
static REPLICA_SET: Whole = Whole(&apps("replicasets", "ReplicaSet"));
static CONTROLLER_REVISION: Whole = Whole(&apps("controllerrevisions", "ControllerRevision"));

impl Workload {
    /// Its kind, with whole objects.
    pub(super) fn whole(self) -> &'static dyn AnyKind {
        match self {
            Self::Deployment => &DEPLOYMENT,
            Self::StatefulSet => &STATEFUL_SET,
            Self::DaemonSet => &DAEMON_SET,
        }
    }

    /// The kind that keeps its revisions, with whole objects.
    pub(super) fn keeper(self) -> &'static dyn AnyKind {
        match self {
            Self::Deployment => &REPLICA_SET,
            Self::StatefulSet | Self::DaemonSet => &CONTROLLER_REVISION,
        }
    }
}

impl AnyKind for Whole {
    fn names(&self) -> &'static Names {
        self.0
    }

    fn headings(&self) -> Vec<Heading> {
        Vec::new()
    }

    fn can(&self) -> Can {
        Can::NOTHING
    }

    fn enter(&self) -> Enter {
        Enter::Yaml
    }

    fn take(&self, object: Source<'_, '_>, _server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        Value::deserialize(object).map(|object| out.push(row(&object)))
    }
}

fn row(object: &Value) -> Row {
    let metadata = |field: &str| text(object, &format!("/metadata/{field}"));
    Row {
        uid: Uid::parse(metadata("uid")),
        namespace: metadata("namespace").into(),
        name: metadata("name").into(),
        cells: vec![Cell::text(object.to_string())],
        ..Row::default()
    }
}

/// The object of a row of a [`Whole`] kind.
fn object(row: &Row) -> Option<Value> {
    match row.cells.first().map(|cell| &cell.value) {
        Some(CellValue::Text(json)) => serde_json::from_str(json).ok(),
        _ => None,
    }
}

/// What a watch of few objects has told.
#[derive(Debug, Default)]
pub(super) struct Rows {
    all: HashMap<Uid, Row>,
    /// What the list that arrives now has told; none while no list arrives.
    listed: Option<HashSet<Uid>>,
    /// Whether a whole list has arrived.
    pub complete: bool,
}

impl Rows {
    /// Takes over what changed.
    pub(super) fn apply(&mut self, batch: Vec<Change>) {
        for change in batch {
            match change {
                Change::Begin { .. } => self.listed = Some(HashSet::new()),
                Change::Put { row, .. } => {
                    self.listed.iter_mut().for_each(|listed| listed.extend([row.uid]));
                    self.all.insert(row.uid, *row);
                }
                Change::Gone { uid } => drop(self.all.remove(&uid)),
                Change::Columns { .. } => {}
                Change::End { .. } => {
                    if let Some(listed) = self.listed.take() {
                        self.all.retain(|uid, _| listed.contains(uid));
                    }
                    self.complete = true;
                }
            }
        }
    }

    /// The rows, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Row> {
        self.all.values()
    }

    /// The objects of rows that are kept whole.
    pub(super) fn objects(&self) -> Vec<Value> {
        self.iter().filter_map(object).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_object_comes_back_as_it_was() {
        let set = json!({ "metadata": { "uid": "u", "namespace": "shop", "name": "web" }, "spec": { "replicas": 3 } });
        let mut rows = Vec::new();
        let text = format!("{set} more");
        let taken = Workload::Deployment.whole().read(text.as_bytes(), Server::default(), &mut rows).unwrap();
        assert_eq!((taken, object(&rows[0])), (text.len() - 5, Some(set)));
    }

    #[test]
    fn what_a_new_list_does_not_tell_is_gone() {
        let put = |n| Change::Put { part: 0, row: Box::new(Row { uid: Uid(n), ..Row::default() }) };
        let mut rows = Rows::default();
        rows.apply(vec![Change::Begin { part: 0 }, put(1), put(2)]);
        assert!(!rows.complete);
        rows.apply(vec![Change::End { part: 0 }, Change::Gone { uid: Uid(2) }, put(3)]);
        assert!(rows.complete);
        rows.apply(vec![Change::Begin { part: 0 }, put(1), Change::End { part: 0 }]);
        assert_eq!(rows.iter().map(|row| row.uid).collect::<Vec<_>>(), [Uid(1)]);
    }
}
