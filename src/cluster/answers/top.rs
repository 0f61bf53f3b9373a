//! What nodes and pods use, as `kubectl top` 1.36 prints it, with what they have, ask for and may use beside it.

use super::ask::{Answered, Asked, Question, Watched};
use super::sight::{Sight, items, named, text};
use super::usage::{self, Bounded, Bounds, Usage, bounded, bounds_by};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::cluster::usage::{AGAIN, path, unserved};
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::usage::strain;
use crate::kinds::{Cell, Time, Tone, nodes, pods};
use futures::future::BoxFuture;
use serde_json::Value;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Who uses how much?
pub struct Top;

impl Question for Top {
    fn name(&self) -> &'static str {
        "top"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let wanted = Wanted::parse(&asked.argument)?;
            let mut sight = Sight::new(reader, asked);
            let answer = match reader.get(&wanted.path()).await {
                Ok(figures) => {
                    let figures: Vec<Value> = items(&figures, "/items").to_vec();
                    let of = Watched { labels: wanted.labels.clone(), ..wanted.objects() };
                    let objects = sight.read(&of).await?;
                    let mut answer = Answer::default();
                    measured(&figures, &mut answer);
                    if wanted.nodes {
                        let pods = sight.read(&Watched::all(&pods::Pods, None)).await?;
                        let lines = of_nodes(&sight, &wanted, (&figures, &objects, &bounded(&pods)));
                        answer.table(0, lines);
                    } else {
                        let pods = bounded(&objects);
                        answer.table(0, of_pods(&sight, &wanted, (&figures, &pods)));
                        by_namespace(&wanted, (&figures, &pods), &mut answer);
                    }
                    answer
                }
                Err(problem) => absent(&unserved(&problem).ok_or(problem)?),
            };
            Ok(Answered { watch: Vec::new(), again: Some(AGAIN), ..sight.answered(answer) })
        })
    }
}

/// What was asked for.
#[derive(Debug, Default, PartialEq)]
struct Wanted {
    nodes: bool,
    name: Option<String>,
    namespace: Option<String>,
    labels: Option<String>,
    by: Option<By>,
    containers: bool,
    capacity: bool,
}

/// By what to sort, the greatest first.
#[derive(Debug, Clone, Copy, PartialEq)]
enum By {
    Cpu,
    Memory,
}

impl Wanted {
    /// Reads kubectl's arguments.
    fn parse(line: &str) -> Result<Self, Problem> {
        let wrong = |word: &str| {
            let hint = "top nodes|pods [NAME] [-n NAMESPACE|-A] [-l LABELS] [--containers] [--sort-by=cpu|memory]";
            Problem::new(format!("top does not know \"{}\"", crate::text::safe(word)), hint)
        };
        let mut wanted = Self::default();
        let mut words = line.split_whitespace();
        let what = words.next().unwrap_or("pods");
        wanted.nodes = match what {
            "node" | "nodes" | "no" => true,
            "pod" | "pods" | "po" => false,
            _ => return Err(wrong(what)),
        };
        while let Some(word) = words.next() {
            match word {
                "-n" | "--namespace" => wanted.namespace = words.next().map(str::to_owned),
                "-l" | "--selector" => wanted.labels = words.next().map(str::to_owned),
                "-A" | "--all-namespaces" | "--sum" => {}
                "--containers" => wanted.containers = true,
                "--show-capacity" => wanted.capacity = true,
                "--sort-by=cpu" => wanted.by = Some(By::Cpu),
                "--sort-by=memory" => wanted.by = Some(By::Memory),
                name if !name.starts_with('-') => wanted.name = Some(name.to_owned()),
                _ => return Err(wrong(word)),
            }
        }
        Ok(wanted)
    }

    /// Where the figures are.
    fn path(&self) -> String {
        path(self.nodes, self.namespace.as_deref(), None, self.labels.as_deref())
    }

    /// The objects that the figures are about.
    fn objects(&self) -> Watched {
        if self.nodes {
            Watched::all(&nodes::Nodes, None)
        } else {
            Watched::all(&pods::Pods, self.namespace.as_deref())
        }
    }

    /// Sorts as kubectl: by name, or the greatest first.
    fn sort<T>(&self, all: &mut [T], usage: impl Fn(&T) -> Usage) {
        match self.by {
            Some(By::Cpu) => all.sort_by_key(|one| Reverse(usage(one).cpu)),
            Some(By::Memory) => all.sort_by_key(|one| Reverse(usage(one).memory)),
            None => {}
        }
    }

    fn names(&self, name: &str) -> bool {
        self.name.as_ref().is_none_or(|wanted| wanted == name)
    }
}

/// Why there are no figures, and where they would come from.
fn absent(why: &str) -> Answer {
    let mut answer = Answer::default();
    answer.push(Line::of([Piece::text("Metrics API not available", Tone::Warn)]));
    answer.push(Line::of([Piece::text(why, Tone::Quiet)]).below(1));
    let ways = Piece::text("who serves which API stands in apiservices (enter)", Tone::Quiet);
    answer.push(Line::of([ways]).below(1).to(To::Place("apiservices".to_owned())));
    answer
}

