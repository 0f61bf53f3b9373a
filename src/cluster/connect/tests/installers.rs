//! Kubeconfigs of the form that the usual installers write, each used over TLS. Certificates are made anew each time.
#![cfg(unix)]

use super::*;
use crate::cluster::kubeconfig::Kubeconfig;
use crate::cluster::kubeconfig::samples::{AKS, AKS_ADMIN, EKS, GKE, KIND, MINIKUBE, OPENSHIFT, RANCHER};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// An authority, a server that it vouches for, and a client's certificate.
struct Place {
    folder: TempDir,
    address: String,
    authority: String,
    client: (String, String),
}

fn params(usage: ExtendedKeyUsagePurpose) -> CertificateParams {
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.extended_key_usages = vec![usage];
    params
}

impl Place {
    /// The server takes the token `good`, and clients that the authority vouches for.
    async fn new() -> Self {
        let mut own = CertificateParams::default();
        own.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(own, KeyPair::generate().unwrap()).unwrap();
        let (server_key, client_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let server = params(ExtendedKeyUsagePurpose::ServerAuth).signed_by(&server_key, &authority).unwrap();
        let client = params(ExtendedKeyUsagePurpose::ClientAuth).signed_by(&client_key, &authority).unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).allow_unauthenticated().build().unwrap();
        let key = PrivateKeyDer::try_from(server_key.serialize_der()).unwrap();
        let config = ServerConfig::builder().with_client_cert_verifier(verifier);
        let config = config.with_single_cert(vec![server.der().clone()], key).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(listen(listener, TlsAcceptor::from(Arc::new(config))));
        let client = (client.pem(), client_key.serialize_pem());
        Self { folder: TempDir::new().unwrap(), address, authority: authority.pem(), client }
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A plugin beside the kubeconfig.
    fn plugin(&self, script: &str) {
        self.write("plugin", &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.folder.path().join("plugin"), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A plugin that prints this status.
    fn plugin_that_gives(&self, version: &str, status: &serde_json::Value) -> String {
        let group = "client.authentication.k8s.io";
        let answer = json!({"apiVersion": format!("{group}/{version}"), "kind": "ExecCredential", "status": status});
        self.write("answer", &answer.to_string());
        format!("cat '{}/answer'", self.folder.path().display())
    }

    /// The kubeconfig of this place; every plugin in it is the one that lies there.
    fn load(&self, text: &str) -> Kubeconfig {
        let text = ["aws", "gke-gcloud-auth-plugin", "kubelogin"]
            .iter()
            .fold(text.to_owned(), |text, name| text.replace(&format!("command: {name}\n"), "command: ./plugin\n"));
        let base64 = |text: &str| pem::to_base64(text.as_bytes());
        let text = text.replace("(ca)", &base64(&self.authority)).replace("(server)", &self.address);
        let text = text.replace("(certificate)", &base64(&self.client.0)).replace("(key)", &base64(&self.client.1));
        self.write("config", &text.replace("(folder)", &self.folder.path().display().to_string()));
        let config = Kubeconfig::load(&Source { flag: Some(self.folder.path().join("config")), ..Source::default() });
        let config = config.unwrap();
        assert_eq!(config.warnings, Vec::<String>::new());
        config
    }

    async fn connect(&self, text: &str) -> Result<Clients, ConnectError> {
        let config = self.load(text);
        connect(&config, config.current.as_deref().unwrap(), Options::default()).await
    }

    /// What the server says to who uses this kubeconfig.
    async fn says(&self, text: &str) -> StatusCode {
        let clients = self.connect(text).await.unwrap();
        send(&clients.lanes.read, Method::GET, "/version").await.unwrap()
    }
}

async fn listen(listener: TcpListener, acceptor: TlsAcceptor) {
    while let Ok((stream, _)) = listener.accept().await {
        let Ok(stream) = acceptor.accept(stream).await else { continue };
        let known = stream.get_ref().1.peer_certificates().is_some();
        let service = service_fn(move |request: Request<Incoming>| {
            let fits = known || request.headers().get("authorization").is_some_and(|value| value == "Bearer good");
            let status = if fits { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
            let answer = Response::builder().status(status).body(Full::new(Bytes::from("{}")));
            async move { answer }
        });
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

#[tokio::test]
async fn kind_kubeadm_and_k3s_give_a_certificate() {
    let place = Place::new().await;
    let names = [
        ("kind-kind", "kind-kind", "kind-kind"),
        ("kubernetes", "kubernetes-admin", "kubernetes-admin@kubernetes"),
        ("default", "default", "default"),
    ];
    for (cluster, user, context) in names {
        let text = KIND.replace("NAME", cluster).replace("USER", user).replace("CONTEXT", context);
        assert_eq!(place.says(&text).await, StatusCode::OK, "{context}");
    }
    // The server does ask for it.
    let (without, _) = KIND.split_once("    client-certificate-data").unwrap();
    assert_eq!(place.says(&format!("{without}    username: ''\n")).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn minikube_names_files() {
    let place = Place::new().await;
    place.write(".minikube/ca.crt", &place.authority);
    place.write(".minikube/profiles/minikube/client.crt", &place.client.0);
    place.write(".minikube/profiles/minikube/client.key", &place.client.1);
    assert_eq!(place.says(MINIKUBE).await, StatusCode::OK);
    fs::remove_file(place.folder.path().join(".minikube/ca.crt")).unwrap();
    let error = place.connect(MINIKUBE).await.err().unwrap();
    assert!(error.to_string().contains(".minikube/ca.crt cannot be read"), "{error}");
}

#[tokio::test]
async fn eks_asks_aws() {
    let place = Place::new().await;
    let gives = place.plugin_that_gives("v1beta1", &json!({"token": "good"}));
    let arguments = "--region eu-west-1 eks get-token --cluster-name prod --output json";
    place.plugin(&format!("[ \"$*\" = '{arguments}' ] && [ \"$AWS_PROFILE\" = prod ] || exit 9\n{gives}"));
    assert_eq!(place.says(EKS).await, StatusCode::OK);
    place.plugin("echo >&2; echo 'Unable to locate credentials. You can configure them.' >&2; exit 253");
    let error = place.connect(EKS).await.err().unwrap();
    assert!(
        error
            .to_string()
            .ends_with("plugin failed (exit status: 253): Unable to locate credentials. You can configure them."),
        "{error}"
    );
}

#[tokio::test]
async fn gke_tells_its_plugin_about_the_cluster() {
    let place = Place::new().await;
    let gives =
        place.plugin_that_gives("v1beta1", &json!({"token": "good", "expirationTimestamp": "2099-01-01T00:00:00Z"}));
    let told = format!("*'\"certificate-authority-data\":'*'\"server\":\"{}\"'*", place.address);
    place.plugin(&format!("case \"$KUBERNETES_EXEC_INFO\" in {told}) ;; *) exit 9 ;; esac\n{gives}"));
    assert_eq!(place.says(GKE).await, StatusCode::OK);
    fs::remove_file(place.folder.path().join("plugin")).unwrap();
    let error = place.connect(GKE).await.err().unwrap();
    assert!(error.to_string().ends_with("plugin was not found"), "{error}");
    assert_eq!(error.hint(), "Install gke-gcloud-auth-plugin for use with kubectl");
}

#[tokio::test]
async fn aks_asks_kubelogin_or_has_it_all() {
    let place = Place::new().await;
    let gives = place.plugin_that_gives("v1beta1", &json!({"token": "good"}));
    place.plugin(&format!("[ \"$1\" = get-token ] && [ \"$7\" = devicecode ] || exit 9\n{gives}"));
    assert_eq!(place.says(AKS).await, StatusCode::OK);
    assert_eq!(place.says(AKS_ADMIN).await, StatusCode::OK);
}

#[tokio::test]
async fn openshift_and_rancher_give_a_token() {
    let place = Place::new().await;
    assert_eq!(place.says(OPENSHIFT).await, StatusCode::OK);
    assert_eq!(place.says(&OPENSHIFT.replace("token: good", "token: sha256~gone")).await, StatusCode::UNAUTHORIZED);
    let clients = place.connect(OPENSHIFT).await.unwrap();
    assert!(clients.about.insecure);
    assert_eq!(place.says(RANCHER).await, StatusCode::OK);
}

#[tokio::test]
async fn a_plugin_may_give_a_certificate() {
    let place = Place::new().await;
    let (certificate, key) = &place.client;
    let status = json!({"clientCertificateData": certificate, "clientKeyData": key});
    place.plugin(&place.plugin_that_gives("v1", &status));
    let v1 = EKS.replace("v1beta1", "v1");
    assert_eq!(place.says(&v1).await, StatusCode::OK);
    // Of another version than it was asked for.
    let error = place.connect(EKS).await.err().unwrap();
    assert!(
        error.to_string().contains("printed another version than the client.authentication.k8s.io/v1beta1"),
        "{error}"
    );
    place.plugin(&place.plugin_that_gives("v1", &json!({"clientCertificateData": "c", "clientKeyData": "k"})));
    let error = place.connect(&v1).await.err().unwrap();
    assert!(error.to_string().contains("TLS cannot be set up"), "{error}");
}

#[tokio::test]
async fn a_pod_speaks_as_its_account() {
    let place = Place::new().await;
    place.write("token", "good\n");
    place.write("ca.crt", &place.authority);
    let (host, port) = place.address.strip_prefix("https://").unwrap().split_once(':').unwrap();
    let (host, port) = (host.to_owned(), port.to_owned());
    let account = crate::cluster::kubeconfig::ServiceAccount { host, port, folder: place.folder.path().to_owned() };
    let config = Kubeconfig::load(&Source { pod: Some(account), ..Source::default() }).unwrap();
    let clients = connect(&config, &config.contexts[0].name, Options::default()).await.unwrap();
    assert_eq!(send(&clients.lanes.read, Method::GET, "/version").await.unwrap(), StatusCode::OK);
}
