//! Resource quotas.

use super::common::name_and_namespace;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;
use crate::kinds::quantity::Quantity;

/// What a scope means, in kubectl's words.
const SCOPES: [(&str, &str); 4] = [
    (
        "BestEffort",
        "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
    ),
    (
        "NotBestEffort",
        "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed quality of service.",
    ),
    (
        "NotTerminating",
        "Matches all pods that do not have an active deadline. These pods usually include long running pods whose container command is not expected to terminate.",
    ),
    (
        "Terminating",
        "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively terminated by the system.",
    ),
];

/// The description.
pub(super) fn describe(quota: Json<'_>, _: &Related, out: &mut Writer) {
    name_and_namespace(quota, out);
    scopes(quota, (0, " * "), out);
    out.row(0, &["Resource", "Used", "Hard"]);
    out.row(0, &["--------", "----", "----"]);
    for (name, used, hard) in amounts(quota) {
        // Both are written alike.
        let same = used.format() == hard.format();
        let used = if same { used } else { Quantity::whole(used.value(), hard.format()) };
        out.row(0, &[name, &used.to_string(), &hard.to_string()]);
    }
}

/// The pods that it counts, when not all.
pub(super) fn scopes(quota: Json<'_>, (level, mark): (usize, &str), out: &mut Writer) {
    let mut scopes = quota.at("spec.scopes").texts();
    if scopes.is_empty() {
        return;
    }
    scopes.sort_unstable();
    out.field(level, "Scopes", scopes.join(", "));
    let known = scopes.iter().filter_map(|scope| SCOPES.iter().find(|(name, _)| name == scope));
    known.for_each(|(_, meaning)| out.line(level, format!("{mark}{meaning}")));
}

/// What is limited: its name, how much of it is used, and how much may be.
pub(super) fn amounts(quota: Json<'_>) -> impl Iterator<Item = (&str, Quantity, Quantity)> {
    let used = quota.at("status.used");
    let hard = quota.at("status.hard").entries().into_iter();
    hard.map(move |(name, hard)| (name, used.key(name).quantity(), hard.quantity()))
}
