//! `Landing`: puts what an archive holds into a fresh folder beside the target, and all of it into place at the end.
//!
//! Every folder on the way is opened by its own name and never through a link, only files and folders are made, and
//! only where nothing was. So nothing is written outside, whatever the archive says.

use super::untar::{Entry, Kind, Sink};
use super::{TarError, shown};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;
use std::fs::{self, DirBuilder, File};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What everything is called until it is put into place.
const CONTENT: &[u8] = b"content";
/// So many of what was left out are named.
const NAMED: usize = 100;

/// What has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Landed {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How much was left out: links, devices, pipes.
    pub left_out: u64,
    /// The first of it, each with what it is; safe to show.
    pub names: Vec<String>,
}

/// Takes the entries of an archive.
#[derive(Debug)]
pub struct Landing {
    target: PathBuf,
    /// The parts of the name that every entry has to begin with.
    source: Vec<Vec<u8>>,
    replace: bool,
    temp: PathBuf,
    dir: OwnedFd,
    /// The file that is being written, and what it is called.
    file: Option<(File, String)>,
    landed: Landed,
}

impl Landing {
    /// Prepares to put what is called `source` in an archive (an absolute path counts without its `/`) to `target`. What
    /// is there already is an error, unless it is a file and `replace` is set.
    ///
    /// # Errors
    /// When the target is there, or the folder beside it cannot be made.
    pub fn new(target: &Path, source: &str, replace: bool) -> Result<Self, TarError> {
        let local = |why| TarError::Local { what: shown(target.as_os_str().as_bytes()), why };
        let name = target.file_name().ok_or_else(|| local(Errno::INVAL.into()))?;
        match fs::symlink_metadata(target) {
            Ok(found) if !replace || found.is_dir() => return Err(local(Errno::EXIST.into())),
            _ => {}
        }
        let random = RandomState::new().hash_one(0_u8);
        let temp = target.with_file_name(format!(".{}.{random:016x}", shown(name.as_bytes())));
        DirBuilder::new().mode(0o700).create(&temp).map_err(local)?;
        let dir = rustix::fs::open(&temp, folder(), Mode::empty()).map_err(|why| local(why.into()))?;
        let source = parts(source.trim_start_matches('/').as_bytes())?.into_iter().map(<[u8]>::to_vec).collect();
        Ok(Self { target: target.to_owned(), source, replace, temp, dir, file: None, landed: Landed::default() })
    }

    /// What has come so far.
    pub fn landed(&self) -> &Landed {
        &self.landed
    }

    /// Puts everything into place. Only to be called when the archive was complete.
    ///
    /// # Errors
    /// When nothing has come, or something stands in its place meanwhile.
    pub fn land(mut self) -> Result<Landed, TarError> {
        let content = self.temp.join(std::ffi::OsStr::from_bytes(CONTENT));
        if fs::symlink_metadata(&content).is_err() {
            return Err(TarError::Hostile("it does not hold what was asked for".to_owned()));
        }
        let local = |why: Errno| TarError::Local { what: shown(self.target.as_os_str().as_bytes()), why: why.into() };
        let flags = if self.replace { RenameFlags::empty() } else { RenameFlags::NOREPLACE };
        match rustix::fs::renameat_with(CWD, &content, CWD, &self.target, flags) {
            // Not every file system can be asked for that.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if fs::symlink_metadata(&self.target).is_err() => {
                rustix::fs::rename(&content, &self.target).map_err(local)?;
            }
            moved => moved.map_err(local)?,
        }
        Ok(std::mem::take(&mut self.landed))
    }

    /// Where an entry lies below the source; an error when it does not.
    fn rest<'n>(&self, name: &'n [u8]) -> Result<Vec<&'n [u8]>, TarError> {
        let hostile = |why: &str| TarError::Hostile(format!("{} {why}", shown(name)));
        if name.starts_with(b"/") {
            return Err(hostile("is an absolute name"));
        }
        let parts = parts(name)?;
        let begins = parts.len() >= self.source.len() && parts.iter().zip(&self.source).all(|(part, own)| part == own);
        if !begins {
            return Err(hostile("does not lie in what was asked for"));
        }
        Ok(parts.into_iter().skip(self.source.len()).collect())
    }

    /// Opens the folder at `path` below the fresh one, and makes what is missing of it.
    fn folder(&self, path: &[&[u8]]) -> Result<OwnedFd, Errno> {
        let mut at = rustix::fs::openat(&self.dir, ".", folder(), Mode::empty())?;
        for part in path {
            match rustix::fs::mkdirat(&at, *part, Mode::from_raw_mode(0o755)) {
                Ok(()) | Err(Errno::EXIST) => {}
                Err(why) => return Err(why),
            }
            at = rustix::fs::openat(&at, *part, folder(), Mode::empty())?;
        }
        Ok(at)
    }

    /// Makes a file that is not there yet.
    fn create(&self, path: &[&[u8]]) -> Result<File, Errno> {
        let (name, above) = path.split_last().ok_or(Errno::INVAL)?;
        let dir = self.folder(above)?;
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(rustix::fs::openat(&dir, *name, flags, Mode::from_raw_mode(0o666))?.into())
    }
}

