//! Tests of reading protobuf: the same objects give the same rows as in JSON, and no bytes do harm.

use super::encode::{object, put, put_number};
use super::*;
use crate::kinds::{ALL, AnyKind, Row, Server, Time, Uid, find};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Numbers without an order, from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }

    /// An object as the API server would show it: what it leaves out when it is nothing is never there as nothing.
    fn object(&mut self, message: &Message) -> Value {
        let mut all = Map::new();
        for field in message.0 {
            if let Type::Inline(message) = field.of {
                all.extend(self.object(message).as_object().unwrap().clone());
                continue;
            }
            let value = match field.shape {
                _ if self.roll(5) == 0 => continue,
                Shape::One => self.value(field.of),
                Shape::List => (0..=self.roll(3)).map(|_| self.value(field.of)).collect(),
                Shape::Map => (0..=self.roll(3)).map(|_| (self.text().to_owned(), self.value(field.of))).collect(),
            };
            if !(field.or_absent && [json!(""), json!(0), json!(false)].contains(&value)) {
                all.insert(field.name.to_owned(), value);
            }
        }
        all.into()
    }

    fn text(&mut self) -> &'static str {
        self.of(&[
            "",
            "a",
            "web-1",
            "True",
            "False",
            "Ready",
            "Available",
            "Running",
            "Completed",
            "Always",
            "Error",
            "ü👍\n\u{1b}[m",
            "apps/v1",
            "Pod",
            "ReadWriteOnce",
            "LoadBalancer",
            "Resource",
            "InternalIP",
            "10.0.0.1",
            "In",
            "Exists",
            "node-role.kubernetes.io/x",
            "limits.cpu",
            "storage",
            "b64eed2f-2a5e-4a3f-9a0e-1c6c5f7a1b2c",
            "Approved",
            "ServiceAccount",
            "volume.beta.kubernetes.io/storage-class",
            "true",
            "Role",
            "CrashLoopBackOff",
            "Failed",
            "ExternalName",
        ])
    }

    fn value(&mut self, of: Type) -> Value {
        match of {
            Type::Text => self.text().into(),
            Type::Bytes => self.of(&["", "AA==", "c2VjcmV0"]).into(),
            Type::Number => [0, 1, 2, 80, 137, -1, i32::MIN, i32::MAX][self.roll(8)].into(),
            Type::Truth => (self.roll(2) == 0).into(),
            Type::Time => match self.roll(5) {
                0 => Value::Null,
                at => [
                    "1970-01-01T00:00:00Z",
                    "2026-11-23T15:32:56Z",
                    "2026-11-23T15:32:56.123456Z",
                    "1969-07-20T20:17:40.5Z",
                ][at - 1]
                    .into(),
            },
            Type::Quantity => self.of(&["0", "10Gi", "250m", "1e3"]).into(),
            Type::IntOrString => [json!(0), json!(3), json!(-3), json!("50%"), json!("")][self.roll(5)].clone(),
            Type::Message(message) | Type::Inline(message) => self.object(message),
            Type::Other => json!({"a": 1}),
        }
    }
}

fn of_json(kind: &dyn AnyKind, json: &Value) -> Vec<Row> {
    let mut rows = Vec::new();
    kind.rows(json.to_string().as_bytes(), Server::default(), &mut rows).unwrap();
    rows
}

fn of_wire(kind: &dyn AnyKind, bytes: &[u8]) -> Vec<Row> {
    let mut rows = Vec::new();
    kind.decode(Object::new(kind.wire().unwrap(), bytes), Server::default(), &mut rows);
    rows
}

/// The kinds that are known in protobuf.
fn known() -> impl Iterator<Item = (&'static dyn AnyKind, &'static Message)> {
    ALL.iter().filter_map(|kind| Some((*kind, kind.wire()?)))
}

fn all_messages() -> Vec<&'static Message> {
    let mut all: Vec<&'static Message> = known().map(|(_, message)| message).collect();
    for at in 0.. {
        let Some(message) = all.get(at) else { break };
        let inside = message.0.iter().filter_map(|field| match field.of {
            Type::Message(message) | Type::Inline(message) => Some(message),
            _ => None,
        });
        let new: Vec<_> = inside.filter(|new| !all.iter().any(|known| std::ptr::eq(*known, *new))).collect();
        all.extend(new);
    }
    all
}

