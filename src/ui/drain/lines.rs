//! The lines of a drain: what it does as a whole, and one line for each pod.

use crate::config::Role;
use crate::kinds::Time;
use crate::kinds::drain::{Block, End, Lift, Means, Options, Plan, PlannedPod, Stage, Step, Verdict};
use crate::kinds::time::human_duration;
use crate::model::drain::DrainPage;

/// The widest column of names.
const WIDEST: usize = 50;

/// What is said above the pods.
pub fn head(page: &DrainPage, options: &Options) -> Vec<(String, Role)> {
    let mut lines = vec![(permissions(options), Role::Text)];
    if let Some(notice) = &page.failure {
        lines.push((notice.line(), Role::NoticeError));
    }
    let Some(plan) = &page.plan else {
        if page.failure.is_none() {
            lines.push(("finding out what a drain would do …".to_owned(), Role::Quiet));
        }
        return lines;
    };
    lines.extend(plan.doubts.iter().map(|doubt| (doubt.clone(), Role::NoticeWarn)));
    lines.push(match &page.stage {
        None => outlook(plan),
        Some(stage) => progress(page, stage),
    });
    if let Some(End::Stopped { hint, .. }) = page.end().filter(|end| matches!(end, End::Stopped { .. })) {
        lines.push((hint.clone(), Role::Quiet));
    }
    lines
}

/// `--ignore-daemonsets no · --delete-emptydir-data YES · …`
fn permissions(options: &Options) -> String {
    let one = |lift: Lift| format!("{} {}", lift.flag(), if options.has(lift) { "YES" } else { "no" });
    let rest =
        Lift::ALL.into_iter().filter(|lift| options.has(*lift)).fold(options.clone(), Options::toggled).to_string();
    let rest = Some(rest).filter(|rest| !rest.is_empty());
    Lift::ALL.into_iter().map(one).chain(rest).collect::<Vec<_>>().join(" · ")
}

/// What the plan comes to.
fn outlook(plan: &Plan) -> (String, Role) {
    let sorts = plan.sorts();
    let goes = if plan.means == Means::Eviction { "evicted" } else { "deleted" };
    let mut words = vec![format!("{} pods would be {goes}", sorts.evict)];
    if sorts.refused > 0 {
        words.push(format!("of them refused by a budget now: {}", sorts.refused));
    }
    words.push(format!("{} stay", sorts.stay));
    if sorts.blocked > 0 {
        words.push(format!("{} block the drain: nothing goes before that is allowed", sorts.blocked));
    }
    (words.join(" · "), if sorts.blocked > 0 { Role::ToneBad } else { Role::Text })
}

/// What the drain does, or how it ended.
fn progress(page: &DrainPage, stage: &Stage) -> (String, Role) {
    match stage {
        Stage::Cordoning => ("cordoning the node …".to_owned(), Role::ToneBusy),
        Stage::Checking => ("the node is cordoned; looking at its pods again …".to_owned(), Role::ToneBusy),
        Stage::Emptying => (page.summary(), Role::ToneBusy),
        Stage::Over(End::Drained) => (page.summary(), Role::ToneGood),
        Stage::Over(_) => (page.summary(), Role::ToneBad),
    }
}

/// The lines of the pods; and whether one of them changes by the clock.
pub fn pods(page: &DrainPage, now: Time) -> (Vec<(String, Role)>, bool) {
    let Some(plan) = &page.plan else { return (Vec::new(), false) };
    let name = |pod: &PlannedPod| format!("{}/{}", pod.namespace, pod.name);
    let width = plan.pods.iter().map(|pod| name(pod).chars().count()).max().unwrap_or_default().min(WIDEST);
    let mut ticks = false;
    let mut pods: Vec<(Option<&Step>, &PlannedPod)> =
        plan.pods.iter().enumerate().map(|(at, pod)| (page.step(at).filter(|_| pod.goes()), pod)).collect();
    pods.sort_by_key(|(step, _)| rank(*step));
    let line = |(step, pod): (Option<&Step>, &PlannedPod)| {
        ticks |= matches!(step, Some(Step::Terminating { due: Some(_), .. }));
        let (what, why, role) = match step {
            Some(step) => self::step(step, now),
            None => verdict(pod),
        };
        (format!("{what:<11} {:<width$}  {why}", name(pod)).trim_end().to_owned(), role)
    };
    let lines = pods.into_iter().map(line).collect();
    (lines, ticks)
}

/// Where a pod stands while the drain goes on: what is done sinks. Before that the plan has its own order.
fn rank(step: Option<&Step>) -> u8 {
    match step {
        Some(Step::Failed(_) | Step::Refused { .. }) => 0,
        Some(Step::Terminating { .. }) => 1,
        Some(Step::Waiting | Step::Asking) => 2,
        Some(Step::Left(_)) => 3,
        Some(Step::Gone) => 4,
        None => 5,
    }
}

/// What is planned for a pod, and why.
fn verdict(pod: &PlannedPod) -> (&'static str, String, Role) {
    match &pod.verdict {
        Verdict::Blocked(blocks) => ("BLOCKS", blocks.iter().map(block).collect::<Vec<_>>().join(" · "), Role::ToneBad),
        Verdict::Stay(why) => ("stays", why.clone(), Role::Quiet),
        Verdict::Evict => {
            let refusal = pod.guard.as_ref().and_then(|guard| guard.refuses.clone());
            let budget = pod.guard.as_ref().filter(|guard| guard.refuses.is_none());
            let budget = budget.map(|guard| format!("budget {} allows {}", guard.budget, guard.allowed));
            let role = if refusal.is_some() || !pod.notes.is_empty() { Role::ToneWarn } else { Role::Text };
            let what = if refusal.is_some() { "refused now" } else { "goes" };
            let owner = Some(pod.owner.clone()).filter(|owner| !owner.is_empty());
            let why: Vec<String> =
                refusal.into_iter().chain(pod.notes.iter().cloned()).chain(owner).chain(budget).collect();
            (what, why.join(" · "), role)
        }
    }
}

fn block(block: &Block) -> String {
    match block.lift {
        Some(lift) => format!("{} ({} allows it)", block.why, lift.flag()),
        None => block.why.clone(),
    }
}

/// How a pod fares.
fn step(step: &Step, now: Time) -> (&'static str, String, Role) {
    match step {
        Step::Waiting => ("waits", String::new(), Role::Quiet),
        Step::Asking => ("asking", String::new(), Role::ToneBusy),
        Step::Refused { why, tries } => ("refused", format!("tried {tries}× · {why}"), Role::ToneWarn),
        Step::Terminating { held, due } => {
            let due = due.map(|due| match now.seconds_since(due) {
                late @ 0.. => format!("overdue for {}", human_duration(late)),
                early => format!("ends within {}", human_duration(-early)),
            });
            let held = Some(held.clone()).filter(|held| !held.is_empty());
            ("ending", due.into_iter().chain(held).collect::<Vec<_>>().join(" · "), Role::ToneBusy)
        }
        Step::Gone => ("gone", String::new(), Role::ToneGood),
        Step::Left(why) => ("left", why.clone(), Role::ToneWarn),
        Step::Failed(why) => ("FAILED", why.clone(), Role::ToneBad),
    }
}
