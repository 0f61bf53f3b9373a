//! The quality of service of a pod: as it says, or as its requests and limits make it.

use super::json::Json;
use crate::kinds::quantity::Quantity;
use std::collections::BTreeMap;

type Amounts<'a> = BTreeMap<&'a str, Quantity>;

/// `Guaranteed`, `Burstable` or `BestEffort`.
pub(super) fn class(pod: Json<'_>) -> &str {
    match pod.at("status.qosClass").text() {
        "" => computed(pod),
        known => known,
    }
}

/// kubectl's own rule (`pkg/util/qos`), for pods that no server has judged.
fn computed(pod: Json<'_>) -> &'static str {
    let own = pod.at("spec.resources");
    let spec = pod.at("spec");
    let all = spec.at("containers").list().chain(spec.at("initContainers").list());
    let of_all = || all.map(|container| container.at("resources")).collect();
    let parts: Vec<Json<'_>> = if own.is_set() { vec![own] } else { of_all() };
    let (mut requests, mut limits) = (Amounts::new(), Amounts::new());
    let mut is_guaranteed = true;
    for part in parts {
        add(&mut requests, part.at("requests"));
        // A pod's own resources only count when it has limits.
        if add(&mut limits, part.at("limits")) < 2 && (!own.is_set() || part.at("limits").is_set()) {
            is_guaranteed = false;
        }
    }
    let same = |(name, amount): (&&str, &Quantity)| limits.get(name).is_some_and(|limit| limit == amount);
    match (requests.is_empty() && limits.is_empty(), is_guaranteed && requests.iter().all(same)) {
        (true, _) => "BestEffort",
        (false, true) if requests.len() == limits.len() => "Guaranteed",
        _ => "Burstable",
    }
}

/// Adds what is asked for of CPU and memory; how many of the two there are.
fn add<'a>(sum: &mut Amounts<'a>, amounts: Json<'a>) -> usize {
    let amounts = ["cpu", "memory"].map(|name| (name, amounts.key(name).quantity()));
    let amounts = amounts.into_iter().filter(|(_, amount)| amount.is_positive());
    amounts.map(|(name, amount)| *sum.entry(name).or_default() += amount).count()
}
