//! What those use that a list shows: asked of `metrics.k8s.io` again and again while somebody looks.

use super::Unreachable;
use super::gate::{Problem, Reader, Trouble};
use super::json::text;
use super::message::{Message, Subscription};
use super::url::encode;
use crate::kinds::Time;
use crate::kinds::Uid;
use crate::kinds::quantity::nanos;
use crate::kinds::usage::{Figure, Figures};
use serde_json::Value;
use std::ops::Add;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

/// How often metrics-server measures, by default: asking more often gives the same figures.
pub const AGAIN: Duration = Duration::from_secs(15);
/// When it is asked again where it is not served or may not be read.
const LATER: Duration = Duration::from_mins(1);
/// Where the figures are.
const METRICS: &str = "/apis/metrics.k8s.io/v1beta1";

/// Whose figures are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Of nodes; else of pods.
    pub nodes: bool,
    /// Of the containers of pods, each for itself.
    pub containers: bool,
    /// Only in these namespaces, one request each; `None` is all of them.
    pub namespaces: Vec<Option<String>>,
    /// Only with these labels.
    pub labels: Option<String>,
    /// Only of this pod.
    pub pod: Option<String>,
}

/// Tells what is used until nobody listens any more.
pub async fn follow(reader: Reader, wanted: Wanted, of: Subscription, out: Sender<Message>) {
    loop {
        let (result, again) = match read(&reader, &wanted).await {
            Ok(figures) => (Ok(figures), AGAIN),
            Err(problem) => (Err(absent(&problem)), later(&problem)),
        };
        if out.send(Message::Usage { of, result }).await.is_err() {
            return;
        }
        sleep(again).await;
    }
}

async fn read(reader: &Reader, wanted: &Wanted) -> Result<Figures, Problem> {
    let mut figures = Figures::default();
    for namespace in &wanted.namespaces {
        let answer = reader.get(&wanted.path(namespace.as_deref())).await;
        match (answer, &wanted.pod) {
            (Ok(answer), None) => {
                let items = answer.get("items").and_then(Value::as_array);
                items.into_iter().flatten().for_each(|item| wanted.add(item, &mut figures));
            }
            (Ok(answer), Some(_)) => wanted.add(&answer, &mut figures),
            // A young pod is not measured yet. A server without figures does not say so in the name of the pod.
            (Err(problem), Some(pod)) if problem.is_gone() && problem.sentence.contains(pod.as_str()) => {}
            (Err(problem), _) => return Err(problem),
        }
    }
    Ok(figures)
}

impl Wanted {
    fn path(&self, namespace: Option<&str>) -> String {
        path(self.nodes, namespace, self.pod.as_deref(), self.labels.as_deref())
    }

    /// Adds the figures of a node, of a pod, or of each of its containers.
    fn add(&self, item: &Value, figures: &mut Figures) {
        let of = Uid::of_name(text(item, "/metadata/namespace"), text(item, "/metadata/name"));
        let measured = Time::parse(text(item, "/timestamp"));
        figures.measured = figures.measured.into_iter().chain(measured).min();
        let containers = item.get("containers").and_then(Value::as_array);
        if self.containers {
            let all = containers.into_iter().flatten();
            figures.all.extend(all.map(|container| (of.part(text(container, "/name")), figure(container))));
            return;
        }
        let used =
            containers.map_or_else(|| figure(item), |all| all.iter().map(figure).fold(Figure::default(), Figure::add));
        figures.all.push((of, used));
    }
}

/// Where the figures of nodes are, or those of pods: in a namespace, of one pod, of those with these labels.
pub fn path(nodes: bool, namespace: Option<&str>, pod: Option<&str>, labels: Option<&str>) -> String {
    let mut path = METRICS.to_owned();
    if let Some(namespace) = namespace.filter(|_| !nodes) {
        path.push_str("/namespaces/");
        encode(namespace, &mut path);
    }
    path.push_str(if nodes { "/nodes" } else { "/pods" });
    if let Some(pod) = pod {
        path.push('/');
        encode(pod, &mut path);
    } else if let Some(labels) = labels {
        path.push_str("?labelSelector=");
        encode(labels, &mut path);
    }
    path
}