/// How old the oldest figure is, and over which time it was taken.
fn measured(figures: &[Value], answer: &mut Answer) {
    let oldest = figures.iter().filter_map(|figure| Time::parse(text(figure, "/timestamp"))).min();
    let Some(oldest) = oldest else {
        answer.push(Line::of([Piece::text("no figures yet", Tone::Quiet)]));
        return;
    };
    let window = figures.first().map_or("", |figure| text(figure, "/window"));
    let words = |text: &str| Piece::text(text, Tone::Quiet);
    let over = format!(" ago over {window}");
    answer.push(Line::of([words("measured "), Cell::since(Some(oldest)).tone(Tone::Quiet).into(), words(&over)]));
}

fn heads(names: &[&str]) -> (Vec<Piece>, To) {
    (names.iter().map(|name| Piece::heading(name)).collect(), To::Nowhere)
}

const BOUNDS: [&str; 4] = ["CPU REQUESTS", "MEMORY REQUESTS", "CPU LIMITS", "MEMORY LIMITS"];

type Rows = Vec<(Vec<Piece>, To)>;

/// A node: its figures, what it has, and what its pods ask for and may use.
struct Node<'a> {
    object: &'a Value,
    used: Option<Usage>,
    has: Usage,
    bounds: Bounds,
}

fn of_nodes(sight: &Sight<'_>, wanted: &Wanted, (figures, objects, all): (&[Value], &[Value], &[Bounded])) -> Rows {
    let has = if wanted.capacity { "/status/capacity" } else { "/status/allocatable" };
    let used: HashMap<&str, Usage> =
        figures.iter().map(|figure| (text(figure, "/metadata/name"), Usage::of(at(figure, "/usage")))).collect();
    let bounds = bounds_by(all, |pod| text(pod, "/spec/nodeName"));
    let node = |object| {
        let name = text(object, "/metadata/name");
        let bounds = bounds.get(name).copied().unwrap_or_default();
        Node { object, used: used.get(name).copied(), has: Usage::of(at(object, has)), bounds }
    };
    let mut nodes: Vec<Node> =
        objects.iter().filter(|object| wanted.names(text(object, "/metadata/name"))).map(node).collect();
    // kubectl tells those without figures last.
    nodes.sort_by_key(|node| (node.used.is_none(), text(node.object, "/metadata/name").to_owned()));
    wanted.sort(&mut nodes, |node| node.used.unwrap_or_default());
    let names = ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)", "CPU", "MEMORY"];
    let mut rows = vec![heads(&[&names[..], &BOUNDS].concat())];
    rows.extend(nodes.iter().map(|node| (node.pieces(text(node.object, "/metadata/name")), to(sight, node.object))));
    let total = Node {
        object: &Value::Null,
        used: Some(nodes.iter().filter_map(|node| node.used).sum()),
        has: nodes.iter().map(|node| node.has).sum(),
        bounds: nodes.iter().map(|node| node.bounds).sum(),
    };
    rows.push((total.pieces("TOTAL"), To::Nowhere));
    rows
}

fn to(sight: &Sight<'_>, node: &Value) -> To {
    let row = sight.row(&nodes::Nodes, node);
    row.map_or(To::Nowhere, |row| To::row(crate::kinds::AnyKind::names(&nodes::Nodes), &row))
}

impl Node<'_> {
    fn pieces(&self, name: &str) -> Vec<Piece> {
        let mut pieces = vec![Piece::from(Cell::text(name))];
        match self.used {
            Some(used) => {
                let [cpu, memory] = used.cells();
                let shares = [used.cpu.percent_of(self.has.cpu), used.memory.percent_of(self.has.memory)].map(share);
                let [of_cpu, of_memory] = shares;
                pieces.extend([cpu, of_cpu, memory, of_memory].map(Piece::from));
            }
            None => pieces.extend((0..4).map(|_| Piece::text("<unknown>", Tone::Quiet))),
        }
        pieces.extend(self.has.cells().map(|cell| Piece::from(cell.tone(Tone::Quiet))));
        pieces.extend(self.bounds.pieces());
        pieces
    }
}

/// `42%`
fn share(percent: i128) -> Cell {
    Cell::text(format!("{percent}%")).tone(strain(percent))
}

/// A line of the table of pods, or of one of their containers.
struct Consumer<'a> {
    figure: &'a Value,
    container: Option<&'a str>,
    used: Usage,
}

