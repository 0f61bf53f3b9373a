//! Tables of cells from three sides: the server's own, kubectl's text and what rutter prints; and how they are compared.

use super::control_plane::{Plane, check, kubectl};
use super::wire::Wire;
use regex::Regex;
use rutter::kinds::AnyKind;
use rutter::text::safe;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

/// How many seconds a time may be younger or older than the reference's.
pub type Slack = (u64, u64);

/// Rows by namespace and name.
pub type Rows = BTreeMap<(String, String), Vec<String>>;

/// Headings and rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The headings.
    pub headings: Vec<String>,
    /// The rows.
    pub rows: Rows,
    /// Namespaces and names in the order in which they came.
    pub order: Vec<(String, String)>,
}

impl Table {
    fn new(headings: Vec<String>, rows: impl Iterator<Item = ((String, String), Vec<String>)>) -> Self {
        let (mut table, mut order) = (Rows::new(), Vec::new());
        for (key, cells) in rows {
            order.push(key.clone());
            assert!(table.insert(key.clone(), cells).is_none(), "{key:?} is there twice");
        }
        Self { headings, rows: table, order }
    }
}

/// What is compared: a kind, in one namespace or in all, with or without the wide columns.
#[derive(Clone, Copy)]
pub struct Question {
    /// The kind.
    pub kind: &'static dyn AnyKind,
    /// None is all.
    pub namespace: Option<&'static str>,
    /// With the wide columns.
    pub wide: bool,
}

impl Question {
    /// What is compared, in words, and how many seconds of slack its times have: only events have fractions.
    pub fn about(&self) -> (String, Slack) {
        let what = format!("{} {}", self.path(), if self.wide { "wide" } else { "narrow" });
        let events = self.kind.names().plural == "events";
        (what, (0, u64::from(events)))
    }

    fn place(&self) -> Vec<&'static str> {
        match self.namespace {
            Some(namespace) => vec!["-n", namespace],
            None if self.kind.names().namespaced => vec!["-A"],
            None => Vec::new(),
        }
    }

    /// The path of the list on the server.
    pub fn path(&self) -> String {
        let names = self.kind.names();
        let group = if names.group.is_empty() { "/api".to_owned() } else { format!("/apis/{}", names.group) };
        let place = self.namespace.map(|name| format!("/namespaces/{name}")).unwrap_or_default();
        format!("{group}/{}{place}/{}", names.version, names.plural)
    }

    /// What the server itself would show.
    pub async fn of_server(&self, wire: &Wire) -> Table {
        let table = wire.table(&self.path()).await;
        of_json(&table, self.wide)
    }

    /// What kubectl prints; its rows are named in the order of the server's table.
    pub fn of_kubectl(&self, plane: &Plane, order: &[(String, String)]) -> Option<Table> {
        let kind = self.kind.names().called();
        let mut command = kubectl();
        command.arg("--kubeconfig").arg(plane.kubeconfig()).args(["get", &kind]).args(self.place());
        let output = command.args(self.wide.then_some("-owide")).output().expect("kubectl runs");
        check(&output, &kind);
        of_text(&String::from_utf8_lossy(&output.stdout), order)
    }

    /// What rutter prints; the wide table as CSV, the narrow one as text, named in the order of the former.
    pub fn of_rutter(&self, plane: &Plane) -> Option<Table> {
        let text = |output: &str| {
            let name = self.kind.names().called();
            let all = [&["get", &*name, "-o", output], &*self.place()].concat();
            let output = plane.rutter(&all);
            check(&output, &all.join(" "));
            String::from_utf8(output.stdout).expect("text")
        };
        let order = names_of(&text("csv"), self.kind.names().namespaced);
        if !self.wide {
            return of_text(&text("table"), &order);
        }
        let mut lines = csv(&text("csv"));
        let mut headings = lines.remove(0);
        if headings.first().is_some_and(|heading| heading == "NAMESPACE") {
            headings.remove(0);
            for line in &mut lines {
                line.remove(0);
            }
        }
        (lines.len() == order.len()).then(|| Table::new(headings, order.into_iter().zip(lines)))
    }
}

