//! Ingresses: which hosts and paths lead from outside to which services.

use super::Text;
use super::balancer::Balanced;
use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::{length, null};
use super::meta::Meta;
use super::object::Object;
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Ingresses;

/// An ingress, as far as its columns need it.
pub type Ingress = Object<Spec, Balanced>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    ingress_class_name: Option<Text>,
    #[serde(deserialize_with = "null")]
    rules: Vec<Rule>,
    #[serde(deserialize_with = "length")]
    tls: usize,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Rule {
    #[serde(deserialize_with = "null")]
    host: Text,
}

impl Kind for Ingresses {
    type Object = Ingress;
    const NAMES: Names = names("networking.k8s.io", "v1", "ingresses", "Ingress", &["ing"]);
    const COLUMNS: &'static [Column<Ingress>] = &[
        column("NAME", Fill(1), |i| Cell::text(&i.metadata.name)),
        column("CLASS", Fit(30), |i| i.spec.ingress_class_name.as_ref().map_or_else(Cell::none, Cell::text)),
        column("HOSTS", Fit(80), |i| hosts(&i.spec.rules)),
        column("ADDRESS", Fit(60), |i| Cell::text(i.status.addresses().into_iter().collect::<Vec<_>>().join(","))),
        column("PORTS", Fit(7), |i| Cell::text(if i.spec.tls > 0 { "80, 443" } else { "80" })),
        right(column("AGE", Fit(9), |i| Cell::since(i.metadata.creation_timestamp))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::networking::INGRESS);

    fn meta(ingress: Ingress) -> Meta {
        ingress.metadata
    }
}

/// The first three hosts, or `*`. The API server counts as more every rule but three as soon as one follows the third
/// host, also those without a host.
fn hosts(rules: &[Rule]) -> Cell {
    const SHOWN: usize = 3;
    let named = || rules.iter().enumerate().filter(|(_, rule)| !rule.host.is_empty());
    let text = named().take(SHOWN).map(|(_, rule)| rule.host.as_str()).collect::<Vec<_>>().join(",");
    let third = named().nth(SHOWN - 1).map(|(at, _)| at);
    match third {
        _ if text.is_empty() => Cell::text("*").tone(Tone::Quiet),
        Some(at) if at + 1 < rules.len() => Cell::text(format!("{text} + {} more...", rules.len() - SHOWN)),
        _ => Cell::text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "shop", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"ingressClassName": "nginx", "rules": [{"host": "a.example"}, {"host": "b.example"}], "tls": [{}]},
            "status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}, {"hostname": "lb.example"}, {"ip": "192.0.2.10"}, {}]}},
        });
        let cells = ["shop", "nginx", "a.example,b.example", "192.0.2.10,192.0.2.7,lb.example", "80, 443", "10m"];
        assert_eq!(shown(&Ingresses, &json), cells);
        let bare = json!({"metadata": {"name": "bare"}, "spec": {"rules": null, "tls": null}});
        assert_eq!(shown(&Ingresses, &bare), ["bare", "<none>", "*", "", "80", "<unknown>"]);
    }

    #[test]
    fn three_hosts_are_shown_and_the_other_rules_counted() {
        let hosts = |hosts: &[&str]| {
            let rules: Vec<Rule> = hosts.iter().map(|host| Rule { host: (*host).into() }).collect();
            super::hosts(&rules).show(crate::kinds::testing::NOW)
        };
        assert_eq!(hosts(&["", ""]), "*");
        assert_eq!(hosts(&["a", "b", "c"]), "a,b,c");
        assert_eq!(hosts(&["", "a", "b", "c"]), "a,b,c");
        assert_eq!(hosts(&["a", "b", "c", ""]), "a,b,c + 1 more...");
        assert_eq!(hosts(&["", "a", "b", "c", "d"]), "a,b,c + 2 more...");
    }
}
