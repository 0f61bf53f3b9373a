//! The kinds that the demo serves: names, scope, short names and subresources, as kube-apiserver 1.36 has them.

/// One resource of the API.
#[derive(Debug, Clone, Copy)]
pub struct Resource {
    /// API group, empty for the core group.
    pub group: &'static str,
    /// Version in that group.
    pub version: &'static str,
    /// Name in paths; unique in the demo, so it is the resource's key as well.
    pub plural: &'static str,
    /// Name in objects.
    pub kind: &'static str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// Short names for kubectl.
    pub short: &'static [&'static str],
    /// Subresources that are served.
    pub subresources: &'static [&'static str],
}

impl PartialEq for Resource {
    fn eq(&self, other: &Self) -> bool {
        self.plural == other.plural
    }
}

impl Resource {
    /// `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.to_owned() } else { format!("{}/{}", self.group, self.version) }
    }

    /// `pods`, `deployments.apps`: the name in messages.
    pub fn full_name(&self) -> String {
        if self.group.is_empty() { self.plural.to_owned() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// Whether it comes from a custom resource definition.
    pub fn is_custom(&self) -> bool {
        ["acme.cert-manager.io", "cert-manager.io", "ops.shop.example", "storage.shop.example"].contains(&self.group)
    }

    /// The name of its path below `/apis` or `/api`.
    pub fn has(&self, subresource: &str) -> bool {
        self.subresources.contains(&subresource)
    }

    /// What may be done with its objects. Namespaces go one by one only; component statuses are made when they are asked
    /// for.
    pub fn verbs(&self) -> &'static [&'static str] {
        match self.plural {
            "componentstatuses" => &["get", "list"],
            "namespaces" => &["create", "delete", "get", "list", "patch", "update", "watch"],
            _ => &["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
        }
    }

    /// Whether `kubectl get all` shows it.
    pub fn in_all(&self) -> bool {
        const ALL: &[&str] = &[
            "pods",
            "replicationcontrollers",
            "services",
            "daemonsets",
            "deployments",
            "replicasets",
            "statefulsets",
            "horizontalpodautoscalers",
            "cronjobs",
            "jobs",
        ];
        ALL.contains(&self.plural)
    }
}

/// The resource with this path.
pub fn by_path(group: &str, version: &str, plural: &str) -> Option<&'static Resource> {
    ALL.iter().find(|r| r.group == group && r.version == version && r.plural == plural)
}

/// The resource of an object with this `apiVersion` and `kind`.
pub fn by_kind(api_version: &str, kind: &str) -> Option<&'static Resource> {
    ALL.iter().find(|r| r.kind == kind && r.api_version() == api_version)
}

/// The resource with this plural name.
pub fn named(plural: &str) -> Option<&'static Resource> {
    ALL.iter().find(|r| r.plural == plural)
}

/// Group and version.
type Home = (&'static str, &'static str);

const CORE: Home = ("", "v1");
const APPS: Home = ("apps", "v1");
const RBAC: Home = ("rbac.authorization.k8s.io", "v1");
const STORAGE: Home = ("storage.k8s.io", "v1");
const NETWORK: Home = ("networking.k8s.io", "v1");
const ADMISSION: Home = ("admissionregistration.k8s.io", "v1");
const CERTIFICATES: Home = ("certificates.k8s.io", "v1");

const fn spaced(home: Home, plural: &'static str, kind: &'static str, short: &'static [&'static str]) -> Resource {
    Resource { group: home.0, version: home.1, plural, kind, namespaced: true, short, subresources: &[] }
}

const fn global(home: Home, plural: &'static str, kind: &'static str, short: &'static [&'static str]) -> Resource {
    Resource { group: home.0, version: home.1, plural, kind, namespaced: false, short, subresources: &[] }
}

const fn with(mut resource: Resource, subresources: &'static [&'static str]) -> Resource {
    resource.subresources = subresources;
    resource
}

const STATUS: &[&str] = &["status"];
const SCALE: &[&str] = &["scale", "status"];
const POD: &[&str] = &["attach", "ephemeralcontainers", "eviction", "exec", "log", "portforward", "status"];

