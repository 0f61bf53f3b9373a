//! Programs to be measured, each described by a file in `programs/`.

use crate::driver::{Moves, Program};
use crate::error::{Error, Result};
use crate::place::Place;
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The directory of the descriptions.
const DIR: &str = "tests/perf/programs";

/// What such a file says. `{kubeconfig}`, `{server}`, `{curl}`, `{home}`, `{rutter}`, `{namespaces}`, `{count}` and
/// `{thousands}` stand for what the run knows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Description {
    /// How the table calls it.
    pub name: String,
    /// The command and its arguments.
    pub command: Vec<String>,
    /// Variables that are set.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
    /// The command that prints its version.
    #[serde(default)]
    pub version: Vec<String>,
    /// Whether it draws on a terminal; else it prints and ends.
    #[serde(default)]
    pub terminal: bool,
    /// Matches a line that shows an object.
    pub row: Option<String>,
    /// Matches the screen when all objects have arrived.
    pub full: Option<String>,
    /// How many lines it prints beside one for each object; nothing when it prints none.
    pub other_lines: Option<u64>,
    /// Keys that move the cursor by one row.
    pub keys: Option<MoveKeys>,
    /// How one filters.
    pub filter: Option<FilterKeys>,
    /// What ends it.
    #[serde(default)]
    pub quit: String,
}

/// Keys that move the cursor.
#[derive(Debug, Clone, Deserialize)]
pub struct MoveKeys {
    pub down: String,
    pub up: String,
    /// How an answer is recognised.
    #[serde(default)]
    pub moves: Moves,
}

/// Keys around a filter's text.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FilterKeys {
    /// What is typed before the text.
    pub open: String,
    /// What is typed behind it, where a program filters only then.
    #[serde(default)]
    pub submit: String,
    /// What shows all rows again.
    pub clear: String,
}

impl Description {
    /// Reads a description by its name in `programs/`, or by the path of its file, which has a slash.
    ///
    /// # Errors
    /// When there is none, or it says something unknown.
    pub fn read(name: &str) -> Result<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join(DIR).join(format!("{name}.yaml"));
        let path = if name.contains('/') { PathBuf::from(name) } else { here };
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(serde_yaml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
    }

    /// The command with what this run knows, its program found; `None` when it is not installed.
    pub fn command(&self, place: &Place) -> Option<Vec<String>> {
        let mut command: Vec<String> = self.command.iter().map(|word| place.fill(word)).collect();
        let program = command.first_mut()?;
        *program = find(program)?.display().to_string();
        Some(command)
    }

    /// Its variables with what this run knows.
    pub fn environment(&self, place: &Place) -> Vec<(String, String)> {
        self.environment.iter().map(|(key, value)| (key.clone(), place.fill(value))).collect()
    }

    /// What the driver has to know about it.
    ///
    /// # Errors
    /// When it is not installed, or a pattern is wrong or missing.
    pub fn program(&self, place: &Place) -> Result<Program> {
        let missing = |what: &str| Error::from(format!("the description of {} has no {what}", self.name));
        let pattern = |text: &Option<String>, what| {
            text.as_ref().ok_or_else(|| missing(what)).and_then(|text| Ok(Regex::new(&place.fill(text))?))
        };
        let keys = self.keys.clone().ok_or_else(|| missing("keys"))?;
        Ok(Program {
            command: self.command(place).ok_or_else(|| format!("{} is not installed", self.name))?,
            env: self.environment(place),
            row: pattern(&self.row, "row")?,
            full: pattern(&self.full, "full")?,
            moves: keys.moves,
            down: keys.down,
            up: keys.up,
            filter: self.filter.clone(),
        })
    }

    /// What the program says of its version, on one line.
    pub fn version(&self, place: &Place) -> String {
        let words: Vec<String> = self.version.iter().map(|word| place.fill(word)).collect();
        let Some((program, arguments)) = words.split_first() else { return String::new() };
        let Some(program) = find(program) else { return String::new() };
        let output = Command::new(program).args(arguments).output();
        let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let is_number = |word: &&str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
        text.split_whitespace().find(is_number).unwrap_or_default().to_owned()
    }
}

/// Where a program is: a path, in `PATH`, or among those that the tests' control plane was built with.
fn find(program: &str) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/cluster/bin");
    std::env::split_paths(&path).chain([built]).map(|dir| dir.join(program)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_description_can_be_read_and_used() {
        let place = Place::example(100_000);
        for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(DIR)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let description = Description::read(&name).unwrap();
            let mut all: Vec<String> = description.command.iter().map(|word| place.fill(word)).collect();
            all.extend(description.environment(&place).into_iter().map(|(_, value)| value));
            assert!(all.iter().all(|text| !text.contains('{')), "{name}: {all:?}");
            assert!(!description.terminal || description.filter.is_some() && !description.quit.is_empty(), "{name}");
            if description.terminal && description.command(&place).is_some() {
                description.program(&place).unwrap();
            }
        }
        assert!(Description::read("no-such-program").is_err());
    }

    #[test]
    fn the_full_count_is_that_count_and_no_other() {
        let program = Description::read("rutter").unwrap().program(&Place::example(100_000)).unwrap();
        assert!(program.full.is_match(" pods(all) 100,000 · 3 failing"));
        assert!(program.full.is_match("pods(all) 100,000"));
        assert!(!program.full.is_match(" pods(all) 10,000"));
        assert!(!program.full.is_match(" pods(all) 100,000,000"));
        assert!(program.row.is_match(" tenant-0003  web-1") && !program.row.is_match("tenant-x web"));
        assert_eq!(program.filter.unwrap().clear, "\x1b");
    }

    #[test]
    fn a_program_that_is_not_there_has_no_command() {
        let description = Description { command: vec!["no-such-program".into()], ..Description::read("curl").unwrap() };
        assert!(description.command(&Place::example(1)).is_none());
        let version =
            Description { version: vec!["echo".into(), "it v1.2".into()], ..description }.version(&Place::example(1));
        assert_eq!(version, "v1.2");
    }
}
