//! `rutter get` against `kubectl get`: the same bytes, form by form.

use super::control_plane::{self, Plane, kubectl};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};
use std::time::Duration;

/// What both print for a command line: standard output, the last line of standard error, and how it ended.
type Said = (String, i32);

fn said(output: &Output) -> Said {
    (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code().unwrap_or(-1))
}

/// kubectl prints the values of Secrets without being asked.
fn of_kubectl(plane: &Plane, line: &[&str]) -> Said {
    let line = line.iter().filter(|word| **word != "--show-secrets");
    let output = kubectl().arg("--kubeconfig").arg(plane.kubeconfig()).arg("get").args(line).output();
    said(&output.expect("kubectl runs"))
}

fn of_rutter(plane: &Plane, line: &[&str]) -> Said {
    said(&plane.rutter(&[&["get"], line].concat()))
}

/// Why the two differ, if they do: what ages is asked again.
async fn difference(plane: &Plane, line: &[&str]) -> Option<String> {
    let mut told = String::new();
    for attempt in 0..12 {
        tokio::time::sleep(Duration::from_millis(90 * attempt)).await;
        let (before, mine, after) = (of_kubectl(plane, line), of_rutter(plane, line), of_kubectl(plane, line));
        if mine == before || mine == after {
            return None;
        }
        told = first_difference(&mine, &after);
    }
    Some(format!("{}: {told}", line.join(" ")))
}

fn first_difference(mine: &Said, theirs: &Said) -> String {
    let lines = mine.0.split('\n').zip(theirs.0.split('\n')).enumerate();
    let found = lines.clone().find(|(_, (mine, theirs))| mine != theirs);
    let place = found.map_or_else(
        || format!("{} lines, kubectl {}", mine.0.lines().count(), theirs.0.lines().count()),
        |(at, (mine, theirs))| {
            let same = mine.chars().zip(theirs.chars()).take_while(|(mine, theirs)| mine == theirs).count();
            let from = |line: &str| line.chars().skip(same.saturating_sub(20)).take(160).collect::<String>();
            format!("line {at}:\n  mine    {:?}\n  kubectl {:?}", from(mine), from(theirs))
        },
    );
    format!("ended with {}, kubectl {}; {place}", mine.1, theirs.1)
}

