//! `Settings`: what `settings.yaml` says; everything in it may be left out.

use super::expect::{boolean, entries, text, texts};
use super::problem::{Report, did_you_mean};
use super::shelf::{DEFAULT, Shelf};
use super::tree::{At, Entry, Node};
use super::views::{self, View};
use std::path::PathBuf;

/// What the user chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name of the theme.
    pub theme: String,
    /// The name of the key map.
    pub keymap: String,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// How much of the logs of one screen is kept, in bytes.
    pub log_buffer: usize,
    /// Patterns of contexts in which nothing may be changed.
    pub readonly: Vec<String>,
    /// Patterns of contexts that are production.
    pub production: Vec<String>,
    /// What holds for single contexts, in the order of the file.
    pub contexts: Vec<Context>,
    /// Which columns tables have, by kind.
    pub views: Vec<View>,
    /// The directory of the user's files, where there is one.
    pub dir: Option<PathBuf>,
}

/// What holds for the contexts that match a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The pattern.
    pub pattern: String,
    /// The namespace that is opened first.
    pub namespace: Option<String>,
    /// The namespaces that are offered first.
    pub favourites: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: DEFAULT.to_owned(),
            keymap: DEFAULT.to_owned(),
            mouse: true,
            log_buffer: 64_000_000,
            readonly: Vec::new(),
            production: Vec::new(),
            contexts: Vec::new(),
            views: Vec::new(),
            dir: None,
        }
    }
}

const NAMES: [&str; 8] = ["theme", "keymap", "mouse", "log-buffer", "readonly", "production", "contexts", "views"];

/// The least and the most log that is kept, in bytes.
const LOG_BUFFER: std::ops::RangeInclusive<u64> = 1_000_000..=4_000_000_000;

impl Settings {
    /// Reads the tree of a settings file. `shelves` are those of the themes and of the key maps.
    pub fn read(root: Node, shelves: &[Shelf; 2], report: &mut Report) -> Self {
        let mut settings = Self::default();
        for entry in entries(root, report) {
            settings.read_entry(&entry, shelves, report);
        }
        settings
    }

    fn read_entry(&mut self, entry: &Entry, [themes, keymaps]: &[Shelf; 2], report: &mut Report) {
        match entry.name.as_str() {
            "theme" => self.theme = name(entry, themes, report),
            "keymap" => self.keymap = name(entry, keymaps, report),
            "mouse" => self.mouse = boolean(entry, report).unwrap_or(self.mouse),
            "log-buffer" => self.log_buffer = size(entry, report).unwrap_or(self.log_buffer),
            "readonly" => self.readonly = plain(texts(entry, report)),
            "production" => self.production = plain(texts(entry, report)),
            "contexts" => {
                let contexts = entries(entry.node.clone(), report);
                self.contexts = contexts.into_iter().map(|entry| context(entry, report)).collect();
            }
            "views" => self.views = views::read(entry.node.clone(), report),
            other => unknown("there is no setting called", other, &NAMES, entry.at, report),
        }
    }

    /// Whether nothing may be changed in `context`.
    pub fn is_readonly(&self, context: &str) -> bool {
        self.readonly.iter().any(|pattern| matches(pattern, context))
    }

    /// Whether `context` is production.
    pub fn is_production(&self, context: &str) -> bool {
        self.production.iter().any(|pattern| matches(pattern, context))
    }

    /// The namespace that is opened first in `context`: that of the first matching pattern that names one.
    pub fn namespace(&self, context: &str) -> Option<&str> {
        self.contexts_for(context).find_map(|found| found.namespace.as_deref())
    }

    /// The namespaces that are offered first in `context`: those of the first matching pattern that names some.
    pub fn favourites(&self, context: &str) -> &[String] {
        let mut found = self.contexts_for(context).map(|found| found.favourites.as_slice());
        found.find(|favourites| !favourites.is_empty()).unwrap_or_default()
    }

    fn contexts_for(&self, context: &str) -> impl Iterator<Item = &Context> {
        self.contexts.iter().filter(move |found| matches(&found.pattern, context))
    }
}

