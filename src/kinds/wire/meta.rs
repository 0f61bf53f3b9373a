//! What every object begins with, and what the API itself says: `meta/v1`.

use super::{Message, message, number, text, time, truth};

/// `ObjectMeta`.
pub static OBJECT_META: Message = Message(&[
    text(1, "name").or_absent(),
    text(3, "namespace").or_absent(),
    text(5, "uid").or_absent(),
    time(8, "creationTimestamp"),
    time(9, "deletionTimestamp"),
    text(11, "labels").map(),
    text(12, "annotations").map(),
    message(13, "ownerReferences", &OWNER_REFERENCE).list(),
]);

/// `OwnerReference`.
pub static OWNER_REFERENCE: Message =
    Message(&[text(1, "kind"), text(3, "name"), text(4, "uid"), text(5, "apiVersion"), truth(6, "controller")]);

/// `LabelSelector`.
pub static LABEL_SELECTOR: Message =
    Message(&[text(1, "matchLabels").map(), message(2, "matchExpressions", &LABEL_SELECTOR_REQUIREMENT).list()]);

/// `LabelSelectorRequirement`.
pub static LABEL_SELECTOR_REQUIREMENT: Message =
    Message(&[text(1, "key"), text(2, "operator"), text(3, "values").list()]);

/// `ListMeta`.
pub static LIST_META: Message = Message(&[
    text(2, "resourceVersion").or_absent(),
    text(3, "continue").or_absent(),
    number(4, "remainingItemCount"),
]);

/// `Status`.
pub static STATUS: Message =
    Message(&[text(3, "message").or_absent(), text(4, "reason").or_absent(), number(6, "code").or_absent()]);

/// A condition that says when it was last looked at: `PodCondition`, `NodeCondition`, `JobCondition`.
pub static PROBED_CONDITION: Message = Message(&[text(1, "type"), text(2, "status"), text(5, "reason").or_absent()]);

/// `ReplicationControllerCondition`, `DeploymentCondition`, `ReplicaSetCondition`, `HorizontalPodAutoscalerCondition`, `APIServiceCondition`.
pub static CONDITION: Message = Message(&[text(1, "type"), text(2, "status"), text(4, "reason").or_absent()]);

/// An object of which nothing but its metadata is read.
pub static BARE: Message = Message(&[message(1, "metadata", &OBJECT_META)]);
