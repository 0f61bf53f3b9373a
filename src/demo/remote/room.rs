//! A container as a program in it sees the world: its name, environment, programs and files.

use serde_json::Value;

use super::files::Files;
use crate::demo::json::{list, text};
use crate::demo::store::Name;
use crate::demo::world::World;

/// Which container of which pod.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Namespace and name.
    pub pod: Name,
    /// The pod's UID.
    pub uid: String,
    /// The container's name.
    pub container: String,
}

/// What surrounds a program.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// The pod's name.
    pub host: String,
    /// The environment, in order.
    pub env: Vec<(String, String)>,
    /// Names of programs; none for an image of nothing but its server.
    pub programs: &'static [&'static str],
    /// The file system.
    pub files: Files,
}

/// What comes with busybox.
const BUSYBOX: &[&str] = &[
    "ash", "cat", "clear", "command", "date", "echo", "env", "false", "hostname", "id", "ls", "mess", "mkdir", "ps",
    "pwd", "rm", "seq", "sh", "size", "sleep", "stty", "tar", "test", "touch", "tput", "true", "which", "whoami",
    "yes",
];
/// What comes with Debian.
const DEBIAN: &[&str] = &[
    "bash", "cat", "clear", "command", "date", "echo", "env", "false", "hostname", "id", "ls", "mess", "mkdir", "ps",
    "pwd", "rm", "seq", "sh", "size", "sleep", "stty", "tar", "test", "touch", "tput", "true", "which", "whoami",
    "yes",
];

/// What an image brings along. Those of Kubernetes itself hold their one program and nothing else.
fn programs(image: &str) -> &'static [&'static str] {
    let bare = ["registry.k8s.io/", "quay.io/jetstack/", "quay.io/brancz/"];
    if bare.iter().any(|begin| image.starts_with(begin)) {
        return &[];
    }
    let debian = ["postgres", "kafka", "cilium", "shop.example/"];
    if debian.iter().any(|name| image.contains(name)) { DEBIAN } else { BUSYBOX }
}

/// The container's specification.
fn spec(pod: &Value, container: &str) -> Option<Value> {
    let lists = ["containers", "initContainers", "ephemeralContainers"];
    let mut all = lists.iter().flat_map(|name| list(pod, &format!("/spec/{name}")));
    all.find(|spec| text(spec, "/name") == container).cloned()
}

/// The room of a container; none when its pod is gone, or is another by now.
pub fn of(world: &World, source: &Source) -> Option<Room> {
    let pod = world.get("pods", &source.pod).filter(|pod| text(pod, "/metadata/uid") == source.uid)?;
    let spec = spec(&pod, &source.container)?;
    let kept = world.files.get(&(source.uid.clone(), source.container.clone()));
    let host = source.pod.1.clone();
    let mut env: Vec<(String, String)> = [
        ("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ("HOSTNAME", host.as_str()),
        ("HOME", "/root"),
        ("KUBERNETES_SERVICE_HOST", "10.96.0.1"),
        ("KUBERNETES_SERVICE_PORT", "443"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let own = list(&spec, "/env").iter().map(|each| (text(each, "/name").to_owned(), text(each, "/value").to_owned()));
    env.extend(own);
    Some(Room {
        programs: programs(text(&spec, "/image")),
        files: kept.cloned().unwrap_or_else(|| Files::of(&host, text(&pod, "/status/podIP"))),
        host,
        env,
    })
}

/// The file system of a container, made when nobody has changed it yet.
pub fn files_of<'a>(world: &'a mut World, source: &Source) -> Option<&'a mut Files> {
    let room = of(world, source)?;
    Some(world.files.entry((source.uid.clone(), source.container.clone())).or_insert(room.files))
}
