//! What else is in `core/v1`, but for storage.

use super::{Message, bytes, message, meta, number, pods, quantity, text, time, truth};

/// `Node`.
pub static NODE: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &NODE_SPEC),
    message(3, "status", &NODE_STATUS),
]);

/// `NodeSpec`.
pub static NODE_SPEC: Message = Message(&[truth(4, "unschedulable").or_absent()]);

/// `NodeStatus`.
pub static NODE_STATUS: Message = Message(&[
    message(4, "conditions", &meta::PROBED_CONDITION).list(),
    message(5, "addresses", &NODE_ADDRESS).list(),
    message(7, "nodeInfo", &NODE_SYSTEM_INFO),
]);

/// `NodeAddress`.
pub static NODE_ADDRESS: Message = Message(&[text(1, "type"), text(2, "address")]);

/// `NodeSystemInfo`.
pub static NODE_SYSTEM_INFO: Message = Message(&[
    text(4, "kernelVersion"),
    text(5, "osImage"),
    text(6, "containerRuntimeVersion"),
    text(7, "kubeletVersion"),
    text(10, "architecture"),
]);

/// `Event`.
pub static EVENT: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "involvedObject", &OBJECT_REFERENCE),
    text(3, "reason").or_absent(),
    text(4, "message").or_absent(),
    message(5, "source", &EVENT_SOURCE),
    time(6, "firstTimestamp"),
    time(7, "lastTimestamp"),
    number(8, "count").or_absent(),
    text(9, "type").or_absent(),
    time(10, "eventTime"),
    message(11, "series", &EVENT_SERIES),
    text(14, "reportingComponent"),
    text(15, "reportingInstance"),
]);

/// `ObjectReference`.
pub static OBJECT_REFERENCE: Message = Message(&[
    text(1, "kind").or_absent(),
    text(2, "namespace").or_absent(),
    text(3, "name").or_absent(),
    text(4, "uid").or_absent(),
    text(5, "apiVersion").or_absent(),
    text(7, "fieldPath").or_absent(),
]);

/// `EventSource`.
pub static EVENT_SOURCE: Message = Message(&[text(1, "component").or_absent(), text(2, "host").or_absent()]);

/// `EventSeries`.
pub static EVENT_SERIES: Message = Message(&[number(1, "count").or_absent(), time(2, "lastObservedTime")]);

/// `Namespace`.
pub static NAMESPACE: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(3, "status", &NAMESPACE_STATUS)]);

/// `NamespaceStatus`.
pub static NAMESPACE_STATUS: Message = Message(&[text(1, "phase").or_absent()]);

/// `ReplicationController`.
pub static REPLICATION_CONTROLLER: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &REPLICATION_CONTROLLER_SPEC),
    message(3, "status", &REPLICATION_CONTROLLER_STATUS),
]);

/// `ReplicationControllerSpec`.
pub static REPLICATION_CONTROLLER_SPEC: Message =
    Message(&[number(1, "replicas"), text(2, "selector").map(), message(3, "template", &pods::POD_TEMPLATE_SPEC)]);

/// `ReplicationControllerStatus`.
pub static REPLICATION_CONTROLLER_STATUS: Message = Message(&[
    number(1, "replicas"),
    number(4, "readyReplicas").or_absent(),
    message(6, "conditions", &meta::CONDITION).list(),
]);

/// `Service`.
pub static SERVICE: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &SERVICE_SPEC),
    message(3, "status", &BALANCED),
]);

/// `ServiceSpec`.
pub static SERVICE_SPEC: Message = Message(&[
    message(1, "ports", &SERVICE_PORT).list(),
    text(2, "selector").map(),
    text(4, "type").or_absent(),
    text(5, "externalIPs").list(),
    text(10, "externalName").or_absent(),
    text(18, "clusterIPs").list(),
]);

/// `ServicePort`.
pub static SERVICE_PORT: Message =
    Message(&[text(2, "protocol").or_absent(), number(3, "port"), number(5, "nodePort").or_absent()]);

/// `ServiceStatus`, `IngressStatus`.
pub static BALANCED: Message = Message(&[message(1, "loadBalancer", &LOAD_BALANCER)]);

/// `LoadBalancerStatus`, `IngressLoadBalancerStatus`.
pub static LOAD_BALANCER: Message = Message(&[message(1, "ingress", &LOAD_BALANCER_INGRESS).list()]);

/// `LoadBalancerIngress`, `IngressLoadBalancerIngress`.
pub static LOAD_BALANCER_INGRESS: Message = Message(&[text(1, "ip").or_absent(), text(2, "hostname").or_absent()]);

/// `Endpoints`.
pub static ENDPOINTS: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(2, "subsets", &ENDPOINT_SUBSET).list()]);

/// `EndpointSubset`.
pub static ENDPOINT_SUBSET: Message =
    Message(&[message(1, "addresses", &ENDPOINT_ADDRESS).list(), message(3, "ports", &ENDPOINT_PORT).list()]);

/// `EndpointAddress`.
pub static ENDPOINT_ADDRESS: Message = Message(&[text(1, "ip")]);

/// `EndpointPort`.
pub static ENDPOINT_PORT: Message = Message(&[number(2, "port")]);

/// `ConfigMap`.
pub static CONFIG_MAP: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), text(2, "data").map(), bytes(3, "binaryData").map()]);

/// `Secret`.
pub static SECRET: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), bytes(2, "data").map(), text(3, "type").or_absent()]);

/// `ResourceQuota`.
pub static RESOURCE_QUOTA: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(3, "status", &RESOURCE_QUOTA_STATUS)]);

/// `ResourceQuotaStatus`.
pub static RESOURCE_QUOTA_STATUS: Message = Message(&[quantity(1, "hard").map(), quantity(2, "used").map()]);

/// `ComponentStatus`.
pub static COMPONENT_STATUS: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(2, "conditions", &COMPONENT_CONDITION).list()]);

/// `ComponentCondition`.
pub static COMPONENT_CONDITION: Message =
    Message(&[text(1, "type"), text(2, "status"), text(3, "message").or_absent(), text(4, "error").or_absent()]);
