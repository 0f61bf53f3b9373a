//! `Template`: kubectl's `JSONPath` (`client-go` 1.36 `util/jsonpath`), over JSON values. Missing keys are no error.
//!
//! A template is text with expressions in braces: `{range .items[*]}{.metadata.name}{"\n"}{end}`. Where Go's maps have
//! no order, as in `.*` and `..`, ours is that of the keys.

mod compare;
mod eval;
mod filter;
mod go;
mod node;
mod parse;
mod path;
mod quote;
mod scan;

pub use eval::Fault;
pub use go::{json, show, to_json};
pub use path::Paths;

use node::Piece;
use serde_json::Value;
use std::borrow::Cow;

/// Why a template cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence} (at character {at})")]
pub struct Mistake {
    /// Where, in characters from 1.
    pub at: usize,
    /// What is wrong, as kubectl says it.
    pub sentence: String,
}

/// A template that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// What one expression found.
pub type Found<'a> = Vec<Hit<'a>>;

/// A value that an expression found: of the object, or written in the template.
pub type Hit<'a> = Option<Cow<'a, Value>>;

impl Template {
    /// Reads a template with its braces.
    ///
    /// # Errors
    /// With the place of the first mistake.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        Ok(Self { pieces: parse::template(text)? })
    }

    /// Reads one path with or without braces and without or with its leading point, as `--sort-by` and
    /// `custom-columns` take it: `metadata.name`, `.metadata.name`, `{.metadata.name}`.
    ///
    /// # Errors
    /// With the place of the first mistake.
    pub fn relaxed(text: &str) -> Result<Self, Mistake> {
        Self::parse(&relaxed(text)?)
    }

    /// What each expression and each text between them gives for `object`.
    ///
    /// # Errors
    /// When it asks what cannot be asked of this object, e.g. for an element that a list does not have.
    pub fn find<'a>(&'a self, object: &'a Value) -> Result<Vec<Found<'a>>, Fault> {
        eval::find(&self.pieces, object)
    }

    /// Writes what the template makes of `object`, as `kubectl -o jsonpath`: texts bare, lists and maps as JSON, several
    /// results of one expression with a space between them.
    ///
    /// # Errors
    /// As [`Template::find`].
    pub fn print(&self, object: &Value, out: &mut String) -> Result<(), Fault> {
        for found in self.find(object)? {
            for (at, hit) in found.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                go::print(hit.as_deref(), out);
            }
        }
        Ok(())
    }

    /// Writes each expression's results as a list of JSON, as `kubectl -o jsonpath-as-json`.
    ///
    /// # Errors
    /// As [`Template::find`].
    pub fn print_json(&self, object: &Value, out: &mut String) -> Result<(), Fault> {
        for found in self.find(object)? {
            let list = found.into_iter().map(|hit| hit.map_or(Value::Null, Cow::into_owned)).collect();
            out.push_str(&go::json(&Value::Array(list), Some(4)));
            out.push('\n');
        }
        Ok(())
    }
}

/// The template of a path in its relaxed form (`kubectl` `get/customcolumn.go`).
///
/// # Errors
/// When braces stand within it.
pub fn relaxed(text: &str) -> Result<String, Mistake> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    let path = inner.strip_prefix('.').filter(|rest| !rest.is_empty()).unwrap_or(inner);
    if path.is_empty() || path.contains(['{', '}']) {
        let at = text.chars().take_while(|c| !matches!(c, '{' | '}')).count() + 1;
        let sentence = "a path such as metadata.name, .metadata.name or {.metadata.name} is expected".to_owned();
        return Err(Mistake { at, sentence });
    }
    Ok(format!("{{.{path}}}"))
}

#[cfg(test)]
mod tests;
