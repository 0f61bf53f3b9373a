//! Deployments: a number of identical pods, replaced gradually.

use super::cell::{Cell, Tone};
use super::condition::{Condition, Truth, first};
use super::kind::Width::{Fill, Fit};
use super::kind::{Can, Column, Enter, Kind, Names, column, names, right};
use super::lenient::null;
use super::meta::Meta;
use super::object::Object;
use super::row::{Health, Link};
use super::template::{Workload, containers_column, images_column, selector_column};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Deployments;

/// A deployment, as far as its columns need it.
pub type Deployment = Object<Workload, Status>;

/// `status`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    #[serde(deserialize_with = "null")]
    ready_replicas: i64,
    #[serde(deserialize_with = "null")]
    updated_replicas: i64,
    #[serde(deserialize_with = "null")]
    available_replicas: i64,
    #[serde(deserialize_with = "null")]
    conditions: Vec<Condition>,
}

impl Kind for Deployments {
    type Object = Deployment;
    const NAMES: Names = names("apps", "v1", "deployments", "Deployment", &["deploy", "dp"]);
    const COLUMNS: &'static [Column<Deployment>] = &[
        column("NAME", Fill(1), |d| Cell::text(&d.metadata.name)),
        column("READY", Fit(11), ready),
        right(column("UP-TO-DATE", Fit(10), |d| d.part(d.status.updated_replicas))),
        right(column("AVAILABLE", Fit(9), |d| d.part(d.status.available_replicas))),
        right(column("AGE", Fit(9), |d| Cell::since(d.metadata.creation_timestamp))),
        containers_column(|d| d.spec.template.names()),
        images_column(|d| d.spec.template.images()),
        selector_column(|d| Cell::text(d.spec.selector.text().unwrap_or_else(|| "<invalid>".to_owned()))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::apps::DEPLOYMENT);
    const CAN: Can = Can::LOGS.and(Can::FORWARD).and(Can::SCALE).and(Can::RESTART).and(Can::ROLLOUT).and(Can::TEMPLATE);
    const ENTER: Enter = Enter::PodsSelected;
    const OWNED: Option<&'static str> = Some("replicasets");

    fn meta(deployment: Deployment) -> Meta {
        deployment.metadata
    }

    fn link(deployment: &Deployment) -> Link {
        deployment.spec.selector.link()
    }

    /// Failing when its controller has given up (`Progressing` is False) or cannot create pods; pending while
    /// fewer pods than wanted are available or of the newest revision.
    fn health(deployment: &Deployment) -> Health {
        let (status, wanted) = (&deployment.status, deployment.spec.wanted());
        if first(&status.conditions, "Progressing") == Some(Truth::False)
            || first(&status.conditions, "ReplicaFailure") == Some(Truth::True)
        {
            Health::Failing
        } else if status.available_replicas < wanted || status.updated_replicas < wanted {
            Health::Pending
        } else {
            Health::Fine
        }
    }
}

impl Deployment {
    /// A count of those that are wanted.
    fn part(&self, count: i64) -> Cell {
        Cell::count(count).tone(if count < self.spec.wanted() { Tone::Busy } else { Tone::Plain })
    }
}

fn ready(deployment: &Deployment) -> Cell {
    let cell = Cell::ratio(deployment.status.ready_replicas, deployment.spec.wanted());
    if Deployments::health(deployment) == Health::Failing { cell.tone(Tone::Bad) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::{Value, json};

    fn deployment(status: &Value) -> Value {
        json!({
            "metadata": {"name": "web", "creationTimestamp": "2026-11-23T15:22:00Z"},
            "spec": {
                "replicas": 3,
                "selector": {"matchLabels": {"tier": "front", "app": "web"}},
                "template": {"spec": {"containers": [{"name": "web", "image": "nginx:1"}, {"name": "log", "image": "fluent"}]}},
            },
            "status": status,
        })
    }

    #[test]
    fn its_cells_are_kubectls() {
        let json = deployment(&json!({"readyReplicas": 2, "updatedReplicas": 3, "availableReplicas": 1}));
        let cells = ["web", "2/3", "3", "1", "10m", "web,log", "nginx:1,fluent", "app=web,tier=front"];
        assert_eq!(shown(&Deployments, &json), cells);
        assert_eq!(row(&Deployments, &json).link, Link::Selects("app=web,tier=front".to_owned()));
        let bare = json!({"metadata": {"name": "bare"}});
        assert_eq!(shown(&Deployments, &bare), ["bare", "0/1", "0", "0", "<unknown>", "", "", ""]);
        let odd = json!({"spec": {"selector": {"matchExpressions": [{"key": "a", "operator": "Near"}]}}});
        assert_eq!(shown(&Deployments, &odd)[7], "<invalid>");
    }

    #[test]
    fn its_health_is_its_controllers_word_then_its_counts() {
        let health = |status: Value| row(&Deployments, &deployment(&status)).health;
        let complete = json!({"readyReplicas": 3, "updatedReplicas": 3, "availableReplicas": 3});
        assert_eq!(health(complete.clone()), Health::Fine);
        assert_eq!(health(json!({"readyReplicas": 3, "updatedReplicas": 1, "availableReplicas": 3})), Health::Pending);
        assert_eq!(health(json!({"readyReplicas": 3, "updatedReplicas": 3, "availableReplicas": 2})), Health::Pending);
        for (kind, status, want) in [
            ("Progressing", "False", Health::Failing),
            ("Progressing", "Unknown", Health::Fine),
            ("ReplicaFailure", "True", Health::Failing),
        ] {
            let mut with = complete.clone();
            with["conditions"] = json!([{"type": kind, "status": status}]);
            assert_eq!(health(with), want, "{kind}={status}");
        }
    }

    #[test]
    fn what_fails_stands_out_and_what_is_scaled_to_zero_does_not() {
        let failing = deployment(&json!({"conditions": [{"type": "Progressing", "status": "False"}]}));
        assert_eq!(row(&Deployments, &failing).cells[1].tone, Tone::Bad);
        let none = json!({"metadata": {"name": "off"}, "spec": {"replicas": 0}});
        assert_eq!(row(&Deployments, &none).cells[1].tone, Tone::Quiet);
        assert_eq!(row(&Deployments, &none).health, Health::Fine);
    }
}
