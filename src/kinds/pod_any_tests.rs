//! Pods of every make, likely or not: they are read, and what is cut short is an error.

use super::cell::Tone;
use super::kind::{AnyKind, Server};
use super::pods::Pods;
use super::read::ReadError;
use super::row::Health;
use super::testing::{NOW, row_on};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

fn null_or(value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    prop_oneof![1 => Just(Value::Null), 6 => value].boxed()
}

/// An object of which any field may be missing.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let fields: Vec<_> =
        fields.into_iter().map(|(name, value)| weighted(0.8, value).prop_map(move |v| (name, v))).collect();
    fields
        .prop_map(|all| all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect::<Value>())
        .boxed()
}

fn text(all: &'static [&'static str]) -> BoxedStrategy<Value> {
    null_or(select(all).prop_map(Value::from))
}

fn number() -> BoxedStrategy<Value> {
    null_or(prop_oneof![Just(0_i64), -2..200_i64, any::<i64>()].prop_map(Value::from))
}

fn truth() -> BoxedStrategy<Value> {
    null_or(any::<bool>().prop_map(Value::from))
}

fn list(element: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    null_or(vec(element, 0..4).prop_map(Value::from))
}

fn moment() -> BoxedStrategy<Value> {
    text(&["2026-11-23T15:31:00Z", "0001-01-01T00:00:00Z", "no moment", ""])
}

const NAMES: &[&str] = &["a", "b", "c", ""];
const REASONS: &[&str] = &["", "Completed", "Error", "PodInitializing", "CrashLoopBackOff", "1/2", "a\nb\x1b[m"];

fn state() -> BoxedStrategy<Value> {
    null_or(object(vec![
        ("waiting", null_or(object(vec![("reason", text(REASONS))]))),
        ("running", null_or(object(vec![("startedAt", moment())]))),
        (
            "terminated",
            null_or(object(vec![
                ("exitCode", number()),
                ("signal", number()),
                ("reason", text(REASONS)),
                ("finishedAt", moment()),
            ])),
        ),
    ]))
}

fn statuses() -> BoxedStrategy<Value> {
    list(object(vec![
        ("name", text(NAMES)),
        ("ready", truth()),
        ("started", truth()),
        ("restartCount", number()),
        ("state", state()),
        ("lastState", state()),
    ]))
}

fn pod() -> BoxedStrategy<Value> {
    let conditions = object(vec![
        ("type", text(&["Ready", "Initialized", "PodScheduled", "gate"])),
        ("status", text(&["True", "False", "Unknown", "?"])),
        ("reason", text(&["SchedulingGated", "Unschedulable"])),
    ]);
    let init = object(vec![("name", text(NAMES)), ("restartPolicy", text(&["Always", "Never", ""]))]);
    object(vec![
        (
            "metadata",
            null_or(object(vec![
                ("name", text(NAMES)),
                ("deletionTimestamp", moment()),
                ("creationTimestamp", moment()),
                ("labels", null_or(object(vec![("a", text(NAMES)), ("b", text(REASONS))]))),
            ])),
        ),
        (
            "spec",
            null_or(object(vec![
                ("initContainers", list(init)),
                ("containers", list(object(vec![("name", text(NAMES))]))),
                ("readinessGates", list(object(vec![("conditionType", text(&["gate", "other"]))]))),
            ])),
        ),
        (
            "status",
            null_or(object(vec![
                ("phase", text(&["Pending", "Running", "Succeeded", "Failed", "Unknown", "New"])),
                ("reason", text(&["", "Evicted", "NodeLost"])),
                ("conditions", list(conditions)),
                ("initContainerStatuses", statuses()),
                ("containerStatuses", statuses()),
            ])),
        ),
    ])
}

fn wanted(pod: &Value) -> usize {
    let list = |name: &str| pod["spec"][name].as_array().cloned().unwrap_or_default();
    let sidecars = list("initContainers").iter().filter(|c| c["restartPolicy"] == "Always").count();
    list("containers").len() + sidecars
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn is_read_and_its_ready_counts_main_containers_and_sidecars(pod in pod(), minor in 0..40_u32) {
        let row = row_on(&Pods, &pod, Server { minor });
        prop_assert_eq!(row.cells.len(), Pods.headings().len());
        let shown: Vec<String> = row.cells.iter().map(|cell| cell.show(NOW)).collect();
        prop_assert_eq!(shown[1].split_once('/').unwrap().1, wanted(&pod).to_string());
        prop_assert!(shown.iter().all(|text| !text.contains('\n')));
                let is_broken = row.health == Health::Failing;
        prop_assert!(!is_broken || row.cells[2].tone == Tone::Bad, "{:?}", shown);
    }

    #[test]
    fn cut_anywhere_it_is_an_error_and_no_panic(pod in pod(), at in 0.0..1.0_f64) {
        let text = pod.to_string();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let cut = &text.as_bytes()[..(text.len() as f64 * at) as usize];
        prop_assert!(Pods.rows(cut, Server::default(), &mut Vec::new()).is_err());
        prop_assert_eq!(Pods.read(cut, Server::default(), &mut Vec::new()), Err(ReadError::Incomplete));
    }
}
