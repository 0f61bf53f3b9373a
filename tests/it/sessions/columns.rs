//! Choosing columns: on screen, from the settings, and into them.

use super::session::Start;
use insta::assert_snapshot;
use rutter::demo::Fault;
use std::fs;
use std::path::Path;
use std::time::Duration;

/// A session whose settings lie in `dir`.
fn start(dir: &Path, settings: &str) -> Start {
    fs::write(dir.join("settings.yaml"), settings).expect("a file");
    Start { dir: Some(dir.to_owned()), ..Start::at("pods -n shop") }
}

#[tokio::test(start_paused = true)]
async fn columns_are_hidden_moved_and_added() {
    let mut s = Start::at("pods -n shop").go().await;
    s.press("v").await.shows("columns of pods").shows("RESTARTS").shows("NOMINATED NODE");
    assert_snapshot!(s.screen());
    // STATUS before READY, and no RESTARTS.
    s.press("j j K j j space").await;
    s.press("a").await.type_in("APP:.metadata.labels.app").await.press("enter").await.shows(".metadata.labels.app");
    s.press("esc").await.hides("RESTARTS").shows("APP");
    let heading = s.line(2);
    let place = |name: &str| heading.find(name).unwrap_or_else(|| panic!("{name}: {heading}"));
    assert!(place("STATUS") < place("READY") && place("AGE") < place("APP"), "{heading}");
    // A column like others: it filters and sorts.
    s.press("/").await.type_in("app=cart*").await.press("enter").await.shows("cart").hides("frontend-");
    s.press("esc").await.press(":").await.type_in("sort app").await.press("enter").await.shows("APP↑");
}

#[tokio::test(start_paused = true)]
async fn a_path_with_a_mistake_changes_nothing() {
    let mut s = Start::at("pods -n shop").size(160, 40).go().await;
    s.press("v a").await.type_in("X:.spec[").await.press("enter").await.shows("unterminated array");
    s.press("a").await.type_in("X").await.press("enter").await.shows("a column is written NAME:.path");
    s.press("x").await.shows("not one of yours");
    s.press("a").await.type_in("X:.spec.nodeName").await.press("enter").await.shows(".spec.nodeName");
    s.press("x").await.hides(".spec.nodeName");
}

#[tokio::test(start_paused = true)]
async fn the_settings_are_read_and_their_mistakes_told() {
    let dir = tempfile::tempdir().expect("a directory");
    let settings = "views:\n  po:\n    show: [NAME, APP, NONE, REDY]\n    columns:\n      - { name: APP, path: .metadata.labels.app }\n      - { name: B, path: '.a[' }\n";
    let mut s = start(dir.path(), settings).go().await;
    s.shows("APP").hides("RESTARTS");
    s.press("m").await.shows("settings.yaml:3:23: pods have no column `NONE`");
    s.shows("did you mean `NODE`?").shows("pods have no column `REDY` (did you mean `READY`?)");
    s.shows("settings.yaml:6:26: the path of B has a mistake");
}

#[tokio::test(start_paused = true)]
async fn what_is_chosen_is_written_after_a_look_at_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let before = "# mine\nmouse: true # yes\nviews:\n  # those of nodes\n  nodes:\n    show: [NAME]\n";
    let mut s = start(dir.path(), before).size(160, 40).go().await;
    s.press("v j j j space a").await.type_in("APP:.metadata.labels.app").await.press("enter").await;
    s.press("w").await.shows("+       - { name: APP, path: '.metadata.labels.app' }").shows("write this into");
    let file = || fs::read_to_string(dir.path().join("settings.yaml")).expect("a file");
    assert_eq!(file(), before);
    s.press("enter").await.shows("wrote the columns of pods").shows("columns of pods");
    let after = file();
    assert!(after.starts_with(before), "{after}");
    assert!(after.ends_with("    columns:\n      - { name: APP, path: '.metadata.labels.app' }\n"), "{after}");
    let mut s = Start { dir: Some(dir.path().to_owned()), ..Start::at("pods -n shop") }.go().await;
    s.shows("APP").hides("RESTARTS");
}

