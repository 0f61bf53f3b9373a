//! Reads what stands in `[?(…)]`.

use super::Mistake;
use super::node::{Filter, Node};
use super::parse::inner;
use super::scan::Scan;

/// Reads a filter behind its `[?(`.
///
/// # Errors
/// With the place where the filter begins.
pub fn read(scan: &mut Scan<'_>, depth: usize) -> Result<Node, Mistake> {
    end(scan)?;
    if scan.next() != Some(']') {
        return Err(scan.mistake("unclosed array expect ]"));
    }
    let at = scan.mistake("").at;
    let here = |inside: Mistake| Mistake { at, ..inside };
    let text = scan.take();
    let text = text.get(..text.len() - 2).unwrap_or_default();
    let filter = match split(text) {
        None => Filter { left: inner(text, depth).map_err(here)?, test: None },
        Some((left, by, right)) => {
            let left = inner(left, depth).map_err(here)?;
            Filter { left, test: Some((by.to_owned(), inner(right, depth).map_err(here)?)) }
        }
    };
    Ok(Node::Filter(Box::new(filter)))
}

/// Goes to the `)` that ends it: one that stands in quotes does not, and only the first quotes count.
fn end(scan: &mut Scan<'_>) -> Result<(), Mistake> {
    let mut quote = None;
    let mut closed = false;
    loop {
        match scan.next() {
            None | Some('\n') => return Err(scan.mistake("unterminated filter")),
            Some(c @ ('"' | '\'')) if quote.is_none() => quote = Some(c),
            Some(c) if quote == Some(c) => closed |= !scan.is_escaped(),
            Some(')') if quote.is_some() == closed => return Ok(()),
            Some(_) => {}
        }
    }
}

/// What is compared, how, and with what, if it is a comparison: something must stand on both sides.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let is_sign = |c: char| matches!(c, '!' | '<' | '>' | '=');
    let from = text.find(is_sign).filter(|from| *from > 0)?;
    let signs = text.get(from..)?.find(|c| !is_sign(c)).unwrap_or(text.len() - from);
    // Of signs that end the text the last is what is compared with.
    let to = if from + signs == text.len() { text.len() - 1 } else { from + signs };
    (to > from).then(|| Some((text.get(..from)?, text.get(from..to)?, text.get(to..)?)))?
}
