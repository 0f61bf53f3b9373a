//! Objects as large as etcd takes them: they open, and what a key costs there does not grow with them.

use super::session::{Session, Start};
use rutter::demo::Story;
use serde_json::{Value, json};

/// 1.4 MB in one line, and in 30,000 short ones.
fn map(name: &str) -> Value {
    let line = "x".repeat(1_400_000);
    let lines = (0..30_000).map(|at| format!("line {at}: {}\n", "y".repeat(35))).collect::<Vec<_>>().concat();
    let data = if name == "line" { json!({"line": line, "z": "end"}) } else { json!({"lines": lines, "z": "end"}) };
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "lab"}, "data": data})
}

/// A definition whose schema has 12,000 fields.
fn definition() -> Value {
    let field = |at: usize| (format!("field{at}"), json!({"type": "string", "description": "d".repeat(80)}));
    let fields: serde_json::Map<String, Value> = (0..12_000).map(field).collect();
    let schema = json!({"openAPIV3Schema": {"type": "object", "properties": fields}});
    let version = json!({"name": "v1", "served": true, "storage": true, "schema": schema});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "larges.e.x"},
        "spec": {"group": "e.x", "scope": "Namespaced", "names": {"plural": "larges", "kind": "Large"}, "versions": [version]}})
}

/// Keys that look through a text: line by line, by pages, sideways, wrapped, searched.
const KEYS: &str = "j j ctrl-f ctrl-f right right G k k ctrl-b w k g g n N left";
/// More than a screen of 120 by 40 takes, whatever changed on it.
const FRAME: usize = 64 << 10;

/// Presses each key; what it draws is a frame or two of one screen, however large the object is.
async fn looks_through(s: &mut Session) {
    for key in KEYS.split(' ') {
        let (frames, bytes) = (s.frames(), s.bytes().len());
        s.press(key).await;
        assert!(s.frames() <= frames + 2 && s.bytes().len() <= bytes + 2 * FRAME, "{key}");
    }
}

#[tokio::test(start_paused = true)]
async fn they_open_and_are_looked_through() {
    for (object, list) in
        [(map("line"), "configmaps -n lab"), (map("lines"), "configmaps -n lab"), (definition(), "crds")]
    {
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        let mut s = Start { story: Story::Empty, ..Start::at("pods -A").size(120, 40) }.go().await;
        s.put(object).await.run(list).await.on(&name);
        s.press("y").await.shows("apiVersion").shows(&name);
        looks_through(&mut s).await;
        s.press("q").await.on(&name).press("d").await.shows("Name:").shows(&name);
        looks_through(&mut s).await;
        s.press("q").await.on(&name);
    }
}
