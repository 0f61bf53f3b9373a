//! Archives that would like to write elsewhere, contradict themselves, or are cut.

use super::*;

#[test]
fn names_that_lead_out_are_refused() {
    for name in [
        "../outside",
        "src/app/../../../outside",
        "src/app/a/../../b",
        "src/app/..",
        "/src/app/a",
        "/etc/passwd",
        "src/apple",
        "src",
        "other",
        "",
    ] {
        refused(
            &Archive::default().file("src/app/ok", "x").file(name, "bad").ended(),
            "archive is not what was asked for",
        );
    }
}

#[test]
fn the_same_by_long_names_and_pax_paths() {
    for name in [&b"../outside"[..], b"/etc/passwd", b"src/app/\0x/../../../outside", b"src/app/../../x"] {
        refused(&Archive::default().pax(&[("path", name)]).file("src/app/a", "bad").ended(), "not what was asked for");
    }
    refused(
        &Archive::default().entry(b'L', b"././@LongLink", b"../outside\0").file("src/app/a", "bad").ended(),
        "leads out",
    );
}

#[test]
fn a_link_is_never_made_and_nothing_goes_through_it() {
    for flag in [b'1', b'2'] {
        let archive = Archive::default()
            .entry(flag, b"src/app/link", b"")
            .file("src/app/link/passwd", "bad")
            .entry(flag, b"src/app/two", b"")
            .entry(flag, b"src/app/two/three", b"")
            .file("src/app/two/three/x", "y")
            .ended();
        let place = Place::new();
        let landed = place.copy(&archive).unwrap();
        assert_eq!((landed.files, landed.left_out, landed.names.len()), (2, 3, 3));
        let wanted = [
            "in/",
            "in/target/",
            "in/target/link/",
            "in/target/link/passwd: bad",
            "in/target/two/",
            "in/target/two/three/",
            "in/target/two/three/x: y",
            "outside: mine",
        ];
        assert_eq!(place.all(), wanted);
    }
}

#[test]
fn devices_and_pipes_are_left_out_and_named() {
    let mut archive = Archive::default().file("src/app/a", "1");
    for flag in [b'3', b'4', b'6'] {
        archive = archive.entry(flag, b"src/app/\x1b[2Jdev", b"");
    }
    let place = Place::new();
    let landed = place.copy(&archive.ended()).unwrap();
    assert_eq!((landed.left_out, landed.names[2].as_str()), (3, "src/app/^[[2Jdev (a pipe)"));
    assert_eq!(place.all(), ["in/", "in/target/", "in/target/a: 1", "outside: mine"]);
}

#[test]
fn an_archive_that_contradicts_itself_is_refused() {
    refused(&Archive::default().file("src/app/a", "1").file("src/app/a", "2").ended(), "twice");
    refused(&Archive::default().file("src/app/a", "1").file("src/app/a/b", "2").ended(), "no folder");
    refused(&Archive::default().file("src/app", "1").file("src/app/b", "2").ended(), "no folder");
    refused(&Archive::default().file("src/app/a/b", "1").file("src/app/a", "2").ended(), "twice");
    refused(&Archive::default().entry(b'2', b"src/app/a", b"").ended(), "does not hold");
    refused(&Archive::default().ended(), "does not hold");
}

#[test]
fn what_is_unknown_is_refused() {
    refused(&Archive::default().entry(b'S', b"src/app/a", b"1").ended(), "sparse");
    refused(&Archive::default().pax(&[("GNU.sparse.major", b"1")]).file("src/app/a", "x").ended(), "sparse");
    refused(&Archive::default().entry(b'D', b"src/app/a", b"1").ended(), "unknown kind");
    refused(&Archive::default().pax(&[("size", b"9223372036854775808")]).file("src/app/a", "x").ended(), "no number");
    refused(&Archive::default().entry(b'x', b"pax", b"99 path=x\n").file("src/app/a", "x").ended(), "makes no sense");
    refused(&Archive::default().file("src/app/a", "x").entry(b'L', b"", b"name\0").ended(), "no entry");
}

#[test]
fn an_archive_that_was_cut_anywhere_is_no_archive() {
    let archive = Archive::default().file("src/app/a", &"x".repeat(700)).file("src/app/b", "y").ended();
    for end in (0..archive.len()).step_by(97).chain([BLOCK, archive.len() - BLOCK, archive.len() - 1]) {
        refused(&archive[..end], "");
    }
    assert!(Place::new().copy(&archive).is_ok());
    let mut longer = archive.clone();
    longer.extend_from_slice(&[0; 10_240]);
    assert!(Place::new().copy(&longer).is_ok(), "tar fills its last record with zeros");
    longer.push(1);
    refused(&longer, "follows its end");
}
