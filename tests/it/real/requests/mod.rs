//! Each action beside kubectl's: both act on objects that are alike, and what they send through a recording proxy is the
//! same but for the differences that stand beside the action. `docs/differences.md` shows the same table.

mod cases;
mod difference;
mod moving;
mod stage;

use super::recorder::Recorded;
pub use cases::records;
use cases::{CASES, Record};
use difference::{Difference, Pair};
use rutter::cluster::gate::Action;
use serde_json::Value;
use stage::Stage;
use std::sync::Arc;

/// One action, as kubectl and rutter are told to do it. The object that kubectl acts on is called `theirs`, and ours
/// `ours`; what is `theirs` in a request is `ours` in the other one.
pub struct Case {
    /// kubectl's command line.
    pub kubectl: &'static str,
    /// The kind of the object.
    plural: &'static str,
    /// The action, for the object as it is.
    action: fn(&Value) -> Arc<dyn Action>,
    /// In what the requests differ.
    pub differences: &'static [Difference],
}

/// Whether the requests differ in just what is listed; else what is wrong.
fn judge((line, differences): Record, pair: &Pair) -> Result<(), String> {
    let without = |left_out: Option<usize>| {
        let mut pair = pair.clone();
        let used = differences.iter().enumerate().filter(|(at, _)| Some(*at) != left_out);
        used.for_each(|(_, difference)| (difference.even_out)(&mut pair));
        pair
    };
    let rest = without(None);
    if rest.ours != rest.theirs {
        return Err(format!("{line}:\n ours   {}\n theirs {}", shown(&rest.ours), shown(&rest.theirs)));
    }
    for (at, difference) in differences.iter().enumerate() {
        let pair = without(Some(at));
        if pair.ours == pair.theirs {
            return Err(format!("{line}: there is no such difference: {}", difference.reason));
        }
    }
    Ok(())
}

fn shown(requests: &[Recorded]) -> String {
    let one = |request: &Recorded| {
        let Recorded { method, path, query, media, body } = request;
        format!("{method} {path} {query:?} {media} {body}")
    };
    requests.iter().map(one).collect::<Vec<_>>().join("; ")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_sends_what_kubectl_sends_but_for_what_is_listed() {
    let Some(stage) = Stage::set("requests").await else { return };
    let mut wrong = Vec::new();
    for case in CASES {
        let pair = stage.play(case).await;
        wrong.extend(judge((case.kubectl, case.differences), &pair).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // What kubectl sends as protobuf is compared as the server keeps it.
    let jobs = "/apis/batch/v1/namespaces/NAMESPACE/jobs";
    assert_eq!(stage.made(jobs, ("ours", "ours-x")).await, stage.made(jobs, ("theirs", "theirs-x")).await);
    let pods = "/api/v1/namespaces/NAMESPACE/pods";
    let mut ours = stage.made(pods, ("ours", "node-debugger-ours")).await;
    let theirs = stage.made(pods, ("theirs", "node-debugger-theirs")).await;
    let maker = &mut ours["told"][1]["app.kubernetes.io/managed-by"];
    assert_eq!(std::mem::replace(maker, "kubectl-debug".into()), "rutter");
    assert_eq!(ours, theirs);
}
