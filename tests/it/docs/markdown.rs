//! As much of Markdown as the documents need: tables, marked places, links, code.

use std::collections::HashSet;

/// A table of these rows under `headings`.
pub fn table(headings: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | ").replace('\n', " "));
    let head: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let rule: Vec<String> = headings.iter().map(|_| "---".to_owned()).collect();
    [head, rule].iter().map(|cells| line(cells)).chain(rows.into_iter().map(|cells| line(&cells))).collect()
}

/// `text` as code in a cell of a table.
pub fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

/// `text` as text in a cell of a table; backquotes stay what they are.
pub fn plain(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "\\<").replace('*', "\\*")
}

/// What stands in `text` between `begin` and `end`.
pub fn between<'a>(text: &'a str, begin: &str, end: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(begin)?;
    Some(after.split_once(end)?.0)
}

/// `text` with the tables that its marks ask for.
///
/// # Errors
/// The name of a table that there is none of.
pub fn filled(text: &str, mut table: impl FnMut(&str) -> Option<String>) -> Result<String, String> {
    const BEGIN: &str = "<!-- table: ";
    const END: &str = "<!-- end -->";
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(" -->").ok_or("a mark that is not closed")?;
        let (_, after) = after.split_once(END).ok_or_else(|| format!("{name}, which has no end,"))?;
        let rows = table(name).ok_or(name)?;
        out.extend([before, BEGIN, name, " -->\n\n", rows.as_str(), "\n", END]);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The lines that only one of two texts has.
pub fn difference(old: &str, new: &str) -> String {
    let (before, after): (HashSet<&str>, HashSet<&str>) = (old.lines().collect(), new.lines().collect());
    let gone = old.lines().filter(|line| !after.contains(line)).map(|line| format!("- {line}\n"));
    let come = new.lines().filter(|line| !before.contains(line)).map(|line| format!("+ {line}\n"));
    let lines: String = gone.chain(come).collect();
    if lines.is_empty() { "the same lines in another order or number".to_owned() } else { lines }
}

/// The targets of the links and pictures of `text`.
pub fn links(text: &str) -> Vec<&str> {
    text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect()
}

/// Where links to the headings of `text` lead: `# Key maps` is `key-maps`.
pub fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |c: char| match c {
        ' ' | '-' => Some('-'),
        c if c.is_alphanumeric() || c == '_' => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    headings.map(|heading| heading.chars().filter_map(kept).collect()).collect()
}

/// The blocks of code in `text`, each without its fences, with the word behind the first one.
pub fn blocks(text: &str) -> Vec<(&str, &str)> {
    let inside = text.split("```").skip(1).step_by(2);
    inside.filter_map(|block| block.split_once('\n')).map(|(word, code)| (word.trim(), code)).collect()
}

/// The cells of the rows of every table in `text`, without the headings.
pub fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let body = |at: &usize| {
        let is_head = lines.get(at + 1).is_some_and(|next| next.starts_with("| ---"));
        lines[*at].starts_with("| ") && !lines[*at].starts_with("| ---") && !is_head
    };
    let cells = |at: usize| lines[at].trim_matches('|').split(" | ").map(str::trim).collect();
    (0..lines.len()).filter(body).map(cells).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_put_between_their_marks() {
        let text = "a\n<!-- table: x -->\nold\n<!-- end -->\nb";
        let table = |name: &str| (name == "x").then(|| table(&["h"], [vec![code("a|b")]]));
        let new = filled(text, table).unwrap();
        assert_eq!(new, "a\n<!-- table: x -->\n\n| h |\n| --- |\n| `a\\|b` |\n\n<!-- end -->\nb");
        assert_eq!(filled(&new, table).as_deref(), Ok(new.as_str()));
        assert_eq!(filled("<!-- table: y --><!-- end -->", table), Err("y".to_owned()));
        assert_eq!(rows(&new), [["`a\\|b`"]]);
        assert_eq!(difference(text, &new).lines().next(), Some("- old"));
    }

    #[test]
    fn links_headings_and_code_are_found() {
        let text = "# Key maps, mine\n[a](b.md#c) ![d](e.svg)\n```sh\nrutter\n```\n";
        assert_eq!(links(text), ["b.md#c", "e.svg"]);
        assert_eq!(anchors(text), ["key-maps-mine"]);
        assert_eq!(blocks(text), [("sh", "rutter\n")]);
    }
}
