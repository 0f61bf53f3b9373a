//! Saving: a new file that only its owner can read. Nothing that exists is overwritten, and no link is followed.

use crate::cluster::Unreachable;
use crate::text::safe;
use crate::ui::bars::thousands;
use crate::ui::logs::Taken;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// How many names are tried when one is taken.
const NAMES: usize = 99;

/// Where to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// A path; `""` is the file `name` in rutter's own folder. A folder gets a file `name`.
    pub path: String,
    /// How the file is called when `path` does not say.
    pub name: String,
}

impl File {
    /// Writes the lines; says where and how many.
    ///
    /// # Errors
    /// What went wrong, in a sentence. The file is then gone again.
    pub fn write(&self, taken: &Taken, variable: impl Fn(&str) -> Option<String>) -> Result<String, Unreachable> {
        let (path, file) = self.create(variable)?;
        fill(&path, file, &taken.bytes).map_err(|error| trouble(&path, &error))?;
        let lines = if taken.lines == 1 { "1 line".to_owned() } else { format!("{} lines", thousands(taken.lines)) };
        Ok(format!("saved {lines} to {}, byte for byte", shown(&path)))
    }

    /// Makes the file.
    fn create(&self, variable: impl Fn(&str) -> Option<String>) -> Result<(PathBuf, fs::File), Unreachable> {
        let given = expand(&self.path, &variable);
        let folder = match given {
            Some(path) if path.is_dir() => path,
            Some(path) => {
                let file = new(&path).map_err(|error| trouble(&path, &error))?;
                return Ok((path, file));
            }
            None => own_folder(&variable)?,
        };
        let stem = self.name.strip_suffix(".log").unwrap_or(&self.name);
        for nth in 1..NAMES {
            let path = folder.join(if nth == 1 { self.name.clone() } else { format!("{stem}-{nth}.log") });
            match new(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                made => return made.map(|file| (path.clone(), file)).map_err(|error| trouble(&path, &error)),
            }
        }
        Err(trouble(&folder.join(&self.name), &io::ErrorKind::AlreadyExists.into()))
    }
}

/// A path as a shell would read it; none when there is none.
pub(super) fn expand(path: &str, variable: impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let home = || variable("HOME").map(PathBuf::from);
    match path.strip_prefix("~/") {
        Some(rest) => Some(home().map_or_else(|| PathBuf::from(path), |home| home.join(rest))),
        None => Some(PathBuf::from(path)).filter(|path| !path.as_os_str().is_empty()),
    }
}

/// The folder for logs, made when it is missing: `rutter/logs` in `$XDG_STATE_HOME` or `~/.local/state`.
fn own_folder(variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, Unreachable> {
    let state = variable("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let state = state.or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/state")));
    let Some(folder) = state.map(|state| state.join("rutter/logs")) else {
        let (sentence, hint) = ("there is no home folder to save to", "say where: save-logs PATH");
        return Err(Unreachable { sentence: sentence.to_owned(), hint: hint.to_owned() });
    };
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
    made.map(|()| folder.clone()).map_err(|error| trouble(&folder, &error))
}

/// A new file, for its owner alone.
fn new(path: &Path) -> io::Result<fs::File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

/// Fills a file that was just made; when that fails it is removed, for a half of it would pass for all.
fn fill(path: &Path, mut file: fs::File, bytes: &[u8]) -> io::Result<()> {
    let filled = file.write_all(bytes).and_then(|()| file.sync_all());
    if filled.is_err() {
        // What cannot be removed stays; the error that is told is the first one.
        let _ = fs::remove_file(path);
    }
    filled
}

fn shown(path: &Path) -> String {
    safe(&path.display().to_string()).into_owned()
}

fn trouble(path: &Path, error: &io::Error) -> Unreachable {
    let (why, hint) = match error.kind() {
        io::ErrorKind::AlreadyExists => {
            ("it exists already".to_owned(), "rutter overwrites nothing: choose another name")
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ("the disk is full".to_owned(), "choose another place: save-logs PATH")
        }
        io::ErrorKind::NotFound => ("its folder does not exist".to_owned(), "make the folder first"),
        io::ErrorKind::PermissionDenied => {
            ("you may not write there".to_owned(), "choose another place: save-logs PATH")
        }
        _ => (safe(&error.to_string()).into_owned(), "choose another place: save-logs PATH"),
    };
    Unreachable { sentence: format!("{} cannot be saved: {why}", shown(path)), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn file(path: &Path) -> File {
        File { path: path.display().to_string(), name: "web.log".to_owned() }
    }

    fn taken() -> Taken {
        Taken { bytes: b"\x1b[31mraw\xff\n".to_vec(), lines: 1 }
    }

    fn save(file: &File, home: &Path) -> Result<String, String> {
        let home = home.display().to_string();
        file.write(&taken(), |name| (name == "HOME").then(|| home.clone())).map_err(|error| error.sentence)
    }

    #[test]
    fn a_new_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let said = save(&file(Path::new("")), folder.path()).unwrap();
        let own = folder.path().join(".local/state/rutter/logs");
        assert!(said.contains("saved 1 line to") && said.contains("web.log"), "{said}");
        assert_eq!((mode(&own), mode(&own.join("web.log"))), (0o700, 0o600));
        assert_eq!(fs::read(own.join("web.log")).unwrap(), taken().bytes);
        save(&file(Path::new("")), folder.path()).unwrap();
        assert!(own.join("web-2.log").exists());
        save(&file(Path::new("~/x.log")), folder.path()).unwrap();
        assert!(folder.path().join("x.log").exists());
    }

    #[test]
    fn nothing_is_overwritten_and_no_link_is_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (there, link) = (folder.path().join("there"), folder.path().join("link"));
        fs::write(&there, "mine").unwrap();
        symlink(folder.path().join("elsewhere"), &link).unwrap();
        for path in [&there, &link] {
            assert!(save(&file(path), folder.path()).unwrap_err().ends_with("it exists already"));
        }
        assert_eq!(fs::read(&there).unwrap(), b"mine");
        assert!(!folder.path().join("elsewhere").exists());
        let nowhere = save(&file(&folder.path().join("no/file")), folder.path()).unwrap_err();
        assert!(nowhere.ends_with("its folder does not exist"), "{nowhere}");
    }

    #[test]
    fn a_full_disk_is_a_sentence() {
        let full = Path::new("/dev/full");
        let error = OpenOptions::new().write(true).open(full).and_then(|mut file| file.write_all(b"x")).unwrap_err();
        assert!(trouble(Path::new("x"), &error).sentence.ends_with("the disk is full"));
    }
}
