//! Questions and their answers as a person sees them.

use super::session::{Session, Start};
use rutter::demo::Fault;
use serde_json::{Value, json};
use std::time::Duration;

/// What the cluster has at `path`.
async fn read(s: &Session, path: &str) -> Value {
    let request = http::Request::get(path).body(Vec::new()).unwrap();
    s.cluster().client().request(request).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn who_the_server_takes_one_for_is_asked_it() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("whoami").await.shows("ATTRIBUTE").shows("Username");
    s.press("q").await.shows("pods(shop)").hides("you are").run("requests").await.shows("you are demo");
}

#[tokio::test(start_paused = true)]
async fn one_question_about_permissions_has_one_word_for_an_answer() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("can-i get pods").await.shows("can-i get pods -n shop").shows("yes");
    s.press("q").await.run("can-i get widgets").await.shows("widgets is no kind that rutter knows");
    s.press("q").await.run("can-i").await.shows("Non-Resource URLs").shows("[*]");
}

#[tokio::test(start_paused = true)]
async fn rights_say_what_a_role_allows_and_lead_to_its_bindings() {
    let mut s = Start::at("clusterroles").go().await;
    s.run("rights").await.shows("Rules").shows("Given to").shows("Group system:masters");
    s.press("q").await.run("who-can list pods -n shop").await.shows("ServiceAccount shop/default").shows("Role reader");
    s.press("q").await.run("rights shop/default").await.shows("RoleBinding reader, shop").shows("[get list watch]");
}

#[tokio::test(start_paused = true)]
async fn the_page_of_a_cluster_leads_to_what_is_failing() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("cluster-info").await.shows("Version").shows("/readyz").shows("Nodes").shows("Failing");
    s.run("find Pending").await.press("enter").await.shows("pods(").shows("/Pending");
}

#[tokio::test(start_paused = true)]
async fn a_release_of_helm_is_unpacked_with_its_values_and_revisions() {
    let mut s = Start::at("pods -A").go().await;
    s.run("helm").await.shows("prometheus").shows("deployed").press("j enter").await;
    s.shows("helm-release monitoring/prometheus")
        .shows("prometheus-27.4.0")
        .shows("retention: 14d")
        .shows("superseded");
    s.run("find superseded").await.press("enter").await.shows("retention: 7d");
    s.press("q q").await.run("helm -n shop").await.shows("Helm has installed nothing here");
}

#[tokio::test(start_paused = true)]
async fn the_tree_of_a_pod_begins_at_its_root_and_its_lines_are_rows() {
    let mut s = Start::at("deploy -n shop").go().await;
    s.run("filter cart").await.press("T").await.shows("tree of deployment shop/cart").shows("deployment/cart");
    s.shows("└─ replicaset/cart-").shows("─ pod/cart-").shows("container/cart");
    // On the first pod: everything that a row can.
    s.run("find pod/cart-").await.on("pod/cart-").press("l").await.shows("logs").press("esc").await;
    s.on("pod/cart-").press("y").await.shows("kind: Pod").press("q").await;
    s.on("pod/cart-").press("o").await.shows("replicasets(shop)").press("esc").await;
    s.on("pod/cart-").press("delete").await.shows("delete").shows("pod shop/cart-").press("esc").await;
    s.press("T").await.shows("tree of pod shop/cart-").shows("deployment/cart").press("q").await;
    // Folds stay when the tree is drawn anew.
    s.run("find replicaset/cart-").await.press("space").await.hides("pod/cart-").shows("deployment/cart");
    s.press("space").await.shows("pod/cart-");
}

#[tokio::test(start_paused = true)]
async fn a_tree_follows_its_objects() {
    let mut s = Start::at("deploy -n shop").go().await;
    s.run("tree deployment/cart").await.shows("deployment/cart").shows(" 2/2 ").hides("/3 ");
    let mut cart = read(&s, "/apis/apps/v1/namespaces/shop/deployments/cart").await;
    cart["spec"]["replicas"] = json!(3);
    s.put(cart).await.until("/3 ").await.shows("deployment/cart");
}

