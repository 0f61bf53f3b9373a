//! The table of pod states: `kubectl get pods` of every kind of pod that we know of, on old and new servers.

use super::cell::Tone;
use super::kind::Server;
use super::pods::Pods;
use super::row::{Health, Row};
use super::testing::{NOW, row_on};
use serde_json::{Value, json};

const OLD: Server = Server { minor: 34 };
const NEW: Server = Server { minor: 35 };

/// STATUS, READY and RESTARTS on a server.
fn read(pod: &Value, server: Server) -> [String; 3] {
    let row = row(pod, server);
    [2, 1, 3].map(|column| row.cells[column].show(NOW))
}

fn row(pod: &Value, server: Server) -> Row {
    row_on(&Pods, pod, server)
}

/// Asserts STATUS, READY and RESTARTS on old and new servers alike.
#[track_caller]
fn expect(pod: &Value, want: [&str; 3]) {
    assert_eq!(read(pod, OLD), want, "up to 1.34");
    assert_eq!(read(pod, NEW), want, "since 1.35");
    assert_eq!(read(pod, Server::default()), want, "unknown version");
}

/// A pod of a phase with so many main containers, init containers (`true`: a sidecar) and this in its status.
fn pod(phase: &str, main: usize, init: &[bool], status: &Value) -> Value {
    let init: Vec<Value> = init
        .iter()
        .enumerate()
        .map(|(i, sidecar)| json!({"name": format!("i{i}"), "restartPolicy": sidecar.then_some("Always")}))
        .collect();
    let containers: Vec<Value> = (0..main).map(|i| json!({"name": format!("c{i}")})).collect();
    let mut pod = json!({"metadata": {"name": "p"}, "spec": {"initContainers": init, "containers": containers}, "status": status});
    pod["status"]["phase"] = json!(phase);
    pod
}

fn status(name: &str, restarts: i64, state: &Value) -> Value {
    json!({"name": name, "restartCount": restarts, "state": state})
}

/// The same status, ready and started.
fn up(mut status: Value) -> Value {
    status["ready"] = json!(true);
    status["started"] = json!(true);
    status
}

/// The same status, whose last run ended `seconds` ago.
fn ended(mut status: Value, seconds: i64) -> Value {
    let minute = 32 - (seconds + 59) / 60;
    let second = (60 - seconds % 60) % 60;
    status["lastState"] = json!({"terminated": {"finishedAt": format!("2026-11-23T15:{minute:02}:{second:02}Z")}});
    status
}

fn running() -> Value {
    json!({"running": {"startedAt": "2026-11-23T15:00:00Z"}})
}

fn waiting(reason: &str) -> Value {
    json!({"waiting": {"reason": reason}})
}

fn exited(code: i64, reason: &str) -> Value {
    json!({"terminated": {"exitCode": code, "reason": reason}})
}

fn deleted(mut pod: Value) -> Value {
    pod["metadata"]["deletionTimestamp"] = json!("2026-11-23T15:31:00Z");
    pod
}

#[test]
fn case_01_pending_without_statuses() {
    expect(&pod("Pending", 2, &[], &json!({})), ["Pending", "0/2", "0"]);
}

