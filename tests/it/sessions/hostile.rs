//! Text from a cluster that would like to command the terminal: it is shown, in every field, and never obeyed.

mod fill;

use super::session::{Session, Start};
use fill::filled;
use k8s_openapi::api::{
    admissionregistration::v1 as admission, apps::v1 as apps, autoscaling::v2 as autoscaling, batch::v1 as batch,
    certificates::v1 as certificates, coordination::v1 as coordination, core::v1 as core, discovery::v1 as discovery,
    networking::v1 as networking, node::v1 as node, policy::v1 as policy, rbac::v1 as rbac,
    scheduling::v1 as scheduling, storage::v1 as storage,
};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1 as apiextensions;
use k8s_openapi::kube_aggregator::pkg::apis::apiregistration::v1 as apiregistration;
use rutter::demo::Story;
use rutter::kinds::{ALL, AnyKind};
use serde_json::{Value, json};

/// Escape sequences that change the title, the colours, the clipboard and the screen; C1 controls; text that runs
/// backwards; what hides or joins; wide and combined letters.
const EVIL: &str = "a\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b]52;c;b3duZWQ=\x07\u{9b}5n\x1bP$q\x1b\\\r\n\t\x08\x7f\u{202e}drow\u{2066}\u{200f}\u{feff}\u{e0041}日本語👩‍👩‍👧e\u{301}";

/// Objects whose every text is `EVIL`.
fn objects() -> Vec<Value> {
    let meta = |name: &str| {
        json!({
            "namespace": "lab", "name": format!("{name}{EVIL}"), "uid": format!("uid-{name}-{EVIL}"),
            "labels": {"app": EVIL, EVIL: "x"}, "annotations": {EVIL: EVIL}, "creationTimestamp": EVIL,
        })
    };
    let cluster = |name: &str| {
        let mut meta = meta(name);
        meta.as_object_mut().unwrap().remove("namespace");
        meta
    };
    let state = json!({"waiting": {"reason": EVIL, "message": EVIL}});
    let container =
        json!({"name": EVIL, "image": EVIL, "ports": [{"name": EVIL, "containerPort": 80, "protocol": EVIL}]});
    let selector = json!({"matchLabels": {"app": EVIL}});
    let template = json!({"metadata": {"labels": {"app": EVIL}}, "spec": {"containers": [container]}});
    let status = json!({"name": EVIL, "image": EVIL, "imageID": EVIL, "ready": false, "restartCount": 3, "state": state,
        "lastState": {"terminated": {"reason": EVIL, "exitCode": 3}}});
    vec![
        json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta("pod"),
            "spec": {"nodeName": EVIL, "containers": [container], "readinessGates": [{"conditionType": EVIL}]},
            "status": {"phase": EVIL, "reason": EVIL, "message": EVIL, "podIP": EVIL, "nominatedNodeName": EVIL,
                "containerStatuses": [status]}}),
        json!({"apiVersion": "v1", "kind": "Node", "metadata": cluster("node"), "spec": {},
            "status": {"nodeInfo": {"kubeletVersion": EVIL, "osImage": EVIL, "kernelVersion": EVIL,
                "containerRuntimeVersion": EVIL}, "addresses": [{"type": "InternalIP", "address": EVIL}],
                "conditions": [{"type": "Ready", "status": EVIL}]}}),
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": cluster("space"), "status": {"phase": EVIL}}),
        json!({"apiVersion": "v1", "kind": "Service", "metadata": meta("service"), "spec": {"type": EVIL,
            "clusterIP": EVIL, "externalIPs": [EVIL], "selector": {"app": EVIL},
            "ports": [{"name": EVIL, "port": 80, "protocol": EVIL}]}}),
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta("deployment"),
            "spec": {"replicas": 1, "selector": selector, "template": template}}),
        json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": meta("set"),
            "spec": {"replicas": 0, "selector": selector, "template": template}}),
        json!({"apiVersion": "v1", "kind": "Event", "metadata": meta("event"), "type": EVIL, "reason": EVIL,
            "message": EVIL, "source": {"component": EVIL}, "lastTimestamp": EVIL,
            "involvedObject": {"kind": EVIL, "name": EVIL, "namespace": "lab", "fieldPath": EVIL}}),
    ]
}

