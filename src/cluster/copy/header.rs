//! The header of a tar entry: 512 bytes in the layout of POSIX ustar, with the numbers of GNU tar.

use super::TarError;

/// The unit in which tar counts.
pub const BLOCK: usize = 512;
/// The largest size of an entry: what a file offset can say.
const LARGEST: u64 = i64::MAX as u64;

/// A header, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The name, as far as it fits the header.
    pub name: Vec<u8>,
    /// What kind of entry it is.
    pub flag: u8,
    /// Bytes of data that follow.
    pub size: u64,
}

/// A header to be written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fields<'a> {
    /// The name; what does not fit is cut off, so that something else has to carry it.
    pub name: &'a [u8],
    /// Where a link leads, cut off in the same way.
    pub link: &'a [u8],
    /// The kind of entry.
    pub flag: u8,
    /// Permissions.
    pub mode: u32,
    /// Owner and group.
    pub owner: (u32, u32),
    /// Bytes of data that follow.
    pub size: u64,
    /// Seconds since 1970 of the last change.
    pub changed: i64,
}

impl Header {
    /// Reads a block; `None` is a block of zeros, which ends an archive.
    ///
    /// # Errors
    /// When it is no header: its checksum is wrong, or a number makes no sense.
    pub fn read(block: &[u8; BLOCK]) -> Result<Option<Self>, TarError> {
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let broken = |what: &str| TarError::Broken(what.to_owned());
        let wanted = number(field(block, 148, 8)).ok_or_else(|| broken("a checksum is no number"))?;
        if wanted != u64::from(checksum(block)) {
            return Err(broken("a checksum is wrong"));
        }
        let size = number(field(block, 124, 12)).filter(|size| *size <= LARGEST);
        let size = size.ok_or_else(|| broken("a size is no number"))?;
        let flag = block.get(156).copied().unwrap_or_default();
        let own = text(field(block, 0, 100));
        // GNU tar keeps other things where ustar keeps the beginning of a long name.
        let prefix = if field(block, 257, 6) == b"ustar\0" { text(field(block, 345, 155)) } else { b"" };
        let name = if prefix.is_empty() { own.to_vec() } else { [prefix, b"/", own].concat() };
        Ok(Some(Self { name, flag, size }))
    }
}

impl Fields<'_> {
    /// Writes the block.
    pub fn write(&self) -> [u8; BLOCK] {
        let mut block = [0; BLOCK];
        put(&mut block, 0, self.name.get(..100).unwrap_or(self.name));
        put(&mut block, 100, format!("{:07o}", self.mode & 0o7777).as_bytes());
        put(&mut block, 108, &written(u64::from(self.owner.0), 8));
        put(&mut block, 116, &written(u64::from(self.owner.1), 8));
        put(&mut block, 124, &written(self.size, 12));
        put(&mut block, 136, &written(u64::try_from(self.changed).unwrap_or_default(), 12));
        put(&mut block, 156, &[self.flag]);
        put(&mut block, 157, self.link.get(..100).unwrap_or(self.link));
        put(&mut block, 257, b"ustar\x0000");
        put(&mut block, 148, b"        ");
        let sum = format!("{:06o}\0 ", checksum(&block));
        put(&mut block, 148, sum.as_bytes());
        block
    }
}

/// A number as `width` bytes: octal digits, or binary where they do not suffice.
fn written(number: u64, width: usize) -> Vec<u8> {
    let digits = format!("{number:0digits$o}", digits = width - 1);
    if digits.len() < width {
        return digits.into_bytes();
    }
    let mut bytes = vec![0; width.saturating_sub(8)];
    bytes.extend_from_slice(&number.to_be_bytes());
    if let Some(first) = bytes.first_mut() {
        *first = 0x80;
    }
    bytes
}

/// The sum of all bytes, those of the checksum counted as spaces.
fn checksum(block: &[u8; BLOCK]) -> u32 {
    let of = |(at, byte): (usize, &u8)| if (148..156).contains(&at) { u32::from(b' ') } else { u32::from(*byte) };
    block.iter().enumerate().map(of).sum()
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    for (to, from) in block.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}

fn field(block: &[u8; BLOCK], at: usize, len: usize) -> &[u8] {
    block.get(at..at + len).unwrap_or_default()
}

/// Text up to its first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// A number: octal digits among spaces and NULs, or binary when the highest bit of the first byte is set.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((first, rest)) = field.split_first().filter(|(first, _)| **first & 0x80 != 0) {
        // Only non-negative numbers: the bit after the mark is the sign.
        let begin = (first & 0x40 == 0).then_some(u64::from(first & 0x3f))?;
        return rest.iter().try_fold(begin, |number, byte| number.checked_mul(256)?.checked_add(u64::from(*byte)));
    }
    let digits = text(field).trim_ascii();
    let digit = |byte: &u8| (b'0'..=b'7').contains(byte).then(|| u64::from(byte - b'0'));
    digits.iter().try_fold(0_u64, |number, byte| number.checked_mul(8)?.checked_add(digit(byte)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for size in [0, 7, 0o777_7777_7777, 0o1_0000_0000_0000, LARGEST] {
            let fields = Fields { name: b"dir/a b", flag: b'0', size, ..Fields::default() };
            let wanted = Header { name: b"dir/a b".to_vec(), flag: b'0', size };
            assert_eq!(Header::read(&fields.write()), Ok(Some(wanted)));
        }
        assert_eq!(Header::read(&[0; BLOCK]), Ok(None));
    }

    #[test]
    fn what_is_damaged_is_no_header() {
        let block = Fields { name: b"a", flag: b'0', size: 3, ..Fields::default() }.write();
        for at in 0..BLOCK {
            let mut damaged = block;
            damaged[at] = damaged[at].wrapping_add(1);
            // Spaces and ends around the checksum's digits may differ.
            if !(154..156).contains(&at) {
                assert!(Header::read(&damaged).is_err(), "byte {at}");
            }
        }
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() {
        let with = |bytes: &[u8]| {
            let mut block = Fields { name: b"a", flag: b'0', ..Fields::default() }.write();
            put(&mut block, 124, bytes);
            let sum = format!("{:06o}\0 ", checksum(&block));
            put(&mut block, 148, sum.as_bytes());
            Header::read(&block).map(|header| header.map_or(0, |header| header.size))
        };
        assert_eq!(with(b"00000000017\0"), Ok(15));
        assert_eq!(with(b"         17 "), Ok(15));
        assert_eq!(with(&[0x80, 0, 0, 0, 0x7f, 255, 255, 255, 255, 255, 255, 255]).ok(), Some(0x7fff_ffff_ffff_ffff));
        for wrong in [&[0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0], &[0xff; 12], b"0000000x017\0", b"-0000000017\0"] {
            assert!(with(wrong).is_err(), "{wrong:?}");
        }
    }
}
