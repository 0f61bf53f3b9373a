//! What the documents claim: commands that exist, links that lead somewhere, examples that work.

use super::super::house::machine_path;
use super::super::house::source::{read, root};
use super::documents;
use super::markdown::{anchors, blocks, links, rows};
use clap::{CommandFactory, Parser};
use rutter::args::Arguments;
use rutter::model::filter;
use rutter::{config, kinds};
use std::fs;
use std::path::Path;

/// The command that runs every test.
const TESTS: &str = "cargo test --locked";

/// The command lines of `text`: each line of its blocks for shells, without comments.
fn command_lines(text: &str) -> Vec<String> {
    let blocks = blocks(text).into_iter().filter(|(word, _)| *word == "sh");
    let lines =
        blocks.flat_map(|(_, code)| code.lines()).map(|line| line.split(" #").next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What `line` gives to rutter, if it runs it.
fn given_to_rutter(line: &str) -> Option<Vec<&str>> {
    let line = line.split(" | ").next()?;
    let after = if line.starts_with("cargo run") {
        line.split_once(" -- ").map_or("", |(_, after)| after)
    } else {
        let (before, after) = line.split_once("rutter")?;
        (before.is_empty() || before.ends_with(' ') && before.contains('=')).then_some(after)?
    };
    Some(after.split_whitespace().map(|word| word.trim_matches('\'')).collect())
}

#[test]
fn what_the_documents_run_can_be_run() {
    let mut help = Arguments::command();
    let mut known = help.render_long_help().to_string();
    known.extend(help.get_subcommands_mut().map(|run| run.render_long_help().to_string()));
    let mut seen = 0;
    for path in documents() {
        let text = read(&path);
        for line in command_lines(&text) {
            let Some(words) = given_to_rutter(&line) else { continue };
            seen += 1;
            let parsed = Arguments::try_parse_from(std::iter::once("rutter").chain(words.clone()));
            assert!(
                parsed.is_ok(),
                "{path}: `{line}` is refused: {}",
                parsed.err().map(|e| e.to_string()).unwrap_or_default()
            );
            for flag in words.iter().filter(|word| word.starts_with("--")) {
                let flag = flag.split('=').next().unwrap_or_default();
                assert!(known.contains(flag), "{path}: --help does not mention {flag}");
            }
        }
    }
    assert!(seen >= 5, "only {seen} command lines were found");
}

#[test]
fn the_test_command_is_the_one_that_is_run() {
    assert!(command_lines(&read("README.md")).iter().any(|line| line == TESTS), "README.md does not say `{TESTS}`");
    // A copy of the sources without its CI is still a copy of the sources.
    let Ok(script) = fs::read_to_string(root().join(".ci/run")) else { return };
    assert!(script.contains(TESTS), ".ci/run does not run `{TESTS}`");
}

#[test]
fn links_lead_somewhere() {
    for path in documents() {
        let text = read(&path);
        let folder = Path::new(&path).parent().unwrap_or(Path::new(""));
        for link in links(&text).into_iter().filter(|link| !link.contains("://")) {
            let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() { root().join(&path) } else { root().join(folder).join(file) };
            // The pictures are drawn by a test of their own; before its first run there is no folder.
            let is_drawn = file.starts_with("screenshots/") && !root().join("screenshots").exists();
            assert!(is_drawn || target.exists(), "{path}: {link} leads nowhere");
            let found =
                |anchor| anchors(&fs::read_to_string(&target).expect("a text")).iter().any(|known| known == anchor);
            assert!(anchor.is_none_or(found), "{path}: {link} leads to no heading");
        }
    }
}

#[test]
fn no_document_names_a_path_of_a_machine() {
    for path in documents() {
        let text = read(&path);
        let found = text.lines().find_map(machine_path);
        assert_eq!(found, None, "{path}");
    }
}

/// Tables of filters: `filter | list | what it shows`, and wrong ones: `filter | list | sentence`.
#[test]
fn each_filter_is_read_as_it_is_described() {
    let text = read("docs/filter.md");
    let mut wrong = 0;
    let rows = rows(&text);
    for row in &rows {
        let [written, list, says] = row.as_slice() else { panic!("a row of three cells: {row:?}") };
        let written = written.trim_matches('`');
        let kind = kinds::find(list.trim_matches('`')).unwrap_or_else(|| panic!("there is no kind {list}"));
        match (filter::parse(written, &kind.headings()), says.strip_prefix("wrong: ")) {
            (Ok(_), None) => {}
            (Err(error), Some(sentence)) => {
                wrong += 1;
                assert_eq!(error.sentence, sentence, "{written}");
            }
            (result, _) => panic!("{written}: {result:?}"),
        }
    }
    assert!(rows.len() > 20 && wrong > 3, "{} examples, {wrong} of them wrong", rows.len());
}

/// Blocks of YAML whose first line names their file in the user's folder.
#[test]
fn the_files_in_the_documents_have_no_mistakes() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut names = Vec::new();
    for path in documents() {
        let text = read(&path);
        for (_, code) in blocks(&text).into_iter().filter(|(word, _)| *word == "yaml") {
            let name = code.lines().next().and_then(|line| line.strip_prefix("# ")).expect("the name of the file");
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, code).expect("a file");
            names.push(name.to_owned());
        }
    }
    let (loaded, problems) = config::load(Some(dir.path()));
    assert_eq!(problems, []);
    // The settings choose the theme and the key map, so that these were read too.
    for name in [format!("themes/{}.yaml", loaded.settings.theme), format!("keymaps/{}.yaml", loaded.settings.keymap)] {
        assert!(names.contains(&name), "{name} is not among {names:?}");
    }
    assert!(names.contains(&"settings.yaml".to_owned()));
}
