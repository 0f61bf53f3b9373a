//! Counts of what the hot paths cost: instructions by callgrind, allocations by a counting allocator, bytes and frames
//! on the screen. They are equal on every run, so they can be compared with what was recorded, also on a busy machine.

mod book;
mod callgrind;
mod judge;
mod marks;
mod paths;
mod world;

use crate::error::Result;
use allocation_counter::measure;
use book::{Book, Count};
use paths::Path;
use std::path::PathBuf;
use world::World;

/// Where the counts are recorded.
const BOOK: &str = "tests/perf/counts.yaml";
/// Set to 1, the counts of this run are recorded.
const UPDATE: &str = "RUTTER_UPDATE";

/// Counts everything, prints it, and compares it with what is recorded.
///
/// # Errors
/// When a count differs by more than a twentieth, or something cannot be counted.
pub fn gate(only: Option<&str>) -> Result<()> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(BOOK);
    let now = count(only)?;
    if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        if only.is_some() || now.counts.values().any(|count| count.instructions.is_none()) {
            return Err("counts are recorded all together, and with valgrind".into());
        }
        std::fs::write(&path, now.to_string())?;
        println!("recorded in {BOOK}");
        return Ok(());
    }
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let verdict = judge::compare(&Book::read(&text)?, &now, only.is_none());
    print!("{verdict}");
    let hint = format!("what is meant to be so is accepted by: {UPDATE}=1 tests/perf/gate");
    if verdict.holds() { Ok(()) } else { Err(format!("the counts differ from {BOOK}; {hint}").into()) }
}

/// Runs each path once between two marks: this is what callgrind looks at.
pub fn run_marked(only: Option<&str>) {
    let world = World::new();
    for path in paths::all().iter().filter(|path| path.is(only)) {
        let mut work = (path.ready)(&world);
        marks::counting_begins();
        std::hint::black_box(work());
        marks::counting_ends();
    }
}

/// All counts of this build.
fn count(only: Option<&str>) -> Result<Book> {
    let world = World::new();
    let paths: Vec<Path> = paths::all().into_iter().filter(|path| path.is(only)).collect();
    let mut book = Book { rustc: book::rustc(), machine: book::machine(), ..Book::default() };
    let instructions = callgrind::instructions(only, paths.len())?;
    for (number, path) in paths.iter().enumerate() {
        let mut count = without_instructions(&world, path);
        count.instructions = instructions.as_ref().and_then(|all| all.get(number).copied());
        book.counts.insert(path.name.clone(), count);
    }
    Ok(book)
}

fn without_instructions(world: &World, path: &Path) -> Count {
    let mut work = (path.ready)(world);
    let mut shown = paths::Shown::default();
    let counted = measure(|| shown = work());
    Count { instructions: None, allocations: counted.count_total, bytes: shown.bytes, frames: shown.frames }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_does_something_and_the_same_again() {
        let paths = paths::all();
        for path in &paths {
            // Each in a world of its own: what one run changes is not what the other begins with.
            let [first, second] = [(); 2].map(|()| without_instructions(&World::of(3_000), path));
            let name = &path.name;
            let near = first.allocations.abs_diff(second.allocations) * 20 <= first.allocations;
            assert!(
                near && (first.bytes, first.frames) == (second.bytes, second.frames),
                "{name}: {first:?} {second:?}"
            );
        }
        let names: std::collections::BTreeSet<&str> = paths.iter().map(|path| path.name.as_str()).collect();
        assert_eq!(names.len(), paths.len(), "two paths are called the same");
        let world = World::of(3_000);
        let count = |name: &str| without_instructions(&world, paths.iter().find(|path| path.name == name).unwrap());
        assert_eq!(count("draw the same list again").bytes, 0);
        assert_eq!(count("draw a list").frames, 1);
        assert!(count("draw a list").bytes > 2_000 && count("decode 200 pods from JSON").allocations > 400);
    }

    #[test]
    fn every_path_is_recorded() {
        let book = Book::read(include_str!("counts.yaml")).unwrap();
        let recorded: Vec<&str> = book.counts.keys().map(String::as_str).collect();
        let mut paths: Vec<String> = paths::all().into_iter().map(|path| path.name).collect();
        paths.sort();
        assert_eq!(recorded, paths, "RUTTER_UPDATE=1 tests/perf/gate records them");
    }
}
