//! Archives that are honest, damaged and hostile, made here: what they may do, and what stays as it was.

use super::header::{BLOCK, Fields};
use super::{Landed, Landing, Tar, TarError, pack};
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

mod hostile;
mod packing;

/// An archive under construction.
#[derive(Default)]
pub struct Archive(Vec<u8>);

impl Archive {
    pub fn entry(mut self, flag: u8, name: &[u8], data: &[u8]) -> Self {
        let fields = Fields { name, flag, size: data.len() as u64, link: b"/etc", ..Fields::default() };
        self.0.extend_from_slice(&fields.write());
        self.0.extend_from_slice(data);
        self.0.resize(self.0.len().next_multiple_of(BLOCK), 0);
        self
    }

    pub fn file(self, name: &str, data: &str) -> Self {
        self.entry(b'0', name.as_bytes(), data.as_bytes())
    }

    fn pax(self, records: &[(&str, &[u8])]) -> Self {
        let mut data = Vec::new();
        for (key, value) in records {
            let rest = key.len() + value.len() + 3;
            let length = (1..9).map(|digits| rest + digits).find(|all| all.to_string().len() + rest == *all).unwrap();
            data.extend_from_slice(format!("{length} {key}=").as_bytes());
            data.extend_from_slice(value);
            data.push(b'\n');
        }
        self.entry(b'x', b"pax", &data)
    }

    pub fn ended(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&[0; 2 * BLOCK]);
        self.0
    }
}

/// A place to copy to, with something beside it that has to stay as it is.
pub struct Place {
    dir: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("outside"), "mine").unwrap();
        fs::create_dir(dir.path().join("in")).unwrap();
        Self { dir }
    }

    pub fn target(&self) -> PathBuf {
        self.dir.path().join("in/target")
    }

    /// Copies what is called `/src/app` in the archive, which comes in pieces of `piece` bytes.
    fn copy_by(&self, archive: &[u8], piece: usize) -> Result<Landed, TarError> {
        let mut landing = Landing::new(&self.target(), "/src/app", false)?;
        let mut tar = Tar::default();
        for bytes in archive.chunks(piece) {
            tar.feed(bytes, &mut landing)?;
        }
        tar.finish()?;
        landing.land()
    }

    fn copy(&self, archive: &[u8]) -> Result<Landed, TarError> {
        self.copy_by(archive, 1_000)
    }

    /// Everything that is there, each file with what it holds.
    pub fn all(&self) -> Vec<String> {
        let mut found = Vec::new();
        walk(self.dir.path(), "", &mut found);
        found
    }
}

fn walk(dir: &Path, above: &str, found: &mut Vec<String>) {
    let mut names: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    for name in names {
        let path = dir.join(&name);
        let shown = format!("{above}{}", name.to_string_lossy());
        let about = fs::symlink_metadata(&path).unwrap();
        if about.is_dir() {
            found.push(format!("{shown}/"));
            walk(&path, &format!("{shown}/"), found);
        } else if about.is_symlink() {
            found.push(format!("{shown} -> {}", fs::read_link(&path).unwrap().display()));
        } else {
            found.push(format!("{shown}: {}", fs::read_to_string(&path).unwrap()));
        }
    }
}

pub const NOTHING: [&str; 2] = ["in/", "outside: mine"];

/// Copying fails, says so, and nothing is there that was not there before.
#[track_caller]
fn refused(archive: &[u8], why: &str) {
    let place = Place::new();
    let error = place.copy(archive).expect_err("it is refused");
    assert!(error.to_string().contains(why), "{error}");
    assert_eq!(place.all(), NOTHING);
}

#[test]
fn a_tree_arrives_whole_in_pieces_of_any_size() {
    let archive = Archive::default()
        .entry(b'5', b"src/app/", b"")
        .file("src/app/a", "1")
        .entry(b'5', b"src/app/empty/", b"")
        .file("src/app/sub/b", &"x".repeat(513))
        .file("./src//app/./sub/c", "")
        .ended();
    for piece in [1, 7, 511, 512, 513, archive.len()] {
        let place = Place::new();
        let landed = place.copy_by(&archive, piece).unwrap();
        assert_eq!((landed.files, landed.bytes, landed.left_out), (3, 514, 0));
        let b = format!("in/target/sub/b: {}", "x".repeat(513));
        let wanted = [
            "in/",
            "in/target/",
            "in/target/a: 1",
            "in/target/empty/",
            "in/target/sub/",
            &b,
            "in/target/sub/c: ",
            "outside: mine",
        ];
        assert_eq!(place.all(), wanted);
    }
}

#[test]
fn a_single_file_arrives_under_the_name_that_was_chosen() {
    let place = Place::new();
    assert_eq!(place.copy(&Archive::default().file("src/app", "data").ended()).unwrap().files, 1);
    assert_eq!(place.all(), ["in/", "in/target: data", "outside: mine"]);
}

