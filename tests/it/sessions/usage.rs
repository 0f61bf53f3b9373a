//! Columns joined from elsewhere: what pods, containers and nodes use beside what they ask for, and where their nodes are.

use super::session::{Session, Start};
use insta::assert_snapshot;
use rutter::demo::Fault;
use std::fs;
use std::time::Duration;

const TICK: Duration = Duration::from_secs(15);

/// Waits for so many figures.
async fn ticks(s: &mut Session, count: u32) {
    for _ in 0..count {
        s.wait(TICK).await;
    }
}

/// What stands below a heading, line by line, as far as it is one word.
fn column(s: &Session, name: &str) -> Vec<String> {
    let heading = s.line(2);
    let end = heading.find(name).unwrap_or_else(|| panic!("{name}: {heading}")) + name.len();
    let end = heading.get(..end).map_or(0, |before| before.chars().count());
    let lines = (3..30).map(|y| s.line(y)).take_while(|line| !line.trim().is_empty());
    let cell =
        |line: String| line.chars().take(end).collect::<String>().rsplit(' ').next().unwrap_or_default().to_owned();
    lines.map(cell).collect()
}

#[tokio::test(start_paused = true)]
async fn usage_stands_beside_what_was_asked_for() {
    let mut s = Start::at("pods -n shop").size(180, 30).go().await;
    s.hides("CPU").press("%").await.shows("%CPU/R").shows("MEM").shows("measured 12:00:").shows("█");
    ticks(&mut s, 12).await;
    assert_snapshot!(s.screen());
    // The greatest first, as kubectl has them; those that are not measured come last.
    s.run("sort cpu").await.shows("CPU↓");
    let used: Vec<Option<u32>> =
        column(&s, "CPU↓").iter().map(|cell| cell.trim_end_matches('m').parse().ok()).collect();
    assert!(used.len() > 5 && used.windows(2).all(|pair| pair[0] >= pair[1]), "{used:?}");
    s.run("sort cpu").await.shows("CPU↑").run("sort cpu").await.hides("CPU↑");
    let all = s.column(1).len();
    s.press("/").await.type_in("cpu>100m %cpu/r>1").await.press("enter").await.shows("/cpu>100m");
    assert!((1..all).contains(&s.column(1).len()), "{}", s.screen());
    s.press("esc").await.press("%").await.hides("CPU").hides("measured");
}

#[tokio::test(start_paused = true)]
async fn names_can_be_read_on_a_small_terminal() {
    let mut s = Start::at("pods -n shop").size(80, 24).go().await;
    s.shows("recommendations-69p4pnqbsc-kwjtq").press("%").await.shows("measured");
    assert_snapshot!(s.screen());
    // What was left out is scrolled to.
    s.press("right right right right")
        .await
        .shows("catalog-dtq7nvlppr")
        .shows("%CPU/R")
        .shows("%MEM/L")
        .hides("STATUS");
    s.press("esc").await.run("pods -A").await.shows("cert-manager-cainj").shows("STATUS").shows("CPU");
    s.run("nodes").await.press("%").await.shows("worker-1").shows("%MEM").shows("AGE").hides("TREND");
    s.run("pods -n shop").await.press("enter").await.press("%").await.shows("STATE").shows("MEM").hides("PROBES");
}

#[tokio::test(start_paused = true)]
async fn figures_are_asked_for_once_in_a_while_and_only_while_they_are_shown() {
    let mut s = Start::at("pods -n shop").size(180, 30).go().await;
    s.run("requests").await;
    let idle = s.requests();
    ticks(&mut s, 8).await;
    assert_eq!(s.requests(), idle, "nobody looks");
    s.press("%").await.shows("measured");
    // What one may do is asked again with the end of the old list.
    ticks(&mut s, 2).await;
    let begun = s.requests();
    ticks(&mut s, 8).await;
    assert_eq!(s.requests() - begun, 8, "one list for each tick");
    s.run("services").await;
    ticks(&mut s, 2).await;
    let left = s.requests();
    ticks(&mut s, 8).await;
    // What one may do is asked again now and then.
    assert!(s.requests() - left < 8, "the list was left");
    // It is remembered for the kind.
    s.run("pods -n kube-system").await.shows("%CPU/R");
}

