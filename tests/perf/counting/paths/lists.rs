//! From bytes to packed rows: decoding, a first list, a list again, single changes.

use super::super::world::{World, pods, put, row};
use super::{Path, quiet};
use crate::catalog;
use crate::mock::message;
use crate::wire::Wire;
use rutter::kinds::wire::Object;
use rutter::kinds::{Change, Row, Server};
use rutter::model::Store;

/// Rows of a list that is put into a store.
const PUT: u64 = 20_000;

pub fn all() -> Vec<Path> {
    vec![
        quiet("decode 200 pods from JSON", |world| Box::new(|| decode(world))),
        quiet("decode 200 pods from protobuf", |world| {
            let objects = messages(world);
            Box::new(move || decode_messages(&objects))
        }),
        quiet("put 20,000 rows into a store", |world| {
            let mut rows = changes(world);
            let mut store = Store::new(pods().headings().len());
            Box::new(move || rows.drain(..).for_each(|change| store.apply(change)))
        }),
        quiet("list 20,000 rows again", |world| {
            let mut store = filled(world);
            let mut rows = changes(world);
            Box::new(move || {
                store.apply(Change::Begin { part: 0 });
                rows.drain(..).for_each(|change| store.apply(change));
                store.apply(Change::End { part: 0 });
            })
        }),
        quiet("change 1,000 rows of 20,000", |world| {
            let mut store = filled(world);
            let other = |number: u64| Row { labels: "a=b\n".into(), ..row(&world.rows, number * 19) };
            let mut rows: Vec<Change> = (0..1_000).map(|number| put(other(number))).collect();
            Box::new(move || rows.drain(..).for_each(|change| store.apply(change)))
        }),
    ]
}

fn decode(world: &World) {
    let mut rows = Vec::new();
    for json in &world.json {
        let _ = pods().read(json.as_bytes(), Server::default(), &mut rows);
        std::hint::black_box(rows.pop());
    }
}

/// The same pods in protobuf, as they stand in a list.
fn messages(world: &World) -> Vec<Vec<u8>> {
    let wire = Wire::new();
    world.json.iter().map(|json| message(&wire, catalog::pods(), json)).collect()
}

fn decode_messages(objects: &[Vec<u8>]) {
    let Some(known) = pods().wire() else { return };
    let mut rows = Vec::new();
    for object in objects {
        pods().decode(Object::new(known, object), Server::default(), &mut rows);
        std::hint::black_box(rows.pop());
    }
}

fn changes(world: &World) -> Vec<Change> {
    (0..PUT).map(|number| put(row(&world.rows, number))).collect()
}

fn filled(world: &World) -> Store {
    let mut store = Store::new(pods().headings().len());
    for change in changes(world) {
        store.apply(change);
    }
    store
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pods_from_protobuf_are_the_pods_from_json() {
        let world = World::of(10);
        let known = pods().wire().unwrap();
        for (json, object) in world.json.iter().zip(messages(&world)) {
            let mut rows = Vec::new();
            pods().read(json.as_bytes(), Server::default(), &mut rows).unwrap();
            pods().decode(Object::new(known, &object), Server::default(), &mut rows);
            assert!(rows.len() == 2 && rows[0] == rows[1] && rows[0].unreadable.is_none(), "{rows:?}");
        }
    }
}
