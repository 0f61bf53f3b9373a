//! The filters that tell what happens to a pod of a drained node: those of `kubectl drain`, in their order
//! (kubectl 1.36 `pkg/drain/filters.go`).
//!
//! Stricter: everything that is worth a warning is kept. kubectl keeps what the last filter says, so that "its data is
//! lost" is not seen when a later filter has nothing to say. And all that blocks is named, not only the first.

use super::pod::Pod;
use crate::kinds::Time;
use crate::kinds::drain::{Block, Lift, Options, Verdict};

/// What the server answered when it was asked for the `DaemonSet` of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DaemonSet {
    /// It is there.
    Exists,
    /// There is none of this name.
    Gone,
    /// It could not be read: why.
    Unknown(String),
}

/// What happens to a pod, and what one should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What happens.
    pub verdict: Verdict,
    /// What one should know.
    pub notes: Vec<String>,
}

/// What a filter makes of a pod.
enum Said {
    /// Nothing.
    Fine,
    /// It goes, but one should know this.
    Note(String),
    /// It does not go, and nothing more needs to be asked.
    Stay(String),
    /// It stops the drain.
    Block(Block),
    /// It stops the drain, and nothing more needs to be asked.
    Stop(Block),
}

/// Judges a pod. `daemon_set` is what is known of the `DaemonSet` that manages it, if one does.
pub fn judge(pod: &Pod, daemon_set: Option<&DaemonSet>, options: &Options, now: Time) -> Judged {
    let (mut notes, mut blocks) = (Vec::new(), Vec::new());
    let mut stays = None;
    for filter in [overdue, managed_by_daemon_set, mirror, local_data, unmanaged] {
        match filter(pod, daemon_set, options, now) {
            Said::Fine => {}
            Said::Note(note) => notes.push(note),
            Said::Block(block) => blocks.push(block),
            Said::Stop(block) => {
                blocks.push(block);
                break;
            }
            Said::Stay(why) => {
                stays = Some(why);
                break;
            }
        }
    }
    let verdict = match (blocks.is_empty(), stays) {
        (false, _) => Verdict::Blocked(blocks),
        (true, Some(why)) => Verdict::Stay(why),
        (true, None) => Verdict::Evict,
    };
    Judged { verdict, notes }
}

/// A pod that should have been gone for a while is left alone, if that is wished.
fn overdue(pod: &Pod, _: Option<&DaemonSet>, options: &Options, now: Time) -> Said {
    if pod.is_overdue(options.skip_wait, now) {
        return Said::Stay(format!("its deletion is overdue for more than {} s", options.skip_wait));
    }
    Said::Fine
}

/// A pod of a `DaemonSet` would come back at once, cordoned or not.
fn managed_by_daemon_set(pod: &Pod, found: Option<&DaemonSet>, options: &Options, _: Time) -> Said {
    let Some(name) = pod.daemon_set().filter(|_| !pod.is_finished()) else { return Said::Fine };
    let unknown = DaemonSet::Unknown("it was not asked for".to_owned());
    match found.unwrap_or(&unknown) {
        DaemonSet::Exists if options.ignore_daemonsets => Said::Stay(format!("it belongs to the DaemonSet {name}")),
        DaemonSet::Exists => {
            let why = format!("it belongs to the DaemonSet {name}, which would start it again at once");
            Said::Stop(Block { why, lift: Some(Lift::IgnoreDaemonsets) })
        }
        DaemonSet::Gone if options.force => Said::Note(format!("its DaemonSet {name} is gone: nothing re-creates it")),
        DaemonSet::Gone => Said::Block(Block { why: format!("its DaemonSet {name} is gone"), lift: Some(Lift::Force) }),
        DaemonSet::Unknown(why) => {
            Said::Stop(Block { why: format!("its DaemonSet {name} cannot be read: {why}"), lift: None })
        }
    }
}

/// A pod that the kubelet runs from a file does not heed the API server.
fn mirror(pod: &Pod, _: Option<&DaemonSet>, _: &Options, _: Time) -> Said {
    if pod.is_mirror() { Said::Stay("the kubelet runs it from a file of the node".to_owned()) } else { Said::Fine }
}

/// The data of an `emptyDir` goes with its pod.
fn local_data(pod: &Pod, _: Option<&DaemonSet>, options: &Options, _: Time) -> Said {
    match (pod.has_local_data() && !pod.is_finished(), options.delete_emptydir_data) {
        (false, _) => Said::Fine,
        (true, true) => Said::Note("the data in its emptyDir is lost".to_owned()),
        (true, false) => Said::Block(Block {
            why: "it keeps data in an emptyDir, which would be lost".to_owned(),
            lift: Some(Lift::DeleteEmptydirData),
        }),
    }
}

