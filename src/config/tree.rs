//! A YAML file as a tree of texts with their places, so that each entry can be judged by itself.
//!
//! It is built from the parser's events, below serde: decoding into types stops at the first mistake, and
//! merges what matters here (a doubled key, `n` as text, a quoted nothing and a forgotten one).

use super::problem::Report;
use serde_yaml::granit_parser::{Event, Parser, ScalarStyle, ScanError, Span};

/// A place in a file: line and column in characters, both from 1; both 0 mean the whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct At {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Node {
    /// Where it begins; for an empty value, where its name begins.
    pub at: At,
    /// What it is.
    pub value: Value,
}

/// What stands in a file. Numbers and truth values stay texts: who reads them knows what they should be.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing, `~` or `null`, unquoted.
    #[default]
    Empty,
    /// A text, without its quotes.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Names and values in the order of the file; a name may stand there twice.
    Map(Vec<Entry>),
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The name, without its quotes.
    pub name: String,
    /// Where the name begins.
    pub at: At,
    /// The value.
    pub node: Node,
}

/// How deep values may be nested; our files need four.
const DEEPEST: usize = 16;

/// The tree of the first document in `text`, or nothing but a problem when it is no YAML at all.
pub fn parse(text: &str, report: &mut Report) -> Option<Node> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match (Builder { events: Parser::new_from_str(text) }).document() {
        Ok(node) => Some(node),
        Err(mistake) => {
            report.say(mistake.at, &mistake.sentence, Some(syntax_hint(text, mistake.at)));
            None
        }
    }
}

/// Why a text is not the YAML that we read.
struct Mistake {
    at: At,
    sentence: String,
}

impl From<ScanError> for Mistake {
    fn from(error: ScanError) -> Self {
        let at = At { line: error.marker().line(), column: error.marker().col() + 1 };
        Self { at, sentence: format!("this is not YAML: {}", error.kind()) }
    }
}

struct Builder<E> {
    events: E,
}

impl<'a, E: Iterator<Item = Result<(Event<'a>, Span), ScanError>>> Builder<E> {
    /// The first document; what follows it must be read too, since a mistake may hide there.
    fn document(mut self) -> Result<Node, Mistake> {
        let mut root = None;
        while let Some((event, at)) = self.next()? {
            match event {
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd | Event::StreamEnd => {}
                _ if root.is_some() => return Err(mistake(at, "only one YAML document is read from a file")),
                event => root = Some(self.node(event, at, DEEPEST)?),
            }
        }
        Ok(root.unwrap_or_default())
    }

    /// The next event that is not a comment.
    fn next(&mut self) -> Result<Option<(Event<'a>, At)>, Mistake> {
        loop {
            match self.events.next() {
                Some(Ok((Event::Comment(..), _))) => {}
                Some(Ok((event, span))) => {
                    return Ok(Some((event, At { line: span.start.line(), column: span.start.col() + 1 })));
                }
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(None),
            }
        }
    }

    /// The value that begins with `event`; `depth` levels may follow below.
    fn node(&mut self, event: Event<'a>, at: At, depth: usize) -> Result<Node, Mistake> {
        let Some(depth) = depth.checked_sub(1) else { return Err(mistake(at, "this is nested too deeply")) };
        let value = match event {
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, _, Some(_))
            | Event::MappingStart(_, _, Some(_)) => {
                return Err(mistake(at, "tags such as `!name` are not read here"));
            }
            Event::Scalar(text, style, ..) => scalar(&text, style),
            Event::SequenceStart(..) => Value::List(self.list(depth)?),
            Event::MappingStart(..) => Value::Map(self.map(depth)?),
            _ => return Err(mistake(at, "aliases such as `*name` are not read here")),
        };
        Ok(Node { at, value })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, Mistake> {
        let mut nodes = Vec::new();
        while let Some((event, at)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            nodes.push(self.node(event, at, depth)?);
        }
        Ok(nodes)
    }