#[tokio::test(start_paused = true)]
async fn trees_of_nodes_namespaces_services_and_sets() {
    let mut s = Start::at("nodes").go().await;
    s.run("tree node/worker-1").await.shows("node/worker-1").shows("├─ pod/").hides("container/");
    s.run("tree ns/data").await.shows("namespace/data").shows("statefulset/postgres").shows("cronjob/backup");
    s.run("tree svc/cart -n shop").await.shows("service/cart").shows("└─ endpointslice/cart-").shows("─ pod/cart-");
    s.run("tree sts/postgres -n data").await.shows("─ pod/postgres-0").shows("─ persistentvolumeclaim/data-postgres-0");
    s.run("tree deploy/nothing -n shop").await.shows("not found");
}

#[tokio::test(start_paused = true)]
async fn trees_of_custom_resources_reach_up_and_down_over_kinds_of_the_server() {
    let mut s = Start::at("certificates -n shop").size(120, 30).go().await;
    s.run("tree certificate/shop -n shop").await.shows("tree of certificate shop/shop");
    s.shows("certificate/shop")
        .shows("├─ certificaterequest/shop-1")
        .shows("│  └─ order/shop-1-2950")
        .shows("secret/tls");
    s.shows("True").shows("Issued").shows("valid").shows("kinds of other groups (enter looks at them");
    // From below the same tree, and each line is a row.
    s.run("tree order/shop-1-2950 -n shop").await.shows("certificate/shop").shows("secret/tls");
    s.run("find certificaterequest/").await.press("y").await.shows("kind: CertificateRequest").press("q").await;
    s.press("E").await.shows("object-events of certificaterequest shop/shop-1").press("q").await;
    s.press("o").await.shows("certificates(shop)").press("esc").await;
    s.press("delete").await.shows("certificaterequest shop/shop-1").press("esc").await;
    // Enter goes to what is inside a row: of a custom resource its YAML.
    s.press("enter").await.shows("kind: CertificateRequest").press("q").await;
    s.run("find other groups").await.press("enter").await.shows("--all").hides("of other groups");
}

#[tokio::test(start_paused = true)]
async fn a_tree_of_all_kinds_draws_nothing_twice() {
    let mut s = Start::at("deployments -n shop").size(120, 60).go().await;
    s.run("tree deployment/cart -n shop").await.shows("deployment/cart");
    let drawn = |s: &Session| (3..58).map(|y| s.line(y)).filter(|line| line.contains("─ ")).count();
    let usual = drawn(&s);
    assert!(usual > 4, "{}", s.screen());
    s.press("q").await.run("tree deployment/cart -n shop --all").await.shows("deployment/cart");
    assert_eq!(drawn(&s), usual, "{}", s.screen());
}

#[tokio::test(start_paused = true)]
async fn a_tree_of_a_custom_resource_follows_what_comes_and_goes() {
    let mut s = Start::at("certificates -n shop").size(120, 30).go().await;
    s.run("tree certificate/shop -n shop").await.shows("order/shop-1-2950");
    let certificate = read(&s, "/apis/cert-manager.io/v1/namespaces/shop/certificates/shop").await;
    let owner = json!({"apiVersion": "cert-manager.io/v1", "kind": "Certificate", "name": "shop", "controller": true,
        "uid": certificate["metadata"]["uid"]});
    let request = |name: &str| {
        json!({"apiVersion": "cert-manager.io/v1", "kind": "CertificateRequest",
            "metadata": {"name": name, "namespace": "shop", "ownerReferences": [owner]}})
    };
    s.put(request("shop-2")).await.until("certificaterequest/shop-2").await;
    // Nothing of this kind was there, so it is not watched: it is found when one looks again.
    let mut backup = request("new");
    backup["kind"] = json!("ConfigMap");
    backup["apiVersion"] = json!("v1");
    s.put(backup).await.wait(std::time::Duration::from_secs(32)).await.shows("configmap/new");
}

