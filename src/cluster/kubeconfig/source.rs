//! Where a kubeconfig may lie, as client-go looks for it (`clientcmd/loader.go`).

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where to look. Made from the environment once, so that tests can make their own.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// `--kubeconfig`: that file alone, and it must exist.
    pub flag: Option<PathBuf>,
    /// `KUBECONFIG`: a list of files, of which missing ones are skipped.
    pub list: Option<OsString>,
    /// The home folder with `.kube/config`.
    pub home: Option<PathBuf>,
    /// The service account of the pod we run in.
    pub pod: Option<ServiceAccount>,
}

/// What a pod knows about the cluster that it runs in.
#[derive(Debug, Clone)]
pub struct ServiceAccount {
    /// `KUBERNETES_SERVICE_HOST`.
    pub host: String,
    /// `KUBERNETES_SERVICE_PORT`.
    pub port: String,
    /// The folder with `token`, `ca.crt` and `namespace`.
    pub folder: PathBuf,
}

impl Source {
    /// The environment of this process, and the file that the command line names.
    pub fn from_env(flag: Option<PathBuf>) -> Self {
        Self { flag, list: env::var_os("KUBECONFIG"), home: home(), pod: ServiceAccount::from_env() }
    }

    /// The files to read, each once, in the order of their precedence.
    pub fn files(&self) -> Vec<PathBuf> {
        if let Some(flag) = &self.flag {
            return vec![flag.clone()];
        }
        let Some(list) = self.list.as_ref().filter(|list| !list.is_empty()) else {
            return self.home.iter().map(|home| home.join(".kube").join("config")).collect();
        };
        let mut files: Vec<PathBuf> = Vec::new();
        for file in env::split_paths(list).filter(|file| !file.as_os_str().is_empty()) {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }
}

impl ServiceAccount {
    /// The service account of this pod; `None` when we are not in one, as client-go decides it.
    pub fn from_env() -> Option<Self> {
        let full = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let folder = Path::new("/var/run/secrets/kubernetes.io/serviceaccount").to_owned();
        let (host, port) = (full("KUBERNETES_SERVICE_HOST")?, full("KUBERNETES_SERVICE_PORT")?);
        folder.join("token").is_file().then_some(Self { host, port, folder })
    }

    /// The URL of the API server.
    pub fn server(&self) -> String {
        if self.host.contains(':') {
            return format!("https://[{}]:{}", self.host, self.port);
        }
        format!("https://{}:{}", self.host, self.port)
    }
}

fn home() -> Option<PathBuf> {
    env::var_os("HOME").filter(|home| !home.is_empty()).map(PathBuf::from).or_else(env::home_dir)
}
