//! The kubelet: it brings a pod from Pending to Running step by step, restarts what ends, and
//! ends what is deleted.

use serde_json::{Value, json};
use std::time::Duration;

use super::events::{self, Said};
use super::{jobs, scheduler};
use crate::demo::agenda::Deed;
use crate::demo::clock::{seconds_since, stamp};
use crate::demo::json::{has, list, set, text};
use crate::demo::pod::{self, Is, Seen};
use crate::demo::resource::Resource;
use crate::demo::store::{Name, name_of};
use crate::demo::world::World;

/// The next step with a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Find a node.
    Schedule,
    /// Begin to pull the image.
    Pull,
    /// Say that the image cannot be pulled, or wait before the next try.
    PullFailed,
    /// Run the init containers that come to an end.
    Init,
    /// Start the containers.
    Start,
    /// Call it ready.
    Ready,
    /// Let the program fail.
    Crash,
    /// Wait before the next restart.
    BackOff,
    /// Restart it.
    Restart,
    /// Let the program of a job end.
    Complete,
    /// Start the ephemeral containers.
    Debug,
}

/// What becomes of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Runs,
    Missing,
    Crashes,
}

/// Releases that do not work: `images:0.15.0-rc.1` was never pushed, `recommendations:0.9.5` ends with an error.
fn fate(pod: &Value) -> Fate {
    let image = text(pod, "/spec/containers/0/image");
    match image.rsplit_once('/').map_or(image, |(_, name)| name) {
        "images:0.15.0-rc.1" => Fate::Missing,
        "recommendations:0.9.5" => Fate::Crashes,
        name if name.contains("missing") => Fate::Missing,
        name if name.contains("crash") => Fate::Crashes,
        _ => Fate::Runs,
    }
}

/// Takes care of a new pod.
pub fn notice(world: &mut World, name: &Name, pod: &Value) {
    let uid = text(pod, "/metadata/uid");
    let debugs = list(pod, "/spec/ephemeralContainers").len() > list(pod, "/status/ephemeralContainerStatuses").len();
    if debugs && text(pod, "/status/phase") == "Running" && !world.stages.contains_key(uid) {
        return plan(world, (name, uid), (Stage::Debug, 700, 1_500));
    }
    if text(pod, "/status/phase") != "Pending"
        || world.stages.contains_key(uid)
        || has(pod, "/status/containerStatuses")
    {
        return;
    }
    let stage = if has(pod, "/spec/nodeName") { Stage::Pull } else { Stage::Schedule };
    plan(world, (name, uid), (stage, 300, 800));
}

/// Takes over a pod that is already at some stage.
pub fn watch_over(world: &mut World, name: &Name, stage: Stage) {
    if let Some(pod) = world.get("pods", name) {
        plan(world, (name, text(&pod, "/metadata/uid")), (stage, 4_000, 20_000));
    }
}

/// Plans the next stage, between so and so many milliseconds from now.
fn plan(world: &mut World, (name, uid): (&Name, &str), (stage, from, to): (Stage, u64, u64)) {
    world.stages.insert(uid.to_owned(), stage);
    let delay = Duration::from_millis(world.random.between(from, to));
    world.agenda.after(delay, Deed::Pod(name.clone(), uid.to_owned()));
}

/// Ends a pod that is being deleted: its containers get the signal, and a little later it is gone.
pub fn stop(world: &mut World, (resource, pod): (&Resource, &Value), grace: i64) {
    if resource.plural != "pods" {
        return;
    }
    let node = (String::new(), text(pod, "/spec/nodeName").to_owned());
    if !world.get("nodes", &node).is_some_and(|node| pod::is_ready(&node)) {
        return;
    }
    let said = format!("Stopping container {}", text(pod, "/spec/containers/0/name"));
    events::normal(world, pod, Said { by: "kubelet", reason: "Killing", message: &said });
    let limit = u64::try_from(grace).unwrap_or_default() * 1_000;
    let delay = world.random.between(1_500, 4_000).min(limit);
    world.agenda.after(Duration::from_millis(delay), Deed::Reap(name_of(pod), text(pod, "/metadata/uid").to_owned()));
}

/// Takes the next step with a pod, if it is still the same one.
pub fn step(world: &mut World, name: &Name, uid: &str) {
    let Some(pod) = world.get("pods", name).filter(|pod| text(pod, "/metadata/uid") == uid) else { return };
    let Some(stage) = world.stages.get(uid).copied() else { return };
    if has(&pod, "/metadata/deletionTimestamp") || world.still.contains(uid) {
        return;
    }
    let next = match stage {
        Stage::Schedule => Some(scheduler::schedule(world, name, &pod)),
        Stage::Pull => Some(pull(world, name, &pod)),
        Stage::PullFailed => Some(pull_failed(world, name, &pod)),
        Stage::Init => Some(init(world, name, &pod)),
        Stage::Start => Some(start(world, name, &pod)),
        Stage::Ready => ready(world, name, &pod),
        Stage::Crash => Some(crash(world, name, &pod)),
        Stage::BackOff => Some(back_off(world, name, &pod)),
        Stage::Restart => Some(restart(world, name, &pod)),
        Stage::Complete => complete(world, name, &pod),
        Stage::Debug => debug(world, name, &pod),
    };
    match next {
        Some(next) => plan(world, (name, uid), next),
        None => drop(world.stages.remove(uid)),
    }
}

