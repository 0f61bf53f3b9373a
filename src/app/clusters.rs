//! Where clients come from: the contexts of a kubeconfig, or the demo.

use crate::cluster::connect::{Lanes, Options, ReadOnly, SignIns, connect};
use crate::cluster::kubeconfig::Kubeconfig;
use crate::cluster::{Connected, Unreachable};
use crate::config::Settings;
use crate::demo;
use crate::model::{ReadOnlyBy, Session};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// The clusters that can be looked at.
#[derive(Clone)]
pub enum Clusters {
    /// Those of the kubeconfig, and in which of them nothing may be changed.
    Kubeconfig(Arc<Kubeconfig>, Options, ReadOnlyContexts),
    /// The one in memory, and whether nothing may be changed in it.
    Demo(demo::Cluster, ReadOnlyContexts),
}

/// The contexts in which nothing but reads may leave the program.
#[derive(Debug, Clone, Default)]
pub struct ReadOnlyContexts {
    /// All of them: the command line said so.
    pub all: bool,
    /// Those that the settings name.
    pub settings: Arc<Settings>,
}

impl ReadOnlyContexts {
    fn includes(&self, context: &str) -> bool {
        self.all || self.settings.is_readonly(context)
    }

    fn by_command_line(&self) -> Option<ReadOnlyBy> {
        self.all.then_some(ReadOnlyBy::CommandLine)
    }
}

/// Name of the demo's context.
pub const DEMO: &str = "demo";

impl Clusters {
    /// Those of `kubeconfig`.
    pub fn of(kubeconfig: Kubeconfig, read_only: ReadOnlyContexts) -> Self {
        Self::Kubeconfig(Arc::new(kubeconfig), Options::from_env(SignIns::start()), read_only)
    }

    /// The contexts, and which one is current.
    pub fn sessions(&self) -> (BTreeMap<String, Session>, Option<Rc<str>>) {
        match self {
            Self::Kubeconfig(config, _, only) => {
                let settled = |context| Session { read_only: only.by_command_line(), ..session(context) };
                let sessions = config.contexts.iter().map(|context| (context.name.clone(), settled(context)));
                (sessions.collect(), config.current.as_deref().map(Rc::from))
            }
            Self::Demo(_, only) => {
                let session = Session {
                    cluster: "in memory".into(),
                    namespace: "default".into(),
                    read_only: only.by_command_line(),
                    ..Session::default()
                };
                (BTreeMap::from([(DEMO.to_owned(), session)]), Some(Rc::from(DEMO)))
            }
        }
    }

    /// Connects to a context and asks the server for its version. What the server warns of later goes to `warnings`.
    ///
    /// # Errors
    /// When it cannot be reached, in a sentence with a hint.
    pub async fn connect(self, context: String, warnings: Option<Sender<String>>) -> Result<Connected, Unreachable> {
        match self {
            Self::Kubeconfig(config, options, only) => {
                let options = Options { read_only: ReadOnly::new(only.includes(&context)), warnings, ..options };
                let clients = connect(&config, &context, options)
                    .await
                    .map_err(|error| Unreachable { sentence: error.to_string(), hint: error.hint() })?;
                let badges = [
                    clients.about.insecure.then(|| "TLS NOT VERIFIED".to_owned()),
                    clients.about.plain.then(|| "NOT ENCRYPTED".to_owned()),
                    clients.about.acts_as.as_ref().map(|user| format!("as {user}")),
                ];
                Connected::greet(clients.lanes, badges.into_iter().flatten().collect()).await
            }
            Self::Demo(cluster, only) => {
                let lanes = Lanes::over(&cluster.client(), ReadOnly::new(only.includes(&context)));
                Connected::greet(lanes, Vec::new()).await
            }
        }
    }
}

/// What the kubeconfig says about a context.
fn session(context: &crate::cluster::kubeconfig::ContextEntry) -> Session {
    Session {
        cluster: context.cluster.clone(),
        user: context.user.clone(),
        namespace: context.namespace.clone().unwrap_or_else(|| "default".to_owned()),
        broken: context.broken.clone(),
        ..Session::default()
    }
}
