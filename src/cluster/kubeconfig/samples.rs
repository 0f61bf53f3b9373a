//! Kubeconfigs as the usual installers write them. What differs from cluster to cluster stands in round brackets: `(server)`,
//! `(ca)`, `(certificate)`, `(key)`, `(folder)`.

/// kind, kubeadm and k3s write the same with other names, which stand in capitals here.
pub const KIND: &str = "
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: (ca)
    server: (server)
  name: NAME
contexts:
- context:
    cluster: NAME
    user: USER
  name: CONTEXT
current-context: CONTEXT
kind: Config
preferences: {}
users:
- name: USER
  user:
    client-certificate-data: (certificate)
    client-key-data: (key)
";

/// minikube names files, one of them from its own folder on, and says what wrote them.
pub const MINIKUBE: &str = "
apiVersion: v1
clusters:
- cluster:
    certificate-authority: (folder)/.minikube/ca.crt
    extensions:
    - extension:
        last-update: Mon, 23 Nov 2026 10:00:00 UTC
        provider: minikube.sigs.k8s.io
        version: v1.38.0
      name: cluster_info
    server: (server)
  name: minikube
contexts:
- context:
    cluster: minikube
    extensions:
    - extension:
        provider: minikube.sigs.k8s.io
      name: context_info
    namespace: default
    user: minikube
  name: minikube
current-context: minikube
kind: Config
users:
- name: minikube
  user:
    client-certificate: .minikube/profiles/minikube/client.crt
    client-key: (folder)/.minikube/profiles/minikube/client.key
";

/// `aws eks update-kubeconfig`.
pub const EKS: &str = "
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: (ca)
    server: (server)
  name: arn:aws:eks:eu-west-1:111122223333:cluster/prod
contexts:
- context:
    cluster: arn:aws:eks:eu-west-1:111122223333:cluster/prod
    user: arn:aws:eks:eu-west-1:111122223333:cluster/prod
  name: arn:aws:eks:eu-west-1:111122223333:cluster/prod
current-context: arn:aws:eks:eu-west-1:111122223333:cluster/prod
kind: Config
preferences: {}
users:
- name: arn:aws:eks:eu-west-1:111122223333:cluster/prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - --region
      - eu-west-1
      - eks
      - get-token
      - --cluster-name
      - prod
      - --output
      - json
      command: aws
      env:
      - name: AWS_PROFILE
        value: prod
      interactiveMode: IfAvailable
      provideClusterInfo: false
";

/// `gcloud container clusters get-credentials`.
pub const GKE: &str = "
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: (ca)
    server: (server)
  name: gke_shop_europe-west1_prod
contexts:
- context:
    cluster: gke_shop_europe-west1_prod
    user: gke_shop_europe-west1_prod
  name: gke_shop_europe-west1_prod
current-context: gke_shop_europe-west1_prod
kind: Config
preferences: {}
users:
- name: gke_shop_europe-west1_prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: gke-gcloud-auth-plugin
      installHint: Install gke-gcloud-auth-plugin for use with kubectl
      provideClusterInfo: true
";

/// `az aks get-credentials`, converted by kubelogin.
pub const AKS: &str = "
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: (ca)
    server: (server)
  name: prod
contexts:
- context:
    cluster: prod
    user: clusterUser_shop_prod
  name: prod
current-context: prod
kind: Config
preferences: {}
users:
- name: clusterUser_shop_prod
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      args:
      - get-token
      - --environment
      - AzurePublicCloud
      - --server-id
      - 00000000-0000-0000-0000-000000000000
      - --login
      - devicecode
      command: kubelogin
      env: null
      installHint: kubelogin is not installed which is required to connect to AAD enabled cluster.
      provideClusterInfo: false
";

/// `az aks get-credentials --admin`: a certificate and a token at once.
pub const AKS_ADMIN: &str = "
apiVersion: v1
clusters:
- cluster: {certificate-authority-data: (ca), server: '(server)'}
  name: prod
contexts:
- context: {cluster: prod, user: clusterAdmin_shop_prod}
  name: prod-admin
current-context: prod-admin
kind: Config
users:
- name: clusterAdmin_shop_prod
  user: {client-certificate-data: (certificate), client-key-data: (key), token: good}
";

/// `oc login`.
pub const OPENSHIFT: &str = "
apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true
    server: (server)
  name: api-shop-example:6443
contexts:
- context:
    cluster: api-shop-example:6443
    namespace: default
    user: kube:admin/api-shop-example:6443
  name: default/api-shop-example:6443/kube:admin
current-context: default/api-shop-example:6443/kube:admin
kind: Config
preferences: {}
users:
- name: kube:admin/api-shop-example:6443
  user:
    token: good
";

/// A server behind a path, as Rancher's.
pub const RANCHER: &str = "
apiVersion: v1
kind: Config
clusters:
- name: \"shop\"
  cluster:
    server: \"(server)/k8s/clusters/c-m-abcdefgh\"
    certificate-authority-data: \"(ca)\"
users:
- name: \"shop\"
  user:
    token: \"good\"
contexts:
- name: \"shop\"
  context:
    user: \"shop\"
    cluster: \"shop\"
current-context: \"shop\"
";
