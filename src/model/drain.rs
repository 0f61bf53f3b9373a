//! `DrainPage`: what is known of the drain of a node: its plan, and once it runs, how every pod fares.

use super::notice::Notice;
use crate::kinds::drain::{End, News, Options, Plan, Stage, Step};
use std::rc::Rc;

/// A drain of a node, by what it is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DrainKey {
    /// The context of the kubeconfig.
    pub context: Rc<str>,
    /// The node.
    pub node: String,
    /// How.
    pub options: Options,
}

/// What is known of a drain.
#[derive(Debug, Default)]
pub struct DrainPage {
    /// What it would do, or does.
    pub plan: Option<Plan>,
    /// Why there is no plan.
    pub failure: Option<Notice>,
    /// What it does, once it was confirmed.
    pub stage: Option<Stage>,
    steps: Vec<Step>,
}

/// How many pods have come how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// All that have to go.
    pub all: usize,
    /// They are gone.
    pub gone: usize,
    /// They were told to end.
    pub ending: usize,
    /// They were refused, and are asked again.
    pub refused: usize,
    /// They are left, or cannot be made to go.
    pub failed: usize,
}

impl DrainPage {
    /// Takes over a plan; one that comes late changes nothing about a drain under way.
    pub fn planned(&mut self, plan: Result<Plan, Notice>) {
        if self.stage.is_some() {
            return;
        }
        match plan {
            Ok(plan) => (self.plan, self.failure) = (Some(plan), None),
            Err(notice) => self.failure = Some(notice),
        }
    }

    /// Takes over what the drain tells.
    pub fn apply(&mut self, news: News) {
        match news {
            News::Stage(stage) => self.stage = Some(stage),
            News::Plan(plan) => (self.plan, self.steps) = (Some(plan), Vec::new()),
            News::Steps(steps) => {
                for (at, step) in steps {
                    if self.steps.len() <= at {
                        self.steps.resize(at + 1, Step::Waiting);
                    }
                    if let Some(known) = self.steps.get_mut(at) {
                        *known = step;
                    }
                }
            }
        }
    }

    /// How the pod at this place of the plan fares; none before the drain was confirmed.
    pub fn step(&self, at: usize) -> Option<&Step> {
        self.stage.as_ref()?;
        Some(self.steps.get(at).unwrap_or(&Step::Waiting))
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        self.stage.is_some() && self.end().is_none()
    }

    /// How it ended.
    pub fn end(&self) -> Option<&End> {
        match &self.stage {
            Some(Stage::Over(end)) => Some(end),
            _ => None,
        }
    }

    /// How many pods have come how far.
    pub fn progress(&self) -> Progress {
        let mut progress = Progress::default();
        let pods = self.plan.iter().flat_map(|plan| plan.pods.iter().enumerate());
        for (at, _) in pods.filter(|(_, pod)| pod.goes()) {
            progress.all += 1;
            match self.steps.get(at).unwrap_or(&Step::Waiting) {
                Step::Gone => progress.gone += 1,
                Step::Terminating { .. } => progress.ending += 1,
                Step::Refused { .. } => progress.refused += 1,
                Step::Left(_) | Step::Failed(_) => progress.failed += 1,
                Step::Waiting | Step::Asking => {}
            }
        }
        progress
    }

    /// What became of it, in one sentence.
    pub fn summary(&self) -> String {
        let Progress { all, gone, ending, refused, failed } = self.progress();
        let rest = all - gone - ending - refused - failed;
        let counts = [
            (ending, "still ending"),
            (refused, "refused for now"),
            (failed, "could not be made to go"),
            (rest, "not asked"),
        ];
        let counts = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        let done = std::iter::once(format!("{gone} of {all} pods gone")).chain(counts).collect::<Vec<_>>().join(", ");
        let in_force = if ending > 0 { "; what was told to end goes on ending" } else { "" };
        match self.end() {
            Some(End::Drained) if all == 0 => "drained: no pod had to go".to_owned(),
            Some(End::Drained) => format!("drained: {done}"),
            Some(End::Failed) => format!("not drained: {done}{in_force}"),
            Some(End::TimedOut) => format!("not drained, its time is over: {done}{in_force}"),
            Some(End::Cancelled) => format!("stopped: {done}{in_force}"),
            Some(End::Stopped { sentence, .. }) => format!("no pod was touched: {sentence}"),
            None => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::drain::{PlannedPod, Verdict};

    fn plan(count: usize) -> Plan {
        let pod = |number: usize| PlannedPod {
            namespace: "shop".to_owned(),
            name: format!("web-{number}"),
            uid: number.to_string(),
            owner: String::new(),
            verdict: Verdict::Evict,
            notes: Vec::new(),
            guard: None,
        };
        let mut pods: Vec<PlannedPod> = (0..count).map(pod).collect();
        pods.push(PlannedPod { verdict: Verdict::Stay(String::new()), ..pod(99) });
        Plan { pods, ..Plan::default() }
    }

    #[test]
    fn the_summary_counts_every_pod_that_has_to_go() {
        let mut page = DrainPage::default();
        page.planned(Ok(plan(5)));
        assert_eq!((page.step(0), page.is_running()), (None, false));
        page.apply(News::Stage(Stage::Emptying));
        page.apply(News::Plan(plan(5)));
        let refused = Step::Refused { why: String::new(), tries: 2 };
        let steps = vec![(3, refused), (0, Step::Gone), (1, Step::Terminating { held: String::new(), due: None })];
        page.apply(News::Steps(steps));
        page.apply(News::Steps(vec![(2, Step::Failed(String::new()))]));
        assert!(page.is_running() && page.step(4) == Some(&Step::Waiting));
        page.apply(News::Stage(Stage::Over(End::Cancelled)));
        let told = "stopped: 1 of 5 pods gone, 1 still ending, 1 refused for now, 1 could not be made to go, 1 not asked; \
                    what was told to end goes on ending";
        assert_eq!(page.summary(), told);
    }

    #[test]
    fn a_plan_that_comes_late_changes_nothing() {
        let mut page = DrainPage::default();
        page.planned(Ok(plan(1)));
        page.apply(News::Stage(Stage::Cordoning));
        page.planned(Ok(plan(3)));
        page.planned(Err(Notice::error("x", "")));
        assert_eq!((page.progress().all, page.failure.is_none()), (1, true));
    }

    #[test]
    fn the_end_says_how_it_ended() {
        let mut page = DrainPage::default();
        for (end, wanted) in [
            (End::Drained, "drained: no pod had to go"),
            (End::Failed, "not drained: 0 of 0 pods gone"),
            (End::TimedOut, "not drained, its time is over: 0 of 0 pods gone"),
            (End::Stopped { sentence: "why".into(), hint: String::new() }, "no pod was touched: why"),
        ] {
            page.apply(News::Stage(Stage::Over(end)));
            assert_eq!(page.summary(), wanted);
        }
    }
}
