//! The containers of a pod: what each is for, which one is meant, how it fares.

use super::{Container, ContainerStatus, Pod};
use crate::text::safe;

/// The annotation that names the container that is meant when none is named.
const DEFAULT: &str = "kubectl.kubernetes.io/default-container";

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

/// `app, proxy, debug (ephem), setup (init)`, as kubectl 1.36 lists containers (`pkg/cmd/util/podcmd`).
pub fn listed<'a>(all: impl Iterator<Item = (ContainerKind, &'a str)>) -> String {
    let names: Vec<String> = all.map(|(kind, name)| format!("{}{}", safe(name), kind.sign())).collect();
    names.join(", ")
}

impl Pod {
    /// Its containers: main, ephemeral, init, as kubectl lists them.
    pub fn containers(&self) -> impl Iterator<Item = (ContainerKind, &Container)> {
        let init = |c: &Container| match c.restart_policy.as_deref() {
            Some("Always") => ContainerKind::Sidecar,
            _ => ContainerKind::Init,
        };
        let main = self.spec.containers.iter().map(|c| (ContainerKind::Main, c));
        let ephemeral = self.spec.ephemeral_containers.iter().map(|c| (ContainerKind::Ephemeral, c));
        main.chain(ephemeral).chain(self.spec.init_containers.iter().map(move |c| (init(c), c)))
    }

    /// The container called `name`.
    pub fn named(&self, name: &str) -> Option<(ContainerKind, &Container)> {
        self.containers().find(|(_, container)| container.name == name)
    }

    /// The container that is meant when none is named: the one that the annotation names, else the first, as kubectl
    /// `pkg/cmd/util/podcmd`.
    pub fn default_container(&self) -> Option<&Container> {
        let annotated = self.metadata.annotations.get(DEFAULT).and_then(|name| self.named(name));
        annotated.map(|(_, container)| container).or(self.spec.containers.first())
    }

    /// The names of all containers, in one line.
    pub fn names(&self) -> String {
        listed(self.containers().map(|(kind, container)| (kind, container.name.as_str())))
    }

    /// How a container fares.
    pub fn status_of(&self, container: &str) -> Option<&ContainerStatus> {
        let status = &self.status;
        let all = [&status.container_statuses, &status.init_container_statuses, &status.ephemeral_container_statuses];
        all.into_iter().flatten().find(|status| status.name == container)
    }
}

#[cfg(test)]
mod tests {
    use super::ContainerKind::{Ephemeral, Init, Main, Sidecar};
    use super::*;
    use serde_json::json;

    #[test]
    fn the_annotation_names_the_default_container() {
        let mut object = json!({
            "metadata": {"annotations": {"kubectl.kubernetes.io/default-container": "b"}},
            "spec": {"containers": [{"name": "a"}, {"name": "b"}], "ephemeralContainers": [{"name": "e"}],
                "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}]},
        });
        let pod: Pod = serde_json::from_value(object.clone()).unwrap();
        let shown: Vec<_> = pod.containers().map(|(kind, c)| (c.name.as_str(), kind)).collect();
        assert_eq!(shown, [("a", Main), ("b", Main), ("e", Ephemeral), ("i", Init), ("s", Sidecar)]);
        assert_eq!(pod.names(), "a, b, e (ephem), i (init), s (init)");
        assert_eq!(pod.default_container().unwrap().name, "b");
        for annotations in [json!({}), json!({"kubectl.kubernetes.io/default-container": "unknown"})] {
            object["metadata"]["annotations"] = annotations;
            let pod: Pod = serde_json::from_value(object.clone()).unwrap();
            assert_eq!(pod.default_container().unwrap().name, "a");
        }
    }
}
