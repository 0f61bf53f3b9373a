//! Two of each thing to act on, in a cluster in which nothing moves, and the proxy that writes down what is sent.

use super::super::control_plane::{self, check};
use super::super::recorder::{Recorded, Recorder};
use super::super::wire::Wire;
use super::Case;
use super::difference::Pair;
use rutter::cluster::gate::{Change, Part, Reader, Target, apply, prepare};
use rutter::kinds::{Uid, find};
use serde_json::{Value, json};

/// The names of the two.
const BOTH: [&str; 2] = ["theirs", "ours"];

pub struct Stage {
    pub recorder: Recorder,
    /// The namespace.
    pub name: &'static str,
    pub wire: Wire,
}

impl Stage {
    /// With nothing but nodes.
    pub async fn set_nodes(name: &'static str, nodes: [&str; 2]) -> Option<Self> {
        let plane = control_plane::stage()?;
        let stage = Self { recorder: Recorder::start(plane), name, wire: Wire(plane.anything("").await) };
        stage.wire.post("/api/v1/namespaces", &named(name)).await.ok("namespace");
        // Its token would be mounted under a name that differs each time.
        let account = json!({"metadata": {"name": "default"}, "automountServiceAccountToken": false});
        stage.make("/api/v1/namespaces/NAMESPACE/serviceaccounts", account).await;
        for node in nodes {
            stage.make("/api/v1/nodes", named(node)).await;
        }
        Some(stage)
    }

    pub async fn set(name: &'static str) -> Option<Self> {
        let stage = Self::set_nodes(name, BOTH).await?;
        for one in BOTH {
            let container = json!({"name": "main", "image": "x:1"});
            let pod = json!({"containers": [container, {"name": "side", "image": "y:1"}]});
            let workload = json!({"replicas": 2, "selector": {"matchLabels": {"app": one}},
                "template": {"metadata": {"labels": {"app": one}}, "spec": pod}});
            let job = json!({"template": {"spec": {"containers": [container], "restartPolicy": "Never"}}});
            let labels = json!({"labels": {"tier": "back"}, "annotations": {"why": "backup"}});
            let cron = json!({"schedule": "0 0 * * *", "jobTemplate": {"metadata": labels, "spec": job}});
            stage.make("/api/v1/namespaces/NAMESPACE/pods", with(one, &pod)).await;
            stage.make("/apis/apps/v1/namespaces/NAMESPACE/deployments", with(one, &workload)).await;
            stage.make("/apis/batch/v1/namespaces/NAMESPACE/cronjobs", with(one, &cron)).await;
        }
        Some(stage)
    }

    pub async fn make(&self, path: &str, object: Value) {
        self.wire.post(&path.replace("NAMESPACE", self.name), &object).await.ok(path);
    }

    /// Plays a case twice, and gives what was sent, with names and identities made the same.
    pub async fn play(&self, case: &Case) -> Pair {
        let again = case.plural == "pods" && case.kubectl.starts_with("delete");
        let [theirs, ours] = BOTH.map(|name| self.target(case, name));
        let [before, object] = [self.live(&theirs).await, self.live(&ours).await];
        let sent = self.kubectl(case.kubectl);
        let theirs = even(sent, &before, "theirs");
        let action = (case.action)(&object);
        let target = Target { uid: object["metadata"]["uid"].as_str().map(Uid::parse), ..ours };
        let change = Change { parts: vec![Part { action, target }], then: String::new() };
        let ours = even(self.gate(case, change).await, &object, "ours");
        if again {
            for name in BOTH {
                let spec = json!({"containers": [{"name": "main", "image": "x:1"}]});
                self.make("/api/v1/namespaces/NAMESPACE/pods", with(name, &spec)).await;
            }
        }
        Pair { ours, theirs }
    }

    fn target(&self, case: &Case, name: &str) -> Target {
        let names = find(case.plural).expect("a kind").names();
        let namespace = if names.namespaced { self.name } else { "" }.to_owned();
        Target { names, namespace, name: name.to_owned(), uid: None }
    }