/// A stage and the milliseconds until it, at least and at most.
pub type Next = (Stage, u64, u64);

/// Writes the containers' states.
fn show(world: &mut World, name: &Name, (phase, seen): (&str, &[Seen])) {
    let now = world.now();
    world.edit("pods", name, |pod| pod::show(pod, (phase, seen), now));
}

/// One state for the init containers that end, one for sidecars, one for the rest.
fn states(pod: &Value, (inits, sidecars, mains): (&Is, &Is, &Is)) -> Vec<Seen> {
    let init =
        list(pod, "/spec/initContainers").iter().map(|c| if has(c, "/restartPolicy") { sidecars } else { inits });
    let main = list(pod, "/spec/containers").iter().map(|_| mains);
    init.chain(main).map(|is| Seen::new(is.clone(), 0)).collect()
}

fn pull(world: &mut World, name: &Name, pod: &Value) -> Next {
    let message = format!("Pulling image \"{}\"", text(pod, "/spec/containers/0/image"));
    events::normal(world, pod, Said { by: "kubelet", reason: "Pulling", message: &message });
    show(world, name, ("Pending", &states(pod, (&Is::Creating, &Is::Creating, &Is::Creating))));
    match fate(pod) {
        Fate::Missing => (Stage::PullFailed, 900, 1_800),
        _ if ends_init(pod) => (Stage::Init, 800, 1_500),
        _ => (Stage::Start, 900, 2_600),
    }
}

fn ends_init(pod: &Value) -> bool {
    list(pod, "/spec/initContainers").iter().any(|container| !has(container, "/restartPolicy"))
}

