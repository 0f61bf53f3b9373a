//! Answers on the real server beside kubectl's: the tree of a workload, the events of an object, and what is used.

use super::control_plane::{self, Plane, kubectl};
use super::live::Seen;
use rutter::cluster::answers::{Asked, find};
use rutter::cluster::gate::Reader;
use rutter::cluster::{Message, Subscription, usage};
use rutter::kinds::{self, Change, Kinds, Server, Time};
use rutter::model::store::RowRef;
use rutter::model::views::{Show, Views};
use rutter::model::{KindRef, List, ListKey, Namespaces, Scope};
use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::sleep;

/// Longer than metrics-server needs for its first figures, on a busy machine too.
const SOON: Duration = Duration::from_mins(3);

/// A workload behind a service, with figures of its own.
const OBJECTS: &str = r#"
{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "answers"}},
  {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "answers"}, "spec": {
    "replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": {
      "metadata": {"labels": {"app": "web"}, "annotations": {"rutter.dev/cpu": "250m", "rutter.dev/memory": "64Mi"}},
      "spec": {"containers": [{"name": "main", "image": "web", "resources": {"requests": {"cpu": "100m"}}},
        {"name": "beside", "image": "web"}]}}}},
  {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "answers"}, "spec": {
    "selector": {"app": "web"}, "ports": [{"port": 80}]}}
]}"#;

/// The lines of an answer, their words parted by one space.
async fn answer(plane: &Plane, question: &str, about: Option<(&str, &str)>, argument: &str) -> Vec<String> {
    let reader = Reader::new(plane.anything("").await);
    let about = about.map(|(kind, name)| (kinds::find(kind).expect("a kind"), "answers".to_owned(), name.to_owned()));
    let asked = Asked { about, argument: argument.to_owned(), server: Server { minor: 36 }, kinds: Kinds::default() };
    let answered = find(question).expect("a question").answer(&reader, &asked).await;
    let answered = answered.unwrap_or_else(|problem| panic!("{question}: {problem}"));
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    answered.answer.lines.iter().map(|line| words(line.show(Time::now()))).collect()
}