fn of_pods(sight: &Sight<'_>, wanted: &Wanted, (figures, pods): (&[Value], &[Bounded])) -> Rows {
    let mut figures: Vec<&Value> =
        figures.iter().filter(|figure| wanted.names(text(figure, "/metadata/name"))).collect();
    figures.sort_by_key(|figure| place(figure));
    wanted.sort(&mut figures, |figure| usage::of_pod(figure));
    let mut names = vec!["NAMESPACE", "POD", "NAME", "CPU(cores)", "MEMORY(bytes)"];
    names.extend(BOUNDS);
    names.retain(|name| match *name {
        "NAMESPACE" => wanted.namespace.is_none(),
        "POD" => wanted.containers,
        _ => true,
    });
    let mut rows = vec![heads(&names)];
    let by_place: HashMap<(&str, &str), Bounded> = pods.iter().map(|pod| (place(pod.0), *pod)).collect();
    for figure in &figures {
        let pod = by_place.get(&place(figure)).copied();
        let mut used: Vec<Consumer> = lines(figure, wanted.containers);
        wanted.sort(&mut used, |used| used.used);
        rows.extend(used.into_iter().map(|used| used.row(sight, wanted, pod)));
    }
    let total: Usage = figures.iter().map(|figure| usage::of_pod(figure)).sum();
    let before = names.len() - BOUNDS.len() - 3;
    let blank = (0..before).map(|_| Cell::text("").into());
    let total = std::iter::once(Piece::from(Cell::text("TOTAL"))).chain(total.cells().map(Piece::from));
    let measured = figures.iter().filter_map(|figure| by_place.get(&place(figure)));
    let bounds: Bounds = measured.map(|(_, bounds)| *bounds).sum();
    rows.push((blank.chain(total).chain(bounds.pieces()).collect(), To::Nowhere));
    rows
}

/// Namespace and name.
fn place(object: &Value) -> (&str, &str) {
    (text(object, "/metadata/namespace"), text(object, "/metadata/name"))
}

/// The lines of a pod: one, or one for each container by its name, as kubectl has them.
fn lines(figure: &Value, containers: bool) -> Vec<Consumer<'_>> {
    if !containers {
        return vec![Consumer { figure, container: None, used: usage::of_pod(figure) }];
    }
    let line = |container| {
        let used = Usage::of(at(container, "/usage"));
        Consumer { figure, container: Some(text(container, "/name")), used }
    };
    let mut lines: Vec<Consumer<'_>> = items(figure, "/containers").iter().map(line).collect();
    lines.sort_by_key(|line| line.container);
    lines
}

impl Consumer<'_> {
    fn row(self, sight: &Sight<'_>, wanted: &Wanted, pod: Option<Bounded>) -> (Vec<Piece>, To) {
        let (namespace, name) = place(self.figure);
        let mut pieces: Vec<Piece> = Vec::new();
        pieces.extend(wanted.namespace.is_none().then(|| Cell::text(namespace).into()));
        pieces.push(Cell::text(name).into());
        pieces.extend(self.container.map(|container| Cell::text(container).into()));
        pieces.extend(self.used.cells().map(Piece::from));
        if let Some((object, bounds)) = pod {
            pieces.extend(self.container.map_or(bounds, |name| Bounds::of_container(object, name)).pieces());
        }
        let row = pod.and_then(|(object, _)| sight.row(&pods::Pods, object));
        let names = crate::kinds::AnyKind::names(&pods::Pods);
        let to = row.map_or_else(|| To::Object(named(&pods::Pods, namespace, name)), |row| To::row(names, &row));
        (pieces, to)
    }
}

/// The totals of namespaces, where there are several.
fn by_namespace(wanted: &Wanted, (figures, pods): (&[Value], &[Bounded]), answer: &mut Answer) {
    if wanted.namespace.is_some() || wanted.name.is_some() {
        return;
    }
    let mut totals: BTreeMap<&str, Usage> = BTreeMap::new();
    for figure in figures {
        let total = totals.entry(text(figure, "/metadata/namespace")).or_default();
        *total = *total + usage::of_pod(figure);
    }
    let mut totals: Vec<(&str, Usage)> = totals.into_iter().collect();
    wanted.sort(&mut totals, |(_, total)| *total);
    answer.push(Line::default());
    let bounds = bounds_by(pods, |pod| text(pod, "/metadata/namespace"));
    let row = |(namespace, total): &(&str, Usage)| {
        let used = std::iter::once(Cell::text(*namespace)).chain(total.cells()).map(Piece::from);
        let bounds = bounds.get(namespace).copied().unwrap_or_default();
        (used.chain(bounds.pieces()).collect(), To::Place(format!("top pods -n {namespace}")))
    };
    let head = heads(&[&["NAMESPACE", "CPU(cores)", "MEMORY(bytes)"], &BOUNDS[..]].concat());
    answer.table(0, std::iter::once(head).chain(totals.iter().map(row)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_kubectls() {
        let path = |line: &str| Wanted::parse(line).map(|wanted| wanted.path()).unwrap();
        assert_eq!(path("nodes -n shop"), "/apis/metrics.k8s.io/v1beta1/nodes");
        assert_eq!(
            path("pods -n a/b -l a=b"),
            "/apis/metrics.k8s.io/v1beta1/namespaces/a%2Fb/pods?labelSelector=a%3Db"
        );
        assert_eq!(path(""), "/apis/metrics.k8s.io/v1beta1/pods");
        assert_eq!(Wanted::parse("no w1 --sort-by=memory").unwrap().by, Some(By::Memory));
        assert!(Wanted::parse("services").is_err() && Wanted::parse("pods --what").is_err());
    }
}
