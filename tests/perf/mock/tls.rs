//! A certificate authority for one run, and the kubeconfig that trusts it.

use crate::error::Result;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// What clients send to be let in. It guards made-up pods on loopback, so it need not be secret.
pub const TOKEN: &str = "rutter-perf";

/// Makes an authority, writes its certificate to `ca.crt` in `dir`, and gives an acceptor for 127.0.0.1.
///
/// # Errors
/// When the file cannot be written or a key cannot be made.
pub fn acceptor(dir: &Path) -> Result<TlsAcceptor> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    authority.distinguished_name.push(DnType::CommonName, "rutter perf authority");
    let authority_key = KeyPair::generate()?;
    std::fs::write(dir.join("ca.crt"), authority.self_signed(&authority_key)?.pem())?;
    let mut server = CertificateParams::new(vec!["127.0.0.1".to_owned(), "localhost".to_owned()])?;
    server.distinguished_name.push(DnType::CommonName, "rutter perf");
    let key = KeyPair::generate()?;
    let certificate = server.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Writes `kubeconfig` for a server on `port` into `dir`.
///
/// # Errors
/// When the file cannot be written.
pub fn kubeconfig(dir: &Path, port: u16) -> Result<PathBuf> {
    let path = dir.join("kubeconfig");
    let text = serde_json::json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "perf",
        "clusters": [{"name": "perf", "cluster": {
            "server": format!("https://127.0.0.1:{port}"),
            "certificate-authority": dir.join("ca.crt"),
        }}],
        "users": [{"name": "perf", "user": {"token": TOKEN}}],
        "contexts": [{"name": "perf", "context": {"cluster": "perf", "user": "perf"}}],
    });
    std::fs::write(&path, serde_json::to_vec_pretty(&text)?)?;
    Ok(path)
}