#[test]
fn fields_of_a_message_have_their_own_numbers_and_names() {
    let messages = all_messages();
    assert!(messages.len() > 100, "{}", messages.len());
    for message in messages {
        let numbers: BTreeSet<u32> = message.0.iter().map(|field| field.number).collect();
        let names: BTreeSet<&str> = message.0.iter().map(|field| field.name).collect();
        assert!(message.0.is_sorted_by_key(|field| field.number), "{message:?}");
        assert_eq!((numbers.len(), names.len()), (message.0.len(), message.0.len()), "{message:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn the_same_object_is_the_same_row(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        for (kind, message) in known() {
            let json = dice.object(message);
            prop_assert_eq!(of_json(kind, &json), of_wire(kind, &object(message, &json)), "{} {}", kind.names().plural, json);
        }
    }

    #[test]
    fn no_bytes_do_harm(garbage in prop::collection::vec(any::<u8>(), 0..200), seed in any::<u64>(), at in any::<usize>()) {
        for (kind, message) in known() {
            of_wire(kind, &garbage);
            let mut bytes = object(message, &Dice(seed).object(message));
            let at = at % (bytes.len() + 1);
            of_wire(kind, &bytes[..at]);
            bytes.splice(at..(at + garbage.len()).min(bytes.len()), garbage.iter().copied());
            of_wire(kind, &bytes);
        }
        prop_assert!(unwrapped(&garbage).is_none());
        let _ = unwrapped(&[&MAGIC, &garbage[..]].concat());
    }
}

/// The bytes of a pod called `web`, with more of them.
fn web(more: &[u8]) -> Vec<u8> {
    [object(&pods::POD, &json!({"metadata": {"name": "web", "namespace": "shop"}})), more.to_vec()].concat()
}

fn row(bytes: &[u8]) -> Row {
    of_wire(find("pods").unwrap(), bytes).remove(0)
}

#[test]
fn what_is_not_known_is_passed_over() {
    let mut more = Vec::new();
    put(&mut more, 99, b"\xff\xff\xff");
    put_number(&mut more, 100, u64::MAX);
    more.extend_from_slice(&[0xbd, 0x06, 1, 2, 3, 4, 0xb9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(row(&web(&more)), row(&web(&[])));
    assert_eq!(row(&web(&[])).unreadable, None);
}

#[test]
fn what_is_wrong_makes_a_row_that_says_so() {
    let again = object(&pods::POD, &json!({"metadata": {"name": "other"}}));
    let mut number_for_text = Vec::new();
    put(&mut number_for_text, 3, &[0x08, 0x01]);
    let mut gathered = Vec::new();
    for (number, text) in [(2, "a"), (1, "b"), (2, "c")] {
        put(&mut gathered, number, &object(&meta::PROBED_CONDITION, &json!({"type": text})));
    }
    let mut torn = Vec::new();
    put(&mut torn, 3, &gathered);
    let wrong = [
        (again, "duplicate field `metadata`"),
        (number_for_text, "a field is not of its type"),
        (torn, "duplicate field `conditions`"),
        (vec![0x12, 0x7f, 1], "a field goes on beyond the end"),
        (vec![0x0b], "a field is written in a way that is not known"),
    ];
    for (more, why) in wrong {
        let row = row(&web(&more));
        assert_eq!((row.namespace.as_str(), row.name.as_str()), ("shop", "web"), "{why}");
        assert_eq!(row.unreadable, Some(format!("cannot be read: {why}")));
        assert_eq!(row.cells.len(), find("pods").unwrap().headings().len());
    }
}

#[test]
fn depth_is_that_of_the_message_and_no_more() {
    let mut deep = Vec::new();
    for _ in 0..10_000 {
        let mut outer = Vec::new();
        put(&mut outer, 1, &deep);
        deep = outer;
    }
    // What lies deeper than a name is the name.
    assert!(row(&deep).name.len() > 10_000);
}

#[test]
fn a_text_is_made_good_and_a_moment_before_the_second_year_is_none() {
    let mut meta = Vec::new();
    put(&mut meta, 1, b"a\xffb");
    for seconds in [-62_135_596_800_i64, i64::MIN, i64::MAX] {
        let mut time = Vec::new();
        put_number(&mut time, 1, seconds.cast_unsigned());
        let (mut of, mut bytes) = (meta.clone(), Vec::new());
        put(&mut of, 8, &time);
        put(&mut bytes, 1, &of);
        let row = row(&bytes);
        assert_eq!((row.name.as_str(), row.uid), ("a\u{fffd}b", Uid::of_name("", "a\u{fffd}b")));
        let known = (seconds == i64::MAX).then_some(Time(seconds));
        assert_eq!(row.cells[4], crate::kinds::Cell::since(known));
    }
}