/// Namespaces and names of the rows of a CSV; a class that is the default one says so behind its name.
fn names_of(text: &str, namespaced: bool) -> Vec<(String, String)> {
    let mut lines = csv(text);
    let headings = lines.remove(0);
    let name = headings.iter().position(|heading| heading == "NAME").expect("a column of names");
    let namespace = |line: &[String]| if namespaced { line[0].clone() } else { String::new() };
    let own = |cell: &str| cell.trim_end_matches(" (default)").to_owned();
    lines.iter().map(|line| (namespace(line), own(&line[name]))).collect()
}

/// Compares `mine` with what `reference` says before and after; what moved meanwhile is asked again.
///
/// Times may be as much younger or older than the reference's as `slack` says: rutter keeps whole seconds, and where a
/// moment has a fraction, the distance from it is that much too long for a part of each second.
///
/// # Errors
/// With all differences.
pub async fn compare(
    (what, slack): (String, Slack),
    mine: impl AsyncFn() -> Option<Table>,
    reference: impl AsyncFn() -> Option<Table>,
) -> Result<Table, String> {
    let mut told = String::new();
    for attempt in 0..8 {
        tokio::time::sleep(Duration::from_millis(150 * attempt)).await;
        let (before, mine, after) = (reference().await, mine().await, reference().await);
        let (Some(before), Some(mine), Some(after)) = (before, mine, after) else {
            "rows came and went".clone_into(&mut told);
            continue;
        };
        if mine.headings != after.headings {
            return Err(format!("{what}: headings {:?}, reference {:?}\n", mine.headings, after.headings));
        }
        told = differences(&mine, (&before, &after), slack);
        if told.is_empty() {
            return Ok(mine);
        }
    }
    Err(format!("{what}: the cells are not the reference's\n{told}"))
}

fn differences(mine: &Table, (before, after): (&Table, &Table), slack: Slack) -> String {
    let mut told = String::new();
    for key in mine.rows.keys().chain(after.rows.keys()).collect::<std::collections::BTreeSet<_>>() {
        let (Some(row), Some(first), Some(last)) = (mine.rows.get(key), before.rows.get(key), after.rows.get(key))
        else {
            let place = [mine, before, after].map(|table| table.rows.contains_key(key));
            let _ = writeln!(told, "{key:?}: in mine, before, after: {place:?}");
            continue;
        };
        for (at, heading) in mine.headings.iter().enumerate() {
            let (first, cell, last) = (&first[at], &row[at], &last[at]);
            if !between((first, last), cell, slack) {
                let _ = writeln!(told, "{key:?} {heading}: mine {cell:?}, reference {first:?} then {last:?}");
            }
        }
    }
    told
}

/// Whether a cell is what it was before or after; the times in it may be any in between.
fn between((before, after): (&str, &str), cell: &str, slack: Slack) -> bool {
    if cell == before || cell == after {
        return true;
    }
    let [before, cell, after] = [before, cell, after].map(parts);
    let times = cell.1.iter().zip(&before.1).zip(&after.1);
    before.0 == cell.0
        && cell.0 == after.0
        && times.into_iter().all(|((cell, before), after)| {
            before.saturating_sub(slack.0) <= *cell && *cell <= after.saturating_add(slack.1)
        })
}

/// A text without its durations, and these in seconds.
fn parts(text: &str) -> (String, Vec<u64>) {
    static DURATION: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:\d+[ydhms])+\b").expect("a pattern"));
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(\d+)([ydhms])").expect("a pattern"));
    let seconds = |unit: &str| match unit {
        "y" => 365 * 86_400,
        "d" => 86_400,
        "h" => 3_600,
        "m" => 60,
        _ => 1,
    };
    let number =
        |part: regex::Captures<'_>| part[1].parse::<u64>().unwrap_or(u64::MAX).saturating_mul(seconds(&part[2]));
    let durations = DURATION.find_iter(text).map(|found| NUMBER.captures_iter(found.as_str()).map(number).sum());
    (DURATION.replace_all(text, "#").into_owned(), durations.collect())
}

