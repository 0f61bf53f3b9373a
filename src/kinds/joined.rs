//! `Joined`: a column that is filled from elsewhere than the object: what it uses, beside what it asks for, and where its
//! node is. Such columns stand behind those of a kind, all of them as soon as one was chosen.

use super::cell::{Cell, Tone};
use super::describe::Json;
use super::kind::Width::{Fit, Spare};
use super::kind::{AnyKind, Heading, Place, Width};
use super::quantity::Quantity;
use super::resources::{self, Amounts, Of};
use super::row::Row;
use super::usage::Amount;
use serde_json::Value;

/// What usage is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// What is asked for.
    Requests,
    /// What may be used at most.
    Limits,
    /// What a node can give to pods.
    Allocatable,
}

/// What a column shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// What is used.
    Used(Amount),
    /// What was used of late.
    Trend(Amount),
    /// A bound, which is read from the object.
    Bound(Amount, Bound),
    /// How many hundredths of a bound are used.
    Share(Amount, Bound),
    /// The zone of the pod's node.
    Zone,
}

impl Join {
    /// Whether it needs what is measured.
    pub const fn is_measured(self) -> bool {
        matches!(self, Self::Used(_) | Self::Trend(_) | Self::Share(..))
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Its heading.
    pub heading: Heading,
    /// What it shows.
    pub join: Join,
    /// Whether it is among those that `usage` shows.
    pub usual: bool,
}

/// The columns that can be joined to a kind.
pub struct Joinable {
    /// Which.
    pub columns: &'static [Joined],
    /// What of an object their bounds are read from.
    pub paths: &'static [&'static str],
    /// The bounds of the object that a row of this name is read from.
    bounds: fn(Json<'_>, &str, Bound) -> Amounts,
}

impl std::fmt::Debug for Joinable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.columns.iter().map(|joined| &joined.heading.name)).finish()
    }
}

/// Those of pods.
pub static PODS: Joinable = Joinable { columns: OF_PODS, paths: POD_PATHS, bounds: |pod, _, bound| of_pod(pod, bound) };
/// Those of the containers of a pod.
pub static CONTAINERS: Joinable =
    Joinable { columns: OF_PODS.split_at(OF_PODS.len() - 1).0, paths: POD_PATHS, bounds: of_container };
/// Those of nodes.
pub static NODES: Joinable = Joinable {
    columns: OF_NODES,
    paths: &["status.allocatable", "status.capacity"],
    bounds: |node, _, _| of_node(node),
};

const OF_PODS: &[Joined] = &[
    usual(figure("CPU", Fit(10), Join::Used(Amount::Cpu))),
    figure("CPU/R", Fit(8), Join::Bound(Amount::Cpu, Bound::Requests)),
    figure("CPU/L", Fit(8), Join::Bound(Amount::Cpu, Bound::Limits)),
    usual(figure("%CPU/R", Spare(8, 3), Join::Share(Amount::Cpu, Bound::Requests))),
    usual(figure("%CPU/L", Spare(8, 2), Join::Share(Amount::Cpu, Bound::Limits))),
    usual(left("CPU TREND", Spare(20, 0), Join::Trend(Amount::Cpu))),
    usual(figure("MEM", Fit(10), Join::Used(Amount::Memory))),
    figure("MEM/R", Fit(10), Join::Bound(Amount::Memory, Bound::Requests)),
    figure("MEM/L", Fit(10), Join::Bound(Amount::Memory, Bound::Limits)),
    usual(figure("%MEM/R", Spare(8, 2), Join::Share(Amount::Memory, Bound::Requests))),
    usual(figure("%MEM/L", Spare(8, 3), Join::Share(Amount::Memory, Bound::Limits))),
    left("MEM TREND", Spare(20, 0), Join::Trend(Amount::Memory)),
    left("ZONE", Fit(32), Join::Zone),
];

const OF_NODES: &[Joined] = &[
    usual(figure("CPU", Fit(10), Join::Used(Amount::Cpu))),
    figure("CPU/A", Fit(8), Join::Bound(Amount::Cpu, Bound::Allocatable)),
    usual(figure("%CPU", Spare(8, 2), Join::Share(Amount::Cpu, Bound::Allocatable))),
    usual(left("CPU TREND", Spare(20, 0), Join::Trend(Amount::Cpu))),
    usual(figure("MEM", Fit(10), Join::Used(Amount::Memory))),
    figure("MEM/A", Fit(10), Join::Bound(Amount::Memory, Bound::Allocatable)),
    usual(figure("%MEM", Spare(8, 2), Join::Share(Amount::Memory, Bound::Allocatable))),
    left("MEM TREND", Spare(20, 0), Join::Trend(Amount::Memory)),
];

/// What the bounds of pods and their containers are read from.
const POD_PATHS: &[&str] = &[
    "spec.containers[*].name",
    "spec.containers[*].resources",
    "spec.initContainers[*].name",
    "spec.initContainers[*].restartPolicy",
    "spec.initContainers[*].resources",
    "spec.resources",
    "spec.overhead",
    "status.conditions",
    "status.containerStatuses[*].name",
    "status.containerStatuses[*].resources",
    "status.containerStatuses[*].allocatedResources",
    "status.initContainerStatuses[*].name",
    "status.initContainerStatuses[*].resources",
    "status.initContainerStatuses[*].allocatedResources",
];

/// A column of texts. It stands nowhere unless it was chosen.
const fn left(name: &'static str, width: Width, join: Join) -> Joined {
    let name = std::borrow::Cow::Borrowed(name);
    Joined { heading: Heading { name, width, place: Place::Nowhere, right: false }, join, usual: false }
}

