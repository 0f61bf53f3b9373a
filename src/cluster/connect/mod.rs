//! From a context of the kubeconfig to clients that are ready to send requests.

mod buffered;
mod config;
mod credentials;
mod error;
mod lanes;
mod line;
mod metered;
mod observe;
mod pem;
mod plugin;
mod proxy;
mod readonly;
#[cfg(test)]
mod tests;
mod transport;

pub use credentials::Credentials;
pub use error::ConnectError;
pub use lanes::Lanes;
pub use observe::{Meter, warnings};
pub use plugin::{Policy, SignIns};
pub use proxy::Proxies;
pub use readonly::{Lane, ReadOnly, Refused};

use super::kubeconfig::{Cluster, ContextEntry, Kubeconfig, User};
use crate::text::safe;
use config::Method;
use http::Uri;
use kube::client::{Body, ClientBuilder, ConfigExt as _};
use line::{Line, Opener};
use observe::Observer;
use plugin::Plugin;
use std::sync::Arc;
use tokio::sync::mpsc;
use transport::Stalls;

/// What is the same for all contexts.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What the environment says about proxies.
    pub proxies: Proxies,
    /// The switch that lets only reads leave the process.
    pub read_only: ReadOnly,
    /// Where the server's `Warning:` headers go, made safe.
    pub warnings: Option<mpsc::Sender<String>>,
    /// Which credential plugin is waited for, and what it says so far, line by line, made safe.
    pub sign_in: Option<mpsc::Sender<Vec<String>>>,
    /// Whether credential plugins have the terminal, because nobody else uses it.
    pub in_terminal: bool,
    /// Which credential plugins may run.
    pub policy: Policy,
    /// Sign-ins to share with other contexts; without them this connection has its own.
    pub sign_ins: Option<SignIns>,
}

impl Options {
    /// What the environment of this process says, sharing `sign_ins`.
    pub fn from_env(sign_ins: SignIns) -> Self {
        let policy = Policy::from_env(std::env::home_dir().as_deref());
        Self { proxies: Proxies::from_env(), policy, sign_ins: Some(sign_ins), ..Self::default() }
    }
}

/// The clients of one context, and what should be visible about them. Cloning is cheap.
#[derive(Clone)]
pub struct Clients {
    /// How requests leave.
    pub lanes: Lanes,
    /// Who we are, and why that could not be renewed.
    pub credentials: Credentials,
    /// How many requests were sent, and the clock skew.
    pub meter: Arc<Meter>,
    /// What should be visible about this connection.
    pub about: About,
}

/// What should be visible about a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Name of the context.
    pub context: String,
    /// Name of the cluster.
    pub cluster: String,
    /// Name of the user, `""` when there is none.
    pub user: String,
    /// The namespace to begin in.
    pub namespace: String,
    /// URL of the API server.
    pub server: String,
    /// Whether any certificate is taken for the server's: worth a red badge.
    pub insecure: bool,
    /// Whether nothing is encrypted.
    pub plain: bool,
    /// Whom we act as.
    pub acts_as: Option<String>,
    /// The proxy in between, without its password.
    pub proxy: Option<String>,
}

/// Makes the clients of `context`. Nothing is sent to the API server yet.
///
/// # Errors
/// When the context does not exist or contradicts itself, when a file of it cannot be read, or when there is no
/// credential.
pub async fn connect(kubeconfig: &Kubeconfig, context: &str, options: Options) -> Result<Clients, ConnectError> {
    let (entry, cluster, user) = parts(kubeconfig, context)?;
    let config = config::config(&cluster, &user).await?;
    let proxy = proxy_of(&cluster, &config.cluster_url, &options.proxies);
    let about = about(entry, &cluster, &user, (&config.cluster_url, proxy.as_deref()));
    let credentials = credentials(&user, &cluster, (&config.cluster_url, &options)).await?;
    let headers = config::headers(&user)?;
    let observer = Observer { meter: Arc::default(), warnings: options.warnings };
    let base = config.base_uri_layer();
    let open = |stalls| Opener::new(config.clone(), proxy.clone(), credentials.current().identity.clone(), stalls);
    let (opener, session_opener) = (open(Stalls::End)?, open(Stalls::Last)?);
    let meter = observer.meter.clone();
    let (guard, read_only) = (options.read_only.clone(), options.read_only);
    let line = Arc::new(Line { guard, observer, credentials: credentials.clone(), headers, opener, session_opener });
    let client = |lane| {
        let line = line.clone();
        let service = tower::service_fn(move |request: http::Request<Body>| {
            let line = line.clone();
            async move { line.send(lane, request).await }
        });
        ClientBuilder::new(service, about.namespace.clone()).with_layer(&base).build()
    };
    let lanes = Lanes::new(client, read_only, meter.clone());
    Ok(Clients { lanes, credentials, meter, about })
}

