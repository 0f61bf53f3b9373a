//! The first question to a server: which version it is.

use super::connect::Lanes;
use super::watch::cause;
use crate::kinds::Server;
use crate::text::safe;
use serde::Deserialize;
use tokio::sync::{mpsc, watch};

/// What is known of a server, as soon as it has said it.
pub type Greeting = watch::Receiver<Option<Server>>;

/// The way to a server that has not answered yet: what need not know it can be asked at once.
#[derive(Clone)]
pub struct Ahead {
    /// How requests leave.
    pub lanes: Lanes,
    /// What it will say of itself.
    pub greeting: Greeting,
}

impl std::fmt::Debug for Ahead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ahead")
    }
}

impl PartialEq for Ahead {
    fn eq(&self, other: &Self) -> bool {
        self.greeting.same_channel(&other.greeting)
    }
}

/// A context that can be used.
#[derive(Clone)]
pub struct Connected {
    /// How requests leave.
    pub lanes: Lanes,
    /// Version as the server says, e.g. `v1.36.3`.
    pub version: String,
    /// What of it changes how objects are shown.
    pub server: Server,
    /// What deserves a badge.
    pub badges: Vec<String>,
}

impl std::fmt::Debug for Connected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connected({})", self.version)
    }
}

impl PartialEq for Connected {
    fn eq(&self, other: &Self) -> bool {
        self.version == other.version && self.badges == other.badges
    }
}

/// Why a context cannot be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// What happened.
    pub sentence: String,
    /// What to do.
    pub hint: String,
}

/// The answer of `/version`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Version {
    minor: String,
    git_version: String,
}

impl Connected {
    /// Asks the server behind `lanes` for its version, and tells before that how to ask it for more: the first list need
    /// not wait for a round trip. Those who may not ask are not kept out: the version is then unknown.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn greet(
        lanes: Lanes,
        badges: Vec<String>,
        ahead: Option<mpsc::Sender<Ahead>>,
    ) -> Result<Self, Unreachable> {
        let (known, greeting) = watch::channel(None);
        if let Some(ahead) = ahead {
            // Who does not listen any more needs no list.
            let _ = ahead.send(Ahead { lanes: lanes.clone(), greeting }).await;
        }
        let request = http::Request::get("/version").body(Vec::new()).map_err(|error| unreachable(&error))?;
        let version = match lanes.read.request::<Version>(request).await {
            Ok(version) => version,
            Err(kube::Error::Api(status)) if status.code == 403 || status.code == 404 => Version::default(),
            Err(error) => return Err(unreachable(&error)),
        };
        // Providers append a sign: "28+".
        let digits: String = version.minor.chars().take_while(char::is_ascii_digit).collect();
        let server = Server { minor: digits.parse().unwrap_or_default() };
        known.send_replace(Some(server));
        Ok(Self { lanes, version: safe(&version.git_version).into_owned(), server, badges })
    }
}

/// The innermost cause says what a person can act on: "connection refused".
fn unreachable(error: &(dyn std::error::Error + 'static)) -> Unreachable {
    Unreachable {
        sentence: format!("cannot reach the API server: {}", cause(error)),
        hint: "check the network, the VPN and the address in the kubeconfig".to_owned(),
    }
}
