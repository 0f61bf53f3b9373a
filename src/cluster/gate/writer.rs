//! `Writer`: the client for changes. Only the gate can make it send something.

use super::problem::{Problem, Trouble};
use super::wire::Wire;
use crate::cluster::connect::warnings;
use http::Response;
use http_body_util::{BodyExt, Limited};
use kube::Client;
use kube::client::Body;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// The largest answer that is read, in bytes.
const LARGEST: usize = 64 << 20;
/// Longest time for the body of an answer, once its head has come.
const BODY_LIMIT: Duration = Duration::from_secs(30);

/// The client for changes. It never repeats a request.
#[derive(Clone)]
pub struct Writer(Client);

/// The answer to a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The body: the object as it is now, or a `Status`.
    pub body: Value,
    /// What the server warns of, made safe.
    pub warnings: Vec<String>,
}

impl Writer {
    /// A writer over `client`, which must not repeat requests by itself.
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// The client, for the tests of connections.
    #[cfg(test)]
    pub fn client(&self) -> &Client {
        &self.0
    }

    /// Sends `wire`, once. Only the folders that act through the gate can call it.
    ///
    /// # Errors
    /// When it was refused, or no answer came.
    pub(in crate::cluster) async fn send(&self, wire: &Wire) -> Result<Answer, Problem> {
        let request = wire.request().map_err(|error| Problem::new(format!("it cannot be asked for: {error}"), ""))?;
        let answer = self.0.send(request).await.map_err(|error| Problem::of_error(&error))?;
        read(answer).await.map_err(|problem| {
            // Who got no answer does not know whether it was done.
            let trouble = if problem.is_away() { Trouble::Lost } else { problem.trouble };
            Problem { trouble, ..problem }
        })
    }

    /// Sends `wire`, once, and gives back status and body whatever they are (null for what is no JSON): a drain goes by
    /// the details of a refusal.
    ///
    /// # Errors
    /// When no whole answer came.
    pub(in crate::cluster) async fn exchange(&self, wire: &Wire) -> Result<(u16, Value), Problem> {
        let request = wire.request().map_err(|error| Problem::new(format!("it cannot be asked for: {error}"), ""))?;
        let answer = self.0.send(request).await.map_err(|error| Problem::of_error(&error))?;
        let code = answer.status().as_u16();
        let body = timeout(BODY_LIMIT, Limited::new(answer.into_body(), LARGEST).collect()).await;
        let bytes = body.ok().and_then(Result::ok).map(http_body_util::Collected::to_bytes).unwrap_or_default();
        Ok((code, serde_json::from_slice(&bytes).unwrap_or_default()))
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

/// The answer, or why it is a refusal.
pub(super) async fn read(answer: Response<Body>) -> Result<Answer, Problem> {
    let (head, body) = answer.into_parts();
    let lost = |why: String| Problem {
        trouble: Trouble::Lost,
        sentence: format!("the answer broke off: {why}"),
        hint: "nobody knows whether it was done".to_owned(),
        details: Vec::new(),
    };
    let body = timeout(BODY_LIMIT, Limited::new(body, LARGEST).collect()).await;
    let body = body.map_err(|_| lost("it did not end within 30 seconds".to_owned()))?;
    let bytes = body.map_err(|error| lost(error.to_string()))?.to_bytes();
    let warnings = warnings(&head.headers).collect();
    let parsed = serde_json::from_slice::<Value>(&bytes);
    if head.status.is_success() {
        return match parsed {
            Ok(body) => Ok(Answer { body, warnings }),
            Err(_) => Err(lost("it is no JSON; is a proxy in between?".to_owned())),
        };
    }
    let status = parsed.unwrap_or_else(|_| serde_json::json!({"message": String::from_utf8_lossy(&bytes)}));
    Err(Problem::of_answer(head.status.as_u16(), &status))
}
