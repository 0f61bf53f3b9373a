//! Logs of containers. Nothing is kept: the lines of any second follow from the container's name and that second
//! alone, so a log can be read from anywhere, twice with the same lines, and it goes on for ever.

use hyper::body::Bytes;
use jiff::Timestamp;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

use super::Cluster;
use super::answer::{Answer, Failure, Outcome};
use super::clock::{Clock, ago};
use super::json::{Random, int, list, text};
use super::owner::Ask;
use super::read::found;
use super::request::{Request, Target};
use super::speech;
use super::store::Name;
use super::world::World;

/// How far back a log reaches, in seconds: older lines have been rotated away.
const KEPT: i64 = 3_000;

/// Which container of which pod.
#[derive(Debug, Clone)]
pub struct Source {
    pod: Name,
    uid: String,
    container: String,
}

/// One run of a container.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    number: i64,
    begin: Timestamp,
    /// When it ended, and with which exit code.
    end: Option<(Timestamp, i64)>,
}

/// What to send of a log.
#[derive(Debug)]
pub struct Plan {
    source: Source,
    run: Run,
    from: Timestamp,
    clock: Clock,
    tail: Option<usize>,
    limit: Option<usize>,
    stamps: bool,
    follow: bool,
}

/// Plans what a request wants to see.
///
/// # Errors
/// 404 without the pod; 400 for a container that is not there, has not begun, or has no previous run.
pub fn plan(world: &World, request: &Request, target: &Target) -> Outcome {
    let pod = found(world, target)?;
    let container = choose(&pod, request.param("container"))?;
    if text(&pod, "/spec/nodeName").is_empty() {
        return Ok(Answer::raw(204, "text/plain", Vec::new()));
    }
    let source = Source { pod: target.object(), uid: text(&pod, "/metadata/uid").to_owned(), container };
    let run = if request.flag("previous") {
        previous(&pod, &source)
    } else {
        run_of(&pod, &source.container).ok_or_else(|| waiting(&pod, &source))
    }?;
    let now = world.now();
    let since = match (request.number("sinceSeconds"), request.param("sinceTime").parse::<Timestamp>()) {
        (Some(seconds), _) => ago(now, i64::try_from(seconds).unwrap_or(KEPT)),
        (None, Ok(moment)) => moment,
        _ => run.begin,
    };
    let from = run.begin.max(since).max(ago(run.end.map_or(now, |end| end.0), KEPT));
    let number = |name: &str| request.number(name).and_then(|n| usize::try_from(n).ok());
    let follow = request.flag("follow") && run.end.is_none();
    let (tail, limit, stamps) = (number("tailLines"), number("limitBytes"), request.flag("timestamps"));
    Ok(Answer::Log(Box::new(Plan { source, run, from, clock: world.clock, tail, limit, stamps, follow })))
}

/// Names of all containers of a pod, the main ones first.
fn names(pod: &Value) -> Vec<&str> {
    let of = |path| list(pod, path).iter().map(|container| text(container, "/name"));
    of("/spec/containers").chain(of("/spec/initContainers")).chain(of("/spec/ephemeralContainers")).collect()
}

/// The containers as the API server offers them (`pkg/registry/core/pod`).
fn choices(pod: &Value) -> String {
    let of = |path| list(pod, path).iter().map(|container| text(container, "/name")).collect::<Vec<_>>().join(" ");
    let (main, init) = (of("/spec/containers"), of("/spec/initContainers"));
    let init = if init.is_empty() { init } else { format!(" or one of the init containers: [{init}]") };
    format!("choose one of: [{main}]{init}")
}

/// The container that a request names, or the only one.
///
/// # Errors
/// 400 when there is none of this name, or when it has to be chosen.
pub fn choose(pod: &Value, wanted: &str) -> Result<String, Failure> {
    let all = names(pod);
    let name = text(pod, "/metadata/name");
    if wanted.is_empty() {
        let main = list(pod, "/spec/containers");
        return match main {
            [only] => Ok(text(only, "/name").to_owned()),
            _ => Err(Failure::bad_request(format!(
                "a container name must be specified for pod {name}, {}",
                choices(pod)
            ))),
        };
    }
    if all.contains(&wanted) {
        return Ok(wanted.to_owned());
    }
    Err(Failure::bad_request(format!("container {wanted} is not valid for pod {name}")))
}

fn status<'a>(pod: &'a Value, container: &str) -> Option<&'a Value> {
    let of = |path| list(pod, path).iter();
    let all = of("/status/containerStatuses").chain(of("/status/initContainerStatuses"));
    let mut all = all.chain(of("/status/ephemeralContainerStatuses"));
    all.find(|status| text(status, "/name") == container)
}

/// The run that a log shows: the current one, or the last when the container waits for a restart.
fn run_of(pod: &Value, container: &str) -> Option<Run> {
    let status = status(pod, container)?;
    let number = int(status, "/restartCount");
    if let Ok(begin) = text(status, "/state/running/startedAt").parse() {
        return Some(Run { number, begin, end: None });
    }
    ended(status, "/state/terminated", number).or_else(|| ended(status, "/lastState/terminated", number - 1))
}

