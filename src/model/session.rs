//! `Session`: what is known about one context: is it reachable, which server, who are we.

use crate::kinds::Server;

/// One context of the kubeconfig.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    /// Name of its cluster.
    pub cluster: String,
    /// Name of its user.
    pub user: String,
    /// The namespace that the context names, else `default`.
    pub namespace: String,
    /// Why it cannot be used, when the kubeconfig says nonsense about it.
    pub broken: Option<String>,
    /// How far the connection is.
    pub state: SessionState,
    /// Whether the settings call it production.
    pub production: bool,
    /// Why nothing may be changed in it; `None` when changes are allowed.
    pub read_only: Option<ReadOnlyBy>,
    /// What deserves a badge: TLS is not verified, somebody is impersonated.
    pub badges: Vec<String>,
    /// Namespaces that were typed or seen: they are offered even where they may not be listed.
    pub namespaces: Vec<String>,
    /// Whom the server takes us for: `None` when it was not asked, `""` while it does not say.
    pub identity: Option<String>,
    /// What was sent and what came back, as far as somebody looks at it.
    pub traffic: Traffic,
}

/// What passed between us and a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Requests that were sent.
    pub requests: u64,
    /// Bytes of their answers, packed as they came.
    pub bytes: u64,
}

/// Who made a context read-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnlyBy {
    /// The command line: that is not taken back while the program runs.
    CommandLine,
    /// The settings.
    Settings,
    /// The person, while the program runs.
    Person,
}

impl ReadOnlyBy {
    /// Why nothing is changed, as a sentence.
    pub const fn why(self) -> &'static str {
        match self {
            Self::CommandLine => "read-only: the command line said --read-only",
            Self::Settings => "read-only: the settings say so for this context; :read-only switches",
            Self::Person => "read-only: you switched it on; :read-only switches",
        }
    }
}

/// How far the connection to a cluster is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SessionState {
    /// Nobody asked for it yet.
    #[default]
    Unused,
    /// Being connected.
    Connecting,
    /// Waiting for a credential plugin.
    SigningIn {
        /// Which one, and what it says so far, line by line.
        says: Vec<String>,
    },
    /// Usable.
    Ready {
        /// Version as the server says, e.g. `v1.36.3`.
        version: String,
        /// What of it changes how objects are shown.
        server: Server,
    },
    /// It could not be connected.
    Failed {
        /// Why.
        sentence: String,
        /// What to do.
        hint: String,
    },
}

impl Session {
    /// What of the server changes how objects are shown.
    pub fn server(&self) -> Server {
        match &self.state {
            SessionState::Ready { server, .. } => *server,
            _ => Server::default(),
        }
    }

    /// Remembers a namespace.
    pub fn remember_namespace(&mut self, name: &str) {
        if !name.is_empty() && !self.namespaces.iter().any(|known| known == name) {
            self.namespaces.push(name.to_owned());
            self.namespaces.sort();
        }
    }
}
