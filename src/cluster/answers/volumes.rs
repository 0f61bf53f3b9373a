//! The volumes of a pod: where each comes from, down to claim, volume and class, and where it is mounted.

use super::ask::{Answered, Asked, Question};
use super::sight::{Sight, items, named, text};
use super::tree::column;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::configmaps::ConfigMaps;
use crate::kinds::persistentvolumeclaims::PersistentVolumeClaims;
use crate::kinds::persistentvolumes::PersistentVolumes;
use crate::kinds::secrets::Secrets;
use crate::kinds::storageclasses::StorageClasses;
use crate::kinds::{AnyKind, Cell, Tone};
use futures::future::BoxFuture;
use serde_json::Value;

/// Which volumes does this pod have?
pub struct Volumes;

impl Question for Volumes {
    fn name(&self) -> &'static str {
        "volumes"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut sight = Sight::new(reader, asked);
            let (kind, pod) = sight.subject(asked).await?;
            if kind.names().plural != "pods" {
                return Err(Problem::new(format!("this is about a pod, not about {}", kind.names().plural), ""));
            }
            let mut answer = Answer::default();
            for volume in items(&pod, "/spec/volumes") {
                answer.lines.extend(lines(&mut sight, &pod, volume).await?);
            }
            if answer.lines.is_empty() {
                answer.push(Line::of([Cell::text("it has no volumes").into()]));
            }
            Ok(sight.answered(answer))
        })
    }
}

/// The lines about a volume.
async fn lines(sight: &mut Sight<'_>, pod: &Value, volume: &Value) -> Result<Vec<Line>, Problem> {
    let (namespace, name) = (text(pod, "/metadata/namespace"), text(volume, "/name"));
    let Some((source, of)) = source(volume) else { return Ok(Vec::new()) };
    let kind = Piece::text(&format!("  {source}"), Tone::Quiet);
    let mut lines = vec![Line::of([Piece::heading(name), kind])];
    match source {
        "persistentVolumeClaim" => lines.extend(claim(sight, namespace, text(of, "/claimName")).await?),
        "ephemeral" => {
            // The controller names the claim after the pod and the volume.
            let name = format!("{}-{name}", text(pod, "/metadata/name"));
            lines.extend(claim(sight, namespace, &name).await?);
        }
        "projected" => lines.extend(items(of, "/sources").iter().filter_map(|source| parts(namespace, source))),
        _ => lines.extend(parts(namespace, volume)),
    }
    lines.extend(mounts(pod, name));
    Ok(lines)
}

/// The field of a volume that says where it comes from, and what stands there.
fn source(volume: &Value) -> Option<(&str, &Value)> {
    volume.as_object()?.iter().find(|(key, _)| *key != "name").map(|(key, of)| (key.as_str(), of))
}

