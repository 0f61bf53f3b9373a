//! `View`: which columns the table of a kind has, as `views` in `settings.yaml` says it, and how it is written there.
//! What a path or the name of a kind means is not known here.

use super::expect::{boolean, entries, text, texts};
use super::problem::{Report, did_you_mean};
use super::tree::{At, Entry, Node, Value, parse};
use std::fmt::Write as _;

/// The columns of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct View {
    /// The kind, by any of its names.
    pub kind: String,
    /// Where it stands.
    pub at: At,
    /// The columns that are shown, in order, and where their names stand; empty when all are, as usual.
    pub show: Vec<(String, At)>,
    /// Columns of the user's.
    pub columns: Vec<ViewColumn>,
}

/// A column of the user's.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ViewColumn {
    /// Its heading.
    pub name: String,
    /// The path of its value.
    pub path: String,
    /// Where the path stands.
    pub path_at: At,
    /// One of [`TYPES`].
    pub reads: String,
    /// How wide it may become, in cells of the terminal.
    pub width: Option<u16>,
    /// Whether it stands at the right.
    pub right: bool,
    /// Whether it stands only among the wide columns.
    pub wide: bool,
    /// Which texts have which of [`TONES`].
    pub tones: Vec<(String, String)>,
}

/// What the value of a column may be.
pub const TYPES: [&str; 4] = ["text", "number", "quantity", "time"];
/// What a text may mean.
pub const TONES: [&str; 6] = ["plain", "good", "busy", "warn", "bad", "quiet"];
/// How a column may stand.
const ALIGN: [&str; 2] = ["left", "right"];
const FIELDS: [&str; 7] = ["name", "path", "type", "width", "align", "wide", "tones"];

/// Reads `views`.
pub fn read(node: Node, report: &mut Report) -> Vec<View> {
    entries(node, report).into_iter().map(|entry| view(entry, report)).collect()
}

fn view(entry: Entry, report: &mut Report) -> View {
    let mut view = View { kind: entry.name, at: entry.at, ..View::default() };
    for entry in entries(entry.node, report) {
        match (entry.name.as_str(), &entry.node.value) {
            ("show", _) => view.show = texts(&entry, report),
            ("columns", Value::List(nodes)) => {
                view.columns = nodes.iter().filter_map(|node| column(node, report)).collect();
            }
            ("columns", _) => report.say(entry.node.at, "`columns` takes a list of columns", Some(EXAMPLE.to_owned())),
            (other, _) => {
                let hint = Some("there are show, columns".to_owned());
                report.say(entry.at, &format!("a view has no setting `{other}`"), hint);
            }
        }
    }
    view
}

const EXAMPLE: &str = "write for example - { name: ZONE, path: .metadata.labels.zone }";

/// A column; one without a name or a path is none.
fn column(node: &Node, report: &mut Report) -> Option<ViewColumn> {
    let mut column = ViewColumn { reads: "text".to_owned(), ..ViewColumn::default() };
    for entry in entries(node.clone(), report) {
        match entry.name.as_str() {
            "name" => text(&entry, report).unwrap_or_default().clone_into(&mut column.name),
            "path" => {
                text(&entry, report).unwrap_or_default().clone_into(&mut column.path);
                column.path_at = entry.node.at;
            }
            "type" => column.reads = one_of(&entry, &TYPES, report).unwrap_or(column.reads),
            "width" => column.width = width(&entry, report),
            "align" => column.right = one_of(&entry, &ALIGN, report).is_some_and(|align| align == "right"),
            "wide" => column.wide = boolean(&entry, report).unwrap_or_default(),
            "tones" => {
                let tones = entries(entry.node.clone(), report).into_iter();
                let tones = tones.filter_map(|tone| Some((tone.name.clone(), one_of(&tone, &TONES, report)?)));
                column.tones = tones.collect();
            }
            other => {
                let hint = did_you_mean(other, FIELDS).unwrap_or_else(|| format!("there are {}", FIELDS.join(", ")));
                report.say(entry.at, &format!("a column has no setting `{other}`"), Some(hint));
            }
        }
    }
    if column.name.is_empty() || column.path.is_empty() {
        report.say(node.at, "a column needs a name and a path", Some(EXAMPLE.to_owned()));
        return None;
    }
    Some(column)
}

