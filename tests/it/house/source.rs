//! Reading Rust sources just well enough to see which paths they name and which of their lines are tests.

use std::fs;
use std::path::{Path, PathBuf};

/// The directory of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files under `folder` of the package, sorted, as paths from its root.
pub fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::from(folder)];
    while let Some(dir) = open.pop() {
        let Ok(entries) = fs::read_dir(root().join(&dir)) else { continue };
        for entry in entries.map(|entry| entry.expect("a directory that can be read")) {
            let path = dir.join(entry.file_name());
            if entry.path().is_dir() { open.push(path) } else { found.push(path.display().to_string()) }
        }
    }
    found.sort();
    found
}

/// The files under `folder` whose names end in `.extension`.
pub fn files_of(folder: &str, extension: &str) -> Vec<String> {
    let mut files = files(folder);
    files.retain(|path| Path::new(path).extension().is_some_and(|found| found == extension));
    files
}

/// A file of the package as text.
pub fn read(path: &str) -> String {
    let bytes = fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A Rust file.
pub struct Source {
    /// From the root of the package: `src/ui/stack.rs`.
    pub path: String,
    /// As it stands there, without comments and what stands in quotes.
    pub code: String,
    /// For each line whether it belongs to tests.
    pub test: Vec<bool>,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let code = without_comments_and_literals(text);
        Self { path: path.to_owned(), test: test_lines(&code), code }
    }

    /// The module that the file is, from the root of the crate: `["ui", "stack"]`.
    fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        inner.split('/').filter(|part| !["mod", "lib", "main"].contains(part)).collect()
    }

    /// The folder of `src` that the file stands in, or its own name when it stands in none.
    pub fn folder(&self) -> &str {
        self.path.trim_start_matches("src/").split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Every path that the code names (`a::b`, and each branch of a `use`), with its line, counted from 1. Paths that
    /// begin at `super` begin at `crate` here.
    pub fn paths(&self) -> Vec<(usize, Vec<String>)> {
        let tokens = tokens(&self.code);
        let mut walk = Walk { tokens: &tokens, at: 0, found: Vec::new() };
        let mut modules = Vec::new();
        let mut depth = 0_usize;
        let mut from = 0;
        while let Some((_, token)) = tokens.get(walk.at) {
            match token {
                Token::Open => depth += 1,
                Token::Close => {
                    depth = depth.saturating_sub(1);
                    modules.retain(|(_, inside)| *inside <= depth);
                }
                Token::Word(word) if word == "mod" && matches!(tokens.get(walk.at + 2), Some((_, Token::Open))) => {
                    if let Some((_, Token::Word(name))) = tokens.get(walk.at + 1) {
                        modules.push((name.clone(), depth + 1));
                    }
                }
                Token::Word(_) if walk.begins() => walk.path(&mut Vec::new()),
                _ => {}
            }
            for (_, path) in walk.found.iter_mut().skip(from).filter(|(_, path)| path[0] == "super") {
                let inside = modules.iter().map(|(name, _)| name.as_str());
                let here: Vec<&str> = self.module().into_iter().chain(inside).collect();
                *path = absolute(path, &here);
            }
            from = walk.found.len();
            walk.at += 1;
        }
        walk.found
    }
}

/// Every Rust file of `src`; what is compiled only for tests counts as test altogether.
pub fn sources() -> Vec<Source> {
    let mut sources: Vec<Source> =
        files_of("src", "rs").into_iter().map(|path| Source::new(&path, &read(&path))).collect();
    let mut tests: Vec<String> = sources.iter().flat_map(modules_for_tests).collect();
    tests.sort();
    for source in &mut sources {
        let module = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let is_test = |test: &String| module == test || module.starts_with(&format!("{test}/"));
        if tests.iter().any(is_test) {
            source.test.fill(true);
        }
    }
    sources
}

/// The files that `#[cfg(test)] mod name;` of `source` declares, without `.rs`.
fn modules_for_tests(source: &Source) -> Vec<String> {
    let folder = source.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
    let lines = source.code.lines().zip(&source.test).filter(|(_, test)| **test).map(|(line, _)| line.trim());
    let names = lines.filter_map(|line| line.rsplit_once("mod ")?.1.strip_suffix(';'));
    names.map(|name| format!("{folder}/{name}")).collect()
}

/// `path`, which begins with `super` in the module `here`, from the root of the crate.
fn absolute(path: &[String], here: &[&str]) -> Vec<String> {
    let up = path.iter().take_while(|part| *part == "super").count();
    let above = here.iter().take(here.len().saturating_sub(up)).map(|part| (*part).to_owned());
    std::iter::once("crate".to_owned()).chain(above).chain(path[up..].iter().cloned()).collect()
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Path,
    Open,
    Close,
    Comma,
    Angle,
    Other,
}

fn tokens(code: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let (token, length) = match c {
                _ if word > 0 => (Token::Word(rest[..word].to_owned()), word),
                ':' if rest.starts_with("::") => (Token::Path, 2),
                '{' => (Token::Open, 1),
                '}' => (Token::Close, 1),
                ',' => (Token::Comma, 1),
                '>' => (Token::Angle, 1),
                _ => (Token::Other, c.len_utf8()),
            };
            tokens.push((line, token));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// Paths being read from tokens.
struct Walk<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    found: Vec<(usize, Vec<String>)>,
}

