//! The lines of a watch whose objects come as tables of one row. Only the first of them has columns.

use super::events::Event;
use super::fault::Status;
use super::split::{ListMeta, Reader, mark_nameless};
use crate::kinds::table::Columns;
use crate::kinds::{ReadError, Row, read};
use serde::Deserialize;
use serde_json::Value;

/// A line.
#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    of: String,
    object: Object,
}

/// A table, or the `Status` that ends the watch.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Object {
    metadata: Option<ListMeta>,
    column_definitions: Option<Columns>,
    rows: Option<Vec<Value>>,
    message: Option<String>,
    reason: Option<String>,
    code: Option<i64>,
}

/// Reads a line of a watch of rows under `columns`; the row goes to `rows`, and `version` becomes that of its object.
///
/// # Errors
/// When the line is no event: it is unknown what was lost with it.
pub(super) fn event(
    line: &[u8],
    (reader, columns): (&Reader, &Columns),
    rows: &mut Vec<Row>,
    version: &mut String,
) -> Result<Event, ReadError> {
    let Line { of, object } = read::whole(line)?;
    if of == "ERROR" {
        let Object { message, reason, code, .. } = object;
        return Ok(Event::Error(Status { message, reason, code }));
    }
    // What came before under other columns has to come again.
    if object.column_definitions.is_some_and(|new| !new.is_empty() && new != *columns) {
        return Ok(Event::Columns);
    }
    let mut read = Vec::new();
    if let Some(row) = object.rows.iter().flatten().next() {
        columns.read(reader.kind, row.to_string().as_bytes(), &mut read)?;
    }
    let row = read.pop();
    let event = match (of.as_str(), row) {
        ("BOOKMARK", _) => Event::Bookmark,
        ("ADDED" | "MODIFIED", Some(row)) => {
            let before = rows.len();
            rows.push(row);
            mark_nameless(rows, before);
            Event::Put
        }
        ("DELETED", Some(Row { uid, .. })) => Event::Gone(uid),
        ("ADDED" | "MODIFIED" | "DELETED", None) => return Err(ReadError::Broken("its table has no row".to_owned())),
        _ => Event::Unknown,
    };
    let new = object.metadata.and_then(|meta| meta.resource_version);
    if let Some(new) = new.filter(|new| !new.is_empty()) {
        *version = new;
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::watch::script::WEBS;
    use crate::kinds::{Server, Uid};
    use serde_json::json;

    fn reader() -> Reader {
        Reader { kind: WEBS, server: Server::default() }
    }

    fn columns(names: &[&str]) -> Value {
        names
            .iter()
            .map(|name| json!({"name": name, "type": "string", "format": "", "description": "", "priority": 0}))
            .collect()
    }

    fn told(of: &str, definitions: &Value, version: &str) -> (Result<Event, ReadError>, Vec<Row>, String) {
        let row = json!({"cells": ["a", "b"], "object": {"metadata": {"name": "a", "uid": "uid-a"}}});
        let table = json!({"kind": "Table", "metadata": {"resourceVersion": version}, "columnDefinitions": definitions, "rows": [row]});
        let known: Columns = serde_json::from_value(columns(&["Name", "X"])).unwrap();
        let (mut rows, mut version) = (Vec::new(), "1".to_owned());
        let line = json!({"type": of, "object": table}).to_string();
        (event(line.as_bytes(), (&reader(), &known), &mut rows, &mut version), rows, version)
    }

    #[test]
    fn rows_come_with_columns_once_and_then_without() {
        for definitions in [columns(&["Name", "X"]), Value::Null, json!([])] {
            let (event, rows, version) = told("ADDED", &definitions, "7");
            assert_eq!(
                (event, rows[0].name.as_str(), rows[0].cells.len(), version.as_str()),
                (Ok(Event::Put), "a", 2, "7")
            );
        }
        assert_eq!(told("DELETED", &Value::Null, "8").0, Ok(Event::Gone(Uid::parse("uid-a"))));
        let (event, rows, version) = told("BOOKMARK", &Value::Null, "9");
        assert_eq!((event, rows.len(), version.as_str()), (Ok(Event::Bookmark), 0, "9"));
    }

    #[test]
    fn other_columns_are_told_and_nothing_is_taken() {
        let (event, rows, version) = told("MODIFIED", &columns(&["Name", "Y"]), "7");
        assert_eq!((event, rows.len(), version.as_str()), (Ok(Event::Columns), 0, "1"));
    }

    #[test]
    fn what_is_no_event_is_broken() {
        let known = Columns::default();
        for line in [r"{}", r#"{"type":"ADDED","object":{"kind":"Table","rows":[]}}"#, r#"{"type":"ADDED"}"#] {
            let event = event(line.as_bytes(), (&reader(), &known), &mut Vec::new(), &mut String::new());
            assert!(matches!(event, Err(ReadError::Broken(_))), "{line}");
        }
        let error = r#"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#;
        let event = event(error.as_bytes(), (&reader(), &known), &mut Vec::new(), &mut String::new());
        assert!(matches!(event, Ok(Event::Error(Status { code: Some(410), .. }))));
    }
}
