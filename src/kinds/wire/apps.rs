//! Workloads: `apps/v1`.

use super::{Message, message, meta, number, pods};

/// `Deployment`.
pub static DEPLOYMENT: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &DEPLOYMENT_SPEC),
    message(3, "status", &DEPLOYMENT_STATUS),
]);

/// `DeploymentSpec`.
pub static DEPLOYMENT_SPEC: Message = Message(&[
    number(1, "replicas"),
    message(2, "selector", &meta::LABEL_SELECTOR),
    message(3, "template", &pods::POD_TEMPLATE_SPEC),
]);

/// `DeploymentStatus`.
pub static DEPLOYMENT_STATUS: Message = Message(&[
    number(3, "updatedReplicas").or_absent(),
    number(4, "availableReplicas").or_absent(),
    message(6, "conditions", &meta::CONDITION).list(),
    number(7, "readyReplicas").or_absent(),
]);

/// `ReplicaSet`.
pub static REPLICA_SET: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &REPLICA_SET_SPEC),
    message(3, "status", &REPLICA_SET_STATUS),
]);

/// `ReplicaSetSpec`.
pub static REPLICA_SET_SPEC: Message = Message(&[
    number(1, "replicas"),
    message(2, "selector", &meta::LABEL_SELECTOR),
    message(3, "template", &pods::POD_TEMPLATE_SPEC),
]);

/// `ReplicaSetStatus`.
pub static REPLICA_SET_STATUS: Message = Message(&[
    number(1, "replicas"),
    number(4, "readyReplicas").or_absent(),
    message(6, "conditions", &meta::CONDITION).list(),
]);

/// `StatefulSet`.
pub static STATEFUL_SET: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &STATEFUL_SET_SPEC),
    message(3, "status", &STATEFUL_SET_STATUS),
]);

/// `StatefulSetSpec`.
pub static STATEFUL_SET_SPEC: Message = Message(&[
    number(1, "replicas"),
    message(2, "selector", &meta::LABEL_SELECTOR),
    message(3, "template", &pods::POD_TEMPLATE_SPEC),
]);

/// `StatefulSetStatus`.
pub static STATEFUL_SET_STATUS: Message = Message(&[number(3, "readyReplicas").or_absent()]);

/// `DaemonSet`.
pub static DAEMON_SET: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &DAEMON_SET_SPEC),
    message(3, "status", &DAEMON_SET_STATUS),
]);

/// `DaemonSetSpec`.
pub static DAEMON_SET_SPEC: Message =
    Message(&[message(1, "selector", &meta::LABEL_SELECTOR), message(2, "template", &pods::POD_TEMPLATE_SPEC)]);

/// `DaemonSetStatus`.
pub static DAEMON_SET_STATUS: Message = Message(&[
    number(1, "currentNumberScheduled"),
    number(3, "desiredNumberScheduled"),
    number(4, "numberReady"),
    number(6, "updatedNumberScheduled").or_absent(),
    number(7, "numberAvailable").or_absent(),
]);

/// `ControllerRevision`.
pub static CONTROLLER_REVISION: Message = Message(&[message(1, "metadata", &meta::OBJECT_META), number(3, "revision")]);
