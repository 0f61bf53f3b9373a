//! In what rutter's requests differ from kubectl's on purpose, and why.

use super::super::recorder::Recorded;
use super::super::wire::STRATEGIC;
use serde_json::Value;

/// What both sent for the same action.
#[derive(Debug, Clone)]
pub struct Pair {
    /// rutter.
    pub ours: Vec<Recorded>,
    /// kubectl.
    pub theirs: Vec<Recorded>,
}

/// A difference.
pub struct Difference {
    /// What it is and why, for people.
    pub reason: &'static str,
    /// Makes both the same in it.
    pub even_out: fn(&mut Pair),
}

pub const MANAGER: Difference =
    Difference { reason: "fields are booked under the manager `rutter`", even_out: without_manager };
pub const IDENTITY: Difference = Difference {
    reason: "stricter: the patch names the UID of the object that was shown; the server refuses it for any other",
    even_out: |pair| {
        if pair.ours.iter().all(|request| request.body["metadata"]["uid"] == "UID") {
            remove(&mut pair.ours, "/metadata", &["uid"]);
        }
    },
};
pub const PINNED: Difference = Difference {
    reason: "stricter: the patch names the UID and version of the object that was shown; the server refuses it for any other",
    even_out: |pair| {
        if pair.ours.iter().all(|request| request.body["metadata"]["resourceVersion"] == "VERSION") {
            remove(&mut pair.ours, "/metadata", &["uid", "resourceVersion"]);
        }
    },
};
pub const PRECONDITION: Difference = Difference {
    reason: "stricter: only the object with the UID that was shown is deleted",
    even_out: |pair| remove(&mut pair.ours, "/preconditions", &["uid"]),
};
pub const TYPED: Difference = Difference {
    reason: "the options of a deletion say what they are",
    even_out: |pair| remove(&mut pair.ours, "", &["kind", "apiVersion"]),
};

pub const MEDIA: Difference = Difference {
    reason: "the request names its content type",
    even_out: |pair| pair.ours.iter_mut().for_each(|request| request.media.clear()),
};
pub const PROTOBUF: Difference = Difference {
    reason: "JSON instead of protobuf; what the server makes of it is the same",
    even_out: |pair| {
        for request in pair.ours.iter_mut().chain(&mut pair.theirs) {
            (request.media, request.body) = (String::new(), Value::Null);
        }
    },
};
pub const VALIDATION: Difference = Difference {
    reason: "no strict field validation is asked for: no field of the body was typed by a person",
    even_out: |pair| {
        pair.theirs.iter_mut().for_each(|request| request.query.retain(|(name, _)| name != "fieldValidation"));
    },
};
pub const ORDER: Difference = Difference {
    reason: "the order of the containers is not repeated: nothing changes it",
    even_out: |pair| remove(&mut pair.theirs, "/spec/template/spec", &["$setElementOrder/containers"]),
};
pub const WHOLE: Difference = Difference {
    reason: "a JSON merge patch: taints of the same key with two effects both stay, which a strategic one cannot say",
    even_out: |pair| pair.ours.iter_mut().for_each(|request| STRATEGIC.clone_into(&mut request.media)),
};
pub const BEHIND: Difference = Difference {
    reason: "a new taint is put behind those that there are, not before them",
    even_out: |pair| {
        for taints in pair.ours.iter_mut().filter_map(|request| request.body.pointer_mut("/spec/taints")) {
            taints.as_array_mut().expect("a list").rotate_right(1);
        }
    },
};
pub const TESTED: Difference = Difference {
    reason: "stricter: the JSON patch tests the UID and version of the object that was shown",
    even_out: |pair| {
        for steps in pair.ours.iter_mut().filter_map(|request| request.body.as_array_mut()) {
            steps.retain(|step| step["op"] != "test");
        }
    },
};
pub const EVICTION: Difference = Difference {
    reason: "stricter: only the pod with the UID that was planned for is evicted",
    even_out: |pair| remove(&mut pair.ours, "/deleteOptions", &["preconditions"]),
};
/// Takes fields out of the bodies, and what holds them when nothing else is in there.
fn remove(requests: &mut [Recorded], parent: &str, fields: &[&str]) {
    for request in requests {
        let Some(inner) = request.body.pointer_mut(parent).and_then(Value::as_object_mut) else { continue };
        inner.retain(|name, _| !fields.contains(&name.as_str()));
        let emptied = inner.is_empty();
        if let (true, Some(body)) = (emptied, request.body.as_object_mut()) {
            body.remove(parent.trim_start_matches('/'));
        }
    }
}

/// The parameter that names the manager; kubectl does not always send it.
fn without_manager(pair: &mut Pair) {
    let is = |name: &str| name == "fieldManager";
    for request in pair.ours.iter_mut().chain(&mut pair.theirs) {
        request.query.retain(|(name, _)| !is(name));
    }
}