async fn all_alike(plane: &Plane, lines: &[&str]) {
    let mut told = String::new();
    for line in lines {
        let words: Vec<String> = line.split(' ').map(|word| word.replace("␠", " ")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let Some(difference) = difference(plane, &words).await {
            let _ = writeln!(told, "{difference}");
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[tokio::test]
async fn tables_are_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    all_alike(
        plane,
        &[
            "nodes",
            "nodes -o wide",
            "pods -A",
            "pods -A -o wide",
            "pods -A --no-headers",
            "pods -A --show-labels",
            "pods -A -L app,kubernetes.io/name",
            "pods -A --show-kind",
            "deploy,svc -A",
            "deploy,svc,cm -A --no-headers",
            "pv,pvc,sc -A",
            "pvc -A -o wide",
            "pods -A -l app",
            "pods -A --field-selector status.phase=Running",
            "pods -n nowhere",
            "pods,deploy -n nowhere",
            "ns default kube-system",
            "ns/default ns/kube-system",
            "ns/default node/none",
            "ns default none",
            "ns none --ignore-not-found",
            "nodes --sort-by .metadata.name",
            "pods -A --sort-by {.metadata.uid}",
            "pv --sort-by .spec.capacity.storage",
            "all -A",
        ],
    )
    .await;
}

#[tokio::test]
async fn objects_are_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    all_alike(
        plane,
        &[
            "ns -o name",
            "deploy,svc -A -o name",
            "ns default -o json",
            "ns default -o yaml",
            "ns -o json",
            "ns -o yaml",
            "ns default kube-system -o yaml",
            "deploy,cm -A -o yaml",
            "deploy,cm -A -o json",
            "cm -A -o json --show-managed-fields",
            "crd -o yaml",
            "secrets -A -o yaml --show-secrets",
            "pods -n nowhere -o json",
            "pods -n nowhere -o yaml",
            "ns none -o json",
            "ns default none -o json",
            "pv -o json --sort-by .spec.capacity.storage",
            "pods -A -o yaml --sort-by metadata.uid",
        ],
    )
    .await;
}

#[tokio::test]
async fn templates_are_kubectls() {
    let Some(plane) = control_plane::whole() else { return };
    all_alike(
        plane,
        &[
            "ns -o jsonpath={.items[*].metadata.name}",
            "ns -o jsonpath={range␠.items[*]}{.metadata.name}{\"\\n\"}{end}",
            "ns default -o jsonpath={.metadata}",
            "ns -o jsonpath={.items[0]}",
            "ns -o jsonpath={.items[?(@.metadata.name==\"default\")].status.phase}",
            "ns -o jsonpath={.items[?(@.metadata.name!='default')].metadata['name','uid']}",
            "ns -o jsonpath={.items[-1:].metadata.name}{.items[::2].metadata.name}",
            "ns -o jsonpath={.items[*].nothing}{.nothing}",
            "ns -o jsonpath={.items[99]}",
            "ns -o jsonpath={.kind}:{.metadata}",
            "ns -o jsonpath={@}",
            "ns -o jsonpath={.}",
            "ns -o jsonpath=text{\"\\t\\u00e9\"}{'\\''}",
            "ns -o jsonpath={.items[0].metadata.labels.kubernetes\\.io/metadata\\.name}",
            "ns -o jsonpath={.items[0].metadata.labels['kubernetes\\.io/metadata\\.name']}",
            "ns -o jsonpath={.items[0].metadata.labels.*}",
            "ns default -o jsonpath={.metadata.name.*}",
            "ns default -o jsonpath={..name}",
            "ns -o jsonpath-as-json={.items[*].metadata.name}",
            "ns -o jsonpath={.items",
            "ns -o jsonpath={*}",
            "ns -o jsonpath={end}",
            "pods -A -o jsonpath={range␠.items[*]}{.metadata.name}:{range␠.spec.containers[*]}{.image},{end};{end}",
            "pods -A -o jsonpath={.items[?(@.status.containerStatuses[0].restartCount>0)].metadata.name}",
            "pods -A -o jsonpath={.items[?(@.spec.nodeName)].spec.nodeName}",
            "pods -A -o jsonpath={.items[*].status.containerStatuses}",
            "pods -A -o jsonpath={.items[?(@.spec.hostNetwork==true)].metadata.name}",
            "ns -o custom-columns=NAME:.metadata.name,A:status.phase,B:{.nothing}",
            "pods -A -o custom-columns=NS:.metadata.namespace,N:.metadata.name,I:.spec.containers[*].image,L:.metadata.labels",
            "pods -A -o custom-columns=N:.metadata.name,C:.spec.containers[0].ports,T:.status.conditions --no-headers",
            "pods -A -o custom-columns=N:.metadata.name --sort-by .metadata.uid",
            "deploy -A -o custom-columns=N:.metadata.name,R:.spec.replicas,S:.spec.strategy",
        ],
    )
    .await;
}

#[test]
fn where_rutter_is_stricter_it_says_so() {
    let Some(plane) = control_plane::whole() else { return };
    plane.kubectl(&["create", "secret", "generic", "get-secret", "--from-literal=word=swordfish"]);
    for form in ["yaml", "json", "jsonpath={.data}", "custom-columns=D:.data"] {
        let output = plane.rutter(&["get", "secret", "get-secret", "-o", form]);
        let (shown, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && !shown.contains("c3dvcmRmaXNo"), "{form}: {shown}");
        assert!(told.contains("--show-secrets"), "{form}: {told}");
        let output = plane.rutter(&["get", "secret", "get-secret", "--show-secrets", "-o", form]);
        assert!(String::from_utf8_lossy(&output.stdout).contains("c3dvcmRmaXNo"), "{form}");
    }
    // kubectl prints nothing and ends well.
    let output = plane.rutter(&["get", "nodes", "--sort-by", ".nothing"]);
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("couldn't find any field"));
}

#[test]
fn what_changes_is_printed_as_it_changes() {
    let Some(plane) = control_plane::bare() else { return };
    plane.kubectl(&["create", "namespace", "get-watch"]);
    plane.kubectl(&["create", "configmap", "a", "-n", "get-watch"]);
    let line = ["get", "cm", "-n", "get-watch", "-w", "-o", "custom-columns=N:.metadata.name,X:.data.x"];
    let mut child = super::control_plane::rutter()
        .env("KUBECONFIG", plane.kubeconfig())
        .args(line)
        .stdout(Stdio::piped())
        .spawn()
        .expect("rutter runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let mut next = || lines.next().expect("a line");
    assert_eq!([next(), next()], ["N     X", "a     <none>"]);
    plane.kubectl(&["patch", "configmap", "a", "-n", "get-watch", "-p", r#"{"data":{"x":"1"}}"#]);
    assert_eq!(next(), "a     1");
    plane.kubectl(&["delete", "configmap", "a", "-n", "get-watch"]);
    assert_eq!(next(), "a     1");
    child.kill().expect("it runs");
    child.wait().expect("it ends");
}