impl Sink for Landing {
    fn begin(&mut self, entry: &Entry) -> Result<(), TarError> {
        let rest = self.rest(&entry.name)?;
        let path: Vec<&[u8]> = std::iter::once(CONTENT).chain(rest).collect();
        let name = shown(&entry.name);
        let made = match entry.kind {
            Kind::Folder => self.folder(&path).map(|_| None),
            Kind::File => self.create(&path).map(Some),
            Kind::Other(what) => {
                self.landed.left_out += 1;
                if self.landed.names.len() < NAMED {
                    self.landed.names.push(format!("{name} ({what})"));
                }
                Ok(None)
            }
        };
        self.file = made.map_err(|why| refusal(&name, why))?.map(|file| (file, name));
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), TarError> {
        let Some((file, name)) = &mut self.file else { return Ok(()) };
        self.landed.bytes += bytes.len() as u64;
        file.write_all(bytes).map_err(|why| TarError::Local { what: name.clone(), why })
    }

    fn end(&mut self) -> Result<(), TarError> {
        let Some((file, name)) = self.file.take() else { return Ok(()) };
        self.landed.files += 1;
        file.sync_data().map_err(|why| TarError::Local { what: name, why })
    }
}

/// What did not land leaves nothing behind.
impl Drop for Landing {
    fn drop(&mut self) {
        // The path could name something else by now, if somebody moved our folder away.
        let own = rustix::fs::fstat(&self.dir).ok();
        let there = rustix::fs::statat(CWD, &self.temp, AtFlags::SYMLINK_NOFOLLOW).ok();
        let is_same =
            own.zip(there).is_some_and(|(own, there)| (own.st_dev, own.st_ino) == (there.st_dev, there.st_ino));
        if is_same {
            let _ = fs::remove_dir_all(&self.temp);
        }
    }
}

/// How a folder is opened: not through a link, and nothing that is no folder.
fn folder() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

/// The parts of a name; `..` and NUL are no part of any.
fn parts(name: &[u8]) -> Result<Vec<&[u8]>, TarError> {
    let parts: Vec<&[u8]> = name.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".").collect();
    if parts.iter().any(|part| *part == b".." || part.contains(&0)) {
        return Err(TarError::Hostile(format!("{} leads out of it", shown(name))));
    }
    Ok(parts)
}

/// Why an entry was not made. In a fresh folder only the archive itself can stand in its own way.
fn refusal(name: &str, why: Errno) -> TarError {
    match why {
        Errno::EXIST | Errno::ISDIR => TarError::Hostile(format!("{name} is in it twice")),
        Errno::NOTDIR | Errno::LOOP => TarError::Hostile(format!("{name} lies in something that is no folder")),
        Errno::NAMETOOLONG => TarError::Hostile(format!("{name} is too long a name")),
        why => TarError::Local { what: name.to_owned(), why: why.into() },
    }
}
