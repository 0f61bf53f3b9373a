//! `Own`: a kind with more columns: those of the user's, read from its objects by `JSONPath`, and those that are joined from
//! elsewhere.

use super::cell::{Cell, Tone, Value};
use super::joined::Joinable;
use super::jsonpath::{Found, Mistake, Paths, Template, json, show};
use super::kind::{AnyKind, Can, Enter, Heading, Names, Place, Server, Width};
use super::read::ReadError;
use super::row::Row;
use super::served::Discovered;
use super::time::Time;
use super::wire::{self, Source};

/// What the value of a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// A text; several results stand side by side, as in `kubectl -o custom-columns`.
    #[default]
    Text,
    /// A number, which sorts by its size.
    Number,
    /// A quantity, which sorts by its worth.
    Quantity,
    /// A moment, shown as its distance from now.
    Time,
    /// The first result as JSON, `""` without any: for programs.
    Json,
}

/// A column of the user's.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnColumn {
    /// Its heading.
    pub heading: Heading,
    /// The path, in its relaxed form.
    pub path: String,
    /// What its value is.
    pub reading: Reading,
    /// Which texts have a tone.
    pub tones: Vec<(String, Tone)>,
}

/// A kind with columns behind its own ones.
pub struct Own {
    base: &'static dyn AnyKind,
    columns: Vec<OwnColumn>,
    paths: Paths,
    /// What is joined, and which of its headings is the first of that.
    joined: Option<(usize, &'static Joinable)>,
    view: u32,
}

impl Own {
    /// `base` with these columns. `view` tells lists with different columns apart; it is not 0.
    ///
    /// # Errors
    /// With the mistake of the first path that has one.
    pub fn new(base: &'static dyn AnyKind, columns: Vec<OwnColumn>, view: u32) -> Result<Self, Mistake> {
        let paths = Paths::parse(columns.iter().map(|column| column.path.as_str()))?;
        Ok(Self { base, columns, paths, joined: None, view })
    }

    /// The same with the columns that can be joined behind them.
    #[must_use]
    pub fn joined_to(mut self) -> Self {
        let first = self.base.headings().len() + self.columns.len();
        self.joined = self.base.joinable().map(|joinable| (first, joinable));
        let paths = self.joined.map_or(&[][..], |(_, joined)| joined.paths);
        let known = self.columns.iter().map(|column| column.path.as_str());
        // Each path was read before.
        self.paths = Paths::parse(known.chain(paths.iter().copied())).unwrap_or_default();
        self
    }

    /// Gives the rows of the object `json` their own cells. A path that cannot be asked of this object says why.
    fn extend(&self, json: &[u8], rows: &mut [Row]) {
        let value = self.paths.read(json).unwrap_or_default();
        let cells: Vec<Cell> = self.cells(&value).collect();
        for row in rows {
            row.cells.extend(cells.iter().cloned());
            if let Some((_, joined)) = self.joined {
                joined.extend(&value, row);
            }
        }
    }

    /// The cells of an object.
    pub fn cells(&self, object: &serde_json::Value) -> impl Iterator<Item = Cell> {
        self.columns.iter().zip(self.paths.templates()).map(|(column, template)| column.cell(template, object))
    }

    /// The headings of its columns.
    pub fn own_headings(&self) -> impl Iterator<Item = Heading> {
        self.columns.iter().map(|column| column.heading.clone())
    }
}

impl OwnColumn {
    /// As wide as a column becomes when nobody says how wide.
    pub const WIDEST: u16 = 40;

    /// A column of texts that always stands.
    pub fn new(name: &str, path: &str) -> Self {
        let heading = Heading {
            name: name.to_owned().into(),
            width: Width::Fit(Self::WIDEST),
            place: Place::Always,
            right: false,
        };
        Self { heading, path: path.to_owned(), reading: Reading::Text, tones: Vec::new() }
    }

    /// What stands in the column for `object`.
    pub fn cell(&self, template: &Template, object: &serde_json::Value) -> Cell {
        match template.find(object) {
            Err(fault) => Cell::text(format!("<{fault}>")).tone(Tone::Quiet),
            Ok(found) => self.read(&found.into_iter().flatten().collect()),
        }
    }