impl Walk<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).map(|(_, token)| token)
    }

    /// The token so many before this place.
    fn before(&self, many: usize) -> Option<&Token> {
        self.at.checked_sub(many).and_then(|at| self.token(at))
    }

    /// Whether a path of several parts, or a crate alone in a `use`, begins here.
    fn begins(&self) -> bool {
        let used = matches!(self.before(1), Some(Token::Word(word)) if word == "use");
        let within =
            self.before(1) == Some(&Token::Path) && matches!(self.before(2), Some(Token::Word(_) | Token::Angle));
        !within && (used || self.token(self.at + 1) == Some(&Token::Path))
    }

    /// Reads the path at this place behind `stem`, and all its branches; stops on its last token.
    fn path(&mut self, stem: &mut Vec<String>) {
        let depth = stem.len();
        while let Some((line, Token::Word(word))) = self.tokens.get(self.at) {
            stem.push(word.clone());
            if self.token(self.at + 1) != Some(&Token::Path) {
                self.found.push((*line, stem.clone()));
                break;
            }
            self.at += 2;
        }
        match self.tokens.get(self.at) {
            Some((_, Token::Open)) => self.branches(stem),
            Some((_, Token::Word(_))) | None => {}
            // `a::*`, `a::<T>`
            Some((line, _)) => self.found.push((*line, stem.clone())),
        }
        stem.truncate(depth);
    }

    /// Reads what stands in the braces at this place; stops on the closing one.
    fn branches(&mut self, stem: &mut Vec<String>) {
        self.at += 1;
        while let Some(token) = self.token(self.at) {
            match token {
                Token::Close => return,
                Token::Word(word) if word == "as" => self.at += 1,
                Token::Word(_) | Token::Other => self.path(stem),
                _ => {}
            }
            self.at += 1;
        }
    }
}

/// `text` with spaces in place of comments and of what stands in quotes; lines stay lines.
fn without_comments_and_literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let length = literal(rest, before).unwrap_or(0);
        if length == 0 {
            out.push(c);
            (before, rest) = (c, &rest[c.len_utf8()..]);
            continue;
        }
        out.extend(rest[..length].chars().map(|c| if c == '\n' { c } else { ' ' }));
        (before, rest) = (' ', &rest[length..]);
    }
    out
}

/// The length of the comment or literal at the front of `text`, if there is one; `before` is the character before.
fn literal(text: &str, before: char) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if text.starts_with("/*") {
        return text.find("*/").map(|at| at + 2);
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    let in_word = before.is_alphanumeric() && before != 'b' && before != 'c';
    if let Some(hashes) = text.strip_prefix('r').filter(|_| !in_word) {
        let count = hashes.find(|c| c != '#')?;
        let end = format!("\"{}", &hashes[..count]);
        let inside = hashes[count..].strip_prefix('"')?;
        return inside.find(&end).map(|at| 1 + count + 1 + at + end.len());
    }
    let mut chars = text.chars();
    match (chars.next()?, chars.next()?, chars.next()?) {
        ('\'', '\\', _) => quoted(text, '\''),
        ('\'', c, '\'') => Some(2 + c.len_utf8()),
        _ => None,
    }
}

/// The length of what stands in quotes at the front of `text`.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// For each line of `code` whether it belongs to an item under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<bool> {
    let mut test = vec![false; code.lines().count()];
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let end = start + item_length(&code[start..]);
        let line = |at: usize| code[..at].matches('\n').count();
        test[line(start)..=line(end)].fill(true);
    }
    test
}

/// How far the item goes that begins here: to its closing brace, or to a semicolon before any brace.
fn item_length(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at,
            '{' => depth += 1,
            '}' if depth <= 1 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source::new("src/ui/stack.rs", text)
    }

    fn paths(text: &str) -> Vec<String> {
        source(text).paths().into_iter().map(|(line, path)| format!("{line} {}", path.join("::"))).collect()
    }

    #[test]
    fn paths_are_found_wherever_they_stand() {
        assert_eq!(
            paths("use crate::{kinds, model::{self, Store}};"),
            ["1 crate::kinds", "1 crate::model::self", "1 crate::model::Store"]
        );
        assert_eq!(paths("use serde;\nuse kube::Client as K;"), ["1 serde", "2 kube::Client"]);
        assert_eq!(
            paths("use std::io::{self as x, Write as _};\nuse a::*;"),
            ["1 std::io::self", "1 std::io::Write", "2 a"]
        );
        assert_eq!(paths("fn f() -> a::B<c::D> { ::e::f(); x.y() }"), ["1 a::B", "1 c::D", "1 e::f"]);
        assert_eq!(paths("impl Default for A { fn f() { Vec::<u8>::new() } }"), ["1 Vec"]);
    }

    #[test]
    fn super_begins_where_it_leads() {
        assert_eq!(paths("use super::list;\nuse super::super::app;"), ["1 crate::ui::list", "2 crate::app"]);
        assert_eq!(
            paths("mod a { use super::super::b; }\nfn f() { super::c() }"),
            ["1 crate::ui::b", "2 crate::ui::c"]
        );
    }

    #[test]
    fn comments_and_quotes_are_no_code() {
        assert_eq!(
            paths("// a::b\n/* a::b */ let x = \"a::b\\\" a::b\"; // a::b\nlet y: &'a str = r#\"a::\"b\"#;"),
            [""; 0]
        );
        assert_eq!(paths("let c = ('\"', '\\'', b'x'); d::e; let s = \"\";"), ["1 d::e"]);
    }

    #[test]
    fn lines_of_tests_are_known() {
        let text =
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() { if true {} }\n}\n#[cfg(test)]\nmod c;\nfn d() {}";
        assert_eq!(source(text).test, [false, true, true, true, true, true, true, false]);
    }
}