    fn map(&mut self, depth: usize) -> Result<Vec<Entry>, Mistake> {
        let mut entries = Vec::new();
        while let Some((event, at)) = self.next()? {
            let name = match event {
                Event::MappingEnd => break,
                Event::Scalar(text, _, _, None) => text.into_owned(),
                _ => return Err(mistake(at, "a plain name is expected here")),
            };
            let Some((event, value_at)) = self.next()? else { break };
            let mut node = self.node(event, value_at, depth)?;
            if node.value == Value::Empty {
                node.at = at;
            }
            entries.push(Entry { name, at, node });
        }
        Ok(entries)
    }
}

fn mistake(at: At, sentence: &str) -> Mistake {
    Mistake { at, sentence: sentence.to_owned() }
}

fn scalar(text: &str, style: ScalarStyle) -> Value {
    match (style, text) {
        (ScalarStyle::Plain, "" | "~" | "null") => Value::Empty,
        _ => Value::Text(text.to_owned()),
    }
}

/// The most likely reason: an unquoted colour swallows the rest of its line; next, an unquoted sign.
fn syntax_hint(text: &str, at: At) -> String {
    let colour = text.lines().take(at.line).find_map(|line| {
        let (_, after) = line.split_once(" #")?;
        let hex: String = after.chars().take_while(char::is_ascii_hexdigit).collect();
        (hex.len() == 6).then_some(hex)
    });
    match colour {
        Some(hex) => format!("an unquoted # begins a comment: write \"#{hex}\" in quotes"),
        None => "quote what begins with one of * & ! % @ ` | > { } [ ] # , ? : - ' \"".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn broken(text: &str) -> (String, String) {
        let mut report = Report::new("f");
        assert_eq!(parse(text, &mut report), None, "{text}");
        let problem = report.problems.pop().unwrap();
        (problem.to_string(), problem.hint.unwrap())
    }

    #[test]
    fn texts_keep_their_letters_and_places() {
        let mut report = Report::new("f");
        let root = parse("# hello\nn: no\n\"0\": [1.0, '~']\nempty:\n", &mut report).unwrap();
        let Value::Map(entries) = root.value else { panic!() };
        let [n, zero, empty] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((n.name.as_str(), n.at, n.node.at), ("n", At { line: 2, column: 1 }, At { line: 2, column: 4 }));
        assert_eq!(n.node.value, Value::Text("no".into()));
        assert_eq!(zero.name, "0");
        let texts = |node: &Node| matches!(&node.value, Value::List(l) if l.len() == 2 && l[1].value == Value::Text("~".into()));
        assert!(texts(&zero.node), "{zero:?}");
        assert_eq!((&empty.node.value, empty.node.at), (&Value::Empty, At { line: 4, column: 1 }));
    }

    #[test]
    fn what_is_not_yaml_is_said_with_its_place() {
        let (sentence, hint) = broken("a: [1\nb: 2");
        assert!(sentence.starts_with("f:") && sentence.contains(": this is not YAML: "), "{sentence}");
        assert!(hint.starts_with("quote what begins with"), "{hint}");
        assert_eq!(
            broken("a: { fg: #fb4934, bold: true }\nb: c\n").1,
            "an unquoted # begins a comment: write \"#fb4934\" in quotes"
        );
        assert_eq!(broken("a: &x 1\nb: *x").0, "f:2:4: aliases such as `*name` are not read here");
        assert_eq!(broken("a: !x 1").0, "f:1:7: tags such as `!name` are not read here");
        assert_eq!(broken("? [a]\n: b").0, "f:1:3: a plain name is expected here");
        assert_eq!(broken("a: 1\n---\nb: 1").0, "f:3:1: only one YAML document is read from a file");
        assert_eq!(broken(&format!("{}{}", "[".repeat(40), "]".repeat(40))).0, "f:1:17: this is nested too deeply");
    }

    #[test]
    fn an_empty_file_is_an_empty_tree() {
        for text in ["", "\u{feff}", "# only a comment", "---"] {
            assert_eq!(parse(text, &mut Report::new("f")).unwrap().value, Value::Empty, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\PC\n]{0,60}", soup in "[-:?,\\[\\]{}#&*!|>'\"%@` \na0]{0,40}") {
            for text in [text, soup] {
                let mut report = Report::new("f");
                let tree = parse(&text, &mut report);
                prop_assert_eq!(tree.is_none(), !report.problems.is_empty());
            }
        }
    }
}
