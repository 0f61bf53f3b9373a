//! Tables: what the API server itself shows of a kind (`meta.k8s.io/v1` `Table`): columns, and a row for each object. So
//! kinds without a file of their own are shown just as kubectl shows them, custom resources with their printer columns.
//!
//! A server writes times as texts (`5m`) that are true when they are written. The age of an object is told by when it was
//! made, so it is shown live. Of a printer column that shows another date, the server tells the path, unless the column has
//! a description: then rows are asked for with their objects, and the date is read there and shown live too. Any other
//! date stays as the server wrote it last.

use super::cell::{Cell, Value as CellValue};
use super::jsonpath::Template;
use super::kind::{AnyKind, Heading, Place, Width};
use super::lenient::null;
use super::meta::Meta;
use super::own::Own;
use super::printed::printed;
use super::read::{self, ReadError};
use super::row::Row;
use super::time::Time;
use crate::text::safe;
use serde::Deserialize;
use serde_json::Value;

/// How the API server describes a column with the age of the object (`ObjectMeta.SwaggerDoc`).
const CREATED: &str = "CreationTimestamp is a timestamp representing the server time when this object was created.";
/// The same of a printer column without a description, before its path (`apiextensions-apiserver` `tableconvertor`).
const BY_PATH: &str = "Custom resource definition column (in JSONPath format): ";
/// The path to the time of creation.
const CREATION: &str = ".metadata.creationTimestamp";
/// The longest cell that is kept, in bytes: nobody reads more of a table's line.
const LONGEST: usize = 8 * 1024;

/// What a server says of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Definition {
    #[serde(deserialize_with = "null")]
    name: String,
    #[serde(rename = "type", deserialize_with = "null")]
    form: String,
    #[serde(deserialize_with = "null")]
    format: String,
    #[serde(deserialize_with = "null")]
    description: String,
    #[serde(deserialize_with = "null")]
    priority: i32,
}

impl Definition {
    /// Whether it is the age of the object. What looks like one but may be that of something else is none.
    fn is_age(&self) -> bool {
        self.description.starts_with(CREATED) || self.description.strip_prefix(BY_PATH) == Some(CREATION)
    }

    /// Where the date stands that it shows, if that is not the age of the object.
    fn date(&self) -> Option<Template> {
        let path = self.description.strip_prefix(BY_PATH).filter(|_| self.form == "date" && !self.is_age())?;
        Template::relaxed(path).ok()
    }

    /// Its heading, as kubectl prints it (`cli-runtime` `printers/tableprinter.go`).
    fn heading(&self) -> Heading {
        let name = safe(&self.name).to_uppercase();
        let place = if self.priority == 0 { Place::Always } else { Place::Wide };
        let is_number = matches!(self.form.as_str(), "integer" | "number");
        let width = if is_number || self.is_age() { Width::Fit(20) } else { Width::Fill(1) };
        Heading { name: name.into(), width, place, right: is_number || self.is_age() && name_of_age(&self.name) }
    }
}

/// `Created At` is a date that stands at the left, as that of our own kinds.
fn name_of_age(name: &str) -> bool {
    name.eq_ignore_ascii_case("age")
}

/// The columns of a table.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Vec<Definition>")]
pub struct Columns {
    all: Vec<Definition>,
    /// Where the objects hold the dates that they show, by the number of the column.
    dates: Vec<(usize, Template)>,
}

impl From<Vec<Definition>> for Columns {
    fn from(all: Vec<Definition>) -> Self {
        let dates = all.iter().enumerate().filter_map(|(at, column)| Some((at, column.date()?))).collect();
        Self { all, dates }
    }
}

impl Columns {
    /// Whether the objects of `kind` are needed beside their rows: for dates, and for columns of the user's.
    pub fn need_objects(&self, kind: &dyn AnyKind) -> bool {
        !self.dates.is_empty() || kind.own().is_some()
    }

