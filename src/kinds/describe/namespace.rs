//! Namespaces, with their quotas and limits.

use super::addresses::moved;
use super::common::labels_and_annotations;
use super::json::Json;
use super::limits::{ROW, limits};
use super::quota::{amounts, scopes};
use super::related::{Related, Want, Which};
use super::writer::Writer;
use crate::kinds::kind::{Kind, Names};
use crate::kinds::limitranges::LimitRanges;
use crate::kinds::resourcequotas::ResourceQuotas;

/// Quotas and limit ranges.
pub(super) fn wants(namespace: Json<'_>) -> Vec<Want> {
    let want = |of: Names| Want::new(of, namespace.at("metadata.name").text(), Which::All);
    vec![want(ResourceQuotas::NAMES), want(LimitRanges::NAMES)]
}

/// The description.
pub(super) fn describe(namespace: Json<'_>, related: &Related, out: &mut Writer) {
    out.field(0, "Name", namespace.at("metadata.name"));
    labels_and_annotations(namespace, out);
    out.field(0, "Status", namespace.at("status.phase"));
    if !namespace.at("status.conditions").is_empty() {
        moved(namespace.at("status.conditions"), out);
    }
    quotas(related, out);
    ranges(related, out);
}

fn quotas(related: &Related, out: &mut Writer) {
    out.line(0, "");
    let mut quotas = match related.list("resourcequotas") {
        Ok(quotas) => quotas,
        Err(why) => return out.line(0, format!("Resource Quotas cannot be read: {}", why.sentence)),
    };
    if quotas.is_empty() {
        return out.line(0, "No resource quota.");
    }
    quotas.sort_by_key(|quota| quota.at("metadata.name").text());
    out.line(0, "Resource Quotas");
    for quota in quotas {
        out.field(1, "Name", quota.at("metadata.name"));
        scopes(quota, (1, "* "), out);
        out.row(1, &["Resource", "Used", "Hard"]);
        out.row(1, &["--------", "---", "---"]);
        for (name, used, hard) in amounts(quota) {
            out.row(1, &[name, &used.to_string(), &hard.to_string()]);
        }
    }
}

fn ranges(related: &Related, out: &mut Writer) {
    out.line(0, "");
    let ranges = match related.list("limitranges") {
        Ok(ranges) => ranges,
        Err(why) => return out.line(0, format!("Resource Limits cannot be read: {}", why.sentence)),
    };
    if ranges.is_empty() {
        return out.line(0, "No LimitRange resource.");
    }
    out.line(0, "Resource Limits");
    for line in ROW {
        out.line(0, format!(" {line}"));
    }
    for range in ranges {
        limits(range, " ", out);
    }
}