fn one_of(entry: &Entry, known: &[&str], report: &mut Report) -> Option<String> {
    let written = text(entry, report)?;
    if known.contains(&written) {
        return Some(written.to_owned());
    }
    let hint =
        did_you_mean(written, known.iter().copied()).unwrap_or_else(|| format!("there are {}", known.join(", ")));
    report.say(entry.node.at, &format!("`{}` cannot be `{written}`", entry.name), Some(hint));
    None
}

fn width(entry: &Entry, report: &mut Report) -> Option<u16> {
    let written = text(entry, report)?;
    let width = written.parse().ok().filter(|width| (1..=400).contains(width));
    if width.is_none() {
        report.say(entry.node.at, &format!("`{written}` is no width"), Some("write a number from 1 to 400".to_owned()));
    }
    width
}

impl View {
    /// The lines of the view below `views:`, as they stand in the file.
    fn lines(&self) -> String {
        let mut out = format!("  {}:\n", quoted(&self.kind));
        if self.show.is_empty() && self.columns.is_empty() {
            return format!("  {}: {{}}\n", quoted(&self.kind));
        }
        if !self.show.is_empty() {
            let names: Vec<String> = self.show.iter().map(|(name, _)| quoted(name)).collect();
            let _ = writeln!(out, "    show: [{}]", names.join(", "));
        }
        if !self.columns.is_empty() {
            out.push_str("    columns:\n");
        }
        for column in &self.columns {
            let _ = writeln!(out, "      - {{ {} }}", column.fields().join(", "));
        }
        out
    }
}

impl ViewColumn {
    fn fields(&self) -> Vec<String> {
        let mut fields = vec![format!("name: {}", quoted(&self.name)), format!("path: {}", quoted(&self.path))];
        fields.extend((self.reads != "text").then(|| format!("type: {}", self.reads)));
        fields.extend(self.width.map(|width| format!("width: {width}")));
        fields.extend(self.right.then(|| "align: right".to_owned()));
        fields.extend(self.wide.then(|| "wide: true".to_owned()));
        if !self.tones.is_empty() {
            let tones: Vec<String> =
                self.tones.iter().map(|(text, tone)| format!("{}: {tone}", quoted(text))).collect();
            fields.push(format!("tones: {{ {} }}", tones.join(", ")));
        }
        fields
    }
}

/// A text as YAML takes it for one.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins && text.chars().all(plain) && !["null", "true", "false", "yes", "no"].contains(&text) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// The text of a settings file with `view` in it; every other line stays as it is.
///
/// # Errors
/// Why it is better edited by hand: it is written in a way that is not understood line by line.
pub fn with_view(file: &str, view: &View) -> Result<String, &'static str> {
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let mut out = String::new();
    let Some(at) = lines.iter().position(|line| line.starts_with("views:")) else {
        out.push_str(file);
        out.push_str(if file.is_empty() || file.ends_with('\n') { "" } else { "\n" });
        let _ = write!(out, "views:\n{}", view.lines());
        return Ok(out);
    };
    let header = lines.get(at).map_or("", |line| line.split(" #").next().unwrap_or_default().trim_end());
    if header != "views:" {
        return Err("`views` does not stand on a line of its own");
    }
    let (before, rest) = lines.split_at_checked(at + 1).unwrap_or((&lines, &[]));
    let end = rest.iter().position(|line| !line.starts_with([' ', '\n', '#'])).unwrap_or(rest.len());
    let (inside, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
    out.push_str(&before.concat());
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str(&replaced(inside, view)?);
    out.push_str(&after.concat());
    Ok(out)
}

