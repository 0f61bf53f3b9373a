//! A plain map that a store is compared with: whatever is put, changed, listed again and removed, nothing may be lost.

use super::tests::row;
use super::*;
use crate::kinds::{Cell, Health, Link, Reference, Row, Time};
use crate::model::Store;
use proptest::prelude::*;
use std::collections::BTreeMap;

const NOW: Time = Time(1_000_000);

/// What is done to a store.
#[derive(Debug, Clone)]
enum Step {
    Begin(u8),
    Put(u8, Row),
    Gone(u128),
    End(u8),
}

/// A row of few different texts, some of them long enough to fill the blocks that texts stand in.
fn any_row() -> impl Strategy<Value = Row> {
    let text = || ("[ab]{0,2}", prop_oneof![8 => Just(1_usize), 4 => Just(7), 1 => Just(9_000)]);
    let cell = prop_oneof![
        text().prop_map(|(text, times)| Cell::text(text.repeat(times))),
        (0..3_i64).prop_map(Cell::count),
        (0..3_i64, prop::option::of(0..9_i64)).prop_map(|(n, at)| Cell::restarts(n, at.map(Time))),
        (0..3_u8).prop_map(|n| Cell::text(format!("10.0.0.{n}"))),
    ];
    let names = (0..12_u128, "[xy]{1,2}", text(), text());
    (names, prop::collection::vec(cell, 3), 0..3_usize).prop_map(|((uid, namespace, name, labels), mut cells, more)| {
        let name = name.0.repeat(name.1);
        if more == 1 {
            cells[0] = Cell::text(name.clone());
        }
        let owner = Reference { uid: Some(Uid(100 + more as u128)), name: "owner".into(), ..Reference::default() };
        Row {
            labels: labels.0.repeat(labels.1).into(),
            owner: (more > 0).then_some(owner),
            link: if more == 2 { Link::Selects("a=b".into()) } else { Link::None },
            health: [Health::Fine, Health::Pending, Health::Failing][more],
            unreadable: (more == 2 && uid == 3).then(|| "why".into()),
            ..row(uid, &namespace, &name, cells)
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..2_u8).prop_map(Step::Begin),
        8 => (0..2_u8, any_row()).prop_map(|(part, row)| Step::Put(part, row)),
        2 => (0..12_u128).prop_map(Step::Gone),
        1 => (0..2_u8).prop_map(Step::End),
    ]
}

/// Rows by identity, each with the list that named it last.
#[derive(Default)]
struct Plain {
    rows: BTreeMap<u128, (u8, usize, Row)>,
    begun: [usize; 2],
}

impl Plain {
    fn apply(&mut self, step: &Step) {
        match step {
            Step::Begin(part) => self.begun[usize::from(*part)] += 1,
            Step::Put(part, row) => {
                self.rows.insert(row.uid.0, (*part, self.begun[usize::from(*part)], row.clone()));
            }
            Step::Gone(uid) => drop(self.rows.remove(uid)),
            Step::End(part) => {
                let begun = self.begun[usize::from(*part)];
                self.rows.retain(|_, (of, list, _)| of != part || *list == begun);
            }
        }
    }
}

fn change(step: Step) -> Change {
    match step {
        Step::Begin(part) => Change::Begin { part },
        Step::Put(part, row) => Change::Put { part, row: Box::new(row) },
        Step::Gone(uid) => Change::Gone { uid: Uid(uid) },
        Step::End(part) => Change::End { part },
    }
}

/// Whether a row is what was put.
fn is(row: &RowRef<'_>, put: &Row) -> bool {
    let beside = (row.owner(), row.link(), row.health(), row.unreadable());
    let labels: Vec<&str> = put.labels.lines().collect();
    let cell =
        |(column, cell): (usize, &Cell)| row.view(column).show(NOW) == cell.show(NOW) && row.tone(column) == cell.tone;
    (row.namespace(), row.name()) == (put.namespace.as_str(), put.name.as_str())
        && beside == (put.owner.clone(), put.link.clone(), put.health, put.unreadable.as_deref())
        && row.labels().map(|(key, _)| key).eq(labels)
        && put.cells.iter().enumerate().all(cell)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_store_holds_what_was_put_and_nothing_else(steps in prop::collection::vec(step(), 1..100)) {
        let (mut store, mut plain) = (Store::new(3), Plain::default());
        for step in steps {
            plain.apply(&step);
            store.apply(change(step));
            prop_assert!(store.len() == plain.rows.len() && store.rows().count() == store.len());
        }
        for (uid, (.., put)) in &plain.rows {
            let row = store.find(Uid(*uid));
            prop_assert!(row.is_some_and(|row| is(&row, put)), "{uid}");
        }
    }
}
