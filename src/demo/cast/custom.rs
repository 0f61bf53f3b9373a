//! Custom resources: what the shop's operators have added to the API.

use serde_json::{Value, json};
use std::sync::Arc;

use super::build::{DAY, global, spaced};
use crate::demo::clock::{ago, stamp};
use crate::demo::json::{Random, set};
use crate::demo::world::World;
use crate::demo::{pod, resource};

/// Brings everything in. What is drawn by lot here leaves the lots of the story as they are.
pub fn enter(world: &mut World) {
    let story = std::mem::replace(&mut world.random, Random::of("custom"));
    for (place, target, size, run) in [
        (("data", "kafka"), "kafka", None, None),
        (("data", "postgres"), "postgres", Some(48), Some(5_400)),
        (("data", "redis"), "redis", Some(3), Some(90)),
        (("payments", "ledger"), "ledger", Some(112), Some(93_600)),
    ] {
        backup(world, place, (target, size, run));
    }
    let body = json!({"spec": {"reason": "black friday"}});
    global(world, "blackouts", ("black-friday", 12 * DAY, body));
    issued(world);
    definition(world, ("storage.shop.example", "Namespaced"), ("backups", "Backup"));
    definition(world, ("ops.shop.example", "Cluster"), ("blackouts", "Blackout"));
    world.random = story;
}

/// A backup: what of, how large, and how many seconds ago it ran last.
fn backup(world: &mut World, place: (&str, &str), (target, size, run): (&str, Option<u32>, Option<i64>)) {
    let mut body =
        json!({"spec": {"target": format!("statefulset/{target}"), "schedule": "30 2 * * *", "replicas": 2}});
    if let (Some(size), Some(run)) = (size, run) {
        let status = json!({"sizeGiB": size, "verified": size < 100, "lastRun": stamp(ago(world.now(), run))});
        set(&mut body, "/status", status);
    }
    spaced(world, "backups", (place, 61 * DAY, body));
}

/// What the certificate of the shop was issued by, each owned by the one before: a request for it, and its order. The
/// secret with the key is the certificate's own.
fn issued(world: &mut World) {
    let Some(certificate) = world.get("certificates", &("shop".to_owned(), "shop".to_owned())) else { return };
    let request = owned(world, &certificate, ("certificaterequests", "shop-1"), ("Ready", "Issued"));
    owned(world, &request, ("orders", "shop-1-2950"), ("Valid", "valid"));
    let Some(tls) = world.get("secrets", &("shop".to_owned(), "tls".to_owned())) else { return };
    let mut tls = Value::clone(&tls);
    set(&mut tls, "/metadata/ownerReferences", json!([pod::reference(&certificate)]));
    if let Some(secrets) = resource::named("secrets") {
        world.keep(secrets, tls);
    }
}

/// An object of a kind, called so, that another one owns and that has come so far.
fn owned(
    world: &mut World,
    owner: &Value,
    (plural, name): (&str, &str),
    (condition, state): (&str, &str),
) -> Arc<Value> {
    let conditions = json!([{"type": condition, "status": "True", "reason": state}]);
    let status = if condition == "Ready" { json!({"conditions": conditions}) } else { json!({"state": state}) };
    let body = json!({"metadata": {"ownerReferences": [pod::reference(owner)]}, "status": status});
    spaced(world, plural, (("shop", name), 61 * DAY, body))
}

fn definition(world: &mut World, (group, scope): (&str, &str), (plural, kind): (&str, &str)) {
    let names = json!({"kind": kind, "plural": plural, "singular": kind.to_lowercase(), "shortNames": ["bk"]});
    let versions: Value = json!([{"name": "v1", "served": true, "storage": true}]);
    let body = json!({"spec": {"group": group, "scope": scope, "names": names, "versions": versions}});
    global(world, "customresourcedefinitions", (&format!("{plural}.{group}"), 198 * DAY, body));
}
