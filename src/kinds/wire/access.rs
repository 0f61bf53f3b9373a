//! Who and what may do what: `rbac/v1`, `certificates/v1`, `admissionregistration/v1`, `scheduling/v1`, `node/v1`,
//! `coordination/v1`, `apiregistration/v1`.

use super::{Message, bytes, message, meta, number, other, text, truth};

/// `RoleBinding`, `ClusterRoleBinding`.
pub static BINDING: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "subjects", &SUBJECT).list(),
    message(3, "roleRef", &ROLE_REF),
]);

/// `RoleRef`.
pub static ROLE_REF: Message = Message(&[text(1, "apiGroup"), text(2, "kind"), text(3, "name")]);

/// `Subject`.
pub static SUBJECT: Message = Message(&[text(1, "kind"), text(3, "name"), text(4, "namespace").or_absent()]);

/// `PriorityClass`.
pub static PRIORITY_CLASS: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    number(2, "value"),
    truth(3, "globalDefault").or_absent(),
    text(5, "preemptionPolicy"),
]);

/// `RuntimeClass`.
pub static RUNTIME_CLASS: Message = Message(&[message(1, "metadata", &meta::OBJECT_META), text(2, "handler")]);

/// `Lease`.
pub static LEASE: Message = Message(&[message(1, "metadata", &meta::OBJECT_META), message(2, "spec", &LEASE_SPEC)]);

/// `LeaseSpec`.
pub static LEASE_SPEC: Message = Message(&[text(1, "holderIdentity")]);

/// `CertificateSigningRequest`.
pub static SIGNING_REQUEST: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &SIGNING_REQUEST_SPEC),
    message(3, "status", &SIGNING_REQUEST_STATUS),
]);

/// `CertificateSigningRequestSpec`.
pub static SIGNING_REQUEST_SPEC: Message =
    Message(&[text(2, "username").or_absent(), text(7, "signerName"), number(8, "expirationSeconds")]);

/// `CertificateSigningRequestStatus`.
pub static SIGNING_REQUEST_STATUS: Message =
    Message(&[message(1, "conditions", &SIGNING_REQUEST_CONDITION).list(), bytes(2, "certificate").or_absent()]);

/// `CertificateSigningRequestCondition`.
pub static SIGNING_REQUEST_CONDITION: Message =
    Message(&[text(1, "type"), text(2, "reason").or_absent(), text(6, "status")]);

/// `MutatingWebhookConfiguration`, `ValidatingWebhookConfiguration`.
pub static WEBHOOKS: Message = Message(&[message(1, "metadata", &meta::OBJECT_META), other(2, "webhooks").list()]);

/// `ValidatingAdmissionPolicy`.
pub static ADMISSION_POLICY: Message =
    Message(&[message(1, "metadata", &meta::OBJECT_META), message(2, "spec", &ADMISSION_POLICY_SPEC)]);

/// `ValidatingAdmissionPolicySpec`.
pub static ADMISSION_POLICY_SPEC: Message =
    Message(&[message(1, "paramKind", &PARAM_KIND), other(3, "validations").list()]);

/// `ParamKind`.
pub static PARAM_KIND: Message = Message(&[text(1, "apiVersion").or_absent(), text(2, "kind").or_absent()]);

/// `APIService`.
pub static API_SERVICE: Message = Message(&[
    message(1, "metadata", &meta::OBJECT_META),
    message(2, "spec", &API_SERVICE_SPEC),
    message(3, "status", &API_SERVICE_STATUS),
]);

/// `APIServiceSpec`.
pub static API_SERVICE_SPEC: Message = Message(&[message(1, "service", &SERVICE_REFERENCE)]);

/// `ServiceReference`.
pub static SERVICE_REFERENCE: Message = Message(&[text(1, "namespace").or_absent(), text(2, "name").or_absent()]);

/// `APIServiceStatus`.
pub static API_SERVICE_STATUS: Message = Message(&[message(1, "conditions", &meta::CONDITION).list()]);
