//! The form in which something is printed, as `-o` names it.

use crate::kinds::jsonpath::Template;
use crate::model::Notice;
use crate::text::safe;
use std::fs;

/// How to print.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Aligned columns, with the wide ones or without.
    Table {
        /// With the wide columns.
        wide: bool,
    },
    /// Comma-separated values (RFC 4180), all columns.
    Csv,
    /// `kind/name`.
    Name,
    /// Whole objects as JSON.
    Json,
    /// Whole objects as YAML.
    Yaml,
    /// What a template makes of them.
    JsonPath(Template),
    /// The same as lists of JSON.
    JsonPathAsJson(Template),
    /// Columns with their paths.
    Columns(Vec<(String, Template)>),
}

/// The forms, for hints.
const FORMS: &str = "forms: wide, name, json, yaml, csv, jsonpath=…, jsonpath-file=…, jsonpath-as-json=…, \
                     custom-columns=NAME:.path,…, custom-columns-file=…";

impl Form {
    /// Reads what stands behind `-o`; a table when nothing does.
    ///
    /// # Errors
    /// When there is no such form, or its template has a mistake.
    pub fn read(text: &str) -> Result<Self, Notice> {
        let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
        match (name, value) {
            ("" | "table", None) => Ok(Self::Table { wide: false }),
            ("wide", None) => Ok(Self::Table { wide: true }),
            ("csv", None) => Ok(Self::Csv),
            ("name", None) => Ok(Self::Name),
            ("json", None) => Ok(Self::Json),
            ("yaml", None) => Ok(Self::Yaml),
            ("jsonpath" | "jsonpath-file" | "jsonpath-as-json" | "custom-columns" | "custom-columns-file", value) => {
                let value = value.filter(|value| !value.is_empty()).ok_or_else(|| nothing_given(name))?;
                Self::with(name, value)
            }
            ("go-template" | "go-template-file" | "template" | "templatefile", _) => Err(Notice::error(
                "Go templates are not read here",
                "jsonpath=… and custom-columns=… say the same, or use kubectl",
            )),
            _ => Err(Notice::error(format!("there is no form \"{}\"", safe(text)), FORMS)),
        }
    }

    fn with(name: &str, value: &str) -> Result<Self, Notice> {
        match name {
            "jsonpath" => template(value).map(Self::JsonPath),
            "jsonpath-as-json" => template(value).map(Self::JsonPathAsJson),
            "jsonpath-file" => template(&file(value)?).map(Self::JsonPath),
            "custom-columns-file" => columns_of_file(&file(value)?).map(Self::Columns),
            _ => value.split(',').map(column).collect::<Result<_, _>>().map(Self::Columns),
        }
    }

    /// Whether it prints whole objects, and not rows.
    pub fn is_of_objects(&self) -> bool {
        !matches!(self, Self::Table { .. } | Self::Csv | Self::Name)
    }
}

fn nothing_given(name: &str) -> Notice {
    Notice::error(format!("{name} needs a template"), format!("write -o {name}=…"))
}

fn file(path: &str) -> Result<String, Notice> {
    fs::read_to_string(path).map_err(|error| Notice::error(format!("cannot read {}: {error}", safe(path)), ""))
}

fn template(text: &str) -> Result<Template, Notice> {
    let wrong = |mistake| Notice::error(format!("the jsonpath {} has a mistake: {mistake}", safe(text)), "");
    Template::parse(text).map_err(wrong)
}

/// A path in its relaxed form.
///
/// # Errors
/// With the place of its mistake.
pub fn path(text: &str) -> Result<Template, Notice> {
    let wrong = |mistake| Notice::error(format!("the path {} has a mistake: {mistake}", safe(text)), "");
    Template::relaxed(text).map_err(wrong)
}

/// Reads `NAME:.path`.
fn column(text: &str) -> Result<(String, Template), Notice> {
    let wrong = || {
        Notice::error(
            format!("the column {} is not NAME:.path", safe(text)),
            "for example -o custom-columns=NAME:.metadata.name",
        )
    };
    let (name, path_text) = text.split_once(':').ok_or_else(wrong)?;
    Ok((name.to_owned(), path(path_text)?))
}

/// Reads a line of names and a line of paths.
fn columns_of_file(text: &str) -> Result<Vec<(String, Template)>, Notice> {
    let mut lines = text.lines();
    let mut words = || lines.next().unwrap_or_default().split_whitespace().collect::<Vec<_>>();
    let (names, paths) = (words(), words());
    if names.is_empty() || names.len() != paths.len() {
        let sentence = format!("the file names {} columns and {} paths", names.len(), paths.len());
        return Err(Notice::error(sentence, "one line of names and one line of paths are expected"));
    }
    names.into_iter().zip(paths).map(|(name, text)| Ok((name.to_owned(), path(text)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read() {
        assert_eq!(Form::read(""), Ok(Form::Table { wide: false }));
        assert_eq!(Form::read("wide"), Ok(Form::Table { wide: true }));
        let Ok(Form::Columns(columns)) = Form::read("custom-columns=A:.a,B:b.c") else { panic!() };
        assert_eq!(columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["A", "B"]);
        assert!(matches!(Form::read("jsonpath={.a=b}"), Ok(Form::JsonPath(_))));
        let columns = columns_of_file("NAME  ZONE\nmetadata.name {.metadata.labels.zone}\n").unwrap();
        assert_eq!(columns[1], ("ZONE".to_owned(), Template::parse("{.metadata.labels.zone}").unwrap()));
    }

    #[test]
    fn mistakes_are_sentences() {
        let cases = [
            ("xml", "there is no form \"xml\""),
            ("jsonpath", "jsonpath needs a template"),
            ("jsonpath={.a", "the jsonpath {.a has a mistake: unclosed action (at character 4)"),
            ("custom-columns=A", "the column A is not NAME:.path"),
            ("custom-columns=A:.a[", "the path .a[ has a mistake: unterminated array (at character 4)"),
            ("go-template={{.a}}", "Go templates are not read here"),
            ("custom-columns-file=nowhere", "cannot read nowhere: No such file or directory (os error 2)"),
        ];
        for (text, expected) in cases {
            assert_eq!(Form::read(text).map_err(|notice| notice.sentence), Err(expected.to_owned()), "{text}");
        }
        assert!(columns_of_file("A B\n.a\n").is_err());
    }
}
