//! Tables: what kubectl prints, as the server tells it.

use super::World;
use super::format::{Include, Item};
use crate::catalog::Sort;
use crate::data::{Cluster, Pod, State};
use crate::things::{Thing, replicas, service_ip};
use serde::de::IgnoredAny;
use serde_json::{Deserializer, Value, json};

/// A column: its name, its type, and whether it stands only in the wide table.
type Column = (&'static str, &'static str, bool);

const NAME: Column = ("Name", "string", false);
const AGE: Column = ("Age", "string", false);

/// The columns of a kind.
fn columns(plural: &str) -> Vec<Column> {
    let text = |name| (name, "string", false);
    let number = |name| (name, "integer", false);
    let wide = |name| (name, "string", true);
    match plural {
        "pods" => vec![
            NAME,
            text("Ready"),
            text("Status"),
            text("Restarts"),
            AGE,
            wide("IP"),
            wide("Node"),
            wide("Nominated Node"),
            wide("Readiness Gates"),
        ],
        "nodes" => vec![NAME, text("Status"), text("Roles"), AGE, text("Version"), wide("Internal-IP")],
        "namespaces" => vec![NAME, text("Status"), AGE],
        "services" => vec![NAME, text("Type"), text("Cluster-IP"), text("External-IP"), text("Port(s)"), AGE],
        "deployments" => vec![NAME, text("Ready"), number("Up-to-date"), number("Available"), AGE],
        "replicasets" => vec![NAME, number("Desired"), number("Current"), number("Ready"), AGE],
        "endpointslices" => vec![NAME, text("AddressType"), text("Ports"), text("Endpoints"), AGE],
        "events" => vec![text("Last Seen"), text("Type"), text("Reason"), text("Object"), text("Message")],
        _ => vec![NAME, AGE],
    }
}

/// The beginning of a Table, up to its rows; the columns are told once in a watch.
pub fn head(sort: &Sort, metadata: &Value, with_columns: bool) -> String {
    let column = |(name, kind, wide): Column| {
        let format = if name == "Name" { "name" } else { "" };
        json!({"name": name, "type": kind, "format": format, "description": "", "priority": i32::from(wide)})
    };
    let columns = with_columns.then(|| columns(sort.plural).into_iter().map(column).collect::<Vec<_>>());
    let columns = json!(columns);
    format!(
        r#"{{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{metadata},"columnDefinitions":{columns},"rows":["#
    )
}

/// Appends the row of an object.
pub fn row(world: &World, item: &Item<'_>, include: Include, out: &mut Vec<u8>) {
    let cells = json!(cells(&world.writer.cluster, item));
    out.extend_from_slice(format!(r#"{{"cells":{cells},"object":"#).as_bytes());
    match include {
        Include::Nothing => out.extend_from_slice(b"null"),
        Include::Object => {
            let head = format!(r#"{{"kind":"{}","apiVersion":"{}","#, item.sort.kind, item.sort.api_version());
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(item.json.get(1..).unwrap_or_default());
        }
        Include::Metadata => {
            out.extend_from_slice(br#"{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":"#);
            out.extend_from_slice(metadata(item.json));
            out.push(b'}');
        }
    }
    out.push(b'}');
}

/// The metadata of an object, which its JSON begins with.
fn metadata(json: &[u8]) -> &[u8] {
    let rest = json.get(br#"{"metadata":"#.len()..).unwrap_or_default();
    let mut values = Deserializer::from_slice(rest).into_iter::<IgnoredAny>();
    values.next();
    rest.get(..values.byte_offset()).unwrap_or_default()
}

/// The cells of an object.
fn cells(cluster: &Cluster, item: &Item<'_>) -> Vec<Value> {
    if item.sort.is_pods() {
        return of_pod(cluster, &cluster.pod(item.index, item.change));
    }
    let thing = Thing::new(cluster, item.sort, item.index);
    let age = json!(age(cluster.now - thing.pod.created));
    let name = json!(thing.name());
    match item.sort.plural {
        "nodes" => vec![name, json!("Ready"), json!("<none>"), age, json!("v1.36.3"), json!(thing.pod.host)],
        "namespaces" => vec![name, json!("Active"), age],
        "services" => {
            vec![name, json!("ClusterIP"), json!(service_ip(item.index)), json!("<none>"), json!("80/TCP"), age]
        }
        "deployments" => {
            let (all, ready) = replicas(&thing, cluster);
            vec![name, json!(format!("{ready}/{all}")), json!(all), json!(ready), age]
        }
        "replicasets" => {
            let (all, ready) = replicas(&thing, cluster);
            vec![name, json!(all), json!(all), json!(ready), age]
        }
        "endpointslices" => vec![name, json!("IPv4"), json!("8080"), json!(addresses(&thing, cluster)), age],
        "events" => {
            let (weight, reason, message) = thing.story();
            let seen = self::age(cluster.now - thing.seen(cluster));
            vec![json!(seen), json!(weight), json!(reason), json!(format!("pod/{}", thing.pod.name)), json!(message)]
        }
        _ => vec![name, age],
    }
}

/// The first addresses, and how many more there are.
fn addresses(thing: &Thing<'_>, cluster: &Cluster) -> String {
    let all: Vec<String> = thing.pods(cluster).map(|pod| pod.ip).collect();
    let first = all.get(..3).unwrap_or(&all).join(",");
    if all.len() > 3 { format!("{first} + {} more...", all.len() - 3) } else { first }
}

fn of_pod(cluster: &Cluster, pod: &Pod) -> Vec<Value> {
    let containers = 1 + u64::from(pod.sidecar);
    let beside = u64::from(pod.sidecar && [State::Running, State::CrashLoop].contains(&pod.state));
    let restarts = match pod.restarts {
        0 => "0".to_owned(),
        count => format!("{count} ({} ago)", age(cluster.now - pod.restarted)),
    };
    vec![
        json!(pod.name),
        json!(format!("{}/{containers}", u64::from(pod.ready) + beside)),
        json!(status(pod.state)),
        json!(restarts),
        json!(age(cluster.now - pod.created)),
        json!(pod.ip),
        json!(pod.node),
        json!("<none>"),
        json!("<none>"),
    ]
}

fn status(state: State) -> &'static str {
    match state {
        State::Running => "Running",
        State::Creating => "ContainerCreating",
        State::CrashLoop => "CrashLoopBackOff",
        State::Completed => "Completed",
        State::Error => "Error",
    }
}

/// An age in its largest unit.
fn age(seconds: i64) -> String {
    match seconds {
        ..120 => format!("{seconds}s"),
        120..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::SORTS;
    use crate::data::Change;

    #[test]
    fn rows_have_as_many_cells_as_there_are_columns() {
        let cluster = Cluster { seed: 7, pods: 2_000, now: 1_800_000_000 };
        for sort in SORTS.iter().filter(|sort| sort.has_objects()) {
            let item = Item { sort, index: 1, change: Change::default(), json: b"" };
            assert_eq!(cells(&cluster, &item).len(), columns(sort.plural).len(), "{}", sort.plural);
        }
    }

    #[test]
    fn metadata_ends_where_it_ends() {
        assert_eq!(
            metadata(br#"{"metadata":{"name":"a}\"","labels":{}},"spec":{}}"#),
            br#"{"name":"a}\"","labels":{}}"#
        );
    }
}