/// The lines below `views:` with `view` in the place of the one that stands there.
fn replaced(inside: &[&str], view: &View) -> Result<String, &'static str> {
    let depth = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let indent = inside.iter().find(|line| !blank(line)).map_or(2, |line| depth(line));
    if indent != 2 {
        return Err("`views` is not indented by two spaces");
    }
    let names = [format!("{}:", quoted(&view.kind)), format!("'{}':", view.kind), format!("\"{}\":", view.kind)];
    let is_it = |line: &&str| depth(line) == 2 && names.iter().any(|name| line.trim_start().starts_with(name.as_str()));
    let Some(at) = inside.iter().position(is_it) else {
        let mut all: String = inside.concat();
        all.push_str(if all.is_empty() || all.ends_with('\n') { "" } else { "\n" });
        return Ok(all + &view.lines());
    };
    let behind = inside.get(at + 1..).unwrap_or_default();
    let length = behind.iter().position(|line| !blank(line) && depth(line) <= 2).unwrap_or(behind.len());
    // Empty lines and comments at the end belong to what follows.
    let kept = behind.get(..length).unwrap_or_default().iter().rev().take_while(|line| blank(line)).count();
    let old = inside.get(at..=at + length - kept).unwrap_or_default();
    if old.iter().any(|line| line.contains('#')) {
        return Err("its view has comments, which would be lost");
    }
    let before = inside.get(..at).unwrap_or_default().concat();
    let after = inside.get(at + 1 + length - kept..).unwrap_or_default().concat();
    Ok(format!("{before}{}{after}", view.lines()))
}

/// By which names the kinds are called that a settings file has views of.
pub fn kinds(file: &str) -> Vec<String> {
    let mut report = Report::new("");
    let root = parse(file, &mut report).unwrap_or_default();
    let views = entries(root, &mut report).into_iter().filter(|entry| entry.name == "views");
    views.flat_map(|entry| entries(entry.node, &mut report)).map(|entry| entry.name).collect()
}

/// Fails unless `after` says what `before` says but for the view of `kind`, and is as free of mistakes.
///
/// # Errors
/// That it would change more.
pub fn refuse_other_changes(before: &str, after: &str, kind: &str) -> Result<(), &'static str> {
    let read = |text: &str| {
        let mut report = Report::new("");
        let root = parse(text, &mut report).unwrap_or_default();
        let entries = entries(root, &mut report);
        let (views, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.name == "views");
        let views = views.into_iter().flat_map(|entry| self::entries(entry.node, &mut report));
        let others: Vec<String> = views.filter(|entry| entry.name != kind).map(|e| bare(&e)).collect();
        (others, rest.iter().map(bare).collect::<Vec<_>>(), report.problems.len())
    };
    if read(before) == read(after) { Ok(()) } else { Err("it would change more than these columns") }
}

/// What an entry says, wherever it stands.
fn bare(entry: &Entry) -> String {
    format!("{}: {}", entry.name, said(&entry.node))
}

