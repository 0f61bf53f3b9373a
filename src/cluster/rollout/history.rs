//! The revisions of a workload, as kubectl 1.36 `pkg/polymorphichelpers/history.go` and `pkg/util/deployment` find them.

use super::Workload;
use super::json::{annotation, is_controlled_by, number, text};
use crate::cluster::json::at;
use crate::kinds::Time;
use crate::kinds::rollout::Revision;
use serde_json::{Map, Value, json};

/// The label by which a ReplicaSet tells its pods from those of others.
const HASH: &str = "pod-template-hash";
/// Where a ReplicaSet says which revision it is.
pub const REVISION: &str = "deployment.kubernetes.io/revision";
/// Where somebody may say why a change was made.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// A revision with what is needed to go back to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its number.
    pub number: i64,
    /// The pod template, without the label `pod-template-hash`.
    pub template: Value,
    /// The object that keeps it.
    pub object: Value,
    /// Whether its template is what the workload asks for now.
    pub is_current: bool,
}

/// The revisions of a workload.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    /// By number, the oldest first; of the same number, in the order in which kubectl looks at them.
    pub revisions: Vec<Kept>,
    /// What could not be read.
    pub warnings: Vec<String>,
}

impl History {
    /// Reads the history of `live` from the objects that its selector found: ReplicaSets of a Deployment, else
    /// ControllerRevisions. Those that another controller owns are left out.
    pub fn new(workload: Workload, live: &Value, found: Vec<Value>) -> Self {
        let uid = text(live, "/metadata/uid");
        let owned: Vec<Value> = found.into_iter().filter(|object| is_controlled_by(object, uid)).collect();
        let mut history = Self::default();
        match workload {
            Workload::Deployment => history.add_replica_sets(live, owned),
            Workload::StatefulSet | Workload::DaemonSet => history.add_controller_revisions(live, owned),
        }
        history.revisions.sort_by_key(|kept| kept.number);
        let mut newer = history.revisions.iter_mut().rev().skip_while(|kept| !kept.is_current);
        newer.next();
        newer.for_each(|kept| kept.is_current = false);
        history
    }

    /// The revision that is asked for now; none while the controller has not seen the newest template yet.
    pub fn current(&self) -> Option<&Kept> {
        self.revisions.iter().rev().find(|kept| kept.is_current)
    }

    /// What of it may be shown.
    pub fn shown(&self) -> Vec<Revision> {
        self.revisions.iter().map(Kept::shown).collect()
    }

    /// Old ones by their age and name, the new one last: so kubectl looks at them.
    fn add_replica_sets(&mut self, live: &Value, mut sets: Vec<Value>) {
        let born = |set: &Value| Time::parse(text(set, "/metadata/creationTimestamp"));
        sets.sort_by(|a, b| (born(a), text(a, "/metadata/name")).cmp(&(born(b), text(b, "/metadata/name"))));
        let wanted = plain_template(at(live, "/spec/template"));
        let is_new = |set: &Value| is_same_template(&plain_template(at(set, "/spec/template")), &wanted);
        let new = sets.iter().position(is_new).map(|at| sets.remove(at));
        let old = sets.into_iter().map(|set| (set, false));
        for (set, is_current) in old.chain(new.map(|set| (set, true))) {
            let Some(number) = self.revision_of(&set) else { continue };
            let template = plain_template(at(&set, "/spec/template"));
            self.revisions.push(Kept { number, template, object: set, is_current });
        }
    }

    /// The number of a ReplicaSet: 0 when it has none yet. One that cannot be read is told and left out.
    fn revision_of(&mut self, set: &Value) -> Option<i64> {
        let Some(written) = annotation(set, REVISION) else { return Some(0) };
        let number = written.parse().ok();
        if number.is_none() {
            let name = text(set, "/metadata/name");
            self.warnings.push(format!("the revision of replicaset {name} cannot be read: \"{written}\""));
        }
        number
    }

    fn add_controller_revisions(&mut self, live: &Value, revisions: Vec<Value>) {
        let wanted = saved(at(live, "/spec/template"));
        for object in revisions {
            let name = text(&object, "/metadata/name");
            let kept = number(&object, "/revision").zip(template_of(at(&object, "/data")));
            let Some((number, template)) = kept else {
                self.warnings.push(format!("controllerrevision {name} keeps no whole template"));
                continue;
            };
            self.revisions.push(Kept { number, template, is_current: *at(&object, "/data") == wanted, object });
        }
    }
}

impl Kept {
    /// Why it came to be.
    pub fn cause(&self) -> Option<&str> {
        annotation(&self.object, CHANGE_CAUSE).filter(|cause| !cause.is_empty())
    }

    fn shown(&self) -> Revision {
        let containers = self.template.pointer("/spec/containers").and_then(Value::as_array);
        Revision {
            number: self.number,
            name: text(&self.object, "/metadata/name").to_owned(),
            cause: self.cause().map(str::to_owned),
            created: Time::parse(text(&self.object, "/metadata/creationTimestamp")),
            images: containers.into_iter().flatten().map(|c| text(c, "/image").to_owned()).collect(),
            is_current: self.is_current,
            template: self.template.to_string().into_bytes(),
        }
    }
}

/// A pod template without the label that a ReplicaSet adds.
pub fn plain_template(template: &Value) -> Value {
    let mut template = template.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(HASH);
    }
    template
}

/// Whether two templates mean the same: what is null, or an empty list or map of texts, counts as absent (Go's
/// `Semantic.DeepEqual`). Quantities need no care: the server writes equal ones equally.
pub fn is_same_template(a: &Value, b: &Value) -> bool {
    a == b || without_nothing(a) == without_nothing(b)
}

/// `value` without what Go does not tell from absent. An empty object stays where it may mean something (`emptyDir`).
fn without_nothing(value: &Value) -> Value {
    const MAPS: &[&str] = &["labels", "annotations", "nodeSelector", "matchLabels", "limits", "requests"];
    match value {
        Value::Array(items) => Value::Array(items.iter().map(without_nothing).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(name, field)| match field {
                Value::Null => false,
                Value::Array(items) => !items.is_empty(),
                Value::Object(inner) => !inner.is_empty() || !MAPS.contains(&name.as_str()),
                _ => true,
            });
            Value::Object(fields.map(|(name, field)| (name.clone(), without_nothing(field))).collect())
        }
        other => other.clone(),
    }
}

/// What a controller would save of a workload with this template.
pub fn saved(template: &Value) -> Value {
    let mut template = template.clone();
    if let Value::Object(fields) = &mut template {
        fields.insert("$patch".to_owned(), "replace".into());
    }
    json!({ "spec": { "template": template } })
}

/// The whole template that a ControllerRevision keeps; none when it is to be merged into another.
fn template_of(data: &Value) -> Option<Value> {
    let mut fields: Map<String, Value> = data.pointer("/spec/template")?.as_object()?.clone();
    (fields.remove("$patch")? == "replace").then_some(Value::Object(fields))
}
