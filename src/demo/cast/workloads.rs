//! From the list of apps to workloads, services and pods that have been running for a while.

use serde_json::{Value, json};
use std::sync::Arc;

use super::apps::{APPS, App, Beside, Keeper};
use super::build::{DAY, keep, labels, spaced};
use crate::demo::clock::ago;
use crate::demo::json::{list, set, set_key, text};
use crate::demo::pod::{self, Is, Seen};
use crate::demo::story::{revisions, template_hash};
use crate::demo::world::World;

/// Brings in every app.
pub fn enter(world: &mut World) {
    for app in APPS {
        if app.port > 0 && app.keeper != Keeper::File {
            enter_service(world, app);
        }
        match app.keeper {
            Keeper::Deployment => enter_deployment(world, app),
            Keeper::StatefulSet => enter_stateful(world, app),
            Keeper::DaemonSet => enter_daemons(world, app),
            Keeper::File => enter_static(world, app),
        }
    }
}

/// The pod template of an app.
fn template(app: &App) -> Value {
    let mut main = json!({
        "name": app.name, "image": app.image,
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
        "env": [{"name": "LOG_LEVEL", "value": "info"}],
    });
    if app.port > 0 {
        set(&mut main, "/ports", json!([{"name": "main", "containerPort": app.port, "protocol": "TCP"}]));
        let probe = json!({
            "httpGet": {"path": "/healthz", "port": app.port, "scheme": "HTTP"}, "periodSeconds": 10,
            "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3,
        });
        set(&mut main, "/readinessProbe", probe.clone());
        set(&mut main, "/livenessProbe", probe);
    }
    let second = |name: &str, image: &str| json!({"name": name, "image": image, "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}}});
    let (init, containers) = match app.beside {
        Beside::Nothing => (json!(null), json!([main])),
        Beside::Reloader => {
            (json!(null), json!([main, second("config-reloader", "quay.io/brancz/config-reloader:v0.9.0")]))
        }
        Beside::Wait => (json!([second("wait-for-postgres", "busybox:1.37")]), json!([main])),
        Beside::Proxy => {
            let mut proxy = second("proxy", "envoyproxy/envoy:v1.36.2");
            set(&mut proxy, "/restartPolicy", "Always");
            set(&mut proxy, "/ports", json!([{"name": "proxy", "containerPort": 15001, "protocol": "TCP"}]));
            (json!([proxy]), json!([main]))
        }
    };
    let mut template = json!({"metadata": {"labels": labels(app.name)}, "spec": {"containers": containers}});
    if !init.is_null() {
        set(&mut template, "/spec/initContainers", init);
    }
    if app.keeper == Keeper::DaemonSet || app.keeper == Keeper::File {
        set(&mut template, "/spec/hostNetwork", true);
        set(&mut template, "/spec/tolerations", json!([{"operator": "Exists"}]));
        set(&mut template, "/spec/priorityClassName", "system-node-critical");
        set(&mut template, "/spec/priority", 2_000_001_000);
    }
    template
}

fn enter_deployment(world: &mut World, app: &App) {
    let template = template(app);
    let body = json!({
        "metadata": {"labels": labels(app.name), "annotations": {"deployment.kubernetes.io/revision": "1"}},
        "spec": {
            "replicas": app.replicas, "selector": {"matchLabels": labels(app.name)}, "template": template,
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
            "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
        },
    });
    let deployment = spaced(world, "deployments", ((app.namespace, app.name), app.days * DAY, body));
    let age = app.days * DAY / 7;
    let set = replica_set(world, &deployment, age);
    for _ in 0..app.replicas {
        let name = format!("{}-{}", text(&set, "/metadata/name"), world.random.suffix(5));
        enter_pod(world, (&set, &name), age);
    }
}

/// The replica set of a deployment's template.
pub fn replica_set(world: &mut World, deployment: &Value, age: i64) -> Arc<Value> {
    let mut template = deployment.pointer("/spec/template").cloned().unwrap_or_default();
    let hash = template_hash(&template);
    set_key(&mut template, "/metadata/labels", "pod-template-hash", hash.as_str());
    let mut selector = deployment.pointer("/spec/selector").cloned().unwrap_or_default();
    set_key(&mut selector, "/matchLabels", "pod-template-hash", hash.as_str());
    let body = json!({
        "metadata": {
            "labels": template.pointer("/metadata/labels"), "ownerReferences": [pod::reference(deployment)],
            "annotations": {
                "deployment.kubernetes.io/revision": "1",
                "deployment.kubernetes.io/desired-replicas": deployment.pointer("/spec/replicas").map(Value::to_string),
            },
        },
        "spec": {"replicas": deployment.pointer("/spec/replicas"), "selector": selector, "template": template},
    });
    let place = (text(deployment, "/metadata/namespace"), &*format!("{}-{hash}", text(deployment, "/metadata/name")));
    spaced(world, "replicasets", (place, age, body))
}

fn enter_stateful(world: &mut World, app: &App) {
    let mut template = template(app);
    let claim = json!({"name": "data", "persistentVolumeClaim": {"claimName": format!("data-{}-0", app.name)}});
    let claims = json!([{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}]);
    set(&mut template, "/spec/volumes", json!([claim]));
    let hash = format!("{}-{}", app.name, template_hash(&template));
    let body = json!({
        "metadata": {"labels": labels(app.name)},
        "spec": {
            "replicas": app.replicas, "serviceName": app.name, "selector": {"matchLabels": labels(app.name)},
            "template": template, "volumeClaimTemplates": claims, "podManagementPolicy": "OrderedReady", "revisionHistoryLimit": 10,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        },
        "status": {"currentRevision": hash, "updateRevision": hash},
    });
    let owner = spaced(world, "statefulsets", ((app.namespace, app.name), app.days * DAY, body));
    for ordinal in 0..app.replicas {
        let name = format!("{}-{ordinal}", app.name);
        enter_pod(world, (&owner, &name), app.days * DAY / 5 + ordinal * 40);
    }
}

fn enter_daemons(world: &mut World, app: &App) {
    let template = template(app);
    let body = json!({
        "metadata": {"labels": labels(app.name)},
        "spec": {
            "selector": {"matchLabels": labels(app.name)}, "template": template, "revisionHistoryLimit": 10,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
        },
    });
    let owner = spaced(world, "daemonsets", ((app.namespace, app.name), app.days * DAY, body));
    let nodes: Vec<Arc<Value>> = world.store.all("nodes").map(|(_, node)| Arc::clone(node)).collect();
    for node in nodes {
        let name = format!("{}-{}", app.name, world.random.suffix(5));
        let mut pod = pod::of_template(&owner, &template, &name);
        revisions::mark(&owner, &mut pod);
        enter_on(world, pod, (text(&node, "/metadata/name"), app.days * DAY / 9));
    }
}

fn enter_static(world: &mut World, app: &App) {
    let Some(node) = world.get("nodes", &(String::new(), "control-1".to_owned())) else { return };
    let mut pod = pod::of_template(&node, &template(app), &format!("{}-control-1", app.name));
    set(&mut pod, "/metadata/namespace", app.namespace);
    set_key(&mut pod, "/metadata/annotations", "kubernetes.io/config.source", "file");
    enter_on(world, pod, ("control-1", app.days * DAY / 6));
}

fn enter_pod(world: &mut World, (owner, name): (&Value, &str), age: i64) {
    let template = owner.pointer("/spec/template").cloned().unwrap_or_default();
    let mut pod = pod::of_template(owner, &template, name);
    revisions::mark(owner, &mut pod);
    let node = home(world, name);
    enter_on(world, pod, (node, age));
}

/// The node of a pod: the workers in turn, and the fourth, which is in trouble, for two that can be spared.
fn home(world: &World, pod: &str) -> &'static str {
    let apart = ["search-", "kube-state-metrics-"].into_iter().find(|app| pod.starts_with(app));
    let taken = |app: &str| world.store.all("pods").any(|((_, name), _)| name.starts_with(app));
    if apart.is_some_and(|app| !taken(app)) {
        return "worker-4";
    }
    match world.store.all("pods").count() % 3 {
        0 => "worker-1",
        1 => "worker-2",
        _ => "worker-3",
    }
}

/// A pod that has been running well on a node.
fn enter_on(world: &mut World, mut pod: Value, (node, age): (&str, i64)) {
    let (uid, now) = (world.random.uid(), world.now());
    set(&mut pod, "/metadata/uid", uid);
    pod::bind(&mut pod, node, ago(now, age));
    let seen = well(&pod, age - 9);
    pod::show(&mut pod, ("Running", &seen), now);
    keep(world, ("pods", age), pod);
}

/// Every container as it is when all is well.
pub fn well(pod: &Value, since: i64) -> Vec<Seen> {
    let init = list(pod, "/spec/initContainers").iter().map(|c| match text(c, "/restartPolicy") {
        "Always" => Is::Running(true),
        _ => Is::Ended("Completed", 0),
    });
    let main = list(pod, "/spec/containers").iter().map(|_| Is::Running(true));
    init.chain(main).map(|is| Seen::new(is, since)).collect()
}

fn enter_service(world: &mut World, app: &App) {
    let headless = app.keeper == Keeper::StatefulSet;
    let ip = if headless {
        "None".to_owned()
    } else {
        format!("10.{}.{}.{}", 96 + world.random.below(8), world.random.between(1, 250), world.random.between(2, 250))
    };
    let mut body = json!({
        "metadata": {"labels": labels(app.name)},
        "spec": {
            "type": "ClusterIP", "clusterIP": ip, "clusterIPs": [ip], "selector": labels(app.name), "sessionAffinity": "None",
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
            "ports": [{"name": "main", "port": app.port, "targetPort": "main", "protocol": "TCP"}],
        },
        "status": {"loadBalancer": {}},
    });
    if app.name == "ingress-nginx-controller" {
        set(&mut body, "/spec/type", "LoadBalancer");
        let ports = json!([
            {"name": "http", "port": 80, "targetPort": "main", "protocol": "TCP", "nodePort": 31080},
            {"name": "https", "port": 443, "targetPort": "main", "protocol": "TCP", "nodePort": 31443},
        ]);
        set(&mut body, "/spec/ports", ports);
        set(&mut body, "/status/loadBalancer", json!({"ingress": [{"ip": "203.0.113.10"}]}));
    }
    spaced(world, "services", ((app.namespace, app.name), app.days * DAY, body));
}