fn said(node: &Node) -> String {
    match &node.value {
        Value::Map(entries) => format!("{{{}}}", entries.iter().map(bare).collect::<Vec<_>>().join(",")),
        Value::List(nodes) => format!("[{}]", nodes.iter().map(said).collect::<Vec<_>>().join(",")),
        Value::Text(text) => format!("{text:?}"),
        Value::Empty => "~".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_text(text: &str) -> (Vec<View>, Vec<String>) {
        let mut report = Report::new("settings.yaml");
        let views = read(parse(text, &mut report).unwrap_or_default(), &mut report);
        let shown = report.problems.iter().map(|p| format!("{p} ({})", p.hint.as_deref().unwrap_or("")));
        (views, shown.collect())
    }

    #[test]
    fn a_view_is_read() {
        let (views, problems) = read_text(
            "pods:\n  show: [NAME, ZONE]\n  columns:\n    - { name: ZONE, path: '{.metadata.labels.zone}', type: number, width: 9, \
             align: right, wide: true, tones: { Failed: bad } }\n",
        );
        assert_eq!(problems, [] as [String; 0]);
        let column = ViewColumn {
            name: "ZONE".into(),
            path: "{.metadata.labels.zone}".into(),
            path_at: At { line: 4, column: 27 },
            reads: "number".into(),
            width: Some(9),
            right: true,
            wide: true,
            tones: vec![("Failed".into(), "bad".into())],
        };
        assert_eq!((views[0].kind.as_str(), &views[0].columns), ("pods", &vec![column]));
        assert_eq!(views[0].show.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["NAME", "ZONE"]);
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        let cases = [
            ("pods: { shwo: [A] }", "1:9: a view has no setting `shwo` (there are show, columns)"),
            (
                "pods: { columns: x }",
                "1:18: `columns` takes a list of columns (write for example - { name: ZONE, path: .metadata.labels.zone })",
            ),
            (
                "pods: { columns: [{ name: A }] }",
                "1:19: a column needs a name and a path (write for example - { name: ZONE, path: .metadata.labels.zone })",
            ),
            (
                "pods: { columns: [{ name: A, path: .a, typ: x }] }",
                "1:40: a column has no setting `typ` (did you mean `type`?)",
            ),
            (
                "pods: { columns: [{ name: A, path: .a, type: x }] }",
                "1:46: `type` cannot be `x` (there are text, number, quantity, time)",
            ),
            (
                "pods: { columns: [{ name: A, path: .a, width: 0 }] }",
                "1:47: `0` is no width (write a number from 1 to 400)",
            ),
            (
                "pods: { columns: [{ name: A, path: .a, tones: { x: red } }] }",
                "1:52: `x` cannot be `red` (there are plain, good, busy, warn, bad, quiet)",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read_text(text).1, [format!("settings.yaml:{expected}")], "{text}");
        }
    }

    fn view(kind: &str) -> View {
        let column = ViewColumn {
            name: "ZONE".into(),
            path: "{.metadata.labels['it''s']}".into(),
            reads: "time".into(),
            ..ViewColumn::default()
        };
        View { kind: kind.into(), show: vec![("NAME".into(), At::default())], columns: vec![column], ..View::default() }
    }

    #[test]
    fn a_view_is_written_and_everything_else_stays() {
        let new = view("pods").lines();
        let cases = [
            ("", format!("views:\n{new}")),
            ("theme: light # mine", format!("theme: light # mine\nviews:\n{new}")),
            (
                "views:\n  nodes:\n    show: [NAME]\n\n# later\nmouse: true\n",
                format!("views:\n  nodes:\n    show: [NAME]\n\n# later\n{new}mouse: true\n"),
            ),
            (
                "views: # all of them\n  # of pods\n  pods:\n    show: [A]\n  # of nodes\n  nodes: {}\n",
                format!("views: # all of them\n  # of pods\n{new}  # of nodes\n  nodes: {{}}\n"),
            ),
        ];
        for (before, after) in cases {
            assert_eq!(with_view(before, &view("pods")).as_deref(), Ok(after.as_str()), "{before}");
        }
    }

    #[test]
    fn what_is_not_understood_is_left_alone() {
        for text in ["views: { pods: {} }", "views:\n    pods: {}\n", "views:\n  pods:\n    show: [A] # mine\n"] {
            assert!(with_view(text, &view("pods")).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(name in "[A-Z: #'\"{}-]{1,9}", path in "\\.[a-z\\[\\]'\"@?(){}#: ,*]{1,20}") {
            let column = ViewColumn { name: name.clone(), path: path.clone(), reads: "text".into(), ..ViewColumn::default() };
            let view = View { kind: "pods".into(), columns: vec![column], show: vec![(name.clone(), At::default())], ..View::default() };
            let text = with_view("", &view).unwrap();
            let below = text.strip_prefix("views:\n").unwrap();
            let (views, problems) = read_text(below);
            prop_assert_eq!(problems, Vec::<String>::new());
            prop_assert_eq!((&views[0].columns[0].name, &views[0].columns[0].path), (&name, &path));
        }
    }
}
