//! What a server serves, as a list that somebody looks at.

use super::discover;
use crate::cluster::greet::Unreachable;
use crate::cluster::message::{Message, Subscription};
use crate::kinds::{Change, Discovered, Freshness, Row, Time};
use kube::Client;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::sleep;

/// There is no watch for it: while somebody looks at it, it is asked for again each minute.
const AGAIN: Duration = Duration::from_mins(1);
/// How soon it is asked for again when that failed.
const SOON: Duration = Duration::from_secs(10);
/// Rows that are told at once.
const BATCH: usize = 128;

/// Who looks, in which context, and which rows what is found makes.
pub struct Listed {
    /// Under which number to speak.
    pub of: Subscription,
    /// The context.
    pub context: String,
    /// The rows.
    pub rows: fn(&Discovered) -> Vec<Row>,
}

/// Lists until it is dropped, or until nobody takes its messages. What it learns is told to everybody.
pub async fn list(client: Client, listed: Listed, out: Sender<Message>) {
    let Listed { of, context, rows } = listed;
    let mut since = None;
    loop {
        let (state, pause, found) = match discover(&client).await {
            Ok(found) => {
                since = None;
                (Freshness::Polling { why: "nothing tells when it changes".to_owned() }, AGAIN, Some(found))
            }
            Err(Unreachable { sentence: why, .. }) => {
                let since = *since.get_or_insert_with(Time::now);
                (Freshness::Reconnecting { since, why }, SOON, None)
            }
        };
        let mut messages = found.as_ref().map(|found| changes(of, rows(found))).unwrap_or_default();
        messages.push(Message::Fresh { of, part: 0, state });
        messages
            .extend(found.map(|found| Message::Discovered { context: context.clone(), result: Ok(Box::new(found)) }));
        for message in messages {
            if out.send(message).await.is_err() {
                return;
            }
        }
        sleep(pause).await;
    }
}

/// The rows, as a list tells them.
fn changes(of: Subscription, rows: Vec<Row>) -> Vec<Message> {
    let put = rows.into_iter().map(|row| Change::Put { part: 0, row: Box::new(row) });
    let mut all: Vec<Change> = std::iter::once(Change::Begin { part: 0 }).chain(put).collect();
    all.push(Change::End { part: 0 });
    let mut batches = Vec::new();
    while !all.is_empty() {
        let batch = all.drain(..BATCH.min(all.len())).collect();
        batches.push(Message::Changes { of, batch });
    }
    batches
}
