//! Pods in random states, the same ones in every run.

use super::wire::{MERGE, Wire};
use futures::stream::{self, StreamExt};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// With which number the dice begin.
const SEED: u64 = 0x00c0_ffee;
/// Requests at the same time.
const AT_ONCE: usize = 8;

/// Creates them in a new namespace, writes their statuses and deletes some, which a finalizer keeps. Returns how many there are.
pub async fn create(wire: &Wire, namespace: &str, count: usize) -> usize {
    let space = json!({"metadata": {"name": namespace}});
    wire.post("/api/v1/namespaces", &space).await.ok("namespace");
    let account = json!({"metadata": {"name": "default"}});
    let account = wire.post(&format!("/api/v1/namespaces/{namespace}/serviceaccounts"), &account).await;
    assert!([201, 409].contains(&account.code), "{}", account.body);
    let mut dice = Dice(SEED);
    let pods: Vec<_> = (0..count).map(|number| pod(&mut dice, number)).collect();
    stream::iter(&pods).for_each_concurrent(AT_ONCE, |pod| write(wire, namespace, pod)).await;
    pods.len()
}

/// A pod as it is to be: what is created, what its status then says, and whether it is deleted.
struct Wanted {
    name: String,
    created: Value,
    status: Value,
    deleted: bool,
}

async fn write(wire: &Wire, namespace: &str, pod: &Wanted) {
    let all = format!("/api/v1/namespaces/{namespace}/pods");
    let one = format!("{all}/{}", pod.name);
    wire.post(&all, &pod.created).await.ok(&pod.name);
    let status = json!({"status": pod.status});
    wire.patch(&format!("{one}/status"), (MERGE, &status)).await.ok(&format!("{} {status}", pod.name));
    if pod.deleted {
        wire.delete(&one).await.ok(&pod.name);
    }
}

/// Numbers that look random (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    /// True in one of so many times.
    fn once_in(&mut self, times: u64) -> bool {
        self.roll(times) == 0
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.roll(from.len() as u64)).expect("small")].clone()
    }

    /// A moment up to some days ago; most of them long enough ago that they do not tick.
    fn moment(&mut self) -> Value {
        let ago = self.pick(&[30, 90, 200, 700, 4_000, 40_000, 400_000]) + self.roll(60);
        let moment = Timestamp::now() - SignedDuration::from_secs(i64::try_from(ago).expect("small"));
        json!(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }
}

fn pod(dice: &mut Dice, number: usize) -> Wanted {
    let name = format!("p-{number:03}");
    let (inits, mains) = (dice.roll(4), 1 + dice.roll(3));
    let init = |dice: &mut Dice, n: u64| {
        let mut init = json!({"name": format!("i{n}"), "image": "i:1"});
        if dice.once_in(3) {
            init["restartPolicy"] = json!("Always");
        }
        init
    };
    let init_containers: Vec<_> = (0..inits).map(|n| init(dice, n)).collect();
    let containers: Vec<_> = (0..mains).map(|n| json!({"name": format!("c{n}"), "image": format!("c{n}:1")})).collect();
    let readiness: Vec<_> =
        (0..dice.roll(5).saturating_sub(2)).map(|n| json!({"conditionType": format!("rutter.dev/{n}")})).collect();
    let gated = dice.once_in(12);
    let mut spec = json!({"schedulerName": "nobody", "initContainers": init_containers, "containers": containers, "readinessGates": readiness,
        "restartPolicy": dice.pick(&["Always", "OnFailure", "Never"])});
    if gated {
        spec["schedulingGates"] = json!([{"name": "rutter.dev/gate"}]);
    } else if !dice.once_in(8) {
        spec["nodeName"] = json!("node-1");
    }
    let created = json!({"metadata": {"name": name, "labels": {"rutter.dev/fate": "none"}, "finalizers": ["rutter.dev/hold"]}, "spec": spec});
    let mut status = status(dice, (&init_containers, mains), gated);
    // Only a pod without a place can be promised one.
    if created["spec"]["nodeName"].is_null() && !gated && dice.once_in(2) {
        status["nominatedNodeName"] = json!("node-2");
    }
    Wanted { name, created, status, deleted: dice.once_in(5) }
}

