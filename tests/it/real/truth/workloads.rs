//! Scale, pods, reviews and permissions.

use super::log::Log;
use crate::real::wire::{MERGE, STRATEGIC, Wire};
use serde_json::{Value, json};

/// The scale of a deployment.
pub async fn scale(wire: &Wire, namespace: &str, log: &mut Log) {
    let all = format!("/apis/apps/v1/namespaces/{namespace}/deployments");
    let (one, scale) = (format!("{all}/web"), format!("{all}/web/scale"));
    let deployment = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": {
        "replicas": 2, "selector": {"matchLabels": {"app": "web"}},
        "template": {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "c:1"}]}}}});
    let made = wire.post(&all, &deployment).await;
    log.answer("create", &made);
    log.note("generation", &made.body["metadata"]["generation"]);
    let before = wire.get(&scale).await;
    log.answer("get", &before);
    log.note(
        "scale",
        &json!([before.body["spec"], before.body["status"]["selector"], before.body["metadata"]["namespace"]]),
    );
    let five = wire.patch(&scale, (MERGE, &json!({"spec": {"replicas": 5}}))).await;
    log.answer("patch", &five);
    log.note("scaled", &five.body["spec"]);
    let workload = wire.get(&one).await.body;
    log.note("deployment", &json!([workload["spec"]["replicas"], workload["metadata"]["generation"]]));
    log.answer("an old version", &wire.put(&scale, &before.body).await);
    let negative = wire.patch(&scale, (MERGE, &json!({"spec": {"replicas": -1}}))).await;
    log.note("negative", &json!([negative.code, negative.body["reason"]]));
    let dry = wire.patch(&format!("{scale}?dryRun=All"), (MERGE, &json!({"spec": {"replicas": 9}}))).await;
    log.note("dry", &dry.body["spec"]);
    log.answer("of nothing", &wire.get(&format!("{all}/nothing/scale")).await);
    log.answer(
        "patch of nothing",
        &wire.patch(&format!("{all}/nothing/scale"), (MERGE, &json!({"spec": {"replicas": 1}}))).await,
    );
    log.note("at last", &wire.get(&one).await.body["spec"]["replicas"]);
    log.answer("delete", &wire.delete(&format!("{one}?propagationPolicy=Background")).await);
    log.answer("gone", &wire.get(&one).await);
}

/// A pod that waits at a gate, so that nobody runs it.
fn pod(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {
        "schedulingGates": [{"name": "rutter.dev/gate"}], "serviceAccountName": "default",
        "containers": [{"name": "c", "image": "c:1"}, {"name": "d", "image": "d:1"}]}})
}

