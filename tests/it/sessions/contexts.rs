//! Several clusters: two that answer, one that is down, one that the kubeconfig says nonsense about. These speak over
//! sockets, so they run in real time.

use super::session::{BEGIN, Session, Start};
use jiff::Timestamp;
use rutter::app::{Clock, Clusters, ReadOnlyContexts};
use rutter::cluster::kubeconfig::{Kubeconfig, Source};
use rutter::demo::{Cluster, Story};
use rutter::kinds::Time;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::Instant;

/// Longer than keys are taken for typed ahead; these sessions run in real time.
const LOOKED: Duration = Duration::from_millis(400);

pub async fn listening(story: Story) -> SocketAddr {
    let cluster = Cluster::start_at(story, Timestamp::from_second(BEGIN).unwrap());
    let (address, serving) = cluster.listen("127.0.0.1:0".parse().unwrap()).await.unwrap();
    tokio::spawn(serving);
    address
}

/// An address at which nobody answers: its owner never accepts.
async fn silent() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    address
}

/// A session over these contexts, in the first.
fn over(contexts: &[(&str, &str, SocketAddr)]) -> (Session, tempfile::TempDir) {
    let contexts: Vec<_> = contexts.iter().map(|(name, place, at)| (*name, *place, *at, "{token: t}")).collect();
    over_users(&contexts)
}

/// The same with the user of each.
pub fn over_users(contexts: &[(&str, &str, SocketAddr, &str)]) -> (Session, tempfile::TempDir) {
    let mut text = format!("apiVersion: v1\nkind: Config\ncurrent-context: {}\nclusters:\n", contexts[0].0);
    for (name, _, address, _) in contexts {
        writeln!(text, "- {{name: {name}-cluster, cluster: {{server: 'http://{address}'}}}}").unwrap();
    }
    text += "contexts:\n- {name: broken, context: {cluster: nowhere, user: me}}\n";
    for (name, namespace, ..) in contexts {
        let context = format!("cluster: {name}-cluster\n    user: {name}-user\n    namespace: {namespace}");
        writeln!(text, "- name: {name} # ours\n  context:\n    {context}").unwrap();
    }
    text += "users:\n";
    for (name, .., user) in contexts {
        writeln!(text, "- {{name: {name}-user, user: {user}}}").unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("config");
    std::fs::write(&file, text).unwrap();
    let source = Source { flag: Some(file), ..Source::default() };
    let kubeconfig = Kubeconfig::load(&source).unwrap_or_else(|error| panic!("{}", error.sentence));
    let clock = Clock::Tokio(Time(BEGIN), Instant::now());
    (Start::at("pods").on(Clusters::of(kubeconfig, ReadOnlyContexts::default()), clock), dir)
}

#[tokio::test]
async fn one_switches_between_clusters() {
    let (full, empty) = (listening(Story::Still).await, listening(Story::Empty).await);
    let (mut s, _dir) = over(&[("prod", "shop", full), ("lab", "default", empty)]);
    s.until("pods(shop) 18")
        .await
        .shows(" prod ")
        .shows("prod-cluster")
        .press("@")
        .await
        .shows("contexts")
        .shows("lab");
    s.type_in("lab").await.press("enter").await.until("no pods in default").await.shows(" lab ").shows("lab-cluster");
    s.press("esc").await.shows(" prod ").shows("pods(shop) 18");
    s.run("nodes @lab").await.until("cluster-scoped").await.until("live").await.shows(" lab ");
    s.run("ctx prod").await.shows(" prod ").shows("nodes 5");
}

#[tokio::test]
async fn a_cluster_that_is_down_blocks_nothing() {
    let full = listening(Story::Still).await;
    let (mut s, _dir) = over(&[("prod", "shop", full), ("silent", "default", silent().await)]);
    s.until("pods(shop) 18").await.run("ctx silent").await.shows(" silent ").shows("connecting");
    s.press("j k : esc ? esc").await.shows(" silent ").press("esc").await.shows("pods(shop) 18").shows(" live");
}

#[tokio::test]
async fn a_refused_connection_is_told_with_a_hint() {
    let full = listening(Story::Still).await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let (mut s, _dir) = over(&[("prod", "shop", full), ("down", "default", free)]);
    s.until("pods(shop) 18").await.run("ctx down").await.until("not connected").await;
    s.shows("cannot reach the API server").shows("refused").press("esc").await.press("esc").await;
    s.shows("pods(shop) 18");
}

#[tokio::test]
async fn a_context_that_cannot_be_used_says_why() {
    let full = listening(Story::Still).await;
    let (mut s, _dir) = over(&[("prod", "shop", full)]);
    s.until("pods(shop) 18").await.run("ctx broken").await.shows("the context \"broken\" cannot be used");
    s.press("esc @")
        .await
        .shows("broken")
        .press("esc")
        .await
        .run("ctx mars")
        .await
        .shows("there is no context \"mars\"");
}

#[tokio::test]
async fn the_kubeconfig_is_changed_only_when_its_difference_was_confirmed() {
    let (full, empty) = (listening(Story::Still).await, listening(Story::Empty).await);
    let (mut s, dir) = over(&[("prod", "shop", full), ("lab", "default", empty)]);
    let file = || std::fs::read_to_string(dir.path().join("config")).unwrap();
    let before = file();
    s.until("pods(shop) 18").await.run("set-context --namespace=payments").await;
    s.shows("-     namespace: shop").shows("+     namespace: payments").shows("kubectl config set-context prod");
    s.press("esc").await;
    assert_eq!(file(), before);
    s.run("use-context lab").await.shows("- current-context: prod").shows("+ current-context: lab");
    tokio::time::sleep(LOOKED).await;
    s.press("enter").await.shows("done:").shows("rutter itself stays where it is").shows(" prod ");
    assert_eq!(file(), before.replace("current-context: prod", "current-context: lab"));
    s.run("rename-context broken whole").await.shows("written in a form that rutter does not change");
    s.run("rename-context mars venus").await.shows("there is no context \"mars\"");
}
