//! What belongs into the templates of the kinds beside pods: each object stands for some pods, and says of them what
//! the cluster's controllers would.

use crate::catalog::Sort;
use crate::data::{Change, Cluster, Pod, State, namespace, suffix};
use crate::json::{Writer, moment, number, of_pod};
use crate::random::Random;

/// Images of a node.
const IMAGES: u64 = 12;

/// An object of a kind: the pods that it stands for.
pub struct Thing<'a> {
    /// Its kind.
    pub sort: &'a Sort,
    /// Its index within the kind.
    pub index: u64,
    /// The first of its pods.
    pub pod: Pod,
    random: Random,
}

impl<'a> Thing<'a> {
    /// The object of an index.
    pub fn new(cluster: &Cluster, sort: &'a Sort, index: u64) -> Self {
        let salt = 10 + sort.plural.len() as u64;
        let mut pod = cluster.pod(index * sort.every, Change::default());
        if sort.plural == "nodes" {
            let node = cluster.node(index);
            (pod.node, pod.zone, pod.host) = (node.name, node.zone, node.host);
        }
        Self { sort, index, pod, random: Random::of(cluster.seed, salt, index) }
    }

    /// Its name.
    pub fn name(&self) -> String {
        let Pod { app, part, .. } = &self.pod;
        match self.sort.plural {
            "namespaces" => namespace(self.index),
            "nodes" => self.pod.node.clone(),
            "replicasets" => self.pod.replicaset.clone(),
            "deployments" | "services" => format!("{app}-{part}"),
            "endpointslices" => format!("{app}-{part}-{}", self.slice()),
            "events" => format!("{}.{}", self.pod.name, self.slice()),
            _ => self.pod.name.clone(),
        }
    }

    /// The end of its name.
    fn slice(&self) -> String {
        let bits = self.random.clone().next();
        if self.sort.plural == "events" { format!("{:016x}", 0x17 << 56 | bits >> 8) } else { suffix(bits >> 8, 5) }
    }

    /// Its UID.
    pub fn uid(&self) -> String {
        self.random.clone().uuid()
    }

    /// When it was seen last, for events: within the last hour.
    pub fn seen(&self, cluster: &Cluster) -> i64 {
        cluster.now - i64::try_from(self.random.clone().below(3_600)).unwrap_or_default()
    }

    /// What an event says.
    pub fn story(&self) -> Story {
        match self.pod.state {
            State::CrashLoop => ("Warning", "BackOff", "Back-off restarting failed container"),
            State::Error => ("Warning", "Failed", "Error: the container ended with exit code 2"),
            State::Creating => ("Normal", "Pulling", "Pulling the image of the container"),
            _ if self.pod.ready => ("Normal", "Started", "Started container"),
            _ => ("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"),
        }
    }

    /// Its pods.
    pub fn pods(&self, cluster: &Cluster) -> impl Iterator<Item = Pod> {
        let (first, cluster) = (self.index * self.sort.every, *cluster);
        (first..(first + self.sort.every).min(cluster.pods)).map(move |index| cluster.pod(index, Change::default()))
    }
}

/// Type, reason and message of an event.
pub type Story = (&'static str, &'static str, &'static str);

/// How many pods there are, and how many of them are ready.
pub fn replicas(thing: &Thing<'_>, cluster: &Cluster) -> (u64, u64) {
    thing.pods(cluster).fold((0, 0), |(all, ready), pod| (all + 1, ready + u64::from(pod.ready)))
}

/// Fills a hole of a template.
pub fn fill(writer: &Writer, thing: &Thing<'_>, hole: &str, out: &mut String) {
    let cluster = &writer.cluster;
    match hole {
        "self" => out.push_str(&thing.uid()),
        "deployment" => out.push_str(&Random::of(cluster.seed, 5, thing.index).uuid()),
        "slice" => out.push_str(&thing.slice()),
        "images" => images(writer, thing, out),
        "endpoints" => endpoints(writer, thing, out),
        "template" => writer.pod_template(thing, out),
        "containers" | "managed-containers" => writer.containers(&thing.pod, hole, out),
        "hash-label" if thing.sort.plural == "replicasets" => {
            out.extend([r#","pod-template-hash":""#, thing.pod.hash.as_str(), "\""]);
        }
        "hash-label" => {}
        "replicas" => number(replicas(thing, cluster).0, out),
        "surge" => number(replicas(thing, cluster).0 * 5 / 4, out),
        "ready-replicas" => number(replicas(thing, cluster).1, out),
        _ => said(cluster, thing, hole, out),
    }
}

/// What addresses and events say.
fn said(cluster: &Cluster, thing: &Thing<'_>, hole: &str, out: &mut String) {
    let index = thing.index;
    match hole {
        "cidr" => out.extend(["10.", &(200 + (index >> 8)).to_string(), ".", &(index & 255).to_string(), ".0/24"]),
        "service" => out.push_str(&service_ip(index)),
        "seen" => moment(thing.seen(cluster), out),
        "count" => number(1 + thing.random.clone().below(40), out),
        "weight" => out.push_str(thing.story().0),
        "reason" => out.push_str(thing.story().1),
        "message" => out.push_str(thing.story().2),
        _ => of_pod(&thing.pod, hole, out),
    }
}

/// The cluster IP of a service.
pub fn service_ip(index: u64) -> String {
    format!("172.20.{}.{}", index >> 8 & 255, index & 255)
}

/// The images that a node holds: those of some of its pods.
fn images(writer: &Writer, thing: &Thing<'_>, out: &mut String) {
    for (number, pod) in thing.pods(&writer.cluster).take(usize::try_from(IMAGES).unwrap_or(12)).enumerate() {
        if number > 0 {
            out.push(',');
        }
        writer.image(&pod, out);
    }
}

/// The pods behind a service.
fn endpoints(writer: &Writer, thing: &Thing<'_>, out: &mut String) {
    for (number, pod) in thing.pods(&writer.cluster).enumerate() {
        if number > 0 {
            out.push(',');
        }
        writer.endpoint(&pod, out);
    }
}
