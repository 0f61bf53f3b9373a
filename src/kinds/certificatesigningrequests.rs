//! Certificate signing requests: who wants to be known as whom.

use super::Text;
use super::cell::{Cell, Tone};
use super::condition::Condition;
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Kind, Names, column, names, right};
use super::lenient::{null, with_str};
use super::meta::Meta;
use super::object::Object;
use super::row::Health;
use super::wire::{self, Message};
use serde::{Deserialize, Deserializer};

/// The kind.
pub struct CertificateSigningRequests;

/// A request, as far as its columns need it.
pub type CertificateSigningRequest = Object<Spec, Status>;

/// `spec`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spec {
    #[serde(deserialize_with = "null")]
    signer_name: Text,
    #[serde(deserialize_with = "null")]
    username: Text,
    expiration_seconds: Option<i64>,
}

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
    /// Whether there is a certificate.
    #[serde(rename = "certificate", deserialize_with = "is_there")]
    issued: bool,
}

impl Kind for CertificateSigningRequests {
    type Object = CertificateSigningRequest;
    const NAMES: Names =
        names("certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest", &["csr"])
            .cluster_scoped();
    const COLUMNS: &'static [Column<CertificateSigningRequest>] = &[
        column("NAME", Fill(1), |c| Cell::text(&c.metadata.name)),
        right(column("AGE", Fit(9), |c| Cell::since(c.metadata.creation_timestamp))),
        column("SIGNERNAME", Fit(50), |c| Cell::or_none(Some(&c.spec.signer_name))),
        column("REQUESTOR", Fit(50), |c| Cell::text(&c.spec.username)),
        right(column("REQUESTEDDURATION", Fit(17), |c| {
            c.spec.expiration_seconds.map_or_else(Cell::none, Cell::duration)
        })),
        column("CONDITION", Fit(24), condition),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::access::SIGNING_REQUEST);

    fn meta(request: CertificateSigningRequest) -> Meta {
        request.metadata
    }

    /// Failing when it could not be signed; pending while somebody has to decide.
    fn health(request: &CertificateSigningRequest) -> Health {
        if request.status.has("Failed") {
            Health::Failing
        } else if request.status.decision() == "Pending" {
            Health::Pending
        } else {
            Health::Fine
        }
    }
}

impl Status {
    /// Whether there is a condition of this type; what it says does not count.
    fn has(&self, kind: &str) -> bool {
        self.conditions.iter().any(|condition| condition.kind == kind)
    }

    fn decision(&self) -> &'static str {
        match () {
            () if self.has("Denied") => "Denied",
            () if self.has("Approved") => "Approved",
            () => "Pending",
        }
    }
}

/// `Approved,Issued`.
fn condition(request: &CertificateSigningRequest) -> Cell {
    let status = &request.status;
    let failed = if status.has("Failed") { ",Failed" } else { "" };
    let issued = if status.issued { ",Issued" } else { "" };
    Cell::text(format!("{}{failed}{issued}", status.decision())).tone(match status.decision() {
        _ if status.has("Failed") => Tone::Bad,
        "Denied" => Tone::Warn,
        "Approved" if status.issued => Tone::Good,
        _ => Tone::Busy,
    })
}

fn is_there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    with_str(deserializer, |text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({
            "metadata": {"name": "alice", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {"signerName": "kubernetes.io/kube-apiserver-client", "username": "admin", "expirationSeconds": 86_400},
        });
        let cells = ["alice", "10m", "kubernetes.io/kube-apiserver-client", "admin", "24h", "Pending"];
        assert_eq!(shown(&CertificateSigningRequests, &json), cells);
        let bare =
            json!({"metadata": {"name": "bare"}, "spec": {"expirationSeconds": null}, "status": {"certificate": null}});
        assert_eq!(shown(&CertificateSigningRequests, &bare), ["bare", "<unknown>", "<none>", "", "<none>", "Pending"]);
    }

    #[test]
    fn its_condition_is_the_decision_and_what_came_of_it() {
        let state = |kinds: &[&str], certificate: &str| {
            let conditions: Value = kinds.iter().map(|kind| json!({"type": kind, "status": "False"})).collect();
            let json = json!({"status": {"conditions": conditions, "certificate": certificate}});
            let row = row(&CertificateSigningRequests, &json);
            (row.cells[5].clone(), row.health)
        };
        let is = |text: &'static str, tone, health| (Cell::text(text).tone(tone), health);
        assert_eq!(state(&[], ""), is("Pending", Tone::Busy, Health::Pending));
        assert_eq!(state(&["Approved"], ""), is("Approved", Tone::Busy, Health::Fine));
        assert_eq!(state(&["Approved"], "LS0t"), is("Approved,Issued", Tone::Good, Health::Fine));
        assert_eq!(state(&["Approved", "Denied"], ""), is("Denied", Tone::Warn, Health::Fine));
        assert_eq!(state(&["Failed", "Approved"], ""), is("Approved,Failed", Tone::Bad, Health::Failing));
    }
}
