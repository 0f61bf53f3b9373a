//! One object, as the server has it now.

use super::greet::Unreachable;
use super::url;
use super::watch::cause;
use crate::kinds::AnyKind;
use crate::text::safe;
use http_body_util::{BodyExt, Limited};
use kube::Client;
use kube::client::Body;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

/// Longest time for one object.
const DEADLINE: Duration = Duration::from_secs(30);
/// The hint for what is not there.
pub const GONE: &str = "it is gone";
/// Largest object; etcd takes 1.5 MB, and lists of parts are larger.
const LARGEST: usize = 64 << 20;

/// Reads the JSON of an object.
///
/// # Errors
/// When it is gone, may not be read, or the server does not answer: a sentence and a hint.
pub async fn object(
    client: &Client,
    kind: &dyn AnyKind,
    (namespace, name): (&str, &str),
) -> Result<Vec<u8>, Unreachable> {
    get(client, &url::object(kind, namespace, name), "get").await
}

/// Reads what is at `uri`; whoever may not needs `verb`.
///
/// # Errors
/// As [`object`].
pub(super) async fn get(client: &Client, uri: &str, verb: &str) -> Result<Vec<u8>, Unreachable> {
    get_as(client, uri, (verb, "application/json")).await
}

/// The same, in one of the media types that `accept` lists.
///
/// # Errors
/// As [`object`].
pub(super) async fn get_as(client: &Client, uri: &str, (verb, accept): (&str, &str)) -> Result<Vec<u8>, Unreachable> {
    let request = http::Request::get(uri).header(http::header::ACCEPT, accept).body(Body::empty());
    let request = request.map_err(|error| trouble(&format!("the name cannot be asked for: {error}"), ""))?;
    let answer = timeout(DEADLINE, client.send(request)).await;
    let answer = answer.map_err(|_| trouble("the API server did not answer within 30 seconds", "try again"))?;
    let answer = answer.map_err(|error| trouble(&cause(&error), "try again"))?;
    let status = answer.status();
    let body = timeout(DEADLINE, Limited::new(answer.into_body(), LARGEST).collect()).await;
    let body = body.map_err(|_| trouble("the answer did not end within 30 seconds", "try again"))?;
    let body = body.map_err(|error| trouble(&error.to_string(), "try again"))?.to_bytes().to_vec();
    if status.is_success() { Ok(body) } else { Err(refusal(status.as_u16(), &body, verb)) }
}

/// What the server says about why not.
fn refusal(code: u16, body: &[u8], verb: &str) -> Unreachable {
    #[derive(Deserialize)]
    struct Status {
        message: String,
    }
    let said = serde_json::from_slice::<Status>(body).map(|status| status.message);
    let sentence = said.unwrap_or_else(|_| format!("the API server answered {code}"));
    let hint = match code {
        403 => format!("you need the verb \"{verb}\" for it"),
        404 => GONE.to_owned(),
        _ => "try again".to_owned(),
    };
    trouble(&sentence, &hint)
}

fn trouble(sentence: &str, hint: &str) -> Unreachable {
    Unreachable { sentence: safe(sentence).into_owned(), hint: hint.to_owned() }
}
