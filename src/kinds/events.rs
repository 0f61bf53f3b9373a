//! Events: what happened to other objects, told by those who did it or saw it.

use super::Text;
use super::cell::{Cell, Tone};
use super::kind::Width::{Fill, Fit};
use super::kind::{Column, Enter, Kind, Names, column, names, right, wide};
use super::lenient::null;
use super::meta::{Meta, group_of};
use super::row::{Health, Link, Reference, Uid};
use super::time::{Time, moment};
use super::wire::{self, Message};
use serde::Deserialize;

/// The kind.
pub struct Events;

/// An event of the core group, as far as its columns need it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    #[serde(deserialize_with = "null")]
    metadata: Meta,
    #[serde(deserialize_with = "null")]
    involved_object: Involved,
    #[serde(deserialize_with = "null")]
    reason: Text,
    #[serde(deserialize_with = "null")]
    message: Text,
    #[serde(deserialize_with = "null")]
    source: Source,
    #[serde(rename = "type", deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    count: i64,
    series: Option<Series>,
    #[serde(deserialize_with = "moment")]
    first_timestamp: Option<Time>,
    #[serde(deserialize_with = "moment")]
    last_timestamp: Option<Time>,
    #[serde(rename = "eventTime", deserialize_with = "moment")]
    time: Option<Time>,
    #[serde(deserialize_with = "null")]
    reporting_component: Text,
    #[serde(deserialize_with = "null")]
    reporting_instance: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Involved {
    #[serde(deserialize_with = "null")]
    api_version: Text,
    #[serde(deserialize_with = "null")]
    kind: Text,
    #[serde(deserialize_with = "null")]
    namespace: Text,
    #[serde(deserialize_with = "null")]
    name: Text,
    #[serde(deserialize_with = "null")]
    uid: Text,
    #[serde(deserialize_with = "null")]
    field_path: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Source {
    #[serde(deserialize_with = "null")]
    component: Text,
    #[serde(deserialize_with = "null")]
    host: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Series {
    #[serde(deserialize_with = "null")]
    count: i64,
    #[serde(deserialize_with = "moment")]
    last_observed_time: Option<Time>,
}

impl Kind for Events {
    type Object = Event;
    const NAMES: Names = names("", "v1", "events", "Event", &["ev"]);
    const COLUMNS: &'static [Column<Event>] = &[
        right(column("LAST SEEN", Fit(9), |e| Cell::since(e.last_seen()))),
        column("TYPE", Fit(9), |e| Cell::text(&e.kind).tone(e.tone())),
        column("REASON", Fit(30), |e| Cell::text(&e.reason).tone(e.tone())),
        column("OBJECT", Fit(60), object),
        wide(column("SUBOBJECT", Fit(40), |e| Cell::text(&e.involved_object.field_path))),
        wide(column("SOURCE", Fit(40), source)),
        column("MESSAGE", Fill(1), |e| Cell::text(e.message.trim())),
        wide(right(column("FIRST SEEN", Fit(10), |e| Cell::since(e.first_seen())))),
        wide(right(column("COUNT", Fit(7), |e| Cell::count(e.times())))),
        wide(column("NAME", Fit(60), |e| Cell::text(&e.metadata.name))),
    ];
    const WIRE: Option<&'static Message> = Some(&wire::core::EVENT);
    const ENTER: Enter = Enter::About;

    fn meta(event: Event) -> Meta {
        event.metadata
    }

    /// The object that it is about. Its UID counts only when it is one: see `Uid::uuid`.
    fn link(event: &Event) -> Link {
        let Involved { api_version, kind, namespace, name, uid, .. } = &event.involved_object;
        if kind.is_empty() || name.is_empty() {
            return Link::None;
        }
        Link::About(Reference {
            group: group_of(api_version).into(),
            kind: kind.clone(),
            namespace: namespace.clone(),
            name: name.clone(),
            uid: Uid::uuid(uid),
        })
    }

    /// A warning counts as failing: it is what the title and "next problem" are to find in a list of events.
    fn health(event: &Event) -> Health {
        if event.kind == "Warning" { Health::Failing } else { Health::Fine }
    }
}

impl Event {
    fn tone(&self) -> Tone {
        match self.kind.as_str() {
            "Normal" => Tone::Quiet,
            "Warning" => Tone::Warn,
            _ => Tone::Plain,
        }
    }

    fn first_seen(&self) -> Option<Time> {
        self.first_timestamp.or(self.time)
    }

    fn last_seen(&self) -> Option<Time> {
        match &self.series {
            Some(series) => series.last_observed_time,
            None => self.last_timestamp.or(self.first_seen()),
        }
    }

    /// How often it happened; an event of the new API that happened once has no count.
    fn times(&self) -> i64 {
        match &self.series {
            Some(series) => series.count,
            None if self.count == 0 => 1,
            None => self.count,
        }
    }
}

/// `pod/web-1`.
fn object(event: &Event) -> Cell {
    let kind = event.involved_object.kind.as_str().to_lowercase();
    let name = &event.involved_object.name;
    Cell::text(if name.is_empty() { kind } else { format!("{kind}/{name}") })
}

/// `kubelet, node-1`.
fn source(event: &Event) -> Cell {
    let or = |a: &'_ str, b: &'_ str| if a.is_empty() { b.to_owned() } else { a.to_owned() };
    let component = or(&event.source.component, &event.reporting_component);
    let instance = or(&event.source.host, &event.reporting_instance);
    Cell::text(if instance.is_empty() { component } else { format!("{component}, {instance}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::{row, shown};
    use serde_json::json;

    #[test]
    fn an_event_of_the_old_api_is_shown_as_kubectl_does() {
        let json = json!({
            "metadata": {"name": "web-1.17", "namespace": "shop"},
            "involvedObject": {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": "web-1",
                "uid": "0191f3a2-7c1e-4b5d-9e8f-00aabbccddee", "fieldPath": "spec.containers{web}"},
            "reason": "BackOff", "message": " Back-off restarting\nfailed container \n", "type": "Warning", "count": 7,
            "source": {"component": "kubelet", "host": "n1"}, "eventTime": null, "series": null,
            "firstTimestamp": "2026-11-23T14:32:00Z", "lastTimestamp": "2026-11-23T15:31:00Z",
        });
        let cells = [
            "60s",
            "Warning",
            "BackOff",
            "pod/web-1",
            "spec.containers{web}",
            "kubelet, n1",
            "Back-off restarting...",
            "60m",
            "7",
            "web-1.17",
        ];
        assert_eq!(shown(&Events, &json), cells);
        let row = row(&Events, &json);
        let Link::About(pod) = &row.link else { panic!("it is about a pod") };
        assert_eq!((pod.kind.as_str(), pod.uid), ("Pod", Some(Uid::parse("0191f3a2-7c1e-4b5d-9e8f-00aabbccddee"))));
        assert_eq!((row.cells[1].tone, row.health), (Tone::Warn, Health::Failing));
    }

    #[test]
    fn an_event_of_the_new_api_is_shown_as_kubectl_does() {
        let json = json!({
            "metadata": {"name": "e"}, "involvedObject": {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "r"},
            "eventTime": "2026-11-23T15:30:00.123456Z", "firstTimestamp": null, "lastTimestamp": null, "type": "Normal",
            "reportingComponent": "scheduler", "reportingInstance": "scheduler-0",
        });
        let cells = ["2m", "Normal", "", "replicaset/r", "", "scheduler, scheduler-0", "", "2m", "1", "e"];
        assert_eq!(shown(&Events, &json), cells);
        let Link::About(set) = row(&Events, &json).link else { panic!("it is about a replica set") };
        assert_eq!((set.group.as_str(), set.uid), ("apps", None));
    }

    #[test]
    fn a_series_counts_before_all_else() {
        let json = json!({"series": {"count": 0, "lastObservedTime": "2026-11-23T15:31:50.5Z"}, "count": 3,
            "lastTimestamp": "2026-11-23T15:00:00Z", "involvedObject": {"kind": "Node", "uid": "n1"}});
        let cells = shown(&Events, &json);
        assert_eq!((cells[0].as_str(), cells[3].as_str(), cells[8].as_str()), ("10s", "node", "0"));
        assert_eq!(row(&Events, &json).link, Link::None);
        assert_eq!(shown(&Events, &json!({"series": {}}))[0], "<unknown>");
    }

    #[test]
    fn a_nodes_name_is_not_taken_for_its_uid() {
        let json = json!({"involvedObject": {"kind": "Node", "name": "n1", "uid": "n1"}});
        let Link::About(node) = row(&Events, &json).link else { panic!("it is about a node") };
        assert_eq!((node.name.as_str(), node.uid), ("n1", None));
    }
}