    /// Their headings, and those of the user's for `kind`.
    pub fn headings(&self, kind: &dyn AnyKind) -> Vec<Heading> {
        let own = kind.own().map(Own::own_headings);
        self.all.iter().map(Definition::heading).chain(own.into_iter().flatten()).collect()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Reads the row at the front of `json`, and returns how many bytes it took.
    ///
    /// # Errors
    /// When `json` does not hold a whole value, or no JSON at all.
    pub fn read(&self, kind: &dyn AnyKind, json: &[u8], out: &mut Vec<Row>) -> Result<usize, ReadError> {
        let (line, took) = match read::value::<Line>(json) {
            Ok(read) => read,
            Err(error) => return read::skip(json, error, kind, out),
        };
        let mut row = self.row(line);
        if self.need_objects(kind) {
            let whole = read::value::<Value>(json).map(|(whole, _)| whole).unwrap_or_default();
            let object = whole.get("object");
            row = self.extended(self.dated(row, object), kind, object.unwrap_or(&Value::Null));
        }
        out.push(row);
        Ok(took)
    }

    /// The row with the cells of the user's columns behind those of all its columns.
    fn extended(&self, mut row: Row, kind: &dyn AnyKind, object: &Value) -> Row {
        if let Some(own) = kind.own() {
            row.cells.resize_with(self.all.len(), || Cell::text(""));
            row.cells.extend(own.cells(object));
        }
        row
    }

    /// The row with the dates that its object holds.
    fn dated(&self, mut row: Row, object: Option<&Value>) -> Row {
        for (at, path) in &self.dates {
            let date = object.and_then(|object| first(path, object));
            let cell =
                row.cells.get_mut(*at).filter(|cell| matches!(&cell.value, CellValue::Text(text) if !text.is_empty()));
            if let (Some(cell), Some(date)) = (cell, date) {
                *cell = Cell::since(Some(date));
            }
        }
        row
    }

    /// Cells that have no column are left out, and columns may lack their cells, as for kubectl.
    fn row(&self, line: Line) -> Row {
        let Line { cells, object: Partial { metadata: mut meta } } = line;
        if meta.name.is_empty() {
            meta.name = self.name(&cells).into();
        }
        let created = meta.creation_timestamp;
        let cells = self.all.iter().zip(&cells).map(|(column, cell)| of(column, cell, created)).collect();
        let (uid, owner) = (meta.uid(), meta.take_owner());
        let Meta { namespace, name, labels, .. } = meta;
        Row { uid, namespace, name, labels, owner, cells, ..Row::default() }
    }

    /// The name of an object that comes without its metadata.
    fn name(&self, cells: &[Value]) -> String {
        let at = self.all.iter().position(|column| column.format == "name").unwrap_or_default();
        cells.get(at).map(printed).unwrap_or_default()
    }
}

/// The first moment that a path leads to.
fn first(path: &Template, object: &Value) -> Option<Time> {
    let found = path.find(object).ok()?;
    found.into_iter().flatten().next().flatten()?.as_str().and_then(Time::parse)
}

/// A row as the server sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    #[serde(deserialize_with = "null")]
    cells: Vec<Value>,
    #[serde(deserialize_with = "null")]
    object: Partial,
}

/// The metadata of a row's object (`PartialObjectMetadata`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Partial {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
}

/// A cell of `column`, of an object that was made at `created`.
fn of(column: &Definition, cell: &Value, created: Option<Time>) -> Cell {
    match cell {
        // Servers write a moment of kinds without columns of their own as it is: that does not age.
        Value::String(text) if column.is_age() && created.is_some() && Time::parse(text).is_none() => {
            Cell::since(created)
        }
        Value::Number(number) => number.as_i64().map_or_else(|| Cell::text(printed(cell)), Cell::count),
        Value::String(text) => Cell::text(cut(text)),
        other => Cell::text(cut(&printed(other)).to_owned()),
    }
}

