//! The scenes. Each plays on by itself and begins again after a while, so the cluster is alive after hours as well;
//! none leaves anything behind that grows.

use serde_json::Value;
use std::time::Duration;

use super::events::{self, Said};
use super::{Stage, nodes, watch_over};
use crate::demo::agenda::Deed;
use crate::demo::json::{int, list, set, text};
use crate::demo::resource;
use crate::demo::store::Name;
use crate::demo::world::World;

/// A scene, and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A rollout of the frontend to the next of its releases; all goes well.
    Rollout(usize),
    /// A rollout of the recommendations that crashes, and is taken back.
    CrashLoop(usize),
    /// A node fills, goes silent, comes back.
    Node(usize),
    /// The cart is scaled with the traffic.
    Traffic(usize),
    /// A backup job is made by its schedule.
    Backup,
    /// Small things that go wrong in any cluster.
    Grumble(usize),
}

/// Begins the story.
pub fn begin(world: &mut World) {
    for (name, stage) in stages(world) {
        watch_over(world, &name, stage);
    }
    for (seconds, act) in [
        (8, Act::Grumble(0)),
        (15, Act::Rollout(0)),
        (25, Act::CrashLoop(0)),
        (40, Act::Traffic(0)),
        (60, Act::Backup),
        (90, Act::Node(3)),
    ] {
        later(world, seconds, act);
    }
}

/// The pods of the cast that are in trouble, and where the kubelet goes on with them.
fn stages(world: &World) -> Vec<(Name, Stage)> {
    let stage = |pod: &Value| match text(pod, "/status/containerStatuses/0/state/waiting/reason") {
        "CrashLoopBackOff" => Some(Stage::Restart),
        "ImagePullBackOff" | "ErrImagePull" => Some(Stage::PullFailed),
        _ if text(pod, "/status/phase") == "Pending" && text(pod, "/spec/nodeName").is_empty() => Some(Stage::Schedule),
        _ => None,
    };
    world.store.all("pods").filter_map(|(name, pod)| Some((name.clone(), stage(pod)?))).collect()
}

fn later(world: &mut World, seconds: u64, act: Act) {
    world.agenda.after(Duration::from_secs(seconds), Deed::Story(act));
}

/// Plays a scene, and plans the next.
pub fn play(world: &mut World, act: Act) {
    match act {
        Act::Rollout(turn) => rollout(world, turn),
        Act::CrashLoop(turn) => crash_loop(world, turn),
        Act::Node(turn) => node(world, turn),
        Act::Traffic(turn) => traffic(world, turn),
        Act::Backup => backup(world),
        Act::Grumble(turn) => grumble(world, turn),
    }
}

/// Gives a deployment another image, as `kubectl set image` does.
fn set_image(world: &mut World, (namespace, name): (&str, &str), image: &str) {
    world.edit("deployments", &(namespace.to_owned(), name.to_owned()), |deployment| {
        if text(deployment, "/spec/template/spec/containers/0/image") == image {
            return;
        }
        let mut containers = list(deployment, "/spec/template/spec/containers").to_vec();
        containers.iter_mut().take(1).for_each(|first| set(first, "/image", image));
        set(deployment, "/spec/template/spec/containers", containers);
        set(deployment, "/metadata/generation", int(deployment, "/metadata/generation") + 1);
    });
}

fn rollout(world: &mut World, turn: usize) {
    const RELEASES: &[&str] = &["1.9.0", "1.9.1", "1.10.0", "1.8.2"];
    let release = RELEASES.get(turn % RELEASES.len()).copied().unwrap_or_default();
    set_image(world, ("shop", "frontend"), &format!("registry.shop.example/frontend:{release}"));
    later(world, 240, Act::Rollout(turn + 1));
}

fn crash_loop(world: &mut World, turn: usize) {
    let bad = turn.is_multiple_of(2);
    let release = if bad { "0.9.5" } else { "0.9.4" };
    set_image(world, ("shop", "recommendations"), &format!("registry.shop.example/recommendations:{release}"));
    later(world, if bad { 210 } else { 180 }, Act::CrashLoop(turn + 1));
}

