//! From entries of the kubeconfig to kube's `Config`, after the checks that client-go makes
//! (`clientcmd/validation.go`) and some stricter ones.

use super::error::ConnectError;
use super::pem::{certificates, from_base64, to_base64};
use crate::cluster::kubeconfig::{Cluster, Exec, Secret, User};
use crate::text::safe;
use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};
use kube::Config;
use kube::config::AuthInfo;
use serde_json::json;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::Path;

/// How rutter names itself to servers.
const USER_AGENT: &str = concat!("rutter/", env!("CARGO_PKG_VERSION"));

/// The URL of the API server. Without a scheme it is https if anything speaks of TLS, else http, as for client-go
/// (`rest/url_utils.go`).
///
/// # Errors
/// When there is none, or it is no URL.
fn server(cluster: &Cluster, user: &User) -> Result<Uri, ConnectError> {
    let text = cluster.server.as_deref().unwrap_or_default();
    let authority = cluster.certificate_authority.is_some() || cluster.certificate_authority_data.is_some();
    let certificate = user.client_certificate.is_some() || user.client_certificate_data.is_some();
    let scheme = if authority || certificate || cluster.insecure_skip_tls_verify { "https" } else { "http" };
    let full = if text.contains("://") { text.to_owned() } else { format!("{scheme}://{text}") };
    let usable = |uri: &Uri| {
        let host = uri.host().is_some_and(|host| !host.is_empty());
        // A name or password in the URL would be shown with it.
        host && !full.contains('@') && matches!(uri.scheme_str(), Some("http" | "https"))
    };
    full.parse::<Uri>().ok().filter(usable).ok_or_else(|| {
        let shown = text.rsplit('@').next().unwrap_or_default();
        let sentence = format!("the cluster's server {} is not a plain http or https URL", safe(shown));
        ConnectError::unusable(sentence, "correct `server` of the cluster in the kubeconfig")
    })
}

/// kube's configuration for `cluster` and the certificates of `user`; tokens and headers are not in it.
///
/// # Errors
/// When they contradict themselves, or a file of theirs cannot be read.
pub async fn config(cluster: &Cluster, user: &User) -> Result<Config, ConnectError> {
    let mut config = Config::new(server(cluster, user)?);
    config.default_retry = false;
    config.disable_compression = true;
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify;
    config.tls_server_name.clone_from(&cluster.tls_server_name);
    config.root_cert = authority(cluster).await?;
    config.root_cert_file.clone_from(&cluster.certificate_authority);
    if let Some((certificate, key)) = client_certificate(user).await? {
        config.auth_info = auth_info(&certificate, &key);
    }
    Ok(config)
}

/// The trusted authorities in DER; `None` when the system's are meant.
async fn authority(cluster: &Cluster) -> Result<Option<Vec<Vec<u8>>>, ConnectError> {
    let wrong = |what: &str| {
        let sentence = format!("the cluster's certificate authority {what}");
        ConnectError::unusable(sentence, "look at `certificate-authority` of the cluster in the kubeconfig")
    };
    let pem = match (&cluster.certificate_authority, &cluster.certificate_authority_data) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(wrong("is given twice, as a file and as data")),
        (Some(file), None) => read(file).await?,
        (None, Some(data)) => from_base64(data).ok_or_else(|| wrong("is not base64"))?,
    };
    if cluster.insecure_skip_tls_verify {
        return Err(wrong("is given, and insecure-skip-tls-verify says not to use it: remove one"));
    }
    certificates(&pem).map(Some).ok_or_else(|| wrong("holds no certificate"))
}

/// Certificate and key of `user` in PEM.
async fn client_certificate(user: &User) -> Result<Option<(String, Secret)>, ConnectError> {
    let certificate =
        either("client-certificate", user.client_certificate.as_deref(), user.client_certificate_data.as_deref());
    let key_data = user.client_key_data.as_ref().map(|key| key.0.as_str());
    let key = either("client-key", user.client_key.as_deref(), key_data);
    match (certificate.await?, key.await?) {
        (Some(certificate), Some(key)) => Ok(Some((certificate, Secret(key)))),
        (Some(_), None) => Err(ConnectError::unusable("the user has a client certificate without its key", "")),
        _ => Ok(None),
    }
}

/// The PEM text that is given as a file or as data; nothing when neither is.
async fn either(what: &str, file: Option<&Path>, data: Option<&str>) -> Result<Option<String>, ConnectError> {
    let wrong = |problem: &str| ConnectError::unusable(format!("the user's {what} {problem}"), "");
    let bytes = match (file, data) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(wrong("is given twice, as a file and as data")),
        (Some(file), None) => read(file).await?,
        (None, Some(data)) => from_base64(data).ok_or_else(|| wrong("is not base64"))?,
    };
    String::from_utf8(bytes).map(Some).map_err(|_| wrong("is not PEM"))
}

