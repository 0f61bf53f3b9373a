//! Manifests applied, created and deleted as a person does it, and the forms of common things.

use super::session::{Session, Start};
use rutter::demo::Story;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// Longer than keys are taken for typed ahead.
const LOOKED: Duration = Duration::from_millis(400);

async fn at(place: &'static str) -> Session {
    Start { story: Story::Still, ..Start::at(place) }.go().await
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn map(name: &str, value: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  k: {value}\n")
}

fn path(folder: &TempDir) -> &str {
    Path::to_str(folder.path()).unwrap()
}

async fn yes(s: &mut Session) {
    s.wait(LOOKED).await.press("enter").await;
}

#[tokio::test(start_paused = true)]
async fn a_file_is_applied_changed_taken_back_and_deleted() {
    let mut s = at("configmaps -n shop").await;
    let files = folder(&[("a.yaml", &map("fresh", "one"))]);
    s.run(&format!("apply {}/a.yaml", path(&files))).await.until("enter do it").await;
    s.shows("apply configmap shop/fresh, which is new").shows("k: one");
    yes(&mut s).await;
    s.shows("done: apply configmap shop/fresh").shows("u takes it back");
    fs::write(files.path().join("a.yaml"), map("fresh", "two")).unwrap();
    s.run(&format!("apply {}", path(&files))).await.until("enter do it").await;
    s.shows("- ").shows("k: one").shows("k: two").hides("which is new");
    yes(&mut s).await;
    s.run(&format!("create-from {}", path(&files))).await.until("exists already").await.press("esc").await;
    s.run(&format!("delete-from {}", path(&files)))
        .await
        .until("enter do it")
        .await
        .shows("delete configmap shop/fresh");
    yes(&mut s).await;
    s.shows("done: delete configmap shop/fresh").press("esc").await;
    s.run(&format!("delete-from {}", path(&files))).await.until("is not there").await;
}

#[tokio::test(start_paused = true)]
async fn what_was_made_is_taken_back() {
    let mut s = at("configmaps -n shop").await;
    let files = folder(&[("a.yaml", &map("fresh", "one"))]);
    s.run(&format!("apply {}", path(&files))).await.until("enter do it").await;
    yes(&mut s).await;
    s.wait(LOOKED).await.press("u").await.shows("delete configmap shop/fresh");
    yes(&mut s).await;
    s.shows("done: delete configmap shop/fresh");
}

#[tokio::test(start_paused = true)]
async fn one_mistake_and_nothing_is_sent() {
    let mut s = at("configmaps -n shop").await;
    let files = folder(&[
        ("a.yaml", &map("fresh", "one")),
        ("b.yaml", "a: [1\n"),
        ("c.yaml", "apiVersion: example.com/v1\nkind: Odd\nmetadata: {name: x}\n"),
    ]);
    s.run(&format!("apply {}", path(&files))).await.until("b.yaml:").await.hides("enter do it");
    fs::remove_file(files.path().join("b.yaml")).unwrap();
    s.run(&format!("apply {}", path(&files))).await.until("does not serve Odd of example.com/v1").await;
    s.hides("enter do it").run("journal").await.shows("nothing was done yet");
    s.run("apply no-such-folder").await.until("there is no such file").await;
}

#[tokio::test(start_paused = true)]
async fn a_namespace_comes_before_what_is_in_it() {
    let mut s = at("configmaps -n shop").await;
    let place = "apiVersion: v1\nkind: Namespace\nmetadata: {name: fresh}\n";
    let inside = map("inside", "one").replace("metadata:", "metadata:\n  namespace: fresh");
    let files = folder(&[("a.yaml", &inside), ("b.yaml", place)]);
    s.run(&format!("apply {}", path(&files))).await.until("enter do it").await;
    s.shows("apply namespace fresh").shows("asked for next").hides("fresh/inside");
    yes(&mut s).await;
    s.until("enter do it").await.shows("apply configmap fresh/inside, which is new");
    yes(&mut s).await;
    s.shows("done: apply configmap fresh/inside");
}

#[tokio::test(start_paused = true)]
async fn what_others_manage_is_named_and_taken_by_force_alone() {
    let mut s = at("configmaps -n shop").await;
    s.run("create configmap theirs --from-literal=k=one").await.shows("create configmap shop/theirs");
    yes(&mut s).await;
    let files = folder(&[("a.yaml", &map("theirs", "two"))]);
    s.run(&format!("apply {}", path(&files))).await.until("managed by others").await;
    s.shows(".data.k: ").shows("--force-conflicts").hides("enter do it").press("esc").await;
    s.run(&format!("apply {} --force-conflicts", path(&files))).await.until("taken from others: .data.k").await;
    s.wait(LOOKED).await.press("enter").await.shows("taken from others").type_in("theirs").await.press("enter").await;
    s.shows("done: apply configmap shop/theirs");
}

#[tokio::test(start_paused = true)]
async fn forms_ask_and_make() {
    let mut s = at("deployments -n shop").await;
    s.run("create").await.shows("namespace").shows("deployment").type_in("deployment").await.press("enter").await;
    s.shows("NAME --image=IMAGE").type_in("fresh --image=nginx:1 --port=80").await.press("enter").await;
    s.shows("create deployment shop/fresh").shows("image: nginx:1");
    yes(&mut s).await;
    s.shows("done: create deployment shop/fresh").run("filter fresh").await.press("home").await;
    s.run("expose").await.shows("--name=fresh").press("enter").await;
    s.shows("create service shop/fresh (80→80/TCP) for deployment shop/fresh");
    yes(&mut s).await;
    s.shows("done: create service shop/fresh");
    s.run("autoscale").await.press("enter").await.shows("(1 to 3 pods)");
    yes(&mut s).await;
    s.shows("done: create horizontalpodautoscaler shop/fresh");
}

#[tokio::test(start_paused = true)]
async fn what_a_secret_holds_is_shown_nowhere() {
    let mut s = at("secrets -n shop").await;
    s.run("create secret fresh --from-literal=password=hunter2").await;
    s.shows("create secret shop/fresh").hides("hunter2").hides("aHVudGVyMg==");
    yes(&mut s).await;
    s.shows("done: create secret shop/fresh").run("journal").await.shows("create secret").hides("hunter2");
    s.run("create secret fresh --from-literal=hunter2").await.shows("is not KEY=VALUE").hides("hunter2");
}
