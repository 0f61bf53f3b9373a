//! Compares counts with those that were recorded.

use super::book::{Book, Count};
use std::fmt;

/// How far a count may be from the recorded one, in percent.
const TOLERANCE: u64 = 5;

/// A line of the verdict.
struct Line {
    name: String,
    now: Count,
    /// What is wrong, if something is.
    wrong: Vec<String>,
}

/// What came out.
pub struct Verdict {
    lines: Vec<Line>,
    /// What was not compared, and why.
    remarks: Vec<String>,
    /// What is recorded and not there any more.
    gone: Vec<String>,
}

/// Compares `now` with what is recorded. Instructions are those of one compiler and one sort of machine: elsewhere they
/// are not compared, and the verdict says so. Unless all paths were counted, those that are missing are not missed.
pub fn compare(then: &Book, now: &Book, all: bool) -> Verdict {
    let alike = (&then.rustc, &then.machine) == (&now.rustc, &now.machine);
    let counted = now.counts.values().any(|count| count.instructions.is_some());
    let mut remarks = Vec::new();
    if !alike {
        remarks.push(format!(
            "instructions are not compared: recorded with {} on {}, counted with {} on {}",
            then.rustc, then.machine, now.rustc, now.machine
        ));
    }
    if !counted {
        remarks.push("instructions are not compared: there is no valgrind".to_owned());
    }
    let line = |(name, count): (&String, &Count)| {
        let wrong = match then.counts.get(name) {
            Some(recorded) => differences(recorded, count, alike && counted),
            None => vec!["not recorded".to_owned()],
        };
        Line { name: name.clone(), now: *count, wrong }
    };
    let gone = then.counts.keys().filter(|name| all && !now.counts.contains_key(*name)).cloned().collect();
    Verdict { lines: now.counts.iter().map(line).collect(), remarks, gone }
}

/// What differs too much.
fn differences(then: &Count, now: &Count, instructions: bool) -> Vec<String> {
    let mut pairs = vec![
        ("allocations", then.allocations, now.allocations),
        ("bytes", then.bytes, now.bytes),
        ("frames", then.frames, now.frames),
    ];
    if let (true, Some(then), Some(now)) = (instructions, then.instructions, now.instructions) {
        pairs.push(("instructions", then, now));
    }
    pairs.into_iter().filter_map(|(what, then, now)| differs(what, then, now)).collect()
}

fn differs(what: &str, then: u64, now: u64) -> Option<String> {
    if then.abs_diff(now) * 100 <= then * TOLERANCE {
        return None;
    }
    let how = if now > then { "grew" } else { "shrank" };
    let percent = then.abs_diff(now) * 100 / then.max(1);
    Some(format!("{what} {how} by {percent} %: {then} were recorded"))
}

impl Verdict {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.gone.is_empty() && self.lines.iter().all(|line| line.wrong.is_empty())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<58} {:>14} {:>12} {:>8} {:>7}", "", "instructions", "allocations", "bytes", "frames")?;
        for Line { name, now, wrong } in &self.lines {
            let instructions = now.instructions.map_or("-".to_owned(), |count| count.to_string());
            let Count { allocations, bytes, frames, .. } = now;
            writeln!(f, "{name:<58} {instructions:>14} {allocations:>12} {bytes:>8} {frames:>7}")?;
            wrong.iter().try_for_each(|wrong| writeln!(f, "    {wrong}"))?;
        }
        self.gone.iter().try_for_each(|name| writeln!(f, "{name}: recorded, but not there any more"))?;
        self.remarks.iter().try_for_each(|remark| writeln!(f, "{remark}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn book(rustc: &str, instructions: u64, allocations: u64, frames: u64) -> Book {
        let count = Count { instructions: Some(instructions), allocations, bytes: 0, frames };
        let counts = BTreeMap::from([("draw".to_owned(), count)]);
        Book { rustc: rustc.to_owned(), machine: "x".to_owned(), counts }
    }

    #[test]
    fn a_twentieth_more_or_less_holds_and_no_more() {
        let then = book("1.95", 1_000, 100, 0);
        assert!(compare(&then, &book("1.95", 1_050, 95, 0), true).holds());
        for (now, says) in [
            (book("1.95", 1_051, 100, 0), "instructions grew by 5 %: 1000 were recorded"),
            (book("1.95", 949, 100, 0), "instructions shrank by 5 %"),
            (book("1.95", 1_000, 106, 0), "allocations grew by 6 %"),
            (book("1.95", 1_000, 100, 1), "frames grew"),
        ] {
            let verdict = compare(&then, &now, true);
            assert!(!verdict.holds() && verdict.to_string().contains(says), "{verdict}");
        }
    }

    #[test]
    fn instructions_of_another_compiler_are_not_compared_but_the_rest_is() {
        let verdict = compare(&book("1.95", 1_000, 100, 0), &book("1.96", 2_000, 100, 0), true);
        assert!(verdict.holds() && verdict.to_string().contains("not compared: recorded with 1.95"), "{verdict}");
        assert!(!compare(&book("1.95", 1_000, 100, 0), &book("1.96", 1_000, 200, 0), true).holds());
    }

    #[test]
    fn what_is_new_or_gone_has_to_be_recorded() {
        let none = Book { counts: BTreeMap::new(), ..book("1.95", 0, 0, 0) };
        let some = book("1.95", 1, 1, 1);
        assert!(!compare(&none, &some, true).holds() && !compare(&some, &none, true).holds());
        assert!(compare(&some, &none, false).holds());
    }
}
