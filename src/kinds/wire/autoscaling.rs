//! How many pods there may and must be: `autoscaling/v2`, `policy/v1`.

use super::{Message, int_or_string, message, meta, number, quantity, text};

/// `HorizontalPodAutoscaler`.
pub static SCALER: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &SCALER_SPEC),
    message(3, "status", &SCALER_STATUS),
]);

/// `HorizontalPodAutoscalerSpec`.
pub static SCALER_SPEC: Message = Message(&[
    message(1, "scaleTargetRef", &CROSS_VERSION_OBJECT_REFERENCE),
    number(2, "minReplicas"),
    number(3, "maxReplicas"),
    message(4, "metrics", &METRIC_SPEC).list(),
]);

/// `CrossVersionObjectReference`.
pub static CROSS_VERSION_OBJECT_REFERENCE: Message =
    Message(&[text(1, "kind"), text(2, "name"), text(3, "apiVersion").or_absent()]);

/// `MetricSpec`.
pub static METRIC_SPEC: Message = Message(&[
    text(1, "type"),
    message(2, "object", &SOURCE),
    message(3, "pods", &SOURCE),
    message(4, "resource", &NAMED_SOURCE),
    message(5, "external", &SOURCE),
    message(7, "containerResource", &NAMED_SOURCE),
]);

/// `ResourceMetricSource`, `ContainerResourceMetricSource`.
pub static NAMED_SOURCE: Message = Message(&[text(1, "name"), message(2, "target", &METRIC_TARGET)]);

/// `PodsMetricSource`, `ObjectMetricSource`, `ExternalMetricSource`.
pub static SOURCE: Message = Message(&[message(2, "target", &METRIC_TARGET)]);

/// `MetricTarget`.
pub static METRIC_TARGET: Message =
    Message(&[quantity(2, "value"), quantity(3, "averageValue"), number(4, "averageUtilization")]);

/// `HorizontalPodAutoscalerStatus`.
pub static SCALER_STATUS: Message = Message(&[
    number(3, "currentReplicas").or_absent(),
    message(5, "currentMetrics", &METRIC_STATUS).list(),
    message(6, "conditions", &meta::CONDITION).list(),
]);

/// `MetricStatus`.
pub static METRIC_STATUS: Message = Message(&[
    text(1, "type"),
    message(2, "object", &OBJECT_METRIC_STATUS),
    message(3, "pods", &PODS_METRIC_STATUS),
    message(4, "resource", &NAMED_STATUS),
    message(5, "external", &EXTERNAL_METRIC_STATUS),
    message(7, "containerResource", &NAMED_STATUS),
]);

/// `ResourceMetricStatus`, `ContainerResourceMetricStatus`.
pub static NAMED_STATUS: Message = Message(&[text(1, "name"), message(2, "current", &METRIC_VALUE_STATUS)]);

/// `PodsMetricStatus`.
pub static PODS_METRIC_STATUS: Message = Message(&[message(2, "current", &METRIC_VALUE_STATUS)]);

/// `ObjectMetricStatus`.
pub static OBJECT_METRIC_STATUS: Message = Message(&[message(2, "current", &METRIC_VALUE_STATUS)]);

/// `ExternalMetricStatus`.
pub static EXTERNAL_METRIC_STATUS: Message = Message(&[message(2, "current", &METRIC_VALUE_STATUS)]);

/// `MetricValueStatus`.
pub static METRIC_VALUE_STATUS: Message =
    Message(&[quantity(1, "value"), quantity(2, "averageValue"), number(3, "averageUtilization")]);

/// `PodDisruptionBudget`.
pub static BUDGET: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &BUDGET_SPEC),
    message(3, "status", &BUDGET_STATUS),
]);

/// `PodDisruptionBudgetSpec`.
pub static BUDGET_SPEC: Message = Message(&[
    int_or_string(1, "minAvailable"),
    message(2, "selector", &meta::LABEL_SELECTOR),
    int_or_string(3, "maxUnavailable"),
]);

/// `PodDisruptionBudgetStatus`.
pub static BUDGET_STATUS: Message = Message(&[
    number(3, "disruptionsAllowed"),
    number(4, "currentHealthy"),
    number(5, "desiredHealthy"),
    number(6, "expectedPods"),
]);