#[tokio::test(start_paused = true)]
async fn containers_and_nodes_have_theirs() {
    let mut s = Start::at("nodes").size(180, 30).go().await;
    s.press("%").await.shows("%MEM").shows("CPU TREND").hides("<unknown>");
    assert_snapshot!(s.screen());
    let mut s = Start::at("pods -n shop").size(180, 30).go().await;
    s.press("enter").await.shows("containers").press("%").await.shows("%MEM/L").hides("<unknown>");
    s.run("services").await.press("%").await.shows("only pods, containers and nodes are measured");
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_measures_nothing_says_so_once() {
    let cluster = Start::default().cluster();
    cluster.fault(Fault::Unserve("metrics.k8s.io".to_owned())).await;
    let mut s = Start::at("pods -n shop").size(180, 30).over(&cluster).await;
    s.press("%").await.shows("metrics.k8s.io is not served here").shows("<unknown>").shows("usage not known");
    s.press("j").await.hides("is not served here");
    ticks(&mut s, 20).await;
    s.hides("is not served here");
    // Somebody installs it.
    cluster.fault(Fault::Clear).await;
    ticks(&mut s, 5).await;
    s.shows("measured").hides("usage not known");
    cluster.fault(Fault::Forbid("/apis/metrics.k8s.io".to_owned())).await;
    ticks(&mut s, 5).await;
    s.shows("usage not known")
        .press("m")
        .await
        .shows("usage is not known: ")
        .shows("metrics.k8s.io is not served here");
}

#[tokio::test(start_paused = true)]
async fn the_zone_of_a_pod_is_that_of_its_node() {
    let dir = tempfile::tempdir().expect("a directory");
    fs::write(dir.path().join("settings.yaml"), "views:\n  pods:\n    show: [NAME, NODE, ZONE, CPU/R]\n")
        .expect("a file");
    let mut s = Start { dir: Some(dir.path().to_owned()), ..Start::at("pods -n shop") }.go().await;
    s.shows("ZONE").shows("eu-central-1a").hides("measured");
    s.press("/").await.type_in("zone=eu-central-1b").await.press("enter").await.shows("1b").hides("eu-central-1a");
    s.press("esc").await;
    let node = serde_json::json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1",
        "labels": {"topology.kubernetes.io/zone": "moon"}}});
    s.put(node).await.shows("moon");
}

#[tokio::test(start_paused = true)]
async fn columns_of_usage_are_chosen_and_written_like_others() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut s = Start { dir: Some(dir.path().to_owned()), ..Start::at("pods -n shop") }.size(160, 40).go().await;
    // Behind a column of one's own they stay what they are.
    s.press("v a").await.type_in("APP:.metadata.labels.app").await.press("enter").await;
    s.press("G").await;
    let line = s.cursor_line().expect("a cursor");
    assert!(s.line(line).contains("APP"), "{}", s.screen());
    s.press("k space k k space").await.press("esc").await.shows("ZONE").shows("%MEM/L").shows("APP").shows("measured");
    s.press("v w").await.shows("ZONE").press("enter").await.shows("wrote the columns of pods");
    let file = fs::read_to_string(dir.path().join("settings.yaml")).expect("a file");
    assert!(file.contains("ZONE") && file.contains("'%MEM/L'") && !file.contains("path: ''"), "{file}");
    let mut s = Start { dir: Some(dir.path().to_owned()), ..Start::at("pods -n shop") }.size(160, 40).go().await;
    s.shows("ZONE").shows("%MEM/L").shows("APP").shows("eu-central-1");
}

#[tokio::test(start_paused = true)]
async fn the_choice_of_columns_shows_what_stands_in_them() {
    let mut s = Start::at("pods -n shop").size(160, 40).go().await;
    s.press("v").await.shows("CPU TREND").hides("█").press("esc").await.press("%").await.shows("measured");
    s.press("v").await.shows("CPU TREND").shows("█");
}