/// The config map or secret that a volume is made of, or what else is said of its source.
fn parts(namespace: &str, volume: &Value) -> Option<Line> {
    let (source, of) = source(volume)?;
    let optional = if at(of, "/optional") == &Value::Bool(true) { "  optional" } else { "" };
    let name = Some(text(of, "/secretName")).filter(|name| !name.is_empty()).unwrap_or_else(|| text(of, "/name"));
    let line = |what: &str, to: To| {
        Line::of([Piece::text(&format!("{what}/{name}"), Tone::Plain), Piece::text(optional, Tone::Quiet)]).to(to)
    };
    let line = match source {
        "configMap" => line("configmap", To::Object(named(&ConfigMaps, namespace, name))),
        "secret" => line("secret", To::Object(named(&Secrets, namespace, name))),
        _ => {
            let shown = of.as_object()?.iter().filter(|(_, value)| !value.is_object() && !value.is_array());
            let shown: Vec<String> = shown.map(|(key, value)| format!("{key}={}", plain(value))).collect();
            if shown.is_empty() && !matches!(source, "downwardAPI") {
                return None;
            }
            Line::of([Piece::text(&format!("{source}  {}", shown.join(" ")), Tone::Plain)])
        }
    };
    Some(line.below(1))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A claim, the volume that it is bound to, and the class that made it.
async fn claim(sight: &mut Sight<'_>, namespace: &str, name: &str) -> Result<Vec<Line>, Problem> {
    let claim = sight.object(&PersistentVolumeClaims, namespace, name).await?;
    let missing = To::Object(named(&PersistentVolumeClaims, namespace, name));
    let mut lines = vec![object(sight, &PersistentVolumeClaims, (name, claim.as_ref(), missing), 1)];
    let Some(claim) = claim else { return Ok(lines) };
    let (bound, class) = (text(&claim, "/spec/volumeName"), text(&claim, "/spec/storageClassName"));
    if !bound.is_empty() {
        let volume = sight.object(&PersistentVolumes, "", bound).await?;
        let missing = To::Object(named(&PersistentVolumes, "", bound));
        lines.push(object(sight, &PersistentVolumes, (bound, volume.as_ref(), missing), 2));
    }
    if !class.is_empty() {
        let found = sight.object(&StorageClasses, "", class).await?;
        let missing = To::Object(named(&StorageClasses, "", class));
        lines.push(object(sight, &StorageClasses, (class, found.as_ref(), missing), 2));
    }
    Ok(lines)
}

/// The line of an object that was looked for: its name and what its list says of it.
fn object(
    sight: &Sight<'_>,
    kind: &'static dyn AnyKind,
    (name, found, missing): (&str, Option<&Value>, To),
    depth: u8,
) -> Line {
    let called = Piece::text(&format!("{}/{name}", kind.names().kind.to_lowercase()), Tone::Plain);
    let Some(row) = found.and_then(|found| sight.row(kind, found)) else {
        return Line::of([called, Piece::text("  it is not there, or not to be read", Tone::Bad)])
            .below(depth)
            .to(missing);
    };
    let shown = ["STATUS", "CAPACITY", "ACCESS MODES", "RECLAIM POLICY", "PROVISIONER", "VOLUMEBINDINGMODE"];
    let cells = shown.iter().filter_map(|name| column(kind, &row, name));
    let pieces = cells.flat_map(|cell| [Piece::text("  ", Tone::Plain), cell.into()]);
    Line::of(std::iter::once(called).chain(pieces)).below(depth).to(To::row(kind.names(), &row))
}

/// Where the containers have a volume.
fn mounts(pod: &Value, volume: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for container in ["/spec/initContainers", "/spec/containers"].iter().flat_map(|path| items(pod, path)) {
        let name = text(container, "/name");
        for mount in items(container, "/volumeMounts").iter().filter(|mount| text(mount, "/name") == volume) {
            let mode = if at(mount, "/readOnly") == &Value::Bool(true) { "ro" } else { "rw" };
            let part = match text(mount, "/subPath") {
                "" => String::new(),
                path => format!(",path={path:?}"),
            };
            lines.push(format!("{} from {name} ({mode}{part})", text(mount, "/mountPath")));
        }
        let devices = items(container, "/volumeDevices").iter().filter(|device| text(device, "/name") == volume);
        lines.extend(devices.map(|device| format!("{} from {name} (device)", text(device, "/devicePath"))));
    }
    if lines.is_empty() {
        lines.push("mounted by no container".to_owned());
    }
    lines.into_iter().map(|line| Line::of([Piece::text(&line, Tone::Quiet)]).below(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;
    use serde_json::json;

    #[test]
    fn sources_and_mounts_are_told() {
        let shown = |volume: Value| parts("shop", &volume).map(|line| line.show(Time(0)).trim_end().to_owned());
        let is = |text: &str| Some(text.to_owned());
        assert_eq!(
            shown(json!({"name": "v", "configMap": {"name": "c", "optional": true}})),
            is("  configmap/c  optional")
        );
        assert_eq!(shown(json!({"name": "v", "secret": {"secretName": "s"}})), is("  secret/s"));
        assert_eq!(
            shown(json!({"name": "v", "hostPath": {"path": "/x", "type": ""}})),
            is("  hostPath  path=/x type=")
        );
        assert_eq!(shown(json!({"name": "v", "emptyDir": {}})), None);
        let pod = json!({"spec": {"containers": [{"name": "main", "volumeMounts": [
            {"name": "v", "mountPath": "/a", "readOnly": true, "subPath": "p"}, {"name": "w", "mountPath": "/b"}]}]}});
        let shown = |volume: &str| mounts(&pod, volume).iter().map(|line| line.show(Time(0))).collect::<Vec<_>>();
        assert_eq!(shown("v"), ["  /a from main (ro,path=\"p\")"]);
        assert_eq!(shown("x"), ["  mounted by no container"]);
    }
}
