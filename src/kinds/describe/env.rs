//! The variables of a container. What a secret holds is not read: the variable says which key it takes.

use super::common::reference;
use super::container::Within;
use super::json::Json;
use super::writer::Writer;
use crate::kinds::quantity::Quantity;

/// Maps and secrets all of whose keys become variables.
pub(super) fn from(sources: Json<'_>, within: Within<'_>, out: &mut Writer) {
    if sources.is_empty() {
        return;
    }
    out.line(2, "Environment Variables from:");
    for source in sources.list() {
        let (map, secret) = (source.at("configMapRef"), source.at("secretRef"));
        let (kind, of) = match (map.is_set(), secret.is_set()) {
            (true, _) => ("ConfigMap", map),
            (_, true) => ("Secret", secret),
            _ => ("", secret),
        };
        let (name, optional) = (of.at("name").text(), of.at("optional").truth());
        let prefix = source.at("prefix").text();
        let prefix = if prefix.is_empty() { String::new() } else { format!(" with prefix '{prefix}'") };
        out.line(3, format!("{name}\t{kind}{prefix}\tOptional: {optional}"));
        out.leads(reference(("", kind), within.namespace, name));
    }
}

/// The variables, one after the other.
pub(super) fn variables(container: Json<'_>, within: Within<'_>, out: &mut Writer) {
    let variables = container.at("env");
    let none = if variables.is_empty() { "\t<none>" } else { "" };
    out.line(2, format!("Environment:{none}"));
    for variable in variables.list() {
        let name = variable.at("name").text();
        let source = variable.at("valueFrom");
        if source.is_set() {
            taken((name, source), container, within, out);
            continue;
        }
        for (at, line) in variable.at("value").text().split('\n').enumerate() {
            out.line(3, if at == 0 { format!("{name}:\t{line}") } else { format!("\t{line}") });
        }
    }
}

/// A variable that takes its value from elsewhere.
fn taken((name, source): (&str, Json<'_>), container: Json<'_>, within: Within<'_>, out: &mut Writer) {
    let (field, resource) = (source.at("fieldRef"), source.at("resourceFieldRef"));
    let (secret, map) = (source.at("secretKeyRef"), source.at("configMapKeyRef"));
    if field.is_set() {
        let value = within.pod.map(|pod| of_pod(pod, field)).unwrap_or_default();
        out.field(3, name, format!("{value} ({}:{})", field.at("apiVersion"), field.at("fieldPath")));
    } else if resource.is_set() {
        let what = resource.at("resource").text();
        let value = match of_container(container, resource).unwrap_or_default() {
            value if value == "0" && ["limits.cpu", "limits.memory"].contains(&what) => "node allocatable".to_owned(),
            value => value,
        };
        out.field(3, name, format!("{value} ({what})"));
    } else if secret.is_set() || map.is_set() {
        let (of, words, kind) =
            if secret.is_set() { (secret, "in secret", "Secret") } else { (map, "of config map", "ConfigMap") };
        let (key, from, optional) = (of.at("key"), of.at("name").text(), of.at("optional").truth());
        out.field(3, name, format!("<set to the key '{key}' {words} '{from}'>\tOptional: {optional}"));
        out.leads(reference(("", kind), within.namespace, from));
    }
}

/// A field of the pod. kubectl knows name and namespace only, the kubelet more.
fn of_pod<'a>(pod: Json<'a>, field: Json<'_>) -> &'a str {
    match (field.at("apiVersion").text(), field.at("fieldPath").text()) {
        ("" | "v1", path @ ("metadata.name" | "metadata.namespace")) => pod.at(path).text(),
        _ => "",
    }
}

/// A limit or a request of the container, in units of the divisor, rounded up.
fn of_container(container: Json<'_>, field: Json<'_>) -> Option<String> {
    let (of, name) = field.at("resource").text().split_once('.')?;
    let known = ["cpu", "memory", "ephemeral-storage"].contains(&name) || name.starts_with("hugepages-");
    let amounts = match of {
        "limits" | "requests" if known => container.at("resources").at(of),
        _ => return None,
    };
    let amount = amounts.key(name).quantity();
    let divisor = Some(field.at("divisor").quantity()).filter(|divisor| !divisor.is_zero());
    let divisor = divisor.unwrap_or(Quantity::ONE);
    let (amount, divisor) = match name {
        "cpu" => (amount.milli(), divisor.milli()),
        _ => (amount.value(), divisor.value()),
    };
    Some((amount + divisor - 1).checked_div(divisor)?.to_string())
}