/// Alternates between the failed try and the wait before the next one.
fn pull_failed(world: &mut World, name: &Name, pod: &Value) -> Next {
    let image = text(pod, "/spec/containers/0/image");
    let waits = text(pod, "/status/containerStatuses/0/state/waiting/reason") == "ErrImagePull";
    let (reason, message) = if waits {
        (
            "ImagePullBackOff",
            format!(
                "Back-off pulling image \"{image}\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": not found"
            ),
        )
    } else {
        (
            "ErrImagePull",
            format!("rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": not found"),
        )
    };
    let said = if waits {
        format!("Back-off pulling image \"{image}\"")
    } else {
        format!("Failed to pull image \"{image}\": {message}")
    };
    let why = if waits { "BackOff" } else { "Failed" };
    events::warning(world, pod, Said { by: "kubelet", reason: why, message: &said });
    let is = Is::Waiting(reason, message);
    show(world, name, ("Pending", &states(pod, (&Is::Creating, &Is::Running(true), &is))));
    if waits { (Stage::PullFailed, 25_000, 60_000) } else { (Stage::PullFailed, 8_000, 14_000) }
}

fn init(world: &mut World, name: &Name, pod: &Value) -> Next {
    show(world, name, ("Pending", &states(pod, (&Is::Running(false), &Is::Running(true), &Is::Creating))));
    (Stage::Start, 1_500, 3_000)
}

fn start(world: &mut World, name: &Name, pod: &Value) -> Next {
    let image = text(pod, "/spec/containers/0/image");
    let container = text(pod, "/spec/containers/0/name");
    let pulled = format!(
        "Successfully pulled image \"{image}\" in 1.204s (1.204s including waiting). Image size: 48201733 bytes."
    );
    events::normal(world, pod, Said { by: "kubelet", reason: "Pulled", message: &pulled });
    begun(world, pod, container);
    show(world, name, ("Running", &states(pod, (&Is::Ended("Completed", 0), &Is::Running(true), &Is::Running(false)))));
    (Stage::Ready, 1_200, 3_200)
}

fn begun(world: &mut World, pod: &Value, container: &str) {
    for (reason, verb) in [("Created", "Container created"), ("Started", "Container started")] {
        let message = format!("{verb}: {container}");
        events::normal(world, pod, Said { by: "kubelet", reason, message: &message });
    }
}

fn ready(world: &mut World, name: &Name, pod: &Value) -> Option<Next> {
    let mut seen = seen_of(world, pod);
    for each in seen.iter_mut().filter(|each| matches!(each.is, Is::Running(_))) {
        each.is = Is::Running(true);
    }
    show(world, name, ("Running", &seen));
    match fate(pod) {
        Fate::Crashes => Some((Stage::Crash, 3_000, 9_000)),
        _ if jobs::owns(pod) => Some((Stage::Complete, 3_000, 8_000)),
        _ => None,
    }
}

/// Ends every container of a pod, well.
fn complete(world: &mut World, name: &Name, pod: &Value) -> Option<Next> {
    let done = Is::Ended("Completed", 0);
    show(world, name, ("Succeeded", &states(pod, (&done, &done, &done))));
    None
}

/// Starts the ephemeral containers that have no status yet.
fn debug(world: &mut World, name: &Name, pod: &Value) -> Option<Next> {
    let now = stamp(world.now());
    let mut all = list(pod, "/status/ephemeralContainerStatuses").to_vec();
    for container in list(pod, "/spec/ephemeralContainers").iter().skip(all.len()) {
        let (own, image) = (text(container, "/name"), text(container, "/image"));
        let state = if image.contains("missing") {
            json!({"waiting": {"reason": "ErrImagePull", "message": format!("failed to pull and unpack image \"{image}\": not found")}})
        } else {
            json!({"running": {"startedAt": now}})
        };
        all.push(json!({
            "name": own, "image": image, "imageID": "", "restartCount": 0, "ready": false, "started": false,
            "state": state, "lastState": {},
        }));
        begun(world, pod, own);
    }
    world.edit("pods", name, |pod| set(pod, "/status/ephemeralContainerStatuses", all));
    None
}

/// The containers as their status shows them.
fn seen_of(world: &World, pod: &Value) -> Vec<Seen> {
    let now = world.now();
    let of = |status: &Value| {
        let running = text(status, "/state/running/startedAt");
        let is = if running.is_empty() {
            Is::Ended("Completed", 0)
        } else {
            Is::Running(crate::demo::json::flag(status, "/ready"))
        };
        let mut seen = Seen::new(is, seconds_since(running, now).unwrap_or_default());
        seen.restarts = crate::demo::json::int(status, "/restartCount");
        let end = text(status, "/lastState/terminated/finishedAt");
        seen.last = seconds_since(end, now).map(|ago| ("Error", 1, ago));
        seen
    };
    let inits = list(pod, "/status/initContainerStatuses").iter();
    inits.chain(list(pod, "/status/containerStatuses")).map(of).collect()
}

/// Changes the first of the main containers.
fn change_first(world: &mut World, name: &Name, (pod, change): (&Value, impl FnOnce(&mut Seen))) {
    let mut seen = seen_of(world, pod);
    if let Some(first) = seen.get_mut(list(pod, "/spec/initContainers").len()) {
        change(first);
    }
    show(world, name, ("Running", &seen));
}

fn crash(world: &mut World, name: &Name, pod: &Value) -> Next {
    let change = |seen: &mut Seen| {
        seen.is = Is::Ended("Error", 1);
        seen.since = 0;
    };
    change_first(world, name, (pod, change));
    (Stage::BackOff, 800, 1_600)
}

/// Seconds before a restart: ten, doubled each time, five minutes at most.
fn pause(restarts: i64) -> u64 {
    10_u64.saturating_mul(1 << restarts.clamp(0, 5)).min(300)
}

fn back_off(world: &mut World, name: &Name, pod: &Value) -> Next {
    let wait = pause(pod::restarts(pod));
    let container = text(pod, "/spec/containers/0/name");
    let place = format!("{}_{}({})", name.1, name.0, text(pod, "/metadata/uid"));
    let message = format!("back-off {wait}s restarting failed container={container} pod={place}");
    let said = format!("Back-off restarting failed container {container} in pod {place}");
    events::warning(world, pod, Said { by: "kubelet", reason: "BackOff", message: &said });
    let change = |seen: &mut Seen| {
        seen.is = Is::Waiting("CrashLoopBackOff", message);
        seen.last = Some(("Error", 1, 1));
        seen.since = 0;
    };
    change_first(world, name, (pod, change));
    (Stage::Restart, wait * 1_000, wait * 1_000 + 1_500)
}

fn restart(world: &mut World, name: &Name, pod: &Value) -> Next {
    let change = |seen: &mut Seen| {
        seen.is = Is::Running(false);
        seen.restarts += 1;
        seen.since = 0;
    };
    change_first(world, name, (pod, change));
    begun(world, pod, text(pod, "/spec/containers/0/name"));
    (Stage::Ready, 1_000, 2_500)
}

/// Marks every pod of a node as ready or not, as the node life cycle controller does.
pub fn node_pods(world: &mut World, node: &str, ready: bool) {
    let now = world.now();
    let on = world.store.all("pods").filter(|(_, pod)| text(pod, "/spec/nodeName") == node);
    let names: Vec<Name> =
        on.filter(|(_, pod)| text(pod, "/status/phase") == "Running").map(|(name, _)| name.clone()).collect();
    for name in names {
        world.edit("pods", &name, |pod| {
            let all = list(pod, "/status/containerStatuses").iter().all(|c| crate::demo::json::flag(c, "/ready"));
            pod::condition(pod, ("Ready", ready && all), now);
        });
    }
}
