//! Where clients come from: the contexts of a kubeconfig, or the demo.

use crate::cluster::connect::{ConnectError, Lanes, Options, ReadOnly, SignIns, connect, sign_in};
use crate::cluster::kubeconfig::Kubeconfig;
use crate::cluster::{Ahead, Connected, Unreachable};
use crate::config::Settings;
use crate::demo;
use crate::model::{Notice, ReadOnlyBy, Session};
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

/// Who hears what comes up while a context is connected, and later.
#[derive(Debug, Default)]
pub struct Ears {
    /// What the server warns of.
    pub warnings: Option<Sender<String>>,
    /// Which credential plugin is waited for, and what it says.
    pub sign_in: Option<Sender<Vec<String>>>,
    /// How to ask before the server has said what it is.
    pub ahead: Option<Sender<Ahead>>,
}

/// Why a context is not connected.
#[derive(Debug)]
pub struct NotConnected {
    /// In a sentence with a hint.
    pub why: Unreachable,
    /// Whether it stays so until somebody does something.
    pub lasts: bool,
}

impl From<ConnectError> for NotConnected {
    fn from(error: ConnectError) -> Self {
        Self { lasts: error.lasts(), why: Unreachable { sentence: error.to_string(), hint: error.hint() } }
    }
}

impl From<Unreachable> for NotConnected {
    fn from(why: Unreachable) -> Self {
        Self { why, lasts: false }
    }
}

impl From<Unreachable> for Notice {
    fn from(Unreachable { sentence, hint }: Unreachable) -> Self {
        Self::error(sentence, hint)
    }
}

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

    /// The same for a command that leaves the terminal to credential plugins, as kubectl does.
    #[must_use]
    pub fn in_terminal(self) -> Self {
        match self {
            Self::Kubeconfig(config, options, only) => {
                Self::Kubeconfig(config, Options { in_terminal: true, ..options }, only)
            }
            demo @ Self::Demo(..) => demo,
        }
    }

    /// Connects once, for a command that prints: to `context`, or to the current one. Tells the namespace that is usual
    /// there as well.
    ///
    /// # Errors
    /// When there is no current context, or why it cannot be reached.
    pub async fn open(self, context: Option<&str>) -> Result<(Connected, String), Notice> {
        let (mut sessions, current) = self.sessions();
        let context = context.map(Rc::from).or(current);
        let context =
            context.ok_or_else(|| Notice::error("the kubeconfig names no current context", "--context NAME"))?;
        let namespace = sessions.remove(&*context).map_or_else(|| "default".to_owned(), |session| session.namespace);
        let connected = self.connect(context.to_string(), Ears::default()).await.map_err(|error| error.why)?;
        Ok((connected, namespace))
    }

    /// Lends the terminal to the credential plugin of a context, until it gave what it is asked for.
    ///
    /// # Errors
    /// When there is no such plugin, or it gives no credential.
    pub async fn sign_in(&self, context: &str) -> Result<(), Unreachable> {
        match self {
            Self::Kubeconfig(config, options, _) => {
                sign_in(config, context, options).await.map_err(|error| NotConnected::from(error).why)
            }
            Self::Demo(..) => {
                Err(Unreachable { sentence: "nobody has to sign in to the demo".to_owned(), hint: String::new() })
            }
        }
    }

    /// Connects to a context and asks the server for its version. What comes up goes to `ears`.
    ///
    /// # Errors
    /// Why it cannot be reached.
    pub async fn connect(self, context: String, ears: Ears) -> Result<Connected, NotConnected> {
        match self {
            Self::Kubeconfig(config, options, only) => {
                let read_only = ReadOnly::new(only.includes(&context));
                let Ears { warnings, sign_in, ahead } = ears;
                let clients = connect(&config, &context, Options { read_only, warnings, sign_in, ..options }).await?;
                let badges = [
                    clients.about.insecure.then(|| "TLS NOT VERIFIED".to_owned()),
                    clients.about.plain.then(|| "NOT ENCRYPTED".to_owned()),
                    clients.about.acts_as.as_ref().map(|user| format!("as {user}")),
                ];
                Ok(Connected::greet(clients.lanes, badges.into_iter().flatten().collect(), ahead).await?)
            }
            Self::Demo(cluster, only) => {
                let lanes = Lanes::over(&cluster.client(), ReadOnly::new(only.includes(&context)));
                Ok(Connected::greet(lanes, Vec::new(), ears.ahead).await?)
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
