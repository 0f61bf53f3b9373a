//! What lies around: configuration, secrets, volumes, schedules, budgets and routes.

use serde_json::{Value, json};

use super::build::{DAY, global, labels, spaced};
use super::workloads::well;
use crate::demo::clock::{ago, stamp};
use crate::demo::json::{set, set_key, text};
use crate::demo::pod::{self, Is};
use crate::demo::world::World;

/// Brings everything in.
pub fn enter(world: &mut World) {
    configuration(world);
    volumes(world);
    routes(world);
    scaling(world);
    rights(world);
    schedule(world);
    for hours in [31, 55, 79] {
        backup(world, hours * 3_600);
    }
}

fn configuration(world: &mut World) {
    for (place, data) in [
        (
            ("kube-system", "coredns"),
            json!({"Corefile": ".:53 {\n    errors\n    health\n    kubernetes cluster.local\n    cache 30\n}\n"}),
        ),
        (
            ("kube-system", "kubeadm-config"),
            json!({"ClusterConfiguration": "clusterName: demo\nkubernetesVersion: v1.36.3\n"}),
        ),
        (
            ("shop", "frontend"),
            json!({"settings.yaml": "theme: light\ncurrency: EUR\n", "features.json": "{\"wishlist\":true}"}),
        ),
        (("shop", "catalog"), json!({"settings.yaml": "pageSize: 48\ncache: 5m\n"})),
        (("payments", "gateway"), json!({"limits.yaml": "perMinute: 600\n", "providers.yaml": "- stripe\n- sepa\n"})),
        (("monitoring", "prometheus"), json!({"prometheus.yml": "global:\n  scrape_interval: 30s\n"})),
    ] {
        spaced(world, "configmaps", (place, 120 * DAY, json!({"data": data})));
    }
    for (place, kind, data) in [
        (("data", "postgres"), "Opaque", json!({"password": "c2Vzc2FtZQ==", "username": "c2hvcA=="})),
        (("payments", "gateway"), "Opaque", json!({"api-key": "bm90LWEtcmVhbC1rZXk="})),
        (("payments", "tls"), "kubernetes.io/tls", json!({"tls.crt": "ZGVtbw==", "tls.key": "ZGVtbw=="})),
        (("shop", "tls"), "kubernetes.io/tls", json!({"tls.crt": "ZGVtbw==", "tls.key": "ZGVtbw=="})),
        (("shop", "registry"), "kubernetes.io/dockerconfigjson", json!({".dockerconfigjson": "e30="})),
    ] {
        spaced(world, "secrets", (place, 98 * DAY, json!({"type": kind, "data": data})));
    }
    for (place, names) in [
        (("shop", "shop"), ["shop.example", "www.shop.example"]),
        (("payments", "pay"), ["pay.shop.example", "sepa.shop.example"]),
    ] {
        let ready = json!([{"type": "Ready", "status": "True", "reason": "Ready", "message": "Certificate is up to date and has not expired"}]);
        let body = json!({"spec": {"secretName": "tls", "dnsNames": names, "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer"}}, "status": {"conditions": ready}});
        spaced(world, "certificates", (place, 61 * DAY, body));
    }
    let crd = json!({"spec": {
        "group": "cert-manager.io", "scope": "Namespaced",
        "names": {"kind": "Certificate", "plural": "certificates", "singular": "certificate", "shortNames": ["cert", "certs"]},
        "versions": [{"name": "v1", "served": true, "storage": true}],
    }});
    global(world, "customresourcedefinitions", ("certificates.cert-manager.io", 198 * DAY, crd));
}

