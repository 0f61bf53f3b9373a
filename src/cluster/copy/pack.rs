//! `pack`: writes a local tree as an archive. Paths are taken as they are, links are stored as links, empty folders are
//! kept, as `kubectl cp` does; but `*` and `[` in a name mean nothing here.

use super::header::{BLOCK, Fields};
use super::{TarError, shown};
use rustix::fs::{Mode, OFlags};
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The longest name that fits a header.
const SHORT: usize = 100;

/// What was packed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packed {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What was left out: sockets, pipes, devices; safe to show.
    pub left_out: Vec<String>,
}

/// Writes `source` and everything in it, called `name` in the archive.
///
/// # Errors
/// When something cannot be read, changes while it is read, or cannot be written. The archive then has no end, so that
/// nobody can take it for a whole one.
pub fn pack(source: &Path, name: &[u8], out: &mut impl Write) -> Result<Packed, TarError> {
    let mut packed = Packed::default();
    let mut waiting = vec![(source.to_owned(), name.to_vec())];
    while let Some((path, name)) = waiting.pop() {
        let local = |why| TarError::Local { what: shown(path.as_os_str().as_bytes()), why };
        let about = fs::symlink_metadata(&path).map_err(local)?;
        let kind = about.file_type();
        if kind.is_dir() {
            let inside = inside((&path, &name)).map_err(local)?;
            if inside.is_empty() {
                entry(out, (&[name.as_slice(), b"/"].concat(), b""), (b'5', 0), &about).map_err(local)?;
            }
            waiting.extend(inside.into_iter().rev());
        } else if kind.is_symlink() {
            let link = fs::read_link(&path).map_err(local)?;
            entry(out, (&name, link.as_os_str().as_bytes()), (b'2', 0), &about).map_err(local)?;
        } else if kind.is_file() {
            packed.bytes += file(out, &path, &name).map_err(local)?;
            packed.files += 1;
        } else {
            packed.left_out.push(shown(path.as_os_str().as_bytes()));
        }
    }
    out.write_all(&[0; 2 * BLOCK]).map_err(|why| TarError::Local { what: "the archive".to_owned(), why })?;
    Ok(packed)
}

/// What is in a folder, by name.
fn inside((path, name): (&Path, &[u8])) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let mut names = fs::read_dir(path)?.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    let below = |own: std::ffi::OsString| (path.join(&own), [name, b"/", own.as_bytes()].concat());
    Ok(names.into_iter().map(below).collect())
}

/// Writes a file. What became of it since its folder was read is looked at once more: it is not followed if it is a
/// link by now, nor waited for if it is a pipe.
fn file(out: &mut impl Write, path: &Path, name: &[u8]) -> io::Result<u64> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("it is no file any more"));
    }
    let size = about.len();
    entry(out, (name, b""), (b'0', size), &about)?;
    if io::copy(&mut (&mut file).take(size), out)? < size {
        return Err(io::Error::other("it became shorter while it was read"));
    }
    fill(out, size)?;
    Ok(size)
}

/// Writes the header of an entry, and before it what does not fit in.
fn entry(
    out: &mut impl Write,
    (name, link): (&[u8], &[u8]),
    (flag, size): (u8, u64),
    about: &Metadata,
) -> io::Result<()> {
    for (text, flag) in [(name, b'L'), (link, b'K')].into_iter().filter(|(text, _)| text.len() > SHORT) {
        // GNU tar's way, which busybox understands as well.
        let size = text.len() as u64 + 1;
        out.write_all(&Fields { name: b"././@LongLink", flag, size, ..Fields::default() }.write())?;
        out.write_all(text)?;
        out.write_all(&[0])?;
        fill(out, size)?;
    }
    let owner = (about.uid(), about.gid());
    out.write_all(&Fields { name, link, flag, mode: about.mode(), owner, size, changed: about.mtime() }.write())
}

/// Fills the last block of `size` bytes.
fn fill(out: &mut impl Write, size: u64) -> io::Result<()> {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or_default();
    let zeros = [0; BLOCK];
    out.write_all(if over == 0 { &[] } else { zeros.get(over..).unwrap_or_default() })
}
