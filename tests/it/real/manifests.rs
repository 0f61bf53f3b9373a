//! Manifests and forms on the real server: conflicts by their managers, and objects that are kubectl's.

use super::control_plane::{self, Plane};
use rutter::cluster::actions::{Autoscale, Expose};
use rutter::cluster::connect::Clients;
use rutter::cluster::forms;
use rutter::cluster::gate::{Applied, Change, Live, Prepared, Reader, Target, apply, prepare};
use rutter::cluster::sources::{Mistakes, Order, Source, Verb, change};
use rutter::kinds::{Uid, find};
use serde_json::{Value, json};

/// A namespace of its own on a plane.
struct Place {
    plane: &'static Plane,
    namespace: &'static str,
    clients: Clients,
}

impl Place {
    async fn new(namespace: &'static str) -> Option<Self> {
        let plane = control_plane::bare()?;
        plane.kubectl(&["create", "namespace", namespace]);
        Some(Self { plane, namespace, clients: plane.clients("").await })
    }

    fn reader(&self) -> Reader {
        Reader::new(self.clients.lanes.read.clone())
    }

    fn kubectl(&self, arguments: &[&str]) -> String {
        self.plane.kubectl(&[&["-n", self.namespace], arguments].concat())
    }

    fn get(&self, name: &str) -> Value {
        serde_json::from_str(&self.kubectl(&["get", name, "-o", "json", "--show-managed-fields"])).unwrap()
    }

    /// Applies as somebody else.
    fn theirs(&self, manager: &str, object: &Value) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("object.json");
        std::fs::write(&file, object.to_string()).unwrap();
        let manager = format!("--field-manager={manager}");
        self.kubectl(&["apply", "--server-side", &manager, "-f", file.to_str().unwrap()]);
    }

    fn order(&self, verb: Verb) -> Order {
        let (path, again) = ("x".to_owned(), "again".to_owned());
        Order {
            verb,
            path,
            recursive: false,
            context: String::new(),
            namespace: self.namespace.to_owned(),
            strict: false,
            rest: false,
            again,
        }
    }

    async fn change(&self, order: &Order, objects: &[Value]) -> Result<Change, Mistakes> {
        let source = |object: &Value| Source { name: "x.json".to_owned(), text: object.to_string() };
        let sources: Vec<Source> = objects.iter().map(source).collect();
        change(order, &sources, (&self.reader(), Vec::new())).await.map(|wanted| wanted.change)
    }

    async fn prepare(&self, change: Change) -> Prepared {
        prepare(1, (&self.reader(), &self.clients.lanes.writer), change).await
    }

    async fn send(&self, prepared: Prepared) -> Applied {
        apply((&self.reader(), &self.clients.lanes.writer), prepared).await
    }

    /// Does it all, and fails where it is refused.
    async fn done(&self, order: &Order, objects: &[Value]) -> Applied {
        let change = self.change(order, objects).await.unwrap();
        let applied = self.send(self.prepare(change).await).await;
        assert!(!applied.outcomes.is_empty(), "{order:?}: nothing was to be done");
        assert!(applied.outcomes.iter().all(|outcome| outcome.result.is_ok()), "{applied:?}");
        applied
    }
}

fn map(name: &str, data: &Value) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data})
}

const GENTLE: Verb = Verb::Apply { force: false };

