//! Reading lists and objects, row by row: the same way in which the dashboard does.

use super::stop::Stop;
use crate::cluster::discovery::discover;
use crate::cluster::read::{GONE, object};
use crate::cluster::watch::{Request, watch};
use crate::cluster::{Connected, Message, Subscription, Unreachable};
use crate::kinds::{AnyKind, Change, Freshness, Heading, Row, Uid};
use crate::model::{Notice, Scope};
use std::collections::HashMap;
use tokio::sync::mpsc;

/// Which objects of a kind, in one namespace or everywhere.
pub struct Ask<'a> {
    /// The kind, read as it shall be printed.
    pub kind: &'static dyn AnyKind,
    /// One namespace; none is all.
    pub namespace: Option<String>,
    /// The selectors.
    pub scope: &'a Scope,
}

impl Ask<'_> {
    fn request(&self, connected: &Connected) -> Request {
        Request {
            of: Subscription(0),
            kind: self.kind,
            namespaces: vec![self.namespace.clone()],
            labels: self.scope.labels.clone(),
            fields: self.scope.fields.clone(),
            first_page: 0,
            server: connected.server,
        }
    }
}

/// What a list tells.
pub enum Told {
    /// The columns of the rows that follow.
    Columns(Vec<Heading>),
    /// A row.
    Row(Row),
}

/// Hands each row of a list to `take` while the list arrives, in the server's order.
///
/// # Errors
/// When the list cannot be read, or a row cannot be taken.
pub async fn list(
    connected: &Connected,
    ask: &Ask<'_>,
    mut take: impl FnMut(Told) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if let Some(rows) = ask.kind.listing() {
        let found = discover(&connected.lanes.read).await;
        let found = found.map_err(Notice::from)?;
        return rows(&found).into_iter().map(Told::Row).try_for_each(take);
    }
    let (out, mut inbox) = mpsc::channel(64);
    let task = tokio::spawn(watch(connected.lanes.read.clone(), ask.request(connected), out));
    let ended = loop {
        match inbox.recv().await {
            Some(Message::Changes { batch, .. }) => {
                if let Err(stop) = puts(batch).try_for_each(&mut take) {
                    break Err(stop);
                }
            }
            Some(Message::Fresh { state, .. }) => match refuse_failure(state) {
                Ok(true) => break Ok(()),
                Ok(false) => {}
                Err(notice) => break Err(notice.into()),
            },
            Some(_) => {}
            None => break Err(Notice::error("the list ended early", "try again").into()),
        }
    };
    task.abort();
    ended
}

fn puts(batch: Vec<Change>) -> impl Iterator<Item = Told> {
    batch.into_iter().filter_map(|change| match change {
        Change::Columns { headings } => Some(Told::Columns(headings)),
        Change::Put { row, .. } => Some(Told::Row(*row)),
        _ => None,
    })
}

/// Whether a list is complete. A script does not wait for better times.
fn refuse_failure(state: Freshness) -> Result<bool, Notice> {
    match state {
        Freshness::Reconnecting { why, .. }
        | Freshness::Forbidden { why }
        | Freshness::Refused { why }
        | Freshness::NotServed { why } => Err(Notice::error(why, "")),
        Freshness::Connecting | Freshness::Filling { .. } => Ok(false),
        Freshness::Live | Freshness::Polling { .. } => Ok(true),
    }
}

/// What a list that is followed tells.
pub enum News<'a> {
    /// The columns of the rows that follow.
    Columns(Vec<Heading>),
    /// A row, and whether it is of the list and no change.
    Row(&'a Row, bool),
    /// The list is complete.
    Listed,
}

/// Tells `take` the rows of a list, then each that changes, and those that went as they were last; until it fails. A
/// lost connection is mended, and what did not change meanwhile is not told again.
///
/// # Errors
/// As [`list`].
pub async fn follow(
    connected: &Connected,
    ask: &Ask<'_>,
    mut take: impl FnMut(News<'_>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let (out, mut inbox) = mpsc::channel(64);
    let _task = tokio::spawn(watch(connected.lanes.read.clone(), ask.request(connected), out));
    let (mut known, mut listed) = (HashMap::new(), false);
    while let Some(message) = inbox.recv().await {
        match message {
            Message::Changes { batch, .. } => {
                for change in batch {
                    match change {
                        Change::Columns { headings } => take(News::Columns(headings))?,
                        change => news(change, &mut known).map_or(Ok(()), |row| take(News::Row(&row, !listed)))?,
                    }
                }
            }
            Message::Fresh { state, .. } if !listed => {
                listed = refuse_failure(state)?;
                if listed {
                    take(News::Listed)?;
                }
            }
            Message::Fresh { state: state @ (Freshness::Forbidden { .. } | Freshness::NotServed { .. }), .. } => {
                refuse_failure(state)?;
            }
            _ => {}
        }
    }
    Err(Notice::error("the list ended early", "try again").into())
}

/// The row that a change is about, if it is news.
fn news(change: Change, known: &mut HashMap<Uid, Row>) -> Option<Row> {
    match change {
        Change::Put { row, .. } => {
            let before = known.insert(row.uid, (*row).clone());
            (before.as_ref() != Some(&*row)).then_some(*row)
        }
        Change::Gone { uid } => known.remove(&uid),
        Change::Begin { .. } | Change::End { .. } | Change::Columns { .. } => None,
    }
}

/// A row of an object that was asked for by its name.
pub struct Found {
    /// Its kind.
    pub kind: &'static dyn AnyKind,
    /// The columns, when the server told them.
    pub headings: Option<Vec<Heading>>,
    /// The row.
    pub row: Row,
}

/// The rows of one object; none when it does not exist and nobody minds.
///
/// # Errors
/// When it cannot be read.
pub async fn one(
    connected: &Connected,
    kind: &'static dyn AnyKind,
    place: (&str, &str),
    ignore_not_found: bool,
) -> Result<Vec<Found>, Notice> {
    let mut rows = Vec::new();
    match object(&connected.lanes.read, kind, place).await {
        Ok(_) if kind.by_table() => of_table(connected, kind, place).await,
        Ok(json) => {
            let read = kind.read(&json, connected.server, &mut rows);
            read.map_err(|error| Notice::error(format!("the answer is no object: {error}"), ""))?;
            Ok(rows.into_iter().map(|row| Found { kind, headings: None, row }).collect())
        }
        Err(Unreachable { hint, .. }) if ignore_not_found && hint == GONE => Ok(Vec::new()),
        Err(Unreachable { sentence, hint }) if hint == GONE => Err(Notice::error(sentence, "")),
        Err(why) => Err(why.into()),
    }
}

/// The object as the server's table shows it.
async fn of_table(
    connected: &Connected,
    kind: &'static dyn AnyKind,
    (namespace, name): (&str, &str),
) -> Result<Vec<Found>, Notice> {
    let scope = Scope { fields: Some(format!("metadata.name={name}")), ..Scope::default() };
    let namespace = Some(namespace.to_owned()).filter(|_| kind.names().namespaced);
    let (mut headings, mut found) = (None, Vec::new());
    let take = |told| {
        match told {
            Told::Columns(told) => headings = Some(told),
            Told::Row(row) => found.push(Found { kind, headings: headings.clone(), row }),
        }
        Ok(())
    };
    match list(connected, &Ask { kind, namespace, scope: &scope }, take).await {
        Err(Stop::Failed(notice)) => Err(notice),
        Ok(()) | Err(Stop::Closed) => Ok(found),
    }
}
