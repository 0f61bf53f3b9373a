//! `Tar`: takes an archive apart while its bytes arrive: ustar, PAX paths and sizes, GNU long names. It believes
//! nothing: checksums, sizes and the end are checked, and what it does not know is an error rather than a guess.

use super::header::{BLOCK, Header};
use super::{TarError, shown};

/// The largest name or set of PAX records, in bytes. Names are at most 4,096 bytes long on any system that we know.
const LARGEST_EXTRA: u64 = 1 << 20;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, as the archive has it.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: Kind,
    /// Bytes of data.
    pub size: u64,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Something else, by what it is called.
    Other(&'static str),
}

/// What takes the entries.
pub trait Sink {
    /// An entry begins.
    ///
    /// # Errors
    /// When it must not, or cannot, be written.
    fn begin(&mut self, entry: &Entry) -> Result<(), TarError>;

    /// Bytes of the entry that began.
    ///
    /// # Errors
    /// When they cannot be written.
    fn data(&mut self, bytes: &[u8]) -> Result<(), TarError>;

    /// The entry is complete.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn end(&mut self) -> Result<(), TarError>;
}

/// What the next bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A header, or the end.
    Header,
    /// Data of an entry, and how much of it is left.
    Data(u64),
    /// Something about the next entry: its flag, and how much of it is left.
    Extra(u8, u64),
    /// Bytes up to the next block, and what follows them.
    Padding(usize),
    /// One of the two blocks that end an archive has come.
    Ending,
    /// Nothing but zeros may follow.
    Ended,
}

