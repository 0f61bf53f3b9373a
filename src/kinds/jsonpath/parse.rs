//! Reads a template (`client-go` `util/jsonpath/parser.go`), with its rules for what is read how, odd ones included.

use super::Mistake;
use super::filter;
use super::node::{End, Node, Piece, Slice};
use super::quote::unquote;
use super::scan::{Scan, ends_name};
use serde_json::Value;

/// How deep expressions may stand in expressions. Nobody writes more than three.
pub const DEEPEST: usize = 16;

/// The pieces of a template.
///
/// # Errors
/// With the place of the first mistake.
pub fn template(text: &str) -> Result<Vec<Piece>, Mistake> {
    pieces(text, DEEPEST)
}

/// The first expression of `text`, which stands in an expression itself.
///
/// # Errors
/// With the first mistake; its place counts from the beginning of `text`.
pub fn inner(text: &str, depth: usize) -> Result<Vec<Node>, Mistake> {
    let too_deep = || Mistake { at: 1, sentence: "expressions are nested too deeply".to_owned() };
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    let pieces = pieces(&format!("{{{text}}}"), depth)?;
    let first = pieces.into_iter().next();
    Ok(first.map_or_else(Vec::new, |piece| match piece {
        Piece::Steps(nodes) => nodes,
        Piece::Text(text) => vec![Node::Constant(text)],
    }))
}

fn pieces(text: &str, depth: usize) -> Result<Vec<Piece>, Mistake> {
    let mut scan = Scan::new(text);
    let mut pieces = Vec::new();
    loop {
        while scan.peek().is_some_and(|c| c != '{') {
            scan.next();
        }
        let text = scan.take();
        if !text.is_empty() {
            pieces.push(Piece::Text(text.into()));
        }
        if scan.peek().is_none() {
            return Ok(pieces);
        }
        scan.pass(1);
        pieces.push(Piece::Steps(steps(&mut scan, depth)?));
    }
}

/// What stands in braces, behind the first of them.
fn steps(scan: &mut Scan<'_>, depth: usize) -> Result<Vec<Node>, Mistake> {
    let mut nodes = Vec::new();
    loop {
        let rest = scan.rest();
        if rest.starts_with('}') {
            scan.pass(1);
            return Ok(nodes);
        }
        if rest.starts_with("[?(") {
            scan.pass(3);
            nodes.push(filter::read(scan, depth)?);
        } else if rest.starts_with("..") {
            recursive(scan, &mut nodes)?;
        } else {
            step(scan, &mut nodes, depth)?;
        }
    }
}

fn recursive(scan: &mut Scan<'_>, nodes: &mut Vec<Node>) -> Result<(), Mistake> {
    if nodes.last() == Some(&Node::Recursive) {
        return Err(scan.mistake("invalid multiple recursive descent"));
    }
    scan.pass(2);
    nodes.push(Node::Recursive);
    if scan.peek().is_some_and(is_word) {
        nodes.push(field(scan));
    }
    Ok(())
}

