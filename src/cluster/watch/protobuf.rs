//! Tests of lists in protobuf and of compressed ones: the same life as with JSON, whatever comes.

use super::script::{PROTOBUF, Script, WEBS, list, protobuf, request, status, web, word};
use super::split::{Encoding, Reader, Splitter};
use crate::kinds::table::Columns;
use crate::kinds::wire::encode::{envelope, object, put};
use crate::kinds::wire::meta::STATUS;
use crate::kinds::{Change, ReadError, Server};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;
use std::time::Duration;
use tokio::time::advance;

/// Splits `pieces`; the rows as words, and how it ended.
fn split(pieces: &[&[u8]]) -> (Vec<String>, Result<Option<String>, ReadError>) {
    let reader = Reader { kind: WEBS, server: Server { minor: 0 } };
    let mut splitter = Splitter::new(Encoding::Protobuf, WEBS, Columns::default()).unwrap();
    let (mut rows, mut buffer) = (Vec::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match splitter.step(&buffer, &reader, &mut rows) {
                Ok(0) | Err(ReadError::Incomplete) => break,
                Ok(taken) => drop(buffer.drain(..taken)),
                Err(error) => return (Vec::new(), Err(error)),
            }
        }
    }
    let words = rows.into_iter().map(|row| word(&Change::Put { part: 0, row: Box::new(row) })).collect();
    (words, splitter.finish().map(|meta| meta.resource_version))
}