fn volumes(world: &mut World) {
    let class = json!({
        "metadata": {"annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
        "provisioner": "ebs.csi.aws.com", "reclaimPolicy": "Delete", "volumeBindingMode": "WaitForFirstConsumer",
        "allowVolumeExpansion": true, "parameters": {"type": "gp3"},
    });
    global(world, "storageclasses", ("gp3", 212 * DAY, class));
    for (name, size, count) in [("postgres", "50Gi", 3), ("redis", "8Gi", 3), ("kafka", "100Gi", 3)] {
        for ordinal in 0..count {
            let pending = name == "kafka" && ordinal == 2;
            claim(world, (name, &format!("data-{name}-{ordinal}"), size, pending));
        }
    }
}

/// A claim of a stateful set has the labels that this selects.
fn claim(world: &mut World, (set_name, name, size, pending): (&str, &str, &str, bool)) {
    let metadata = json!({"labels": labels(set_name)});
    let spec = json!({
        "accessModes": ["ReadWriteOnce"], "storageClassName": "gp3", "volumeMode": "Filesystem",
        "resources": {"requests": {"storage": size}},
    });
    if pending {
        let body = json!({"metadata": metadata, "spec": spec, "status": {"phase": "Pending"}});
        spaced(world, "persistentvolumeclaims", (("data", name), 2_700, body));
        return;
    }
    let volume = format!("pvc-{}", world.random.uid());
    let status = json!({"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}});
    let mut body = json!({"metadata": metadata, "spec": spec, "status": status});
    set(&mut body, "/spec/volumeName", volume.as_str());
    let claim = spaced(world, "persistentvolumeclaims", (("data", name), 120 * DAY, body));
    let body = json!({
        "spec": {
            "accessModes": ["ReadWriteOnce"], "capacity": {"storage": size}, "storageClassName": "gp3", "volumeMode": "Filesystem",
            "persistentVolumeReclaimPolicy": "Delete",
            "claimRef": {"kind": "PersistentVolumeClaim", "namespace": "data", "name": name, "uid": text(&claim, "/metadata/uid")},
            "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": volume},
        },
        "status": {"phase": "Bound"},
    });
    global(world, "persistentvolumes", (&volume, 120 * DAY, body));
}

fn routes(world: &mut World) {
    let class = json!({"spec": {"controller": "k8s.io/ingress-nginx"}});
    global(world, "ingressclasses", ("nginx", 198 * DAY, class));
    for (namespace, name, host, service) in [
        ("shop", "shop", "shop.example", "frontend"),
        ("payments", "gateway", "pay.shop.example", "gateway"),
        ("monitoring", "grafana", "grafana.shop.example", "grafana"),
    ] {
        let backend = json!({"service": {"name": service, "port": {"name": "main"}}});
        let body = json!({
            "spec": {
                "ingressClassName": "nginx", "tls": [{"hosts": [host], "secretName": "tls"}],
                "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}],
            },
            "status": {"loadBalancer": {"ingress": [{"ip": "203.0.113.10"}]}},
        });
        spaced(world, "ingresses", ((namespace, name), 140 * DAY, body));
    }
    let policy =
        json!({"spec": {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}});
    spaced(world, "networkpolicies", (("payments", "same-namespace"), 151 * DAY, policy));
}

fn scaling(world: &mut World) {
    let metric = |average: i64| json!([{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": average, "averageValue": "61m"}}}]);
    for (name, least, most, now) in [("cart", 2, 8, 2), ("frontend", 4, 12, 4)] {
        let target = json!([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}}]);
        let body = json!({
            "spec": {
                "scaleTargetRef": {"kind": "Deployment", "name": name, "apiVersion": "apps/v1"}, "minReplicas": least,
                "maxReplicas": most, "metrics": target,
            },
            "status": {"currentReplicas": now, "desiredReplicas": now, "currentMetrics": metric(61)},
        });
        spaced(world, "horizontalpodautoscalers", (("shop", name), 90 * DAY, body));
    }
    for (namespace, name, healthy, desired) in
        [("payments", "gateway", 3, 2), ("data", "postgres", 3, 3), ("shop", "checkout", 3, 2)]
    {
        let body = json!({
            "spec": {"minAvailable": desired, "selector": {"matchLabels": labels(name)}},
            "status": {
                "currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": healthy,
                "disruptionsAllowed": healthy - desired, "observedGeneration": 1,
            },
        });
        spaced(world, "poddisruptionbudgets", ((namespace, name), 90 * DAY, body));
    }
    let quota = json!({
        "spec": {"hard": {"pods": "40", "requests.cpu": "16"}},
        "status": {"hard": {"pods": "40", "requests.cpu": "16"}, "used": {"pods": "9", "requests.cpu": "900m"}},
    });
    spaced(world, "resourcequotas", (("payments", "payments"), 151 * DAY, quota));
    for (name, value) in [("system-node-critical", 2_000_001_000_i64), ("system-cluster-critical", 2_000_000_000)] {
        global(
            world,
            "priorityclasses",
            (name, 212 * DAY, json!({"value": value, "preemptionPolicy": "PreemptLowerPriority"})),
        );
    }
}

fn rights(world: &mut World) {
    let group = "rbac.authorization.k8s.io";
    let rule = json!([{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]);
    for name in ["cluster-admin", "view"] {
        global(world, "clusterroles", (name, 212 * DAY, json!({"rules": rule})));
    }
    let subject = json!([{"kind": "Group", "name": "system:masters", "apiGroup": group}]);
    let body =
        json!({"roleRef": {"apiGroup": group, "kind": "ClusterRole", "name": "cluster-admin"}, "subjects": subject});
    global(world, "clusterrolebindings", ("cluster-admin", 212 * DAY, body));
    spaced(world, "roles", (("shop", "reader"), 151 * DAY, json!({"rules": rule})));
    let subject = json!([{"kind": "ServiceAccount", "name": "default", "namespace": "shop"}]);
    let body = json!({"roleRef": {"apiGroup": group, "kind": "Role", "name": "reader"}, "subjects": subject});
    spaced(world, "rolebindings", (("shop", "reader"), 151 * DAY, body));
}

/// The template of a backup's pod.
fn backup_template() -> Value {
    let container = json!({"name": "backup", "image": "registry.shop.example/backup:1.1.0", "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}}});
    json!({"metadata": {"labels": labels("backup")}, "spec": {"restartPolicy": "Never", "containers": [container]}})
}

fn schedule(world: &mut World) {
    let last = stamp(ago(world.now(), 31 * 3_600));
    let body = json!({
        "spec": {
            "schedule": "0 3 * * *", "suspend": false, "concurrencyPolicy": "Forbid", "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 1, "jobTemplate": {"spec": {"template": backup_template()}},
        },
        "status": {"lastScheduleTime": last, "lastSuccessfulTime": last},
    });
    spaced(world, "cronjobs", (("data", "backup"), 180 * DAY, body));
}

/// A finished backup, made so many seconds ago.
pub fn backup(world: &mut World, age: i64) {
    let Some(owner) = world.get("cronjobs", &("data".to_owned(), "backup".to_owned())) else { return };
    let (begin, end) = (ago(world.now(), age), ago(world.now(), (age - 48).max(0)));
    let name = format!("backup-{}", begin.as_second() / 60);
    let status = json!({
        "startTime": stamp(begin), "completionTime": stamp(end), "succeeded": 1, "ready": 0,
        "conditions": [{"type": "Complete", "status": "True", "reason": "CompletionsReached", "lastTransitionTime": stamp(end)}],
    });
    let body = json!({
        "metadata": {"ownerReferences": [pod::reference(&owner)], "labels": labels("backup")},
        "spec": {
            "completions": 1, "parallelism": 1, "backoffLimit": 6, "template": backup_template(),
            "selector": {"matchLabels": {"batch.kubernetes.io/job-name": name}},
        },
        "status": status,
    });
    let job = spaced(world, "jobs", (("data", &name), age, body));
    let pod_name = format!("{name}-{}", world.random.suffix(5));
    let mut made = pod::of_template(&job, &backup_template(), &pod_name);
    set_key(&mut made, "/metadata/labels", "batch.kubernetes.io/job-name", name.as_str());
    let uid = world.random.uid();
    set(&mut made, "/metadata/uid", uid);
    pod::bind(&mut made, "worker-1", begin);
    let mut seen = well(&made, (age - 48).max(0));
    for each in &mut seen {
        each.is = Is::Ended("Completed", 0);
    }
    pod::show(&mut made, ("Succeeded", &seen), world.now());
    super::build::keep(world, ("pods", age), made);
}
