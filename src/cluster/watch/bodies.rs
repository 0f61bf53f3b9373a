//! Tests of bodies: however they are cut into pieces, and whatever they hold.

use super::events::event;
use super::intake::Intake;
use super::script::{Script, WEBS, bookmark, event as line, list, request, web, word};
use super::split::{Encoding, Reader, Splitter};
use crate::cluster::message::Message;
use crate::kinds::table::Columns;
use crate::kinds::wire::Json;
use crate::kinds::{Change, ReadError, Server};
use proptest::prelude::*;
use std::time::Duration;
use tokio::time::timeout;

const READER: fn() -> Reader = || Reader { kind: WEBS, server: Server { minor: 0 } };

/// Splits `pieces` as the list task does; the rows as words, and how it ended.
fn split(pieces: &[&[u8]]) -> (Vec<String>, Result<String, ReadError>) {
    let columns = Columns::default();
    let (mut splitter, mut rows, mut buffer) =
        (Splitter::new(Encoding::Json, WEBS, columns).unwrap(), Vec::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        let before = buffer.len();
        for steps in 0.. {
            assert!(steps <= before + 1, "a step that takes nothing must end the loop");
            match splitter.step(&buffer, &READER(), &mut rows) {
                Ok(0) | Err(ReadError::Incomplete) => break,
                Ok(taken) => drop(buffer.drain(..taken)),
                Err(error) => return (Vec::new(), Err(error)),
            }
        }
    }
    let words = rows.into_iter().map(|row| word(&Change::Put { part: 0, row: Box::new(row) })).collect();
    (words, splitter.finish().map(|meta| meta.resource_version.unwrap_or_default()))
}

