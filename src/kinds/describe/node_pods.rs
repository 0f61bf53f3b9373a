//! The pods of a node and what they ask for.

use super::json::Json;
use super::node::to_pod;
use super::writer::Writer;
use crate::kinds::cell::Cell;
use crate::kinds::quantity::Quantity;
use crate::kinds::resources::{Amounts, Of, amounts};
use crate::kinds::time::Time;

/// Resources whose sums are always shown.
const USUAL: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

/// What the node can give to pods.
fn capacity(node: Json<'_>) -> Json<'_> {
    let allocatable = node.at("status.allocatable");
    if allocatable.is_empty() { node.at("status.capacity") } else { allocatable }
}

/// The pods that are not over.
pub(super) fn pods(node: Json<'_>, pods: &[Json<'_>], out: &mut Writer) {
    out.field(0, "Non-terminated Pods", format!("({} in total)", pods.len()));
    out.line(1, "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge");
    out.line(1, "---------\t----\t\t------------\t----------\t---------------\t-------------\t---");
    let capacity = capacity(node);
    for pod in pods {
        let (requests, limits) = (amounts(*pod, Of::Requests, true), amounts(*pod, Of::Limits, true));
        out.write(1, format!("{}\t{}\t\t", pod.at("metadata.namespace"), pod.at("metadata.name")));
        for name in ["cpu", "memory"] {
            for sum in [&requests, &limits] {
                let amount = sum.get(name).copied().unwrap_or_default();
                out.write(0, format!("{amount} ({})\t", share(amount, (name, capacity))));
            }
        }
        out.put(Cell::since(Time::parse(pod.at("metadata.creationTimestamp").text())));
        out.end();
        to_pod(*pod, out);
    }
}

/// A share in percent; of nothing it is none.
fn share(amount: Quantity, (name, capacity): (&str, Json<'_>)) -> String {
    let whole = capacity.key(name).quantity();
    let (amount, whole) = match name {
        "cpu" => (amount.milli(), whole.milli()),
        _ => (amount.value(), whole.value()),
    };
    match whole {
        0 => "0%".to_owned(),
        whole => format!("{}%", percent(amount, whole)),
    }
}

/// As kubectl reckons: in floating point, and cut.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "kubectl reckons so")]
fn percent(amount: i128, whole: i128) -> i64 {
    (amount as f64 / whole as f64 * 100.0) as i64
}

/// The sums of all pods.
pub(super) fn allocated(node: Json<'_>, pods: &[Json<'_>], out: &mut Writer) {
    out.line(0, "Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)");
    out.row(1, &["Resource", "Requests", "Limits"]);
    out.row(1, &["--------", "--------", "------"]);
    let [requests, limits] = [Of::Requests, Of::Limits].map(|of| total(pods, of));
    let capacity = capacity(node);
    let others = capacity.entries().into_iter().map(|(name, _)| name);
    let others: Vec<&str> = others.filter(|name| !USUAL.contains(name) && *name != "pods").collect();
    let is_huge = |name: &&&str| name.starts_with("hugepages-");
    let of = |sum: &Amounts, name: &str| sum.get(name).copied().unwrap_or_default();
    for name in USUAL.iter().chain(others.iter().filter(is_huge)) {
        let shown = [&requests, &limits].map(|sum| {
            let amount = of(sum, name);
            format!("{amount} ({})", share(amount, (name, capacity)))
        });
        out.line(1, format!("{name}\t{}", shown.join("\t")));
    }
    for name in others.iter().filter(|name| !is_huge(name)) {
        out.line(1, format!("{name}\t{}\t{}", of(&requests, name), of(&limits, name)));
    }
}

fn total(pods: &[Json<'_>], of: Of) -> Amounts {
    let mut sum = Amounts::new();
    for pod in pods {
        for (name, amount) in amounts(*pod, of, false) {
            *sum.entry(name).or_default() += amount;
        }
    }
    sum
}