    fn read(&self, found: &Found<'_>) -> Cell {
        if self.reading == Reading::Json {
            let first = found.iter().flatten().next().map(|value| json(value, None));
            return Cell::text(first.unwrap_or_default());
        }
        if found.is_empty() {
            return Cell::none();
        }
        let mut text = String::new();
        for (at, hit) in found.iter().enumerate() {
            text.push_str(if at > 0 { "," } else { "" });
            show(hit.as_deref().unwrap_or(&serde_json::Value::Null), &mut text);
        }
        let tone = self.tones.iter().find(|(of, _)| *of == text).map_or(Tone::Plain, |(_, tone)| *tone);
        let value = match self.reading {
            Reading::Number | Reading::Quantity => Value::Quantity(text.into()),
            Reading::Time => {
                Time::parse(&text).map_or_else(|| Value::Text(text.into()), |time| Value::Since(Some(time)))
            }
            Reading::Text | Reading::Json => Value::Text(text.into()),
        };
        Cell { value, tone }
    }
}

impl AnyKind for Own {
    fn names(&self) -> &'static Names {
        self.base.names()
    }

    fn resource(&self) -> &'static Names {
        self.base.resource()
    }

    fn headings(&self) -> Vec<Heading> {
        let joined = self.joined.map_or(&[][..], |(_, joined)| joined.columns);
        let joined = joined.iter().map(|joined| joined.heading.clone());
        self.base.headings().into_iter().chain(self.own_headings()).chain(joined).collect()
    }

    fn joinable(&self) -> Option<&'static Joinable> {
        self.base.joinable()
    }

    fn joined(&self) -> Option<(usize, &'static Joinable)> {
        self.joined
    }

    fn view(&self) -> u32 {
        self.view
    }

    fn can(&self) -> Can {
        self.base.can()
    }

    fn enter(&self) -> Enter {
        self.base.enter()
    }

    fn owned(&self) -> Option<&'static str> {
        self.base.owned()
    }

    fn replaced_by(&self) -> Option<&'static str> {
        self.base.replaced_by()
    }

    fn by_table(&self) -> bool {
        self.base.by_table()
    }

    fn own(&self) -> Option<&Own> {
        Some(self)
    }

    fn listing(&self) -> Option<fn(&Discovered) -> Vec<Row>> {
        self.base.listing()
    }

    fn take(&self, object: Source<'_, '_>, server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        self.base.take(object, server, out)
    }

    fn rows(&self, json: &[u8], server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        let before = out.len();
        self.base.rows(json, server, out)?;
        self.extend(json, out.get_mut(before..).unwrap_or_default());
        Ok(())
    }

    fn read(&self, json: &[u8], server: Server, out: &mut Vec<Row>) -> Result<usize, ReadError> {
        let before = out.len();
        let took = self.base.read(json, server, out)?;
        self.extend(json.get(..took).unwrap_or_default(), out.get_mut(before..).unwrap_or_default());
        Ok(took)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::pods::Pods;
    use serde_json::json;

    fn own(path: &str, reading: Reading, tones: &[(&str, Tone)]) -> Own {
        let heading = Heading { name: "X".into(), width: Width::Fit(9), place: Place::Always, right: false };
        let tones = tones.iter().map(|(text, tone)| ((*text).to_owned(), *tone)).collect();
        Own::new(&Pods, vec![OwnColumn { heading, path: path.to_owned(), reading, tones }], 1).unwrap()
    }

    fn last(own: &Own) -> Cell {
        let pod = json!({"metadata": {"name": "web", "labels": {"app.io/zone": "z1"}, "creationTimestamp": "1970-01-01T00:00:05Z"},
            "spec": {"containers": [{"image": "a:1", "resources": {"limits": {"memory": "1Gi"}}}, {"image": "b:2"}]}});
        let text = format!("{pod},{{}}");
        let mut rows = Vec::new();
        let took = own.read(text.as_bytes(), Server::default(), &mut rows).unwrap();
        assert_eq!(took, text.len() - 3);
        assert_eq!((rows.len(), rows[0].cells.len()), (1, own.headings().len()));
        rows[0].cells.pop().unwrap()
    }

    #[test]
    fn a_path_becomes_a_cell_behind_the_kinds_own() {
        let zone = ".metadata.labels.app\\.io/zone";
        assert_eq!(last(&own(zone, Reading::Text, &[("z1", Tone::Bad)])), Cell::text("z1").tone(Tone::Bad));
        assert_eq!(last(&own(".spec.containers[*].image", Reading::Text, &[])), Cell::text("a:1,b:2"));
        assert_eq!(
            last(&own(".spec.containers[0].resources.limits.memory", Reading::Quantity, &[])),
            Cell::quantity("1Gi")
        );
        assert_eq!(last(&own("metadata.creationTimestamp", Reading::Time, &[])), Cell::since(Some(Time(5))));
        assert_eq!(last(&own(".nothing", Reading::Number, &[])), Cell::none());
        assert_eq!(
            last(&own(".spec.containers[7]", Reading::Text, &[])).show(Time(0)),
            "<array index out of bounds: index 7, length 2>"
        );
        assert_eq!(last(&own(".metadata.labels", Reading::Json, &[])), Cell::text(r#"{"app.io/zone":"z1"}"#));
    }
}
