//! `Joins`: what a list knows from elsewhere, and the cells that it fills with that.

use super::packed::View;
use super::place::{ListKey, Topic};
use super::store::{RowId, RowRef, Store};
use super::trend::Trend;
use crate::kinds::joined::{Bound, Join, Joinable, nothing};
use crate::kinds::quantity::Quantity;
use crate::kinds::usage::{Figure, Figures, strain};
use crate::kinds::{AnyKind, Cell, Reference, Row, Text, Time, Tone, Uid, Value};
use hashbrown::HashMap;

/// Things whose past is kept, at most: beyond that nobody looks at each.
const PASTS: usize = 20_000;
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
    measured: Option<Time>,
    /// Why there are no figures.
    failure: Option<String>,
}

/// What a list needs from elsewhere for some of its columns.
pub fn topics(key: &ListKey, columns: impl Iterator<Item = usize>) -> Vec<Topic> {
    let Some((first, joinable)) = key.kind.joined() else { return Vec::new() };
    let joined = |column: usize| joinable.column(first, column).map(|joined| joined.join);
    let joins: Vec<Join> = columns.filter_map(joined).collect();
    let usage = joins.iter().any(|join| join.is_measured()).then(|| Topic::Usage(key.clone()));
    let nodes = joins.contains(&Join::Zone).then(|| Topic::List(ListKey::nodes(&key.context)));
    usage.into_iter().chain(nodes).collect()
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
        let owner = row.owner.as_ref().filter(|_| self.parts);
        let of = whose(owner, &row.namespace, &row.name);
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
        for (of, figure) in &self.figures {
            if self.pasts.len() < PASTS || self.pasts.contains_key(of) {
                self.pasts.entry(*of).or_default().push(*figure);
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

    /// Takes over why nothing was measured; tells whether that is news. What was measured before is shown no more.
    pub fn fail(&mut self, why: &str, store: &mut Store) -> bool {
        if self.failure.as_deref() == Some(why) {
            return false;
        }
        self.failure = Some(why.to_owned());
        self.measured = None;
        self.figures.clear();
        self.fill_all(store);
        true
    }

    /// How true the figures are, in few words.
    pub fn state(&self) -> Option<String> {
        match (&self.failure, self.measured) {
            (Some(_), _) => Some("usage not known".to_owned()),
            (None, Some(time)) => Some(format!("measured {}", time.utc().get(11..).unwrap_or_default())),
            (None, None) => None,
        }
    }

    /// What the row of a list used of late.
    pub fn past(&self, row: &RowRef<'_>, column: usize) -> Option<String> {
        let Join::Trend(amount) = self.joinable.column(self.first, column)?.join else { return None };
        self.pasts.get(&self.of_row(row)).map(|trend| trend.show(amount))
    }

    /// Whose figures a row of a list has.
    fn of_row(&self, row: &RowRef<'_>) -> Uid {
        let owner = self.parts.then(|| row.owner()).flatten();
        whose(owner.as_ref(), row.namespace(), row.name())
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
            let cells = self.cells(self.of_row(&row), text);
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
                Some(part.map_or_else(nothing, |(used, bound)| share(used.quantity(amount).percent_of(bound), of)))
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

/// Whose figures are those of what is called so; with an owner, it is a part of that.
fn whose(owner: Option<&Reference>, namespace: &str, name: &str) -> Uid {
    match owner {
        Some(owner) => Uid::of_name(namespace, &owner.name).part(name),
        None => Uid::of_name(namespace, name),
    }
}

/// As `kubectl top node` prints what it does not know. As a quantity it stands before all others when sorted.
fn unknown() -> Cell {
    Cell::quantity("<unknown>").tone(Tone::Quiet)
}

/// More than was asked for is no harm; near what may be used at most is.
fn share(percent: i128, of: Bound) -> Cell {
    let tone = if of == Bound::Requests { Tone::Plain } else { strain(percent) };
    Cell::quantity(percent.to_string()).tone(tone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Change;
    use crate::kinds::own::Own;
    use crate::kinds::pods::Pods;
    use crate::model::list::List;
    use crate::model::place::{KindRef, Scope};
    use crate::model::store::tests::{put, row};

    fn key(base: &'static dyn AnyKind) -> ListKey {
        let kind = KindRef(Box::leak(Box::new(Own::new(base, Vec::new(), 1).unwrap().joined_to())));
        ListKey { context: "demo".into(), kind, scope: Scope::default() }
    }

    fn place(key: &ListKey, name: &str) -> usize {
        key.kind.headings().iter().position(|heading| heading.name == name).unwrap()
    }

    /// A pod that asks for half a core and may use a gibibyte, on node `n1`.
    fn pod(key: &ListKey, uid: u128, name: &str) -> Change {
        let mut cells = vec![Cell::text(""); key.kind.headings().len()];
        for (heading, cell) in
            [("NODE", Cell::text("n1")), ("CPU/R", Cell::quantity("500m")), ("MEM/L", Cell::quantity("1Gi"))]
        {
            cells[place(key, heading)] = cell;
        }
        Change::Put { part: 0, row: Box::new(row(uid, "shop", name, cells)) }
    }

    fn shown(list: &List, key: &ListKey, name: &str) -> Vec<String> {
        let headings = ["CPU", "%CPU/R", "%CPU/L", "MEM", "%MEM/L", "ZONE"];
        let row = list.store.rows().find(|row| row.name() == name).unwrap();
        headings.map(|heading| row.view(place(key, heading)).show(Time(0)).into_owned()).to_vec()
    }

    fn figures(all: &[(&str, u64)]) -> Figures {
        let figure = |cpu: u64| Figure { cpu: cpu * 1_000_000, memory: 900 << 20 };
        let all = all.iter().map(|(name, cpu)| (Uid::of_name("shop", name), figure(*cpu))).collect();
        Figures { all, measured: Some(Time(9)) }
    }

    #[test]
    fn rows_that_are_there_and_rows_that_come_are_filled() {
        let key = key(&Pods);
        let mut list = List::new(&key, 0);
        list.apply(vec![pod(&key, 1, "web"), pod(&key, 2, "db")]);
        assert_eq!(shown(&list, &key, "web"), ["<unknown>", "-", "-", "<unknown>", "-", "<none>"]);
        list.measure(figures(&[("web", 450), ("late", 7)]));
        let web = ["450m", "90", "-", "900Mi", "87", "<none>"];
        assert_eq!(shown(&list, &key, "web"), web);
        assert_eq!(shown(&list, &key, "db")[0], "<unknown>");
        list.apply(vec![pod(&key, 1, "web"), pod(&key, 3, "late")]);
        assert_eq!(shown(&list, &key, "web"), web, "a change of the pod takes nothing away");
        assert_eq!(shown(&list, &key, "late")[0], "7m");
        let tone = |heading: &str| list.store.find(Uid(1)).unwrap().tone(place(&key, heading));
        assert_eq!((tone("%CPU/R"), tone("%MEM/L")), (Tone::Plain, Tone::Warn));
        assert!(list.not_measured("why") && !list.not_measured("why"), "told once");
        assert_eq!(shown(&list, &key, "web")[0], "<unknown>");
    }

    #[test]
    fn the_past_is_that_of_the_row() {
        let key = key(&Pods);
        let mut list = List::new(&key, 0);
        list.apply(vec![pod(&key, 1, "web"), pod(&key, 2, "db")]);
        list.measure(figures(&[("web", 100)]));
        list.measure(figures(&[("web", 50), ("db", 50)]));
        let shown = |uid, heading| list.show(&list.store.find(Uid(uid)).unwrap(), place(&key, heading), Time(0));
        assert_eq!([shown(1, "CPU TREND"), shown(2, "CPU TREND"), shown(1, "CPU")], ["█▄", "█", "50m"]);
    }

    #[test]
    fn zones_follow_the_nodes() {
        let key = key(&Pods);
        let mut list = List::new(&key, 0);
        let mut nodes = Store::new(0);
        let node = |zone: &str| Row { labels: format!("{ZONE}={zone}").into(), ..row(9, "", "n1", vec![]) };
        put(&mut nodes, node("a"));
        list.apply(vec![pod(&key, 1, "web")]);
        list.locate(&nodes);
        assert_eq!(shown(&list, &key, "web")[5], "a");
        let seen = list.store.version();
        put(&mut nodes, Row { health: crate::kinds::Health::Failing, ..node("a") });
        list.locate(&nodes);
        assert_eq!(list.store.version(), seen, "the zone is what it was");
        put(&mut nodes, node("b"));
        list.locate(&nodes);
        list.apply(vec![pod(&key, 2, "db")]);
        assert_eq!(["web", "db"].map(|name| shown(&list, &key, name)[5].clone()), ["b", "b"]);
    }

    #[test]
    fn a_container_is_measured_as_part_of_its_pod() {
        let key = key(&crate::kinds::containers::Containers);
        let mut list = List::new(&key, 0);
        let cells = vec![Cell::text(""); key.kind.headings().len()];
        let owner =
            Reference { kind: "Pod".into(), namespace: "shop".into(), name: "web".into(), ..Reference::default() };
        let app = Row { owner: Some(owner), ..row(1, "shop", "app", cells) };
        list.apply(vec![Change::Put { part: 0, row: Box::new(app.clone()) }]);
        let used = (Uid::of_name("shop", "web").part("app"), Figure { cpu: 3_000_001, memory: 0 });
        list.measure(Figures { all: vec![used], measured: None });
        let cpu = |list: &List| list.store.find(Uid(1)).unwrap().view(place(&key, "CPU")).show(Time(0)).into_owned();
        assert_eq!(cpu(&list), "4m");
        list.apply(vec![Change::Put { part: 0, row: Box::new(app) }]);
        assert_eq!(cpu(&list), "4m");
    }

    #[test]
    fn only_what_is_shown_is_asked_for() {
        let key = key(&Pods);
        let of = |names: &[&str]| topics(&key, names.iter().map(|name| place(&key, name)));
        assert_eq!(of(&["NAME", "CPU/R", "MEM/L"]), []);
        assert_eq!(of(&["CPU", "MEM TREND"]), [Topic::Usage(key.clone())]);
        assert_eq!(of(&["ZONE"]), [Topic::List(ListKey::nodes(&key.context))]);
    }
}
