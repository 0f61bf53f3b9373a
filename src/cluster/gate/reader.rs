//! `Reader`: what an action may look at while it plans.

use super::problem::Problem;
use super::writer::read;
use crate::cluster::json::text;
use crate::cluster::url::encode;
use http::Request;
use http_body_util::{BodyExt, Limited};
use kube::Client;
use kube::client::Body;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// The longest text that is read, in bytes, and the longest time for it.
const LARGEST_TEXT: usize = 1 << 20;
const TEXT_LIMIT: Duration = Duration::from_secs(30);
/// Objects of one page of a list, as kubectl's `--chunk-size`.
const PAGE: u32 = 500;
/// Lists without what their objects say.
const METADATA: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/// Reads from the API server; it cannot change anything.
#[derive(Clone)]
pub struct Reader(Client);

impl Reader {
    /// A reader over the client for reads.
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// The client itself.
    pub(in crate::cluster) fn client(&self) -> &Client {
        &self.0
    }

    /// What is at `path`, which may carry a query.
    ///
    /// # Errors
    /// When it is not there, may not be read, or no answer came.
    pub async fn get(&self, path: &str) -> Result<Value, Problem> {
        self.get_as(path, "application/json").await
    }

    /// What is at `path`, in another form of JSON.
    async fn get_as(&self, path: &str, form: &str) -> Result<Value, Problem> {
        let request = Request::get(path).header("accept", form).body(Body::empty());
        let request = request.map_err(|error| Problem::new(format!("it cannot be asked for: {error}"), ""))?;
        let answer = self.0.send(request).await.map_err(|error| unread(&Problem::of_error(&error)))?;
        Ok(read(answer).await?.body)
    }

    /// The text at `path`, also when it is an answer that something is not well: the checks of `/readyz`.
    ///
    /// # Errors
    /// When it may not be read, or no answer came.
    pub async fn text(&self, path: &str) -> Result<String, Problem> {
        let request = Request::get(path).header("accept", "text/plain").body(Body::empty());
        let request = request.map_err(|error| Problem::new(format!("it cannot be asked for: {error}"), ""))?;
        let answer = self.0.send(request).await.map_err(|error| unread(&Problem::of_error(&error)))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST_TEXT).collect();
        let body = timeout(TEXT_LIMIT, body).await.map_err(|_| Problem::new("it did not answer", "try again"))?;
        let bytes = body.map_err(|error| Problem::new(error.to_string(), "try again"))?.to_bytes();
        match status.as_u16() {
            401 | 403 | 404 => Err(Problem::of_answer(status.as_u16(), &Value::Null)),
            _ => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        }
    }

    /// The answer to a review at `path`: a question that changes nothing.
    ///
    /// # Errors
    /// As [`Reader::get`].
    pub async fn review(&self, path: &str, question: &Value) -> Result<Value, Problem> {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(Body::from(question.to_string().into_bytes()));
        let request = request.map_err(|error| Problem::new(format!("it cannot be asked for: {error}"), ""))?;
        let answer = self.0.send(request).await.map_err(|error| unread(&Problem::of_error(&error)))?;
        Ok(read(answer).await?.body)
    }

    /// What is at `path`, or nothing when it is not there.
    ///
    /// # Errors
    /// As [`Reader::get`], but for 404.
    pub async fn find(&self, path: &str) -> Result<Option<Value>, Problem> {
        match self.get(path).await {
            Ok(found) => Ok(Some(found)),
            Err(problem) if problem.is_gone() => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// All items of the list at `path` with `query` (encoded, `""` for none), page by page.
    ///
    /// # Errors
    /// As [`Reader::get`].
    pub async fn list(&self, path: &str, query: &str) -> Result<Vec<Value>, Problem> {
        Ok(self.list_as((path, query), "application/json").await?.0)
    }

    /// The same, with the version of the list.
    ///
    /// # Errors
    /// As [`Reader::get`].
    pub async fn list_at(&self, path: &str, query: &str) -> Result<(Vec<Value>, String), Problem> {
        self.list_as((path, query), "application/json").await
    }

    /// The metadata of all items, with the version of the list: for objects that are large and of which little is needed.
    ///
    /// # Errors
    /// As [`Reader::get`].
    pub async fn list_metadata(&self, path: &str, query: &str) -> Result<(Vec<Value>, String), Problem> {
        self.list_as((path, query), METADATA).await
    }

    /// The metadata of the objects of the page at `path`, which may carry a query.
    ///
    /// # Errors
    /// As [`Reader::get`].
    pub async fn metadata(&self, path: &str) -> Result<Value, Problem> {
        self.get_as(path, METADATA).await
    }

    async fn list_as(&self, (path, query): (&str, &str), form: &str) -> Result<(Vec<Value>, String), Problem> {
        let mut items = Vec::new();
        let mut token = String::new();
        loop {
            let more = if token.is_empty() { String::new() } else { format!("&continue={token}") };
            let page = self.get_as(&format!("{path}?limit={PAGE}&{query}{more}"), form).await?;
            items.extend(page.get("items").and_then(Value::as_array).cloned().unwrap_or_default());
            token.clear();
            encode(text(&page, "/metadata/continue"), &mut token);
            if token.is_empty() {
                return Ok((items, text(&page, "/metadata/resourceVersion").to_owned()));
            }
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reader")
    }
}

/// A read that was lost changed nothing.
fn unread(problem: &Problem) -> Problem {
    Problem::new(problem.sentence.clone(), "nothing was changed; try again")
}
