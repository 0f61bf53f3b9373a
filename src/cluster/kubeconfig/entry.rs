//! The entries of a kubeconfig, with the fields that connecting needs; other keys are skipped.
//!
//! As in client-go, an empty string and an absent key are the same.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

/// Text that never shows in debug output or errors.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A context: which cluster, as whom, in which namespace.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Context {
    /// Name of a cluster entry.
    #[serde(deserialize_with = "text")]
    pub cluster: Option<String>,
    /// Name of a user entry.
    #[serde(deserialize_with = "text")]
    pub user: Option<String>,
    /// Namespace to begin in.
    #[serde(deserialize_with = "text")]
    pub namespace: Option<String>,
}

/// A cluster: where its API server is and how to trust it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Cluster {
    /// URL of the API server.
    #[serde(deserialize_with = "text")]
    pub server: Option<String>,
    /// The name that the server's certificate must have, when it is not the host of the URL.
    #[serde(deserialize_with = "text")]
    pub tls_server_name: Option<String>,
    /// Whether any certificate is taken.
    #[serde(deserialize_with = "or_default")]
    pub insecure_skip_tls_verify: bool,
    /// File with the certificates of the authority.
    #[serde(deserialize_with = "path")]
    pub certificate_authority: Option<PathBuf>,
    /// The same in base64.
    #[serde(deserialize_with = "text")]
    pub certificate_authority_data: Option<String>,
    /// The proxy to use, instead of the one in the environment. It may hold a password.
    #[serde(deserialize_with = "secret")]
    pub proxy_url: Option<Secret>,
    /// Extra data by name; `client.authentication.k8s.io/exec` is handed to credential plugins.
    #[serde(deserialize_with = "or_default")]
    pub extensions: Vec<Extension>,
}

/// Extra data of a cluster.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Extension {
    /// Whose it is.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Anything.
    pub extension: serde_json::Value,
}

/// A user: the ways to prove who one is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct User {
    /// Bearer token.
    #[serde(deserialize_with = "secret")]
    pub token: Option<Secret>,
    /// File with the bearer token, which is used instead of `token`.
    #[serde(rename = "tokenFile", deserialize_with = "path")]
    pub token_file: Option<PathBuf>,
    /// File with the client certificate.
    #[serde(deserialize_with = "path")]
    pub client_certificate: Option<PathBuf>,
    /// The same in base64.
    #[serde(deserialize_with = "text")]
    pub client_certificate_data: Option<String>,
    /// File with the key of the client certificate.
    #[serde(deserialize_with = "path")]
    pub client_key: Option<PathBuf>,
    /// The same in base64.
    #[serde(deserialize_with = "secret")]
    pub client_key_data: Option<Secret>,
    /// Name for basic authentication.
    #[serde(deserialize_with = "text")]
    pub username: Option<String>,
    /// Password for basic authentication.
    #[serde(deserialize_with = "secret")]
    pub password: Option<Secret>,
    /// User to act as.
    #[serde(rename = "as", deserialize_with = "text")]
    pub impersonate: Option<String>,
    /// UID to act as.
    #[serde(rename = "as-uid", deserialize_with = "text")]
    pub impersonate_uid: Option<String>,
    /// Groups to act in.
    #[serde(rename = "as-groups", deserialize_with = "or_default")]
    pub impersonate_groups: Vec<String>,
    /// Further facts about the user to act as.
    #[serde(rename = "as-user-extra", deserialize_with = "or_default")]
    pub impersonate_extra: BTreeMap<String, Vec<String>>,
    /// A legacy provider that clients had built in once.
    #[serde(deserialize_with = "or_default")]
    pub auth_provider: Option<AuthProvider>,
    /// A credential plugin.
    #[serde(deserialize_with = "or_default")]
    pub exec: Option<Exec>,
}

/// A legacy provider, of which only the name is of interest.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AuthProvider {
    /// `gcp`, `azure`, `oidc`, …
    #[serde(deserialize_with = "or_default")]
    pub name: String,
}

/// A credential plugin: a command that prints an `ExecCredential`.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Exec {
    /// The command; it is looked up in `PATH` when it has no separator.
    #[serde(deserialize_with = "or_default")]
    pub command: String,
    /// Its arguments.
    #[serde(deserialize_with = "or_default")]
    pub args: Vec<String>,
    /// Its environment, on top of ours.
    #[serde(deserialize_with = "or_default")]
    pub env: Vec<Variable>,
    /// `client.authentication.k8s.io/v1` or `…/v1beta1`.
    #[serde(deserialize_with = "text")]
    pub api_version: Option<String>,
    /// Never, `IfAvailable` or Always.
    #[serde(deserialize_with = "text")]
    pub interactive_mode: Option<String>,
    /// What to tell when the command is missing.
    #[serde(deserialize_with = "text")]
    pub install_hint: Option<String>,
    /// Whether the plugin is told about the cluster.
    #[serde(deserialize_with = "or_default")]
    pub provide_cluster_info: bool,
}

impl fmt::Debug for Exec {
    /// Without arguments and environment, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exec").field("command", &self.command).finish_non_exhaustive()
    }
}

/// An environment variable for a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Variable {
    /// Its name.
    #[serde(deserialize_with = "or_default")]
    pub name: String,
    /// Its value.
    #[serde(deserialize_with = "or_default")]
    pub value: Secret,
}

impl Cluster {
    /// Makes relative paths begin at `folder`, where the file lies that names them.
    pub fn resolve(&mut self, folder: &Path) {
        resolve(&mut self.certificate_authority, folder);
    }
}

impl User {
    /// Makes relative paths begin at `folder`. A plugin's command is a path only if it has a separator.
    pub fn resolve(&mut self, folder: &Path) {
        resolve(&mut self.token_file, folder);
        resolve(&mut self.client_certificate, folder);
        resolve(&mut self.client_key, folder);
        if let Some(exec) = &mut self.exec
            && exec.command.contains(std::path::is_separator)
        {
            exec.command = folder.join(&exec.command).to_string_lossy().into_owned();
        }
    }
}

fn resolve(path: &mut Option<PathBuf>, folder: &Path) {
    *path = path.take().map(|path| folder.join(path));
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty()))
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(text(deserializer)?.map(Secret))
}

fn path<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    Ok(text(deserializer)?.map(PathBuf::from))
}

/// Null is the same as absent.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