/// What an object of another kind says in its columns.
fn body(plural: &str) -> Value {
    let map = json!({"app": EVIL});
    let selector = json!({"matchLabels": map});
    let template = json!({"spec": {"nodeSelector": map, "containers": [{"name": EVIL, "image": EVIL}]}});
    let target = json!({"apiVersion": EVIL, "apiGroup": EVIL, "kind": EVIL, "namespace": EVIL, "name": EVIL});
    let conditions = json!([{"type": "Available", "status": EVIL, "reason": EVIL}]);
    let amount = json!({"averageValue": EVIL, "value": EVIL});
    let metric = json!({"type": "Resource", "resource": {"name": EVIL, "target": amount}});
    let who = |kind: &str| json!({"kind": kind, "namespace": EVIL, "name": EVIL});
    match plural {
        "replicationcontrollers" => json!({"spec": {"selector": map, "template": template}}),
        "cronjobs" => json!({"spec": {"schedule": EVIL, "timeZone": EVIL,
            "jobTemplate": {"spec": {"selector": selector, "template": template}}}}),
        "horizontalpodautoscalers" => json!({"spec": {"scaleTargetRef": target, "metrics": [metric]},
            "status": {"currentMetrics": [{"type": "Resource", "resource": {"current": amount}}]}}),
        "poddisruptionbudgets" => json!({"spec": {"minAvailable": EVIL, "maxUnavailable": EVIL, "selector": selector}}),
        "endpoints" => json!({"subsets": [{"addresses": [{"ip": EVIL}], "ports": [{"port": 80}]}]}),
        "endpointslices" => {
            json!({"addressType": EVIL, "ports": [{"name": EVIL}], "endpoints": [{"addresses": [EVIL]}]})
        }
        "ingresses" => json!({"spec": {"ingressClassName": EVIL, "rules": [{"host": EVIL}]},
            "status": {"loadBalancer": {"ingress": [{"hostname": EVIL}]}}}),
        "ingressclasses" => json!({"spec": {"controller": EVIL, "parameters": target}}),
        "networkpolicies" => json!({"spec": {"podSelector": selector}}),
        "componentstatuses" => {
            json!({"conditions": [{"type": "Healthy", "status": EVIL, "message": EVIL, "error": EVIL}]})
        }
        "secrets" => json!({"type": EVIL}),
        "persistentvolumes" | "persistentvolumeclaims" => json!({
            "spec": {"capacity": {"storage": EVIL}, "persistentVolumeReclaimPolicy": EVIL, "claimRef": target, "volumeName": EVIL,
                "storageClassName": EVIL, "volumeAttributesClassName": EVIL, "volumeMode": EVIL},
            "status": {"phase": EVIL, "reason": EVIL, "capacity": {"storage": EVIL}}}),
        "storageclasses" => json!({"provisioner": EVIL, "reclaimPolicy": EVIL, "volumeBindingMode": EVIL}),
        "volumeattachments" => {
            json!({"spec": {"attacher": EVIL, "nodeName": EVIL, "source": {"persistentVolumeName": EVIL}}})
        }
        "rolebindings" | "clusterrolebindings" => {
            json!({"roleRef": target, "subjects": [who("User"), who("Group"), who("ServiceAccount")]})
        }
        "resourcequotas" => json!({"status": {"hard": {EVIL: EVIL}, "used": {EVIL: EVIL}}}),
        "priorityclasses" => json!({"preemptionPolicy": EVIL}),
        "runtimeclasses" => json!({"handler": EVIL}),
        "leases" => json!({"spec": {"holderIdentity": EVIL}}),
        "apiservices" => json!({"spec": {"service": target}, "status": {"conditions": conditions}}),
        "validatingadmissionpolicies" => json!({"spec": {"paramKind": target}}),
        "certificatesigningrequests" => json!({"spec": {"signerName": EVIL, "username": EVIL}}),
        _ => json!({"spec": {"selector": selector, "template": template}}),
    }
}

