//! Whole objects as kubectl prints them: JSON, YAML, templates, columns by path. One by one where that can be.

use super::form::Form;
use super::lines::{Lines, line};
use super::sort;
use super::stop::Stop;
use super::table::refuse_nothing;
use crate::kinds::jsonpath::{Template, json, show};
use crate::kinds::{AnyKind, Row, Value as Cell};
use crate::model::Notice;
use crate::model::document::{Document, Options, mask};
use crate::text::safe;
use serde_json::{Value, json};
use std::io::{self, IsTerminal, Write};

/// How far objects stand to the right in a list of JSON, in spaces.
const INSIDE: &str = "        ";

/// Prints objects.
pub struct Objects<'a> {
    /// How.
    pub form: &'a Form,
    /// What of them.
    pub options: Options,
    /// Whether each stands for itself, and not in a list.
    pub alone: bool,
    /// Without headings.
    pub no_headers: bool,
    /// What they are sorted by.
    pub sort: Option<(String, Template)>,
    waiting: Vec<Value>,
    lines: Lines,
    count: usize,
}

impl<'a> Objects<'a> {
    /// Nothing printed yet.
    pub fn new(form: &'a Form, options: Options) -> Self {
        Self {
            form,
            options,
            alone: false,
            no_headers: false,
            sort: None,
            waiting: Vec::new(),
            lines: Lines::default(),
            count: 0,
        }
    }

    /// Takes the object of a row that was read whole.
    ///
    /// # Errors
    /// When `out` cannot be written to, or the template cannot be used on the object.
    pub fn row(&mut self, kind: &dyn AnyKind, row: &Row, out: &mut impl Write) -> Result<(), Stop> {
        let Some(Cell::Text(text)) = row.cells.first().map(|cell| &cell.value) else { return Ok(()) };
        let read = serde_json::from_str(text);
        let mut object: Value = read.map_err(|error| Notice::error(format!("an object is no JSON: {error}"), ""))?;
        name(kind, &mut object);
        mask(&mut object, &self.options);
        if self.sort.is_some() && !self.alone {
            self.waiting.push(object);
            return Ok(());
        }
        self.put(object, out)
    }

    fn put(&mut self, object: Value, out: &mut impl Write) -> Result<(), Stop> {
        match (self.form, self.alone) {
            (Form::Json, false) => self.item(&object, out)?,
            (Form::Yaml, false) => {
                if self.count == 0 {
                    writeln!(out, "apiVersion: v1\nitems:")?;
                }
                write_text(out, Document::of(json!([object]), &self.options).text())?;
            }
            (Form::JsonPath(_) | Form::JsonPathAsJson(_), false) => self.waiting.push(object),
            (Form::Columns(columns), alone) => {
                self.columns(columns, &object)?;
                if alone {
                    self.lines.print(out)?;
                }
            }
            (_, true) => self.one(&object, out)?,
            _ => {}
        }
        self.count += 1;
        Ok(())
    }

    /// Prints an object that stands for itself.
    fn one(&self, object: &Value, out: &mut impl Write) -> Result<(), Stop> {
        match self.form {
            Form::Json => writeln!(out, "{}", json(object, Some(4)))?,
            Form::Yaml => {
                if self.count > 0 {
                    writeln!(out, "---")?;
                }
                write_text(out, Document::of(object.clone(), &self.options).text())?;
            }
            Form::JsonPath(template) => print(template, object, false, out)?,
            Form::JsonPathAsJson(template) => print(template, object, true, out)?,
            _ => {}
        }
        Ok(())
    }

    /// Prints an object of a list of JSON.
    fn item(&self, object: &Value, out: &mut impl Write) -> Result<(), Stop> {
        let begin = if self.count == 0 { "{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n" } else { ",\n" };
        write!(out, "{begin}")?;
        for (at, line) in json(object, Some(4)).lines().enumerate() {
            let end = if at > 0 { "\n" } else { "" };
            write!(out, "{end}{INSIDE}{line}")?;
        }
        Ok(())
    }

