//! The containers of a pod, for sessions in them.

use crate::cluster::pod::{Container, Pod, State, Waiting};

/// The annotation that names the container that is meant when none is named.
const DEFAULT: &str = "kubectl.kubernetes.io/default-container";

/// Reasons for which a container waits that do not go away by themselves.
const NEVER: [&str; 6] = [
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
];

impl Pod {
    /// All containers, in the order in which kubectl looks for a name: main, init, ephemeral.
    fn containers(&self) -> impl Iterator<Item = &Container> {
        self.spec.containers.iter().chain(&self.spec.init_containers).chain(&self.spec.ephemeral_containers)
    }

    /// The container called `wanted`; without a name the one that the annotation names, else the first, as kubectl
    /// `pkg/cmd/util/podcmd`.
    ///
    /// # Errors
    /// The names that there are.
    pub fn container(&self, wanted: Option<&str>) -> Result<&Container, String> {
        let named = |name: &str| self.containers().find(|container| container.name == name);
        if let Some(name) = wanted {
            return named(name).ok_or_else(|| self.names());
        }
        let annotation = self.metadata.annotations.get(DEFAULT);
        annotation.and_then(|name| named(name)).or(self.spec.containers.first()).ok_or_else(|| self.names())
    }

    /// `app, proxy, setup (init), debugger-1 (ephem)`
    pub fn names(&self) -> String {
        let of = |containers: &[Container], what: &str| -> Vec<String> {
            containers.iter().map(|container| format!("{}{what}", container.name)).collect()
        };
        let spec = &self.spec;
        let all = [
            of(&spec.containers, ""),
            of(&spec.init_containers, " (init)"),
            of(&spec.ephemeral_containers, " (ephem)"),
        ];
        all.concat().join(", ")
    }

    /// Whether a container runs by now.
    ///
    /// # Errors
    /// Why it never will: it has ended, or cannot be started.
    pub fn runs(&self, container: &str) -> Result<bool, String> {
        let status = &self.status;
        let all = [&status.container_statuses, &status.init_container_statuses, &status.ephemeral_container_statuses];
        let mut all = all.into_iter().flatten();
        let Some(found) = all.find(|status| status.name == container) else { return Ok(false) };
        match &found.state {
            State { terminated: Some(end), .. } => Err(format!("it has ended with exit code {}", end.exit_code)),
            State { waiting: Some(Waiting { reason, message }), .. } if NEVER.contains(&reason.as_str()) => {
                Err(format!("it cannot be started: {reason}: {message}"))
            }
            state => Ok(state.running.is_some()),
        }
    }

    /// Whether it says itself that it is for Windows.
    pub fn is_windows(&self) -> bool {
        let selector = self.spec.node_selector.get("kubernetes.io/os");
        let os = self.spec.os.as_ref().map(|os| &os.name).or(selector);
        os.is_some_and(|os| os == "windows")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::pod::Os;
    use serde_json::json;

    fn pod() -> Pod {
        let value = json!({
            "metadata": {"annotations": {"kubectl.kubernetes.io/default-container": "b"}},
            "spec": {"containers": [{"name": "a"}, {"name": "b", "tty": true}], "initContainers": [{"name": "i"}],
                "ephemeralContainers": [{"name": "e"}]},
            "status": {"phase": "Running"},
        });
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_container_is_the_one_that_kubectl_takes() {
        let mut pod = pod();
        let name = |pod: &Pod, wanted: Option<&str>| pod.container(wanted).map(|c| c.name.clone());
        assert_eq!(name(&pod, None), Ok("b".into()));
        for wanted in ["a", "i", "e"] {
            assert_eq!(name(&pod, Some(wanted)), Ok(wanted.into()));
        }
        assert_eq!(name(&pod, Some("x")), Err("a, b, i (init), e (ephem)".into()));
        pod.metadata.annotations.insert(DEFAULT.to_owned(), "gone".to_owned());
        assert_eq!(name(&pod, None), Ok("a".into()));
        pod.spec.containers.clear();
        assert!(pod.container(None).is_err());
    }

    #[test]
    fn windows_is_told_by_the_os_or_the_selector() {
        let mut pod = pod();
        assert!(!pod.is_windows() && !pod.is_over());
        pod.spec.node_selector.insert("kubernetes.io/os".to_owned(), "windows".to_owned());
        assert!(pod.is_windows());
        pod.spec.os = Some(Os { name: "linux".into() });
        assert!(!pod.is_windows());
        pod.status.phase = "Failed".into();
        assert!(pod.is_over());
    }
}