    /// What was made of the kind under a name that begins like this, without what differs each time.
    pub async fn made(&self, path: &str, (name, begins): (&str, &str)) -> Value {
        let all = self.wire.get(&path.replace("NAMESPACE", self.name)).await.ok(path);
        let is = |one: &&Value| one["metadata"]["name"].as_str().is_some_and(|name| name.starts_with(begins));
        let one = all["items"].as_array().expect("a list").iter().find(is).expect("it was made");
        let own = ["uid", "controller-uid", "batch.kubernetes.io/controller-uid", "job-name"];
        let Value::Object(metadata) = &one["metadata"] else { panic!("no object: {one}") };
        let told = ["annotations", "labels", "ownerReferences"].map(|field| metadata.get(field).cloned());
        let mut made = json!({"spec": one["spec"], "told": told});
        forget(&mut made, &own);
        serde_json::from_str(&made.to_string().replace(name, "NAME")).expect("JSON")
    }

    async fn live(&self, target: &Target) -> Value {
        self.wire.get(&target.path()).await.ok("the object")
    }

    /// What kubectl sends for a command line. `edit` is given an editor behind a colon: `edit cm/x: s/a/b/`.
    fn kubectl(&self, line: &str) -> Vec<Recorded> {
        self.recorder.recorded();
        let (line, script) = line.split_once(": ").unwrap_or((line, ""));
        let mut words = vec!["-n".to_owned(), self.name.to_owned()];
        // A patch is one word.
        words.extend(line.split(' ').map(|word| word.trim_matches('\'').to_owned()));
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut command = self.recorder.command(&words);
        command.env("KUBE_EDITOR", format!("sed -i {script}"));
        check(&command.output().expect("kubectl runs"), line);
        self.recorder.recorded()
    }

    /// What the gate sends once it is confirmed; before, it has sent the same as a rehearsal.
    async fn gate(&self, case: &Case, change: Change) -> Vec<Recorded> {
        let lanes = self.recorder.clients().await.lanes;
        let reader = Reader::new(lanes.read);
        let prepared = prepare(1, (&reader, &lanes.writer), change).await;
        assert_eq!(prepared.ready().count(), 1, "{}: {prepared:?}", case.kubectl);
        let mut rehearsed = self.recorder.recorded();
        let applied = apply((&reader, &lanes.writer), prepared).await;
        assert!(applied.outcomes.iter().all(|outcome| outcome.result.is_ok()), "{}: {applied:?}", case.kubectl);
        let sent = self.recorder.recorded();
        for request in &mut rehearsed {
            let in_query = request.query.extract_if(.., |(name, _)| name == "dryRun").count();
            let in_body = request.body.as_object_mut().and_then(|body| body.remove("dryRun"));
            assert!(in_query == 1 || in_body == Some(json!(["All"])), "{}: {request:?}", case.kubectl);
        }
        assert_eq!(rehearsed, sent, "{}", case.kubectl);
        sent
    }
}

/// Takes fields out, wherever they are.
fn forget(value: &mut Value, fields: &[&str]) {
    match value {
        Value::Object(map) => {
            map.retain(|name, _| !fields.contains(&name.as_str()) && !name.ends_with("job-name"));
            map.values_mut().for_each(|inner| forget(inner, fields));
        }
        Value::Array(all) => all.iter_mut().for_each(|inner| forget(inner, fields)),
        _ => {}
    }
}

fn named(name: &str) -> Value {
    json!({"metadata": {"name": name}})
}

fn with(name: &str, spec: &Value) -> Value {
    json!({"metadata": {"name": name}, "spec": spec})
}

/// The moment of a restart, in a patch.
const RESTARTED: &str = "/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt";

/// Requests with the name and identity of their object made the same for both.
pub fn even(requests: Vec<Recorded>, object: &Value, name: &str) -> Vec<Recorded> {
    let uid = object["metadata"]["uid"].as_str().expect("a UID");
    let text = |field: &str| object["metadata"][field].as_str().expect("text");
    let [version, created] = ["resourceVersion", "creationTimestamp"].map(|field| format!("\"{}\"", text(field)));
    let even = |text: &str| {
        let even = text.replace(uid, "UID").replace(&version, "\"VERSION\"").replace(&created, "\"CREATED\"");
        even.replace(name, "NAME")
    };
    requests
        .into_iter()
        .map(|request| {
            let mut body: Value = serde_json::from_str(&even(&request.body.to_string())).expect("JSON");
            body.pointer_mut(RESTARTED).map(Value::take);
            Recorded { path: even(&request.path), body, ..request }
        })
        .collect()
}
