//! The cluster that everything is measured on: which pods there are and how they fare, computed from a seed.

use crate::catalog::PER_NODE;
use crate::random::Random;

/// Pods of one namespace: their indexes are `n * 1000 .. (n + 1) * 1000`.
pub const PER_NAMESPACE: u64 = 1_000;
/// Pods of one replica set.
pub const PER_REPLICASET: u64 = 20;
/// What `kubernetes` puts into generated names, in the order of ASCII.
const SUFFIX: &[u8] = b"2456789bcdfghjklmnpqrstvwxz";
/// Sorted, none the beginning of another, so that lists come out sorted by name as the API server's are.
const APPS: [&str; 10] =
    ["accounts", "billing", "catalog", "checkout", "gateway", "inventory", "mailer", "orders", "payments", "search"];
const PARTS: [&str; 5] = ["api", "cache", "frontend", "scheduler", "worker"];
const ZONES: [&str; 3] = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const MINUTE: u64 = 60;
const DAY: u64 = 24 * 60 * MINUTE;

/// A cluster of a certain size at a certain moment.
#[derive(Debug, Clone, Copy)]
pub struct Cluster {
    /// Equal seeds give equal clusters.
    pub seed: u64,
    /// How many pods.
    pub pods: u64,
    /// The moment, in seconds since 1970, from which ages are counted back.
    pub now: i64,
}

/// How a pod fares, as the STATUS column says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Running,
    Creating,
    CrashLoop,
    Completed,
    Error,
}

/// What the watch changes about a pod.
#[derive(Debug, Clone, Copy, Default)]
pub struct Change {
    /// The new resourceVersion; 0 for the pod as it is listed.
    pub version: u64,
    /// How many restarts more.
    pub restarts: u64,
    /// Whether its readiness probe fails.
    pub unready: bool,
}

impl Change {
    /// What the watch tells under a version; a pod of which nothing was told has version 0.
    pub fn told(version: u64, pods: u64) -> Self {
        let changed = Self { version, restarts: 1 + version / pods.max(1), unready: version.is_multiple_of(2) };
        if version == 0 { Self::default() } else { changed }
    }
}

/// A node: what pods say of it.
pub struct Node {
    pub name: String,
    pub zone: &'static str,
    pub host: String,
}

/// A pod: what differs between pods; the rest of its 9 kB is the same for all.
pub struct Pod {
    pub namespace: String,
    pub name: String,
    pub replicaset: String,
    pub uid: String,
    pub owner: String,
    pub hash: String,
    pub app: &'static str,
    pub part: &'static str,
    pub release: String,
    pub checksum: String,
    pub container_id: String,
    pub node: String,
    pub zone: &'static str,
    pub host: String,
    pub ip: String,
    pub version: u64,
    pub state: State,
    pub sidecar: bool,
    pub ready: bool,
    pub restarts: u64,
    pub created: i64,
    pub started: i64,
    pub restarted: i64,
}

impl Cluster {
    /// The resourceVersion of the cluster before anything changes.
    pub fn version(&self) -> u64 {
        1_000_000 + self.pods
    }

    /// The indexes of the pods of a namespace; empty when there is no such namespace.
    pub fn namespace(&self, name: &str) -> std::ops::Range<u64> {
        number_of(name).map_or(0..0, |n| (n * PER_NAMESPACE).min(self.pods)..((n + 1) * PER_NAMESPACE).min(self.pods))
    }

    /// The node of a number; their names rise with it, so that lists are sorted.
    pub fn node(&self, number: u64) -> Node {
        let end = Random::of(self.seed, 4, number).below(1 << 44);
        Node {
            name: format!("i-0{number:05x}{end:011x}.eu-central-1.compute.internal"),
            zone: at(&ZONES, number % 3),
            host: format!("10.{}.{}.{}", 100 + (number >> 16), number >> 8 & 255, number & 255),
        }
    }

