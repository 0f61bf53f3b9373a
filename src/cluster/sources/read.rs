//! Files and folders with manifests, as kubectl 1.36 `-f` takes them.

use super::Mistakes;
use crate::text::safe;
use std::env;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The largest file that is read, in bytes. An object has at most 1.5 MB.
const LARGEST: u64 = 16 << 20;
/// The most files of a folder.
const MOST: usize = 1_000;
/// The ends of names that count in a folder.
const ENDS: [&str; 3] = ["yaml", "yml", "json"];

/// A text with manifests, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name of the file, safe to show.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The manifests at `path`: a file, or the files of a folder in the order of their names. It waits for the disk.
///
/// # Errors
/// All that cannot be read.
pub fn read(path: &str, recursive: bool) -> Result<Vec<Source>, Mistakes> {
    let path = expanded(path);
    let about = fs::metadata(&path).map_err(|error| Mistakes::one(trouble(&path, &error)))?;
    let mut files = Vec::new();
    if about.is_dir() {
        walk(&path, recursive, &mut files).map_err(Mistakes::one)?;
        if files.is_empty() {
            let sentence = format!("{}: there is no file that ends in .yaml, .yml or .json", shown(&path));
            return Err(Mistakes::one(sentence));
        }
    } else {
        files.push(path);
    }
    let mut mistakes = Vec::new();
    let mut sources = Vec::new();
    for file in files {
        match text(&file) {
            Ok(text) => sources.push(Source { name: shown(&file), text }),
            Err(why) => mistakes.push(why),
        }
    }
    if mistakes.is_empty() { Ok(sources) } else { Err(Mistakes(mistakes)) }
}

/// Adds the files of a folder. Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, recursive: bool, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error: io::Error| trouble(folder, &error);
    let mut entries: Vec<_> = fs::read_dir(folder).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let ends = path.extension().and_then(|end| end.to_str()).is_some_and(|end| ENDS.contains(&end));
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if recursive {
                walk(&path, recursive, files)?;
            }
        } else if ends {
            files.push(path);
        }
        if files.len() > MOST {
            return Err(format!("{}: there are more than {MOST} files", shown(folder)));
        }
    }
    Ok(())
}

/// The text of a file.
fn text(path: &Path) -> Result<String, String> {
    let failed = |error: io::Error| trouble(path, &error);
    // A pipe or a device might never end.
    if !fs::metadata(path).map_err(failed)?.is_file() {
        return Err(format!("{}: it is no file and no folder", shown(path)));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LARGEST {
        return Err(format!("{}: it is larger than {} MiB", shown(path), LARGEST >> 20));
    }
    String::from_utf8(bytes).map_err(|_| format!("{}: it is no text (UTF-8)", shown(path)))
}

/// The path, with `~/` as the home folder.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

fn shown(path: &Path) -> String {
    safe(&path.display().to_string()).into_owned()
}

fn trouble(path: &Path, error: &io::Error) -> String {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => safe(&error.to_string()).into_owned(),
    };
    format!("{}: {why}", shown(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &Path, recursive: bool) -> Vec<String> {
        let sources = read(path.to_str().unwrap(), recursive).unwrap();
        let name = |source: Source| source.name.rsplit('/').next().unwrap().to_owned();
        sources.into_iter().map(name).collect()
    }

    #[test]
    fn a_folder_is_read_in_order_and_not_below_unless_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("deep")).unwrap();
        for name in ["b.yaml", "a.json", "c.yml", "notes.txt", "deep/d.yaml"] {
            fs::write(path.join(name), name).unwrap();
        }
        std::os::unix::fs::symlink(path, path.join("deep/circle.yaml")).unwrap();
        assert_eq!(names(path, false), ["a.json", "b.yaml", "c.yml"]);
        fs::remove_file(path.join("deep/circle.yaml")).unwrap();
        assert_eq!(names(path, true), ["a.json", "b.yaml", "c.yml", "d.yaml"]);
        assert_eq!(names(&path.join("notes.txt"), false), ["notes.txt"]);
    }

    #[test]
    fn what_cannot_be_read_is_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let refused = |path: &Path| read(path.to_str().unwrap(), false).unwrap_err().to_string();
        assert!(refused(&folder.path().join("x")).ends_with("x: there is no such file"));
        assert!(refused(folder.path()).contains("no file that ends in"));
        assert!(refused(Path::new("/dev/zero")).ends_with("it is no file and no folder"));
        for (name, bytes) in [("a.yaml", &b"\xff"[..]), ("b.yaml", b"\xfe")] {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        assert_eq!(refused(folder.path()).lines().count(), 2);
        let large = File::create(folder.path().join("large")).unwrap();
        large.set_len(LARGEST + 1).unwrap();
        assert!(refused(&folder.path().join("large")).ends_with("larger than 16 MiB"));
    }
}
