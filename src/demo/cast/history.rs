//! What came before: the older revisions of workloads, and the deployment whose newest one is bad.

use serde_json::{Value, json};

use super::build::DAY;
use super::moods::pod_of;
use super::workloads::replica_set;
use crate::demo::clock::{ago, stamp};
use crate::demo::json::{Random, list, set, text};
use crate::demo::pod::{self, Is, Seen};
use crate::demo::resource;
use crate::demo::store::{Name, name_of};
use crate::demo::story::revisions;
use crate::demo::world::World;

const REVISION: &str = "deployment.kubernetes.io/revision";

/// Workloads with a revision before the current one, and the image of that.
const OLDER: &[(&str, &str)] =
    &[("postgres", "postgres:17.6"), ("node-exporter", "quay.io/prometheus/node-exporter:v1.9.1")];

/// Brings in the revisions of all stateful sets and daemon sets. They have choices of their own, so that the names of
/// everything else do not depend on them.
pub fn enter(world: &mut World) {
    let others = std::mem::replace(&mut world.random, Random::new(23));
    for plural in ["statefulsets", "daemonsets"] {
        let owners: Vec<_> = world.store.all(plural).map(|(_, owner)| std::sync::Arc::clone(owner)).collect();
        for owner in owners {
            let before = OLDER.iter().find(|(name, _)| *name == text(&owner, "/metadata/name"));
            if let Some((_, image)) = before {
                let mut old = Value::clone(&owner);
                set_image(&mut old, image);
                keep(world, (&old, 1), 90 * DAY);
            }
            keep(world, (&owner, if before.is_some() { 2 } else { 1 }), 20 * DAY);
        }
    }
    // One node is lost: with a single pod that may be away, no rollout would get any further.
    world.edit("daemonsets", &("monitoring".to_owned(), "node-exporter".to_owned()), |owner| {
        set(owner, "/spec/updateStrategy/rollingUpdate/maxUnavailable", 2);
    });
    bad_release(world);
    world.random = others;
}

/// A release whose image was never pushed: one pod of the new revision waits for it, one of the old still works.
fn bad_release(world: &mut World) {
    let place = ("shop".to_owned(), "images".to_owned());
    let image = "registry.shop.example/images:0.15.0-rc.1";
    let (Some(before), Some(pod)) = (world.get("deployments", &place), pod_of(world, ("shop", "images", 1))) else {
        return;
    };
    let strategy = json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}});
    world.edit("deployments", &place, |images| {
        set_image(images, image);
        set(images, "/spec/strategy", strategy);
        set(images, "/metadata/generation", 2);
        pod::annotate(images, REVISION, "2");
    });
    let Some(deployment) = world.get("deployments", &place) else { return };
    let uid = text(&before, "/metadata/uid");
    let old = world.store.within("replicasets", "shop").find(|set| text(set, "/metadata/ownerReferences/0/uid") == uid);
    if let Some(old) = old.map(|old| name_of(old)) {
        world.edit("replicasets", &old, |old| set(old, "/spec/replicas", 1));
    }
    let new = replica_set(world, &deployment, 9 * DAY);
    world.edit("replicasets", &name_of(&new), |new| {
        set(new, "/spec/replicas", 1);
        pod::annotate(new, REVISION, "2");
    });
    wait_for_image(world, (&new, &pod), image);
}

/// Puts a pod of the new replica set in the place of one of the old.
fn wait_for_image(world: &mut World, (owner, old): (&Value, &Name), image: &str) {
    let node = world.get("pods", old).map(|pod| text(&pod, "/spec/nodeName").to_owned()).unwrap_or_default();
    if let Some(kind) = resource::named("pods") {
        world.drop_object(kind, old);
    }
    let name = format!("{}-{}", text(owner, "/metadata/name"), world.random.suffix(5));
    let mut new = pod::of_template(owner, owner.pointer("/spec/template").unwrap_or(&Value::Null), &name);
    let (uid, now) = (world.random.uid(), world.now());
    set(&mut new, "/metadata/uid", uid);
    pod::bind(&mut new, &node, ago(now, 9 * DAY));
    let message = format!("Back-off pulling image \"{image}\": ErrImagePull: not found");
    let seen = [Seen::new(Is::Waiting("ImagePullBackOff", message), 1_300)];
    pod::show(&mut new, ("Pending", &seen), now);
    super::build::keep(world, ("pods", 9 * DAY), new);
}

/// Gives the first container of a workload's template another image.
pub fn set_image(owner: &mut Value, image: &str) {
    let mut containers = list(owner, "/spec/template/spec/containers").to_vec();
    containers.iter_mut().take(1).for_each(|first| set(first, "/image", image));
    set(owner, "/spec/template/spec/containers", containers);
}

fn keep(world: &mut World, (owner, number): (&Value, i64), age: i64) {
    revisions::make(world, owner, number);
    let name = format!("{}-{}", text(owner, "/metadata/name"), revisions::hash_of(owner));
    let made = stamp(ago(world.now(), age));
    let place = (name_of(owner).0, name);
    world.edit("controllerrevisions", &place, |revision| set(revision, "/metadata/creationTimestamp", made));
}
