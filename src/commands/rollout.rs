//! Rollouts: how far one is, its revisions, the way back, restart, pause and resume.

use super::target::{able, submit, targets};
use super::{Command, Context, Need, Outcome, Subject};
use crate::cluster::actions::{Pause, Restart, RolloutUndo};
use crate::cluster::gate::{Action, Change, Target};
use crate::kinds::{Can, Uid};
use crate::model::{Notice, ObjectKey};
use crate::ui::{RevisionScreen, RolloutScreen, Screen};
use std::rc::Rc;

pub const UNDO: Command = Command {
    name: "rollout-undo",
    aliases: &["rollback"],
    arguments: "[REVISION]",
    help: "back to the revision before, or to this one",
    hint: "roll back",
    changes: true,
    needs: &[Need::to("patch"), Need::on("list", "apps", "replicasets")],
    when: |s| meant(s, Can::ROLLOUT).map(drop),
    run: |cx, text| {
        let to = match (text, cx.stack.top()) {
            ("", Some(Screen::Revisions(screen))) => screen.selected(cx.model).map_or(0, |revision| revision.number),
            ("", _) => 0,
            (text, _) => {
                text.parse().map_err(|_| Notice::error(format!("\"{text}\" is no revision"), "r h shows them"))?
            }
        };
        change(cx, RolloutUndo { to }, Can::ROLLOUT)
    },
    ..Command::BLANK
};

pub const RESTART: Command = Command {
    name: "restart",
    aliases: &["rollout-restart"],
    help: "replace all pods, one after the other",
    changes: true,
    needs: &[Need::to("patch")],
    when: |s| meant(s, Can::RESTART).map(drop),
    run: |cx, _| {
        let action = Restart::at(cx.model.now());
        change(cx, action, Can::RESTART)
    },
    ..Command::BLANK
};

pub const PAUSE: Command = Command {
    name: "rollout-pause",
    aliases: &["pause"],
    help: "hold the rollouts of a deployment",
    changes: true,
    needs: &[Need::to("patch")],
    when: deployments,
    run: |cx, _| pause(cx, Pause::Hold),
    ..Command::BLANK
};

pub const RESUME: Command = Command {
    name: "rollout-resume",
    aliases: &["resume"],
    help: "let the rollouts of a deployment go on",
    changes: true,
    needs: &[Need::to("patch")],
    when: deployments,
    run: |cx, _| pause(cx, Pause::Resume),
    ..Command::BLANK
};

pub const STATUS: Command = Command {
    name: "rollout-status",
    arguments: "[KIND NAMESPACE/NAME @CONTEXT]",
    help: "how far the rollout is, and what holds it up",
    when: |s| meant(s, Can::ROLLOUT).map(drop),
    run: |cx, text| {
        let key = if text.is_empty() { one(cx)? } else { read_line(text)? };
        open_once(cx, Screen::Rollout(RolloutScreen::new(key)));
        Ok(())
    },
    ..Command::BLANK
};

pub const HISTORY: Command = Command {
    name: "rollout-history",
    aliases: &["history"],
    help: "the revisions of a workload; any two can be compared",
    when: |s| meant(s, Can::ROLLOUT).map(drop),
    run: |cx, _| {
        let key = one(cx)?;
        open_once(cx, Screen::Revisions(RevisionScreen::new(key)));
        Ok(())
    },
    ..Command::BLANK
};

/// The workloads that are meant: that of the screen, else the selected ones.
fn meant(s: &Subject<'_>, can: Can) -> Result<Vec<Target>, String> {
    let of = |key: &ObjectKey, uid: Option<Uid>| {
        let uid = uid.ok_or("it is not read yet")?;
        let (namespace, name) = (key.namespace.clone(), key.name.clone());
        Ok(vec![Target { names: key.kind.names(), namespace, name, uid: Some(uid) }])
    };
    match s.stack.top() {
        Some(Screen::Rollout(screen)) => of(&screen.key, s.model.rollouts.get(&screen.key).and_then(|known| known.uid)),
        Some(Screen::Revisions(screen)) => {
            of(&screen.key, s.model.revisions.get(&screen.key).and_then(|known| known.uid))
        }
        _ => {
            able(s, can, "no rollouts")?;
            targets(s)
        }
    }
}

fn deployments(s: &Subject<'_>) -> Result<(), String> {
    let all = meant(s, Can::ROLLOUT)?;
    let fits = all.iter().all(|target| target.names.plural == "deployments");
    if fits { Ok(()) } else { Err("only deployments can be paused".to_owned()) }
}

fn pause(cx: &mut Context<'_>, action: Pause) -> Outcome {
    let targets = meant(&cx.subject(), Can::ROLLOUT).map_err(|why| Notice::warning(why, ""))?;
    submit(cx, Change::of(action, targets))
}

/// Asks the gate for a change that rolls out, and goes on with its status when it is about one workload.
fn change(cx: &mut Context<'_>, action: impl Action + 'static, can: Can) -> Outcome {
    let targets = meant(&cx.subject(), can).map_err(|why| Notice::warning(why, ""))?;
    let context = super::target::context(cx);
    let line = match targets.as_slice() {
        [one] => format!("rollout-status {} {}/{} @{context}", one.names.plural, one.namespace, one.name),
        _ => String::new(),
    };
    submit(cx, Change::of(action, targets).then(line))
}

/// The one workload that is looked at.
fn one(cx: &Context<'_>) -> Result<ObjectKey, Notice> {
    let all = meant(&cx.subject(), Can::ROLLOUT).map_err(|why| Notice::warning(why, ""))?;
    match all.as_slice() {
        [target] => Ok(ObjectKey {
            context: super::target::context(cx),
            kind: super::go::kind(target.names.plural)?,
            namespace: target.namespace.clone(),
            name: target.name.clone(),
        }),
        _ => Err(Notice::warning("this is about one workload", "take the marks away")),
    }
}

/// Reads the arguments of `rollout-status`.
fn read_line(text: &str) -> Result<ObjectKey, Notice> {
    let parts = || {
        let (place, context) = text.split_once(" @")?;
        let (kind, object) = place.split_once(' ')?;
        let (namespace, name) = object.trim().split_once('/')?;
        Some((kind, namespace.to_owned(), name.to_owned(), Rc::from(context)))
    };
    let wrong = || Notice::error("this needs a kind, NAMESPACE/NAME and @CONTEXT", "or a workload under the cursor");
    let (kind, namespace, name, context) = parts().ok_or_else(wrong)?;
    Ok(ObjectKey { context, kind: super::go::kind(kind)?, namespace, name })
}

/// Opens a screen about a rollout; in place of one of the same sort, so that going back leads to the list.
fn open_once(cx: &mut Context<'_>, screen: Screen) {
    match (cx.stack.top(), &screen) {
        (Some(Screen::Rollout(_)), Screen::Rollout(_)) | (Some(Screen::Revisions(_)), Screen::Revisions(_)) => {
            cx.stack.replace(screen);
        }
        _ => cx.stack.open(screen),
    }
}
