//! Kinds that the server serves and rutter has no file for: every cell, and what becomes of them while one looks.

use super::control_plane::{self, Plane, check, kubectl};
use super::live::Seen;
use super::table::{Question, compare, csv};
use super::wire::{JSON, Wire};
use rutter::cluster::discovery::discover;
use rutter::kinds::{AnyKind, Freshness, Resource, Time};
use rutter::model::{Catalogue, Found};
use serde_json::{Value, json};
use std::time::Duration;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/// A definition of gadgets of this group, with these printer columns.
fn definition(group: &str, columns: &Value) -> Value {
    let schema = json!({"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}});
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("gadgets.{group}")},
        "spec": {
            "group": group, "scope": "Namespaced",
            "names": {"plural": "gadgets", "singular": "gadget", "kind": "Gadget", "listKind": "GadgetList", "shortNames": ["gg"]},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema, "additionalPrinterColumns": columns}],
        },
    })
}

fn column(name: &str, of: &str, path: &str, priority: u8) -> Value {
    json!({"name": name, "type": of, "jsonPath": path, "priority": priority})
}

/// Columns of every type.
fn columns() -> Value {
    json!([
        column("Text", "string", ".spec.text", 0),
        column("Count", "integer", ".spec.count", 0),
        column("Ratio", "number", ".spec.ratio", 0),
        column("Ready", "boolean", ".spec.ready", 0),
        column("Last", "date", ".spec.last", 0),
        column("List", "string", ".spec.list", 1),
        column("First Item", "string", ".spec.list[0]", 1),
        column("Age", "date", ".metadata.creationTimestamp", 0),
    ])
}

fn gadget(name: &str, spec: &Value) -> Value {
    json!({"apiVersion": "e.example/v1", "kind": "Gadget", "metadata": {"name": name}, "spec": spec})
}

fn gadgets() -> [Value; 4] {
    [
        gadget(
            "full",
            &json!({"text": "a b", "count": 12, "ratio": 0.25, "ready": true, "last": "2026-01-02T03:04:05Z", "list": ["x", "y"]}),
        ),
        gadget("empty", &json!({})),
        gadget(
            "odd",
            &json!({"text": 7, "count": 1.5, "ratio": 1e21, "ready": "yes", "last": "never", "list": {"k": [1, null]}}),
        ),
        gadget(
            "hostile",
            &json!({"text": "two\nlines \u{1b}[2J", "count": -3, "ratio": 3, "ready": false, "last": "2999-01-01T00:00:00Z", "list": "x".repeat(9000)}),
        ),
    ]
}

