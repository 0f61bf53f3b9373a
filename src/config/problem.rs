//! `Problem`: one mistake in a file that a person edits, with its place, a sentence and a hint.

use super::tree::At;
use crate::text::safe;
use std::fmt;

/// A mistake in a file. Displays as `file:line:column: sentence`; the hint is shown beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as a person would name it: a path, or `built-in themes/default.yaml`.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The column in characters, from 1; 0 when the whole file is meant.
    pub column: usize,
    /// What is wrong, without a full stop.
    pub sentence: String,
    /// What to do about it, if that is known.
    pub hint: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return write!(f, "{}: {}", self.file, self.sentence);
        }
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.sentence)
    }
}

/// The problems of one file, while it is read.
#[derive(Debug)]
pub struct Report {
    file: String,
    /// What was found so far.
    pub problems: Vec<Problem>,
}

impl Report {
    /// A report on the file called `file`, without problems yet.
    pub fn new(file: &str) -> Self {
        Self { file: safe(file).into_owned(), problems: Vec::new() }
    }

    /// Notes what is wrong at `at`. Texts may hold what the file says: they are made safe here.
    pub fn say(&mut self, at: At, sentence: &str, hint: Option<String>) {
        self.problems.push(Problem {
            file: self.file.clone(),
            line: at.line,
            column: at.column,
            sentence: safe(sentence).into_owned(),
            hint: hint.map(|hint| safe(&hint).into_owned()),
        });
    }
}

/// ``did you mean `…`?`` with the known name nearest to `name`, if one is near enough to be a slip of the fingers.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let name = name.to_lowercase();
    let allowed = ((name.chars().count() + 1) / 3).clamp(1, 3);
    known
        .into_iter()
        .map(|candidate| (distance(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

/// How many single letters must be changed, added or removed to make `b` from `a`; long texts count as far apart.
fn distance(a: &str, b: &str) -> usize {
    const LONGEST: usize = 64;
    if a.len().max(b.len()) > LONGEST {
        return LONGEST;
    }
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let (mut diagonal, mut left) = (i, i + 1);
        for (y, cell) in b.chars().zip(row.iter_mut().skip(1)) {
            left = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = std::mem::replace(cell, left);
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("tone.bda", "tone.bad", 2)] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn near_names_are_offered_and_far_ones_not() {
        let known = ["cursor", "tone.bad", "match"];
        assert_eq!(did_you_mean("curser", known).as_deref(), Some("did you mean `cursor`?"));
        assert_eq!(did_you_mean("Tone.Bad", known).as_deref(), Some("did you mean `tone.bad`?"));
        assert_eq!(did_you_mean("zebra", known), None);
    }

    #[test]
    fn text_of_the_file_is_made_safe() {
        let mut report = Report::new("a\x1b.yaml");
        report.say(At { line: 2, column: 3 }, "no \x1b[2J", Some("\r".into()));
        report.say(At::default(), "gone", None);
        let shown: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["a^[.yaml:2:3: no ^[[2J", "a^[.yaml: gone"]);
        assert_eq!(report.problems[0].hint.as_deref(), Some("\\r"));
    }
}