fn status(dice: &mut Dice, (inits, mains): (&[Value], u64), gated: bool) -> Value {
    let mut status = json!({"phase": dice.pick(&["Pending", "Pending", "Running", "Running", "Running", "Succeeded", "Failed", "Unknown"])});
    if dice.once_in(8) {
        status["reason"] = json!(dice.pick(&["Evicted", "NodeLost", "NodeAffinity", "UnexpectedAdmissionError"]));
    }
    if gated {
        return status;
    }
    // The kubelet tells of all containers or of none yet, mostly.
    let told = |dice: &mut Dice, all: u64| if dice.once_in(6) { dice.roll(all + 1) } else { all };
    // Until the pod is initialized, an init container is what its status speaks of.
    let over = dice.once_in(2);
    let init_statuses: Vec<_> = (0..told(dice, inits.len() as u64))
        .map(|n| {
            let sidecar = inits[usize::try_from(n).expect("small")].get("restartPolicy").is_some();
            let done = over && !sidecar && !dice.once_in(5);
            let mut container = container(dice, (format!("i{n}"), done));
            container["started"] = json!(dice.once_in(2));
            container
        })
        .collect();
    let statuses: Vec<_> = (0..told(dice, mains)).map(|n| container(dice, (format!("c{n}"), false))).collect();
    let conditions = ["PodScheduled", "Initialized", "ContainersReady", "Ready", "rutter.dev/0", "rutter.dev/1"];
    let conditions: Vec<_> = conditions
        .iter()
        .filter_map(|kind| {
            let value = dice.pick(&["True", "True", "False", "Unknown"]);
            (!dice.once_in(4)).then(|| json!({"type": kind, "status": value, "lastTransitionTime": dice.moment()}))
        })
        .collect();
    status["conditions"] = json!(conditions);
    status["initContainerStatuses"] = json!(init_statuses);
    status["containerStatuses"] = json!(statuses);
    if dice.once_in(2) {
        status["podIPs"] = dice.pick(&[json!([{"ip": "10.1.2.3"}]), json!([{"ip": "10.1.2.3"}, {"ip": "fd00::3"}])]);
        status["podIP"] = json!("10.1.2.3");
    }
    status
}

/// The status of a container; `done` is one that has ended well.
fn container(dice: &mut Dice, (name, done): (String, bool)) -> Value {
    let state = match (done, dice.roll(4)) {
        (true, _) => {
            json!({"terminated": {"exitCode": 0, "reason": "Completed", "startedAt": dice.moment(), "finishedAt": dice.moment()}})
        }
        (_, 0) => {
            let reasons =
                ["PodInitializing", "ContainerCreating", "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", ""];
            json!({"waiting": {"reason": dice.pick(&reasons)}})
        }
        (_, 1) => json!({"terminated": terminated(dice)}),
        (_, 2) if dice.once_in(3) => json!({}),
        _ => json!({"running": {"startedAt": dice.moment()}}),
    };
    let last = if dice.once_in(2) { json!({"terminated": terminated(dice)}) } else { json!({}) };
    let restarts = if dice.once_in(2) { 0 } else { dice.roll(300) };
    let ready = dice.once_in(2);
    json!({"name": name, "image": "x:1", "imageID": "", "ready": ready, "restartCount": restarts, "state": state, "lastState": last})
}

fn terminated(dice: &mut Dice) -> Value {
    let (code, signal) = dice.pick(&[(0, 0), (1, 0), (137, 0), (0, 9), (143, 15)]);
    let mut end =
        json!({"exitCode": code, "signal": signal, "reason": dice.pick(&["Completed", "Error", "OOMKilled", ""])});
    if !dice.once_in(4) {
        end["startedAt"] = dice.moment();
        end["finishedAt"] = dice.moment();
    }
    end
}