/// A step that its first character tells.
fn step(scan: &mut Scan<'_>, nodes: &mut Vec<Node>, depth: usize) -> Result<(), Mistake> {
    match scan.next() {
        None | Some('\r' | '\n') => return Err(scan.mistake("unclosed action")),
        Some(' ' | '@' | '$') => {
            scan.take();
        }
        Some('[') => array(scan, nodes, depth)?,
        Some(quote @ ('"' | '\'')) => nodes.push(quoted(scan, quote)?),
        Some('.') => nodes.push(field(scan)),
        Some(c) if matches!(c, '+' | '-') || c.is_numeric() => {
            scan.back();
            nodes.push(number(scan)?);
        }
        Some(c) if is_word(c) => {
            scan.back();
            nodes.push(word(scan));
        }
        Some(c) => {
            let code = u32::from(c);
            return Err(scan.mistake(format!("unrecognized character in action: U+{code:04X} '{c}'")));
        }
    }
    Ok(())
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// A name behind its point.
fn field(scan: &mut Scan<'_>) -> Node {
    scan.take();
    loop {
        match scan.next() {
            Some('\\') => {
                scan.next();
            }
            c if ends_name(c) => break,
            _ => {}
        }
    }
    scan.back();
    match scan.take() {
        "*" => Node::Wildcard,
        name => Node::Field(name.replace('\\', "")),
    }
}

fn word(scan: &mut Scan<'_>) -> Node {
    while !ends_name(scan.next()) {}
    scan.back();
    match scan.take() {
        "true" => Node::Constant(true.into()),
        "false" => Node::Constant(false.into()),
        word => Node::Word(word.to_owned()),
    }
}

fn number(scan: &mut Scan<'_>) -> Result<Node, Mistake> {
    if matches!(scan.peek(), Some('+' | '-')) {
        scan.next();
    }
    while scan.next().is_some_and(|c| c == '.' || c.is_numeric()) {}
    scan.back();
    let mistake = |text: &str| format!("cannot parse number {text}");
    let text = scan.take();
    let value = text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<f64>().map(Value::from));
    value.map(Node::Constant).map_err(|_| scan.mistake(mistake(text)))
}

fn quoted(scan: &mut Scan<'_>, quote: char) -> Result<Node, Mistake> {
    loop {
        match scan.next() {
            None | Some('\n') => return Err(scan.mistake("unterminated quoted string")),
            Some(c) if c == quote && !scan.is_escaped() => break,
            Some(_) => {}
        }
    }
    let text = scan.take();
    let value = unquote(text).ok_or_else(|| scan.mistake(format!("unquote string {text} error invalid syntax")))?;
    Ok(Node::Constant(value.into()))
}

/// What stands in brackets: `*`, a union, a key in quotes, or a slice.
fn array(scan: &mut Scan<'_>, nodes: &mut Vec<Node>, depth: usize) -> Result<(), Mistake> {
    loop {
        match scan.next() {
            None | Some('\n') => return Err(scan.mistake("unterminated array")),
            Some(']') => break,
            Some(_) => {}
        }
    }
    let mistake = |sentence: String| scan.mistake(sentence);
    let at = mistake(String::new()).at;
    let here = |inside: Mistake| Mistake { at, ..inside };
    let text = scan.take().trim_start_matches('[').trim_end_matches(']');
    let text = if text == "*" { ":" } else { text };
    if text.contains(',') {
        let parts = text.split(',').map(|part| inner(&format!("[{}]", part.trim_matches(' ')), depth));
        nodes.push(Node::Union(parts.collect::<Result<_, _>>().map_err(here)?));
    } else if let Some(key) = key(text) {
        nodes.extend(inner(&format!(".{key}"), depth).map_err(here)?);
    } else {
        nodes.push(Node::Slice(slice(text).map_err(|sentence| Mistake { at, sentence })?));
    }
    Ok(())
}

/// The name in `'name'`.
fn key(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'').filter(|key| !key.contains('\''))
}

fn slice(text: &str) -> Result<Slice, String> {
    let mut parts = text.split(':');
    let parts: [Option<&str>; 4] = std::array::from_fn(|_| parts.next());
    let digits = |part: &str| part.strip_prefix('-').unwrap_or(part).bytes().all(|b| b.is_ascii_digit());
    let [first, second, third, None] = parts else { return Err(format!("invalid array index {text}")) };
    if ![first, second, third].into_iter().flatten().all(digits) {
        return Err(format!("invalid array index {text}"));
    }
    let number = |part: Option<&str>| {
        let written = part.filter(|part| !part.is_empty());
        let number = written.map(|part| part.parse::<i64>().map_err(|_| format!("array index {part} is not a number")));
        number.transpose()
    };
    let start = number(first)?.unwrap_or(0);
    let end = match (second, number(second)?) {
        (None, _) => End::BehindFirst(start.saturating_add(1)),
        (Some(_), None) => End::Last,
        (Some(_), Some(end)) => End::Before(end),
    };
    Ok(Slice { start, end, step: number(third)? })
}
