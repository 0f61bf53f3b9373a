//! What the tests of the kinds share: reading one JSON value and showing its cells at a fixed moment.

use super::kind::{AnyKind, Server};
use super::row::Row;
use super::time::Time;
use serde_json::{Value, json};

/// The moment at which cells are shown: 2026-11-23T15:32:00Z.
pub const NOW: Time = Time(1_795_447_920);

/// The rows of an object on a server.
fn rows_on(kind: &dyn AnyKind, json: &Value, server: Server) -> Vec<Row> {
    let mut rows = Vec::new();
    kind.rows(json.to_string().as_bytes(), server, &mut rows).unwrap();
    rows
}

/// The rows of an object on a server of the newest version.
pub fn rows(kind: &dyn AnyKind, json: &Value) -> Vec<Row> {
    rows_on(kind, json, Server::default())
}

/// The row of an object on a server.
pub fn row_on(kind: &dyn AnyKind, json: &Value, server: Server) -> Row {
    let mut rows = rows_on(kind, json, server);
    assert_eq!(rows.len(), 1);
    rows.remove(0)
}

/// The row of an object on a server of the newest version.
pub fn row(kind: &dyn AnyKind, json: &Value) -> Row {
    row_on(kind, json, Server::default())
}

/// The cells of an object as text.
pub fn shown(kind: &dyn AnyKind, json: &Value) -> Vec<String> {
    row(kind, json).cells.iter().map(|cell| cell.show(NOW)).collect()
}

#[test]
fn every_kind_reads_objects_with_nothing_in_them() {
    let nulls = json!({"metadata": null, "spec": null, "status": null, "unknown": [1, {"a": "b"}]});
    let hollow = json!({"metadata": {"name": "a", "namespace": null, "uid": null, "labels": null,
        "ownerReferences": null, "creationTimestamp": null, "managedFields": [{}]}, "spec": {}, "status": {}});
    for kind in super::ALL.iter().copied().filter(|kind| kind.names() == kind.resource()) {
        for json in [&json!({}), &nulls, &hollow] {
            assert_eq!(row(kind, json).cells.len(), kind.headings().len(), "{} of {json}", kind.names().plural);
        }
        assert_eq!(row(kind, &hollow).name, "a");
    }
}

#[test]
fn every_kind_has_one_name_one_of_each_heading_and_is_found() {
    for kind in super::ALL {
        let names = kind.names();
        for name in names.short.iter().chain([&names.plural, &names.kind]) {
            assert_eq!(super::find(name).unwrap().names(), names);
        }
        for wide in [true, false] {
            let headings = kind.headings();
            let shown: Vec<_> = headings.iter().filter(|h| h.place.stands(wide)).map(|h| h.name.as_ref()).collect();
            assert!(shown.contains(&"NAME") || names.plural == "events", "{shown:?}");
            assert!(shown.iter().all(|name| shown.iter().filter(|n| *n == name).count() == 1), "{shown:?}");
        }
    }
}
