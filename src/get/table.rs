//! Rows as kubectl prints them: aligned columns, names, or comma-separated values.

use super::lines::{Lines, line};
use super::sort;
use super::stop::Stop;
use crate::args::Look;
use crate::kinds::{AnyKind, Heading, Names, Row, Time, in_group};
use crate::model::Notice;
use crate::text::safe;
use serde_json::Value;
use std::borrow::Cow;
use std::io::Write;

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Aligned, with the wide columns or without.
    Table {
        /// With the wide columns.
        wide: bool,
    },
    /// Comma-separated.
    Csv,
    /// `kind/name`.
    Name,
}

/// Prints rows, kind by kind.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Table<'a> {
    /// How.
    pub shape: Shape,
    /// What a person asked of the table.
    pub look: &'a Look,
    /// Whether more than one namespace may be shown.
    pub with_namespace: bool,
    /// Whether names stand behind their kind.
    pub with_kind: bool,
    /// Rows that wait to be sorted, with their keys.
    waiting: Vec<(Option<Value>, String)>,
    lines: Lines,
    /// The kind whose rows come now, and its columns.
    kind: Option<&'static Names>,
    headings: Vec<Heading>,
    /// The columns that the server told for the rows that follow.
    pub told: Option<Vec<Heading>>,
    showed_namespace: bool,
    /// Whether something was printed.
    pub printed: bool,
}

impl<'a> Table<'a> {
    /// A table in which nothing stands yet.
    pub fn new(shape: Shape, look: &'a Look, with_namespace: bool) -> Self {
        Self {
            shape,
            look,
            with_namespace,
            with_kind: look.show_kind,
            waiting: Vec::new(),
            lines: Lines::default(),
            kind: None,
            headings: Vec::new(),
            told: None,
            showed_namespace: false,
            printed: false,
        }
    }

