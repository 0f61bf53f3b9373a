//! The first place, before the screen is taken: a kind that is not known here is asked of the server, and one that nobody
//! knows ends the program with kubectl's sentence.

use super::{Ears, Setup};
use crate::cluster::discovery::discover;
use crate::commands;
use crate::kinds::Time;
use crate::model::{Catalogue, Found, Notice};
use std::time::Duration;
use tokio::time::timeout;

/// For how long the screen may stay away, however slow a server or a credential plugin is.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refuses a place whose kind the server does not have. When it cannot be reached nothing is refused: the screen says so,
/// and goes on trying.
///
/// # Errors
/// With kubectl's sentence, and the nearest name there is.
pub async fn refuse_unknown(setup: &Setup) -> Result<(), Notice> {
    let name = setup.place.split_whitespace().next().unwrap_or_default();
    let mut catalogue = Catalogue::default();
    if commands::find(name).is_some() || catalogue.find("", name) != Found::Nothing {
        return Ok(());
    }
    let (_, current) = setup.clusters.sessions();
    let Some(context) = setup.context.clone().or(current.map(|name| name.to_string())) else { return Ok(()) };
    let clusters = setup.clusters.clone();
    // A task of its own: a credential plugin that takes longer goes on, and serves the screen.
    let asked = tokio::spawn(async move {
        let connected = clusters.connect(context, Ears::default()).await.ok()?;
        discover(&connected.lanes.read).await.ok()
    });
    let Ok(Ok(Some(found))) = timeout(PATIENCE, asked).await else { return Ok(()) };
    // A group that cannot be asked may have it.
    let complete = catalogue.learn("", found, Time::now()).is_none();
    match catalogue.find("", name) {
        Found::Nothing if complete => Err(catalogue.unknown("", name)),
        _ => Ok(()),
    }
}