/// Objects of the kinds that `objects` leaves out and the demo serves.
fn others() -> Vec<Value> {
    let known = objects();
    let is_known = |kind: &str| known.iter().any(|object| object["kind"] == kind);
    let kinds = ALL.iter().copied().filter(|kind| kind.names() == kind.resource() && !is_known(kind.names().kind));
    let object = |kind: &dyn AnyKind| {
        let names = kind.names();
        let mut meta =
            json!({"name": format!("{}{EVIL}", names.plural), "uid": EVIL, "labels": {"app": EVIL, EVIL: "x"}});
        if names.namespaced {
            meta["namespace"] = "lab".into();
        }
        meta["ownerReferences"] =
            json!([{"apiVersion": EVIL, "kind": EVIL, "name": EVIL, "uid": EVIL, "controller": true}]);
        let mut object = body(names.plural);
        object["apiVersion"] = format!("{}/{}", names.group, names.version).trim_matches('/').into();
        (object["kind"], object["metadata"]) = (names.kind.into(), meta);
        object
    };
    kinds.map(object).collect()
}

/// Fails when the bytes hold more than what rutter itself sends: printable text, and CSI sequences that place the
/// cursor, colour, clear and synchronize.
#[track_caller]
fn is_tame(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("a frame is UTF-8");
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c.is_control() || is_hidden(c)) {
        let (_, sequence) = rest.split_at(at);
        let body =
            sequence.strip_prefix("\x1b[").unwrap_or_else(|| panic!("{:?}", &sequence[..20.min(sequence.len())]));
        let end = body.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        let own = matches!(body.as_bytes()[end], b'H' | b'm' | b'h' | b'l');
        let whole = body.starts_with("2J") || body.starts_with("3J") || body.starts_with('J');
        assert!(own || whole, "{:?}", &body[..=end]);
        rest = &body[end + 1..];
    }
}

fn is_hidden(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[tokio::test(start_paused = true)]
async fn no_field_of_any_kind_reaches_the_terminal_raw() {
    let mut s = Start { story: Story::Empty, ..Start::at("pods -A").size(400, 40) }.go().await;
    for object in objects().into_iter().chain(others()) {
        s.put(object).await;
    }
    for kind in ALL {
        let plural = kind.names().plural;
        s.run(&format!("{plural} -A")).await.press("w").await.shows("^[]0;owned").shows("^[[2J");
        s.press("y G esc")
            .await
            .press("l esc")
            .await
            .press("G enter")
            .await
            .press("esc o")
            .await
            .press("esc R")
            .await
            .press("esc")
            .await;
        s.run("choose-namespace").await.press("esc").await.press("? esc : esc").await;
    }
    for _ in 0..40 {
        s.press("right").await;
    }
    is_tame(&s.bytes());
}

/// One object of every kind, with every field that the API has. It is there and not on its way out.
fn whole() -> Vec<Value> {
    let text = format!("{EVIL}\0{}", "long ".repeat(200));
    let of = [
        filled::<core::ComponentStatus>,
        filled::<core::ConfigMap>,
        filled::<core::Endpoints>,
        filled::<core::Event>,
        filled::<core::LimitRange>,
        filled::<core::Namespace>,
        filled::<core::Node>,
        filled::<core::PersistentVolume>,
        filled::<core::PersistentVolumeClaim>,
        filled::<core::Pod>,
        filled::<core::ReplicationController>,
        filled::<core::ResourceQuota>,
        filled::<core::Secret>,
        filled::<core::Service>,
        filled::<core::ServiceAccount>,
        filled::<admission::MutatingWebhookConfiguration>,
        filled::<admission::ValidatingAdmissionPolicy>,
        filled::<admission::ValidatingWebhookConfiguration>,
        filled::<apiextensions::CustomResourceDefinition>,
        filled::<apiregistration::APIService>,
        filled::<apps::ControllerRevision>,
        filled::<apps::DaemonSet>,
        filled::<apps::Deployment>,
        filled::<apps::ReplicaSet>,
        filled::<apps::StatefulSet>,
        filled::<autoscaling::HorizontalPodAutoscaler>,
        filled::<batch::CronJob>,
        filled::<batch::Job>,
        filled::<certificates::CertificateSigningRequest>,
        filled::<coordination::Lease>,
        filled::<discovery::EndpointSlice>,
        filled::<networking::Ingress>,
        filled::<networking::IngressClass>,
        filled::<networking::NetworkPolicy>,
        filled::<node::RuntimeClass>,
        filled::<policy::PodDisruptionBudget>,
        filled::<rbac::ClusterRole>,
        filled::<rbac::ClusterRoleBinding>,
        filled::<rbac::Role>,
        filled::<rbac::RoleBinding>,
        filled::<scheduling::PriorityClass>,
        filled::<storage::StorageClass>,
        filled::<storage::VolumeAttachment>,
    ];
    let present = |mut object: Value| {
        let kind = kind_of(&object).names();
        let meta = object["metadata"].as_object_mut().unwrap();
        meta.retain(|field, _| {
            !matches!(field.as_str(), "deletionTimestamp" | "deletionGracePeriodSeconds" | "namespace")
        });
        meta.insert("name".to_owned(), format!("{}{EVIL}", kind.plural).into());
        if kind.namespaced {
            meta.insert("namespace".to_owned(), "lab".into());
        }
        object
    };
    of.into_iter().map(|filled| present(filled(&text))).collect()
}

/// The kind of an object.
fn kind_of(object: &Value) -> &'static dyn AnyKind {
    let kind = object["kind"].as_str().unwrap();
    ALL.iter().copied().find(|known| known.names().kind == kind && known.names() == known.resource()).expect(kind)
}

