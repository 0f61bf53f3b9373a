//! How traffic finds its way: `networking/v1`, `discovery/v1`.

use super::{Message, core, message, meta, number, other, text};

/// `Ingress`.
pub static INGRESS: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &INGRESS_SPEC),
    message(3, "status", &core::BALANCED),
]);

/// `IngressSpec`.
pub static INGRESS_SPEC: Message =
    Message(&[other(2, "tls").list(), message(3, "rules", &INGRESS_RULE).list(), text(4, "ingressClassName")]);

/// `IngressRule`.
pub static INGRESS_RULE: Message = Message(&[text(1, "host").or_absent()]);

/// `IngressClass`.
pub static INGRESS_CLASS: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(2, "spec", &INGRESS_CLASS_SPEC)]);

/// `IngressClassSpec`.
pub static INGRESS_CLASS_SPEC: Message =
    Message(&[text(1, "controller").or_absent(), message(2, "parameters", &INGRESS_CLASS_PARAMETERS_REFERENCE)]);

/// `IngressClassParametersReference`.
pub static INGRESS_CLASS_PARAMETERS_REFERENCE: Message =
    Message(&[text(1, "apiGroup"), text(2, "kind"), text(3, "name")]);

/// `NetworkPolicy`.
pub static NETWORK_POLICY: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(2, "spec", &NETWORK_POLICY_SPEC)]);

/// `NetworkPolicySpec`.
pub static NETWORK_POLICY_SPEC: Message = Message(&[message(1, "podSelector", &meta::LABEL_SELECTOR)]);

/// `EndpointSlice`.
pub static ENDPOINT_SLICE: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "endpoints", &ENDPOINT).list(),
    message(3, "ports", &SLICE_PORT).list(),
    text(4, "addressType"),
]);

/// `EndpointPort`.
pub static SLICE_PORT: Message = Message(&[text(1, "name"), number(3, "port")]);

/// `Endpoint`.
pub static ENDPOINT: Message = Message(&[text(1, "addresses").list()]);
