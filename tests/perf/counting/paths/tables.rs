//! Which rows are shown in which order: filters and sorts over all rows, and changes of some.

use super::super::world::{NOW, World, key, pods, restarted};
use super::{Path, quiet};
use rutter::kinds::{Place, Time};
use rutter::model::filter::parse;
use rutter::model::table::{Query, Sort, Table};

/// Filters, by what they are made of.
const FILTERS: [(&str, &str); 10] = [
    ("a text", "pay"),
    ("a text that nothing has", "zzzz"),
    ("two texts, one of them not", "api !crash"),
    ("a field", "status=Running"),
    ("a comparison", "restarts>3 age<30d"),
    ("a label", "label:app.kubernetes.io/name=search"),
    ("a letter", "a"),
    ("a number", "12"),
    ("a pattern of names", "name=*api*"),
    ("a field that is not so", "ready!=1/1 node=*a.eu*"),
];

pub fn all() -> Vec<Path> {
    let filters = FILTERS.iter().map(|(what, text)| filter(&format!("filter 150,000 rows by {what}"), text));
    let narrow = pods().headings().into_iter().enumerate().filter(|(_, heading)| heading.place != Place::Wide);
    let sorts = narrow.map(|(column, heading)| {
        let sort = Sort { column, descending: false };
        table(&format!("sort 150,000 rows by {}", heading.name), Query { sort: Some(sort), ..query("") })
    });
    filters.chain(sorts).chain([merge()]).collect()
}

/// Every row is looked at, and those that fit are put in order.
fn filter(name: &str, text: &'static str) -> Path {
    table(name, query(text))
}

fn table(name: &str, query: Query) -> Path {
    quiet(name, move |world| {
        let mut table = filled(world, &self::query(""));
        let query = query.clone();
        Box::new(move || {
            let model = world.model.borrow();
            let Some(list) = model.lists.get(&key()) else { return };
            table.refresh(&list.store, &query, Time(NOW));
        })
    })
}

/// 1,000 of the rows change, and the table follows.
fn merge() -> Path {
    quiet("change 1,000 rows of a table of 150,000", |world| {
        let mut table = filled(world, &query(""));
        let count = table.len() as u64;
        let changes = (0..1_000).map(|number| restarted(world, number * 149 % count)).collect();
        if let Some(list) = world.model.borrow_mut().lists.get_mut(&key()) {
            list.apply(changes);
        }
        Box::new(move || {
            let model = world.model.borrow();
            let Some(list) = model.lists.get(&key()) else { return };
            table.refresh(&list.store, &query(""), Time(NOW));
        })
    })
}

/// A table that already shows what `query` asks for.
fn filled(world: &World, query: &Query) -> Table {
    let mut table = Table::default();
    if let Some(list) = world.model.borrow().lists.get(&key()) {
        table.refresh(&list.store, query, Time(NOW));
    }
    table
}

/// The query of a list of all namespaces with a filter.
fn query(text: &str) -> Query {
    let headings = pods().headings();
    let columns = headings.iter().enumerate().filter(|(_, heading)| heading.place != Place::Wide);
    Query {
        filter: parse(text, &headings).unwrap_or_default(),
        columns: columns.map(|(column, _)| column).collect(),
        with_namespace: true,
        ..Query::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filters_are_filters() {
        for (what, text) in FILTERS {
            assert!(!parse(text, &pods().headings()).unwrap().terms.is_empty(), "{what}");
        }
    }
}
