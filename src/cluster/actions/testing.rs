//! What an action comes to for an object, for the tests of actions that look at nothing else.

use crate::cluster::gate::testing::server;
use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Target};
use crate::kinds::{self, Uid};
use serde_json::Value;

/// The target that `object` of the kind `plural` is.
pub fn target(plural: &str, object: &Value) -> Target {
    let text = |name: &str| object["metadata"][name].as_str().unwrap_or_default();
    let names = kinds::find(plural).unwrap_or_else(|| panic!("no kind {plural}")).names();
    Target { names, namespace: text("namespace").into(), name: text("name").into(), uid: Some(Uid::parse(text("uid"))) }
}

async fn plan(action: &dyn Action, plural: &str, object: &Value) -> Result<Plan, Problem> {
    let (reader, _, _) = server(|_| None);
    action.plan(&reader, &Live { target: target(plural, object), object: object.clone() }).await
}

/// What it drafts.
pub async fn drafted(action: &dyn Action, plural: &str, object: &Value) -> Draft {
    match plan(action, plural, object).await.unwrap() {
        Plan::Send(draft) => *draft,
        Plan::Nothing(why) | Plan::Instead(why) => panic!("nothing to do: {why}"),
    }
}

/// Why there is nothing to do.
pub async fn nothing(action: &dyn Action, plural: &str, object: &Value) -> String {
    match plan(action, plural, object).await.unwrap() {
        Plan::Nothing(why) => why,
        other => panic!("{other:?}"),
    }
}

/// The command line that goes on without a change.
pub async fn instead(action: &dyn Action, plural: &str, object: &Value) -> String {
    match plan(action, plural, object).await.unwrap() {
        Plan::Instead(line) => line,
        other => panic!("{other:?}"),
    }
}

/// Why it cannot be done.
pub async fn refused(action: &dyn Action, plural: &str, object: &Value) -> Problem {
    plan(action, plural, object).await.unwrap_err()
}
