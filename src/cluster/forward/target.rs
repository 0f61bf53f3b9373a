//! From what a forward was opened on to the pod and port that it leads to, as kubectl 1.36 `pkg/cmd/portforward`.

use super::ask::{self, Trouble};
use super::service::Service;
use super::spec::{Local, Refusal, Remote, Spec};
use crate::cluster::pod::{Pod, Pods, best};
use crate::cluster::url;
use crate::kinds::{AnyKind, Link, Server};
use crate::text::safe;
use kube::Client;
use std::fmt;

/// What a forward is opened on: a pod, a service, or a workload.
#[derive(Clone)]
pub struct Target {
    /// Its kind.
    pub kind: &'static dyn AnyKind,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}/{}", self.kind.names().kind.to_lowercase(), safe(&self.namespace), safe(&self.name))
    }
}

/// The pod and the port that a forward leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Namespace of the pod.
    pub namespace: String,
    /// Its name.
    pub pod: String,
    /// Its identity.
    pub uid: String,
    /// The port of the pod.
    pub port: u16,
    /// Where to listen.
    pub local: u16,
}

/// Why there is no pod to lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unresolved {
    /// There may be one later.
    NotYet(Refusal),
    /// What was asked for cannot be.
    Never(Refusal),
}

/// What a forward leads to.
enum Found {
    /// The pod itself.
    Pod,
    /// One of the pods of a service.
    Service(Box<Service>),
    /// One of the pods of a workload.
    Workload,
}

impl Target {
    /// Whether it is a pod, which is never replaced by another one.
    pub fn is_pod(&self) -> bool {
        self.kind.names().plural == "pods"
    }

    /// Finds the pod and the port. `client` only reads.
    ///
    /// # Errors
    /// When there is no such port, when nothing runs, or when the server does not say.
    pub async fn resolve(&self, client: &Client, spec: &Spec) -> Result<Aim, Unresolved> {
        let path = url::object(self.kind, &self.namespace, &self.name);
        let json = ask::get(client, &path).await.map_err(|trouble| self.unread(&trouble, self.kind.names().plural))?;
        let (found, pod) = if self.is_pod() {
            (Found::Pod, self.running(read::<Pod>(&json)?)?)
        } else if self.kind.names().kind == "Service" {
            let service: Service = read(&json)?;
            (Found::Service(Box::new(service)), self.selected(client, &json).await?)
        } else {
            (Found::Workload, self.selected(client, &json).await?)
        };
        let (local, port) = match &found {
            Found::Service(service) => service.ports(&spec.remote, &pod),
            Found::Pod | Found::Workload => pod_port(&spec.remote, &pod).map(|port| (port, port)),
        }
        .map_err(Unresolved::Never)?;
        let local = match spec.local {
            Local::Same => local,
            Local::Number(local) => local,
        };
        Ok(Aim { namespace: self.namespace.clone(), pod: pod.metadata.name, uid: pod.metadata.uid, port, local })
    }

    /// The pod that the forward was opened on, if it runs.
    fn running(&self, pod: Pod) -> Result<Pod, Unresolved> {
        if pod.is_running() {
            return Ok(pod);
        }
        let phase = safe(&pod.status.phase).into_owned();
        Err(Unresolved::Never(Refusal::new(format!("{self} is not running: it is {phase}"), "open it when it runs")))
    }

    /// The best of the pods that the object selects.
    async fn selected(&self, client: &Client, json: &[u8]) -> Result<Pod, Unresolved> {
        let selector = self.selector(json).map_err(Unresolved::Never)?;
        let mut path = ask::pod_path(&self.namespace, "");
        path.push_str("?labelSelector=");
        url::encode(&selector, &mut path);
        let json = ask::get(client, &path).await.map_err(|trouble| self.unread(&trouble, "pods"))?;
        let pods = read::<Pods>(&json)?.items;
        let hint = "it goes on as soon as one runs";
        let none = |what: &str| Unresolved::NotYet(Refusal::new(format!("{self} {what}"), hint));
        let pod = best(pods).ok_or_else(|| none("has no pod"))?;
        if !pod.is_running() {
            return Err(none("has no pod that runs"));
        }
        if pod.is_leaving() {
            return Err(none("has only pods that are being deleted"));
        }
        Ok(pod)
    }

    /// The label selector of the object.
    fn selector(&self, json: &[u8]) -> Result<String, Refusal> {
        let mut rows = Vec::new();
        let read = self.kind.rows(json, Server::default(), &mut rows);
        read.map_err(|error| Refusal::new(format!("{self} cannot be read: {error}"), ""))?;
        match rows.into_iter().next().map(|row| row.link) {
            Some(Link::Selects(selector)) if !selector.is_empty() => Ok(selector),
            _ => Err(Refusal::new(format!("{self} selects no pods"), "open one of its pods instead")),
        }
    }

    /// Why it could not be read.
    fn unread(&self, trouble: &Trouble, what: &str) -> Unresolved {
        let refusal = |hint: &str| Refusal::new(trouble.sentence.clone(), hint);
        match trouble.code {
            Some(403) => {
                let verb = if what == self.kind.names().plural { "get" } else { "list" };
                let namespace = safe(&self.namespace);
                Unresolved::Never(refusal(&format!(
                    "you need the verb \"{verb}\" on \"{what}\" in namespace \"{namespace}\""
                )))
            }
            Some(404) => Unresolved::Never(refusal("it is gone")),
            Some(400..500) => Unresolved::Never(refusal("")),
            _ => Unresolved::NotYet(refusal("it is tried again by itself")),
        }
    }
}

fn read<T: serde::de::DeserializeOwned>(json: &[u8]) -> Result<T, Unresolved> {
    serde_json::from_slice(json).map_err(|error| {
        let sentence = format!("the API server's answer cannot be read: {error}");
        Unresolved::NotYet(Refusal::new(sentence, "it is tried again by itself"))
    })
}

/// The port of a pod by number or name.
pub fn pod_port(remote: &Remote, pod: &Pod) -> Result<u16, Refusal> {
    let port = match remote {
        Remote::Number(number) => *number,
        Remote::Name(name) => pod.port_named(name).ok_or_else(|| no_port("pod", &pod.metadata.name, name))?,
    };
    if pod.is_udp_only(port) {
        return Err(udp(&port.to_string()));
    }
    Ok(port)
}

/// What is said when something has no port of this name or number.
pub fn no_port(what: &str, name: &str, port: &str) -> Refusal {
    let (name, port) = (safe(name), safe(port));
    Refusal::new(format!("{what} \"{name}\" has no port \"{port}\""), "its YAML names its ports")
}

/// What is said of a port that speaks UDP.
pub fn udp(port: &str) -> Refusal {
    Refusal::new(format!("UDP cannot be forwarded, and port {} is one of UDP", safe(port)), "only TCP can")
}