    fn columns(&mut self, columns: &[(String, Template)], object: &Value) -> Result<(), Stop> {
        if self.count == 0 && !self.no_headers {
            self.lines.push(&line(columns.iter().map(|(name, _)| safe(name))));
        }
        let cells: Result<Vec<String>, Stop> = columns.iter().map(|(_, path)| cell(path, object)).collect();
        self.lines.push(&line(cells?.into_iter()));
        Ok(())
    }

    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.waiting.is_empty()
    }

    /// Prints what came so far, when nothing more comes.
    ///
    /// # Errors
    /// As [`Objects::row`].
    pub fn finish(&mut self, out: &mut impl Write) -> Result<(), Stop> {
        self.sorted(out)?;
        match self.form {
            _ if self.alone => {}
            Form::Json if self.count == 0 => writeln!(out, "{}", json(&list(Vec::new()), Some(4)))?,
            Form::Json => {
                let end = "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}";
                writeln!(out, "{end}")?;
            }
            Form::Yaml if self.count == 0 => write!(out, "{}", Document::of(list(Vec::new()), &self.options).text())?,
            Form::Yaml => writeln!(out, "kind: List\nmetadata:\n  resourceVersion: \"\"")?,
            Form::JsonPath(template) => print(template, &list(std::mem::take(&mut self.waiting)), false, out)?,
            Form::JsonPathAsJson(template) => print(template, &list(std::mem::take(&mut self.waiting)), true, out)?,
            _ => self.lines.print(out)?,
        }
        Ok(out.flush()?)
    }

    /// Puts the objects that wait to be sorted.
    fn sorted(&mut self, out: &mut impl Write) -> Result<(), Stop> {
        let Some((path, template)) = self.sort.take() else { return Ok(()) };
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let mut keyed: Vec<_> = waiting.map(|object| (sort::key(&template, &object), object)).collect();
        if !keyed.is_empty() {
            refuse_nothing(&path, keyed.iter().map(|(key, _)| key))?;
        }
        keyed.sort_by(|(a, _), (b, _)| sort::order(a.as_ref(), b.as_ref()));
        keyed.into_iter().try_for_each(|(_, object)| self.put(object, out))
    }
}

/// Gives an object of a list the names of its kind, which the list has said once for all.
fn name(kind: &dyn AnyKind, object: &mut Value) {
    let names = kind.resource();
    if let Some(map) = object.as_object_mut() {
        map.entry("apiVersion").or_insert_with(|| names.api_version().into());
        map.entry("kind").or_insert_with(|| names.kind.into());
    }
}

/// The list that kubectl makes of objects.
fn list(items: Vec<Value>) -> Value {
    let metadata = json!({"resourceVersion": ""});
    let fields =
        [("apiVersion", "v1".into()), ("items", Value::Array(items)), ("kind", "List".into()), ("metadata", metadata)];
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn print(template: &Template, object: &Value, as_json: bool, out: &mut impl Write) -> Result<(), Stop> {
    let mut text = String::new();
    let printed = if as_json { template.print_json(object, &mut text) } else { template.print(object, &mut text) };
    printed.map_err(|fault| Notice::error(format!("the jsonpath cannot be used: {fault}"), ""))?;
    Ok(write_text(out, &text)?)
}

/// The cell of a column: several results stand side by side.
fn cell(path: &Template, object: &Value) -> Result<String, Stop> {
    let found = path.find(object);
    let found = found.map_err(|fault| Notice::error(format!("a column's path cannot be used: {fault}"), ""))?;
    let shown = found.iter().flatten().map(|hit| {
        let mut text = String::new();
        show(hit.as_deref().unwrap_or(&Value::Null), &mut text);
        safe(&text).into_owned()
    });
    let shown: Vec<String> = shown.collect();
    Ok(if shown.is_empty() { "<none>".to_owned() } else { shown.join(",") })
}

/// Writes a text as it is; on a terminal without what that would obey.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    if !io::stdout().is_terminal() {
        return out.write_all(text.as_bytes());
    }
    text.split_inclusive('\n').try_for_each(|line| {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        write!(out, "{}{end}", safe(line))
    })
}