fn ended(status: &Value, path: &str, number: i64) -> Option<Run> {
    let of = |name: &str| text(status, &format!("{path}/{name}")).parse().ok();
    let end = (of("finishedAt")?, int(status, &format!("{path}/exitCode")));
    Some(Run { number, begin: of("startedAt")?, end: Some(end) })
}

fn previous(pod: &Value, source: &Source) -> Result<Run, Failure> {
    let status = status(pod, &source.container);
    let run = status.and_then(|status| ended(status, "/lastState/terminated", int(status, "/restartCount") - 1));
    run.ok_or_else(|| {
        let (container, name) = (&source.container, &source.pod.1);
        Failure::bad_request(format!("previous terminated container \"{container}\" in pod \"{name}\" not found"))
    })
}

fn waiting(pod: &Value, source: &Source) -> Failure {
    let (container, name) = (&source.container, &source.pod.1);
    let state = status(pod, container).map_or("", |status| text(status, "/state/waiting/reason"));
    let why = match state {
        "" => "ContainerCreating",
        "ImagePullBackOff" | "ErrImagePull" => "trying and failing to pull image",
        other => other,
    };
    Failure::bad_request(format!("container \"{container}\" in pod \"{name}\" is waiting to start: {why}"))
}

/// The current run of a container; none when its pod is gone.
pub fn current(world: &World, source: &Source) -> Option<Run> {
    let pod = world.get("pods", &source.pod).filter(|pod| text(pod, "/metadata/uid") == source.uid)?;
    run_of(&pod, &source.container)
}

/// One line, with its moment.
struct Line {
    moment: Timestamp,
    text: String,
}

impl Plan {
    /// The lines that begin in the second at `second` (since 1970).
    fn second(&self, second: i64) -> Vec<Line> {
        let seed = format!("{} {} {} {second}", self.source.uid, self.source.container, self.run.number);
        let mut random = Random::of(&seed);
        let Ok(base) = Timestamp::from_second(second) else { return Vec::new() };
        let first = second == self.run.begin.as_second();
        let last = self.run.end.filter(|(end, _)| end.as_second() == second).map(|(_, code)| code);
        let said = speech::lines(&self.source.container, &mut random, (first, last, base));
        let step = 900_000_000 / i64::try_from(said.len().max(1)).unwrap_or(1);
        let nanos =
            |at: i64, random: &mut Random| at * step + i64::try_from(random.below(40_000_000)).unwrap_or_default();
        let line = |(at, text): (i64, String)| {
            let moment = base.saturating_add(jiff::SignedDuration::from_nanos(nanos(at, &mut random))).unwrap_or(base);
            Line { moment, text }
        };
        (0..).zip(said).map(line).collect()
    }

    /// The lines from one moment up to but not including another.
    fn lines(&self, from: Timestamp, to: Timestamp) -> Vec<Line> {
        let to = self.run.end.map_or(to, |(end, _)| ago(end, -1));
        let seconds = from.as_second()..=to.as_second();
        let all = seconds.flat_map(|second| self.second(second));
        all.filter(|line| line.moment >= from && line.moment < to).collect()
    }

    fn write(&self, line: &Line) -> String {
        if self.stamps { format!("{:.9} {}\n", line.moment, line.text) } else { format!("{}\n", line.text) }
    }
}

/// Sends a log: what there is, and, when it is followed, what comes until the container ends.
pub fn stream(cluster: Cluster, plan: Plan) -> mpsc::Receiver<Bytes> {
    let (sender, reader) = mpsc::channel(64);
    tokio::spawn(send(cluster, plan, sender));
    reader
}

async fn send(cluster: Cluster, plan: Plan, sender: mpsc::Sender<Bytes>) {
    let mut told = plan.clock.now();
    let lines = plan.lines(plan.from, told);
    let skip = plan.tail.map_or(0, |tail| lines.len().saturating_sub(tail));
    let mut text: String = lines.iter().skip(skip).map(|line| plan.write(line)).collect();
    if let Some(limit) = plan.limit {
        let end = (0..=limit).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
    }
    if !text.is_empty() && sender.send(text.into()).await.is_err() {
        return;
    }
    if !plan.follow {
        return;
    }
    loop {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let (done, word) = oneshot::channel();
        let asked = cluster.asks.send(Ask::Run(plan.source.clone(), done)).is_ok();
        let run = if asked { word.await.ok().flatten() } else { None };
        let goes_on = run.is_some_and(|run| run.number == plan.run.number && run.end.is_none());
        let now = plan.clock.now();
        let text: String = plan.lines(told, now).iter().map(|line| plan.write(line)).collect();
        told = now;
        if !text.is_empty() && sender.send(text.into()).await.is_err() || sender.is_closed() || !goes_on {
            return;
        }
    }
}
