//! `Sets`: port-forwards that were kept under a name, by context, in `forwards.yaml`. People may edit it; rutter writes
//! it anew when a set is kept, so comments in it do not stay.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

const HEAD: &str = "# Port-forwards that were kept: context, name of the set, and what `port-forward` is to be told.\n\
                    # `start-forwards NAME` opens a set. `save-forwards NAME` writes this file anew, without your comments.\n";

/// The sets of all contexts: context, name, lines.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sets(pub BTreeMap<String, BTreeMap<String, Vec<String>>>);

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SetsError {
    /// There is no directory for the user's files.
    #[error("there is no directory for your files: neither HOME nor RUTTER_CONFIG_DIR is set")]
    NoDirectory,
    /// It cannot be read or written.
    #[error("{0} cannot be used: {1}")]
    Io(PathBuf, io::Error),
    /// It is not what it should be.
    #[error("{0} cannot be read: {1}")]
    Content(PathBuf, String),
}

/// Where the sets are kept.
fn path(dir: Option<&Path>) -> Result<PathBuf, SetsError> {
    dir.map(|dir| dir.join("forwards.yaml")).ok_or(SetsError::NoDirectory)
}

impl Sets {
    /// Reads the sets below the user's directory; without a file there are none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn load(dir: Option<&Path>) -> Result<Self, SetsError> {
        let path = path(dir)?;
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(SetsError::Io(path, error)),
        };
        // Nothing but comments is a file without sets.
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(Self::default());
        }
        serde_yaml::from_str(&text).map_err(|error| {
            let first = error.to_string().lines().next().unwrap_or_default().to_owned();
            SetsError::Content(path, first)
        })
    }

    /// Writes the sets below the user's directory, readable for nobody else. The file is complete at any moment.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, dir: Option<&Path>) -> Result<(), SetsError> {
        let path = path(dir)?;
        let text = serde_yaml::to_string(self).map_err(|error| SetsError::Content(path.clone(), error.to_string()))?;
        write(&path, &format!("{HEAD}{text}")).map_err(|error| SetsError::Io(path, error))
    }
}

/// Writes a file beside `path` and puts it in its place; of a link, in the place that it leads to.
///
/// # Errors
/// When it cannot be written.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let path = &std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let beside = path.with_extension("yaml.new");
    let written = create(&beside).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let done = written.and_then(|()| std::fs::rename(&beside, path));
    if done.is_err() {
        // What is half written is of no use; the error tells why it is.
        let _ = std::fs::remove_file(&beside);
    }
    done
}

/// A new file that only its owner can read.
fn create(path: &Path) -> io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn sets(lines: &[&str]) -> Sets {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Sets(BTreeMap::from([("arn:a/b: #c".to_owned(), BTreeMap::from([("work".to_owned(), lines)]))]))
    }

    #[test]
    fn what_is_kept_is_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let below = dir.path().join("new");
        let kept = sets(&["services/web -n shop 8080:http", "pods/db -n shop :5432 --address 0.0.0.0"]);
        assert_eq!(Sets::load(Some(&below)).unwrap(), Sets::default());
        kept.save(Some(&below)).unwrap();
        assert_eq!(Sets::load(Some(&below)).unwrap(), kept);
        let file = below.join("forwards.yaml");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(&below).unwrap().count(), 1, "nothing is left beside it");
        Sets::default().save(Some(&below)).unwrap();
        assert_eq!(Sets::load(Some(&below)).unwrap(), Sets::default());
    }

    #[test]
    fn what_cannot_be_read_is_said_and_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("forwards.yaml"), "a: [b").unwrap();
        let error = Sets::load(Some(dir.path())).unwrap_err().to_string();
        assert!(error.contains("forwards.yaml cannot be read: "), "{error}");
        assert!(matches!(Sets::load(None), Err(SetsError::NoDirectory)));
    }
}