#[test]
fn case_02_scheduling_gated() {
    let conditions = json!([{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]);
    expect(&pod("Pending", 1, &[], &json!({"conditions": conditions})), ["SchedulingGated", "0/1", "0"]);
}

#[test]
fn case_03_evicted() {
    let evicted = pod("Failed", 1, &[], &json!({"reason": "Evicted"}));
    expect(&evicted, ["Evicted", "0/1", "0"]);
    assert_eq!((row(&evicted, NEW).cells[2].tone, row(&evicted, NEW).health), (Tone::Bad, Health::Failing));
}

#[test]
fn case_04_an_init_container_that_restarted() {
    let init = [ended(status("i0", 3, &running()), 10)];
    expect(&pod("Pending", 1, &[false], &json!({"initContainerStatuses": init})), ["Init:0/1", "0/1", "3 (10s ago)"]);
}

#[test]
fn case_05_the_latest_restart_of_init_containers() {
    let init = [ended(status("i0", 2, &exited(0, "Completed")), 100), ended(status("i1", 3, &running()), 20)];
    let json = json!({"initContainerStatuses": init});
    expect(&pod("Pending", 1, &[false, false], &json), ["Init:1/2", "0/1", "5 (20s ago)"]);
    let init = [ended(status("i0", 2, &exited(0, "Completed")), 20), ended(status("i1", 3, &running()), 100)];
    let json = json!({"initContainerStatuses": init});
    expect(&pod("Pending", 1, &[false, false], &json), ["Init:1/2", "0/1", "5 (20s ago)"]);
}

#[test]
fn case_06_init_restarts_are_dropped_once_main_runs() {
    let json = json!({
        "initContainerStatuses": [ended(status("i0", 2, &exited(0, "Completed")), 5)],
        "containerStatuses": [ended(up(status("c0", 4, &running())), 30)],
    });
    expect(&pod("Running", 1, &[false], &json), ["Running", "1/1", "4 (30s ago)"]);
}

#[test]
fn cases_07_to_11_init_containers_that_wait_or_fail() {
    let cases = [
        (waiting("CrashLoopBackOff"), "Init:CrashLoopBackOff", Tone::Bad),
        (waiting("PodInitializing"), "Init:0/2", Tone::Busy),
        (waiting(""), "Init:0/2", Tone::Busy),
        (exited(1, "Error"), "Init:Error", Tone::Bad),
        (json!({"terminated": {"exitCode": 137, "signal": 9}}), "Init:Signal:9", Tone::Bad),
        (exited(3, ""), "Init:ExitCode:3", Tone::Bad),
    ];
    for (state, text, tone) in cases {
        let pod = pod("Pending", 1, &[false, false], &json!({"initContainerStatuses": [status("i0", 0, &state)]}));
        expect(&pod, [text, "0/1", "0"]);
        assert_eq!(row(&pod, NEW).cells[2].tone, tone, "{text}");
    }
}

#[test]
fn case_12_a_sidecar_that_has_not_started() {
    let init = [status("i0", 0, &running()), status("i1", 0, &waiting("PodInitializing"))];
    expect(&pod("Pending", 1, &[true, true], &json!({"initContainerStatuses": init})), ["Init:0/2", "0/3", "0"]);
}

#[test]
fn case_13_the_first_sidecar_started_the_second_not() {
    let mut first = status("i0", 3, &running());
    first["started"] = json!(true);
    let init = [ended(first, 40), status("i1", 0, &waiting("PodInitializing"))];
    let json = json!({"initContainerStatuses": init});
    expect(&pod("Pending", 1, &[true, true], &json), ["Init:1/2", "0/3", "3 (40s ago)"]);
}

#[test]
fn case_14_sidecars_and_main_are_ready() {
    let json = json!({
        "initContainerStatuses": [up(status("i0", 1, &running())), up(status("i1", 0, &running()))],
        "containerStatuses": [up(status("c0", 0, &running()))],
    });
    let pod = pod("Running", 1, &[true, true], &json);
    expect(&pod, ["Running", "3/3", "1"]);
    assert_eq!((row(&pod, NEW).cells[2].tone, row(&pod, NEW).health), (Tone::Good, Health::Fine));
}

#[test]
fn case_15_failed_sidecars_of_a_completed_pod() {
    let json = json!({
        "conditions": [{"type": "Initialized", "status": "True"}],
        "initContainerStatuses": [status("i0", 1, &exited(137, "Error")), status("i1", 2, &exited(137, "Error"))],
        "containerStatuses": [status("c0", 3, &exited(0, "Completed"))],
    });
    let pod = pod("Succeeded", 1, &[true, true], &json);
    expect(&pod, ["Completed", "0/3", "4"]);
    let row = row(&pod, NEW);
    assert_eq!((row.cells[1].tone, row.cells[2].tone, row.health), (Tone::Quiet, Tone::Quiet, Health::Fine));
}

#[test]
fn case_16_the_first_containers_word_counts() {
    let (pull, done) = (waiting("ImagePullBackOff"), exited(0, "Completed"));
    let first = json!({"containerStatuses": [status("c0", 0, &pull), status("c1", 0, &done)]});
    expect(&pod("Pending", 2, &[], &first), ["ImagePullBackOff", "0/2", "0"]);
    let second = json!({"containerStatuses": [status("c0", 0, &done), status("c1", 0, &pull)]});
    expect(&pod("Pending", 2, &[], &second), ["Completed", "0/2", "0"]);
}

#[test]
fn cases_17_and_18_one_completed_one_running() {
    for (ready, text, health) in [("False", "NotReady", Health::Pending), ("True", "Running", Health::Pending)] {
        let json = json!({
            "conditions": [{"type": "Ready", "status": ready}],
            "containerStatuses": [status("c0", 0, &exited(0, "Completed")), up(status("c1", 0, &running()))],
        });
        let pod = pod("Running", 2, &[], &json);
        expect(&pod, [text, "1/2", "0"]);
        assert_eq!(row(&pod, NEW).health, health);
    }
}

#[test]
fn case_19_a_failure_behind_a_completed_container() {
    let json =
        json!({"containerStatuses": [status("c0", 0, &exited(0, "Completed")), status("c1", 0, &exited(1, "Error"))]});
    let pod = pod("Failed", 2, &[], &json);
    assert_eq!(read(&pod, OLD), ["Completed", "0/2", "0"]);
    assert_eq!(read(&pod, NEW), ["Error", "0/2", "0"]);
    assert_eq!(read(&pod, Server::default()), ["Error", "0/2", "0"]);
}

#[test]
fn case_19b_a_failure_counts_before_not_ready_but_not_before_running() {
    let statuses = json!([
        status("c0", 0, &exited(0, "Completed")),
        status("c1", 0, &exited(1, "Error")),
        up(status("c2", 0, &running())),
    ]);
    let not_ready = pod("Running", 3, &[], &json!({"containerStatuses": statuses}));
    assert_eq!((read(&not_ready, OLD)[0].as_str(), read(&not_ready, NEW)[0].as_str()), ("NotReady", "Error"));
    let conditions = json!([{"type": "Ready", "status": "True"}]);
    let ready = pod("Running", 3, &[], &json!({"containerStatuses": statuses, "conditions": conditions}));
    expect(&ready, ["Running", "1/3", "0"]);
}

#[test]
fn case_20_a_failure_before_a_completed_container() {
    let json =
        json!({"containerStatuses": [status("c0", 0, &exited(1, "Error")), status("c1", 0, &exited(0, "Completed"))]});
    expect(&pod("Failed", 2, &[], &json), ["Error", "0/2", "0"]);
}

#[test]
fn cases_21_and_22_pods_that_are_being_deleted() {
    let json = json!({"containerStatuses": [up(status("c0", 0, &running()))]});
    let leaving = deleted(pod("Running", 1, &[], &json));
    expect(&leaving, ["Terminating", "1/1", "0"]);
    assert_eq!((row(&leaving, NEW).cells[2].tone, row(&leaving, NEW).health), (Tone::Busy, Health::Pending));
    let json = json!({"initContainerStatuses": [status("i0", 0, &running())]});
    expect(&deleted(pod("Pending", 1, &[false], &json)), ["Terminating", "0/1", "0"]);
}

#[test]
fn case_23_a_finished_pod_that_is_being_deleted_stays_so() {
    let done = |code, reason| json!({"containerStatuses": [status("c0", 0, &exited(code, reason))]});
    expect(&deleted(pod("Succeeded", 1, &[], &done(0, "Completed"))), ["Completed", "0/1", "0"]);
    expect(&deleted(pod("Failed", 1, &[], &done(1, "Error"))), ["Error", "0/1", "0"]);
}

#[test]
fn cases_24_and_25_a_lost_node() {
    let lost = pod("Running", 1, &[], &json!({"reason": "NodeLost"}));
    expect(&deleted(lost.clone()), ["Unknown", "0/1", "0"]);
    expect(&lost, ["NodeLost", "0/1", "0"]);
}

#[test]
fn case_26_a_signal_without_a_reason() {
    let state = json!({"terminated": {"exitCode": 143, "signal": 15}});
    expect(&pod("Failed", 1, &[], &json!({"containerStatuses": [status("c0", 0, &state)]})), ["Signal:15", "0/1", "0"]);
}

#[test]
fn case_27_a_status_of_a_container_that_is_not_in_the_spec() {
    let json = json!({"initContainerStatuses": [up(status("stranger", 0, &running()))]});
    expect(&pod("Pending", 1, &[true, false], &json), ["Init:0/2", "0/2", "0"]);
}

#[test]
fn case_28_ready_without_running_is_not_ready() {
    expect(
        &pod("Running", 1, &[], &json!({"containerStatuses": [up(status("c0", 0, &json!({})))]})),
        ["Running", "0/1", "0"],
    );
}

#[test]
fn case_29_ephemeral_containers_do_not_count() {
    let json = json!({
        "containerStatuses": [up(status("c0", 0, &running()))],
        "ephemeralContainerStatuses": [up(status("debug", 7, &running()))],
    });
    let mut pod = pod("Running", 1, &[], &json);
    pod["spec"]["ephemeralContainers"] = json!([{"name": "debug"}]);
    expect(&pod, ["Running", "1/1", "0"]);
}

#[test]
fn case_30_restarts_of_which_no_time_is_known() {
    expect(
        &pod("Running", 1, &[], &json!({"containerStatuses": [up(status("c0", 3, &running()))]})),
        ["Running", "1/1", "3"],
    );
}

#[test]
fn case_31_an_age_that_is_not_known() {
    let mut pod = pod("Running", 1, &[], &json!({}));
    pod["metadata"]["creationTimestamp"] = json!(null);
    assert_eq!(row(&pod, NEW).cells[4].show(NOW), "<unknown>");
}

#[test]
fn what_is_wide_is_shown_too() {
    let mut pod =
        pod("Running", 1, &[], &json!({"podIP": "10.0.0.1", "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}]}));
    let wide = |pod: &Value| -> Vec<String> { row(pod, NEW).cells[5..].iter().map(|cell| cell.show(NOW)).collect() };
    assert_eq!(wide(&pod), ["10.0.0.1", "<none>", "<none>", "<none>"]);
    pod["spec"]["nodeName"] = json!("n1");
    pod["spec"]["readinessGates"] = json!([{"conditionType": "a"}, {"conditionType": "b"}, {"conditionType": "c"}]);
    pod["status"]["nominatedNodeName"] = json!("n2");
    pod["status"]["conditions"] =
        json!([{"type": "a", "status": "True"}, {"type": "b", "status": "False"}, {"type": "b", "status": "True"}]);
    assert_eq!(wide(&pod), ["10.0.0.1", "n1", "n2", "1/3"]);
}

#[test]
fn a_pod_that_no_node_takes_stands_out() {
    let conditions = json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]);
    let row = row(&pod("Pending", 1, &[], &json!({"conditions": conditions})), NEW);
    assert_eq!((row.cells[2].tone, row.health), (Tone::Warn, Health::Pending));
}

#[test]
fn numbers_beyond_32_bits_cost_nothing() {
    let json = json!({"containerStatuses": [status("c0", 5_000_000_000, &exited(-1, ""))]});
    expect(&pod("Failed", 1, &[], &json), ["ExitCode:-1", "0/1", "4294967295"]);
}
