//! Pod disruption budgets.

use super::common::{name_and_namespace, selector_or_none};
use super::json::Json;
use super::related::Related;
use super::writer::Writer;

/// The description.
pub(super) fn describe(budget: Json<'_>, _: &Related, out: &mut Writer) {
    name_and_namespace(budget, out);
    let spec = budget.at("spec");
    if spec.at("minAvailable").is_set() {
        out.field(0, "Min available", spec.at("minAvailable"));
    } else if spec.at("maxUnavailable").is_set() {
        out.field(0, "Max unavailable", spec.at("maxUnavailable"));
    }
    let selector = spec.at("selector");
    out.field(0, "Selector", if selector.is_set() { selector_or_none(selector) } else { "<unset>".to_owned() });
    out.line(0, "Status:");
    for (title, key) in [
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ] {
        out.field(2, title, budget.at("status").at(key).int());
    }
}
