//! Protobuf against JSON: the same objects of the real server give the same rows, whichever way they come.

use super::control_plane;
use super::wire::{JSON, Wire};
use http::header::{ACCEPT, CONTENT_TYPE};
use kube::client::Body;
use rutter::kinds::wire::{Bytes, Object, Raw, unwrapped};
use rutter::kinds::{ALL, AnyKind, Row, Server};
use serde_json::Value;
use std::time::Duration;

const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// A list as it comes in this media type.
async fn body(wire: &Wire, kind: &dyn AnyKind, media: &str) -> Vec<u8> {
    let names = kind.resource();
    let group = if names.group.is_empty() { "/api".to_owned() } else { format!("/apis/{}", names.group) };
    let path = format!("{group}/{}/{}", names.version, names.plural);
    let request = http::Request::get(&path).header(ACCEPT, media).body(Body::empty()).expect("a request");
    let answer = wire.0.send(request).await.expect("an answer");
    assert_eq!((answer.status().as_u16(), &answer.headers()[CONTENT_TYPE]), (200, &media.parse().unwrap()), "{path}");
    answer.into_body().collect_bytes().await.expect("a body").to_vec()
}

async fn of_protobuf(wire: &Wire, kind: &dyn AnyKind) -> Vec<Row> {
    let body = body(wire, kind, PROTOBUF).await;
    let (mut list, mut rows) = (Bytes(unwrapped(&body).expect("an envelope")), Vec::new());
    while let Some((number, raw)) = list.field().expect("a field") {
        if let (2, Raw::Bytes(bytes)) = (number, raw) {
            kind.decode(Object::new(kind.wire().expect("a message"), bytes), Server::default(), &mut rows);
        }
    }
    rows
}

async fn of_json(wire: &Wire, kind: &dyn AnyKind) -> Vec<Row> {
    let list: Value = serde_json::from_slice(&body(wire, kind, JSON).await).expect("JSON");
    let mut rows = Vec::new();
    for item in list["items"].as_array().expect("items") {
        kind.rows(item.to_string().as_bytes(), Server::default(), &mut rows).expect("an object");
    }
    rows
}

/// The rows of one kind from protobuf, once they are those from JSON before or after.
async fn compared(wire: &Wire, kind: &dyn AnyKind) -> Vec<Row> {
    let mut told = String::new();
    for attempt in 0..8 {
        tokio::time::sleep(Duration::from_millis(150 * attempt)).await;
        let (before, rows, after) =
            (of_json(wire, kind).await, of_protobuf(wire, kind).await, of_json(wire, kind).await);
        if rows == before || rows == after {
            return rows;
        }
        told = rows.iter().zip(&after).find(|(a, b)| a != b).map_or_else(String::new, |pair| format!("{pair:#?}"));
    }
    panic!("{}: protobuf and JSON differ: {told}", kind.names().plural);
}

#[tokio::test]
async fn every_row_of_the_cast_is_the_same_as_in_json() {
    let Some(plane) = control_plane::whole() else { return };
    let wire = Wire(plane.anything("").await);
    for kind in ALL.iter().filter(|kind| kind.wire().is_some()) {
        let rows = compared(&wire, *kind).await;
        let broken: Vec<_> = rows.iter().filter_map(|row| row.unreadable.as_deref()).collect();
        assert!(rows.len() >= 3 && broken.is_empty(), "{}: {} rows, {broken:?}", kind.names().plural, rows.len());
    }
}
