//! Nodes, with the pods on them.

use super::common::{conditions, joined, labels_and_annotations, lines_under, reference};
use super::json::Json;
use super::node_pods::{allocated, pods};
use super::related::{Related, SLICES, Want, Which};
use super::writer::Writer;
use crate::kinds::cell::Tone;
use crate::kinds::kind::Kind;
use crate::kinds::leases::Leases;
use crate::kinds::pods::Pods;
use std::collections::{BTreeMap, BTreeSet};

/// So many pools of devices are shown.
const POOLS: usize = 10;

/// The pods that run on it, its lease, its devices, and its events: the kubelet's carry the node's name as UID.
pub(super) fn wants(node: Json<'_>) -> Vec<Want> {
    let name = node.at("metadata.name").text();
    let running = format!("spec.nodeName={name},status.phase!=Succeeded,status.phase!=Failed");
    vec![
        Want::new(Pods::NAMES, "", Which::Fields(running)),
        Want::new(Leases::NAMES, "kube-node-lease", Which::Named(name.to_owned())),
        Want::new(SLICES, "", Which::Fields(format!("spec.nodeName={name}"))),
        Want::events(node, "Node", node.at("metadata.uid").text()),
        Want::events(node, "Node", name),
    ]
}

/// The description.
pub(super) fn describe(node: Json<'_>, related: &Related, out: &mut Writer) {
    out.field(0, "Name", node.at("metadata.name"));
    out.field(0, "Roles", roles(node));
    labels_and_annotations(node, out);
    out.field(0, "CreationTimestamp", out.moment(node.at("metadata.creationTimestamp").text()));
    taints(node.at("spec.taints"), out);
    let closed = node.at("spec.unschedulable").truth();
    out.toned(0, "Unschedulable", (&closed.to_string(), if closed { Tone::Warn } else { Tone::Plain }));
    lease(related, out);
    state(node, out);
    out.line(0, "Addresses:");
    for address in node.at("status.addresses").list() {
        out.field(1, address.at("type").text(), address.at("address"));
    }
    for (title, key) in [("Capacity", "capacity"), ("Allocatable", "allocatable")] {
        let amounts = node.at("status").at(key);
        if !amounts.is_empty() {
            out.line(0, format!("{title}:"));
            amounts.entries().into_iter().for_each(|(name, amount)| out.field(1, name, amount));
        }
    }
    devices(related, out);
    system(node, out);
    match related.list("pods") {
        Ok(all) => {
            pods(node, &all, out);
            allocated(node, &all, out);
        }
        Err(why) if why.code == 403 => out.toned(0, "Pods", ("not authorized", Tone::Warn)),
        Err(why) => out.toned(0, "Pods", (&format!("<cannot be read: {}>", why.sentence), Tone::Warn)),
    }
}

fn roles(node: Json<'_>) -> String {
    let role = |(key, value): (&str, Json<'_>)| match key.strip_prefix("node-role.kubernetes.io/") {
        Some(role) => role.to_owned(),
        None if key == "kubernetes.io/role" => value.text().to_owned(),
        None => String::new(),
    };
    let roles: BTreeSet<String> = node.at("metadata.labels").entries().into_iter().map(role).collect();
    let roles: Vec<&str> = roles.iter().map(String::as_str).filter(|role| !role.is_empty()).collect();
    joined(&roles, ",")
}

/// Taints, sorted by effect and key.
fn taints(taints: Json<'_>, out: &mut Writer) {
    let mut all: Vec<Json<'_>> = taints.list().collect();
    all.sort_by_key(|taint| format!("{},{}", taint.at("effect"), taint.at("key")));
    let text = |taint: Json<'_>| {
        let of = |name: &str| taint.at(name).text();
        match (of("value"), of("effect")) {
            ("", "") => of("key").to_owned(),
            ("", effect) => format!("{}:{effect}", of("key")),
            (value, effect) => format!("{}={value}:{effect}", of("key")),
        }
    };
    lines_under(("", "Taints"), all.into_iter().map(text), out);
}

fn lease(related: &Related, out: &mut Writer) {
    let lease = match related.list("leases") {
        Ok(leases) => leases.into_iter().next().map(|lease| lease.at("spec")),
        Err(why) => return out.field(0, "Lease", format!("Failed to get lease: {}", why.sentence)),
    };
    let Some(lease) = lease else { return };
    out.line(0, "Lease:");
    out.field(1, "HolderIdentity", lease.at("holderIdentity").or("<unset>"));
    for (title, key) in [("AcquireTime", "acquireTime"), ("RenewTime", "renewTime")] {
        let time = lease.at(key).text();
        out.field(1, title, if time.is_empty() { "<unset>".to_owned() } else { out.moment(time) });
    }
}

fn state(node: Json<'_>, out: &mut Writer) {
    let all = node.at("status.conditions");
    if all.is_empty() {
        return;
    }
    out.line(0, "Conditions:");
    out.row(1, &["Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message"]);
    out.row(1, &["----", "------", "-----------------", "------------------", "------", "-------"]);
    let columns = ["type", "status", "lastHeartbeatTime", "lastTransitionTime", "reason", "message"];
    conditions(all, &columns, " ", out);
}

/// The devices that only this node has, by driver and pool.
fn devices(related: &Related, out: &mut Writer) {
    let mut pools: BTreeMap<String, (String, usize, usize)> = BTreeMap::new();
    for slice in related.known("resourceslices") {
        let (driver, pool) = (slice.at("spec.driver"), slice.at("spec.pool.name"));
        let row = format!("{driver}\t{pool}");
        let (_, slices, devices) = pools.entry(format!("{driver}/{pool}")).or_insert((row, 0, 0));
        *slices += 1;
        *devices += slice.at("spec.devices").len();
    }
    if pools.is_empty() {
        return;
    }
    out.line(0, "Node-Local ResourceSlices:");
    out.row(1, &["Driver", "Pool", "Slices", "Devices"]);
    out.row(1, &["------", "----", "------", "-------"]);
    pools.values().take(POOLS).for_each(|(row, slices, devices)| out.line(1, format!("{row}\t{slices}\t{devices}")));
    if pools.len() > POOLS {
        out.line(1, format!("...and {} more pools", pools.len() - POOLS));
    }
}

fn system(node: Json<'_>, out: &mut Writer) {
    out.line(0, "System Info:");
    for (title, key) in [
        ("Machine ID", "machineID"),
        ("System UUID", "systemUUID"),
        ("Boot ID", "bootID"),
        ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"),
        ("Operating System", "operatingSystem"),
        ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"),
        ("Kubelet Version", "kubeletVersion"),
    ] {
        out.field(1, title, node.at("status.nodeInfo").at(key));
    }
    let spec = node.at("spec");
    if !spec.at("podCIDR").text().is_empty() {
        out.field(0, "PodCIDR", spec.at("podCIDR"));
    }
    if !spec.at("podCIDRs").is_empty() {
        out.field(0, "PodCIDRs", spec.at("podCIDRs").texts().join(","));
    }
    if !spec.at("providerID").text().is_empty() {
        out.field(0, "ProviderID", spec.at("providerID"));
    }
}

/// The way to a pod on a node.
pub(super) fn to_pod(pod: Json<'_>, out: &mut Writer) {
    out.leads(reference(("", "Pod"), pod.at("metadata.namespace").text(), pod.at("metadata.name").text()));
}
