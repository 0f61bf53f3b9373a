//! Small questions to the JSON of an object.

pub(super) use crate::cluster::json::text;
use serde_json::Value;

/// The number at `pointer`.
pub(super) fn number(object: &Value, pointer: &str) -> Option<i64> {
    object.pointer(pointer).and_then(Value::as_i64)
}

/// The number at `pointer`; 0 when there is none, as Go reads it.
pub(super) fn count(object: &Value, pointer: &str) -> i64 {
    number(object, pointer).unwrap_or_default()
}

/// Whether a truth stands at `pointer`.
pub(super) fn is_set(object: &Value, pointer: &str) -> bool {
    object.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

/// An annotation. Its key may hold a `/`, so it is no pointer.
pub(super) fn annotation<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.pointer("/metadata/annotations")?.get(key)?.as_str()
}

/// Whether `object` is controlled by the object with this UID (`metav1.IsControlledBy`).
pub(super) fn is_controlled_by(object: &Value, uid: &str) -> bool {
    let owners = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
    let controller = owners.into_iter().flatten().find(|owner| is_set(owner, "/controller"));
    !uid.is_empty() && controller.is_some_and(|owner| text(owner, "/uid") == uid)
}
