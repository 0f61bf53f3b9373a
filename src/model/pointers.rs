//! References and links as one text each, so that rows that point to the same object share it.

use crate::kinds::{Link, Reference, Text, Uid};

/// Between the fields of an encoded reference: names cannot hold it.
const FIELD: char = '\u{1f}';

/// Writes a reference as one text, so that the pods of a replicaset share it.
fn encode(reference: &Reference, out: &mut String) {
    let Reference { group, kind, namespace, name, uid } = reference;
    for field in [group, kind, namespace, name] {
        out.push_str(field);
        out.push(FIELD);
    }
    if let Some(uid) = uid {
        write_uid(*uid, out);
    }
}

/// Writes an identity in hexadecimal digits. Each row that comes does that: formatting takes five times as long.
fn write_uid(Uid(uid): Uid, out: &mut String) {
    let digit = |four: u8| if four < 10 { b'0' + four } else { b'a' - 10 + four };
    let mut digits = [0; 32];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(uid.to_be_bytes()) {
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    out.push_str(std::str::from_utf8(&digits).unwrap_or_default());
}

/// The reference of [`encode`].
pub(super) fn decode(text: &str) -> Option<Reference> {
    let mut fields = text.split(FIELD).map(Text::from);
    let (group, kind, namespace) = (fields.next()?, fields.next()?, fields.next()?);
    let (name, uid) = (fields.next()?, fields.next()?);
    Some(Reference { group, kind, namespace, name, uid: u128::from_str_radix(&uid, 16).ok().map(Uid) })
}

/// The identity in the reference of [`encode`], without reading the rest.
pub(super) fn decode_uid(text: &str) -> Option<Uid> {
    let (_, uid) = text.rsplit_once(FIELD)?;
    u128::from_str_radix(uid, 16).ok().map(Uid)
}

/// Between an owner and a link.
const PART: char = '\u{1e}';

/// Writes owner and link of a row as one text; most rows have one of them at most.
pub(super) fn encode_ties(owner: Option<&Reference>, link: &Link, out: &mut String) {
    if let Some(owner) = owner {
        encode(owner, out);
    }
    if *link != Link::None {
        out.push(PART);
        encode_link(link, out);
    }
}

/// The two texts of [`encode_ties`].
pub(super) fn split_ties(text: &str) -> (&str, &str) {
    text.split_once(PART).unwrap_or((text, ""))
}

/// Writes a link as one text: the first character tells which.
fn encode_link(link: &Link, out: &mut String) {
    match link {
        Link::None => {}
        Link::Selects(selector) => out.extend(["s", selector]),
        Link::About(reference) => {
            out.push('a');
            encode(reference, out);
        }
    }
}

/// The link of [`encode_link`].
pub(super) fn decode_link(text: &str) -> Link {
    match text.split_at_checked(1) {
        Some(("s", selector)) => Link::Selects(selector.to_owned()),
        Some(("a", reference)) => decode(reference).map_or(Link::None, Link::About),
        _ => Link::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let set = Reference {
            group: "apps".into(),
            kind: "ReplicaSet".into(),
            namespace: "shop".into(),
            name: "web".into(),
            uid: Some(Uid(7)),
        };
        let links =
            [Link::None, Link::Selects("app=web".into()), Link::About(set.clone()), Link::About(Reference::default())];
        for link in links {
            let mut text = String::new();
            encode_link(&link, &mut text);
            assert_eq!(decode_link(&text), link, "{text:?}");
        }
        let mut text = String::new();
        encode(&set, &mut text);
        let mut both = String::new();
        encode_ties(Some(&set), &Link::Selects("app=web".into()), &mut both);
        let (owner, link) = split_ties(&both);
        assert_eq!((decode(owner), decode_link(link)), (Some(set.clone()), Link::Selects("app=web".into())));
        assert_eq!(split_ties(&text), (text.as_str(), ""));
        assert_eq!((decode_uid(&text), decode_uid("")), (Some(Uid(7)), None));
        assert_eq!((decode(&text), decode("")), (Some(set), None));
    }
}
