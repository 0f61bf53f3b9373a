//! Connecting to a context until that works, and passing on what comes up meanwhile.

use super::clusters::{Clusters, Ears};
use crate::cluster::{Message, Unreachable};
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

/// Passes on what is heard of a context.
async fn pass<T>(mut heard: Receiver<T>, message: impl Fn(T) -> Message, out: Sender<Message>) {
    while let Some(what) = heard.recv().await {
        if out.send(message(what)).await.is_err() {
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
        let signing_in = pass(says, |says| Message::SigningIn { context: context.clone(), says }, out.clone());
        let reaching = pass(reached, |ahead| Message::Reached { context: context.clone(), ahead }, out.clone());
        let (result, (), ()) = tokio::join!(connecting, signing_in, reaching);
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