/// Every resource, the groups together and in the order of discovery.
pub static ALL: &[Resource] = &[
    global(CORE, "componentstatuses", "ComponentStatus", &["cs"]),
    spaced(CORE, "configmaps", "ConfigMap", &["cm"]),
    spaced(CORE, "endpoints", "Endpoints", &["ep"]),
    spaced(CORE, "events", "Event", &["ev"]),
    spaced(CORE, "limitranges", "LimitRange", &["limits"]),
    with(global(CORE, "namespaces", "Namespace", &["ns"]), &["finalize", "status"]),
    with(global(CORE, "nodes", "Node", &["no"]), STATUS),
    with(spaced(CORE, "persistentvolumeclaims", "PersistentVolumeClaim", &["pvc"]), STATUS),
    with(global(CORE, "persistentvolumes", "PersistentVolume", &["pv"]), STATUS),
    with(spaced(CORE, "pods", "Pod", &["po"]), POD),
    with(spaced(CORE, "replicationcontrollers", "ReplicationController", &["rc"]), SCALE),
    with(spaced(CORE, "resourcequotas", "ResourceQuota", &["quota"]), STATUS),
    spaced(CORE, "secrets", "Secret", &[]),
    spaced(CORE, "serviceaccounts", "ServiceAccount", &["sa"]),
    with(spaced(CORE, "services", "Service", &["svc"]), STATUS),
    global(ADMISSION, "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", &[]),
    with(global(ADMISSION, "validatingadmissionpolicies", "ValidatingAdmissionPolicy", &[]), STATUS),
    global(ADMISSION, "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", &[]),
    global(("apiextensions.k8s.io", "v1"), "customresourcedefinitions", "CustomResourceDefinition", &["crd", "crds"]),
    with(global(("apiregistration.k8s.io", "v1"), "apiservices", "APIService", &[]), STATUS),
    spaced(APPS, "controllerrevisions", "ControllerRevision", &[]),
    with(spaced(APPS, "daemonsets", "DaemonSet", &["ds"]), STATUS),
    with(spaced(APPS, "deployments", "Deployment", &["deploy"]), SCALE),
    with(spaced(APPS, "replicasets", "ReplicaSet", &["rs"]), SCALE),
    with(spaced(APPS, "statefulsets", "StatefulSet", &["sts"]), SCALE),
    with(spaced(("autoscaling", "v2"), "horizontalpodautoscalers", "HorizontalPodAutoscaler", &["hpa"]), STATUS),
    with(spaced(("batch", "v1"), "cronjobs", "CronJob", &["cj"]), STATUS),
    with(spaced(("batch", "v1"), "jobs", "Job", &[]), STATUS),
    with(
        global(CERTIFICATES, "certificatesigningrequests", "CertificateSigningRequest", &["csr"]),
        &["approval", "status"],
    ),
    with(spaced(("acme.cert-manager.io", "v1"), "orders", "Order", &[]), STATUS),
    with(spaced(("cert-manager.io", "v1"), "certificaterequests", "CertificateRequest", &["cr", "crs"]), STATUS),
    with(spaced(("cert-manager.io", "v1"), "certificates", "Certificate", &["cert", "certs"]), STATUS),
    global(("ops.shop.example", "v1"), "blackouts", "Blackout", &["bk"]),
    with(spaced(("storage.shop.example", "v1"), "backups", "Backup", &["bk"]), SCALE),
    spaced(("coordination.k8s.io", "v1"), "leases", "Lease", &[]),
    spaced(("discovery.k8s.io", "v1"), "endpointslices", "EndpointSlice", &[]),
    global(NETWORK, "ingressclasses", "IngressClass", &[]),
    with(spaced(NETWORK, "ingresses", "Ingress", &["ing"]), STATUS),
    spaced(NETWORK, "networkpolicies", "NetworkPolicy", &["netpol"]),
    global(("node.k8s.io", "v1"), "runtimeclasses", "RuntimeClass", &[]),
    with(spaced(("policy", "v1"), "poddisruptionbudgets", "PodDisruptionBudget", &["pdb"]), STATUS),
    global(RBAC, "clusterrolebindings", "ClusterRoleBinding", &[]),
    global(RBAC, "clusterroles", "ClusterRole", &[]),
    spaced(RBAC, "rolebindings", "RoleBinding", &[]),
    spaced(RBAC, "roles", "Role", &[]),
    global(("scheduling.k8s.io", "v1"), "priorityclasses", "PriorityClass", &["pc"]),
    global(STORAGE, "csidrivers", "CSIDriver", &[]),
    global(STORAGE, "csinodes", "CSINode", &[]),
    global(STORAGE, "storageclasses", "StorageClass", &["sc"]),
    with(global(STORAGE, "volumeattachments", "VolumeAttachment", &[]), STATUS),
];
