//! Who has signed in where: contexts that use the same plugin in the same way share one run.

use super::keeper;
use super::{Answer, Plugin};
use crate::cluster::connect::credentials::{Credentials, Proof, Renew};
use crate::cluster::connect::error::ConnectError;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// A handle on the task that knows all plugins that were used; cloning shares it. It ends with the last handle.
#[derive(Debug, Clone)]
pub struct SignIns {
    inbox: mpsc::Sender<Wanted>,
}

struct Wanted {
    plugin: Plugin,
    /// What the plugin gave to somebody who ran it.
    given: Option<Answer>,
    answer: oneshot::Sender<Credentials>,
}

/// A plugin that was used. What it gave is kept, so that connecting once more does not run it once more.
struct Known {
    plugin: Plugin,
    renew: mpsc::Sender<Renew>,
    publish: watch::Sender<Arc<Proof>>,
}

impl SignIns {
    /// Starts the task; to be called within tokio's runtime.
    pub fn start() -> Self {
        let (inbox, wanted) = mpsc::channel(16);
        tokio::spawn(serve(wanted));
        Self { inbox }
    }

    /// Credentials of `plugin`, with a first proof in them. While it runs for that, `told` hears which one is waited for,
    /// and what it says. Dropping the future stops a run that only it waits for.
    ///
    /// # Errors
    /// Why the plugin gave no credential.
    pub async fn credentials(
        &self,
        plugin: Plugin,
        told: Option<&mpsc::Sender<Vec<String>>>,
    ) -> Result<Credentials, ConnectError> {
        let waiting = format!("waiting for the credential plugin {}", plugin.name());
        let mut credentials = self.ask(plugin, None).await?;
        if credentials.current().serial > 0 {
            return Ok(credentials);
        }
        let kept = credentials.clone();
        let mut renewed = pin!(kept.renew(0));
        loop {
            let says = credentials.current().says.clone();
            if let Some(told) = told {
                // Whoever is behind hears the next.
                let _ = told.try_send([vec![waiting.clone()], says].concat());
            }
            tokio::select! {
                renewed = &mut renewed => return renewed.map(|_| kept.clone()).ok_or_else(|| kept.trouble().unwrap_or_else(gone)),
                () = credentials.changed() => {}
            }
        }
    }

    /// Keeps what `plugin` gave when it ran in the terminal, for all who use it.
    ///
    /// # Errors
    /// When the program is ending.
    pub async fn give(&self, plugin: Plugin, answer: Answer) -> Result<(), ConnectError> {
        self.ask(plugin, Some(answer)).await.map(drop)
    }

    async fn ask(&self, plugin: Plugin, given: Option<Answer>) -> Result<Credentials, ConnectError> {
        let (answer, wait) = oneshot::channel();
        self.inbox.send(Wanted { plugin, given, answer }).await.map_err(|_| gone())?;
        wait.await.map_err(|_| gone())
    }
}

fn gone() -> ConnectError {
    ConnectError::unusable("rutter is ending", "")
}

async fn serve(mut wanted: mpsc::Receiver<Wanted>) {
    let mut all: Vec<Known> = Vec::new();
    while let Some(Wanted { plugin, given, answer }) = wanted.recv().await {
        let at = all.iter().position(|known| known.plugin.key() == plugin.key()).unwrap_or_else(|| {
            let (renew, publish) = keeper::start(plugin.clone());
            all.push(Known { plugin, renew, publish });
            all.len() - 1
        });
        let Some(known) = all.get(at) else { continue };
        if let Some(given) = given {
            known.publish.send_modify(|proof| *proof = Arc::new(keeper::next(proof, Ok(given))));
        }
        // Nobody waiting any more is no harm.
        let _ = answer.send(Credentials::kept(known.publish.subscribe(), known.renew.clone()));
    }
}
