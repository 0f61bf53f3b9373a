//! `Joins`: what a list knows from elsewhere, and the cells that it fills with that.

use super::packed::View;
use super::store::{RowId, RowRef, Store};
use super::trend::Trend;
use crate::kinds::joined::{Bound, Join, Joinable, nothing};
use crate::kinds::quantity::Quantity;
use crate::kinds::usage::{Amount, Figure, Figures};
use crate::kinds::{AnyKind, Cell, Row, Text, Time, Tone, Uid, Value};
use hashbrown::HashMap;

/// Rows whose past is kept, at most: beyond that nobody looks at each.
const PASTS: usize = 20_000;
/// From how many hundredths of what may be used on it is worth a look, and is bad.
const HIGH: (i128, i128) = (80, 95);
/// Where a node says in which zone it is.
const ZONE: &str = "topology.kubernetes.io/zone";

/// What a list knows from elsewhere.
#[derive(Debug)]
pub struct Joins {
    first: usize,
    joinable: &'static Joinable,
    /// Whether its rows are parts of the objects that are measured.
    parts: bool,
    /// The column with the name of the node.
    node: Option<usize>,
    figures: HashMap<Uid, Figure>,
    pasts: HashMap<Uid, Trend>,
    zones: HashMap<Text, Text>,
    /// The version of the nodes whose zones are known.
    nodes: Option<u64>,
    /// When the oldest figure was measured.
    pub measured: Option<Time>,
    /// Why there are no figures.
    pub failure: Option<String>,
}

/// Columns with what shall stand there.
type Cells = Vec<(usize, Cell)>;

impl Joins {
    /// Nothing yet, for a list of this kind; none if nothing is joined to it.
    pub fn of(kind: &dyn AnyKind) -> Option<Self> {
        let (first, joinable) = kind.joined()?;
        Some(Self {
            first,
            joinable,
            parts: kind.names() != kind.resource(),
            node: kind.headings().iter().position(|heading| heading.name == "NODE"),
            figures: HashMap::new(),
            pasts: HashMap::new(),
            zones: HashMap::new(),
            nodes: None,
            measured: None,
            failure: None,
        })
    }

    /// Fills the cells of a row that came.
    pub fn fill(&self, row: &mut Row) {
        let of = match (&row.owner, self.parts) {
            (Some(owner), true) => Uid::of_name(&row.namespace, &owner.name).part(&row.name),
            _ => Uid::of_name(&row.namespace, &row.name),
        };
        let text = |column: usize| match row.cells.get(column).map(|cell| &cell.value) {
            Some(Value::Text(text) | Value::Quantity(text)) => text.as_str(),
            _ => "",
        };
        for (column, cell) in self.cells(of, text) {
            if let Some(old) = row.cells.get_mut(column) {
                *old = cell;
            }
        }
    }

    /// Takes over what was measured, and fills the rows with it.
    pub fn measure(&mut self, figures: Figures, store: &mut Store) {
        self.measured = figures.measured;
        self.failure = None;
        self.figures = figures.all.into_iter().collect();
        self.pasts.retain(|of, _| self.figures.contains_key(of));
        for row in store.rows() {
            let of = self.whose(&row);
            let Some(figure) = self.figures.get(&of).copied() else { continue };
            if self.pasts.len() < PASTS || self.pasts.contains_key(&of) {
                self.pasts.entry(of).or_default().push(figure);
            }
        }
        self.fill_all(store);
    }

    /// Learns the zones of the nodes, and fills the rows with them.
    pub fn locate(&mut self, nodes: &Store, store: &mut Store) {
        let seen = self.nodes.replace(nodes.version());
        if seen == self.nodes || self.node.is_none() {
            return;
        }
        let touched = seen.and_then(|seen| nodes.changed_since(seen));
        let mut news = touched.is_none();
        let mut learn = |row: RowRef<'_>| {
            let zone = row.label(ZONE).unwrap_or_default();
            let before = self.zones.insert(row.name().into(), zone.into());
            news |= before.as_deref() != Some(zone);
        };
        match touched {
            Some(touched) => {
                touched.iter().filter_map(|touch| nodes.row(RowId(touch.id))).for_each(&mut learn);
            }
            None => nodes.rows().for_each(&mut learn),
        }
        if news {
            self.fill_all(store);
        }
    }

    /// What the row of a list used of late.
    pub fn past(&self, row: &RowRef<'_>, column: usize) -> Option<String> {
        let joined = self.joinable.columns.get(column.checked_sub(self.first)?)?;
        let Join::Trend(amount) = joined.join else { return None };
        self.pasts.get(&self.whose(row)).map(|trend| trend.show(amount))
    }

    fn whose(&self, row: &RowRef<'_>) -> Uid {
        match row.owner().filter(|_| self.parts) {
            Some(owner) => Uid::of_name(row.namespace(), &owner.name).part(row.name()),
            None => Uid::of_name(row.namespace(), row.name()),
        }
    }

    /// Fills the cells of all rows.
    fn fill_all(&self, store: &mut Store) {
        let ids: Vec<_> = store.rows().map(|row| row.id()).collect();
        for id in ids {
            let Some(row) = store.row(id) else { continue };
            let text = |column: usize| match row.view(column) {
                View::Text(text) | View::Quantity(text) => text,
                _ => "",
            };
            let cells = self.cells(self.whose(&row), text);
            store.set(id, &cells);
        }
    }

    /// What stands in the columns of a row; `text` is what stands in a cell of it.
    fn cells<'a>(&self, of: Uid, text: impl Fn(usize) -> &'a str) -> Cells {
        let used = self.figures.get(&of);
        let columns = self.joinable.columns;
        let place = |wanted: Join| columns.iter().position(|joined| joined.join == wanted);
        let bound = |amount, bound| Quantity::parse(text(self.first + place(Join::Bound(amount, bound))?));
        let cell = |join: Join| match join {
            Join::Used(amount) => Some(used.map_or_else(unknown, |used| Cell::quantity(used.show(amount)))),
            Join::Share(amount, of) => {
                let part = used.zip(bound(amount, of).filter(|bound| bound.is_positive()));
                Some(part.map_or_else(nothing, |(used, bound)| share(percent(*used, (amount, bound)), of)))
            }
            Join::Zone => Some(self.zone(text(self.node?))),
            Join::Bound(..) | Join::Trend(_) => None,
        };
        columns.iter().zip(self.first..).filter_map(|(joined, column)| Some((column, cell(joined.join)?))).collect()
    }

    fn zone(&self, node: &str) -> Cell {
        Cell::or_none(self.zones.get(node).map(Text::as_str))
    }
}

/// As `kubectl top node` prints what it does not know. As a quantity it stands before all others when sorted.
fn unknown() -> Cell {
    Cell::quantity("<unknown>").tone(Tone::Quiet)
}

/// How many hundredths of `bound` are used.
fn percent(used: Figure, (amount, bound): (Amount, Quantity)) -> i128 {
    let milli = match amount {
        Amount::Cpu => i128::from(used.cpu.div_ceil(1_000_000)),
        Amount::Memory => i128::from(used.memory) * 1_000,
    };
    (milli * 100).checked_div(bound.milli()).unwrap_or_default()
}

/// More than was asked for is no harm; near what may be used at most is.
fn share(percent: i128, of: Bound) -> Cell {
    let tone = match percent {
        _ if of == Bound::Requests => Tone::Plain,
        high if high >= HIGH.1 => Tone::Bad,
        high if high >= HIGH.0 => Tone::Warn,
        _ => Tone::Plain,
    };
    Cell::quantity(percent.to_string()).tone(tone)
}