/// The kind called `name`, once the server serves it.
async fn kind(plane: &Plane, name: &str) -> &'static dyn AnyKind {
    let client = plane.anything("").await;
    for _ in 0..100 {
        let mut catalogue = Catalogue::default();
        catalogue.learn("", discover(&client).await.expect("discovery"), Time::now());
        if let Found::One(kind) = catalogue.find("", name) {
            return kind.0;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{name} is not served");
}

/// Makes an object as soon as the server takes it.
async fn make(wire: &Wire, path: &str, object: &Value) {
    for _ in 0..100 {
        let answer = wire.post(path, object).await;
        if answer.code == 201 {
            return;
        }
        assert_eq!(answer.code, 404, "{}", answer.body);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} is not served");
}

/// Waits for a list: a definition's storage is not ready at once.
async fn answers(wire: &Wire, path: &str) {
    for _ in 0..100 {
        if wire.get(path).await.code == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} does not answer");
}

/// Compares both tables of a kind with the server's and with kubectl's.
async fn is_kubectls(plane: &Plane, kind: &'static dyn AnyKind) {
    let wire = Wire(plane.anything("").await);
    for wide in [false, true] {
        let question = Question { kind, namespace: None, wide };
        let server = async || Some(question.of_server(&wire).await);
        let mine = async || question.of_rutter(plane);
        compare(question.about(), mine, server).await.unwrap_or_else(|told| panic!("{told}"));
        let text = async || {
            let order = question.of_server(&wire).await.order;
            question.of_kubectl(plane, &order)
        };
        compare(question.about(), mine, text).await.unwrap_or_else(|told| panic!("{told}"));
    }
}

#[tokio::test]
async fn printer_columns_of_every_type_are_kubectls() {
    let Some(plane) = control_plane::bare() else { return };
    let wire = Wire(plane.anything("").await);
    wire.post(DEFINITIONS, &definition("e.example", &columns())).await.ok("the definition");
    for object in gadgets().iter().filter(|object| object["metadata"]["name"] != "hostile") {
        make(&wire, "/apis/e.example/v1/namespaces/default/gadgets", object).await;
    }
    let kind = kind(plane, "gadgets.e.example").await;
    is_kubectls(plane, kind).await;
    // What kubectl's text cannot be cut into cells again is compared with the server's table.
    for object in gadgets().iter().filter(|object| object["metadata"]["name"] == "hostile") {
        make(&wire, "/apis/e.example/v1/namespaces/default/gadgets", object).await;
    }
    let question = Question { kind, namespace: Some("default"), wide: false };
    let server = async || Some(question.of_server(&wire).await);
    let rows = compare(question.about(), async || question.of_rutter(plane), server).await;
    assert_eq!(rows.unwrap_or_else(|told| panic!("{told}")).rows.len(), 4);
}

#[tokio::test]
async fn every_kind_without_a_file_is_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    let wire = Wire(plane.anything("").await);
    let template =
        json!({"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [{"name": "web", "image": "web:1"}]}});
    for (path, object) in [
        ("/api/v1/namespaces/default/podtemplates", json!({"metadata": {"name": "web"}, "template": template})),
        (
            "/apis/storage.k8s.io/v1/csidrivers",
            json!({"metadata": {"name": "disk.example.com"}, "spec": {"tokenRequests": [{"audience": "a"}]}}),
        ),
        ("/apis/resource.k8s.io/v1/deviceclasses", json!({"metadata": {"name": "gpu.example.com"}, "spec": {}})),
    ] {
        wire.post(path, &object).await.ok(path);
    }
    let client = plane.anything("").await;
    let mut catalogue = Catalogue::default();
    assert_eq!(catalogue.learn("", discover(&client).await.expect("discovery"), Time::now()), None);
    // Definitions of other tests come and go.
    let is_built_in = |one: &&Resource| !one.group.contains('.') || one.group.ends_with(".k8s.io");
    let names: Vec<String> = catalogue.listed("").filter(is_built_in).map(Resource::called).collect();
    let mut compared = Vec::new();
    for name in names {
        let Found::One(kind) = catalogue.find("", &name) else { panic!("{name}") };
        // Its messages hold wide spaces, at which kubectl's text cannot be cut again; it is the same as `events`.
        if name == "events.events.k8s.io" {
            continue;
        }
        let question = Question { kind: kind.0, namespace: None, wide: false };
        answers(&wire, &question.path()).await;
        if !question.of_server(&wire).await.rows.is_empty() {
            is_kubectls(plane, kind.0).await;
            compared.push(name);
        }
    }
    for name in [
        "podtemplates",
        "csidrivers.storage.k8s.io",
        "deviceclasses.resource.k8s.io",
        "servicecidrs.networking.k8s.io",
        "flowschemas.flowcontrol.apiserver.k8s.io",
        "ipaddresses.networking.k8s.io",
    ] {
        assert!(compared.iter().any(|one| one == name), "{name} was not compared, but {compared:?}");
    }
}

#[tokio::test]
async fn what_is_served_is_listed_as_by_kubectl() {
    let Some(plane) = control_plane::stage() else { return };
    let lines = |arguments: &[&str]| -> Vec<String> {
        let output =
            kubectl().arg("--kubeconfig").arg(plane.kubeconfig()).args(arguments).output().expect("kubectl runs");
        check(&output, &arguments.join(" "));
        let text = String::from_utf8(output.stdout).expect("text");
        text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    };
    let mine = |listing: &str| -> Vec<String> {
        let output = plane.rutter(&["get", listing, "-o", "csv"]);
        check(&output, listing);
        let rows = csv(&String::from_utf8(output.stdout).expect("text"));
        let cells = |row: &Vec<String>| row.iter().filter(|cell| !cell.is_empty()).cloned().collect::<Vec<_>>();
        rows.iter().map(|row| cells(row).join(" ")).collect()
    };
    assert_eq!(mine("api-resources"), lines(&["api-resources", "-o", "wide"]));
    assert_eq!(mine("api-versions")[1..], lines(&["api-versions"]));
}

#[tokio::test]
async fn a_definition_may_come_change_go_and_come_back_under_an_open_list() {
    let Some(plane) = control_plane::bare() else { return };
    let wire = Wire(plane.anything("").await);
    let path = "/apis/live.example/v1/namespaces/default/gadgets";
    let of = |name: &str| {
        Value::clone(
            &json!({"apiVersion": "live.example/v1", "kind": "Gadget", "metadata": {"name": name}, "spec": {"count": 1}}),
        )
    };
    let first = json!([column("Count", "integer", ".spec.count", 0)]);
    let made = wire.post(DEFINITIONS, &definition("live.example", &first)).await.ok("the definition");
    let kind = kind(plane, "gadgets.live.example").await;
    make(&wire, path, &of("a")).await;
    let mut seen = Seen::of(plane, kind, Some("default")).await;
    assert_eq!((seen.headings.join(" "), seen.rows.len()), ("NAME COUNT".to_owned(), 1));
    make(&wire, path, &of("b")).await;
    seen.until("the second", |seen| seen.rows.len() == 2).await;

    let name = made["metadata"]["name"].as_str().expect("a name");
    let second = json!({"spec": definition("live.example", &columns())["spec"]});
    let changed = wire.patch(&format!("{DEFINITIONS}/{name}"), (super::wire::MERGE, &second)).await;
    changed.ok("other columns");
    seen.until("other columns", |seen| seen.headings.len() == 9 && seen.rows.len() == 2).await;

    wire.send("DELETE", &format!("{DEFINITIONS}/{name}"), (JSON, None)).await.ok("its deletion");
    seen.until("its end", |seen| matches!(seen.state, Freshness::NotServed { .. })).await;
    for _ in 0..100 {
        if wire.post(DEFINITIONS, &definition("live.example", &first)).await.code == 201 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    make(&wire, path, &of("c")).await;
    let back = |seen: &Seen| seen.rows.values().any(|row| row.name == "c") && seen.headings.len() == 2;
    seen.within(("its return", Duration::from_secs(90)), back).await;
}
