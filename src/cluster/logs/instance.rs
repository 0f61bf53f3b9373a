//! The lives of a container: which one its log shows, how it ended, and whether another one comes.

use crate::cluster::pod::{ContainerKind, ContainerStatus, Pod, Terminated};

/// One life of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    /// The runtime's name for it.
    pub id: String,
    /// How many came before it.
    pub restarts: u32,
}

impl Terminated {
    /// `exit code 137, OOMKilled`
    pub fn show(&self) -> String {
        let reason = crate::text::safe(&self.reason);
        format!("exit code {}{}{reason}", self.exit_code, if reason.is_empty() { "" } else { ", " })
    }
}

impl ContainerStatus {
    /// The newest instance whose log can be read; none before the first start.
    pub fn instance(&self) -> Option<Instance> {
        let of = |terminated: &Terminated| terminated.container_id.clone();
        let id = match (&self.state.running, &self.state.terminated) {
            (Some(_), _) => self.container_id.clone(),
            (None, Some(terminated)) if !terminated.container_id.is_empty() => of(terminated),
            _ => self.last_state.terminated.as_ref().map(of)?,
        };
        (!id.is_empty()).then_some(Instance { id, restarts: self.restart_count })
    }

    /// How the instance before the running one ended, or the newest one when none runs.
    pub fn last_end(&self) -> Option<&Terminated> {
        self.state.terminated.as_ref().or(self.last_state.terminated.as_ref())
    }
}

impl Pod {
    /// Whether a container that has ended so will not be started again.
    pub fn has_seen_last_of(&self, name: &str, end: &Terminated) -> bool {
        if self.is_over() || self.is_leaving() {
            return true;
        }
        let Some((kind, container)) = self.named(name) else { return true };
        let policy = container.restart_policy.as_ref().or(self.spec.restart_policy.as_ref());
        match (kind, policy.map_or("Always", String::as_str)) {
            (ContainerKind::Ephemeral, _) | (_, "Never") => true,
            (ContainerKind::Init, _) | (_, "OnFailure") => end.exit_code == 0,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn instances_are_told_apart() {
        let status = |value| serde_json::from_value::<ContainerStatus>(value).unwrap().instance().map(|i| i.id);
        assert_eq!(status(json!({"containerID": "c1", "state": {"running": {}}})), Some("c1".into()));
        assert_eq!(status(json!({"state": {"terminated": {"containerID": "c2"}}})), Some("c2".into()));
        let crashed = json!({"state": {"waiting": {}}, "lastState": {"terminated": {"containerID": "c3"}}});
        assert_eq!(status(crashed), Some("c3".into()));
        assert_eq!(status(json!({"state": {"waiting": {}}})), None);
    }

    #[test]
    fn what_is_over_follows_the_restart_policy() {
        let over = |policy: &str, phase: &str, container: &str, exit_code: i32| {
            let object = json!({"spec": {"restartPolicy": policy, "containers": [{"name": "m"}],
                "initContainers": [{"name": "i"}]}, "status": {"phase": phase}});
            serde_json::from_value::<Pod>(object)
                .unwrap()
                .has_seen_last_of(container, &Terminated { exit_code, ..Terminated::default() })
        };
        assert!(!over("Always", "Running", "m", 0) && !over("OnFailure", "Running", "m", 1));
        assert!(over("OnFailure", "Running", "m", 0) && over("Never", "Running", "m", 1));
        assert!(over("Always", "Pending", "i", 0) && !over("Always", "Pending", "i", 1));
        assert!(over("Always", "Failed", "m", 1) && over("Always", "Running", "gone", 0));
    }
}
