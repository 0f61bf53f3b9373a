//! Sessions with containers over WebSocket: exec, attach and port-forward, as kube-apiserver and a kubelet over
//! containerd answer them.
//!
//! ```text
//! GET …/exec ── owner: plan ──> Session ── 101 ──> socket ── channels ── shell · programs · files
//! ```

mod files;
mod forward;
mod io;
mod programs;
mod room;
mod shell;
mod socket;
mod status;
mod tar;
mod terminal;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use files::{Entry, Files};
pub use room::{Room, Source, files_of, of as room_of};
pub use socket::serve;

use super::answer::{Answer, Failure, Outcome};
use super::json::{flag, list, text};
use super::logs;
use super::read::found;
use super::request::{Request, Target};
use super::world::World;

/// A session that has been agreed upon.
#[derive(Debug)]
pub struct Session {
    /// `Sec-WebSocket-Protocol` of the answer.
    pub protocol: &'static str,
    /// `Sec-WebSocket-Key` of the request.
    pub key: String,
    what: What,
}

/// What the session is for.
#[derive(Debug)]
enum What {
    /// A program in a container.
    Exec(Order),
    /// The main process of a container: its log from now on.
    Attach(Order, Box<logs::Plan>),
    /// Ports of a pod.
    Forward(forward::Ports),
    /// The kubelet says at once why not.
    Refused(String),
}

/// A program to run.
#[derive(Debug)]
struct Order {
    source: Source,
    argv: Vec<String>,
    tty: bool,
    stdin: bool,
}

/// Closes stdin alone, and has its streams carried on by the API server.
const V5: &str = "v5.channel.k8s.io";
const V4: &str = "v4.channel.k8s.io";

/// Plans a session.
///
/// # Errors
/// 404 without the pod; 400 for a container that is not there, a pod without a node, and a request that is no upgrade;
/// an empty 403 when no protocol that was offered is known.
pub fn plan(world: &World, request: &Request, target: &Target) -> Outcome {
    let pod = found(world, target)?;
    let forwards = target.subresource.as_deref() == Some("portforward");
    let container = if forwards { String::new() } else { logs::choose(&pod, request.param("container"))? };
    if text(&pod, "/spec/nodeName").is_empty() {
        let name = text(&pod, "/metadata/name");
        return Err(Failure::bad_request(format!("pod {name} does not have a host assigned")));
    }
    if request.upgrade.is_empty() {
        return Err(Failure::bad_request("Upgrade request required"));
    }
    let Some(protocol) = agreed(&request.protocols, forwards) else {
        return Ok(Answer::raw(403, "text/plain", Vec::new()));
    };
    let key = request.upgrade.clone();
    let what = match target.subresource.as_deref() {
        Some("portforward") => {
            let Some(ports) = forward::plan(request, &pod) else {
                let text = b"query parameter \"port\" is required".to_vec();
                return Ok(Answer::raw(400, "text/plain; charset=utf-8", text));
            };
            What::Forward(ports)
        }
        Some("attach") => attach((world, request, target), &pod, &container)?,
        _ => exec(request, &pod, container),
    };
    Ok(Answer::Session(Box::new(Session { protocol, key, what })))
}

/// The protocol of a session: kube-apiserver takes the fifth wherever it is offered, the kubelet the first it knows.
/// The tunnel for port-forward is not among those.
fn agreed(offered: &[String], forwards: bool) -> Option<&'static str> {
    let offers = |name: &str| offered.iter().any(|offer| offer == name);
    match (offered.is_empty(), forwards) {
        (true, _) => Some(""),
        (_, false) if offers(V5) => Some(V5),
        _ if offers(V4) => Some(V4),
        (_, true) if offers("portforward.k8s.io") => Some("portforward.k8s.io"),
        _ => None,
    }
}

fn source((pod, container): (&Value, String)) -> Source {
    Source { pod: super::store::name_of(pod), uid: text(pod, "/metadata/uid").to_owned(), container }
}

/// Whether the container runs, its main process that is.
fn runs(pod: &Value, container: &str) -> bool {
    let states = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"];
    let mut all = states.iter().flat_map(|name| list(pod, &format!("/status/{name}")));
    all.any(|status| text(status, "/name") == container && super::json::has(status, "/state/running"))
}

fn exec(request: &Request, pod: &Value, container: String) -> What {
    if !runs(pod, &container) {
        return What::Refused(format!("container not found (\"{container}\")"));
    }
    let argv = request.params("command").map(str::to_owned).collect();
    let (tty, stdin) = (request.flag("tty"), request.flag("stdin"));
    What::Exec(Order { source: source((pod, container)), argv, tty, stdin })
}

/// A container that was made to be talked to is a shell; of any other, one sees what it writes.
fn attach(
    (world, request, target): (&World, &Request, &Target),
    pod: &Value,
    container: &str,
) -> Result<What, Failure> {
    if !runs(pod, container) {
        return Ok(What::Refused(format!("container {container} not found in pod {}", pod_id(pod))));
    }
    let specs = ["containers", "initContainers", "ephemeralContainers"];
    let mut specs = specs.iter().flat_map(|name| list(pod, &format!("/spec/{name}")));
    let spec = specs.find(|spec| text(spec, "/name") == container).cloned().unwrap_or_default();
    let (tty, stdin) = (request.flag("tty") && flag(&spec, "/tty"), request.flag("stdin") && flag(&spec, "/stdin"));
    let order = Order { source: source((pod, container.to_owned())), argv: vec!["sh".to_owned()], tty, stdin };
    if stdin {
        return Ok(What::Exec(order));
    }
    let query = [("container", container), ("follow", "true"), ("tailLines", "0")];
    let query = query.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    match logs::plan(world, &Request { query, ..Request::default() }, target)? {
        Answer::Log(plan) => Ok(What::Attach(order, plan)),
        _ => Ok(What::Exec(order)),
    }
}

/// Name, namespace and UID, as the kubelet writes them.
fn pod_id(pod: &Value) -> String {
    let (namespace, name) = super::store::name_of(pod);
    format!("{name}_{namespace}({})", text(pod, "/metadata/uid"))
}
