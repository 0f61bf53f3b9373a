//! Finds the kinds that are asked for: those with a file of their own at once, others by asking the server.

use super::what::What;
use crate::cluster::Connected;
use crate::cluster::discovery::discover;
use crate::kinds::{AnyKind, Resource, Time};
use crate::model::{Catalogue, Found, Notice};
use crate::text::safe;

/// What `words` ask for.
///
/// # Errors
/// When there is no such kind, several are called so, or the words make no sense.
pub async fn what(words: &[String], connected: &Connected) -> Result<What, Notice> {
    let mut catalogue = Catalogue::default();
    let mut is_strange = false;
    let known = What::read(words, &mut |name| kind(&mut catalogue, name).inspect_err(|_| is_strange = true));
    if known.is_ok() || !is_strange {
        return known;
    }
    let found = discover(&connected.lanes.read).await;
    let found = found.map_err(Notice::from)?;
    // A group that cannot be asked is of no interest to who asks for another one.
    let lost = catalogue.learn("", found, Time::now());
    let asked = What::read(words, &mut |name| kind(&mut catalogue, name));
    asked.map_err(|notice| lost.unwrap_or(notice))
}

fn kind(catalogue: &mut Catalogue, name: &str) -> Result<&'static dyn AnyKind, Notice> {
    match catalogue.find("", name) {
        Found::One(kind) => Ok(kind.0),
        Found::Several(all) => {
            let names: Vec<String> = all.iter().map(Resource::called).collect();
            let sentence = format!("several groups have a kind \"{}\"", safe(name));
            Err(Notice::error(sentence, format!("say which: {}", safe(&names.join(", ")))))
        }
        Found::NoList(full) => Err(Notice::error(format!("{} cannot be listed", safe(&full)), "")),
        Found::Nothing => Err(catalogue.unknown("", name)),
    }
}
