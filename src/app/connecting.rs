//! Connecting to a context until that works, and passing on what comes up meanwhile.

use super::clusters::{Clusters, Ears};
use crate::cluster::{Ahead, Message, Unreachable};
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;

/// Longest pause between two tries to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Warnings of a server that may wait to be told; more are dropped.
const WARNINGS: usize = 8;

/// Tells what a server warns of, each sentence once: every list of an old version says the same again.
async fn pass_warnings(context: String, mut warned: Receiver<String>, out: Sender<Message>) {
    let mut told = HashSet::new();
    while let Some(text) = warned.recv().await {
        let is_new = told.len() < 100 && told.insert(text.clone());
        if is_new && out.send(Message::Warned { context: context.clone(), text }).await.is_err() {
            return;
        }
    }
}

/// Why a context is not connected, with what to do when nobody goes on trying.
fn told(why: Unreachable, lasts: bool) -> Unreachable {
    let hint = if lasts { format!("{}; :retry tries again", why.hint) } else { why.hint };
    Unreachable { hint, ..why }
}

/// Tells which credential plugin is waited for, and what it says.
async fn pass_sign_in(context: String, mut says: Receiver<Vec<String>>, out: Sender<Message>) {
    while let Some(says) = says.recv().await {
        if out.send(Message::SigningIn { context: context.clone(), says }).await.is_err() {
            return;
        }
    }
}

/// Tells how a context can be asked before it has answered.
async fn pass_ahead(context: String, mut reached: Receiver<Ahead>, out: Sender<Message>) {
    while let Some(ahead) = reached.recv().await {
        if out.send(Message::Reached { context: context.clone(), ahead }).await.is_err() {
            return;
        }
    }
}

/// Tries to connect until it works or somebody has to do something, telling each failure.
pub(super) async fn keep_connecting(clusters: Clusters, context: String, out: Sender<Message>) {
    let mut pause = Duration::from_millis(500);
    loop {
        let (warnings, warned) = mpsc::channel(WARNINGS);
        let (sign_in, says) = mpsc::channel(WARNINGS);
        let (ahead, reached) = mpsc::channel(1);
        let ears = Ears { warnings: Some(warnings), sign_in: Some(sign_in), ahead: Some(ahead) };
        let connecting = clusters.clone().connect(context.clone(), ears);
        let passing = pass_sign_in(context.clone(), says, out.clone());
        let reaching = pass_ahead(context.clone(), reached, out.clone());
        let (result, (), ()) = tokio::join!(connecting, passing, reaching);
        if result.is_ok() {
            tokio::spawn(pass_warnings(context.clone(), warned, out.clone()));
        }
        let done = result.as_ref().map_or_else(|error| error.lasts, |_| true);
        let result = result.map_err(|error| told(error.why, done));
        if out.send(Message::Session { context: context.clone(), result }).await.is_err() || done {
            return;
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
