//! `rutter get` on the real server: which objects it prints, and what it says when it cannot.

use super::control_plane::{self, Plane, check, rutter};
use std::fs;
use std::net::TcpListener;
use std::process::Output;

/// The names that rutter prints, and kubectl's, both in the order of their letters.
fn names(plane: &Plane, arguments: &[&str]) -> Vec<String> {
    let arguments = [&["get"], arguments, &["-o", "name"]].concat();
    let output = plane.rutter(&arguments);
    check(&output, &arguments.join(" "));
    let mine = sorted(&String::from_utf8(output.stdout).expect("text"));
    assert_eq!(mine, sorted(&plane.kubectl(&arguments)), "{arguments:?}");
    mine
}

fn sorted(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}

/// Checks that rutter failed with exit code 1, printed no data, and said one sentence with `words` in it, perhaps
/// with a hint. Returns what it said.
fn refused(output: &Output, words: &[&str]) -> String {
    let said = String::from_utf8(output.stderr.clone()).expect("text");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    let lines: Vec<&str> = said.lines().collect();
    let sentence = lines.first().is_some_and(|line| line.starts_with("rutter: "));
    assert!(sentence && lines.get(1).is_none_or(|line| line.starts_with("hint: ")) && lines.len() <= 2, "{said}");
    assert!(words.iter().all(|word| said.contains(word)), "{words:?} in {said}");
    said
}

#[test]
fn the_names_are_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    // Only in the namespace where nothing comes and goes.
    let pods = names(plane, &["pods", "-n", "cast"]);
    assert!(pods.len() > 40 && pods.contains(&"pod/p01-pending".to_owned()), "{pods:?}");
    assert!(names(plane, &["deployments", "-A"]).contains(&"deployment.apps/d-ready".to_owned()));
    assert!(names(plane, &["nodes"]).contains(&"node/node-1".to_owned()));
    assert_eq!(names(plane, &["po", "-n", "readable"]), Vec::<String>::new());
}

#[test]
fn selectors_choose_the_same_objects() {
    let Some(plane) = control_plane::whole() else { return };
    let ready = names(plane, &["pods", "-A", "-l", "app=d-ready"]);
    assert_eq!(ready.len(), 3);
    assert_eq!(names(plane, &["pods", "-A", "-l", "app in (d-ready,d-unready),app!=d-unready"]), ready);
    assert!(names(plane, &["pods", "-n", "cast", "--field-selector", "status.phase=Failed"]).len() > 1);
    let one = ["pods", "-n", "cast", "--field-selector", "metadata.name=p01-pending,spec.nodeName=cast-ready"];
    assert_eq!(names(plane, &one), ["pod/p01-pending"]);
}

#[test]
fn several_namespaces_are_one_list() {
    let Some(plane) = control_plane::whole() else { return };
    refused(&plane.rutter(&["get", "gizmos,pods"]), &["the server doesn't have a resource type \"gizmos\""]);
    let both = plane.rutter(&["get", "services", "-n", "cast,default", "-o", "name"]);
    check(&both, "two namespaces");
    let of = |namespace: &str| plane.kubectl(&["get", "services", "-n", namespace, "-o", "name"]);
    assert_eq!(sorted(&String::from_utf8_lossy(&both.stdout)), sorted(&(of("cast") + &of("default"))));
    let table = plane.rutter(&["get", "services", "-n", "cast,default"]);
    assert!(String::from_utf8_lossy(&table.stdout).starts_with("NAMESPACE "));
    assert!(String::from_utf8_lossy(&table.stdout).lines().any(|line| line.starts_with("default ")));
}

#[test]
fn an_empty_list_is_said_and_is_no_failure() {
    let Some(plane) = control_plane::whole() else { return };
    let output = plane.rutter(&["get", "pods", "-n", "readable"]);
    check(&output, "an empty list");
    assert!(output.stdout.is_empty());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "No resources found in readable namespace.\n");
}

#[test]
fn who_may_see_little_sees_that_and_a_sentence_for_the_rest() {
    let Some(plane) = control_plane::whole() else { return };
    let (reader, nobody) = (format!("{}-reader", plane.context()), format!("{}-nobody", plane.context()));
    check(&plane.rutter(&["get", "pods", "--context", &reader]), "the reader's own namespace");
    let words = ["pods is forbidden", "User \"reader\" cannot list", "at the cluster scope"];
    refused(&plane.rutter(&["get", "pods", "-A", "--context", &reader]), &words);
    let words = ["cannot list resource \"nodes\"", "User \"nobody\""];
    refused(&plane.rutter(&["get", "nodes", "--context", &nobody]), &words);
    let words = ["User \"nobody\"", "in the namespace \"default\""];
    refused(&plane.rutter(&["get", "pods", "--context", &nobody, "-o", "json"]), &words);
}

#[test]
fn what_is_not_there_is_said() {
    let Some(plane) = control_plane::whole() else { return };
    let lists = "hint: rutter get api-resources lists what there is";
    refused(&plane.rutter(&["get", "gizmos"]), &["the server doesn't have a resource type \"gizmos\"", lists]);
    let near = ["the server doesn't have a resource type \"deploymets\"", "hint: did you mean deployments?"];
    refused(&plane.rutter(&["get", "deploymets"]), &near);
    refused(&plane.rutter(&["get", "pods", "--context", "elsewhere"]), &["no context elsewhere", plane.context()]);
    refused(&plane.rutter(&["get", "pods", "-l", "a=b=c"]), &["found '='"]);
    refused(&plane.rutter(&["get", "pods", "--field-selector", "spec.colour=red"]), &["spec.colour"]);
    let wrong = plane.rutter(&["get"]);
    assert_eq!((wrong.status.code(), wrong.stdout.is_empty()), (Some(2), true));
}

#[test]
fn a_wrong_token_is_said() {
    let Some(plane) = control_plane::whole() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let text = fs::read_to_string(plane.kubeconfig()).expect("a kubeconfig").replace("token: ", "token: not-");
    let file = dir.path().join("config");
    fs::write(&file, text).expect("written");
    refused(&rutter().arg("get").arg("pods").arg("--kubeconfig").arg(&file).output().unwrap(), &["Unauthorized"]);
}

/// A kubeconfig whose server is at this port of this machine.
fn kubeconfig(port: u16) -> String {
    format!(
        "{{apiVersion: v1, kind: Config, current-context: c, users: [], contexts: [{{name: c, context: {{cluster: c}}}}], \
         clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:{port}'}}}}]}}"
    )
}

#[test]
fn a_dead_server_is_said() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("config");
    fs::write(&file, kubeconfig(port)).expect("written");
    let output = rutter().args(["get", "pods"]).env("KUBECONFIG", &file).output().expect("rutter runs");
    let said = refused(&output, &["cannot reach the API server: connection refused", "the address in the kubeconfig"]);
    assert!(!said.contains("os error"), "{said}");
}

#[test]
fn a_broken_kubeconfig_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("broken-config");
    for text in ["clusters: [{name: c", "- a\n- list\n", "clusters: 5\n"] {
        fs::write(&file, text).expect("written");
        let output = rutter().args(["get", "pods"]).env("KUBECONFIG", &file).output().expect("rutter runs");
        refused(&output, &["broken-config"]);
    }
}

#[test]
fn without_a_kubeconfig_the_demo_is_offered() {
    let missing = rutter().args(["get", "pods"]).output().expect("rutter runs");
    refused(&missing, &["--demo", ".kube/config"]);
    let flag = rutter().args(["get", "pods", "--kubeconfig", "not-there"]).output().expect("rutter runs");
    refused(&flag, &["not-there"]);
}