#[tokio::test(start_paused = true)]
async fn an_owner_of_a_custom_kind_is_related_and_jumped_to() {
    let mut s = Start::at("secrets -n shop").size(120, 30).go().await;
    s.run("related secret/tls -n shop")
        .await
        .shows("Uses")
        .shows("  certificate/shop")
        .shows("True")
        .hides("not looked at");
    s.run("find certificate/shop").await.press("y").await.shows("kind: Certificate").press("q").await;
    s.run("certificaterequests -n shop").await.press("y").await.shows("kind: CertificateRequest");
    s.run("find ownerReferences").await.press("j j").await.run("jump").await.shows("secretName: tls");
}

#[tokio::test(start_paused = true)]
async fn events_of_an_object_are_its_own_and_its_family_s_on_request() {
    let mut s = Start::at("pods -n shop").go().await;
    let pod = s.row().split_whitespace().next().unwrap().to_owned();
    let found = read(&s, &format!("/api/v1/namespaces/shop/pods/{pod}")).await;
    let uid = found.pointer("/metadata/uid").unwrap().clone();
    let event = |name: &str, uid: &Value, count: u32, time: &str| {
        json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": name, "namespace": "shop"},
            "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": pod, "uid": uid},
            "type": "Warning", "reason": "Odd", "message": format!("it is {}", uid == &found["metadata"]["uid"]),
            "count": count, "firstTimestamp": "2026-01-05T11:00:00Z", "lastTimestamp": time})
    };
    s.put(event("one", &uid, 2, "2026-01-05T11:50:00Z")).await;
    s.put(event("two", &uid, 3, "2026-01-05T11:58:00Z")).await;
    s.put(event("three", &json!("another"), 9, "2026-01-05T11:59:00Z")).await;
    s.press("E").await.shows("object-events of pod shop/").shows("it is true").hides("it is false");
    let line = s.screen().lines().find(|line| line.contains("it is true")).unwrap().to_owned();
    assert!(line.contains("2m") && line.contains("60m") && line.contains(" 5 "), "{line}");
    s.press("enter").await.shows("--all").shows("it is true").hides("it is false");
}

#[tokio::test(start_paused = true)]
async fn events_are_filtered_by_type_reason_and_object() {
    let mut s = Start::at("pods -n shop").go().await;
    for (name, kind, reason) in [("a", "Warning", "Odd"), ("b", "Normal", "Fine")] {
        let about = json!({"kind": "Deployment", "namespace": "payments", "name": format!("about-{name}")});
        s.put(json!({"apiVersion": "v1", "kind": "Event", "metadata": {"name": name, "namespace": "payments"}, "type": kind,
            "involvedObject": about, "reason": reason, "message": "so", "lastTimestamp": "2026-01-05T11:59:00Z"}))
            .await;
    }
    s.run("events -n payments /type=Warning").await.shows("about-a").hides("about-b");
    s.run("events -n payments /reason=Fine").await.shows("about-b").hides("about-a");
    s.run("events -n payments /object=*about-a").await.shows("about-a").hides("about-b");
}

#[tokio::test(start_paused = true)]
async fn top_tells_use_beside_what_there_is() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("top").await.shows("top pods -n shop").shows("CPU(cores)").shows("MEMORY REQUESTS").shows("TOTAL");
    s.shows("measured ").hides("NAMESPACE ");
    s.run("top nodes --sort-by=memory").await.shows("worker-1").shows("MEMORY(%)").shows("%").shows("TOTAL");
    s.run("top pods -A").await.shows("NAMESPACE").run("find TOTAL").await.press("down down down").await;
    s.run("top services").await.shows("top does not know \"services\"");
}

#[tokio::test(start_paused = true)]
async fn top_survives_what_does_not_answer_for_the_metrics() {
    let cluster = Start::default().cluster();
    let mut s = Start::at("pods -n shop").over(&cluster).await;
    let again = Duration::from_secs(16);
    s.run("top").await.shows("TOTAL");
    for code in [502, 503, 504] {
        cluster.fault(Fault::Broken("metrics.k8s.io".to_owned(), code)).await;
        s.wait(again).await.shows("metrics.k8s.io does not answer: service unavailable").hides("TOTAL");
        s.shows("Metrics API not available").shows("apiservices");
        cluster.fault(Fault::Clear).await;
        s.wait(again).await.shows("TOTAL").hides("not available");
    }
    cluster.fault(Fault::Unserve("metrics.k8s.io".to_owned())).await;
    s.wait(again).await.shows("Metrics API not available").shows("metrics.k8s.io is not served here");
}