#[tokio::test(flavor = "multi_thread")]
async fn what_is_applied_is_there_and_what_is_left_out_goes() {
    let Some(place) = Place::new("manifests-apply").await else { return };
    let order = place.order(GENTLE);
    let applied = place.done(&order, &[map("c", &json!({"a": "1", "b": "2"}))]).await;
    assert_eq!(applied.outcomes[0].effect, "apply configmap manifests-apply/c, which is new");
    let made = place.get("cm/c");
    assert_eq!(made["metadata"]["managedFields"][0]["manager"], "rutter");
    assert_eq!(made["metadata"]["managedFields"][0]["operation"], "Apply");
    place.done(&order, &[map("c", &json!({"a": "9"}))]).await;
    assert_eq!(place.get("cm/c")["data"], json!({"a": "9"}));
    let undo = applied.outcomes[0].undo.clone().unwrap();
    assert_eq!(undo.target.uid, Some(Uid::parse(made["metadata"]["uid"].as_str().unwrap())));
    let wrong = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "d"}, "dta": {"a": "1"}});
    let prepared = place.prepare(place.change(&order, &[wrong]).await.unwrap()).await;
    let problem = prepared.steps[0].ready.as_ref().unwrap_err();
    assert!(problem.sentence.contains("dta"), "{problem}");
    place.done(&place.order(Verb::Delete), &[map("c", &Value::Null)]).await;
    let gone = place.change(&place.order(Verb::Delete), &[map("c", &Value::Null)]).await.unwrap();
    assert_eq!(place.prepare(gone).await.ready().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicts_name_every_manager_of_every_field() {
    let Some(place) = Place::new("manifests-conflict").await else { return };
    for manager in ["helm", "ci", "hand"] {
        place.theirs(manager, &map("c", &json!({"a": "1", manager: "1"})));
    }
    let ours = [map("c", &json!({"a": "2", "ci": "2"}))];
    let prepared = place.prepare(place.change(&place.order(GENTLE), &ours).await.unwrap()).await;
    let problem = prepared.steps[0].ready.as_ref().unwrap_err().clone();
    assert_eq!(problem.sentence, "2 fields are managed by others, who set something else");
    assert_eq!(problem.details.len(), 2, "{problem}");
    for manager in ["\"helm\"", "\"ci\"", "\"hand\""] {
        assert!(
            problem.details.iter().any(|line| line.starts_with(".data.a: ") && line.contains(manager)),
            "{problem}"
        );
    }
    assert!(problem.details.iter().any(|line| line.starts_with(".data.ci: \"ci\"")), "{problem}");
    assert_eq!(place.get("cm/c")["data"]["a"], "1");
    let force = place.order(Verb::Apply { force: true });
    let prepared = place.prepare(place.change(&force, &ours).await.unwrap()).await;
    let notes = prepared.ready().next().unwrap().1.draft.notes.clone();
    assert_eq!(notes.len(), 2, "{notes:?}");
    assert_eq!(place.get("cm/c")["data"]["a"], "1");
    assert!(place.send(prepared).await.outcomes[0].result.is_ok());
    assert_eq!(place.get("cm/c")["data"]["a"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_replaced_since_is_not_touched() {
    let Some(place) = Place::new("manifests-replaced").await else { return };
    let object = map("c", &json!({"a": "1"}));
    place.theirs("ci", &object);
    for verb in [GENTLE, Verb::Delete] {
        let ours = [map("c", &json!({"b": "2"}))];
        let prepared = place.prepare(place.change(&place.order(verb), &ours).await.unwrap()).await;
        assert_eq!(prepared.ready().count(), 1, "{prepared:?}");
        place.kubectl(&["delete", "cm", "c"]);
        place.theirs("ci", &object);
        let applied = place.send(prepared).await;
        let problem = applied.outcomes[0].result.as_ref().unwrap_err();
        assert!(problem.sentence.contains("replaced since you looked"), "{verb:?}: {problem}");
        assert_eq!(place.get("cm/c")["data"], json!({"a": "1"}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mistake_and_nothing_comes_of_a_folder() {
    let Some(place) = Place::new("manifests-folder").await else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.yaml"), map("c", &json!({})).to_string()).unwrap();
    std::fs::write(folder.path().join("b.yaml"), "apiVersion: v1\nkind: ConfigMap\n---\nkind: [\n").unwrap();
    let sources = rutter::cluster::sources::read(folder.path().to_str().unwrap(), false).unwrap();
    let mistakes = change(&place.order(Verb::Create), &sources, (&place.reader(), Vec::new())).await.unwrap_err();
    assert_eq!(mistakes.0.len(), 2, "{mistakes}");
    assert!(mistakes.0.iter().all(|mistake| mistake.contains("b.yaml:")), "{mistakes}");
    assert_eq!(place.kubectl(&["get", "cm", "c", "--ignore-not-found"]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_kind_and_a_new_namespace_come_before_what_needs_them() {
    let Some(place) = Place::new("manifests-rounds").await else { return };
    let schema = json!({"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}});
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "gadgets.manifests.example"},
        "spec": {"group": "manifests.example", "scope": "Namespaced",
            "names": {"plural": "gadgets", "singular": "gadget", "kind": "Gadget", "listKind": "GadgetList"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema}]},
    });
    let space = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "manifests-made"}});
    let gadget = json!({"apiVersion": "manifests.example/v1", "kind": "Gadget",
        "metadata": {"generateName": "g-", "namespace": "manifests-made"}, "spec": {"size": 1}});
    let all = [gadget, space, definition];
    let order = place.order(Verb::Create);
    let applied = place.done(&order, &all).await;
    assert_eq!((applied.outcomes.len(), applied.then.as_str()), (2, "again"));
    let applied = place.done(&Order { rest: true, ..order }, &all).await;
    assert_eq!((applied.outcomes.len(), applied.then.as_str()), (1, ""));
    let name = &applied.outcomes[0].target.name;
    assert!(name.starts_with("g-") && name.len() == 7, "{name}");
    let listed = place.plane.kubectl(&["-n", "manifests-made", "get", "gadgets", "-o", "name"]);
    assert_eq!(listed.trim(), format!("gadget.manifests.example/{name}"));
    place.plane.kubectl(&["delete", "crd", "gadgets.manifests.example"]);
}

/// An object without what is empty, and without what kubectl alone adds.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(name, _)| !matches!(name.as_str(), "namespace" | "creationTimestamp"));
            let kept = kept.map(|(name, value)| (name.clone(), bare(value)));
            Value::Object(kept.filter(|(_, value)| !matches!(value, Value::Null) && *value != json!({})).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        other => other.clone(),
    }
}

/// What kubectl would send.
fn kubectls(place: &Place, line: &[&str]) -> Value {
    let said = place.kubectl(&[line, &["--dry-run=client", "-o", "json"]].concat());
    let mut object = bare(&serde_json::from_str(&said).unwrap());
    object.as_object_mut().unwrap().remove("status");
    object
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_make_what_kubectl_makes() {
    let Some(place) = Place::new("manifests-forms").await else { return };
    for (kind, line) in [
        ("namespace", "manifests-form"),
        ("configmap", "c --from-literal=a=1 --from-literal=b=x=y"),
        ("configmap", "empty"),
        ("secret", "s --from-literal=a=1 --type=example.com/x"),
        ("secret", "s"),
        ("deployment", "web --image=reg:5000/a/nginx:1 --replicas=2 --port=80"),
        ("deployment", "web --image=nginx --image=busybox@sha256:00"),
        ("deployment", "web --image=nginx -- sh -c true"),
        ("job", "j --image=busybox -- date -u"),
        ("cronjob", "c --image=busybox --schedule=@daily"),
        ("serviceaccount", "robot"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let owned: Vec<String> = words.iter().map(ToString::to_string).collect();
        let ours = forms::find(kind).unwrap().object(&owned).unwrap();
        let kind = if kind == "secret" { &["create", "secret", "generic"][..] } else { &["create", kind][..] };
        // Flags stand before the command.
        let at = words.iter().position(|word| *word == "--").unwrap_or(words.len());
        let (before, command) = words.split_at(at);
        let flags = ["--dry-run=client", "-o", "json"];
        let said = place.kubectl(&[kind, before, &flags, command].concat());
        let mut theirs = bare(&serde_json::from_str(&said).unwrap());
        theirs.as_object_mut().unwrap().remove("status");
        assert_eq!(bare(&ours), theirs, "{line}");
        let change = forms::find(kind[1]).unwrap().change(&owned, place.namespace).unwrap();
        let prepared = place.prepare(change).await;
        assert_eq!(prepared.ready().count(), 1, "{line}: {prepared:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn services_and_autoscalers_are_kubectls() {
    let Some(place) = Place::new("manifests-expose").await else { return };
    let ports = json!([{"containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}, {"containerPort": 53}]);
    for (name, ports) in [("one", json!([{"containerPort": 80}])), ("three", ports)] {
        let labels = json!({"app": name});
        let spec = json!({"containers": [{"name": "c", "image": "i", "ports": ports}]});
        place.theirs(
            "ci",
            &json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "labels": {"l": "1"}},
            "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": spec}}}),
        );
        let deployment = format!("deployment/{name}");
        let uid = Uid::parse(place.get(&deployment)["metadata"]["uid"].as_str().unwrap());
        let names = find("deployments").unwrap().names();
        let target = Target { names, namespace: place.namespace.into(), name: name.into(), uid: Some(uid) };
        let live = Live::read(&place.reader(), &target).await.unwrap();
        let odd = Expose {
            ports: vec![8080],
            target_port: "http".into(),
            name: "odd".into(),
            service_type: "NodePort".into(),
            protocol: String::new(),
        };
        for (expose, flags) in [
            (Expose::default(), &[][..]),
            (odd, &["--port=8080", "--target-port=http", "--name=odd", "--type=NodePort"]),
            (Expose { ports: vec![80, 53], ..Expose::default() }, &["--port=80,53"]),
            (Expose { protocol: "UDP".into(), ..Expose::default() }, &["--protocol=UDP"]),
        ] {
            let theirs = kubectls(&place, &[&["expose", &deployment], flags].concat());
            assert_eq!(bare(&expose.service(&live).unwrap()), theirs, "{name}: {flags:?}");
        }
        let scale = Autoscale { min: Some(1), max: 5, cpu: Some(80), name: String::new() };
        let theirs = kubectls(&place, &["autoscale", &deployment, "--min=1", "--max=5", "--cpu=80%"]);
        assert_eq!(bare(&scale.autoscaler(&target)), theirs);
        let theirs = kubectls(&place, &["autoscale", &deployment, "--max=5"]);
        assert_eq!(bare(&Autoscale { max: 5, ..Autoscale::default() }.autoscaler(&target)), theirs);
        let applied = place.send(place.prepare(Change::of(scale, vec![target.clone()])).await).await;
        assert!(applied.outcomes[0].result.is_ok(), "{applied:?}");
        let applied = place.send(place.prepare(Change::of(Expose::default(), vec![target])).await).await;
        assert!(applied.outcomes[0].result.is_ok(), "{applied:?}");
    }
}