#[tokio::test(start_paused = true)]
async fn custom_resources_have_columns_of_ones_own() {
    let mut s = Start::at("backups -A").size(140, 30).go().await;
    s.shows("SIZE (GIB)").press("v").await.shows("columns of backups").shows("LAST RUN").shows("SCHEDULE");
    s.press("a")
        .await
        .type_in("COPIES TO:.spec.replicas")
        .await
        .press("enter")
        .await
        .shows(".spec.replicas")
        .press("esc")
        .await;
    let heading = s.line(2);
    assert!(heading.contains("SIZE (GIB)") && heading.contains("COPIES TO"), "{heading}");
    assert!(s.screen().lines().any(|line| line.contains("kafka") && line.trim_end().ends_with('2')), "{}", s.screen());
    s.run("sort copies-to").await.shows("COPIES TO↑").run("filter copies-to=3").await.hides("kafka");
}

#[tokio::test(start_paused = true)]
async fn the_choice_waits_for_the_columns_that_the_server_tells() {
    let mut s = Start::at("blackouts").size(140, 30).go().await;
    s.shows("REASON");
    s.cluster().fault(Fault::Delay(Duration::from_secs(1))).await;
    s.run("backups -A").await.press("v").await.shows("the server has not told yet which columns backups have");
    // Nothing can be chosen among what is not known.
    s.press("space").await.press("a").await.type_in("X:.spec.target").await.press("enter").await.hides(".spec.target");
    s.until("OF kafka").await.shows("✓  TARGET").shows("✓  SIZE (GIB)").shows("·  SCHEDULE");
    s.press("j space esc").await.shows("SIZE (GIB)").hides("TARGET");
}

#[tokio::test(start_paused = true)]
async fn settings_name_columns_of_kinds_that_only_the_server_knows() {
    let dir = tempfile::tempdir().expect("a directory");
    let settings = "views:\n  certificates.cert-manager.io:\n    show: [NAME, NAMES, NONE, READY]\n    columns:\n      - { name: NAMES, path: '.spec.dnsNames[*]' }\n  blimps:\n    show: [NAME]\n";
    let mut s = start(dir.path(), settings).size(140, 30).go().await;
    s.run("certs -A").await.shows("shop.example,www.shop.example").shows("READY");
    let heading = s.line(2);
    assert!(!heading.contains("SECRET"), "{heading}");
    let place = |name: &str| heading.find(name).unwrap_or_else(|| panic!("{name}: {heading}"));
    assert!(place("NAMES") < place("READY"), "{heading}");
    s.press("m").await.shows("settings.yaml:6:3: no kind is called `blimps`");
    s.shows("settings.yaml:3:25: certificates have no column `NONE` (there are NAME, READY, SECRET,").press("q").await;
    // What is chosen on screen is written under the name that stands in the file.
    s.press("v").await.press("a").await.type_in("BY:.spec.issuerRef.name").await.press("enter").await.press("w").await;
    s.shows("+       - { name: BY, path: '.spec.issuerRef.name' }").press("enter").await;
    let after = fs::read_to_string(dir.path().join("settings.yaml")).expect("a file");
    assert_eq!(after.matches("certificates").count(), 1, "{after}");
}

#[tokio::test(start_paused = true)]
async fn settings_that_are_not_understood_are_left_alone() {
    let dir = tempfile::tempdir().expect("a directory");
    let before = "views: { nodes: { show: [NAME] } }\n";
    let mut s = start(dir.path(), before).size(160, 40).go().await;
    s.press("v space w").await.shows("is not changed").shows("edit it by hand");
    assert_eq!(fs::read_to_string(dir.path().join("settings.yaml")).expect("a file"), before);
}
