//! Where programs are measured: the cluster, how it is reached, and what is known of its pods.

use crate::error::{Error, Result};
use crate::rutter::{BINARY, thousands};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A cluster to measure on.
pub struct Place {
    /// The kubeconfig that leads to it.
    pub kubeconfig: PathBuf,
    /// How many pods it has.
    pub count: u64,
    /// A part of the names of pods that are not on the first screen.
    pub needle: String,
    /// The binary of rutter.
    pub rutter: String,
    server: String,
    /// Matches the names of namespaces.
    namespaces: String,
    /// Files for programs: an empty home, and what curl has to know.
    dir: TempDir,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Kubeconfig {
    current_context: String,
    contexts: Vec<NamedContext>,
    clusters: Vec<NamedCluster>,
    users: Vec<NamedUser>,
}

#[derive(Deserialize)]
struct NamedContext {
    name: String,
    context: Context,
}

#[derive(Deserialize)]
struct Context {
    cluster: String,
    user: String,
}

#[derive(Deserialize)]
struct NamedCluster {
    name: String,
    cluster: Cluster,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Cluster {
    server: String,
    certificate_authority: Option<PathBuf>,
    certificate_authority_data: Option<String>,
}

#[derive(Deserialize)]
struct NamedUser {
    name: String,
    user: User,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct User {
    token: Option<String>,
    client_certificate: Option<PathBuf>,
    client_certificate_data: Option<String>,
    client_key: Option<PathBuf>,
    client_key_data: Option<String>,
}

/// What a page of pods says.
#[derive(Deserialize)]
struct Pods {
    metadata: Meta,
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Meta,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Meta {
    name: String,
    namespace: String,
    remaining_item_count: u64,
}

impl Place {
    /// Learns from the cluster what has to be known.
    ///
    /// # Errors
    /// When the kubeconfig cannot be used, or the cluster does not answer.
    pub fn of(kubeconfig: &Path, rutter: Option<&str>) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        std::fs::create_dir(dir.path().join("home"))?;
        let server = curl_config(kubeconfig, dir.path())?;
        let mut place = Self {
            kubeconfig: kubeconfig.to_owned(),
            rutter: rutter.unwrap_or(BINARY).to_owned(),
            server,
            dir,
            count: 0,
            needle: String::new(),
            namespaces: String::new(),
        };
        let pods = place.pods()?;
        let last = pods.items.last().ok_or("the cluster has no pods")?;
        place.count = pods.items.len() as u64 + pods.metadata.remaining_item_count;
        place.needle =
            last.metadata.name.chars().take(last.metadata.name.chars().count().saturating_sub(6).max(4)).collect();
        let names: BTreeSet<String> = pods.items.iter().map(|item| regex::escape(&item.metadata.namespace)).collect();
        place.namespaces = format!("(?:{})", names.into_iter().collect::<Vec<_>>().join("|"));
        Ok(place)
    }

    /// The first pods: what a screen can show without scrolling, and some more.
    fn pods(&self) -> Result<Pods> {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--fail", "--config"]).arg(self.dir.path().join("curl"));
        let output = command.arg(format!("{}/api/v1/pods?limit=200", self.server)).output()?;
        if !output.status.success() {
            return Err(format!("curl: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// A text with what this run knows in place of `{…}`.
    pub fn fill(&self, text: &str) -> String {
        let dir = |name: &str| self.dir.path().join(name).display().to_string();
        let known = [
            ("{kubeconfig}", self.kubeconfig.display().to_string()),
            ("{server}", self.server.clone()),
            ("{curl}", dir("curl")),
            ("{home}", dir("home")),
            ("{rutter}", self.rutter.clone()),
            ("{namespaces}", self.namespaces.clone()),
            ("{count}", self.count.to_string()),
            ("{thousands}", thousands(self.count)),
        ];
        known.iter().fold(text.to_owned(), |text, (hole, value)| text.replace(hole, value))
    }

    /// A place that leads nowhere, for tests.
    #[cfg(test)]
    pub fn example(count: u64) -> Self {
        let (namespaces, needle) = (r"(?:tenant-\d{4})".to_owned(), "search-worker".to_owned());
        let (kubeconfig, dir) = (PathBuf::from("kubeconfig"), tempfile::tempdir().unwrap());
        Self { kubeconfig, count, needle, rutter: BINARY.to_owned(), server: "https://x".to_owned(), namespaces, dir }
    }
}

/// Writes what curl has to know into `curl` in `dir`, and gives the address of the server.
fn curl_config(kubeconfig: &Path, dir: &Path) -> Result<String> {
    let text = std::fs::read_to_string(kubeconfig).map_err(|error| format!("{}: {error}", kubeconfig.display()))?;
    let config: Kubeconfig = serde_yaml::from_str(&text)?;
    let lost = |what: &str| Error::from(format!("{} has no {what}", kubeconfig.display()));
    let context = config.contexts.into_iter().find(|it| it.name == config.current_context);
    let context = context.ok_or_else(|| lost("current context"))?.context;
    let cluster = config.clusters.into_iter().find(|it| it.name == context.cluster).ok_or_else(|| lost("cluster"))?;
    let user = config.users.into_iter().find(|it| it.name == context.user).ok_or_else(|| lost("user"))?.user;
    let Cluster { server, certificate_authority, certificate_authority_data } = cluster.cluster;
    let base = kubeconfig.parent().unwrap_or(Path::new(""));
    let mut lines = Vec::new();
    let mut file = |option: &str, path: Option<PathBuf>, data: Option<String>| -> Result<()> {
        let path = match (path, data) {
            (_, Some(data)) => {
                let path = dir.join(option);
                std::fs::write(&path, STANDARD.decode(data.trim())?)?;
                path
            }
            (Some(path), None) => base.join(path),
            (None, None) => return Ok(()),
        };
        lines.push(format!("{option} = \"{}\"", path.display()));
        Ok(())
    };
    file("cacert", certificate_authority, certificate_authority_data)?;
    file("cert", user.client_certificate, user.client_certificate_data)?;
    file("key", user.client_key, user.client_key_data)?;
    lines.extend(user.token.map(|token| format!("header = \"Authorization: Bearer {token}\"")));
    std::fs::write(dir.join("curl"), lines.join("\n") + "\n")?;
    Ok(server)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_curl_has_to_know_comes_from_the_kubeconfig() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("kubeconfig");
        let text = "current-context: b\ncontexts: [{name: b, context: {cluster: c, user: u}}]\n\
                    clusters: [{name: c, cluster: {server: 'https://x:1', certificate-authority-data: YQ==}}]\n\
                    users: [{name: u, user: {client-certificate: own.crt, client-key: own.key, token: t}}]\n";
        std::fs::write(&path, text).unwrap();
        assert_eq!(curl_config(&path, dir.path()).unwrap(), "https://x:1");
        let written = std::fs::read_to_string(dir.path().join("curl")).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert!(
            lines[0].starts_with("cacert = ") && lines[1].ends_with("/own.crt\"") && lines[2].starts_with("key = ")
        );
        assert_eq!(lines[3], "header = \"Authorization: Bearer t\"");
        assert_eq!(std::fs::read(dir.path().join("cacert")).unwrap(), b"a");
        assert!(Place::of(Path::new("none"), None).is_err());
    }
}
