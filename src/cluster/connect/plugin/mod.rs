//! Credential plugins, run as client-go runs them (`plugin/pkg/client/auth/exec`), but away from the terminal unless somebody
//! gives it to them.

mod answer;
mod keeper;
mod policy;
mod process;
mod sign_ins;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use policy::Policy;
pub use sign_ins::SignIns;

use super::error::ConnectError;
use super::pem::to_base64;
use crate::cluster::kubeconfig::{Cluster, Exec};
use crate::text::safe;
use process::{Ended, Stopped};
use serde_json::{Value, json};
use std::io;
use tokio::process::Command;

const GROUP: &str = "client.authentication.k8s.io";
/// The extension of a cluster that is handed to plugins.
const EXTENSION: &str = "client.authentication.k8s.io/exec";

/// A plugin that may run, with all that it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    exec: Exec,
    version: String,
    cluster: Option<Value>,
    in_terminal: bool,
}

impl Plugin {
    /// Checks `exec` as client-go does, and `policy`.
    ///
    /// # Errors
    /// What is wrong with the entry, or what forbids it.
    pub fn new(exec: &Exec, cluster: &Cluster, policy: &Policy) -> Result<Self, ConnectError> {
        let version = check(exec).map_err(|problem| {
            let sentence = format!("the user's credential plugin {}{problem}", named(&exec.command));
            ConnectError::unusable(sentence, "correct `exec` of the user in the kubeconfig")
        })?;
        let forbidden = |sentence| ConnectError::unusable(sentence, "change credentialPluginPolicy in your kuberc");
        policy.check(&exec.command).map_err(forbidden)?;
        let cluster = exec.provide_cluster_info.then(|| cluster_info(cluster));
        Ok(Self { exec: exec.clone(), version, cluster, in_terminal: false })
    }

    /// The same with the terminal: it writes there, and reads keys unless it never does.
    pub fn in_terminal(self) -> Self {
        Self { in_terminal: true, ..self }
    }

    /// What tells it from other plugins: whatever could change its answer.
    fn key(&self) -> (&Exec, Option<&Value>) {
        (&self.exec, self.cluster.as_ref())
    }

    /// Its command, made safe.
    fn name(&self) -> String {
        safe(&self.exec.command).into_owned()
    }

    /// Runs it once; `heard` is told what it wrote to its standard error so far.
    ///
    /// # Errors
    /// Why there is no credential, with what it wrote to its standard error.
    pub async fn run(&self, heard: impl FnMut(Vec<String>)) -> Result<Answer, ConnectError> {
        let mode = self.exec.interactive_mode.as_deref();
        if mode == Some("Always") && !self.in_terminal {
            return Err(ConnectError::NeedsTerminal { command: self.name() });
        }
        let asks = self.in_terminal && mode != Some("Never");
        let mut command = Command::new(&self.exec.command);
        command.args(&self.exec.args).envs(self.exec.env.iter().map(|v| (&v.name, &v.value.0)));
        command.env("KUBERNETES_EXEC_INFO", self.info(asks).to_string());
        let ended = if self.in_terminal {
            process::run_in_terminal(command, asks).await
        } else {
            process::run(command, heard).await
        };
        let ended = ended.map_err(|error| self.not_started(&error))?;
        self.read(&ended).map_err(|what| ConnectError::Plugin {
            sentence: format!("the credential plugin {} {what}", self.name()),
            hint: self.hint(&ended),
            output: ended.errors,
        })
    }

    /// `KUBERNETES_EXEC_INFO`: what it is told about itself and the cluster.
    fn info(&self, interactive: bool) -> Value {
        let mut spec = json!({ "interactive": interactive });
        if let (Some(cluster), Some(spec)) = (&self.cluster, spec.as_object_mut()) {
            spec.insert("cluster".to_owned(), cluster.clone());
        }
        json!({ "kind": "ExecCredential", "apiVersion": self.version, "spec": spec })
    }

    /// What helps after it gave no credential.
    fn hint(&self, ended: &Ended) -> String {
        // What a shell says of a command that it does not find, or may not run.
        let missing = matches!(ended.outcome, Ok(status) if matches!(status.code(), Some(126 | 127)));
        match self.exec.install_hint.as_deref().filter(|_| missing) {
            Some(hint) => safe(hint.trim()).into_owned(),
            None => "give it the terminal, to see what it wants: `:sign-in` in rutter".to_owned(),
        }
    }

    fn read(&self, ended: &Ended) -> Result<Answer, String> {
        match &ended.outcome {
            Ok(status) if status.success() => Answer::parse(&ended.output, &self.version),
            Ok(status) => Err(format!("failed ({status})")),
            Err(Stopped::Late) => Err(format!("did not end within {} seconds", process::TIME_LIMIT.as_secs())),
            Err(Stopped::Flood) => Err("printed more than 1 MiB".to_owned()),
            Err(Stopped::Io(error)) => Err(format!("could not be watched: {error}")),
        }
    }

    fn not_started(&self, error: &io::Error) -> ConnectError {
        let command = safe(&self.exec.command);
        let sentence = match error.kind() {
            io::ErrorKind::NotFound => format!("the credential plugin {command} was not found"),
            _ => format!("the credential plugin {command} cannot be started: {error}"),
        };
        let hint = self.exec.install_hint.as_deref().unwrap_or("install it, or correct `exec.command` of the user");
        ConnectError::Plugin { sentence, hint: safe(hint.trim()).into_owned(), output: Vec::new() }
    }
}

fn named(command: &str) -> String {
    if command.is_empty() { String::new() } else { format!("{} ", safe(command)) }
}

/// The version of `exec`, when it is one that can be run.
fn check(exec: &Exec) -> Result<String, String> {
    let version = exec.api_version.as_deref().unwrap_or_default();
    let mode = exec.interactive_mode.as_deref();
    match (version.strip_prefix(GROUP), mode) {
        _ if exec.command.is_empty() => return Err("has no command".to_owned()),
        _ if version.is_empty() => return Err("has no apiVersion".to_owned()),
        _ if exec.env.iter().any(|variable| variable.name.is_empty()) => {
            return Err("has an env without a name".to_owned());
        }
        (Some("/v1alpha1"), _) => return Err("is of v1alpha1, which nothing speaks since Kubernetes 1.24".to_owned()),
        (Some("/v1"), None) => return Err("has no interactiveMode".to_owned()),
        (Some("/v1" | "/v1beta1"), None | Some("Never" | "IfAvailable" | "Always")) => {}
        (Some("/v1" | "/v1beta1"), Some(mode)) => return Err(format!("has an unknown interactiveMode {}", safe(mode))),
        _ => return Err(format!("has an unknown apiVersion {}", safe(version))),
    }
    Ok(version.to_owned())
}

/// What a plugin is told about the cluster.
fn cluster_info(cluster: &Cluster) -> Value {
    let file = cluster.certificate_authority.as_ref().and_then(|file| std::fs::read(file).ok());
    let authority = cluster.certificate_authority_data.clone().or_else(|| file.map(|bytes| to_base64(&bytes)));
    let config = cluster.extensions.iter().find(|extension| extension.name == EXTENSION);
    let mut info = json!({
        "server": cluster.server,
        "tls-server-name": cluster.tls_server_name,
        "insecure-skip-tls-verify": cluster.insecure_skip_tls_verify.then_some(true),
        "certificate-authority-data": authority,
        "proxy-url": cluster.proxy_url.as_ref().map(|proxy| &proxy.0),
        "config": config.map(|extension| &extension.extension),
    });
    if let Some(fields) = info.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    info
}
