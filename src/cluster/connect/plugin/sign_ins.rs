//! Who has signed in where: contexts that use the same plugin in the same way share one run.

use super::Plugin;
use super::keeper;
use crate::cluster::connect::credentials::{Credentials, Proof, Renew};
use crate::cluster::connect::error::ConnectError;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// A handle on the task that knows all plugins in use; cloning shares it. It ends with the last handle.
#[derive(Debug, Clone)]
pub struct SignIns {
    inbox: mpsc::Sender<Wanted>,
}

struct Wanted {
    plugin: Plugin,
    answer: oneshot::Sender<Credentials>,
}

/// A plugin in use. The weak sender tells whether it still is.
struct Known {
    plugin: Plugin,
    renew: mpsc::WeakSender<Renew>,
    proof: watch::Receiver<Arc<Proof>>,
}

impl SignIns {
    /// Starts the task; to be called within tokio's runtime.
    pub fn start() -> Self {
        let (inbox, wanted) = mpsc::channel(16);
        tokio::spawn(serve(wanted));
        Self { inbox }
    }

    /// Credentials of `plugin`, with a first proof in them. Dropping the future stops a run that only it waits for.
    ///
    /// # Errors
    /// Why the plugin gave no credential, now or less than half a minute ago.
    pub async fn credentials(&self, plugin: Plugin) -> Result<Credentials, ConnectError> {
        let gone = || ConnectError::unusable("rutter is ending", "");
        let (answer, wait) = oneshot::channel();
        self.inbox.send(Wanted { plugin, answer }).await.map_err(|_| gone())?;
        let credentials = wait.await.map_err(|_| gone())?;
        if credentials.current().serial == 0 && credentials.renew(0).await.is_none() {
            return Err(credentials.trouble().unwrap_or_else(gone));
        }
        Ok(credentials)
    }
}

async fn serve(mut wanted: mpsc::Receiver<Wanted>) {
    let mut known: Vec<Known> = Vec::new();
    while let Some(Wanted { plugin, answer }) = wanted.recv().await {
        known.retain(|known| known.renew.upgrade().is_some());
        let found = known.iter().find(|known| known.plugin.key() == plugin.key());
        let shared = found.and_then(|known| Some(Credentials::kept(known.proof.clone(), known.renew.upgrade()?)));
        let credentials = shared.unwrap_or_else(|| {
            let (credentials, renew, proof) = keeper::start(plugin.clone());
            known.push(Known { plugin, renew, proof });
            credentials
        });
        // Nobody waiting any more is no harm: the keeper ends with the credentials.
        let _ = answer.send(credentials);
    }
}