fn webs() -> Vec<u8> {
    protobuf(&list(&["a", "b", "c"], r#""resourceVersion":"9""#))
}

#[test]
fn every_cut_of_a_list_gives_the_same_rows() {
    let body = webs();
    let whole = (vec!["a=1".to_owned(), "b=1".to_owned(), "c=1".to_owned()], Ok(Some("9".to_owned())));
    assert_eq!(split(&[&body]), whole);
    for cut in 0..body.len() {
        assert_eq!(split(&[&body[..cut], &body[cut..]]), whole, "cut at {cut}");
    }
    let empty = protobuf(&list(&[], ""));
    assert_eq!(split(&[&empty]), (Vec::new(), Ok(None)));
}

#[test]
fn the_front_of_a_list_is_incomplete_and_nothing_else() {
    let body = webs();
    // Two empty fields follow the list.
    for end in 0..body.len() - 4 {
        assert_eq!(split(&[&body[..end]]).1, Err(ReadError::Incomplete), "cut at {end}");
    }
}

#[test]
fn what_is_no_list_is_refused() {
    let broken = |body: &[u8]| match split(&[body]).1 {
        Err(ReadError::Broken(why)) => why,
        other => panic!("{other:?}"),
    };
    assert_eq!(broken(b"{\"items\":[]}"), "it does not begin as one");
    assert_eq!(broken(&envelope(("v1", "Status"), b"")), "it is a Status, not a list");
    assert_eq!(broken(&envelope(("apps/v1", "Web"), b"")), "it is a Web, not a list");
    let mut beyond = Vec::new();
    put(&mut beyond, 2, &[0; 20]);
    assert_eq!(broken(&envelope(("v1", "WebList"), &beyond[..9])), "a field goes on beyond the end");
    assert_eq!(broken(&envelope(("v1", "WebList"), &[0x10, 0x01])), "a field is not of its type");
}

#[test]
fn an_object_that_cannot_be_read_is_a_row_and_the_list_goes_on() {
    let mut raw = Vec::new();
    put(&mut raw, 2, &[0x0a, 0x03, 0x0a, 0x01, b'x', 0x10]);
    put(&mut raw, 2, &object(WEBS.wire().unwrap(), &serde_json::from_str(&web("a", 2)).unwrap()));
    let (rows, _) = split(&[&envelope(("v1", "WebList"), &raw)]);
    assert_eq!(rows, ["x: cannot be read: a field goes on beyond the end", "a=2"]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn garbage_neither_panics_nor_loops(bytes in prop::collection::vec(any::<u8>(), 0..200), at in any::<usize>(), cut in any::<usize>()) {
        let mut body = webs();
        let at = at % body.len();
        body.splice(at..(at + bytes.len()).min(body.len()), bytes.iter().copied());
        let cut = cut % (body.len() + 1);
        let whole = split(&[&body]);
        prop_assert_eq!(split(&[&body[..cut], &body[cut..]]), whole);
        let _ = split(&[&envelope(("v1", "WebList"), &bytes)]);
        let _ = split(&[&bytes]);
    }
}

#[tokio::test(start_paused = true)]
async fn lists_come_in_protobuf_and_watches_in_json() {
    let mut script = Script::start(request(36));
    let page = script.asked().await;
    assert_eq!(page.accepts, ["application/vnd.kubernetes.protobuf, application/json", "identity"]);
    let meta = r#""resourceVersion":"5","continue":"t","remainingItemCount":1"#;
    page.reply(200, &[PROTOBUF], protobuf(&list(&["a", "b"], meta)));
    let bulk = script.asked().await;
    assert_eq!((bulk.accepts[1].as_str(), bulk.parameter("resourceVersion")), ("identity", Some("5")));
    bulk.reply(200, &[PROTOBUF], webs());
    let watch = script.asked().await;
    assert_eq!((watch.accepts[0].as_str(), watch.parameter("resourceVersion")), ("application/json", Some("9")));
    let said = script.said().await;
    assert_eq!(said, ["begin", "a=1", "b=1", "filling 3", "begin", "a=1", "b=1", "c=1", "end", "live"]);
}

#[tokio::test(start_paused = true)]
async fn what_came_is_told_by_the_answer() {
    let mut script = Script::start(request(36));
    script.asked().await.reply(200, &[("content-type", "application/json")], list(&["a"], r#""resourceVersion":"5""#));
    assert_eq!(script.said().await, ["begin", "a=1", "end", "live"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_in_protobuf_is_the_same_as_in_json() {
    for (code, message) in [(403, "webs is forbidden"), (404, "not here"), (500, "etcd is away")] {
        let json = status(code, message);
        let wire = envelope(("v1", "Status"), &object(&STATUS, &serde_json::from_str(&json).unwrap()));
        let mut said = Vec::new();
        for (headers, body) in [(&[PROTOBUF][..], wire), (&[], json.into_bytes())] {
            let mut script = Script::start(request(36));
            script.asked().await.reply(code, headers, body);
            said.push(script.fresh().await);
        }
        assert_eq!(said[0], said[1]);
    }
}

#[tokio::test(start_paused = true)]
async fn where_protobuf_is_refused_or_broken_json_is_asked_for() {
    for code in [406, 415, 200] {
        let mut script = Script::start(request(36));
        script.asked().await.reply(code, &[PROTOBUF], "k8s?");
        let again = script.asked().await;
        assert_eq!(again.accepts[0], "application/json", "after {code}");
        again.reply(200, &[], list(&["a"], r#""resourceVersion":"5""#));
        let said = script.said().await;
        assert_eq!(said[said.len() - 2..], ["end", "live"], "after {code}");
    }
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Sends a first page of 600 kB within `time`, and returns the script.
async fn paged(time: Duration) -> Script {
    let mut script = Script::start(request(36));
    let open = script.asked().await.open(200, &[PROTOBUF]);
    let padding = "x".repeat(300_000);
    let meta = format!(r#""resourceVersion":"5","continue":"{padding}{padding}""#);
    for piece in protobuf(&list(&["a"], &meta)).chunks(300_000) {
        open.send(piece);
        advance(time / 2).await;
        tokio::task::yield_now().await;
    }
    script
}

#[tokio::test(start_paused = true)]
async fn compression_is_asked_for_where_the_link_is_slow() {
    for (time, wanted) in [(Duration::from_millis(2), "identity"), (Duration::from_millis(300), "gzip")] {
        let mut script = paged(time).await;
        let bulk = script.asked().await;
        assert_eq!(bulk.accepts[1], wanted, "{time:?}");
        let body = webs();
        let (front, back) = body.split_at(70);
        bulk.reply(200, &[PROTOBUF, ("content-encoding", "gzip")], [gzip(front), gzip(back)].concat());
        let watch = script.asked().await;
        assert_eq!((watch.accepts[1].as_str(), watch.parameter("resourceVersion")), ("identity", Some("9")));
    }
}

#[tokio::test(start_paused = true)]
async fn a_compressed_list_that_is_cut_or_garbled_is_a_fault() {
    let body = gzip(&webs());
    let garbled = [&body[..30], &[0xff; 20], &body[30..]].concat();
    for body in [body[..body.len() - 4].to_vec(), body[..40].to_vec(), garbled, b"{}".to_vec()] {
        let mut script = Script::start(request(36));
        script.asked().await.reply(200, &[PROTOBUF, ("content-encoding", "gzip")], body);
        let state = format!("{:?}", script.fresh().await);
        assert!(state.contains("the compressed answer is cut short or garbled"), "{state}");
    }
}
