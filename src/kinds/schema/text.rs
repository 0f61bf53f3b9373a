//! What `kubectl explain` prints of a kind or a field (kubectl 1.36 `pkg/explain/v2/templates/plaintext.tmpl`).

use super::wrap::wrap;
use super::{Document, Explained, ExternalDocs, FieldOf, Schema, Seen};
use serde_json::Value;

/// Why a field cannot be explained, in kubectl's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown(pub String);

/// Values that are listed of an enumeration in a list of fields.
const VALUES: usize = 4;

/// The text for what was asked for; `recursive` lists the fields of fields, without descriptions.
///
/// # Errors
/// When there is no such kind or field.
pub fn explain(explained: &Explained, recursive: bool) -> Result<String, Unknown> {
    let Explained { kind, document, fields } = explained;
    let group = if kind.group.is_empty() { String::new() } else { format!("GROUP:      {}\n", kind.group) };
    let mut out = format!("{group}KIND:       {}\nVERSION:    {}\n\n", kind.kind, kind.version);
    let none = || {
        Unknown(format!(
            "GVK map[group:{} kind:{} version:{}] not found in OpenAPI schema",
            kind.group, kind.kind, kind.version
        ))
    };
    let schema = document.kind(kind).ok_or_else(none)?;
    let told = Teller { document, recursive }.tell(schema, fields, &Seen::default());
    let missing = || Unknown(format!("field \"{}\" does not exist", fields.last().map_or("", String::as_str)));
    out.push_str(&told.ok_or_else(missing)?);
    out.push('\n');
    Ok(out)
}

/// The schema of a field, if there is one; that of the kind itself when `fields` is empty.
pub fn find<'a>(explained: &'a Explained, fields: &[String]) -> Option<&'a Schema> {
    let Explained { kind, document, .. } = explained;
    walk(document, document.kind(kind)?, fields, &Seen::default())
}

fn walk<'a>(document: &'a Document, schema: &'a Schema, fields: &[String], seen: &Seen<'_>) -> Option<&'a Schema> {
    let Some((first, rest)) = fields.split_first() else { return Some(schema) };
    if seen.holds(schema) {
        return None;
    }
    let resolved = document.resolved(schema);
    match resolved.properties.get(first.as_str()) {
        Some(field) => walk(document, field, rest, &Seen::default()),
        None => resolved.inside().find_map(|inner| walk(document, inner, fields, &seen.with(schema))),
    }
}

/// What is said of a schema: its own words, and those of what it refers to and is made of.
pub fn description(document: &Document, schema: &Schema) -> String {
    let mut out = String::new();
    describe(document, schema, &mut out, &Seen::default());
    out
}

fn describe(document: &Document, schema: &Schema, out: &mut String, seen: &Seen<'_>) {
    if seen.holds(schema) {
        return;
    }
    let resolved = document.resolved(schema);
    if !resolved.description.is_empty() {
        out.push_str(&resolved.description);
        out.push('\n');
    }
    for inner in resolved.inside() {
        describe(document, inner, out, &seen.with(schema));
    }
}

/// The values that a field may have, each as kubectl writes it.
pub fn values(schema: &Schema) -> impl Iterator<Item = String> {
    schema.values.iter().map(|value| match value {
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        Value::Null => "<no value>".to_owned(),
        other => other.to_string(),
    })
}

struct Teller<'a> {
    document: &'a Document,
    recursive: bool,
}

