//! Limit ranges.

use super::common::name_and_namespace;
use super::json::Json;
use super::related::Related;
use super::writer::Writer;
use std::collections::BTreeSet;

/// The heading of the table, and the rule below it.
pub(super) const ROW: [&str; 2] = [
    "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio",
    "----\t--------\t---\t---\t---------------\t-------------\t-----------------------",
];
/// Where its cells come from.
const FIELDS: [&str; 5] = ["min", "max", "defaultRequest", "default", "maxLimitRequestRatio"];

/// The description.
pub(super) fn describe(range: Json<'_>, _: &Related, out: &mut Writer) {
    name_and_namespace(range, out);
    for line in ROW {
        out.line(0, line);
    }
    limits(range, "", out);
}

/// The limits, sorted by resource; kubectl shuffles those of one item.
pub(super) fn limits(range: Json<'_>, indent: &str, out: &mut Writer) {
    for item in range.at("spec.limits").list() {
        let names = FIELDS.iter().flat_map(|field| item.at(field).entries()).map(|(name, _)| name);
        for name in names.collect::<BTreeSet<_>>() {
            let cells = FIELDS.map(|field| item.at(field).key(name).or("-"));
            out.line(0, format!("{indent}{}\t{name}\t{}", item.at("type"), cells.join("\t")));
        }
    }
}
