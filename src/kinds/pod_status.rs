//! What STATUS, READY and RESTARTS of a pod say, by the rules of the API server
//! (`pkg/printers/internalversion` `printPod`): those up to 1.34, and those since 1.35.

use super::Text;
use super::condition::{Truth, first};
use super::kind::Server;
use super::pods::Pod;
use super::state::{ContainerStatus, State};
use super::time::Time;

/// The three answers.
#[derive(Debug, Default)]
pub struct Summary {
    /// STATUS.
    pub status: Text,
    /// How many containers are ready.
    pub ready: i64,
    /// Of how many: main containers and sidecars.
    pub containers: i64,
    /// RESTARTS.
    pub restarts: Restarts,
}

/// How often containers were started again.
#[derive(Debug, Clone, Copy, Default)]
pub struct Restarts {
    /// How often.
    pub count: i64,
    /// When the last one of them had ended.
    pub last: Option<Time>,
}

impl Restarts {
    fn add(&mut self, container: &ContainerStatus) {
        self.count = self.count.saturating_add(container.restart_count);
        self.last = self.last.max(container.last_state.terminated.as_ref().and_then(|t| t.finished_at));
    }
}

/// The three answers for `pod`, as `server` would give them.
pub fn summary(pod: &Pod, server: Server) -> Summary {
    let sidecars = pod.spec.init_containers.iter().filter(|container| container.sidecar).count();
    let containers = i64::try_from(pod.spec.containers + sidecars).unwrap_or(i64::MAX);
    let mut sum = Summary { status: whole(pod), containers, ..Summary::default() };
    let (initializing, of_sidecars) = walk_init(pod, &mut sum);
    if !initializing || first(&pod.status.conditions, "Initialized") == Some(Truth::True) {
        sum.restarts = of_sidecars;
        walk_main(pod, server, &mut sum);
    }
    if pod.metadata.deletion_timestamp.is_some() {
        if pod.status.reason == "NodeLost" {
            sum.status = "Unknown".into();
        } else if !matches!(pod.status.phase.as_str(), "Succeeded" | "Failed") {
            sum.status = "Terminating".into();
        }
    }
    sum
}

/// What is said of the pod as a whole, before its containers are asked.
fn whole(pod: &Pod) -> Text {
    let status = &pod.status;
    let gated = |c: &super::condition::Condition| c.kind == "PodScheduled" && c.reason == "SchedulingGated";
    if status.conditions.iter().any(gated) {
        "SchedulingGated".into()
    } else if status.reason.is_empty() {
        status.phase.clone()
    } else {
        status.reason.clone()
    }
}

/// Asks the init containers and sidecars in order, up to the first that has not done its part. Returns whether
/// there is one, and the restarts of the sidecars alone.
fn walk_init(pod: &Pod, sum: &mut Summary) -> (bool, Restarts) {
    let mut of_sidecars = Restarts::default();
    for (index, container) in pod.status.init_container_statuses.iter().enumerate() {
        // The last of that name, and none for a container that is not in the spec.
        let spec = pod.spec.init_containers.iter().rfind(|spec| spec.name == container.name);
        let is_sidecar = spec.is_some_and(|spec| spec.sidecar);
        sum.restarts.add(container);
        if is_sidecar {
            of_sidecars.add(container);
        }
        let done = container.state.terminated.as_ref().is_some_and(|t| t.exit_code == 0);
        if !done && is_sidecar && container.started {
            sum.ready += i64::from(container.ready);
        } else if !done {
            let progress = || Text::from(format!("{index}/{}", pod.spec.init_containers.len()));
            sum.status = format!("Init:{}", init_reason(&container.state).unwrap_or_else(progress)).into();
            return (true, of_sidecars);
        }
    }
    (false, of_sidecars)
}

/// Why an init container has not done its part, when there is more to say than which one it is.
fn init_reason(state: &State) -> Option<Text> {
    match (&state.terminated, &state.waiting) {
        (Some(terminated), _) => Some(terminated.reason()),
        (None, Some(waiting)) if !matches!(waiting.reason.as_str(), "" | "PodInitializing") => {
            Some(waiting.reason.clone())
        }
        _ => None,
    }
}

/// Asks the main containers from the last to the first, so that the first one's word counts.
fn walk_main(pod: &Pod, server: Server, sum: &mut Summary) {
    let mut running = false;
    let mut failed = None;
    for container in pod.status.container_statuses.iter().rev() {
        sum.restarts.add(container);
        let State { waiting, running: runs, terminated } = &container.state;
        match (waiting, terminated) {
            (Some(waiting), _) if !waiting.reason.is_empty() => sum.status.clone_from(&waiting.reason),
            (_, Some(terminated)) => {
                sum.status = terminated.reason();
                if terminated.exit_code != 0 {
                    failed = Some(sum.status.clone());
                }
            }
            _ if container.ready && runs.is_some() => {
                running = true;
                sum.ready += 1;
            }
            _ => {}
        }
    }
    if sum.status == "Completed" {
        let failed = failed.filter(|_| server.at_least(35));
        let ready = pod.status.conditions.iter().any(|c| c.kind == "Ready" && c.status == Truth::True);
        match (running, failed) {
            (true, _) if ready => sum.status = "Running".into(),
            (_, Some(failed)) => sum.status = failed,
            (true, None) => sum.status = "NotReady".into(),
            (false, None) => {}
        }
    }
}