/// Pods that are not running.
pub async fn pods(wire: &Wire, namespace: &str, log: &mut Log) {
    let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}});
    let _ = wire.post(&format!("/api/v1/namespaces/{namespace}/serviceaccounts"), &account).await;
    let all = format!("/api/v1/namespaces/{namespace}/pods");
    for name in ["a", "b", "c"] {
        let made = wire.post(&all, &pod(name)).await;
        log.answer("create", &made);
        let spec = &made.body["spec"];
        log.note(
            "defaults",
            &json!([
                spec["restartPolicy"],
                spec["terminationGracePeriodSeconds"],
                spec["containers"][0]["imagePullPolicy"],
                made.body["status"]["phase"]
            ]),
        );
    }
    let image = json!({"spec": {"containers": [{"name": "d", "image": "d:2"}]}});
    let patched = wire.patch(&format!("{all}/a"), (STRATEGIC, &image)).await;
    let images = |pod: &Value| {
        pod["spec"]["containers"].as_array().into_iter().flatten().map(|c| c["image"].clone()).collect::<Vec<_>>()
    };
    log.note("strategic", &json!(images(&patched.body)));
    let status = json!({"status": {"phase": "Pending", "message": "written"}});
    let written = wire.patch(&format!("{all}/a/status"), (MERGE, &status)).await;
    log.note("status", &json!([written.code, written.body["status"]["message"]]));
    let through_spec = wire.patch(&format!("{all}/a"), (MERGE, &json!({"status": {"message": "not written"}}))).await;
    log.note("status through the object", &json!([through_spec.code, through_spec.body["status"]["message"]]));

    let logs = wire.get(&format!("{all}/a/log?container=c")).await;
    log.note("log", &json!([logs.code, logs.body["reason"], logs.body["message"]]));
    let logs = wire.get(&format!("{all}/a/log")).await;
    log.note("log of no container", &json!([logs.code, logs.body["reason"], logs.body["message"]]));
    let logs = wire.get(&format!("{all}/a/log?container=z")).await;
    log.note("log of a wrong container", &json!([logs.code, logs.body["reason"], logs.body["message"]]));
    let logs = wire.get(&format!("{all}/z/log")).await;
    log.answer("log of no pod", &logs);

    let deleted = wire.delete(&format!("{all}/a")).await;
    log.answer("delete", &deleted);
    log.note("grace", &deleted.body["metadata"]["deletionGracePeriodSeconds"]);
    log.answer("gone", &wire.get(&format!("{all}/a")).await);
    let evict = |name: &str| json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": namespace}});
    let evicted = wire.post(&format!("{all}/b/eviction"), &evict("b")).await;
    log.note("evict", &json!([evicted.code, evicted.body["kind"], evicted.body["status"]]));
    log.answer("evicted", &wire.get(&format!("{all}/b")).await);
    log.answer("evict nothing", &wire.post(&format!("{all}/z/eviction"), &evict("z")).await);
    let zero = json!({"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 0});
    log.answer("kill", &wire.send("DELETE", &format!("{all}/c"), ("application/json", Some(&zero))).await);
    log.answer("killed", &wire.get(&format!("{all}/c")).await);
}

/// Who am I, what may I do.
pub async fn reviews(wire: &Wire, namespace: &str, log: &mut Log) {
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"namespace": namespace, "verb": "delete", "resource": "pods"}}});
    let answer = wire.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await;
    log.note(
        "access",
        &json!([answer.code, answer.body["kind"], answer.body["status"]["allowed"], answer.body["status"]["denied"]]),
    );
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace}});
    let answer = wire.post("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", &review).await;
    log.note("rules", &json!([answer.code, answer.body["kind"], answer.body["status"]["incomplete"]]));
    let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    let answer = wire.post("/apis/authentication.k8s.io/v1/selfsubjectreviews", &review).await;
    log.note("self", &json!([answer.code, answer.body["kind"], answer.body["status"]["userInfo"]["groups"]]));
    let version = wire.get("/version").await;
    log.note("version", &json!([version.code, version.body["major"], version.body["minor"]]));
}

/// All that is said to somebody who may do nothing.
pub async fn forbidden(wire: &Wire, log: &mut Log) {
    for path in [
        "/api/v1/pods",
        "/api/v1/namespaces/default/pods",
        "/api/v1/namespaces/default/pods/x",
        "/api/v1/namespaces/default/pods/x/log",
        "/api/v1/nodes",
        "/api/v1/namespaces/x",
        "/apis/apps/v1/namespaces/default/deployments",
        "/apis/apps/v1/namespaces/default/deployments/x/scale",
    ] {
        log.answer(path, &wire.get(path).await);
        log.answer(&format!("delete {path}"), &wire.delete(path).await);
    }
    let refused = wire.watch("/api/v1/pods?watch=true").await.expect_err("no watch");
    log.answer("watch", &refused);
    let pods = "/api/v1/namespaces/default/pods";
    log.answer("create", &wire.post(pods, &pod("x")).await);
    log.answer("patch", &wire.patch(&format!("{pods}/x"), (MERGE, &json!({}))).await);
    log.answer("update", &wire.put(&format!("{pods}/x"), &pod("x")).await);
    log.answer("evict", &wire.post(&format!("{pods}/x/eviction"), &json!({})).await);
    let review = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {"namespace": "default", "verb": "delete", "resource": "pods"}}});
    let answer = wire.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await;
    log.note("access", &json!([answer.code, answer.body["status"]["allowed"]]));
}
