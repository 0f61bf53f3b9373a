//! Draining a node: the plan first, its options, then the drain itself, which can be stopped.

use super::target::{able, context, targets};
use super::{Command, Context, Effect, On, Outcome, Subject};
use crate::kinds::Can;
use crate::kinds::drain::{Lift, Options};
use crate::model::Notice;
use crate::model::drain::{DrainKey, DrainPage};
use crate::ui::{DrainScreen, Screen};

pub const DRAIN: Command = Command {
    name: "drain",
    arguments: "[--grace-period=SECONDS --timeout=5m …]",
    help: "what it takes to empty the node: every pod, and what holds it; kubectl's flags",
    hint: "drain",
    when: is_drainable,
    run: plan,
    ..Command::BLANK
};

pub const START: Command = Command {
    name: "start-drain",
    help: "cordon the node and evict its pods, as planned",
    hint: "drain it",
    changes: true,
    on: On::Drain,
    when: |s| startable(s).map(drop),
    run: |cx, _| {
        let key = startable(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
        cx.effects.push(Effect::Drain(key));
        Ok(())
    },
    ..Command::BLANK
};

pub const STOP: Command = Command {
    name: "stop-drain",
    help: "ask no more pods to go; those that were told to end go on ending",
    hint: "stop",
    on: On::Drain,
    when: |s| if page(s).is_some_and(DrainPage::is_running) { Ok(()) } else { Err("no drain is under way".to_owned()) },
    run: |cx, _| {
        if let Some(Screen::Drain(drain)) = cx.stack.top() {
            cx.effects.push(Effect::StopDrain(drain.key.clone()));
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const DAEMONSETS: Command = Command {
    name: "ignore-daemonsets",
    help: "leave pods of DaemonSets where they are, or let them block the drain",
    hint: "daemonsets",
    run: |cx, _| toggle(cx, Lift::IgnoreDaemonsets),
    ..OPTION
};

pub const EMPTYDIR: Command = Command {
    name: "delete-emptydir-data",
    help: "let the data in emptyDir volumes be lost, or let it block the drain",
    hint: "emptydir",
    run: |cx, _| toggle(cx, Lift::DeleteEmptydirData),
    ..OPTION
};

pub const FORCE: Command = Command {
    name: "force-drain",
    help: "let pods go that nothing re-creates, or let them block the drain",
    hint: "force",
    run: |cx, _| toggle(cx, Lift::Force),
    ..OPTION
};

/// What the options have in common.
const OPTION: Command = Command {
    on: On::Drain,
    when: |s| if page(s).is_some_and(DrainPage::is_running) { Err(UNDER_WAY.to_owned()) } else { Ok(()) },
    ..Command::BLANK
};

const UNDER_WAY: &str = "the drain is under way: x stops it";

/// What is known of the drain on the screen.
fn page<'a>(s: &Subject<'a>) -> Option<&'a DrainPage> {
    if let Some(Screen::Drain(drain)) = s.stack.top() { drain.page(s.model) } else { None }
}

fn is_drainable(s: &Subject<'_>) -> Result<(), String> {
    let is_open = matches!(s.stack.top(), Some(Screen::Drain(_)));
    if is_open { (OPTION.when)(s) } else { able(s, Can::CORDON, "nothing scheduled on it") }
}

/// Opens the plan for the node under the cursor, or for the one on the screen with other options.
fn plan(cx: &mut Context<'_>, flags: &str) -> Outcome {
    let wrong = |why: String| Notice::warning(why, "the flags are those of kubectl drain");
    let options = Options::parse(flags).map_err(wrong)?;
    if let Some(Screen::Drain(drain)) = cx.stack.top() {
        let key = DrainKey { options, ..drain.key.clone() };
        return replace(cx, key);
    }
    let found = targets(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
    let [target] = found.as_slice() else {
        return Err(Notice::warning("nodes are drained one at a time", "take the marks away: * twice"));
    };
    let key = DrainKey { context: context(cx), node: target.name.clone(), options };
    // A drain that is under way is shown, with whatever options it was begun.
    let is_it = |other: &&DrainKey| other.context == key.context && other.node == key.node;
    let running = cx.model.drains.iter().filter(|(_, page)| page.is_running()).map(|(key, _)| key);
    let running = running.into_iter().find(is_it).cloned();
    if let Some(running) = running {
        cx.stack.open(Screen::Drain(DrainScreen::new(running)));
        return Ok(());
    }
    cx.model.drains.remove(&key);
    cx.stack.open(Screen::Drain(DrainScreen::new(key)));
    cx.effects.push(Effect::Refresh);
    Ok(())
}

fn toggle(cx: &mut Context<'_>, lift: Lift) -> Outcome {
    let Some(Screen::Drain(drain)) = cx.stack.top() else { return Ok(()) };
    let mut key = drain.key.clone();
    key.options = key.options.toggled(lift);
    replace(cx, key)
}

/// Shows the plan of `key`, made anew, in place of the one on the screen.
fn replace(cx: &mut Context<'_>, key: DrainKey) -> Outcome {
    cx.model.drains.remove(&key);
    cx.stack.replace(Screen::Drain(DrainScreen::new(key)));
    cx.effects.push(Effect::Refresh);
    Ok(())
}

/// The drain on the screen, if it can begin.
fn startable(s: &Subject<'_>) -> Result<DrainKey, String> {
    let Some(Screen::Drain(drain)) = s.stack.top() else { return Err("this needs the plan of a drain".to_owned()) };
    let page = drain.page(s.model).ok_or("there is no plan yet")?;
    if page.is_running() {
        return Err(UNDER_WAY.to_owned());
    }
    if page.end().is_some() {
        return Err("this drain is over: ctrl-r makes a new plan".to_owned());
    }
    let plan = page.plan.as_ref().ok_or("there is no plan yet")?;
    match plan.sorts().blocked {
        0 => Ok(drain.key.clone()),
        1 => Err("1 pod blocks the drain: allow it, or move it away".to_owned()),
        blocked => Err(format!("{blocked} pods block the drain: allow them, or move them away")),
    }
}

pub const REPLAN: Command = Command {
    name: "replan",
    help: "make the plan of the drain anew",
    on: On::Drain,
    when: |s| (OPTION.when)(s),
    run: |cx, _| {
        let Some(Screen::Drain(drain)) = cx.stack.top() else { return Ok(()) };
        let key = drain.key.clone();
        replace(cx, key)
    },
    ..Command::BLANK
};