/// Whether `text` matches `pattern`, in which `*` stands for any letters and `?` for one.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last star was, and how far the text was when it last took a letter.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some('*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(c), _) if *c == '?' || text.get(t) == Some(c) => (p, t) = (p + 1, t + 1),
            (_, Some((place, taken))) => {
                star = Some((place, taken + 1));
                (p, t) = (place + 1, taken + 1);
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

fn plain(texts: Vec<(String, At)>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}

fn unknown(sentence: &str, name: &str, known: &[&str], at: At, report: &mut Report) {
    let hint = did_you_mean(name, known.iter().copied());
    let hint = hint.unwrap_or_else(|| format!("there are {}", known.join(", ")));
    report.say(at, &format!("{sentence} `{name}`"), Some(hint));
}

/// The name of a file on `shelf`; the default when there is none of this name.
fn name(entry: &Entry, shelf: &Shelf, report: &mut Report) -> String {
    let name = text(entry, report).unwrap_or(DEFAULT);
    if shelf.has(name) {
        return name.to_owned();
    }
    let (sentence, hint) = shelf.unknown(name);
    report.say(entry.node.at, &sentence, Some(hint));
    DEFAULT.to_owned()
}

/// A size in bytes: a number alone, or with kB, MB, GB (thousands) or KiB, MiB, GiB (1024).
fn size(entry: &Entry, report: &mut Report) -> Option<usize> {
    let written = text(entry, report)?;
    let split = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    let (number, unit) = written.split_at(split);
    let factor: Option<u64> = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kb" => Some(1000),
        "m" | "mb" => Some(1_000_000),
        "g" | "gb" => Some(1_000_000_000),
        "ki" | "kib" => Some(1 << 10),
        "mi" | "mib" => Some(1 << 20),
        "gi" | "gib" => Some(1 << 30),
        _ => None,
    };
    let Some((factor, number)) = factor.zip(number.parse::<u64>().ok()) else {
        report.say(entry.node.at, &format!("`{written}` is not a size"), Some("write for example 64MB".to_owned()));
        return None;
    };
    let bytes = number.saturating_mul(factor);
    let fits = usize::try_from(bytes).ok().filter(|_| LOG_BUFFER.contains(&bytes));
    if fits.is_none() {
        let sentence = format!("`{}` goes from 1MB to 4GB, and this is `{written}`", entry.name);
        report.say(entry.node.at, &sentence, Some("write for example 64MB".to_owned()));
    }
    fits
}

fn context(entry: Entry, report: &mut Report) -> Context {
    let mut context = Context { pattern: entry.name, ..Context::default() };
    for entry in entries(entry.node, report) {
        match entry.name.as_str() {
            "namespace" => context.namespace = text(&entry, report).map(str::to_owned),
            "favourites" => context.favourites = plain(texts(&entry, report)),
            other => unknown("a context has no setting", other, &["namespace", "favourites"], entry.at, report),
        }
    }
    context
}

