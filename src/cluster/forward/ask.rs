//! Questions about pods and what owns them, and what the server says when it refuses.

use super::super::url;
use super::super::watch::cause;
use crate::text::safe;
use http_body_util::{BodyExt, Limited};
use kube::Client;
use kube::client::Body;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::timeout;

/// Longest time for one answer.
const DEADLINE: Duration = Duration::from_secs(30);
/// The most that is read of an answer, in bytes.
const LARGEST: usize = 64 << 20;
/// The most that is read of an error's body, in bytes.
const LARGEST_ERROR: usize = 64 << 10;

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The HTTP status; none when the server did not answer.
    pub code: Option<u16>,
    /// What happened, in the server's words where it has some; safe to show.
    pub sentence: String,
    /// Whether the server said it as a `Status`: then it is its last word.
    pub is_status: bool,
}

impl Trouble {
    /// Something that went wrong on the way.
    pub fn network(sentence: &str) -> Self {
        Self { code: None, sentence: safe(sentence).into_owned(), is_status: false }
    }

    /// What an error of the client says.
    pub fn of_error(error: &kube::Error) -> Self {
        Self::network(&cause(error))
    }

    /// What an answer says that is no success.
    pub async fn of_answer(answer: http::Response<Body>) -> Self {
        #[derive(Deserialize)]
        struct Status {
            message: String,
        }
        let code = answer.status().as_u16();
        let body = timeout(DEADLINE, Limited::new(answer.into_body(), LARGEST_ERROR).collect()).await;
        let body = body.ok().and_then(Result::ok).map(|body| body.to_bytes()).unwrap_or_default();
        let said = serde_json::from_slice::<Status>(&body).ok().map(|status| status.message);
        let is_status = said.is_some();
        let plain = || String::from_utf8_lossy(&body).lines().next().unwrap_or_default().trim().to_owned();
        let said = said.unwrap_or_else(plain);
        let sentence =
            if said.is_empty() { format!("the API server answered {code}") } else { safe(&said).into_owned() };
        Self { code: Some(code), sentence, is_status }
    }
}

/// The body of the answer to a GET of `path`, a path with its query.
pub async fn get(client: &Client, path: &str) -> Result<Vec<u8>, Trouble> {
    let request = http::Request::get(path).body(Body::empty());
    let request = request.map_err(|error| Trouble::network(&error.to_string()))?;
    let late = |_| Trouble::network("the API server did not answer within 30 seconds");
    let answer = timeout(DEADLINE, client.send(request)).await.map_err(late)?;
    let answer = answer.map_err(|error| Trouble::of_error(&error))?;
    if !answer.status().is_success() {
        return Err(Trouble::of_answer(answer).await);
    }
    let body = timeout(DEADLINE, Limited::new(answer.into_body(), LARGEST).collect()).await.map_err(late)?;
    Ok(body.map_err(|error| Trouble::network(&error.to_string()))?.to_bytes().to_vec())
}

/// The path of a pod, or of the pods of a namespace when `name` is empty.
pub fn pod_path(namespace: &str, name: &str) -> String {
    let mut path = "/api/v1/namespaces/".to_owned();
    url::encode(namespace, &mut path);
    path.push_str("/pods");
    if !name.is_empty() {
        path.push('/');
        url::encode(name, &mut path);
    }
    path
}