/// Takes an archive apart.
#[derive(Debug)]
pub struct Tar {
    state: State,
    block: Vec<u8>,
    extra: Vec<u8>,
    /// Bytes that fill the last block of what is being read.
    padding: usize,
    /// What was said about the next entry.
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Default for Tar {
    fn default() -> Self {
        Self {
            state: State::Header,
            block: Vec::with_capacity(BLOCK),
            extra: Vec::new(),
            padding: 0,
            name: None,
            size: None,
        }
    }
}

impl Tar {
    /// Takes the next bytes, of any number.
    ///
    /// # Errors
    /// When they are no archive, or `sink` refuses. Then nothing more may be fed.
    pub fn feed(&mut self, mut bytes: &[u8], sink: &mut impl Sink) -> Result<(), TarError> {
        while !bytes.is_empty() {
            let took = match self.state {
                State::Header | State::Ending => self.header(bytes, sink)?,
                State::Data(left) => self.data(left, bytes, sink)?,
                State::Extra(flag, left) => self.extra(flag, left, bytes)?,
                State::Padding(left) => {
                    let took = left.min(bytes.len());
                    self.state = if took == left { State::Header } else { State::Padding(left - took) };
                    took
                }
                State::Ended if bytes.iter().all(|byte| *byte == 0) => bytes.len(),
                State::Ended => return Err(broken("something follows its end")),
            };
            bytes = bytes.get(took..).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether the archive was complete.
    ///
    /// # Errors
    /// When it was cut.
    pub fn finish(&self) -> Result<(), TarError> {
        if self.state == State::Ended { Ok(()) } else { Err(broken("it ends too early")) }
    }

    /// Collects a header and acts on it.
    fn header(&mut self, bytes: &[u8], sink: &mut impl Sink) -> Result<usize, TarError> {
        let took = (BLOCK - self.block.len()).min(bytes.len());
        self.block.extend_from_slice(bytes.get(..took).unwrap_or_default());
        if self.block.len() < BLOCK {
            return Ok(took);
        }
        let block: [u8; BLOCK] = self.block.as_slice().try_into().map_err(|_| broken("a block has another size"))?;
        self.block.clear();
        match (Header::read(&block)?, self.state) {
            (None, _) if self.name.is_some() || self.size.is_some() => return Err(broken("a name has no entry")),
            (None, State::Ending) => self.state = State::Ended,
            (None, _) => self.state = State::Ending,
            (Some(_), State::Ending) => return Err(broken("something follows its end")),
            (Some(header), _) => self.entry(header, sink)?,
        }
        Ok(took)
    }

    /// An entry, or something about the next one, begins.
    fn entry(&mut self, header: Header, sink: &mut impl Sink) -> Result<(), TarError> {
        if matches!(header.flag, b'L' | b'K' | b'x' | b'g') {
            if header.size > LARGEST_EXTRA {
                return Err(broken("a name is longer than 1 MiB"));
            }
            self.extra.clear();
            self.expect(header.size);
            self.state = if header.size == 0 { State::Header } else { State::Extra(header.flag, header.size) };
            return if header.size == 0 { self.extra_ended(header.flag) } else { Ok(()) };
        }
        let (name, size) = (self.name.take().unwrap_or(header.name), self.size.take().unwrap_or(header.size));
        // A folder of the oldest archives is a file whose name ends in a slash.
        let kind = match header.flag {
            b'0' | 0 | b'7' if name.ends_with(b"/") => Kind::Folder,
            b'0' | 0 | b'7' => Kind::File,
            b'5' => Kind::Folder,
            b'1' => Kind::Other("a hard link"),
            b'2' => Kind::Other("a symbolic link"),
            b'3' | b'4' => Kind::Other("a device"),
            b'6' => Kind::Other("a pipe"),
            b'S' => return Err(TarError::Hostile(format!("{} is a sparse file", shown(&name)))),
            flag => return Err(TarError::Hostile(format!("{} is of unknown kind {flag:#04x}", shown(&name)))),
        };
        // What is no file has no data, whatever its header says of its size: so it is in ustar, and GNU tar agrees.
        let size = if kind == Kind::File { size } else { 0 };
        sink.begin(&Entry { name, kind, size })?;
        if size == 0 {
            self.state = State::Header;
            return sink.end();
        }
        self.expect(size);
        self.state = State::Data(size);
        Ok(())
    }

    /// Notes how many bytes fill the last block of `size` bytes.
    fn expect(&mut self, size: u64) {
        let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
        self.padding = if over == 0 { 0 } else { BLOCK - over };
    }

    fn data(&mut self, left: u64, bytes: &[u8], sink: &mut impl Sink) -> Result<usize, TarError> {
        let took = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        sink.data(bytes.get(..took).unwrap_or_default())?;
        match left - took as u64 {
            0 => {
                self.skip_padding();
                sink.end()?;
            }
            left => self.state = State::Data(left),
        }
        Ok(took)
    }

    fn extra(&mut self, flag: u8, left: u64, bytes: &[u8]) -> Result<usize, TarError> {
        let took = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        self.extra.extend_from_slice(bytes.get(..took).unwrap_or_default());
        match left - took as u64 {
            0 => {
                self.skip_padding();
                self.extra_ended(flag)?;
            }
            left => self.state = State::Extra(flag, left),
        }
        Ok(took)
    }

    /// Goes on with the next block: what fills the last block of the data is no part of it.
    fn skip_padding(&mut self) {
        self.state = if self.padding == 0 { State::Header } else { State::Padding(self.padding) };
    }

    /// Takes over what is said about the next entry.
    fn extra_ended(&mut self, flag: u8) -> Result<(), TarError> {
        match flag {
            b'L' => {
                let name = self.extra.split(|byte| *byte == 0).next().unwrap_or_default();
                self.name = Some(name.to_vec());
            }
            b'x' => self.records()?,
            // Where links lead, and what holds for all entries, is of no use here.
            _ => {}
        }
        Ok(())
    }

    /// Reads PAX records: `LENGTH KEY=VALUE\n`.
    fn records(&mut self) -> Result<(), TarError> {
        let wrong = || broken("a PAX record makes no sense");
        let extra = std::mem::take(&mut self.extra);
        let mut rest = extra.as_slice();
        while !rest.is_empty() {
            let space = rest.iter().position(|byte| *byte == b' ').ok_or_else(wrong)?;
            let (digits, _) = rest.split_at(space);
            let length: usize =
                std::str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).ok_or_else(wrong)?;
            let record = rest.get(space + 1..length).and_then(|record| record.strip_suffix(b"\n")).ok_or_else(wrong)?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(wrong)?;
            let (key, value) = (record.get(..equals).unwrap_or_default(), record.get(equals + 1..).unwrap_or_default());
            self.record(key, value)?;
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(())
    }

    fn record(&mut self, key: &[u8], value: &[u8]) -> Result<(), TarError> {
        match key {
            b"path" => self.name = Some(value.to_vec()),
            b"size" => {
                let size = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
                let size = size.filter(|size: &u64| i64::try_from(*size).is_ok());
                self.size = Some(size.ok_or_else(|| broken("a size is no number"))?);
            }
            _ if key.starts_with(b"GNU.sparse.") => return Err(TarError::Hostile("it holds a sparse file".to_owned())),
            _ => {}
        }
        Ok(())
    }
}

fn broken(what: &str) -> TarError {
    TarError::Broken(what.to_owned())
}
