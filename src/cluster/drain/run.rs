//! `drain`: carries a plan out: cordon, plan again, tell the pods to go, wait for each.

use super::evict::{Outcome, ask, look, message};
use super::plan::{plan, read_node};
use super::pods::{Phase, Pods};
use super::report::Report;
use super::wire::cordon;
use crate::cluster::Subscription;
use crate::cluster::connect::Lanes;
use crate::cluster::gate::{Reader, Trouble, Writer};
use crate::cluster::greet::Unreachable;
use crate::cluster::watch::{Request, watch};
use crate::kinds::drain::{End, Means, News, Options, Plan, Stage, Step};
use crate::kinds::{self, Server, Time};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use kube::Client;
use std::collections::BTreeSet;
use std::pin::pin;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// Requests about pods that are under way at the same time. kubectl sends all at once.
const AT_ONCE: usize = 16;
/// How long is waited for requests that are under way when a drain is stopped.
const SETTLE: Duration = Duration::from_secs(5);
/// When to look at nothing in particular.
const IDLE: Duration = Duration::from_hours(1);

/// What is to be drained, as it was confirmed.
#[derive(Debug, Clone)]
pub struct Order {
    /// The node.
    pub node: String,
    /// How.
    pub options: Options,
    /// What was shown to the one who confirmed it.
    pub plan: Plan,
}

/// Drains a node and tells `out` what happens, until it is over, cancelled, or nobody listens. What was accepted by
/// then stays in force: a pod that was told to end ends.
pub async fn drain(lanes: Lanes, order: Order, out: mpsc::Sender<News>, cancel: CancellationToken) {
    let mut report = Report::new(out);
    let ways = (Reader::new(lanes.read.clone()), lanes.writer);
    let prepared = tokio::select! {
        prepared = prepare(&ways, &order, &mut report) => prepared,
        () = cancel.cancelled() => Err(before_pods()),
    };
    let end = match prepared {
        Err(end) => end,
        Ok(plan) => {
            report.say(News::Plan(plan.clone())).await;
            report.stage(Stage::Emptying).await;
            Run::new(ways, (order, &plan), &mut report).run(lanes.read, cancel).await
        }
    };
    report.stage(Stage::Over(end)).await;
}

fn before_pods() -> End {
    let hint = "the node may be cordoned by now: look, and uncordon it".to_owned();
    End::Stopped { sentence: "stopped before any pod was told to go".to_owned(), hint }
}

/// Cordons the node and makes the plan that is carried out.
///
/// # Errors
/// When no pod may be touched.
async fn prepare(ways: &(Reader, Writer), order: &Order, report: &mut Report) -> Result<Plan, End> {
    report.stage(Stage::Cordoning).await;
    make_cordoned(ways, order).await?;
    report.stage(Stage::Checking).await;
    let plan = plan(&ways.0, &order.node, &order.options, Time::now()).await.map_err(no_plan)?;
    agree(order, plan)
}

/// Cordons the node unless it is cordoned.
async fn make_cordoned((reader, writer): &(Reader, Writer), order: &Order) -> Result<(), End> {
    let node = read_node(reader, &order.node).await.map_err(no_plan)?;
    is_same(&order.plan, node.uid())?;
    if node.is_cordoned() {
        return Ok(());
    }
    let why = match writer.exchange(&cordon(&order.node, node.uid())).await {
        Ok((200..=299, _)) => return Ok(()),
        Ok((code, body)) => message(code, &body),
        // Whether it arrived can be seen.
        Err(problem) => {
            let lost = problem.trouble == Trouble::Lost;
            if lost && read_node(reader, &order.node).await.is_ok_and(|node| node.is_cordoned()) {
                return Ok(());
            }
            problem.sentence
        }
    };
    let hint = "kubectl would go on; rutter evicts nothing from a node that takes new pods".to_owned();
    Err(End::Stopped { sentence: format!("the node cannot be cordoned: {why}"), hint })
}

/// Compares the plan made now with the one that was confirmed.
fn agree(order: &Order, plan: Plan) -> Result<Plan, End> {
    is_same(&order.plan, &plan.node_uid)?;
    let blocked = plan.sorts().blocked;
    if blocked > 0 {
        let sentence = format!("{} there now that must not be evicted", are(blocked));
        return Err(End::Stopped {
            sentence,
            hint: "look at the plan: it names them and what would allow it".to_owned(),
        });
    }
    let confirmed: BTreeSet<&str> = order.plan.targets().collect();
    let new = plan.targets().filter(|uid| !confirmed.contains(uid)).count();
    if new > 0 || plan.means != order.plan.means {
        let sentence = format!("{} there now that the plan did not show", are(new));
        return Err(End::Stopped {
            sentence,
            hint: "the node is cordoned; look at the new plan and confirm it".to_owned(),
        });
    }
    Ok(plan)
}

