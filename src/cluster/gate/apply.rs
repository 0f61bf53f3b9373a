//! Sends what was confirmed, and tells what is true afterwards.

use super::action::{MADE, Undo};
use super::delta::differences;
use super::live::Live;
use super::prepare::{AT_ONCE, Prepared, Ready, Step, TRIES, rehearsed};
use super::problem::{Problem, Trouble};
use super::reader::Reader;
use super::recreate::Recreate;
use super::target::Target;
use super::undo::Inverse;
use super::writer::{Answer, Writer};
use super::{Action, Part};
use crate::kinds::Uid;
use futures::StreamExt;
use futures::stream;
use serde_json::Value;
use std::sync::Arc;

/// What became of a confirmed change.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The number of the change.
    pub id: u64,
    /// What became of each target.
    pub outcomes: Vec<Outcome>,
    /// The command line to go on with when all succeeded.
    pub then: String,
}

/// Two are the same when they are of the same change.
impl PartialEq for Applied {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What became of one target.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The target.
    pub target: Target,
    /// What was to be done, in one line.
    pub effect: String,
    /// What the server warned of, or why it was not done.
    pub result: Result<Vec<String>, Problem>,
    /// What would take it back.
    pub undo: Option<Part>,
    /// The UID of the object that the server answered with, as it writes it.
    pub uid: Option<String>,
}

/// Sends what `prepared` holds, each request once.
pub async fn apply(lanes: (&Reader, &Writer), prepared: Prepared) -> Applied {
    let sends = prepared.steps.into_iter().filter_map(|Step { target, action, ready }| {
        let ready = ready.ok()?.ok()?;
        Some(async move { outcome(lanes, (target, &*action), ready).await })
    });
    let outcomes: Vec<Outcome> = stream::iter(sends).buffered(AT_ONCE).collect().await;
    let made = outcomes.iter().find_map(|outcome| outcome.uid.as_deref()).unwrap_or_default();
    let then = prepared.then.replace(MADE, made);
    Applied { id: prepared.id, outcomes, then }
}

async fn outcome(lanes: (&Reader, &Writer), (target, action): (Target, &dyn Action), ready: Ready) -> Outcome {
    let effect = ready.draft.effect.clone();
    match send(lanes, action, ready).await {
        Ok((Answer { body, warnings }, ready)) => {
            let undo = undo(&ready, &body);
            let uid = body.pointer("/metadata/uid").and_then(Value::as_str).map(str::to_owned);
            Outcome { target, effect, result: Ok(warnings), undo, uid }
        }
        Err(problem) => Outcome { target, effect, result: Err(problem), undo: None, uid: None },
    }
}

/// Sends a request. When somebody else changed the object at the same time, the change is planned anew, and sent if it
/// is still the one that was confirmed.
async fn send(
    lanes @ (reader, writer): (&Reader, &Writer),
    action: &dyn Action,
    mut ready: Ready,
) -> Result<(Answer, Ready), Problem> {
    for _ in 0..TRIES {
        let problem = match writer.send(&ready.draft.wire).await {
            Ok(answer) => return Ok((answer, ready)),
            Err(problem) => problem,
        };
        if problem.trouble == Trouble::Lost {
            return Err(what_is_true(reader, &ready, problem).await);
        }
        if problem.trouble != Trouble::Conflict {
            return Err(problem);
        }
        ready = match rehearsed(lanes, action, &ready.before.target).await? {
            Ok(again) if is_same(&again, &ready) => again,
            _ => {
                return Err(Problem::changed(
                    "it changed since you confirmed: nothing was sent",
                    "look at the change again",
                ));
            }
        };
    }
    Err(Problem::changed("it changes all the time: nothing was sent", "try again"))
}

/// Whether two drafts change the same fields from and to the same values.
fn is_same(one: &Ready, other: &Ready) -> bool {
    let changed = |ready: &Ready| ready.after.as_ref().map(|after| differences(&ready.before.object, after));
    one.draft.effect == other.draft.effect && changed(one) == changed(other)
}

/// After a lost answer: reads the object again and says what became of it.
async fn what_is_true(reader: &Reader, ready: &Ready, problem: Problem) -> Problem {
    let target = &ready.before.target;
    let Ok(found) = Live::read(reader, &Target { uid: None, ..target.clone() }).await else { return problem };
    let now = told(ready, &found);
    Problem { hint: format!("read again: {now}"), ..problem }
}

/// What an object that was read again says about a change whose answer was lost.
fn told(ready: &Ready, now: &Live) -> &'static str {
    let deletion = ready.draft.wire.method == http::Method::DELETE;
    if !now.exists() {
        return if deletion { "it is deleted" } else { "it is not there" };
    }
    if !ready.before.exists() {
        return "it was made";
    }
    if now.uid() != ready.before.uid() {
        return "another object has this name now";
    }
    let is_after = ready.after.as_ref().is_some_and(|after| differences(after, &now.object).is_empty());
    match () {
        () if deletion && !now.text("/metadata/deletionTimestamp").is_empty() => "it is being deleted",
        () if now.version() == ready.before.version() => "nothing was changed",
        () if is_after && !deletion => "it is as it should be",
        () => "it has changed; look at it",
    }
}

/// The identity of what was just made.
fn made(now: &Value) -> Option<Uid> {
    now.pointer("/metadata/uid").and_then(Value::as_str).map(Uid::parse)
}

/// What would take a change back, now that it is done and the server answered with `now`.
fn undo(ready: &Ready, now: &Value) -> Option<Part> {
    let before = &ready.before;
    let is_object = now.get("kind").and_then(Value::as_str) == Some(before.target.names.kind);
    let (action, uid): (Arc<dyn Action>, _) = match &ready.draft.undo {
        Undo::Never => return None,
        Undo::Recreate => (Arc::new(Recreate::of(&before.object)), None),
        Undo::By(action) => (action.clone(), before.target.uid.or_else(|| made(now).filter(|_| is_object))),
        Undo::Fields => {
            let fields = differences(&before.object, if is_object { now } else { ready.after.as_ref()? });
            if fields.is_empty() || !before.exists() {
                return None;
            }
            (Arc::new(Inverse { effect: ready.draft.effect.clone(), fields }), before.target.uid)
        }
    };
    Some(Part { action, target: Target { uid, ..before.target.clone() } })
}