#[cfg(test)]
mod tests {
    use super::super::tree::parse;
    use super::super::{keymap, theme};
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let mut report = Report::new("settings.yaml");
        let root = parse(text, &mut report).unwrap_or_default();
        let settings = Settings::read(root, &[theme::shelf(None), keymap::shelf(None)], &mut report);
        let shown = report.problems.iter().map(|p| format!("{p} ({})", p.hint.as_deref().unwrap_or("")));
        (settings, shown.collect())
    }

    #[test]
    fn everything_can_be_set() {
        let text = "theme: light\nkeymap: vim\nmouse: false\nlog-buffer: 16MiB\nreadonly: '*prod*'\nproduction: [prod-*, live]\n\
                    contexts:\n  kind-*: { namespace: web, favourites: [web, db] }\n  '*': { namespace: 'default' }\n";
        let (settings, problems) = read(text);
        assert_eq!(problems, [] as [String; 0]);
        let shown = (settings.theme.as_str(), settings.keymap.as_str(), settings.mouse, settings.log_buffer);
        assert_eq!(shown, ("light", "vim", false, 16 << 20));
        assert!(settings.is_readonly("eu-prod-1") && !settings.is_readonly("kind-dev"));
        assert!(settings.is_production("live") && !settings.is_production("eu-prod-1"));
        assert_eq!((settings.namespace("kind-dev"), settings.namespace("x")), (Some("web"), Some("default")));
        assert_eq!(settings.favourites("kind-dev"), ["web", "db"]);
        assert_eq!(settings.favourites("x"), [] as [String; 0]);
    }

    #[test]
    fn nothing_need_be_set() {
        assert_eq!(read(""), (Settings::default(), Vec::new()));
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        let cases = [
            ("thme: x", "1:1: there is no setting called `thme` (did you mean `theme`?)"),
            (
                "colour: x",
                "1:1: there is no setting called `colour` (there are theme, keymap, mouse, log-buffer, readonly, production, contexts, views)",
            ),
            ("theme: lihgt", "1:8: there is no theme called `lihgt` (did you mean `light`?)"),
            (
                "theme: ../x",
                "1:8: there is no theme called `../x` (there are default, ember, fjord, high-contrast, light, lilac, reef, terminal)",
            ),
            ("keymap: nano", "1:9: there is no key map called `nano` (there are default, emacs, k9s, vim)"),
            ("theme:", "1:1: `theme` has no value ()"),
            ("theme: [light]", "1:8: `theme` takes one text, not a list or a map ()"),
            ("mouse: off", "1:8: `mouse` is neither true nor false: `off` (write true or false)"),
            ("log-buffer: much", "1:13: `much` is not a size (write for example 64MB)"),
            ("log-buffer: 64TB", "1:13: `64TB` is not a size (write for example 64MB)"),
            ("log-buffer: 10", "1:13: `log-buffer` goes from 1MB to 4GB, and this is `10` (write for example 64MB)"),
            (
                "log-buffer: 99999999999GB",
                "1:13: `log-buffer` goes from 1MB to 4GB, and this is `99999999999GB` (write for example 64MB)",
            ),
            ("readonly: { a: b }", "1:11: `readonly` takes a text or a list of texts ()"),
            ("readonly:", "1:1: `readonly` takes a text or a list of texts ()"),
            (
                "contexts: { a: { nmespace: x } }",
                "1:18: a context has no setting `nmespace` (did you mean `namespace`?)",
            ),
            ("contexts: [a]", "1:11: lines of the form `name: value` are expected here ()"),
            (
                "mouse: true\nmouse: true",
                "2:1: `mouse` stands here twice (the first is on line 1; only that one counts)",
            ),
        ];
        for (text, expected) in cases {
            let (settings, problems) = read(text);
            assert_eq!(problems, [format!("settings.yaml:{expected}")]);
            let (theme, keymap) = (settings.theme.as_str(), settings.keymap.as_str());
            assert_eq!((theme, keymap, settings.log_buffer), ("default", "default", 64_000_000), "{text}");
        }
    }

    #[test]
    fn the_rest_of_the_file_still_applies() {
        let (settings, problems) = read("mouse: off\nkeymap: k9s\nx: y\nreadonly: [[], a]\n");
        assert_eq!(problems.len(), 3);
        assert_eq!((settings.keymap.as_str(), settings.is_readonly("a")), ("k9s", true));
    }

    #[test]
    fn patterns() {
        let yes = [
            ("", ""),
            ("*", ""),
            ("*", "a/b"),
            ("a*c", "abbc"),
            ("*prod*", "eu-prod-1"),
            ("a?c", "abc"),
            ("*a*b", "xaxbab"),
        ];
        let no = [("", "a"), ("a", ""), ("prod", "prod-1"), ("a?c", "ac"), ("*a*b", "xaxbac"), ("A", "a")];
        assert!(yes.iter().all(|(pattern, text)| matches(pattern, text)), "yes");
        assert!(!no.iter().any(|(pattern, text)| matches(pattern, text)), "no");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(theme|mouse|log-buffer|contexts|readonly): ?[\\PC\n]{0,30}", pattern in "[a*?]{0,12}", word in "[ab]{0,12}") {
            read(&text);
            let padded = format!("*{pattern}*");
            prop_assert!(!matches(&pattern, &word) || matches(&padded, &word));
        }
    }
}
