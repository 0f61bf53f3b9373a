//! What is packed here, and what tar makes of it.

use super::*;

/// A local tree with everything that a tree can hold.
fn tree() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let app = dir.path().join("app");
    fs::create_dir_all(app.join("empty")).unwrap();
    fs::create_dir_all(app.join("d".repeat(120))).unwrap();
    fs::write(app.join("d".repeat(120)).join("long"), "x".repeat(1_500)).unwrap();
    fs::write(app.join("a*[b] c"), "1").unwrap();
    symlink("../outside", app.join("link")).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, app.join("pipe"), rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
    dir
}

#[test]
fn a_packed_tree_is_what_it_was() {
    let (dir, place, mut archive) = (tree(), Place::new(), Vec::new());
    let packed = pack(&dir.path().join("app"), b"src/app", &mut archive).unwrap();
    assert_eq!((packed.files, packed.bytes, packed.left_out.len()), (2, 1_501, 1));
    let landed = place.copy(&archive).unwrap();
    assert_eq!(
        (landed.files, landed.bytes, landed.names.as_slice()),
        (2, 1_501, &["src/app/link (a symbolic link)".to_owned()][..])
    );
    let long = format!("in/target/{0}/long: {1}", "d".repeat(120), "x".repeat(1_500));
    let wanted = [
        "in/",
        "in/target/",
        "in/target/a*[b] c: 1",
        &format!("in/target/{}/", "d".repeat(120)),
        &long,
        "in/target/empty/",
        "outside: mine",
    ];
    assert_eq!(place.all(), wanted);
}

#[test]
fn tar_itself_reads_what_was_packed_and_writes_what_is_read() {
    let tar = |arguments: &[&str], dir: &Path| {
        std::process::Command::new("tar").args(arguments).current_dir(dir).env("LC_ALL", "C").output()
    };
    let (dir, out) = (tree(), tempfile::tempdir().unwrap());
    let mut archive = Vec::new();
    pack(&dir.path().join("app"), b"src/app", &mut archive).unwrap();
    fs::write(out.path().join("a.tar"), &archive).unwrap();
    // Where there is no tar there is nothing to compare with.
    let Ok(listed) = tar(&["-xf", "a.tar"], out.path()) else { return };
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let (mut one, mut other) = (Vec::new(), Vec::new());
    fs::remove_file(dir.path().join("app/pipe")).unwrap();
    walk(&dir.path().join("app"), "", &mut one);
    walk(&out.path().join("src/app"), "", &mut other);
    assert_eq!(one, other);
    for format in ["ustar", "gnu", "pax"] {
        let written = tar(&["-cf", "-", &format!("--format={format}"), "src/app"], out.path()).unwrap();
        if written.status.success() {
            assert_eq!(Place::new().copy(&written.stdout).unwrap().files, 2, "{format}");
        }
    }
}

#[test]
fn a_tree_that_cannot_be_read_gives_no_whole_archive() {
    let mut archive = Vec::new();
    assert!(pack(Path::new("/nowhere/at/all"), b"src/app", &mut archive).is_err());
    assert_eq!(archive, b"");
}

#[test]
fn many_entries_take_no_room() {
    struct Count(u64);
    impl crate::cluster::copy::Sink for Count {
        fn begin(&mut self, _: &crate::cluster::copy::Entry) -> Result<(), TarError> {
            self.0 += 1;
            Ok(())
        }
        fn data(&mut self, _: &[u8]) -> Result<(), TarError> {
            Ok(())
        }
        fn end(&mut self) -> Result<(), TarError> {
            Ok(())
        }
    }
    let (entry, mut tar, mut count) = (Archive::default().file("src/app/a", "1").0, Tar::default(), Count(0));
    for _ in 0..100_000 {
        tar.feed(&entry, &mut count).unwrap();
    }
    tar.feed(&Archive::default().ended(), &mut count).unwrap();
    assert!(tar.finish().is_ok() && count.0 == 100_000);
}
