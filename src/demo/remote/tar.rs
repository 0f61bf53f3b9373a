//! Archives as `tar` writes and reads them (ustar): enough for copies to and from containers.

use super::files::Entry;

const BLOCK: usize = 512;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Path as it stands in the archive.
    pub path: String,
    /// A file or directory.
    pub entry: Entry,
}

/// Where reading an archive stands.
#[derive(Debug, PartialEq)]
pub enum Read {
    /// The end was seen.
    Whole(Vec<Item>),
    /// More has to come.
    More,
    /// This is no archive.
    Broken,
}

/// An archive of some items, with its two empty blocks at the end.
pub fn pack(items: &[Item]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for item in items {
        let content: &[u8] = if let Entry::File(content) = &item.entry { content } else { &[] };
        if item.path.len() > 100 {
            // A long name goes before, as the content of an entry of its own.
            bytes.extend(header(("././@LongLink", b'L'), item.path.len() + 1));
            bytes.extend(padded(&[item.path.as_bytes(), &[0]].concat()));
        }
        let kind = if item.entry == Entry::Folder { b'5' } else { b'0' };
        let name = if kind == b'5' { format!("{}/", item.path) } else { item.path.clone() };
        bytes.extend(header((&name, kind), content.len()));
        bytes.extend(padded(content));
    }
    bytes.extend([0; 2 * BLOCK]);
    bytes
}

fn padded(content: &[u8]) -> Vec<u8> {
    let mut bytes = content.to_vec();
    bytes.resize(content.len().div_ceil(BLOCK) * BLOCK, 0);
    bytes
}

fn header((name, kind): (&str, u8), size: usize) -> Vec<u8> {
    let mode = if kind == b'5' { "0000755" } else { "0000644" };
    let mut block = Vec::with_capacity(BLOCK);
    let mut field = |text: &[u8], width: usize| {
        let mut part = text.get(..text.len().min(width)).unwrap_or_default().to_vec();
        part.resize(width, 0);
        block.extend(part);
    };
    field(name.as_bytes(), 100);
    for (text, width) in [(mode, 8), ("0000000", 8), ("0000000", 8)] {
        field(text.as_bytes(), width);
    }
    field(format!("{size:011o}").as_bytes(), 12);
    field(b"15067144000", 12);
    field(b"        ", 8);
    field(&[kind], 1);
    field(b"", 100);
    field(b"ustar\x0000", 8);
    for width in [32, 32, 8, 8, 155, 12] {
        field(b"", width);
    }
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    let sum = format!("{sum:06o}\0 ");
    block.splice(148..156, sum.bytes());
    block
}

/// Reads as much of an archive as there is.
pub fn unpack(bytes: &[u8]) -> Read {
    let (mut items, mut at, mut long) = (Vec::new(), 0, None);
    loop {
        let Some(head) = bytes.get(at..at + BLOCK) else { return Read::More };
        if head.iter().all(|byte| *byte == 0) {
            return Read::Whole(items);
        }
        let Some((name, size, kind)) = read(head) else { return Read::Broken };
        let Some(content) = bytes.get(at + BLOCK..at + BLOCK + size) else { return Read::More };
        at += BLOCK + size.div_ceil(BLOCK) * BLOCK;
        let path = long.take().unwrap_or(name);
        match kind {
            b'L' => long = Some(text(content)),
            b'5' => items.push(Item { path: path.trim_end_matches('/').to_owned(), entry: Entry::Folder }),
            b'0' | 0 => items.push(Item { path, entry: Entry::File(content.to_vec().into()) }),
            b'x' => long = pax_path(content),
            _ => {}
        }
    }
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

/// Name, size and kind in a header.
fn read(head: &[u8]) -> Option<(String, usize, u8)> {
    let (name, prefix) = (text(head.get(..100)?), text(head.get(345..500)?));
    let size = text(head.get(124..136)?);
    let size = usize::from_str_radix(size.trim(), 8).ok()?;
    let name = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
    Some((name, size, *head.get(156)?))
}

/// The path in an extended header: records of `LENGTH key=value`.
fn pax_path(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let record = text.lines().find_map(|line| line.split_once(' ')?.1.strip_prefix("path="))?;
    Some(record.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked(names in proptest::collection::vec("[a-z]{1,8}(/[a-zä ]{1,40}){0,5}", 0..5), size in 0_usize..2_000) {
            let item = |path: String| Item { path, entry: Entry::File(vec![7; size].into()) };
            let items: Vec<Item> = names.into_iter().map(item).collect();
            let bytes = pack(&items);
            prop_assert_eq!(unpack(&bytes), Read::Whole(items));
            prop_assert_eq!(unpack(&bytes[..bytes.len() - 2 * BLOCK]), Read::More);
        }

        #[test]
        fn no_bytes_upset_the_reading(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let _ = unpack(&bytes);
        }
    }
}