/// The lines that kubectl prints, in the same form; nothing when it fails.
fn kubectl_says(plane: &Plane, line: &str) -> Vec<String> {
    let mut command = kubectl();
    command.arg("--kubeconfig").arg(plane.kubeconfig()).args(line.split(' '));
    let output = command.output().expect("kubectl runs");
    let text = if output.status.success() { String::from_utf8(output.stdout).unwrap() } else { String::new() };
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// Whether every line of kubectl's table is the beginning of one of ours, in its order.
fn holds(ours: &[String], kubectls: &[String]) -> bool {
    let mut ours = ours.iter();
    kubectls.iter().all(|line| ours.any(|other| other.starts_with(line.as_str())))
}

#[tokio::test]
async fn trees_events_and_use_are_kubectls() {
    let Some(plane) = control_plane::own_with_metrics("answers") else { return };
    let file = plane.kubeconfig().with_file_name("answers.json");
    fs::write(&file, OBJECTS).expect("a file");
    plane.kubectl(&["apply", "-f", &file.to_string_lossy()]);
    plane.kubectl(&["-n", "answers", "rollout", "status", "--timeout=60s", "deployment/web"]);
    let pods = kubectl_says(&plane, "-n answers get pods -o name");
    assert_eq!(pods.len(), 2);
    trees(&plane, &pods).await;
    events(&plane, &pods).await;
    backends(&plane, &pods).await;
    use_is_kubectls(&plane).await;
    columns_are_kubectls(&plane).await;
}

/// From any member the same tree, with every pod and its containers in it.
async fn trees(plane: &Plane, pods: &[String]) {
    let pod = pods[0].strip_prefix("pod/").unwrap();
    let of_pod = answer(plane, "tree", Some(("pods", pod)), "").await;
    let whole = of_pod.join("\n");
    assert_eq!(whole, answer(plane, "tree", Some(("deployments", "web")), "").await.join("\n"));
    assert!(of_pod[1].starts_with("deployment/web 2/2"), "{whole}");
    assert!(of_pod[2].starts_with("└─ replicaset/web-") && of_pod[2].contains(" 2/2 "), "{whole}");
    for pod in pods {
        assert!(whole.contains(&format!("─ {pod} 2/2 Running")), "{pod}:\n{whole}");
    }
    assert_eq!(
        (whole.matches("─ container/main true").count(), whole.matches("─ container/beside true").count()),
        (2, 2)
    );
    let service = answer(plane, "tree", Some(("services", "web")), "").await.join("\n");
    assert!(service.contains("─ endpointslice/web-") && pods.iter().all(|pod| service.contains(pod)), "{service}");
}

/// What kubectl tells of a pod and of its deployment, and of both on request.
async fn events(plane: &Plane, pods: &[String]) {
    for (kind, name) in [("pods", pods[0].strip_prefix("pod/").unwrap()), ("deployments", "web")] {
        let singular = kinds::find(kind).unwrap().names().kind.to_lowercase();
        let kubectls = kubectl_says(plane, &format!("-n answers events --for {singular}/{name} --no-headers"));
        assert!(!kubectls.is_empty(), "nothing happened to {name}");
        // kubectl leaves out events that do not say the version of their object, as kwok's; the UID finds them too.
        let ours = answer(plane, "object-events", Some((kind, name)), "").await;
        let end = |line: &String| line.split_once(" Normal ").map(|(_, end)| end.to_lowercase()).unwrap_or_default();
        let ends: BTreeSet<String> = ours.iter().map(end).collect();
        for line in kubectls.iter().map(end) {
            assert!(ends.contains(&line), "{line}: {ours:?}");
        }
    }
    let all = answer(plane, "object-events", Some(("deployments", "web")), "--all").await.join("\n");
    assert!(["ScalingReplicaSet", "SuccessfulCreate", "Scheduled"].iter().all(|reason| all.contains(reason)), "{all}");
}

/// The endpoints that the controller has written, ready as their pods are.
async fn backends(plane: &Plane, pods: &[String]) {
    let end = Instant::now() + SOON;
    loop {
        let ours = answer(plane, "backends", Some(("services", "web")), "").await.join("\n");
        let every = pods.iter().all(|pod| ours.contains(pod.strip_prefix("pod/").unwrap()));
        if every && ours.contains("2 endpoints, all ready") {
            return;
        }
        assert!(Instant::now() < end, "{ours}");
        sleep(Duration::from_millis(500)).await;
    }
}

/// What stands in the columns of a list, as `kubectl top` would write it.
async fn columns(
    plane: &Plane,
    kind: &str,
    line: impl Fn(&RowRef<'_>, &dyn Fn(&str) -> String) -> String,
) -> Vec<String> {
    let base = KindRef(kinds::find(kind).expect("a kind"));
    let mut views = Views::default();
    views.choose(base, Vec::new(), Show::These(vec![base.headings().len()])).expect("columns");
    let kind = views.of(base).expect("they were chosen").kind;
    let namespace = kind.names().namespaced.then_some("answers");
    let namespaces = namespace.map_or(Namespaces::All, Namespaces::one);
    let key = ListKey { context: "one".into(), kind, scope: Scope { namespaces, ..Scope::default() } };
    let mut list = List::new(&key, 0);
    let rows = std::mem::take(&mut Seen::of(plane, kind.0, namespace).await.rows);
    list.apply(rows.into_values().map(|row| Change::Put { part: 0, row: Box::new(row) }).collect());
    let wanted = usage::Wanted {
        nodes: namespace.is_none(),
        containers: kind.names() != kind.resource(),
        namespaces: key.parts(),
        ..usage::Wanted::default()
    };
    let (out, mut inbox) = mpsc::channel(1);
    tokio::spawn(usage::follow(Reader::new(plane.anything("").await), wanted, Subscription(1), out));
    let Some(Message::Usage { result: Ok(figures), .. }) = inbox.recv().await else { panic!("no figures") };
    list.measure(figures);
    let column = |name: &str| list.headings.iter().position(|heading| heading.name == name).expect("a column");
    let row = |row: RowRef<'_>| line(&row, &|name| row.view(column(name)).show(Time::now()).into_owned());
    let mut lines: Vec<String> = list.store.rows().map(row).collect();
    lines.sort();
    lines
}

/// The columns of lists, while the figures of kubectl are the same before and after.
async fn columns_are_kubectls(plane: &Plane) {
    for (kind, kubectls) in [
        ("pods", "top pods -n answers --no-headers"),
        ("containers", "top pods -n answers --containers --no-headers"),
        ("nodes", "top nodes --no-headers"),
    ] {
        let end = Instant::now() + SOON;
        loop {
            let mut before = kubectl_says(plane, kubectls);
            let ours = columns(plane, kind, |row, cell| match kind {
                "nodes" => {
                    let cells = ["CPU", "%CPU", "MEM", "%MEM"].map(cell);
                    let [cpu, of_cpu, memory, of_memory] = cells;
                    format!("{} {cpu} {of_cpu}% {memory} {of_memory}%", row.name())
                }
                "containers" => {
                    let pod = row.owner().map(|owner| owner.name).unwrap_or_default();
                    format!("{pod} {} {} {}", row.name(), cell("CPU"), cell("MEM"))
                }
                _ => format!("{} {} {}", row.name(), cell("CPU"), cell("MEM")),
            })
            .await;
            if before == kubectl_says(plane, kubectls) {
                before.sort();
                assert_eq!(ours, before, "{kubectls}");
                break;
            }
            assert!(Instant::now() < end, "the figures move all the time");
        }
    }
}

/// The figures, once metrics-server has some. They move: kubectl's have to be the same before and after ours.
async fn use_is_kubectls(plane: &Plane) {
    let cases = [
        ("pods -n answers", "top pods -n answers --no-headers"),
        ("pods -A --containers", "top pods -A --containers --no-headers"),
        ("pods -n answers --sort-by=memory --sum", "top pods -n answers --sort-by=memory --no-headers"),
        ("nodes", "top nodes --no-headers"),
        ("nodes --show-capacity", "top nodes --show-capacity --no-headers"),
    ];
    for (ours, kubectls) in cases {
        let end = Instant::now() + SOON;
        loop {
            let before = kubectl_says(plane, kubectls);
            let said = answer(plane, "top", None, ours).await;
            let has_figures = before.len() >= 2 && !before.iter().any(|line| line.contains("<unknown>"));
            if has_figures && before == kubectl_says(plane, kubectls) {
                assert!(holds(&said, &before), "{kubectls}:\n{}\n{}", before.join("\n"), said.join("\n"));
                break;
            }
            assert!(Instant::now() < end, "no figures: {before:?}");
            sleep(Duration::from_secs(2)).await;
        }
    }
}
