//! The schemas that the demo publishes: some kinds field by field, of the others what all objects have.

use serde_json::{Map, Value, json};

use super::resource::{ALL, Resource};

/// Types, each as `Name: description` with its fields below: name, `!` when it is required, type, description.
const TYPES: &str = "\
ObjectMeta: Who an object is: what every object has.
 name string What it is called, once in its namespace. It never changes.
 namespace string The namespace that it lives in.
 labels map[string]string Pairs by which objects are chosen and grouped.
 annotations map[string]string Pairs that people and programs leave with the object.
 ownerReferences []OwnerReference The objects that this one goes with when they go.
OwnerReference: An object that owns another one.
 apiVersion! string Its group and version.
 kind! string Its kind.
 name! string Its name.
 uid! string Its identity.
PodSpec: What a pod runs, and where.
 containers! []Container What runs in it; at least one.
 initContainers []Container What runs first, one after the other, before the containers start.
 nodeName string The node that it runs on.
 restartPolicy Always|Never|OnFailure Whether containers are started again when they end.
 serviceAccountName string As whom its processes speak to the API server.
 volumes []Volume What its containers can mount.
Container: A process with its own file system.
 name! string What it is called, once in its pod.
 image string What its file system is made of.
 imagePullPolicy Always|IfNotPresent|Never When the image is fetched.
 command []string What is run instead of what the image says.
 env []EnvVar Variables of its environment.
 ports []ContainerPort Ports that it listens on.
 resources ResourceRequirements What it may use, and what is kept for it.
EnvVar: A variable of the environment.
 name! string Its name.
 value string Its value.
ContainerPort: A port that a container listens on.
 containerPort! integer Its number.
 name string What it is called, once in its pod.
 protocol SCTP|TCP|UDP What is spoken on it.
ResourceRequirements: Amounts of CPU, memory and the like.
 limits map[string]string The most that it may use.
 requests map[string]string What is kept free for it.
Volume: Something that containers can mount.
 name! string What mounts call it.
 configMap LocalName The config map that fills it.
 secret LocalName The secret that fills it.
LocalName: An object of the same namespace.
 name string Its name.
PodTemplateSpec: What new pods are made from.
 metadata ObjectMeta Labels and annotations of the pods.
 spec PodSpec What the pods run.
DeploymentSpec: How many pods there shall be, and how they are replaced.
 paused boolean Whether changes of the template wait.
 replicas integer How many pods there shall be; one when it is not said.
 selector! LabelSelector Which pods are its own.
 template! PodTemplateSpec What its pods are made from. It is told here in two sentences, so that there is a text that has to be broken into lines.
LabelSelector: A choice by labels.
 matchLabels map[string]string The pairs that all have to be there.
ServiceSpec: How pods are reached under one name.
 clusterIP string The address inside of the cluster.
 ports []ServicePort The ports that it takes.
 selector map[string]string The labels of the pods that it leads to.
 type ClusterIP|ExternalName|LoadBalancer|NodePort From where it can be reached.
ServicePort: A port of a service.
 name string What it is called, once in its service.
 port! integer Its number.
";

/// The `spec` of kinds that are told field by field.
const SPECS: &[(&str, &str)] = &[("Pod", "PodSpec"), ("Deployment", "DeploymentSpec"), ("Service", "ServiceSpec")];

/// The schemas of the resources that `serves` picks, with all types.
pub fn schemas(serves: impl Fn(&Resource) -> bool) -> Map<String, Value> {
    let mut all = Map::new();
    let mut of = "";
    for line in TYPES.lines() {
        if let Some((name, description)) = line.split_once(": ").filter(|_| !line.starts_with(' ')) {
            of = name;
            all.insert(full(name), json!({"type": "object", "description": description, "properties": {}}));
        } else if let Some(schema) = all.get_mut(&full(of)) {
            add(schema, line.trim_start());
        }
    }
    all.extend(ALL.iter().filter(|resource| serves(resource)).map(kind));
    all
}

/// Adds a field to a type.
fn add(schema: &mut Value, line: &str) {
    let mut words = line.splitn(3, ' ');
    let (Some(name), Some(kind), Some(description)) = (words.next(), words.next(), words.next()) else { return };
    let bare = name.trim_end_matches('!');
    super::json::set(schema, &format!("/properties/{bare}"), field(kind, description));
    if bare.len() < name.len() {
        let mut required = super::json::list(schema, "/required").to_vec();
        required.push(bare.into());
        super::json::set(schema, "/required", required);
    }
}

fn field(kind: &str, description: &str) -> Value {
    let mut schema = shape(kind);
    super::json::set(&mut schema, "/description", description);
    schema
}

fn shape(kind: &str) -> Value {
    if let Some(items) = kind.strip_prefix("[]") {
        return json!({"type": "array", "items": shape(items)});
    }
    if let Some(values) = kind.strip_prefix("map[string]") {
        return json!({"type": "object", "additionalProperties": shape(values)});
    }
    if kind.contains('|') {
        return json!({"type": "string", "enum": kind.split('|').collect::<Vec<_>>()});
    }
    match kind {
        "string" | "integer" | "boolean" => json!({ "type": kind }),
        name => json!({"allOf": [{"$ref": format!("#/components/schemas/{}", full(name))}]}),
    }
}

fn full(name: &str) -> String {
    format!("io.rutter.demo.{name}")
}

/// The schema of a kind.
fn kind(resource: &Resource) -> (String, Value) {
    let of = json!({"group": resource.group, "version": resource.version, "kind": resource.kind});
    let mut schema = json!({
        "type": "object", "description": format!("{} of the demo cluster.", resource.kind),
        "x-kubernetes-group-version-kind": [of],
        "properties": {
            "apiVersion": field("string", "The group and version that this object is written in."),
            "kind": field("string", "What kind of object this is."),
            "metadata": field("ObjectMeta", "Who the object is."),
        },
    });
    if let Some((_, spec)) = SPECS.iter().find(|(kind, _)| *kind == resource.kind) {
        super::json::set(&mut schema, "/properties/spec", field(spec, "What it shall be."));
    }
    (full(resource.kind), schema)
}