/// A table of the server, with its cells as kubectl prints them.
pub fn of_json(table: &Value, wide: bool) -> Table {
    let columns = table["columnDefinitions"].as_array().expect("columns");
    let shown: Vec<usize> = (0..columns.len()).filter(|at| wide || columns[*at]["priority"] == 0).collect();
    let headings = shown.iter().map(|at| columns[*at]["name"].as_str().expect("a name").to_uppercase()).collect();
    let rows = table["rows"].as_array().into_iter().flatten().map(|row| {
        let meta = |field: &str| row["object"]["metadata"][field].as_str().unwrap_or_default().to_owned();
        let cells = shown.iter().map(|at| cell(&row["cells"][*at])).collect();
        ((meta("namespace"), meta("name")), cells)
    });
    Table::new(headings, rows)
}

/// One cell as kubectl prints it (`cli-runtime` `printers/tableprinter.go`), with rutter's way to tame what remains.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => match text.find(['\n', '\r', '\x0c']) {
            Some(end) => safe(&format!("{}...", &text[..end])).into_owned(),
            None => safe(text).into_owned(),
        },
        other => other.to_string(),
    }
}

/// A table of aligned columns: a column begins where its heading does.
fn of_text(text: &str, order: &[(String, String)]) -> Option<Table> {
    let mut lines = text.lines();
    let heading: Vec<char> = lines.next()?.chars().collect();
    let begins = |at: usize| heading[at] != ' ' && (at == 0 || at >= 2 && heading[at - 2..at] == [' ', ' ']);
    let starts: Vec<usize> = (0..heading.len()).filter(|at| begins(*at)).collect();
    let split = |line: &[char]| {
        let end = |at: usize| starts.get(at + 1).copied().unwrap_or(usize::MAX).min(line.len());
        let cells = starts.iter().enumerate().map(|(at, start)| line.get(*start..end(at)).unwrap_or_default());
        cells.map(|cell| cell.iter().collect::<String>().trim_end().to_owned()).collect::<Vec<_>>()
    };
    let mut headings = split(&heading);
    let mut rows: Vec<_> = lines.map(|line| split(&line.chars().collect::<Vec<_>>())).collect();
    if headings[0] == "NAMESPACE" {
        headings.remove(0);
        let namespaces: Vec<_> = rows.iter_mut().map(|row| row.remove(0)).collect();
        if !namespaces.iter().eq(order.iter().map(|(namespace, _)| namespace)) {
            return None;
        }
    }
    (rows.len() == order.len()).then(|| Table::new(headings, order.iter().cloned().zip(rows)))
}

/// CSV (RFC 4180).
pub fn csv(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => field.extend(chars.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                line.push(std::mem::take(&mut field));
                lines.push(std::mem::take(&mut line));
            }
            c => field.push(c),
        }
    }
    lines
}

#[test]
fn only_times_in_between_are_taken_for_equal() {
    assert!(between(("1 (59s ago)", "1 (61s ago)"), "1 (60s ago)", (0, 0)));
    assert!(between(("4m59s", "5m1s"), "5m", (0, 0)));
    assert!(!between(("1 (59s ago)", "1 (61s ago)"), "2 (60s ago)", (0, 0)));
    assert!(!between(("59s", "61s"), "62s", (0, 0)));
    assert!(between(("59s", "61s"), "62s", (0, 1)));
    assert!(!between(("<none>", "<none>"), "59s", (0, 0)));
    assert!(!between(("web-5d", "web-5d"), "web-6d", (0, 0)));
}

#[test]
fn tables_are_read_back() {
    let names = [("a".to_owned(), "x".to_owned()), ("b".to_owned(), "y".to_owned())];
    let table = of_text("NAMESPACE   LAST SEEN   MESSAGE\na           5s          über  uns\nb           6m\n", &names)
        .unwrap();
    assert_eq!(table.headings, ["LAST SEEN", "MESSAGE"]);
    assert_eq!(table.rows[&names[0]], ["5s", "über  uns"]);
    assert_eq!(table.rows[&names[1]], ["6m", ""]);
    assert_eq!(csv("A,B\n\"x,\"\"y\",\n"), [["A", "B"], ["x,\"y", ""]]);
}
