//! Discovery, and the tables of every kind: the objects of the real cluster, put into the demo, make the same cells.

use crate::real::control_plane;
use crate::real::table::{Table, compare, of_json};
use crate::real::wire::Wire;
use rutter::demo::{Cluster, Story};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Served by metrics-server, which is not always there.
const METRICS: &str = "/apis/metrics.k8s.io/v1beta1";

/// The lists of a server's discovery: path of the group and version, and its resources by name.
async fn discovery(wire: &Wire) -> BTreeMap<String, BTreeMap<String, Value>> {
    let groups = wire.get("/apis").await.ok("/apis");
    let preferred = groups["groups"].as_array().into_iter().flatten();
    let preferred = preferred.filter_map(|group| group["preferredVersion"]["groupVersion"].as_str());
    let paths: Vec<String> =
        preferred.map(|version| format!("/apis/{version}")).chain(["/api/v1".to_owned()]).collect();
    let mut all = BTreeMap::new();
    for path in paths {
        let list = wire.get(&path).await.ok(&path);
        let resources = list["resources"].as_array().into_iter().flatten();
        let named =
            resources.map(|resource| (resource["name"].as_str().unwrap_or_default().to_owned(), resource.clone()));
        all.insert(path, named.collect());
    }
    all
}

#[tokio::test]
async fn what_the_demo_serves_is_described_alike() {
    let Some(plane) = control_plane::bare() else { return };
    let real = discovery(&Wire(plane.anything("").await)).await;
    let demo = discovery(&Wire(Cluster::start(Story::Empty).client())).await;
    let mut told = String::new();
    for (path, resources) in &demo {
        let Some(theirs) = real.get(path) else {
            assert!(path == METRICS || is_own(path), "the real server does not know {path}");
            continue;
        };
        for (name, resource) in resources {
            for field in ["singularName", "namespaced", "kind", "group", "version", "shortNames", "categories"] {
                let wanted = theirs.get(name).map(|resource| &resource[field]);
                if wanted != Some(&resource[field]) {
                    let _ = writeln!(told, "{path} {name} {field}: real {wanted:?}, demo {}", resource[field]);
                }
            }
            let verbs = |resource: &Value| resource["verbs"].as_array().cloned().unwrap_or_default();
            let known = theirs.get(name).map(verbs).unwrap_or_default();
            for verb in verbs(resource).iter().filter(|verb| !known.contains(verb)) {
                let _ = writeln!(told, "{path} {name}: the real server does not serve {verb}");
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}

/// Columns as far as a client goes by them.
fn columns(table: &Value) -> Vec<Value> {
    let columns = table["columnDefinitions"].as_array().into_iter().flatten();
    columns.map(|column| json!([column["name"], column["type"], column["format"], column["priority"]])).collect()
}

/// Whether it is a group of custom resources that the demo alone has.
fn is_own(path: &str) -> bool {
    path.contains("cert-manager.io") || path.contains(".shop.example")
}

/// Kinds of which the demo shows less than kubectl, and leases, which are renewed all the time.
const WITHOUT_COLUMNS: &[&str] = &[
    "apiservices",
    "certificatesigningrequests",
    "controllerrevisions",
    "csidrivers",
    "csinodes",
    "endpoints",
    "horizontalpodautoscalers",
    "leases",
    "validatingadmissionpolicies",
];

#[tokio::test]
async fn every_cell_of_the_demo_is_the_servers() {
    let Some(plane) = control_plane::whole() else { return };
    let real = Wire(plane.anything("").await);
    let cluster = Cluster::start(Story::Empty);
    let demo = Wire(cluster.client());
    let (mut rows, mut told) = (0, String::new());
    for (path, resources) in discovery(&demo).await {
        let listed = resources.into_iter().filter(|(name, resource)| {
            // Custom resources are the demo's own.
            !name.contains('/')
                && !WITHOUT_COLUMNS.contains(&&**name)
                && !is_own(&path)
                && path != METRICS
                && has_list(resource)
        });
        for (name, resource) in listed {
            let path = format!("{path}/{name}");
            let mine = async || {
                put_all(&cluster, (&real, &path), &resource).await;
                Some(comparable(&demo.table(&path).await))
            };
            let reference = async || Some(comparable(&real.table(&path).await));
            match compare((path.clone(), (1, 1)), mine, reference).await {
                Ok(table) => rows += table.rows.len(),
                Err(differences) => told.push_str(&differences),
            }
            let (mine, theirs) = (columns(&demo.table(&path).await), columns(&real.table(&path).await));
            if mine != theirs {
                let _ = writeln!(told, "{path}: columns {mine:?}, reference {theirs:?}");
            }
        }
    }
    assert!(told.is_empty(), "{told}");
    assert!(rows > 200, "only {rows} rows were compared");
}

/// The cells, without the one pod that the demo cannot hold: one that was never created.
fn comparable(table: &Value) -> Table {
    let mut table = of_json(table, true);
    table.rows.retain(|(_, name), _| name != "p31-no-creation");
    table
}

fn has_list(resource: &Value) -> bool {
    resource["verbs"].as_array().is_some_and(|verbs| verbs.contains(&json!("list")))
}

/// Makes the demo's objects of a kind what the real ones are.
async fn put_all(cluster: &Cluster, (real, path): (&Wire, &str), resource: &Value) {
    let group = path.rsplit_once('/').map_or("", |(version, _)| version);
    let version = group.strip_prefix("/apis/").or_else(|| group.strip_prefix("/api/")).unwrap_or_default();
    let demo = Wire(cluster.client());
    for mut object in demo.get(path).await.ok(path)["items"].as_array().cloned().unwrap_or_default() {
        object["kind"] = resource["kind"].clone();
        object["apiVersion"] = json!(version);
        cluster.delete(object).await.expect("deleted");
    }
    for mut object in real.get(path).await.ok(path)["items"].as_array().cloned().unwrap_or_default() {
        object["kind"] = resource["kind"].clone();
        object["apiVersion"] = json!(version);
        cluster.put(object).await.expect("put");
    }
}
