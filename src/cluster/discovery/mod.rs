//! Asks a server which kinds it serves: all at once (aggregated discovery, since 1.26), or each group by itself where it
//! does not know that, or one of them is another server's.
//!
//! A group that does not answer takes nothing from the others: it is told apart, and what was known of it stays known.

mod list;
mod wire;

pub use list::{Listed, list};

use super::greet::Unreachable;
use super::read::get_as;
use crate::kinds::{Discovered, api_version};
use futures::StreamExt;
use kube::Client;
use wire::{Answer, Group, List};

/// As kubectl asks (`client-go` `discovery`): the aggregated form, as new as the server has it, else lists of groups.
const ACCEPT: &str = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,\
    application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
/// Groups that are asked at the same time where each has to be asked.
const AT_ONCE: usize = 8;

/// Asks which kinds the server serves.
///
/// # Errors
/// When it tells nothing at all: a sentence and a hint.
pub async fn discover(client: &Client) -> Result<Discovered, Unreachable> {
    let (core, groups) = tokio::join!(root(client, "/api"), root(client, "/apis"));
    if let (Err(error), Err(_)) = (&core, &groups) {
        return Err(error.clone());
    }
    let mut found = Discovered::default();
    for (name, answer) in [("the core group", core), ("the other groups", groups)] {
        match answer {
            Ok(Answer::Aggregated(list)) => list.items.into_iter().for_each(|group| group.add_to(&mut found)),
            Ok(Answer::Groups(groups)) => each(client, groups, &mut found).await,
            Err(Unreachable { sentence, .. }) => found.failed.push((name.to_owned(), sentence)),
        }
    }
    Ok(found)
}

/// What stands at `/api` or `/apis`.
async fn root(client: &Client, path: &str) -> Result<Answer, Unreachable> {
    let json = get_as(client, path, ("get", ACCEPT)).await?;
    Answer::read(&json).map_err(|error| Unreachable {
        sentence: format!("what the server says of its kinds cannot be read: {error}"),
        hint: "is a proxy or a login in between?".to_owned(),
    })
}

/// Asks each version of each group for what it serves.
async fn each(client: &Client, groups: Vec<Group>, found: &mut Discovered) {
    let versions = groups.iter().flat_map(|group| group.versions().map(move |version| (group, version)));
    let ask = |(group, version): (&Group, String)| {
        let (path, home) = (group.path(&version), (group.name.clone(), version));
        async move { (home, get_as(client, &path, ("get", "application/json")).await) }
    };
    let mut answers = futures::stream::iter(versions.map(ask).collect::<Vec<_>>()).buffered(AT_ONCE);
    while let Some(((group, version), answer)) = answers.next().await {
        let name = api_version(&group, &version);
        let list = answer.map_err(|error| error.sentence);
        match list.and_then(|json| serde_json::from_slice::<List>(&json).map_err(|error| error.to_string())) {
            Ok(list) => list.add_to((&group, &version), found),
            Err(why) => found.failed.push((name.clone(), why)),
        }
        found.versions.push(name);
    }
}

#[cfg(test)]
mod tests;