/// A column of numbers.
const fn figure(name: &'static str, width: Width, join: Join) -> Joined {
    let mut column = left(name, width, join);
    column.heading.right = true;
    column
}

const fn usual(mut column: Joined) -> Joined {
    column.usual = true;
    column
}

/// The headings from which the columns of a kind are chosen: those that its list has, and those that can be joined.
pub fn choosable(kind: &dyn AnyKind, headings: &[Heading]) -> Vec<Heading> {
    let more = kind.joinable().filter(|_| kind.joined().is_none()).map_or(&[][..], |joinable| joinable.columns);
    headings.iter().chain(more.iter().map(|joined| &joined.heading)).cloned().collect()
}

impl Joinable {
    /// What is joined at `column` of a table, of whose columns `first` is the first joined one.
    pub fn column(&self, first: usize, column: usize) -> Option<&'static Joined> {
        self.columns.get(column.checked_sub(first)?)
    }

    /// The cells of its columns in a row called `name` that is read from `object`; what is measured is not known yet.
    pub fn extend(&self, object: &Value, row: &mut Row) {
        let read = |bound| (self.bounds)(Json::of(object), &row.name, bound);
        let known = [Bound::Requests, Bound::Limits, Bound::Allocatable].map(|bound| {
            let asked = |joined: &Joined| matches!(joined.join, Join::Bound(_, of) if of == bound);
            (bound, if self.columns.iter().any(asked) { read(bound) } else { Amounts::new() })
        });
        let cell = |joined: &Joined| match joined.join {
            Join::Bound(amount, bound) => {
                let amounts = known.iter().find(|(of, _)| *of == bound).map(|(_, amounts)| amounts);
                amounts
                    .and_then(|amounts| amounts.get(amount.name()))
                    .map_or_else(nothing, |quantity| written(*quantity))
            }
            _ => nothing(),
        };
        let cells: Vec<Cell> = self.columns.iter().map(cell).collect();
        row.cells.extend(cells);
    }
}

/// Nothing is known, or nothing was said. As a quantity it stands before all others when sorted.
pub fn nothing() -> Cell {
    Cell::quantity("-").tone(Tone::Quiet)
}

fn written(quantity: Quantity) -> Cell {
    Cell::quantity(quantity.to_string()).tone(Tone::Quiet)
}

fn of_pod(pod: Json<'_>, bound: Bound) -> Amounts {
    match bound {
        Bound::Requests => resources::amounts(pod, Of::Requests, true),
        Bound::Limits => resources::amounts(pod, Of::Limits, true),
        Bound::Allocatable => Amounts::new(),
    }
}

fn of_container(pod: Json<'_>, name: &str, bound: Bound) -> Amounts {
    let which = if bound == Bound::Limits { Of::Limits } else { Of::Requests };
    let all = ["spec.containers", "spec.initContainers"].map(|path| pod.at(path).list());
    let found = all.into_iter().flatten().find(|container| container.at("name").text() == name);
    found.map(|container| resources::read(container.at("resources").at(which.key()))).unwrap_or_default()
}

/// As `kubectl describe node`: a node that says nothing of what it can give gives all that it has.
fn of_node(node: Json<'_>) -> Amounts {
    let status = node.at("status");
    let allocatable = status.at("allocatable");
    resources::read(if allocatable.is_empty() { status.at("capacity") } else { allocatable })
}

#[cfg(test)]
mod tests {
    use super::super::Time;
    use super::super::own::Own;
    use super::super::{Server, containers::Containers, nodes::Nodes, pods::Pods};
    use super::*;
    use serde_json::json;

    /// The joined cells of each row by their headings.
    fn cells(base: &'static dyn AnyKind, object: &Value, names: &[&str]) -> Vec<Vec<String>> {
        let own = Own::new(base, Vec::new(), 1).unwrap().joined_to();
        let (first, joinable) = own.joined().unwrap();
        let mut rows = Vec::new();
        own.read(object.to_string().as_bytes(), Server::default(), &mut rows).unwrap();
        let place = |name: &str| joinable.columns.iter().position(|joined| joined.heading.name == name).unwrap();
        let shown = |row: &Row| names.iter().map(|name| row.cells[first + place(name)].show(Time(0))).collect();
        assert!(rows.iter().all(|row| row.cells.len() == own.headings().len()));
        rows.iter().map(shown).collect()
    }

    #[test]
    fn bounds_are_read_from_the_object() {
        let ask = |name: &str, cpu: &str, limit: &str| json!({"name": name, "resources": {"requests": {"cpu": cpu}, "limits": {"memory": limit}}});
        let pod = json!({"metadata": {"name": "web"}, "spec": {
            "containers": [ask("a", "200m", "1Gi"), ask("b", "0.3", "512Mi")],
            "initContainers": [ask("early", "1", "64Mi")]}});
        let names = ["CPU", "CPU/R", "CPU/L", "MEM/L"];
        assert_eq!(cells(&Pods, &pod, &[&names[..], &["ZONE"]].concat()), [["-", "1", "-", "1536Mi", "-"]]);
        let each = [["-", "1", "-", "64Mi"], ["-", "200m", "-", "1Gi"], ["-", "300m", "-", "512Mi"]];
        assert_eq!(cells(&Containers, &pod, &names), each);
        let node = json!({"metadata": {"name": "n"}, "status": {"allocatable": {"cpu": "3920m", "memory": "7Gi"}}});
        assert_eq!(cells(&Nodes, &node, &["%CPU", "CPU/A", "MEM/A"]), [["-", "3920m", "7Gi"]]);
    }
}