#[test]
fn sizes_are_those_of_the_header_or_of_pax() {
    let huge = Fields { name: b"src/app/a", flag: b'0', size: i64::MAX as u64, ..Fields::default() }.write();
    refused(&[&huge[..], b"little"].concat(), "ends too early");
    let mut archive = Archive::default().pax(&[("size", b"3")]).0;
    archive.extend_from_slice(&Fields { name: b"src/app/a", flag: b'0', size: 0, ..Fields::default() }.write());
    archive.extend_from_slice(b"abc");
    archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    archive.extend_from_slice(&[0; 2 * BLOCK]);
    let place = Place::new();
    assert_eq!(place.copy(&archive).unwrap().bytes, 3);
}

#[test]
fn long_names_arrive_or_are_too_long() {
    let name = format!("src/app/{}/{}", "d".repeat(200), "f".repeat(200));
    let long = |name: &str| Archive::default().entry(b'L', b"././@LongLink", format!("{name}\0").as_bytes());
    for archive in [
        long(&name).file("x", "1").ended(),
        Archive::default().pax(&[("path", name.as_bytes())]).file("x", "1").ended(),
    ] {
        assert_eq!(Place::new().copy(&archive).unwrap().files, 1);
    }
    refused(&long(&format!("src/app/{}", "f".repeat(4_096))).file("x", "1").ended(), "too long a name");
    refused(&long(&"n".repeat(2 << 20)).file("x", "1").ended(), "longer than 1 MiB");
}

#[test]
fn odd_names_are_only_names() {
    let place = Place::new();
    place
        .copy(
            &Archive::default()
                .file(r"src/app/..\..\x", "1")
                .file("src/app/...", "2")
                .file("src/app/a*[b", "3")
                .ended(),
        )
        .unwrap();
    assert_eq!(place.all()[2..5], [r"in/target/...: 2", r"in/target/..\..\x: 1", "in/target/a*[b: 3"]);
}

#[test]
fn what_is_there_stays_unless_it_is_to_be_replaced() {
    let place = Place::new();
    let archive = Archive::default().file("src/app", "new").ended();
    fs::write(place.target(), "old").unwrap();
    assert!(place.copy(&archive).is_err());
    assert_eq!(place.all(), ["in/", "in/target: old", "outside: mine"]);
    let replace = |archive: &[u8]| -> Result<Landed, TarError> {
        let mut landing = Landing::new(&place.target(), "/src/app", true)?;
        Tar::default().feed(archive, &mut landing)?;
        landing.land()
    };
    replace(&archive).unwrap();
    assert_eq!(place.all(), ["in/", "in/target: new", "outside: mine"]);
    // A link in its place is replaced, not followed.
    fs::remove_file(place.target()).unwrap();
    symlink("../outside", place.target()).unwrap();
    replace(&archive).unwrap();
    assert_eq!(place.all(), ["in/", "in/target: new", "outside: mine"]);
    fs::remove_file(place.target()).unwrap();
    fs::create_dir(place.target()).unwrap();
    assert!(replace(&archive).is_err(), "a folder is never replaced");
}

#[test]
fn what_came_meanwhile_is_not_overwritten() {
    let place = Place::new();
    let mut landing = Landing::new(&place.target(), "/src/app", false).unwrap();
    Tar::default().feed(&Archive::default().file("src/app", "new").ended(), &mut landing).unwrap();
    fs::write(place.target(), "somebody's").unwrap();
    assert!(landing.land().is_err());
    assert_eq!(place.all(), ["in/", "in/target: somebody's", "outside: mine"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn nothing_in_an_archive_reaches_beyond_its_target(names in prop::collection::vec(r"(src/app|\.\.|/|a|\.|link){1,6}", 1..6),
                                                       flags in prop::collection::vec(prop::sample::select(b"01256".to_vec()), 6),
                                                       damage in prop::option::of((any::<usize>(), any::<u8>()))) {
        let mut archive = Archive::default();
        for (name, flag) in names.iter().zip(flags) {
            archive = archive.entry(flag, name.as_bytes(), if flag == b'0' { b"x" } else { b"" });
        }
        let mut bytes = archive.ended();
        if let Some((at, byte)) = damage {
            let at = at % bytes.len();
            bytes[at] ^= byte;
        }
        let place = Place::new();
        let copied = place.copy(&bytes);
        let outside = |line: &&String| !line.starts_with("in/target");
        let all = place.all();
        prop_assert_eq!(all.iter().filter(outside).collect::<Vec<_>>(), NOTHING);
        prop_assert!(copied.is_ok() || all.len() == NOTHING.len());
        prop_assert!(all.iter().all(|line| !line.contains(" -> ")));
    }
}
