//! The file that is edited: in a folder that only its user can enter, gone afterwards unless its text is still needed.

use crate::cluster::gate::Target;
use crate::model::Notice;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A file being edited.
pub struct EditFile {
    dir: TempDir,
    path: PathBuf,
    secret: bool,
}

/// A text on its way to the server: removed when it has arrived, kept when it has not.
pub struct Kept(EditFile);

impl EditFile {
    /// A file for `target`, not yet written. A `secret` one does not outlive the program.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn new(target: &Target, secret: bool) -> io::Result<Self> {
        let private = fs::Permissions::from_mode(0o700);
        let dir = tempfile::Builder::new().prefix("rutter-edit-").permissions(private).tempdir()?;
        let harmless = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        let name: String = target.name.chars().map(harmless).take(100).collect();
        let path = dir.path().join(format!("{}-{name}.yaml", target.names.plural));
        Ok(Self { dir, path, secret })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the text anew, readable for nobody else.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, text: &str) -> io::Result<()> {
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path)?;
        file.write_all(text.as_bytes())
    }

    /// Reads what was saved.
    ///
    /// # Errors
    /// A sentence, when it is not there any more, is no file, or no text.
    pub fn read(&self) -> Result<String, String> {
        let kind =
            fs::symlink_metadata(&self.path).map_err(|error| format!("the edited file cannot be read: {error}"))?;
        if !kind.is_file() {
            return Err("the edited file is no plain file any more".to_owned());
        }
        fs::read_to_string(&self.path).map_err(|error| format!("the edited file cannot be read: {error}"))
    }

    /// Keeps the file, and says so beside `notice`.
    pub fn keep(self, notice: Notice) -> Notice {
        if !self.path.exists() {
            return notice;
        }
        let place = crate::text::safe(&self.path.display().to_string()).into_owned();
        let _ = self.dir.keep();
        let kept = format!("your text is in {place}");
        let hint = if notice.hint.is_empty() { kept } else { format!("{}; {kept}", notice.hint) };
        Notice { hint, ..notice }
    }

    /// Keeps the file when the program ends, unless it holds a Secret.
    pub fn keep_unless_secret(self) {
        if !self.secret {
            let _ = self.dir.keep();
        }
    }
}

impl From<EditFile> for Kept {
    fn from(file: EditFile) -> Self {
        Self(file)
    }
}

impl Kept {
    /// Keeps the text, and says so beside `notice`.
    pub fn keep(self, notice: Notice) -> Notice {
        self.0.keep(notice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;
    use std::os::unix::fs::symlink;

    fn file(name: &str) -> EditFile {
        let names = kinds::find("configmaps").or_else(|| kinds::find("pods")).unwrap().names();
        EditFile::new(&Target { names, namespace: "a".into(), name: name.into(), uid: None }, false).unwrap()
    }

    #[test]
    fn nobody_else_can_read_it_and_its_name_is_harmless() {
        let mut file = file("../../x $(y)");
        file.write("one").unwrap();
        file.write("two").unwrap();
        assert_eq!(file.read().unwrap(), "two");
        assert_eq!(fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::metadata(file.dir.path()).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(file.path().starts_with(file.dir.path()) && !file.path().to_str().unwrap().contains("$("));
    }

    #[test]
    fn it_goes_away_unless_it_is_kept_and_a_link_is_not_followed() {
        let mut one = file("x");
        one.write("text").unwrap();
        let path = one.path().to_owned();
        fs::remove_file(&path).unwrap();
        symlink("/etc/hostname", &path).unwrap();
        assert!(one.read().is_err());
        one.write("text").unwrap();
        let notice = one.keep(Notice::info("kept"));
        assert!(notice.hint.contains(path.to_str().unwrap()) && path.exists());
        fs::remove_dir_all(path.parent().unwrap()).unwrap();
        let two = file("y");
        let path = two.path().parent().unwrap().to_owned();
        drop(two);
        assert!(!path.exists());
    }
}
