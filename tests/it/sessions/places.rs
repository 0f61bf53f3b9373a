//! Going into things and back, namespaces, owners.

use super::session::Start;

#[tokio::test(start_paused = true)]
async fn from_namespace_to_pods_to_containers_and_back() {
    let mut s = Start::at("namespaces").go().await;
    s.press("/").await.type_in("shop").await.press("enter").await.on("shop").press("enter").await;
    s.shows("pods(shop) 18").press("3 j").await.on("catalog-dtq7nvlppr-lwfbn").press("/").await.type_in("c").await;
    s.press("enter").await.on("catalog-dtq7nvlppr-lwfbn").press("enter").await;
    s.shows("containers(shop) 1")
        .shows("metadata.name=catalog-dtq7nvlppr-lwfbn")
        .shows("registry.shop.example/catalog:2.12.0");
    s.press("esc").await.shows("pods(shop)").shows("· /c").on("catalog-dtq7nvlppr-lwfbn");
    s.press("esc").await.shows("pods(shop) 18").on("catalog-dtq7nvlppr-lwfbn");
    s.press("esc").await.shows("namespaces").shows("· /shop").on("shop");
    s.press("esc esc esc").await.shows(" namespaces 10");
}

#[tokio::test(start_paused = true)]
async fn from_a_node_to_its_pods() {
    let mut s = Start::at("nodes").size(200, 40).go().await;
    s.press("G")
        .await
        .on("worker-4")
        .press("enter")
        .await
        .shows("pods(all)")
        .shows("spec.nodeName=worker-4")
        .press("w")
        .await;
    let nodes =
        s.screen().lines().skip(3).filter(|line| line.contains("Running")).all(|line| line.contains("worker-4"));
    assert!(nodes, "{}", s.screen());
    s.press("backspace").await.shows(" nodes 5").on("worker-4");
}

#[tokio::test(start_paused = true)]
async fn from_a_deployment_to_pods_and_replicasets() {
    let mut s = Start::at("deploy shop").go().await;
    s.press("/").await.type_in("frontend").await.press("enter enter").await.shows("pods(shop) 4").shows("-l app");
    s.press("esc")
        .await
        .on("frontend")
        .press("R")
        .await
        .shows("replicasets(shop) 1")
        .shows("of")
        .on("frontend-4q82mtwc85");
    s.press("enter").await.shows("pods(shop) 4").on("frontend-4q82mtwc85-474z7");
    s.press("o")
        .await
        .shows("replicasets(shop)")
        .on("frontend-4q82mtwc85")
        .press("o")
        .await
        .shows("deployments(shop)")
        .on("frontend");
    s.press("o").await.shows("it has no owner");
}

#[tokio::test(start_paused = true)]
async fn from_a_service_to_the_pods_behind_it() {
    let mut s = Start::at("svc payments").go().await;
    s.press("j").await.on("gateway").press("enter").await.shows("pods(payments) 3").on("gateway-mdp5xr26kf");
    s.run("svc default")
        .await
        .on("kubernetes")
        .press("enter")
        .await
        .shows("selects no pods")
        .shows("services(default)");
}

#[tokio::test(start_paused = true)]
async fn from_an_event_to_its_object() {
    let mut s = Start::at("events -A").size(200, 40).go().await;
    s.press("/").await.type_in("FailedScheduling").await.press("enter").await.on("kafka-2").press("enter").await;
    s.shows("pods(data)").on("kafka-2").press("o").await.shows("statefulsets(data)").on("kafka");
    s.press("R").await.shows("controllerrevisions(data) 1").on("kafka-");
}

#[tokio::test(start_paused = true)]
async fn from_a_cronjob_to_the_jobs_that_it_owns() {
    let mut s = Start::at("cronjobs data").size(120, 30).go().await;
    s.on("backup").press("enter").await.shows("jobs(data) 3").shows("of").on("backup-").press("enter").await;
    s.shows("pods(data) 1").shows("Completed").press("esc esc").await.on("backup");
    s.press("R").await.shows("jobs(data) 3");
}

#[tokio::test(start_paused = true)]
async fn from_an_empty_selector_to_every_pod_of_the_namespace() {
    let mut s = Start::at("netpol payments").size(120, 30).go().await;
    s.on("same-namespace").press("enter").await.shows("pods(payments)").hides("-l ").hides("selects no pods");
    s.press("esc R").await.shows("networkpolicies own nothing that has a list");
}

#[tokio::test(start_paused = true)]
async fn from_an_autoscaler_to_what_it_scales() {
    let mut s = Start::at("hpa shop").size(120, 30).go().await;
    s.press("/").await.type_in("frontend").await.press("enter enter").await.shows("deployments(shop)").on("frontend");
}

#[tokio::test(start_paused = true)]
async fn namespaces_all_one_and_several() {
    let mut s = Start::at("pods shop").go().await;
    s.shows("pods(shop) 18")
        .hides("NAMESPACE")
        .press("0")
        .await
        .shows("pods(all) 75")
        .shows("NAMESPACE")
        .shows("all namespaces");
    s.run("ns data,shop").await.shows("pods(data,shop) 30").shows("NAMESPACE").shows("kafka-0").shows("cart");
    s.run("ns payments").await.shows("pods(payments) 9").hides("NAMESPACE").run("ns").await.shows(" namespaces 10");
    s.press("esc").await.shows("pods(payments)");
}

#[tokio::test(start_paused = true)]
async fn switching_namespaces_replaces_the_list() {
    let mut s = Start::at("deploy shop").go().await;
    s.run("pods")
        .await
        .shows("pods(shop)")
        .run("ns data")
        .await
        .shows("pods(data)")
        .run("ns all")
        .await
        .shows("pods(all)");
    s.press("esc").await.shows("deployments(shop)");
}

#[tokio::test(start_paused = true)]
async fn a_namespace_is_chosen_from_those_that_are_known() {
    let mut s = Start::at("namespaces").go().await;
    s.run("pods -A")
        .await
        .run("choose-namespace")
        .await
        .shows("namespaces ──")
        .shows("every namespace")
        .shows("cert-manager");
    s.type_in("pay").await.press("enter").await.shows("pods(payments)");
    s.run("choose-namespace").await.type_in("data,ingress").await.press("enter").await.shows("pods(data,ingress)");
}

#[tokio::test(start_paused = true)]
async fn a_new_place_is_in_the_namespace_that_one_looks_at() {
    let mut s = Start::at("pods payments").go().await;
    s.run("deploy").await.shows("deployments(payments)").run("nodes").await.shows("cluster-scoped");
    s.run("ns data").await.shows("pods(data)");
}
