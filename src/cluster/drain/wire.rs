//! The requests by which a drain changes something, built by hand: kube's own eviction puts its options where no
//! server looks for them.

use crate::cluster::gate::Wire;
use crate::cluster::url::encode;
use crate::kinds::drain::{Means, Options};
use serde_json::{Map, Value, json};

/// Tells a node to take no new pods. The UID makes it fail on another node of this name.
pub fn cordon(node: &str, uid: &str) -> Wire {
    let mut path = "/api/v1/nodes/".to_owned();
    encode(node, &mut path);
    Wire::strategic(path, json!({"metadata": {"uid": uid}, "spec": {"unschedulable": true}}))
}

/// Tells a pod to go. The UID makes it fail on another pod of this name.
pub fn remove((namespace, name, uid): (&str, &str, &str), means: Means, options: &Options) -> Wire {
    let mut path = "/api/v1/namespaces/".to_owned();
    encode(namespace, &mut path);
    path.push_str("/pods/");
    encode(name, &mut path);
    let mut how = Map::new();
    how.insert("preconditions".to_owned(), json!({"uid": uid}));
    how.extend(options.grace_period.map(|seconds| ("gracePeriodSeconds".to_owned(), json!(seconds))));
    match means {
        Means::Eviction => {
            path.push_str("/eviction");
            let metadata = json!({"name": name, "namespace": namespace});
            let body =
                json!({"apiVersion": "policy/v1", "kind": "Eviction", "metadata": metadata, "deleteOptions": how});
            Wire::post(path, body)
        }
        Means::Deletion => {
            how.insert("apiVersion".to_owned(), json!("v1"));
            how.insert("kind".to_owned(), json!("DeleteOptions"));
            Wire::delete(path, Value::Object(how))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POD: (&str, &str, &str) = ("shop", "web-1", "u1");

    #[test]
    fn an_eviction_carries_its_options_where_the_server_looks_for_them() {
        let wire = remove(POD, Means::Eviction, &Options::parse("--grace-period=0").unwrap());
        assert_eq!((wire.method.as_str(), wire.path.as_str()), ("POST", "/api/v1/namespaces/shop/pods/web-1/eviction"));
        let wanted = json!({
            "apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "web-1", "namespace": "shop"},
            "deleteOptions": {"gracePeriodSeconds": 0, "preconditions": {"uid": "u1"}},
        });
        assert_eq!(wire.body, wanted);
    }

    #[test]
    fn the_grace_period_of_the_pod_is_not_sent() {
        let wire = remove(POD, Means::Eviction, &Options::default());
        assert_eq!(wire.body["deleteOptions"], json!({"preconditions": {"uid": "u1"}}));
    }

    #[test]
    fn a_deletion_carries_the_same_options() {
        let wire = remove(POD, Means::Deletion, &Options::parse("--grace-period=7").unwrap());
        assert_eq!((wire.method.as_str(), wire.path.as_str()), ("DELETE", "/api/v1/namespaces/shop/pods/web-1"));
        let wanted = json!({"apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 7,
            "preconditions": {"uid": "u1"}});
        assert_eq!(wire.body, wanted);
    }

    #[test]
    fn a_cordon_is_the_smallest_patch_of_that_one_node() {
        let wire = cordon("a/b", "u9");
        assert_eq!((wire.method.as_str(), wire.path.as_str()), ("PATCH", "/api/v1/nodes/a%2Fb"));
        assert_eq!(wire.media, "application/strategic-merge-patch+json");
        assert_eq!(wire.body, json!({"metadata": {"uid": "u9"}, "spec": {"unschedulable": true}}));
    }
}
