//! The palette and the help.

use super::session::Start;
use insta::assert_snapshot;
use rutter::commands::Effect;

#[tokio::test(start_paused = true)]
async fn the_palette_is_fuzzy_and_says_what_each_does() {
    let mut s = Start::at("pods -A").go().await;
    s.press(":").await.shows("go anywhere, do anything").shows("deployments").shows("list Deployment (apps/v1)");
    s.type_in("dply")
        .await
        .shows("deployments")
        .hides("choose another context")
        .press("enter")
        .await
        .shows("deployments(all)");
}

#[tokio::test(start_paused = true)]
async fn the_palette_on_a_small_terminal() {
    let mut s = Start::at("pods").size(80, 24).go().await;
    s.press(":").await.type_in("s").await;
    assert_snapshot!(s.screen());
}

#[tokio::test(start_paused = true)]
async fn the_help_on_a_small_terminal() {
    let mut s = Start::at("pods").size(80, 24).go().await;
    s.press("?").await;
    assert_snapshot!(s.screen());
}

#[tokio::test(start_paused = true)]
async fn the_grammar_of_k9s() {
    let mut s = Start::at("pods").go().await;
    s.run("pods kube-system").await.shows("pods(kube-system) 17");
    s.run("deploy @demo").await.shows("deployments(").shows(" demo ");
    s.run("po -A").await.shows("pods(all)").run("Pod -n data").await.shows("pods(data)");
    s.press("esc")
        .await
        .run("pods shop app.kubernetes.io/name=cart")
        .await
        .shows("pods(shop) 2")
        .shows("-l app.kubernetes.io/name=cart");
    s.run("svc all").await.shows("services(all) 25");
    s.run("pods kube-system /coredns").await.shows("pods(kube-system) 2 of 17").shows("· /coredns");
    s.run("pods shop,data").await.shows("pods(data,shop)");
}

#[tokio::test(start_paused = true)]
async fn what_is_unknown_is_said_with_a_hint() {
    let mut s = Start::at("pods -A").size(200, 40).go().await;
    s.run("blimps").await.shows("\"blimps\" is neither a command nor a kind").shows("kinds: namespaces, nodes, pods");
    s.press("esc")
        .await
        .hides("blimps")
        .run("pods @mars")
        .await
        .shows("there is no context \"mars\"")
        .shows("pods(all) 75");
    s.run("pods -n").await.shows("-n needs a value");
}

#[tokio::test(start_paused = true)]
async fn who_names_an_object_does_not_get_the_selected_one() {
    let mut s = Start::at("pods shop").size(200, 40).go().await;
    for line in ["logs search-0", "previous-logs search-0", "describe pod search-0", "yaml search-0"] {
        s.run(line).await.shows("pods(shop)").shows("takes no arguments");
    }
    s.run("describe pod search-0").await.shows("describe takes no arguments, but was given \"pod search-0\"");
    s.shows("an object is selected first").run("describe").await.shows("describe of pod");
}

#[tokio::test(start_paused = true)]
async fn one_may_begin_with_a_command() {
    let mut s = Start::at("cluster-info").go().await;
    s.until("/livez").await.press("esc").await.shows("pods(default)");
    Start::at("who-can delete pods -n shop").go().await.until("nobody").await;
}

#[tokio::test(start_paused = true)]
async fn esc_and_an_empty_backspace_leave_the_palette() {
    let mut s = Start::at("pods -A").go().await;
    s.press(": esc")
        .await
        .hides("go anywhere")
        .press(": x backspace backspace")
        .await
        .hides("go anywhere")
        .shows("pods(all) 75");
    s.press(": ctrl-c").await.hides("go anywhere");
    assert!(s.effects().is_empty());
}

#[tokio::test(start_paused = true)]
async fn one_moves_in_the_palette_and_completes() {
    let mut s = Start::at("pods -A").go().await;
    s.press(":").await.type_in("e").await;
    let first = s.row();
    s.press("down ctrl-n").await;
    assert_ne!(s.row(), first);
    s.press("up ctrl-p").await;
    assert_eq!(s.row(), first);
    s.press("ctrl-u").await.type_in("servi").await.press("tab").await.shows(":services").type_in("data").await;
    s.press("enter").await.shows("services(data) 3");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_act_says_why() {
    let mut s = Start::at("pods -A").go().await;
    s.press(":").await.type_in("replicasets of").await.press("ctrl-u").await.type_in("owner").await.press("esc").await;
    s.press("R").await.shows("pods own nothing that has a list");
    s.run("nodes").await.press("o").await.shows("it has no owner");
    s.run("pods nowhere").await.press("enter").await.shows("nothing is selected");
}

#[tokio::test(start_paused = true)]
async fn the_help_finds_keys_and_runs_them() {
    let mut s = Start::at("pods -A").size(120, 60).go().await;
    s.press("?").await.shows("keys of this screen").type_in("wide").await.shows("as kubectl's -o wide");
    s.press("enter").await.shows("worker-1").hides("keys of this screen");
}

#[tokio::test(start_paused = true)]
async fn quitting_and_suspending_reach_the_program() {
    let mut s = Start::at("pods -A").go().await;
    s.press("q").await;
    assert_eq!(s.effects(), [Effect::Quit]);
    s.press("ctrl-c").await;
    assert_eq!(s.effects(), [Effect::Quit]);
    s.run("q!").await;
    assert_eq!(s.effects(), [Effect::Quit]);
    s.press("ctrl-z ctrl-l alt-m c").await;
    let copy = Effect::Copy("cert-manager-cainjector-568kqmf7zj-8bc84".into());
    assert_eq!(s.effects(), [Effect::Suspend, Effect::Redraw, Effect::ToggleMouse, copy]);
}