/// Runs the credential plugin of `context` with the terminal, and keeps what it gives for all contexts that use it so.
///
/// # Errors
/// When the context has no plugin, or the plugin gives no credential.
pub async fn sign_in(kubeconfig: &Kubeconfig, context: &str, options: &Options) -> Result<(), ConnectError> {
    let (_, cluster, user) = parts(kubeconfig, context)?;
    let (Method::Plugin(exec), Some(sign_ins)) = (config::method(&user)?, &options.sign_ins) else {
        let sentence = format!("the user of the context {} has no credential plugin to sign in with", safe(context));
        return Err(ConnectError::unusable(sentence, ""));
    };
    let plugin = Plugin::new(exec, &cluster, &options.policy)?;
    let answer = plugin.clone().in_terminal().run(|_| ()).await?;
    sign_ins.give(plugin, answer).await
}

/// A context with its cluster and its user.
fn parts<'a>(kubeconfig: &'a Kubeconfig, context: &str) -> Result<(&'a ContextEntry, Cluster, User), ConnectError> {
    let entry = kubeconfig.context(context).ok_or_else(|| no_context(kubeconfig, context))?;
    if let Some(problem) = &entry.broken {
        let sentence = format!("the context {} cannot be used: {problem}", safe(context));
        return Err(ConnectError::unusable(sentence, "correct it in the kubeconfig, or choose another context"));
    }
    let cluster = kubeconfig.cluster(entry).cloned().unwrap_or_default();
    let user = kubeconfig.user(entry).cloned().unwrap_or_default();
    Ok((entry, cluster, user))
}

fn no_context(kubeconfig: &Kubeconfig, name: &str) -> ConnectError {
    let known = kubeconfig.contexts.iter().map(|context| safe(&context.name).into_owned()).collect();
    ConnectError::NoContext { name: safe(name).into_owned(), known }
}

/// `proxy-url` replaces the environment entirely.
fn proxy_of(cluster: &Cluster, server: &Uri, proxies: &Proxies) -> Option<String> {
    let own = cluster.proxy_url.as_ref().map(|proxy| proxy.0.clone());
    own.or_else(|| proxies.proxy_for(server).map(str::to_owned))
}

fn about(entry: &ContextEntry, cluster: &Cluster, user: &User, (server, proxy): (&Uri, Option<&str>)) -> About {
    About {
        context: entry.name.clone(),
        cluster: entry.cluster.clone(),
        user: entry.user.clone(),
        namespace: entry.namespace.clone().unwrap_or_else(|| "default".to_owned()),
        server: server.to_string(),
        insecure: cluster.insecure_skip_tls_verify,
        plain: server.scheme_str() == Some("http"),
        acts_as: user.impersonate.clone(),
        proxy: proxy.map(|proxy| proxy.rsplit_once('@').map_or(proxy, |(_, host)| host).to_owned()),
    }
}

/// The proof that `user` gives: a token, a name and password, or what its plugin prints.
async fn credentials(
    user: &User,
    cluster: &Cluster,
    (server, options): (&Uri, &Options),
) -> Result<Credentials, ConnectError> {
    let method = config::method(user)?;
    if !matches!(method, Method::None) && !config::may_carry_credentials(server) {
        return Err(unencrypted(server));
    }
    let header = match method {
        Method::None => return Ok(Credentials::fixed(None)),
        Method::File(file, token) => return Credentials::file(file.to_owned(), token).await,
        Method::Token(token) => credentials::bearer(&token.0)?,
        Method::Basic(name, password) => credentials::basic(name, password)?,
        Method::Plugin(exec) => {
            let plugin = Plugin::new(exec, cluster, &options.policy)?;
            let plugin = if options.in_terminal { plugin.in_terminal() } else { plugin };
            let sign_ins = options.sign_ins.clone().unwrap_or_else(SignIns::start);
            return sign_ins.credentials(plugin, options.sign_in.as_ref()).await;
        }
    };
    Ok(Credentials::fixed(Some(header)))
}

fn unencrypted(server: &Uri) -> ConnectError {
    let text = server.to_string();
    let sentence = format!("credentials are not sent to {}: it is not encrypted", safe(&text));
    ConnectError::unusable(sentence, "use https in `server` of the cluster")
}