/// What stands in `usage`.
fn figure(item: &Value) -> Figure {
    let worth = |name: &str| nanos(text(item, name)).unwrap_or_default().max(0);
    let number = |worth: i128| u64::try_from(worth).unwrap_or(u64::MAX);
    Figure { cpu: number(worth("/usage/cpu")), memory: number(worth("/usage/memory") / 1_000_000_000) }
}

/// When it is asked again after it failed so.
fn later(problem: &Problem) -> Duration {
    if matches!(problem.trouble, Trouble::Refused(_)) && !problem.is_away() { LATER } else { AGAIN }
}

/// Why nobody can tell what is used: nothing serves the figures, or what shall serve them does not answer the aggregator.
pub fn unserved(problem: &Problem) -> Option<String> {
    let away = || format!("what serves metrics.k8s.io does not answer: {}", problem.sentence);
    let gone = problem.is_gone().then(|| "metrics.k8s.io is not served here".to_owned());
    gone.or_else(|| problem.is_away().then(away))
}

/// Why there are no figures, and where they would come from.
fn absent(problem: &Problem) -> Unreachable {
    let hint = if problem.is_gone() {
        "install metrics-server, or another that serves it; until then usage is not known"
    } else {
        ":apiservices tell who serves metrics.k8s.io"
    };
    let why = || format!("usage is not known: {}", problem.sentence);
    Unreachable { sentence: unserved(problem).unwrap_or_else(why), hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn figures_are_asked_for_in_one_list() {
        let path = |wanted: &Wanted, namespace| wanted.path(namespace).replace(METRICS, "");
        let pods = Wanted { labels: Some("a=b".to_owned()), ..Wanted::default() };
        assert_eq!(path(&pods, Some("shop")), "/namespaces/shop/pods?labelSelector=a%3Db");
        assert_eq!(path(&pods, None), "/pods?labelSelector=a%3Db");
        assert_eq!(path(&Wanted { nodes: true, ..Wanted::default() }, None), "/nodes");
        let pod = Wanted { pod: Some("web-1".to_owned()), ..Wanted::default() };
        assert_eq!(path(&pod, Some("shop")), "/namespaces/shop/pods/web-1");
    }

    #[test]
    fn a_pod_uses_what_its_containers_use() {
        let usage = |name: &str, cpu: &str| json!({"name": name, "usage": {"cpu": cpu, "memory": "1Mi"}});
        let containers = [usage("a", "1n"), usage("b", "2m")];
        let pod = json!({"metadata": {"namespace": "shop", "name": "web"}, "timestamp": "1970-01-01T00:00:09Z",
            "containers": containers});
        let node = json!({"metadata": {"name": "n1"}, "timestamp": "1970-01-01T00:00:05Z",
            "usage": {"cpu": "3", "memory": "4Ki"}});
        let figures = |containers: bool| {
            let mut figures = Figures::default();
            let wanted = Wanted { containers, ..Wanted::default() };
            for item in [&pod, &node] {
                wanted.add(item, &mut figures);
            }
            figures
        };
        let web = Uid::of_name("shop", "web");
        let n1 = (Uid::of_name("", "n1"), Figure { cpu: 3_000_000_000, memory: 4_096 });
        let sum = (web, Figure { cpu: 2_000_001, memory: 2 << 20 });
        assert_eq!(figures(false), Figures { all: vec![sum, n1], measured: Some(Time(5)) });
        let each = [("a", 1), ("b", 2_000_000)].map(|(name, cpu)| (web.part(name), Figure { cpu, memory: 1 << 20 }));
        assert_eq!(figures(true).all, each);
    }
}