    /// The pod of an index, after a change.
    pub fn pod(&self, index: u64, change: Change) -> Pod {
        let number = index / PER_REPLICASET;
        let mut set = Random::of(self.seed, 1, number);
        let mut own = Random::of(self.seed, 2, index);
        let within = number % (PER_NAMESPACE / PER_REPLICASET);
        let (app, part) = (at(&APPS, within / 5), at(&PARTS, within % 5));
        let hash = suffix(set.next(), 9);
        let replicaset = format!("{app}-{part}-{hash}");
        let node = self.node(own.below(self.pods.div_ceil(PER_NODE).max(1)));
        let age = age(index, &mut own);
        let created = self.now - signed(age);
        let state = state(own.below(100));
        let restarts = restarts(state, &mut own) + change.restarts;
        let quiet = if index < PER_NAMESPACE { 9 * DAY } else { MINUTE };
        let ended = self.now - signed(own.between(quiet, age));
        let restarted = if change.restarts > 0 { self.now } else { ended };
        Pod {
            namespace: namespace(index / PER_NAMESPACE),
            name: format!("{replicaset}-{}", pod_suffix(index, &mut own)),
            replicaset,
            uid: own.uuid(),
            owner: set.uuid(),
            hash,
            app,
            part,
            release: format!("{}.{}.{}", set.below(4), set.below(30), set.below(10)),
            checksum: set.sha256(),
            container_id: own.sha256(),
            node: node.name,
            zone: node.zone,
            host: node.host,
            ip: format!("10.{}.{}.{}", index >> 16, index >> 8 & 255, index & 255),
            version: if change.version == 0 { 1_000_000 + index } else { change.version },
            state,
            sidecar: set.below(100) < 30,
            ready: state == State::Running && !change.unready,
            restarts,
            created,
            started: created + 5,
            restarted,
        }
    }
}

/// The name of a namespace.
pub fn namespace(number: u64) -> String {
    format!("tenant-{number:04}")
}

/// The number of a namespace that is called so.
pub fn number_of(name: &str) -> Option<u64> {
    name.strip_prefix("tenant-").and_then(|n| n.parse::<u64>().ok()).filter(|n| namespace(*n) == name)
}

/// Seconds since the pod was created. The first namespace is what a screen shows first: nothing in it is so young
/// that its age would change while idleness is measured.
fn age(index: u64, random: &mut Random) -> u64 {
    let fresh = random.below(10) == 0;
    if index < PER_NAMESPACE {
        random.between(17 * DAY, 90 * DAY)
    } else if fresh {
        random.between(2 * MINUTE, DAY)
    } else {
        random.between(DAY, 90 * DAY)
    }
}

/// 92 of 100 run.
fn state(percent: u64) -> State {
    match percent {
        0..92 => State::Running,
        92..94 => State::Creating,
        94..97 => State::CrashLoop,
        97..99 => State::Completed,
        _ => State::Error,
    }
}

fn restarts(state: State, random: &mut Random) -> u64 {
    match state {
        State::CrashLoop => random.between(3, 300),
        State::Running if random.below(8) == 0 => random.between(1, 6),
        _ => 0,
    }
}

/// The five characters after the replica set's name; they rise with the index, so that lists are sorted.
fn pod_suffix(index: u64, random: &mut Random) -> String {
    let step = 27_u64.pow(5) / PER_REPLICASET;
    suffix(index % PER_REPLICASET * step + random.below(step), 5)
}

/// `length` characters in base 27, the highest first.
pub fn suffix(number: u64, length: u32) -> String {
    (0..length).rev().map(|digit| char::from(byte(number / 27_u64.pow(digit) % 27))).collect()
}

fn byte(digit: u64) -> u8 {
    usize::try_from(digit).ok().and_then(|digit| SUFFIX.get(digit)).copied().unwrap_or(b'x')
}

fn at(list: &[&'static str], number: u64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| list.get(number)).copied().unwrap_or("x")
}

fn signed(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLUSTER: Cluster = Cluster { seed: 7, pods: 20_000, now: 1_800_000_000 };

    #[test]
    fn pods_come_sorted_by_namespace_and_name_and_have_owners_in_common() {
        let pods: Vec<Pod> = (0..3_000).map(|index| CLUSTER.pod(index, Change::default())).collect();
        assert!(pods.windows(2).all(|two| (&two[0].namespace, &two[0].name) < (&two[1].namespace, &two[1].name)));
        assert_eq!(pods.iter().filter(|pod| pod.owner == pods[0].owner).count(), 20);
    }

    #[test]
    fn the_mix_is_that_of_a_busy_cluster() {
        let pods: Vec<Pod> = (0..CLUSTER.pods).map(|index| CLUSTER.pod(index, Change::default())).collect();
        let share = |of: &dyn Fn(&Pod) -> bool| 100 * pods.iter().filter(|pod| of(pod)).count() / pods.len();
        assert!((91..=93).contains(&share(&|pod| pod.state == State::Running)));
        assert!((26..=34).contains(&share(&|pod| pod.sidecar)));
        assert!(pods.iter().all(|pod| pod.created < pod.restarted && pod.restarted <= CLUSTER.now));
    }

    #[test]
    fn a_namespace_is_found_by_its_exact_name() {
        assert_eq!(CLUSTER.namespace("tenant-0003"), 3_000..4_000);
        assert!(CLUSTER.namespace("tenant-3").is_empty() && CLUSTER.namespace("tenant-9999").is_empty());
    }
}
