//! Whole drains over a scripted server, on the paused clock.

use super::script::{Server, Told, World, pod, refused_by};
use super::{Order, drain};
use crate::kinds::drain::{End, Lift, Means, News, Options, Plan, Stage, Step, Verdict};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// A drain under way.
struct Drain {
    server: Server,
    news: mpsc::Receiver<News>,
    cancel: CancellationToken,
    told: Told,
}

impl Drain {
    /// Plans and begins a drain.
    async fn begin(world: World, flags: &str) -> Self {
        let server = Server::start(world);
        let plan = server.plan(flags).await;
        Self::confirmed(server, flags, plan)
    }

    /// Begins a drain whose plan was confirmed.
    fn confirmed(server: Server, flags: &str, plan: Plan) -> Self {
        let (out, news) = mpsc::channel(16);
        let cancel = CancellationToken::new();
        let order = Order { node: "n1".to_owned(), options: Options::parse(flags).unwrap(), plan };
        tokio::spawn(drain(server.lanes.clone(), order, out, cancel.clone()));
        Self { server, news, cancel, told: Told::default() }
    }

    /// Lets so much time pass.
    async fn after(&mut self, time: Duration) -> &Told {
        let until = Instant::now() + time;
        while let Ok(Some(news)) = timeout(until.saturating_duration_since(Instant::now()), self.news.recv()).await {
            self.told.take(news);
        }
        tokio::time::sleep_until(until).await;
        &self.told
    }

    /// How it ends, within an hour.
    async fn end(&mut self) -> End {
        let whole = async {
            while let Some(news) = self.news.recv().await {
                self.told.take(news);
            }
        };
        timeout(Duration::from_hours(1), whole).await.expect("an end within an hour");
        self.told.end().expect("an end").clone()
    }

    async fn sent(&self) -> Vec<(String, Value)> {
        self.server.world(|world| world.sent.clone()).await
    }
}