/// Cuts `bytes` at `cuts`, each taken modulo the length.
fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// A list with all that may stand in one: keys in another order, spaces, escapes, an unreadable item.
fn odd_list() -> String {
    let wrong = web("b", 2).replace(r#""replicas":2"#, r#""replicas":"}]""#);
    format!(
        " {{ \"it\\\"ems\" : [ {{}} , 12.5e3 , true ] ,\n\"items\":[ {} , {wrong},\t{}\r\n] , \"n\":17,\"metadata\":{{\"resourceVersion\":\"9\",\"x\":\"ü👍\"}} }} \n",
        web("a", 1),
        web("c", 3)
    )
}

#[test]
fn every_cut_of_a_list_gives_the_same_rows() {
    for body in [odd_list(), list(&["a", "b"], r#""resourceVersion":"9""#)] {
        let bytes = body.as_bytes();
        let whole = split(&[bytes]);
        assert_eq!(whole.1, Ok("9".to_owned()));
        assert!(whole.0.len() > 1, "{whole:?}");
        for cut in 0..bytes.len() {
            assert_eq!(split(&pieces(bytes, &[cut])), whole, "cut at {cut}");
        }
    }
    assert!(split(&[odd_list().as_bytes()]).0[1].starts_with("b: cannot be read: invalid type"));
}

#[test]
fn the_front_of_a_list_is_incomplete_and_nothing_else() {
    let body = odd_list();
    for end in 0..body.trim_end().len() {
        assert_eq!(split(&[&body.as_bytes()[..end]]).1, Err(ReadError::Incomplete), "cut at {end}");
    }
}

#[test]
fn events_are_read_in_any_order_of_keys() {
    let object = web("a", 3);
    for line in [
        format!(r#"{{"type":"ADDED","object":{object}}}"#),
        format!(r#" {{ "x":1, "object" : {object} , "type":"MODIFIED" }} "#),
        line("ADDED", &object.replace(r#""kind":"Web","#, "")),
    ] {
        let (mut rows, mut version) = (Vec::new(), String::from("1"));
        event(line.as_bytes(), &READER(), &mut rows, &mut version).unwrap();
        assert_eq!((rows.len(), version.as_str()), (1, "3"), "{line}");
    }
    for line in ["{}", "[]", "x", r#"{"type":"ADDED"}"#, r#"{"object":{}}"#, r#"{"type":7,"object":{}}"#] {
        assert!(event(line.as_bytes(), &READER(), &mut Vec::new(), &mut String::new()).is_err(), "{line}");
    }
}

/// Feeds the pieces of a list and then of a watch to a whole watch task; the changes, and the version it goes on from.
async fn live(list: Vec<Vec<u8>>, watch: Vec<Vec<u8>>) -> (Vec<String>, String) {
    let mut script = Script::start(request(0));
    for pieces in [list, watch] {
        let open = script.asked().await.open(200, &[]);
        for piece in pieces {
            open.send(piece);
            tokio::task::yield_now().await;
        }
    }
    let version = script.asked().await.parameter("resourceVersion").unwrap_or_default().to_owned();
    let mut words = Vec::new();
    while let Ok(Some(message)) = timeout(Duration::from_secs(1), script.messages.recv()).await {
        if let Message::Changes { batch, .. } = message {
            words.extend(batch.iter().map(word));
        }
    }
    (words, version)
}

/// Runs `live` on the paused clock.
fn live_blocking(list: &[&[u8]], watch: &[&[u8]]) -> (Vec<String>, String) {
    let own = |pieces: &[&[u8]]| pieces.iter().map(|piece| piece.to_vec()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(live(own(list), own(watch)))
}

#[test]
fn every_cut_of_a_watch_gives_the_same_changes() {
    let list = list(&["a"], r#""resourceVersion":"5""#);
    let watch = line("ADDED", &web("b", 6)) + &bookmark(7);
    for cut in 0..watch.len() {
        let (words, version) = live_blocking(&[list.as_bytes()], &pieces(watch.as_bytes(), &[cut]));
        assert_eq!((words.last().unwrap().as_str(), version.as_str()), ("b=6", "7"), "cut at {cut}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_without_an_end_is_given_up() {
    let (mut script, open) = Script::live().await;
    for _ in 0..65 {
        open.send(vec![b' '; 1 << 20]);
    }
    assert_eq!(script.said().await.last().unwrap(), "reconnecting: an event is larger than 64 MiB");
    open.is_left().await;
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_cuts_give_the_same_life(of_list in prop::collection::vec(any::<usize>(), 0..9),
                                   of_watch in prop::collection::vec(any::<usize>(), 0..9)) {
        let list = odd_list();
        let watch = line("ADDED", &web("d", 10)) + "\n" + &bookmark(11) + &line("DELETED", &web("a", 12)) + &line("MODIFIED", &web("c", 13));
        let whole = live_blocking(&[list.as_bytes()], &[watch.as_bytes()]);
        prop_assert_eq!(whole.1.as_str(), "13");
        prop_assert_eq!(whole.0.len(), 8);
        prop_assert_eq!(live_blocking(&pieces(list.as_bytes(), &of_list), &pieces(watch.as_bytes(), &of_watch)), whole);
    }

    #[test]
    fn garbage_neither_panics_nor_loops(bytes in prop::collection::vec(any::<u8>(), 0..200), at in any::<usize>(), cuts in prop::collection::vec(any::<usize>(), 0..5)) {
        let mut body = odd_list().into_bytes();
        let at = at % body.len();
        let end = (at + bytes.len()).min(body.len());
        body.splice(at..end, bytes.iter().copied());
        let _ = split(&pieces(&body, &cuts));
        let _ = split(&pieces(&bytes, &cuts));
        for line in body.split(|b| *b == b'\n').chain([bytes.as_slice()]) {
            let _ = event(line, &READER(), &mut Vec::new(), &mut String::new());
        }
    }

    #[test]
    fn json_like_garbage_neither_panics_nor_loops(text in r#"[\[\]{}:,"\\u0-9a-f tn\n-]{0,80}"#, cut in any::<usize>()) {
        let _ = split(&pieces(format!(r#"{{"items":[{text}"#).as_bytes(), &[cut]));
        let _ = event(format!(r#"{{"type":"ADDED","object":{text}"#).as_bytes(), &READER(), &mut Vec::new(), &mut String::new());
        let _ = Json::new(text.as_bytes()).skip();
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_object_is_looked_at_a_few_times_only() {
    let (client, mut asked) = super::script::client();
    let request = super::request::get("/x", super::request::Form::default()).unwrap();
    let sent = tokio::spawn(async move { client.send(request).await.unwrap() });
    let open = asked.recv().await.unwrap().open(200, &[]);
    let mut intake = Intake::new(sent.await.unwrap());
    let mut looks = 0;
    for _ in 0..1_500 {
        open.send([b'x'; 1_000]);
        assert_eq!(intake.fill().await, Ok(true));
        if intake.is_full() {
            looks += 1;
            intake.incomplete().unwrap();
        }
    }
    assert!((3..6).contains(&looks), "{looks} looks at 1.5 MB");
}
