//! The containers of a pod, for sessions in them.

use crate::cluster::pod::{Container, Pod, State, Waiting};

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
    /// The container called `wanted`; without a name the default one.
    ///
    /// # Errors
    /// The names that there are.
    pub fn container(&self, wanted: Option<&str>) -> Result<&Container, String> {
        let found = match wanted {
            Some(name) => self.named(name).map(|(_, container)| container),
            None => self.default_container(),
        };
        found.ok_or_else(|| self.names())
    }

    /// Whether a container runs by now.
    ///
    /// # Errors
    /// Why it never will: it has ended, or cannot be started.
    pub fn runs(&self, container: &str) -> Result<bool, String> {
        let Some(found) = self.status_of(container) else { return Ok(false) };
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
        assert_eq!(name(&pod, Some("x")), Err("a, b, e (ephem), i (init)".into()));
        pod.metadata.annotations.insert("kubectl.kubernetes.io/default-container".to_owned(), "gone".to_owned());
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