fn are(count: usize) -> String {
    if count == 1 { "1 pod is".to_owned() } else { format!("{count} pods are") }
}

fn is_same(plan: &Plan, uid: &str) -> Result<(), End> {
    if plan.node_uid == uid {
        return Ok(());
    }
    let sentence = "another node has this name now".to_owned();
    Err(End::Stopped { sentence, hint: "look at the new plan".to_owned() })
}

fn no_plan(why: Unreachable) -> End {
    End::Stopped { sentence: why.sentence, hint: why.hint }
}

/// A drain under way.
struct Run<'a> {
    ways: (Reader, Writer),
    node: String,
    how: (Means, Options),
    pods: Pods,
    running: FuturesUnordered<BoxFuture<'static, (usize, Outcome)>>,
    deadline: Option<Instant>,
    report: &'a mut Report,
}

impl<'a> Run<'a> {
    fn new(ways: (Reader, Writer), (order, plan): (Order, &Plan), report: &'a mut Report) -> Self {
        let pods = Pods::new(plan, order.options.skip_wait);
        let deadline = order.options.timeout.map(|time| Instant::now() + time);
        let (node, how) = (order.node, (plan.means, order.options));
        Self { ways, node, how, pods, running: FuturesUnordered::new(), deadline, report }
    }

    async fn run(mut self, client: Client, cancel: CancellationToken) -> End {
        let (to, mut changes) = mpsc::channel(16);
        let mut watching = pin!(watch(client, self.request(), to));
        let listener = self.report.listener();
        loop {
            if let Some(end) = self.end() {
                return self.settled(end).await;
            }
            self.start_due();
            let wake = self.wake();
            tokio::select! {
                Some((at, outcome)) = self.running.next(), if !self.running.is_empty() => self.learn(at, outcome),
                Some(message) = changes.recv() => self.pods.hear(&message),
                // It only ends when nobody takes what it tells.
                () = &mut watching => return End::Cancelled,
                () = sleep_until(wake) => {}
                () = cancel.cancelled() => return self.settled(End::Cancelled).await,
                () = listener.closed() => return End::Cancelled,
            }
            self.report.tell_if_due().await;
        }
    }

    /// What tells which pods are on the node.
    fn request(&self) -> Request {
        Request {
            of: Subscription(0),
            kind: &kinds::pods::Pods,
            namespaces: vec![None],
            labels: None,
            fields: Some(format!("spec.nodeName={}", self.node)),
            first_page: 500,
            server: Server::default(),
        }
    }

    /// Begins what is to be done now, as far as there is room.
    fn start_due(&mut self) {
        // Deleting stops at the first failure, so it goes one by one.
        let room = if self.how.0 == Means::Deletion { 1 } else { AT_ONCE };
        while self.running.len() < room
            && let Some((at, pod)) = self.pods.next()
        {
            let (ways, target) = (self.ways.clone(), pod.target.clone());
            if pod.phase == Phase::Wait {
                self.running.push(Box::pin(async move { (at, look(&ways.0, &target).await) }));
                continue;
            }
            pod.tries += 1;
            let (tries, how) = (pod.tries, self.how.clone());
            // Later, why it was refused is worth more than that it is asked again.
            if tries == 1 {
                self.report.note(at, Step::Asking);
            }
            self.running.push(Box::pin(async move { (at, ask(ways, target, how, tries).await) }));
        }
    }

    fn learn(&mut self, at: usize, outcome: Outcome) {
        if let Some(step) = self.pods.learn(at, outcome, Time::now()) {
            self.report.note(at, step);
        }
    }

    /// Whether it is over, and how.
    fn end(&self) -> Option<End> {
        if self.pods.is_over() {
            return Some(if self.pods.has_failed() { End::Failed } else { End::Drained });
        }
        self.deadline.is_some_and(|deadline| deadline <= Instant::now()).then_some(End::TimedOut)
    }

    /// When to go on although nothing was heard.
    fn wake(&self) -> Instant {
        let next = self.pods.due().filter(|due| *due > Instant::now());
        let all = [next, self.deadline, self.report.due()];
        all.into_iter().flatten().min().unwrap_or_else(|| Instant::now() + IDLE)
    }

    /// Waits a little for what is under way, so that the summary knows what was accepted.
    async fn settled(mut self, end: End) -> End {
        let rest = async {
            while let Some((at, outcome)) = self.running.next().await {
                if let Some(step) = self.pods.learn(at, outcome, Time::now()) {
                    self.report.note(at, step);
                }
            }
        };
        let _ = timeout(SETTLE, rest).await;
        end
    }
}
