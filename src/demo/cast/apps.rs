//! The list of what runs, one line each.

/// What keeps the pods of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// A deployment.
    Deployment,
    /// A stateful set.
    StatefulSet,
    /// A daemon set.
    DaemonSet,
    /// The kubelet of the control plane's node, from a file.
    File,
}

/// Containers beside the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// None.
    Nothing,
    /// A proxy as a sidecar (an init container that is always restarted).
    Proxy,
    /// An init container that waits for the database.
    Wait,
    /// A second container, which reloads configuration.
    Reloader,
}

/// One app.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// Namespace.
    pub namespace: &'static str,
    /// Name of app, workload and service.
    pub name: &'static str,
    /// Image of its first container.
    pub image: &'static str,
    /// Replicas; daemon sets have one pod on each node.
    pub replicas: i64,
    /// Port that it listens on; 0 for none.
    pub port: i64,
    /// Days since it was installed.
    pub days: i64,
    /// What keeps its pods.
    pub keeper: Keeper,
    /// What runs beside it.
    pub beside: Beside,
}

/// Namespace and name; replicas, port and days.
const fn app(place: (&'static str, &'static str), image: &'static str, numbers: (i64, i64, i64)) -> App {
    App {
        namespace: place.0,
        name: place.1,
        image,
        replicas: numbers.0,
        port: numbers.1,
        days: numbers.2,
        keeper: Keeper::Deployment,
        beside: Beside::Nothing,
    }
}

const fn kept(app: App, keeper: Keeper) -> App {
    App { keeper, ..app }
}

const fn beside(app: App, beside: Beside) -> App {
    App { beside, ..app }
}

/// Everything that runs.
pub const APPS: &[App] = &[
    app(("cert-manager", "cert-manager"), "quay.io/jetstack/cert-manager-controller:v1.19.1", (1, 9402, 198)),
    app(("cert-manager", "cert-manager-cainjector"), "quay.io/jetstack/cert-manager-cainjector:v1.19.1", (1, 0, 198)),
    app(("cert-manager", "cert-manager-webhook"), "quay.io/jetstack/cert-manager-webhook:v1.19.1", (1, 10250, 198)),
    beside(kept(app(("data", "kafka"), "bitnami/kafka:4.1.0", (3, 9092, 120)), Keeper::StatefulSet), Beside::Nothing),
    kept(app(("data", "postgres"), "postgres:18.1", (3, 5432, 180)), Keeper::StatefulSet),
    beside(kept(app(("data", "redis"), "redis:8.2-alpine", (3, 6379, 180)), Keeper::StatefulSet), Beside::Reloader),
    app(("ingress", "ingress-nginx-controller"), "registry.k8s.io/ingress-nginx/controller:v1.14.0", (2, 80, 198)),
    app(("kube-system", "coredns"), "registry.k8s.io/coredns/coredns:v1.13.1", (2, 53, 212)),
    app(("kube-system", "metrics-server"), "registry.k8s.io/metrics-server/metrics-server:v0.9.0", (1, 10250, 205)),
    kept(app(("kube-system", "cilium"), "quay.io/cilium/cilium:v1.19.2", (0, 0, 212)), Keeper::DaemonSet),
    kept(app(("kube-system", "kube-proxy"), "registry.k8s.io/kube-proxy:v1.36.3", (0, 0, 212)), Keeper::DaemonSet),
    kept(app(("kube-system", "etcd"), "registry.k8s.io/etcd:3.6.8-0", (1, 2379, 212)), Keeper::File),
    kept(
        app(("kube-system", "kube-apiserver"), "registry.k8s.io/kube-apiserver:v1.36.3", (1, 6443, 212)),
        Keeper::File,
    ),
    kept(
        app(("kube-system", "kube-controller-manager"), "registry.k8s.io/kube-controller-manager:v1.36.3", (1, 0, 212)),
        Keeper::File,
    ),
    kept(app(("kube-system", "kube-scheduler"), "registry.k8s.io/kube-scheduler:v1.36.3", (1, 0, 212)), Keeper::File),
    beside(app(("monitoring", "grafana"), "grafana/grafana:12.3.0", (1, 3000, 190)), Beside::Reloader),
    app(
        ("monitoring", "kube-state-metrics"),
        "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.18.0",
        (1, 8080, 190),
    ),
    beside(
        kept(
            app(("monitoring", "prometheus"), "quay.io/prometheus/prometheus:v3.8.0", (1, 9090, 190)),
            Keeper::StatefulSet,
        ),
        Beside::Reloader,
    ),
    kept(
        app(("monitoring", "alertmanager"), "quay.io/prometheus/alertmanager:v0.30.0", (2, 9093, 190)),
        Keeper::StatefulSet,
    ),
    kept(
        app(("monitoring", "node-exporter"), "quay.io/prometheus/node-exporter:v1.10.2", (0, 9100, 190)),
        Keeper::DaemonSet,
    ),
    beside(app(("payments", "fraud-check"), "registry.shop.example/fraud-check:3.0.2", (2, 8080, 44)), Beside::Nothing),
    beside(app(("payments", "gateway"), "registry.shop.example/gateway:1.14.0", (3, 8443, 151)), Beside::Proxy),
    beside(app(("payments", "invoices"), "registry.shop.example/invoices:2.3.1", (2, 8080, 88)), Beside::Wait),
    beside(app(("payments", "ledger"), "registry.shop.example/ledger:5.2.0", (2, 9000, 151)), Beside::Proxy),
    app(("shop", "cart"), "registry.shop.example/cart:4.7.1", (2, 8080, 151)),
    app(("shop", "catalog"), "registry.shop.example/catalog:2.12.0", (3, 8080, 151)),
    beside(app(("shop", "checkout"), "registry.shop.example/checkout:1.9.3", (3, 8080, 151)), Beside::Proxy),
    app(("shop", "frontend"), "registry.shop.example/frontend:1.8.2", (4, 3000, 151)),
    app(("shop", "images"), "registry.shop.example/images:0.14.0", (2, 8080, 63)),
    app(("shop", "recommendations"), "registry.shop.example/recommendations:0.9.4", (2, 8080, 29)),
    app(("shop", "search"), "registry.shop.example/search:3.3.0", (2, 9200, 140)),
];
