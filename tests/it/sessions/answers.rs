//! Questions and their answers as a person sees them.

use super::session::Start;

#[tokio::test(start_paused = true)]
async fn who_the_server_takes_one_for_is_asked_it() {
    let mut s = Start::at("pods -n shop").go().await;
    s.run("whoami").await.shows("ATTRIBUTE").shows("Username");
    s.press("q").await.shows("pods(shop)");
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
