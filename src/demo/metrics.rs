//! `metrics.k8s.io`: how much nodes and pods use, made up but steady, for `kubectl top`. It swings slowly, each at its pace.

use serde_json::{Value, json};

use super::answer::{Answer, Failure, Outcome};
use super::clock::stamp;
use super::json::{Random, list, set, text};
use super::request::Request;
use super::resource;
use super::select::Selector;
use super::world::World;

/// The group; unserved, it is as if nobody had installed it.
const GROUP: &str = "metrics.k8s.io";
/// Seconds between two figures.
const WINDOW: i64 = 15;

/// Answers requests for figures; none when the path is about something else.
pub fn answer(world: &World, request: &Request) -> Option<Outcome> {
    let parts = request.parts();
    let ["apis", GROUP, "v1beta1", rest @ ..] = parts.as_slice() else { return None };
    if !world.faults.serves(GROUP) {
        return None;
    }
    let (plural, namespace, name) = match rest {
        ["nodes"] => ("nodes", None, None),
        ["nodes", name] => ("nodes", None, Some(*name)),
        ["pods"] => ("pods", None, None),
        ["namespaces", namespace, "pods"] => ("pods", Some(*namespace), None),
        ["namespaces", namespace, "pods", name] => ("pods", Some(*namespace), Some(*name)),
        _ => return None,
    };
    Some(request.selector().and_then(|selector| figures(world, plural, (namespace, name, &selector))))
}

type Whose<'a> = (Option<&'a str>, Option<&'a str>, &'a Selector);

fn figures(world: &World, plural: &str, (namespace, name, selector): Whose) -> Outcome {
    let shown = world.store.all(plural).filter(|((ns, own), object)| {
        namespace.is_none_or(|wanted| wanted == ns)
            && name.is_none_or(|wanted| wanted == own)
            && selector.matches(object)
    });
    let alive = shown.filter(|(_, object)| plural == "nodes" || text(object, "/status/phase") == "Running");
    let items: Vec<Value> = alive.map(|(_, object)| figure(world, plural, object)).collect();
    match (name, items.first()) {
        (Some(_), Some(item)) => Ok(Answer::json(200, item)),
        (Some(name), None) => {
            Err(resource::named(plural).map_or_else(Failure::no_path, |r| Failure::not_found(r, name)))
        }
        (None, _) => {
            let kind = if plural == "nodes" { "NodeMetricsList" } else { "PodMetricsList" };
            let list = json!({"kind": kind, "apiVersion": "metrics.k8s.io/v1beta1", "metadata": {}, "items": items});
            Ok(Answer::json(200, &list))
        }
    }
}

/// The most that a container uses, in thousandths of a core and mebibytes: a little more CPU than it asks for, and no more
/// memory than it may.
fn most(container: &Value) -> (u64, u64) {
    let number = |path: &str, unit: &str| text(container, path).strip_suffix(unit)?.parse::<u64>().ok();
    let cpu = number("/resources/requests/cpu", "m").map_or(250, |cpu| cpu * 9 / 10);
    let memory = number("/resources/limits/memory", "Mi").or_else(|| number("/resources/requests/memory", "Mi"));
    (cpu, memory.unwrap_or(256) * 9 / 10)
}

/// From 0 to 100 and back in `pace` steps.
fn wave(step: u64, pace: u64) -> u64 {
    let at = step % pace;
    at.min(pace - at) * 200 / pace
}

fn figure(world: &World, plural: &str, object: &Value) -> Value {
    let now = world.now();
    let mut figure = json!({
        "apiVersion": "metrics.k8s.io/v1beta1", "timestamp": stamp(now), "window": "15s",
        "metadata": {"name": text(object, "/metadata/name"), "labels": object.pointer("/metadata/labels")},
    });
    let usage = |name: &str, (cpu, memory): (u64, u64)| {
        let mut steady = Random::of(&format!("{}{name}", text(object, "/metadata/uid")));
        let (cpu, memory) = (steady.between(cpu / 10, cpu), steady.between(memory / 4, memory));
        let (pace, begin) = (steady.between(6, 30), steady.between(0, 30));
        let tick = u64::try_from(now.as_second() / WINDOW).unwrap_or_default();
        let swing = wave(tick + begin, pace);
        let cpu = cpu * (600 + swing * 8) * 1_000;
        let memory = memory * (960 + swing) * 1_024 / 1_000;
        json!({"cpu": format!("{cpu}n"), "memory": format!("{memory}Ki")})
    };
    if plural == "nodes" {
        set(&mut figure, "/kind", "NodeMetrics");
        let cores: u64 = text(object, "/status/capacity/cpu").parse().unwrap_or(4);
        let memory = text(object, "/status/capacity/memory").trim_end_matches("Ki").parse().unwrap_or(0_u64) / 1_024;
        set(&mut figure, "/usage", usage("node", (cores * 700, memory * 4 / 5)));
        return figure;
    }
    set(&mut figure, "/kind", "PodMetrics");
    set(&mut figure, "/metadata/namespace", text(object, "/metadata/namespace"));
    let of = |container: &Value| {
        let name = text(container, "/name");
        json!({"name": name, "usage": usage(name, most(container))})
    };
    let containers: Vec<Value> = list(object, "/spec/containers").iter().map(of).collect();
    set(&mut figure, "/containers", containers);
    figure
}