fn stopped(end: &End) -> &str {
    match end {
        End::Stopped { sentence, .. } => sentence,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_drain_cordons_and_then_evicts_each_pod_once() {
    let mut drain = Drain::begin(World::with(&["a", "b"]), "--grace-period=3").await;
    assert_eq!(drain.end().await, End::Drained);
    let sent = drain.sent().await;
    let lines: Vec<&str> = sent.iter().map(|(line, _)| line.split('?').next().unwrap()).collect();
    assert_eq!(lines[0], "PATCH /api/v1/nodes/n1");
    assert_eq!(
        lines[1..],
        ["POST /api/v1/namespaces/shop/pods/a/eviction", "POST /api/v1/namespaces/shop/pods/b/eviction"]
    );
    assert_eq!(sent[1].1["deleteOptions"], json!({"gracePeriodSeconds": 3, "preconditions": {"uid": "uid-a"}}));
    assert_eq!(drain.told.stages, [Stage::Cordoning, Stage::Checking, Stage::Emptying, Stage::Over(End::Drained)]);
    assert_eq!((drain.told.step("a"), drain.told.step("b")), (&Step::Gone, &Step::Gone));
}

#[tokio::test(start_paused = true)]
async fn a_cordoned_node_is_not_cordoned_again() {
    let mut world = World::with(&["a"]);
    world.node["spec"]["unschedulable"] = json!(true);
    let mut drain = Drain::begin(world, "").await;
    assert_eq!(drain.end().await, End::Drained);
    assert!(drain.sent().await.iter().all(|(line, _)| line.starts_with("POST")));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_evicted_when_cordoning_fails() {
    let mut drain = Drain::begin(World::with(&["a"]), "").await;
    drain.server.world(|world| world.instead.insert("/api/v1/nodes/n1".into(), (403, json!({"message": "no"})))).await;
    assert!(stopped(&drain.end().await).contains("no"));
    assert!(drain.sent().await.iter().all(|(line, _)| !line.contains("eviction")));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_evicted_from_another_node_of_that_name() {
    let server = Server::start(World::with(&["a"]));
    let plan = server.plan("").await;
    server.world(|world| world.node["metadata"]["uid"] = json!("node-2")).await;
    let mut drain = Drain::confirmed(server, "", plan);
    assert_eq!(stopped(&drain.end().await), "another node has this name now");
    assert_eq!(drain.sent().await, []);
}

#[tokio::test(start_paused = true)]
async fn pods_that_the_plan_did_not_show_stop_it() {
    let server = Server::start(World::with(&["a"]));
    let plan = server.plan("").await;
    server.world(|world| world.pods.insert("b".into(), pod("b"))).await;
    let mut drain = Drain::confirmed(server, "", plan);
    assert_eq!(stopped(&drain.end().await), "1 pod is there now that the plan did not show");
    assert_eq!(drain.sent().await.len(), 1, "the node is cordoned, no pod is touched");
}

#[tokio::test(start_paused = true)]
async fn one_pod_that_must_not_go_keeps_all_others() {
    let server = Server::start(World::with(&["a", "b"]));
    let plan = server.plan("").await;
    server.world(|world| world.pods.get_mut("b").unwrap()["spec"]["volumes"] = json!([{"emptyDir": {}}])).await;
    let mut drain = Drain::confirmed(server, "", plan);
    assert_eq!(stopped(&drain.end().await), "1 pod is there now that must not be evicted");
    assert_eq!(drain.server.world(|world| world.asked("a")).await, 0);
}

#[tokio::test(start_paused = true)]
async fn one_daemon_set_that_cannot_be_read_blocks_the_plan() {
    let mut world = World::with(&["a", "b"]);
    world.pods.get_mut("b").unwrap()["metadata"]["ownerReferences"][0]["kind"] = json!("DaemonSet");
    let path = "/apis/apps/v1/namespaces/shop/daemonsets/web".to_owned();
    world.instead.insert(path, (403, json!({"message": "you may not"})));
    let plan = Server::start(world).plan("--ignore-daemonsets --force --delete-emptydir-data").await;
    assert_eq!(plan.sorts().blocked, 1);
    let Verdict::Blocked(blocks) = &plan.pods[0].verdict else { panic!("{plan:?}") };
    assert_eq!((blocks[0].why.as_str(), blocks[0].lift), ("its DaemonSet web cannot be read: you may not", None));
}

#[tokio::test(start_paused = true)]
async fn the_plan_names_budgets_and_what_blocks() {
    let mut world = World::with(&["a", "b", "c"]);
    world.daemon_sets = vec!["web"];
    world.pods.get_mut("c").unwrap()["metadata"]["ownerReferences"][0]["kind"] = json!("DaemonSet");
    let budget = json!({"metadata": {"name": "keep", "namespace": "shop"}, "spec": {"selector": {}},
        "status": {"disruptionsAllowed": 1, "currentHealthy": 3, "desiredHealthy": 2}});
    world.budgets.push(budget);
    let server = Server::start(world);
    let plan = server.plan("").await;
    let Verdict::Blocked(blocks) = &plan.pods[0].verdict else { panic!("{plan:?}") };
    assert_eq!((plan.pods[0].name.as_str(), blocks[0].lift), ("c", Some(Lift::IgnoreDaemonsets)));
    let plan = server.plan("--ignore-daemonsets").await;
    let sorts = plan.sorts();
    assert_eq!((sorts.evict, sorts.refused, sorts.stay, sorts.blocked), (2, 1, 1, 0));
    assert_eq!(plan.pods[0].guard.as_ref().unwrap().budget, "keep");
    server.world(|world| world.instead.insert("/apis/policy/v1/poddisruptionbudgets".into(), (403, Value::Null))).await;
    let plan = server.plan("--ignore-daemonsets").await;
    assert_eq!((plan.doubts.len(), plan.sorts().evict), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_budget_is_asked_every_five_seconds_until_it_allows() {
    let mut world = World::with(&["a", "b"]);
    world.removals.insert("a".into(), vec![refused_by("keep"); 3].into());
    let mut drain = Drain::begin(world, "").await;
    let why = "The disruption budget keep needs 2 healthy pods and has 2 currently".to_owned();
    let told = drain.after(Duration::from_secs(2)).await;
    assert_eq!(told.step("a"), &Step::Refused { why: why.clone(), tries: 1 });
    assert_eq!(told.step("b"), &Step::Gone, "the others go on");
    assert_eq!(drain.after(Duration::from_secs(5)).await.step("a"), &Step::Refused { why, tries: 2 });
    let began = Instant::now();
    assert_eq!(drain.end().await, End::Drained);
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(drain.server.world(|world| world.asked("a")).await, 4);
}

#[tokio::test(start_paused = true)]
async fn a_drain_gives_up_when_its_time_is_over() {
    let mut world = World::with(&["a", "b"]);
    world.removals.insert("a".into(), vec![refused_by("keep"); 99].into());
    let mut drain = Drain::begin(world, "--timeout=1m").await;
    let began = Instant::now();
    assert_eq!(drain.end().await, End::TimedOut);
    assert_eq!(began.elapsed().as_secs(), 60);
    assert!(matches!(drain.told.step("a"), Step::Refused { tries: 12, .. }), "{:?}", drain.told.step("a"));
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_a_drain_waits_for_ever_and_can_be_cancelled() {
    let mut world = World::with(&["a", "b"]);
    world.removals.insert("a".into(), vec![refused_by("keep"); 9_999].into());
    world.linger = true;
    let mut drain = Drain::begin(world, "").await;
    assert_eq!(drain.after(Duration::from_hours(2)).await.end(), None);
    drain.cancel.cancel();
    assert_eq!(drain.end().await, End::Cancelled);
    let told = &drain.told;
    assert!(matches!(told.step("a"), Step::Refused { .. }) && matches!(told.step("b"), Step::Terminating { .. }));
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_ends_is_waited_for_and_what_holds_it_is_told() {
    let mut world = World::with(&["a"]);
    world.linger = true;
    world.pods.get_mut("a").unwrap()["metadata"]["finalizers"] = json!(["example.com/hold"]);
    let mut drain = Drain::begin(world, "").await;
    let told = drain.after(Duration::from_mins(3)).await;
    let Step::Terminating { held, due } = told.step("a") else { panic!("{told:?}") };
    assert!(held == "held by example.com/hold" && due.is_some(), "{held}");
    drain.server.world(|world| world.finish("a")).await;
    let freed = Instant::now();
    assert_eq!(drain.end().await, End::Drained);
    assert!(freed.elapsed() < Duration::from_millis(500), "the watch tells at once: {:?}", freed.elapsed());
    assert_eq!(drain.server.world(|world| world.asked("a")).await, 1);
}

#[tokio::test(start_paused = true)]
async fn without_a_watch_pods_are_looked_at() {
    let mut world = World::with(&["a"]);
    world.linger = true;
    let mut drain = Drain::begin(world, "").await;
    drain.after(Duration::from_secs(1)).await;
    // It goes without a word.
    drain.server.world(|world| world.pods.clear()).await;
    let freed = Instant::now();
    assert_eq!(drain.end().await, End::Drained);
    assert!(freed.elapsed() < Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn another_pod_of_that_name_is_not_touched() {
    let mut world = World::with(&["a"]);
    world.removals.insert("a".into(), vec![refused_by("keep")].into());
    let mut drain = Drain::begin(world, "").await;
    drain.after(Duration::from_secs(1)).await;
    drain.server.world(|world| world.pods.get_mut("a").unwrap()["metadata"]["uid"] = json!("uid-2")).await;
    assert_eq!(drain.end().await, End::Drained);
    assert_eq!(drain.server.world(|world| world.asked("a")).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_that_of_one_pod() {
    let mut world = World::with(&["a", "b"]);
    world.removals.insert("a".into(), vec![(500, json!({"message": "more than one budget"}))].into());
    let mut drain = Drain::begin(world, "").await;
    assert_eq!(drain.end().await, End::Failed);
    assert_eq!(drain.told.step("a"), &Step::Failed("more than one budget".to_owned()));
    assert_eq!(drain.told.step("b"), &Step::Gone);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_away_for_a_while_is_waited_for() {
    let mut world = World::with(&["a"]);
    world
        .removals
        .insert("a".into(), vec![(0, Value::Null), (503, json!({"message": "away"})), (0, Value::Null)].into());
    let mut drain = Drain::begin(world, "").await;
    let told = drain.after(Duration::from_secs(2)).await;
    assert!(matches!(told.step("a"), Step::Refused { tries: 1, .. }), "{:?}", told.step("a"));
    assert_eq!(drain.end().await, End::Drained);
    assert_eq!(drain.server.world(|world| world.asked("a")).await, 4);
}

#[tokio::test(start_paused = true)]
async fn what_arrived_although_the_answer_was_lost_is_not_sent_again() {
    let mut world = World::with(&["a"]);
    world.linger = true;
    world.removals.insert("a".into(), vec![(0, Value::Null)].into());
    let mut drain = Drain::begin(world, "").await;
    drain.after(Duration::from_secs(1)).await;
    let due = json!("2026-01-05T12:00:00Z");
    drain.server.world(|world| world.pods.get_mut("a").unwrap()["metadata"]["deletionTimestamp"] = due).await;
    assert!(matches!(drain.after(Duration::from_secs(20)).await.step("a"), Step::Terminating { .. }));
    drain.server.world(|world| world.finish("a")).await;
    assert_eq!(drain.end().await, End::Drained);
    assert_eq!(drain.server.world(|world| world.asked("a")).await, 1);
}

#[tokio::test(start_paused = true)]
async fn in_a_namespace_that_goes_pods_are_waited_for() {
    let mut world = World::with(&["a"]);
    let details = json!({"causes": [{"reason": "NamespaceTerminating"}]});
    let refusal = (403, json!({"message": "forbidden", "details": details}));
    world.removals.insert("a".into(), vec![refusal; 9].into());
    let mut drain = Drain::begin(world, "").await;
    drain.after(Duration::from_secs(12)).await;
    let due = json!("2026-01-05T12:00:00Z");
    drain.server.world(|world| world.pods.get_mut("a").unwrap()["metadata"]["deletionTimestamp"] = due).await;
    assert!(matches!(drain.after(Duration::from_secs(6)).await.step("a"), Step::Terminating { .. }));
    drain.server.world(|world| world.finish("a")).await;
    assert_eq!(drain.end().await, End::Drained);
}

#[tokio::test(start_paused = true)]
async fn a_pod_that_is_overdue_is_left_if_that_is_wished() {
    let mut world = World::with(&["a"]);
    world.linger = true;
    let mut drain = Drain::begin(world, "--skip-wait-for-delete-timeout=30").await;
    assert_eq!(drain.end().await, End::Drained);
    assert!(matches!(drain.told.step("a"), Step::Left(_)));
}

#[tokio::test(start_paused = true)]
async fn without_evictions_pods_are_deleted_one_by_one_until_one_fails() {
    let mut world = World::with(&["a", "b", "c"]);
    world.evicts = false;
    world.removals.insert("b".into(), vec![(403, json!({"message": "no"}))].into());
    let mut drain = Drain::begin(world, "").await;
    assert_eq!(drain.end().await, End::Failed);
    assert_eq!((drain.told.plan.means, drain.told.step("c")), (Means::Deletion, &Step::Waiting));
    let sent = drain.sent().await;
    assert_eq!(sent[1].0, "DELETE /api/v1/namespaces/shop/pods/a");
    assert_eq!(sent[1].1["preconditions"], json!({"uid": "uid-a"}));
}

#[tokio::test(start_paused = true)]
async fn evictions_can_be_given_up_by_wish() {
    let mut drain = Drain::begin(World::with(&["a"]), "--disable-eviction").await;
    assert_eq!(drain.end().await, End::Drained);
    assert!(drain.sent().await[1].0.starts_with("DELETE "));
    assert_eq!(drain.told.plan.doubts.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn many_pods_are_told_in_few_reports() {
    let names: Vec<String> = (0..110).map(|number| format!("p{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut drain = Drain::begin(World::with(&names), "").await;
    assert_eq!(drain.end().await, End::Drained);
    assert!(drain.told.reports < 40, "{} reports", drain.told.reports);
    assert!(drain.told.steps.len() == 110 && drain.told.steps.values().all(|step| *step == Step::Gone));
}

#[tokio::test(start_paused = true)]
async fn a_drain_that_nobody_listens_to_ends() {
    let mut world = World::with(&["a"]);
    world.removals.insert("a".into(), vec![refused_by("keep"); 9_999].into());
    let mut drain = Drain::begin(world, "").await;
    drain.after(Duration::from_secs(7)).await;
    drain.news.close();
    tokio::time::sleep(Duration::from_secs(10)).await;
    let before = drain.server.world(|world| world.asked("a")).await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    assert_eq!(drain.server.world(|world| world.asked("a")).await, before);
}
