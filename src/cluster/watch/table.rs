//! The lines of a watch whose objects come as tables of one row. Only the first of them has columns.

use super::events::{Event, walk};
use super::split::{ListMeta, Reader, item};
use crate::kinds::table::Columns;
use crate::kinds::wire::Json;
use crate::kinds::{ReadError, Row};

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
    walk(line, |of, json| {
        let before = rows.len();
        let read = table(json, (reader, columns), rows);
        let row = rows.drain(before..).next();
        let table = read?;
        // What came before under other columns has to come again.
        if table.is_other {
            return Ok(Event::Columns);
        }
        let event = match (of, row) {
            ("BOOKMARK", _) => Event::Bookmark,
            ("ADDED" | "MODIFIED", Some(row)) => {
                rows.push(row);
                Event::Put
            }
            ("DELETED", Some(Row { uid, .. })) => Event::Gone(uid),
            ("ADDED" | "MODIFIED" | "DELETED", None) => {
                return Err(ReadError::Broken("its table has no row".to_owned()));
            }
            _ => Event::Unknown,
        };
        if let Some(new) = table.meta.resource_version.filter(|new| !new.is_empty()) {
            *version = new;
        }
        Ok(event)
    })
}

/// What a table says beside its rows.
#[derive(Default)]
struct Table {
    meta: ListMeta,
    /// Whether it has columns, and other ones than are known.
    is_other: bool,
}

/// Takes the table that lies ahead; its rows go to `rows`.
fn table(json: &mut Json, (reader, columns): (&Reader, &Columns), rows: &mut Vec<Row>) -> Result<Table, ReadError> {
    let (mut table, mut first) = (Table::default(), true);
    json.expect(b'{')?;
    while let Some(key) = json.key(&mut first)? {
        match &*key {
            "metadata" => table.meta = json.value::<Option<ListMeta>>()?.unwrap_or_default(),
            "columnDefinitions" => {
                let new = json.value::<Option<Columns>>()?.unwrap_or_default();
                table.is_other = !new.is_empty() && new != *columns;
            }
            "rows" if json.take(b'[')? => {
                let mut first = true;
                while item(json, &mut first, (reader, Some(columns)), rows)? {}
            }
            "rows" => json.value::<()>()?,
            _ => json.skip()?,
        }
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::watch::fault::Status;
    use crate::cluster::watch::script::WEBS;
    use crate::kinds::{Server, Uid};
    use serde_json::{Value, json};

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
    fn keys_may_come_in_any_order() {
        let known: Columns = serde_json::from_value(columns(&["Name", "X"])).unwrap();
        let row = r#"{"object":{"metadata":{"uid":"uid-a","name":"a"}},"cells":["a","b"]}"#;
        let other = columns(&["Name", "Y"]);
        for (definitions, event, left) in [("null".to_owned(), Event::Put, 1), (other.to_string(), Event::Columns, 0)] {
            let table = format!(
                r#"{{ "rows" : [ {row} ] , "columnDefinitions":{definitions},"metadata":{{"resourceVersion":"7"}},"x":[1]}}"#
            );
            let (mut rows, mut version) = (Vec::new(), "1".to_owned());
            let line = format!(r#"{{"object":{table},"type":"MODIFIED"}}"#);
            let told = super::event(line.as_bytes(), (&reader(), &known), &mut rows, &mut version);
            assert_eq!((told, rows.len()), (Ok(event), left), "{line}");
        }
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