fn node(world: &mut World, turn: usize) {
    let (wait, worker) = match turn % 6 {
        0 => (45, "worker-2"),
        1 => (75, "worker-2"),
        2 => (240, "worker-2"),
        3 => (180, "worker-4"),
        4 => (60, "worker-4"),
        _ => (120, "worker-4"),
    };
    match turn % 6 {
        0 => nodes::fill(world, worker),
        1 | 4 => nodes::lose(world, worker),
        _ => nodes::restore(world, worker),
    }
    later(world, wait, Act::Node(turn + 1));
}

fn traffic(world: &mut World, turn: usize) {
    const REPLICAS: &[i64] = &[3, 4, 3, 2];
    let replicas = REPLICAS.get(turn % REPLICAS.len()).copied().unwrap_or(2);
    world.edit("deployments", &("shop".to_owned(), "cart".to_owned()), |cart| {
        set(cart, "/spec/replicas", replicas);
        set(cart, "/metadata/generation", int(cart, "/metadata/generation") + 1);
    });
    let hpa = world.get("horizontalpodautoscalers", &("shop".to_owned(), "cart".to_owned()));
    if let Some(hpa) = hpa {
        let reason = if turn % 4 < 2 {
            "cpu resource utilization (percentage of request) above target"
        } else {
            "All metrics below target"
        };
        let message = format!("New size: {replicas}; reason: {reason}");
        events::normal(
            world,
            &hpa,
            Said { by: "horizontal-pod-autoscaler", reason: "SuccessfulRescale", message: &message },
        );
        world.edit("horizontalpodautoscalers", &("shop".to_owned(), "cart".to_owned()), |hpa| {
            set(hpa, "/status/currentReplicas", replicas);
            set(hpa, "/status/desiredReplicas", replicas);
        });
    }
    later(world, 75, Act::Traffic(turn + 1));
}

/// The next backup: a job whose pod runs, completes, and goes when three newer ones are there.
fn backup(world: &mut World) {
    later(world, 300, Act::Backup);
    if super::jobs::is_suspended(world, &("data".to_owned(), "backup".to_owned())) {
        return;
    }
    crate::demo::cast::backup(world, 0);
    let jobs = world.store.all("jobs").filter(|((_, name), _)| name.starts_with("backup-"));
    let mut jobs: Vec<(String, Name)> =
        jobs.map(|(name, job)| (text(job, "/metadata/creationTimestamp").to_owned(), name.clone())).collect();
    jobs.sort_unstable();
    let surplus = jobs.len().saturating_sub(4);
    for (_, name) in jobs.into_iter().take(surplus) {
        if let Some(kind) = resource::named("jobs") {
            world.drop_object(kind, &name);
        }
    }
}

fn grumble(world: &mut World, turn: usize) {
    const SAYINGS: &[(&str, &str, &str)] = &[
        ("search", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
        (
            "gateway",
            "Unhealthy",
            "Liveness probe failed: Get \"http://10.244.11.57:8443/healthz\": context deadline exceeded",
        ),
        ("catalog", "DNSConfigForming", "Search Line limits were exceeded, some search paths have been omitted"),
        (
            "prometheus",
            "Unhealthy",
            "Readiness probe failed: Get \"http://10.244.12.9:9090/-/ready\": connection refused",
        ),
    ];
    let (app, reason, message) = SAYINGS.get(turn % SAYINGS.len()).copied().unwrap_or_default();
    let pod =
        world.store.all("pods").find(|((_, name), _)| name.starts_with(app)).map(|(_, pod)| std::sync::Arc::clone(pod));
    if let Some(pod) = pod {
        events::warning(world, &pod, Said { by: "kubelet", reason, message });
    }
    later(world, 35, Act::Grumble(turn + 1));
}