/// Presses `keys` on the first row of a list, looks through what comes, and goes back.
async fn look_into(s: &mut Session, list: &str, keys: &str) {
    s.run(list).await.press(keys).await.press("G pgup").await.press("right").await.press("esc").await;
}

#[tokio::test(start_paused = true)]
async fn no_field_that_the_api_has_reaches_an_answer_raw() {
    let all = whole();
    let missing = ALL.iter().copied().filter(|kind| kind.names() == kind.resource());
    let missing: Vec<&str> = missing
        .filter(|kind| !all.iter().any(|object| object["kind"] == kind.names().kind))
        .map(|kind| kind.names().kind)
        .collect();
    assert_eq!(missing, [""; 0], "these are not filled");
    let mut s = Start { story: Story::Empty, ..Start::at("pods -A").size(100, 50) }.go().await;
    for object in all.clone() {
        s.put(object).await;
    }
    for object in all {
        let kind = kind_of(&object).names();
        let list = format!("{} -A", kind.plural);
        s.run(&list).await.shows("^[]0;owned").press("w").await.shows("^[]0;owned").press("w").await;
        s.press("y").await.shows(&format!("yaml of {}", kind.kind.to_lowercase())).press("esc").await;
        for keys in ["d", "y", "T", "L", "E", "R"] {
            look_into(&mut s, &list, keys).await;
        }
    }
    for (list, keys) in [
        ("pods -A", "V"),
        ("pods -A", "."),
        ("services -A", "b"),
        ("ingresses -A", "b"),
        ("deployments -A", "."),
        ("deployments -A", "r h"),
        ("nodes", "g t"),
        ("clusterroles", "g r"),
        ("pods -A", "g i"),
        ("pods -A", "g h"),
    ] {
        look_into(&mut s, list, keys).await;
    }
    is_tame(&s.bytes());
}

#[tokio::test(start_paused = true)]
async fn wide_letters_do_not_shift_the_columns() {
    let mut s = Start { story: Story::Empty, ..Start::at("pods lab").size(60, 12) }.go().await;
    for name in ["日本語日本語", "plain", "e\u{301}e\u{301}", "👩‍👩‍👧x"] {
        let meta = json!({"namespace": "lab", "name": name});
        s.put(json!({"apiVersion": "v1", "kind": "Pod", "metadata": meta, "status": {"phase": "Running"}})).await;
    }
    let statuses: Vec<u16> = (3..7)
        .map(|y| (0..60).find(|x| s.buffer()[(*x, y)].symbol() == "R").unwrap_or_else(|| panic!("{}", s.screen())))
        .collect();
    assert!(statuses.iter().all(|x| *x == statuses[0]), "{statuses:?}\n{}", s.screen());
    for width in (1..60).rev() {
        s.resize(width, 12).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_looks_like_a_command_is_only_a_name() {
    let mut s = Start { story: Story::Empty, ..Start::at("namespaces") }.go().await;
    s.put(json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "all; quit"}})).await;
    s.press("g g").await.on("all; quit").press("enter").await.shows("pods(");
    s.run("choose-namespace").await.type_in("quit").await.press("enter").await;
    assert!(s.effects().is_empty());
}
