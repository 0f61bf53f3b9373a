//! Pods, their containers, and the templates of pods: of `core/v1`.

use super::{Message, inline, message, meta, number, other, text, time, truth};

/// `Pod`.
pub static POD: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &POD_SPEC),
    message(3, "status", &POD_STATUS),
]);

/// `PodSpec`.
pub static POD_SPEC: Message = Message(&[
    message(2, "containers", &CONTAINER).list(),
    text(7, "nodeSelector").map(),
    text(10, "nodeName").or_absent(),
    message(20, "initContainers", &CONTAINER).list(),
    message(28, "readinessGates", &POD_READINESS_GATE).list(),
    message(34, "ephemeralContainers", &EPHEMERAL_CONTAINER).list(),
]);

/// `Container`, `EphemeralContainerCommon`.
pub static CONTAINER: Message = Message(&[
    text(1, "name"),
    text(2, "image").or_absent(),
    message(6, "ports", &CONTAINER_PORT).list(),
    other(10, "livenessProbe"),
    other(11, "readinessProbe"),
    other(22, "startupProbe"),
    text(24, "restartPolicy"),
]);

/// `EphemeralContainer`.
pub static EPHEMERAL_CONTAINER: Message = Message(&[inline(1, &CONTAINER)]);

/// `ContainerPort`.
pub static CONTAINER_PORT: Message =
    Message(&[text(1, "name").or_absent(), number(3, "containerPort"), text(4, "protocol").or_absent()]);

/// `PodReadinessGate`.
pub static POD_READINESS_GATE: Message = Message(&[text(1, "conditionType")]);

/// `PodStatus`.
pub static POD_STATUS: Message = Message(&[
    text(1, "phase").or_absent(),
    message(2, "conditions", &meta::PROBED_CONDITION).list(),
    text(4, "reason").or_absent(),
    text(6, "podIP").or_absent(),
    message(8, "containerStatuses", &CONTAINER_STATUS).list(),
    message(10, "initContainerStatuses", &CONTAINER_STATUS).list(),
    text(11, "nominatedNodeName").or_absent(),
    message(13, "ephemeralContainerStatuses", &CONTAINER_STATUS).list(),
]);

/// `ContainerStatus`.
pub static CONTAINER_STATUS: Message = Message(&[
    text(1, "name"),
    message(2, "state", &CONTAINER_STATE),
    message(3, "lastState", &CONTAINER_STATE),
    truth(4, "ready"),
    number(5, "restartCount"),
    truth(9, "started"),
]);

/// `ContainerState`.
pub static CONTAINER_STATE: Message = Message(&[
    message(1, "waiting", &CONTAINER_STATE_WAITING),
    message(2, "running", &CONTAINER_STATE_RUNNING),
    message(3, "terminated", &CONTAINER_STATE_TERMINATED),
]);

/// `ContainerStateWaiting`.
pub static CONTAINER_STATE_WAITING: Message = Message(&[text(1, "reason").or_absent()]);

/// `ContainerStateRunning`.
pub static CONTAINER_STATE_RUNNING: Message = Message(&[time(1, "startedAt")]);

/// `ContainerStateTerminated`.
pub static CONTAINER_STATE_TERMINATED: Message = Message(&[
    number(1, "exitCode"),
    number(2, "signal").or_absent(),
    text(3, "reason").or_absent(),
    time(5, "startedAt"),
    time(6, "finishedAt"),
]);

/// `PodTemplateSpec`.
pub static POD_TEMPLATE_SPEC: Message = Message(&[message(2, "spec", &POD_SPEC)]);
