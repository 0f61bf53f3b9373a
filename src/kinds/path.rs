//! `Path`: the simple `JSONPath` of a printer column, as far as columns of dates use it: names, an index, and the entry of a
//! list whose field has a value.

use serde_json::Value;

/// One step into a value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    /// The first entry whose field (first) has the text (second).
    Where(String, String),
}

/// A path to one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// Reads `.status.conditions[?(@.type=="Ready")].lastTransitionTime`; `None` for what is more than this knows.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut rest, mut steps) = (text.trim(), Vec::new());
        while !rest.is_empty() {
            let step;
            (step, rest) = if let Some(inside) = rest.strip_prefix('[') {
                let (inside, after) = inside.split_once(']')?;
                (bracket(inside.trim())?, after)
            } else {
                let name = rest.strip_prefix('.')?;
                let end = name.find(['.', '[']).unwrap_or(name.len());
                let (name, after) = name.split_at_checked(end)?;
                (plain(name)?, after)
            };
            steps.push(step);
        }
        (!steps.is_empty()).then_some(Self(steps))
    }

    /// What it leads to in `value`.
    pub fn find<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(at) => value.get(at),
            Step::Where(field, text) => {
                let is = |entry: &&Value| entry.get(field).and_then(Value::as_str) == Some(text);
                value.as_array()?.iter().find(is)
            }
        })
    }
}

/// A name behind a point.
fn plain(name: &str) -> Option<Step> {
    let fits = |c: char| c.is_alphanumeric() || "_-".contains(c);
    (!name.is_empty() && name.chars().all(fits)).then(|| Step::Key(name.to_owned()))
}

/// What stands in brackets: `'a.b'`, `0`, or `?(@.type=="Ready")`.
fn bracket(inside: &str) -> Option<Step> {
    if let Some(condition) = inside.strip_prefix("?(@.").and_then(|rest| rest.strip_suffix(')')) {
        let (field, text) = condition.split_once("==")?;
        let Some(Step::Key(field)) = plain(field.trim()) else { return None };
        return Some(Step::Where(field, quoted(text.trim())?));
    }
    quoted(inside).map(Step::Key).or_else(|| inside.parse().ok().map(Step::Index))
}

/// The text inside of quotes.
fn quoted(text: &str) -> Option<String> {
    let inside = ['\'', '"'].iter().find_map(|mark| text.strip_prefix(*mark)?.strip_suffix(*mark))?;
    (!inside.contains(['\'', '"', '\\'])).then(|| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_paths_of_printer_columns_are_followed() {
        let value = json!({"a": {"b.c": [1, {"d": "e"}], "list": [{"type": "X", "at": 1}, {"type": "Y", "at": 2}]}});
        let found = |path: &str| Path::parse(path).and_then(|path| path.find(&value).cloned());
        assert_eq!(found(".a['b.c'][1].d"), Some(json!("e")));
        assert_eq!(found(r#".a.list[?(@.type=="Y")].at"#), Some(json!(2)));
        assert_eq!(found(".a.list[?(@.type=='Z')].at"), None);
        assert_eq!(found(".a.x"), None);
        for path in
            ["", ".", "a", ".a..b", ".a[*]", "..a", ".a[?(@.b>1)]", "{.a}", ".a[", ".a[?(@.x=='a'b')]", ".a[-1]"]
        {
            assert_eq!(Path::parse(path), None, "{path}");
        }
    }
}