#[tokio::test(start_paused = true)]
async fn what_has_to_do_with_an_object_is_told_both_ways() {
    let mut s = Start::at("pods -n data").go().await;
    s.run("related pod/postgres-0 -n data").await.shows("Uses").shows("persistentvolumeclaim/data-postgres-0");
    s.shows("node/worker-").shows("Selected by").shows("service/postgres").shows("poddisruptionbudget/postgres");
    s.run("related pvc/data-postgres-0 -n data").await.shows("Used by").shows("pod/postgres-0");
    s.shows("persistentvolume/").shows("storageclass/gp3");
    s.run("related sc/gp3").await.shows("Used by").shows("persistentvolumeclaim/data/data-postgres-0");
    s.run("related deploy/cart -n shop").await.shows("Scaled by").shows("horizontalpodautoscaler/cart");
    s.run("related svc/frontend -n shop").await.shows("Selects").shows("Routed to by").shows("ingress/");
    s.run("related secret/tls -n shop").await.shows("Used by").shows("ingress/");
}

#[tokio::test(start_paused = true)]
async fn a_service_is_told_down_to_its_endpoints() {
    let mut s = Start::at("svc -n shop").go().await;
    s.run("filter cart").await.press("b").await.shows("backends of service shop/cart").shows("DNS name");
    s.shows("cart.shop.svc.cluster.local").shows("ENDPOINT").shows("cart-").shows(" ready");
    // An endpoint is its pod.
    s.run("find worker-").await.press("y").await.shows("kind: Pod").press("q").await.press("q").await;
    s.put(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "alias", "namespace": "shop"},
        "spec": {"type": "ExternalName", "externalName": "db.example"}}))
        .await;
    s.run("backends svc/alias -n shop").await.shows("an alias").shows("db.example").hides("Endpoints");
    s.run("backends pod/x").await.shows("this is for services, ingresses");
}

#[tokio::test(start_paused = true)]
async fn an_ingress_is_told_down_to_what_is_missing() {
    let mut s = Start::at("ing -n shop").go().await;
    let backend = json!({"service": {"name": "nobody", "port": {"number": 80}}});
    s.put(json!({"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "odd", "namespace": "shop"},
        "spec": {"rules": [{"host": "odd.example", "http": {"paths": [{"path": "/x", "pathType": "Exact", "backend": backend}]}}]}}))
        .await;
    s.run("backends ing/odd -n shop").await.shows("odd.example").shows("/x (Exact)").shows("there is no such service");
    let ingress = read(&s, "/apis/networking.k8s.io/v1/namespaces/shop/ingresses").await;
    let names = ingress["items"].as_array().unwrap().iter().map(|other| other["metadata"]["name"].as_str().unwrap());
    let name = names.into_iter().find(|name| *name != "odd").unwrap();
    s.run(&format!("backends ing/{name} -n shop")).await.shows("TLS").shows("Rules").shows("ready");
}

#[tokio::test(start_paused = true)]
async fn the_volumes_of_a_pod_are_told_down_to_the_class() {
    let mut s = Start::at("pods -n data").go().await;
    s.run("volumes pod/postgres-0 -n data").await.shows("persistentvolumeclaim/data-postgres-0").shows("Bound");
    s.shows("persistentvolume/").shows("storageclass/gp3").shows("configmap/kube-root-ca.crt").shows("projected");
    s.run("volumes deploy/cart -n shop").await.shows("this is for pods");
}

#[tokio::test(start_paused = true)]
async fn the_containers_of_a_pod_are_seen_at_a_glance() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("filter cart").await.press(".").await.shows("glance of pod shop/cart-").shows("Requests").shows("cpu=100m");
    s.shows("Readiness").shows("Limits").shows("memory=512Mi").shows("Security");
    s.run("glance cronjob/backup -n data").await.shows("backup").shows("registry.shop.example/backup:1.1.0");
}
