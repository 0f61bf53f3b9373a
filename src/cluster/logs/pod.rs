//! What log streams need to know of a pod: its containers, and how each of them fares.

use serde::Deserialize;

/// What a container is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerKind {
    /// One of `spec.containers`.
    Main,
    /// An init container that runs once, before the others.
    Init,
    /// An init container that stays (`restartPolicy: Always`).
    Sidecar,
    /// Added for debugging.
    Ephemeral,
}

impl ContainerKind {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::Main, Self::Init, Self::Sidecar, Self::Ephemeral];

    /// What kubectl writes behind the name of such a container.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Main => "",
            Self::Init | Self::Sidecar => " (init)",
            Self::Ephemeral => " (ephem)",
        }
    }
}

/// A container whose log can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: ContainerKind,
    /// Whether it is the one that kubectl would take: the pod's annotation names it, else it is the first.
    pub default: bool,
}

/// The containers of a pod (main, ephemeral, init), from its JSON.
///
/// # Errors
/// When `json` is no pod.
pub fn containers_of(json: &[u8]) -> Result<Vec<Container>, serde_json::Error> {
    serde_json::from_slice::<Pod>(json).map(|pod| pod.containers())
}

/// A pod, as far as logs need it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pod {
    pub metadata: Metadata,
    pub spec: Spec,
    pub status: Status,
}

/// A list of pods.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Pods {
    pub items: Vec<Pod>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    pub name: String,
    pub uid: String,
    pub deletion_timestamp: Option<String>,
    pub annotations: Option<Annotations>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Annotations {
    #[serde(rename = "kubectl.kubernetes.io/default-container")]
    pub default_container: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    pub restart_policy: Option<String>,
    pub containers: Vec<Named>,
    pub init_containers: Vec<Named>,
    pub ephemeral_containers: Vec<Named>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Named {
    pub name: String,
    pub restart_policy: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    pub phase: String,
    pub reason: String,
    pub container_statuses: Vec<ContainerStatus>,
    pub init_container_statuses: Vec<ContainerStatus>,
    pub ephemeral_container_statuses: Vec<ContainerStatus>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    pub name: String,
    #[serde(rename = "containerID")]
    pub container_id: String,
    pub restart_count: u32,
    pub state: State,
    pub last_state: State,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct State {
    pub running: Option<Empty>,
    pub terminated: Option<Terminated>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Empty {}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Terminated {
    pub exit_code: i32,
    pub reason: String,
    #[serde(rename = "containerID")]
    pub container_id: String,
}

impl Terminated {
    /// `exit code 137, OOMKilled`
    pub fn show(&self) -> String {
        let reason = crate::text::safe(&self.reason);
        format!("exit code {}{}{reason}", self.exit_code, if reason.is_empty() { "" } else { ", " })
    }
}

/// One life of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Instance {
    /// The runtime's name for it.
    pub id: String,
    /// How many came before it.
    pub restarts: u32,
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
    /// Its containers: main, ephemeral, init, as kubectl lists them.
    pub fn containers(&self) -> Vec<Container> {
        let annotation = self.metadata.annotations.as_ref().and_then(|all| all.default_container.as_deref());
        let first = self.spec.containers.first().map(|c| c.name.as_str());
        let default = annotation.filter(|name| self.named(name).is_some()).or(first);
        let all = self.parts().map(|(kind, c)| Container {
            name: c.name.clone(),
            kind,
            default: default == Some(c.name.as_str()),
        });
        all.collect()
    }

    /// The containers in the specification.
    fn parts(&self) -> impl Iterator<Item = (ContainerKind, &Named)> {
        let init = |c: &Named| match c.restart_policy.as_deref() {
            Some("Always") => ContainerKind::Sidecar,
            _ => ContainerKind::Init,
        };
        let main = self.spec.containers.iter().map(|c| (ContainerKind::Main, c));
        let ephemeral = self.spec.ephemeral_containers.iter().map(|c| (ContainerKind::Ephemeral, c));
        main.chain(ephemeral).chain(self.spec.init_containers.iter().map(move |c| (init(c), c)))
    }

    fn named(&self, name: &str) -> Option<(ContainerKind, &Named)> {
        self.parts().find(|(_, c)| c.name == name)
    }

    /// How a container fares.
    pub fn status_of(&self, name: &str) -> Option<&ContainerStatus> {
        let status = &self.status;
        let all = status.container_statuses.iter().chain(&status.init_container_statuses);
        all.chain(&status.ephemeral_container_statuses).find(|s| s.name == name)
    }

    /// Whether a container that has ended so will not be started again.
    pub fn is_over(&self, name: &str, end: &Terminated) -> bool {
        if self.is_finished() || self.metadata.deletion_timestamp.is_some() {
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

    /// Whether all of its containers have ended for good.
    pub fn is_finished(&self) -> bool {
        matches!(self.status.phase.as_str(), "Succeeded" | "Failed")
    }
}

#[cfg(test)]
mod tests {
    use super::ContainerKind::{Ephemeral, Init, Main, Sidecar};
    use super::*;
    use serde_json::json;

    fn pod(json: &serde_json::Value) -> Pod {
        serde_json::from_value(json.clone()).unwrap()
    }

    #[test]
    fn the_annotation_names_the_default_container() {
        let mut object = json!({
            "metadata": {"annotations": {"kubectl.kubernetes.io/default-container": "b"}},
            "spec": {"containers": [{"name": "a"}, {"name": "b"}], "ephemeralContainers": [{"name": "e"}],
                "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}]},
        });
        let all = containers_of(object.to_string().as_bytes()).unwrap();
        let shown: Vec<_> = all.iter().map(|c| (c.name.as_str(), c.kind, c.default)).collect();
        let wanted =
            [("a", Main, false), ("b", Main, true), ("e", Ephemeral, false), ("i", Init, false), ("s", Sidecar, false)];
        assert_eq!(shown, wanted);
        for annotations in [json!(null), json!({}), json!({"kubectl.kubernetes.io/default-container": "unknown"})] {
            object["metadata"]["annotations"] = annotations;
            assert!(pod(&object).containers()[0].default);
        }
        assert!(containers_of(b"[1]").is_err() || containers_of(b"{").is_err());
    }

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
            pod(&object).is_over(container, &Terminated { exit_code, ..Terminated::default() })
        };
        assert!(!over("Always", "Running", "m", 0) && !over("OnFailure", "Running", "m", 1));
        assert!(over("OnFailure", "Running", "m", 0) && over("Never", "Running", "m", 1));
        assert!(over("Always", "Pending", "i", 0) && !over("Always", "Pending", "i", 1));
        assert!(over("Always", "Failed", "m", 1) && over("Always", "Running", "gone", 0));
    }
}