async fn read(file: &Path) -> Result<Vec<u8>, ConnectError> {
    tokio::fs::read(file).await.map_err(|error| {
        let name = file.display().to_string();
        ConnectError::unusable(format!("{} cannot be read: {error}", safe(&name)), "the kubeconfig names this file")
    })
}

/// kube's form of a client certificate. It goes through serde because kube's secret type is not ours to name.
pub fn auth_info(certificate: &str, key: &Secret) -> AuthInfo {
    let fields = json!({
        "client-certificate-data": to_base64(certificate.as_bytes()),
        "client-key-data": to_base64(key.0.as_bytes()),
    });
    serde_json::from_value(fields).unwrap_or_default()
}

/// How a user proves who they are.
pub enum Method<'a> {
    /// Not at all, or by a client certificate.
    None,
    /// By the token in a file; the other one is used until the file can be read.
    File(&'a Path, Option<&'a Secret>),
    /// By a token.
    Token(&'a Secret),
    /// By name and password.
    Basic(&'a str, &'a Secret),
    /// By what a plugin prints.
    Plugin(&'a Exec),
}

/// The one way in which `user` proves who they are.
///
/// # Errors
/// When there are several that contradict each other, or only one that clients no longer have.
pub fn method(user: &User) -> Result<Method<'_>, ConnectError> {
    const NOTHING: &Secret = &Secret(String::new());
    let basic = user.username.is_some() || user.password.is_some();
    if user.exec.is_some() && user.auth_provider.is_some() {
        return Err(ConnectError::unusable("the user has both a credential plugin and an auth-provider", "remove one"));
    }
    match (&user.token_file, &user.token, &user.exec, &user.auth_provider) {
        (_, Some(_), _, _) if basic => {
            Err(ConnectError::unusable("the user has both a token and a password", "remove one of them"))
        }
        (Some(file), token, _, _) => Ok(Method::File(file, token.as_ref())),
        (None, Some(token), _, _) => Ok(Method::Token(token)),
        _ if basic => {
            let name = user.username.as_deref().unwrap_or_default();
            Ok(Method::Basic(name, user.password.as_ref().unwrap_or(NOTHING)))
        }
        (None, None, Some(exec), _) => Ok(Method::Plugin(exec)),
        (None, None, None, Some(provider)) => Err(legacy(&provider.name)),
        (None, None, None, None) => Ok(Method::None),
    }
}

/// What to do instead of the auth-provider `name`, which kubectl dropped in 1.26.
fn legacy(name: &str) -> ConnectError {
    let hint = match name {
        "azure" => "run `kubelogin convert-kubeconfig` (Azure's kubelogin)",
        "gcp" => "install gke-gcloud-auth-plugin and run `gcloud container clusters get-credentials` again",
        "oidc" => "use the plugin kubelogin (`kubectl oidc-login setup`)",
        _ => "use a credential plugin (`exec`) instead",
    };
    let sentence = format!("the user signs in by the auth-provider {}, which is no longer supported", safe(name));
    ConnectError::unusable(sentence, hint)
}

/// The headers of every request: who rutter is, and whom `user` acts as.
///
/// # Errors
/// When facts about an impersonated user are given without the user, or do not fit into a header.
pub fn headers(user: &User) -> Result<HeaderMap, ConnectError> {
    let mut headers = HeaderMap::new();
    headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
    let more =
        user.impersonate_uid.is_some() || !user.impersonate_groups.is_empty() || !user.impersonate_extra.is_empty();
    if more && user.impersonate.is_none() {
        let sentence = "the user has as-uid, as-groups or as-user-extra without `as`";
        return Err(ConnectError::unusable(sentence, "name the user to act as"));
    }
    let extra = user.impersonate_extra.iter().flat_map(|(key, values)| values.iter().map(move |value| (key, value)));
    let pairs = user.impersonate.iter().map(|name| ("impersonate-user".to_owned(), name));
    let pairs = pairs.chain(user.impersonate_uid.iter().map(|uid| ("impersonate-uid".to_owned(), uid)));
    let pairs = pairs.chain(user.impersonate_groups.iter().map(|group| ("impersonate-group".to_owned(), group)));
    for (name, value) in pairs.chain(extra.map(|(key, value)| (extra_header(key), value))) {
        let wrong = || ConnectError::unusable("the user to act as does not fit into a header", "");
        let name = HeaderName::try_from(name).map_err(|_| wrong())?;
        headers.append(name, HeaderValue::from_str(value).map_err(|_| wrong())?);
    }
    Ok(headers)
}

/// `impersonate-extra-` and the key, percent-encoded where a header's name cannot hold it (client-go
/// `transport/round_trippers.go`).
fn extra_header(key: &str) -> String {
    let mut name = "impersonate-extra-".to_owned();
    for byte in key.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte) {
            name.push(char::from(byte));
        } else {
            let _ = write!(name, "%{byte:02X}");
        }
    }
    name
}

/// Whether credentials may go to `server`: over TLS, or to this machine itself.
pub fn may_carry_credentials(server: &Uri) -> bool {
    let host = server.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    server.scheme_str() == Some("https") || here
}