/// A pod without a controller does not come back. Whether the controller exists is asked for `DaemonSet`s only.
fn unmanaged(pod: &Pod, _: Option<&DaemonSet>, options: &Options, _: Time) -> Said {
    match (pod.controller().is_none() && !pod.is_finished(), options.force) {
        (false, _) => Said::Fine,
        (true, true) => Said::Note("nothing re-creates it".to_owned()),
        (true, false) => Said::Block(Block {
            why: "it has no controller: nothing would re-create it".to_owned(),
            lift: Some(Lift::Force),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Time = Time(1_767_614_400);

    fn owned(kind: &str, api_version: &str) -> Value {
        let owner = json!({"apiVersion": api_version, "kind": kind, "name": "boss", "controller": true});
        json!({"metadata": {"name": "a", "ownerReferences": [owner]}, "status": {"phase": "Running"}})
    }

    fn with(mut object: Value, path: &str, value: Value) -> Value {
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = if parent.is_empty() { &mut object } else { object.pointer_mut(parent).unwrap() };
        parent[key] = value;
        object
    }

    fn empty_dir(object: Value) -> Value {
        with(object, "/spec", json!({"volumes": [{"name": "v", "emptyDir": {}}]}))
    }

    fn judged(object: &Value, daemon_set: Option<&DaemonSet>, flags: &str) -> Judged {
        let pod: Pod = serde_json::from_value(object.clone()).unwrap();
        judge(&pod, daemon_set, &Options::parse(flags).unwrap(), NOW)
    }

    /// What a verdict comes to: `evict`, `stay`, or the flags that would lift what blocks.
    fn verdict(object: &Value, daemon_set: Option<&DaemonSet>, flags: &str) -> String {
        match judged(object, daemon_set, flags).verdict {
            Verdict::Evict => "evict".to_owned(),
            Verdict::Stay(_) => "stay".to_owned(),
            Verdict::Blocked(blocks) => {
                let lifts: Vec<&str> = blocks.iter().map(|block| block.lift.map_or("none", Lift::flag)).collect();
                lifts.join(" ")
            }
        }
    }

    #[test]
    fn an_ordinary_pod_goes_whatever_is_allowed() {
        let pod = owned("ReplicaSet", "apps/v1");
        for flags in ["", "--force", "--ignore-daemonsets --delete-emptydir-data --force"] {
            assert_eq!(verdict(&pod, None, flags), "evict");
            assert_eq!(judged(&pod, None, flags).notes, [""; 0]);
        }
    }

    #[test]
    fn a_pod_of_a_daemon_set_never_goes() {
        let pod = owned("DaemonSet", "apps/v1");
        assert_eq!(verdict(&pod, Some(&DaemonSet::Exists), ""), "--ignore-daemonsets");
        assert_eq!(verdict(&pod, Some(&DaemonSet::Exists), "--force"), "--ignore-daemonsets");
        assert_eq!(verdict(&pod, Some(&DaemonSet::Exists), "--ignore-daemonsets --force"), "stay");
    }

    #[test]
    fn what_else_a_pod_of_a_daemon_set_has_does_not_count() {
        let pod = empty_dir(owned("DaemonSet", "apps/v1"));
        assert_eq!(verdict(&pod, Some(&DaemonSet::Exists), ""), "--ignore-daemonsets");
        assert_eq!(verdict(&pod, Some(&DaemonSet::Exists), "--ignore-daemonsets"), "stay");
    }

    #[test]
    fn only_a_daemon_set_of_apps_v1_counts() {
        for version in ["apps/v1beta2", "extensions/v1beta1", "example.com/v1"] {
            assert_eq!(verdict(&owned("DaemonSet", version), Some(&DaemonSet::Exists), ""), "evict", "{version}");
        }
    }

    #[test]
    fn a_pod_whose_daemon_set_is_gone_needs_force() {
        let pod = owned("DaemonSet", "apps/v1");
        for flags in ["", "--ignore-daemonsets"] {
            assert_eq!(verdict(&pod, Some(&DaemonSet::Gone), flags), "--force");
        }
        let forced = judged(&pod, Some(&DaemonSet::Gone), "--force");
        assert_eq!(forced.verdict, Verdict::Evict);
        assert_eq!(forced.notes, ["its DaemonSet boss is gone: nothing re-creates it"]);
        assert_eq!(verdict(&empty_dir(pod), Some(&DaemonSet::Gone), "--force"), "--delete-emptydir-data");
    }

    #[test]
    fn a_daemon_set_that_cannot_be_read_stops_everything() {
        let pod = owned("DaemonSet", "apps/v1");
        let forbidden = DaemonSet::Unknown("forbidden".to_owned());
        for flags in ["", "--ignore-daemonsets --delete-emptydir-data --force"] {
            assert_eq!(verdict(&pod, Some(&forbidden), flags), "none");
            assert_eq!(verdict(&pod, None, flags), "none");
        }
    }

    #[test]
    fn finished_pods_pass_every_filter() {
        for phase in ["Succeeded", "Failed"] {
            let finished = |object| with(object, "/status", json!({"phase": phase}));
            assert_eq!(verdict(&finished(owned("DaemonSet", "apps/v1")), Some(&DaemonSet::Exists), ""), "evict");
            assert_eq!(verdict(&finished(owned("DaemonSet", "apps/v1")), None, ""), "evict");
            assert_eq!(verdict(&finished(empty_dir(json!({"metadata": {"name": "a"}}))), None, ""), "evict");
        }
        let running = with(empty_dir(json!({"metadata": {"name": "a"}})), "/status", json!({"phase": "Unknown"}));
        assert_eq!(verdict(&running, None, ""), "--delete-emptydir-data --force");
    }

    #[test]
    fn a_mirror_pod_stays_without_a_word() {
        let annotations = json!({"kubernetes.io/config.mirror": ""});
        let pod = with(empty_dir(json!({"metadata": {"name": "a"}})), "/metadata/annotations", annotations);
        assert_eq!(verdict(&pod, None, ""), "stay");
        assert_eq!(judged(&pod, None, "--force").notes, [""; 0]);
    }

    #[test]
    fn local_data_needs_its_permission_and_is_told() {
        let pod = empty_dir(owned("ReplicaSet", "apps/v1"));
        assert_eq!(verdict(&pod, None, "--force"), "--delete-emptydir-data");
        let allowed = judged(&pod, None, "--delete-emptydir-data");
        assert_eq!((allowed.verdict, allowed.notes), (Verdict::Evict, vec!["the data in its emptyDir is lost".into()]));
    }

    #[test]
    fn other_volumes_are_no_local_data() {
        let volumes = json!([{"hostPath": {"path": "/"}}, {"emptyDir": null}, {"persistentVolumeClaim": {}}]);
        let pod = with(owned("ReplicaSet", "apps/v1"), "/spec", json!({"volumes": volumes}));
        assert_eq!(verdict(&pod, None, ""), "evict");
    }

    #[test]
    fn a_pod_without_a_controller_needs_force() {
        let owner = json!([{"apiVersion": "v1", "kind": "Node", "name": "n1"}]);
        let pod = json!({"metadata": {"name": "a", "ownerReferences": owner}, "status": {"phase": "Pending"}});
        assert_eq!(verdict(&pod, None, "--ignore-daemonsets --delete-emptydir-data"), "--force");
        assert_eq!(judged(&pod, None, "--force").notes, ["nothing re-creates it"]);
    }

    #[test]
    fn every_warning_and_every_obstacle_is_kept() {
        let pod = with(empty_dir(json!({"metadata": {"name": "a"}})), "/status", json!({"phase": "Running"}));
        assert_eq!(verdict(&pod, None, ""), "--delete-emptydir-data --force");
        let all = judged(&pod, None, "--delete-emptydir-data --force");
        assert_eq!(all.notes, ["the data in its emptyDir is lost", "nothing re-creates it"]);
    }

    #[test]
    fn terminating_pods_count_unless_they_are_overdue() {
        let pod = with(owned("ReplicaSet", "apps/v1"), "/metadata/deletionTimestamp", json!("2026-01-05T11:59:00Z"));
        assert_eq!(verdict(&pod, None, ""), "evict");
        assert_eq!(verdict(&pod, None, "--skip-wait-for-delete-timeout=60"), "evict");
        assert_eq!(verdict(&pod, None, "--skip-wait-for-delete-timeout=59"), "stay");
        let blocked =
            with(json!({"metadata": {"name": "a"}}), "/metadata/deletionTimestamp", json!("2026-01-05T11:00:00Z"));
        assert_eq!(verdict(&blocked, None, "--skip-wait-for-delete-timeout=59"), "stay");
    }
}
