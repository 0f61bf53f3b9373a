//! What those use that a list shows: asked of `metrics.k8s.io` again and again while somebody looks.

use super::Unreachable;
use super::gate::{Problem, Reader, Trouble};
use super::message::{Message, Subscription};
use super::url::encode;
use crate::kinds::Time;
use crate::kinds::Uid;
use crate::kinds::quantity::nanos;
use crate::kinds::usage::{Figure, Figures};
use serde_json::Value;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

/// How often metrics-server measures, by default: asking more often gives the same figures.
pub const AGAIN: Duration = Duration::from_secs(15);
/// When it is asked again after it did not answer.
const LATER: Duration = Duration::from_mins(1);
/// Where the figures are.
pub const METRICS: &str = "/apis/metrics.k8s.io/v1beta1";

/// Whose figures are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Of nodes; else of pods and their containers.
    pub nodes: bool,
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
        let result = read(&reader, &wanted).await.map_err(|problem| absent(&problem));
        let again = if result.is_ok() { AGAIN } else { LATER };
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
                items.into_iter().flatten().for_each(|item| add(item, &mut figures));
            }
            (Ok(answer), Some(_)) => add(&answer, &mut figures),
            // A young pod is not measured yet. A server without figures does not say so in the name of the pod.
            (Err(problem), Some(pod)) if problem.is_gone() && problem.sentence.contains(pod.as_str()) => {}
            (Err(problem), _) => return Err(problem),
        }
    }
    Ok(figures)
}

impl Wanted {
    fn path(&self, namespace: Option<&str>) -> String {
        let mut path = METRICS.to_owned();
        if let Some(namespace) = namespace.filter(|_| !self.nodes) {
            path.push_str("/namespaces/");
            encode(namespace, &mut path);
        }
        path.push_str(if self.nodes { "/nodes" } else { "/pods" });
        if let Some(pod) = &self.pod {
            path.push('/');
            encode(pod, &mut path);
        } else if let Some(labels) = &self.labels {
            path.push_str("?labelSelector=");
            encode(labels, &mut path);
        }
        path
    }
}

/// Adds the figures of a node, or of a pod and its containers.
fn add(item: &Value, figures: &mut Figures) {
    let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let of = Uid::of_name(text("/metadata/namespace"), text("/metadata/name"));
    let measured = Time::parse(text("/timestamp"));
    figures.measured = figures.measured.into_iter().chain(measured).min();
    let Some(containers) = item.get("containers").and_then(Value::as_array) else {
        return figures.all.push((of, figure(item)));
    };
    let mut sum = Figure::default();
    for container in containers {
        let used = figure(container);
        sum = sum + used;
        let name = container.get("name").and_then(Value::as_str).unwrap_or_default();
        figures.all.push((of.part(name), used));
    }
    figures.all.push((of, sum));
}

/// What stands in `usage`.
fn figure(item: &Value) -> Figure {
    let worth = |name: &str| {
        let text = item.pointer(name).and_then(Value::as_str).unwrap_or_default();
        nanos(text).unwrap_or_default().max(0)
    };
    let number = |worth: i128| u64::try_from(worth).unwrap_or(u64::MAX);
    Figure { cpu: number(worth("/usage/cpu")), memory: number(worth("/usage/memory") / 1_000_000_000) }
}

/// Why there are no figures, and where they would come from.
fn absent(problem: &Problem) -> Unreachable {
    let hint = "install metrics-server, or another that serves it; until then usage is not known";
    match problem.trouble {
        Trouble::Refused(404) => Unreachable {
            sentence: "metrics.k8s.io is not served here".to_owned(),
            hint: hint.to_owned(),
        },
        _ => Unreachable {
            sentence: format!("usage is not known: {}", problem.sentence),
            hint: ":apiservices tell who serves metrics.k8s.io".to_owned(),
        },
    }
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
        let mut figures = Figures::default();
        let usage = |name: &str, cpu: &str| json!({"name": name, "usage": {"cpu": cpu, "memory": "1Mi"}});
        let metadata = json!({"namespace": "shop", "name": "web"});
        add(&json!({"metadata": metadata, "timestamp": "1970-01-01T00:00:09Z", "containers": [usage("a", "1n"), usage("b", "2m")]}), &mut figures);
        add(&json!({"metadata": {"name": "n1"}, "timestamp": "1970-01-01T00:00:05Z", "usage": {"cpu": "3", "memory": "4Ki"}}), &mut figures);
        let web = Uid::of_name("shop", "web");
        let expected = [
            (web.part("a"), Figure { cpu: 1, memory: 1 << 20 }),
            (web.part("b"), Figure { cpu: 2_000_000, memory: 1 << 20 }),
            (web, Figure { cpu: 2_000_001, memory: 2 << 20 }),
            (Uid::of_name("", "n1"), Figure { cpu: 3_000_000_000, memory: 4_096 }),
        ];
        assert_eq!((figures.all.as_slice(), figures.measured), (&expected[..], Some(Time(5))));
    }
}