/// The text as far as it is kept.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::super::own::OwnColumn;
    use super::super::pods::Pods;
    use super::*;
    use serde_json::json;

    const NOW: Time = Time(1_763_911_976);

    fn columns(definitions: Value) -> Columns {
        serde_json::from_value(definitions).unwrap()
    }

    fn backups() -> Columns {
        columns(json!([
            {"name": "Name", "type": "string", "format": "name", "description": "Name must be unique", "priority": 0},
            {"name": "Size", "type": "integer", "format": "", "description": "", "priority": 0},
            {"name": "Ratio", "type": "number", "priority": 1},
            {"name": "Done", "type": "boolean"},
            {"name": "Last", "type": "date", "description": format!("{BY_PATH}.status.last")},
            {"name": "Age", "type": "date", "description": format!("{BY_PATH}{CREATION}")},
        ]))
    }

    fn row(columns: &Columns, kind: &dyn AnyKind, line: &Value) -> Row {
        let (mut rows, json) = (Vec::new(), line.to_string());
        assert_eq!(columns.read(kind, json.as_bytes(), &mut rows), Ok(json.len()));
        rows.remove(0)
    }

    fn shown(columns: &Columns, line: &Value) -> Vec<String> {
        row(columns, &Pods, line).cells.iter().map(|cell| cell.show(NOW)).collect()
    }

    #[test]
    fn headings_are_kubectls() {
        let headings = backups().headings(&Pods);
        let names: Vec<&str> = headings.iter().map(|heading| &*heading.name).collect();
        assert_eq!(names, ["NAME", "SIZE", "RATIO", "DONE", "LAST", "AGE"]);
        let wide: Vec<bool> = headings.iter().map(|heading| heading.place == Place::Wide).collect();
        assert_eq!(wide, [false, false, true, false, false, false]);
        let right: Vec<bool> = headings.iter().map(|heading| heading.right).collect();
        assert_eq!(right, [false, true, true, false, false, true]);
    }

    #[test]
    fn cells_are_kubectls_and_the_age_is_live() {
        let object = json!({"metadata": {"name": "a", "namespace": "shop", "uid": "u", "creationTimestamp": "2025-11-23T15:22:56Z", "labels": {"x": "y"}}});
        let line = json!({"cells": ["a", 12, 0.5, true, "5m", "3s"], "object": object});
        assert_eq!(shown(&backups(), &line), ["a", "12", "0.5", "true", "5m", "10m"]);
        let row = row(&backups(), &Pods, &line);
        assert_eq!((row.namespace.as_str(), row.name.as_str(), row.labels.as_str()), ("shop", "a", "x=y"));
        let mut whole = line.clone();
        whole["object"]["status"] = json!({"last": "2025-11-23T15:32:00Z"});
        assert_eq!(shown(&backups(), &whole), ["a", "12", "0.5", "true", "56s", "10m"]);
        let plain = columns(
            json!([{"name": "Name", "format": "name"}, {"name": "Created At", "type": "date", "description": CREATED}]),
        );
        let line = json!({"cells": ["a", "2025-11-23T15:22:56Z"], "object": object});
        assert_eq!(shown(&plain, &line), ["a", "2025-11-23T15:22:56Z"]);
    }

    #[test]
    fn a_date_is_shown_live_wherever_its_path_leads() {
        let ready = r#".runs[?(@.type=="Ready")].at"#;
        for path in [ready, ".runs[-1:].at", ".runs[?(@.try>1)].at", ".runs[*]['at']"] {
            let columns = columns(json!([{"name": "Last", "type": "date", "description": format!("{BY_PATH}{path}")}]));
            let runs = json!([{"type": "Ready", "try": 2, "at": "2025-11-23T15:32:00Z"}]);
            let line = json!({"cells": ["5m"], "object": {"metadata": {"name": "a"}, "runs": runs}});
            assert_eq!(shown(&columns, &line), ["56s"], "{path}");
            // What it does not lead to stays as the server wrote it.
            assert_eq!(shown(&columns, &json!({"cells": ["5m"], "object": {"runs": []}})), ["5m"], "{path}");
        }
    }

    #[test]
    fn columns_of_the_users_stand_behind_all_of_the_servers() {
        let column = OwnColumn::new("COPIES", ".spec.replicas");
        let own = Own::new(&super::super::served::tests::GADGETS, vec![column], 1).unwrap();
        assert!(own.by_table() && backups().need_objects(&own));
        assert_eq!(backups().headings(&own).last().unwrap().name, "COPIES");
        let cells = |line: &Value| -> Vec<String> {
            row(&backups(), &own, line).cells.iter().map(|cell| cell.show(NOW)).collect()
        };
        // Also where the server sent fewer cells than columns, or no object.
        let line = json!({"cells": ["a", 12], "object": {"metadata": {"name": "a"}, "spec": {"replicas": 3}}});
        assert_eq!(cells(&line), ["a", "12", "", "", "", "", "3"]);
        assert_eq!(cells(&json!({"cells": ["a"]})), ["a", "", "", "", "", "", "<none>"]);
    }

    #[test]
    fn odd_cells_cost_nothing_but_themselves() {
        let long = "x".repeat(2 * LONGEST);
        for (line, cells) in [
            (json!({"cells": ["a"]}), vec!["a"]),
            (json!({"cells": ["a", null, 1, 2, 3, 4, 5, 6]}), vec!["a", "", "1", "2", "3", "4"]),
            (json!({"cells": null, "object": null}), vec![]),
            (
                json!({"cells": ["\u{1b}[2Jx\ny", [1, "b"], {"k": null}]}),
                vec!["\u{1b}[2Jx...", "[1 b]", "map[k:<nil>]"],
            ),
            (json!({"cells": [long, "ä".repeat(LONGEST)]}), vec![&long[..LONGEST], &"ä".repeat(LONGEST / 2)]),
        ] {
            assert_eq!(shown(&backups(), &line), cells, "{line}");
        }
        assert_eq!(row(&backups(), &Pods, &json!({"cells": ["a"]})).name, "a");
        let wrong = json!({"cells": 7, "object": {"metadata": {"name": "web", "namespace": "shop"}}});
        let row = row(&backups(), &super::super::served::tests::GADGETS, &wrong);
        assert_eq!((row.name.as_str(), row.unreadable.is_some()), ("web", true));
    }
}