    /// Takes a row of `kind`.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn row(&mut self, kind: &'static dyn AnyKind, row: &Row, out: &mut impl Write) -> Result<(), Stop> {
        if self.shape == Shape::Name {
            self.printed = true;
            return Ok(writeln!(out, "{}/{}", name_of(kind.names()), safe(&row.name))?);
        }
        if self.kind != Some(kind.names()) {
            self.begin(kind, out)?;
        }
        let cells = self.cells(kind, row);
        match (self.shape, &self.look.sort_by) {
            (Shape::Csv, _) => writeln!(out, "{}", csv(cells.into_iter()))?,
            (_, Some(_)) => self.waiting.push((key(row), line(cells.into_iter()))),
            (_, None) => self.lines.push(&line(cells.into_iter())),
        }
        Ok(())
    }

    /// Begins the rows of another kind: with headings, and an empty line before them when it is not the first.
    fn begin(&mut self, kind: &'static dyn AnyKind, out: &mut impl Write) -> Result<(), Stop> {
        self.flush(out)?;
        if self.printed && !self.look.no_headers {
            writeln!(out)?;
        }
        (self.lines, self.kind, self.printed) = (Lines::default(), Some(kind.names()), true);
        self.headings = self.told.take().unwrap_or_else(|| kind.headings());
        let headings = self.headings(kind);
        self.showed_namespace |= self.shows_namespace(kind);
        if self.look.no_headers {
            return Ok(());
        }
        match self.shape {
            Shape::Csv => writeln!(out, "{}", csv(headings.into_iter()))?,
            _ => self.lines.push(&line(headings.into_iter())),
        }
        Ok(())
    }

    /// Prints what came so far.
    ///
    /// # Errors
    /// When `out` cannot be written to, or there is nothing to sort by.
    pub fn flush(&mut self, out: &mut impl Write) -> Result<(), Stop> {
        let mut waiting = std::mem::take(&mut self.waiting);
        if let Some(path) = self.look.sort_by.as_ref().filter(|_| !waiting.is_empty()) {
            refuse_nothing(path, waiting.iter().map(|(key, _)| key))?;
        }
        waiting.sort_by(|(a, _), (b, _)| sort::order(a.as_ref(), b.as_ref()));
        for (_, line) in &waiting {
            self.lines.push(line);
        }
        self.lines.print(out)?;
        Ok(out.flush()?)
    }

    /// The columns that are shown, as indices of the kind's headings.
    fn columns(&self, headings: &[Heading]) -> Vec<usize> {
        let wide = self.shape != (Shape::Table { wide: false });
        let stands = |(_, heading): &(usize, &Heading)| heading.place.stands(wide);
        headings.iter().enumerate().filter(stands).map(|(column, _)| column).collect()
    }

    /// Whether the namespace is shown: for kubectl also of kinds without, once it was shown of one before. In a file of
    /// values it costs nothing.
    fn shows_namespace(&self, kind: &dyn AnyKind) -> bool {
        let namespaced = kind.names().namespaced;
        (self.shape == Shape::Csv && namespaced) || (self.with_namespace && (namespaced || self.showed_namespace))
    }

    fn headings(&self, kind: &dyn AnyKind) -> Vec<String> {
        let all = &self.headings;
        let namespace = self.shows_namespace(kind).then_some("NAMESPACE").map(str::to_owned);
        let own = self.columns(all).into_iter().filter_map(|column| all.get(column)).map(|h| h.name.to_string());
        let label = |key: &String| safe(key.rsplit('/').next().unwrap_or_default()).to_uppercase();
        let labels = self.look.label_columns.iter().map(label);
        let all_labels = self.look.show_labels.then(|| "LABELS".to_owned());
        namespace.into_iter().chain(own).chain(labels).chain(all_labels).collect()
    }

    fn cells(&self, kind: &dyn AnyKind, row: &Row) -> Vec<String> {
        let (headings, now) = (&self.headings, Time::now());
        let namespace = self.shows_namespace(kind).then(|| row.namespace.to_string());
        let own = self.columns(headings).into_iter().enumerate().map(|(at, column)| match (at, &row.unreadable) {
            (0, Some(_)) => row.name.to_string(),
            (1, Some(why)) => why.clone(),
            _ => {
                let shown = row.cells.get(column).map(|cell| cell.show(now)).unwrap_or_default();
                let is_name = headings.get(column).is_some_and(|heading| heading.name == "NAME");
                if self.with_kind && is_name { format!("{}/{shown}", name_of(kind.names())) } else { shown }
            }
        });
        let labels = self.look.label_columns.iter().map(|key| label(row, key).to_owned());
        let all_labels = self.look.show_labels.then(|| match row.labels.as_str() {
            "" => "<none>".to_owned(),
            lines => lines.replace('\n', ","),
        });
        let cells = namespace.into_iter().chain(own).chain(labels).chain(all_labels);
        cells.map(|cell| safe(&cell).into_owned()).collect()
    }
}

/// Fails when nothing has what shall be sorted by.
///
/// # Errors
/// As kubectl says it.
pub fn refuse_nothing<'a>(path: &str, mut keys: impl Iterator<Item = &'a Option<Value>>) -> Result<(), Notice> {
    if keys.any(Option::is_some) {
        return Ok(());
    }
    let sentence = format!("couldn't find any field with path \"{}\" in the list of objects", safe(path));
    Err(Notice::error(sentence, "rutter get … -o yaml shows which fields there are"))
}

/// What a row is sorted by: its last cell, see [`super::read_for`].
fn key(row: &Row) -> Option<Value> {
    let Some(crate::kinds::Value::Text(json)) = row.cells.last().map(|cell| &cell.value) else { return None };
    serde_json::from_str(json).ok()
}

fn label<'a>(row: &'a Row, key: &str) -> &'a str {
    row.labels.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap_or_default()
}

/// `pod` or `deployment.apps`, as kubectl's `-o name`.
fn name_of(names: &Names) -> String {
    in_group(&names.kind.to_lowercase(), names.group)
}

/// A line of CSV (RFC 4180).
fn csv(fields: impl Iterator<Item = String>) -> String {
    fields.map(|field| quoted(&field).into_owned()).collect::<Vec<_>>().join(",")
}

fn quoted(field: &str) -> Cow<'_, str> {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")).into() } else { field.into() }
}