impl Teller<'_> {
    /// Follows `fields` from `schema` on and tells of the last one; `None` when one is not there.
    fn tell(&self, schema: &Schema, fields: &[String], seen: &Seen<'_>) -> Option<String> {
        let resolved = self.document.resolved(schema);
        let Some((first, rest)) = fields.split_first() else { return Some(self.about(resolved)) };
        if seen.holds(schema) {
            return None;
        }
        let seen = seen.with(schema);
        if let Some(field) = resolved.properties.get(first.as_str()) {
            let head = if rest.is_empty() { self.head(first, field) } else { String::new() };
            return self.tell(field, rest, &Seen::default()).map(|told| head + &told);
        }
        // kubectl looks into the elements of a list, else into the values of a map, else into alternatives.
        match resolved.items.as_deref().or(resolved.additional_properties.as_deref()) {
            Some(inner) => self.tell(inner, fields, &seen),
            None => resolved.all_of.iter().find_map(|inner| self.tell(inner, fields, &seen)),
        }
    }

    /// `FIELD: name <type>` and the values that it may have.
    fn head(&self, name: &str, schema: &Schema) -> String {
        let mut out = format!("FIELD: {name} <{}>\n", self.document.type_of(schema));
        if !schema.values.is_empty() {
            out.push_str("ENUM:");
            for value in values(schema) {
                out.extend(["\n    ", &value]);
            }
        }
        out + "\n\n"
    }

    /// Description and fields.
    fn about(&self, schema: &Schema) -> String {
        let said = description(self.document, schema);
        let said = if said.is_empty() { "<empty>" } else { &said };
        let mut out = format!("DESCRIPTION:\n{}\n", indent(&wrap(said, 76), 4));
        if let Some(docs) = &schema.external_docs {
            out.push('\n');
            external(docs, 0, &mut out);
        }
        let mut fields = String::new();
        self.list(schema, &Seen::default(), 1, &mut fields);
        if fields.is_empty() { out } else { out + "FIELDS:\n" + &fields }
    }

    fn list(&self, schema: &Schema, seen: &Seen<'_>, level: usize, out: &mut String) {
        let mut fields = Vec::new();
        let recursive = self.recursive;
        self.document.fields(schema, seen, &mut |field, seen| {
            self.detail(&field, level, &mut fields);
            if recursive {
                let mut inner = String::new();
                self.list(field.schema, seen, level + 1, &mut inner);
                fields.push(inner);
            }
        });
        out.extend(fields);
    }

    /// A field of a list.
    fn detail(&self, field: &FieldOf<'_>, level: usize, out: &mut Vec<String>) {
        let FieldOf { name, schema, required } = field;
        let pad = level * 2;
        let required = if *required { " -required-" } else { "" };
        let mut text = format!("{}\t<{}>{required}", indent(name, pad), self.document.type_of(schema));
        if !schema.values.is_empty() {
            let mut all: Vec<String> = values(schema).take(VALUES).collect();
            all.extend((schema.values.len() > VALUES).then(|| "....".to_owned()));
            text.extend(["\n", &" ".repeat(pad), "enum: ", &all.join(", ")]);
        }
        text.push('\n');
        if !self.recursive {
            let said = if schema.description.is_empty() { "<no description>" } else { &schema.description };
            text.push_str(&indent(&wrap(said, 78_usize.saturating_sub(pad)), pad + 2));
            text.push('\n');
            if let Some(docs) = &schema.external_docs {
                text.push('\n');
                external(docs, pad + 2, &mut text);
            }
            text.push('\n');
        }
        out.push(text);
    }
}

/// Where more can be read.
fn external(docs: &ExternalDocs, pad: usize, out: &mut String) {
    out.extend([&*indent("EXTERNAL DOCS:", pad), "\n"]);
    let deeper = pad + 4 - pad.min(2);
    if !docs.description.is_empty() {
        let text = wrap(&docs.description, 78_usize.saturating_sub(pad.max(2)));
        out.extend([&*indent(&text, deeper), "\n"]);
    }
    if !docs.url.is_empty() {
        out.extend([&*indent(&format!("URL: {}", docs.url), deeper), "\n"]);
    }
}

/// `text` with so many spaces before each line.
fn indent(text: &str, by: usize) -> String {
    let pad = " ".repeat(by);
    format!("{pad}{}", text.replace('\n', &format!("\n{pad}")))
}
