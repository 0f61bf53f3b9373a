//! The requests that log streams need, and what the server says when it refuses one.

use super::super::pod::{Pod, Pods};
use super::super::watch::cause;
use super::LogRequest;
use crate::text::safe;
use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use k8s_openapi::jiff::Timestamp;
use kube::Client;
use kube::api::{ListParams, LogParams};
use kube::client::Body;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The most that is read of an error's body, in bytes.
const ERROR_LIMIT: usize = 64 << 10;
/// The most that is read of an object or a list, in bytes.
const OBJECT_LIMIT: usize = 64 << 20;

/// Why a request brought nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The server answered with this HTTP status and these words.
    Refused {
        /// HTTP status.
        code: u16,
        /// The server's sentence, safe to show.
        message: String,
    },
    /// There was no answer.
    Network(String),
}

impl Trouble {
    /// What happened, in one sentence.
    pub fn sentence(&self) -> &str {
        match self {
            Self::Refused { message, .. } => message,
            Self::Network(why) => why,
        }
    }

    /// What may help, for a log of `namespace`.
    pub fn hint(&self, namespace: &str) -> String {
        let Self::Refused { code, message } = self else {
            return "check the connection to the cluster".to_owned();
        };
        match code {
            400 if message.contains("previous") => "this container has not restarted; show its current log".to_owned(),
            400 => "check the container's name and whether it has started".to_owned(),
            401 => "sign in to the cluster again".to_owned(),
            403 if message.contains("pods/log") || !message.contains("list") => {
                format!("you need the verb \"get\" on \"pods/log\" in namespace \"{namespace}\"")
            }
            403 => format!("you need the verb \"list\" on \"pods\" in namespace \"{namespace}\""),
            404 => "the pod is gone; its owner may have made a new one".to_owned(),
            410 => "what was asked for is no longer kept; ask for a later part of the log".to_owned(),
            _ => "try again".to_owned(),
        }
    }
}

/// Opens a container's log, from the second `since` (since 1970) on when it is opened again.
pub async fn open(client: &Client, request: &LogRequest, again: Option<i64>) -> Result<Response<Body>, Trouble> {
    let extent = request.extent;
    let params = LogParams {
        container: Some(request.source.container.clone()),
        follow: extent.follow,
        previous: extent.previous,
        tail_lines: if again.is_none() { extent.tail.map(i64::from) } else { None },
        since_seconds: if again.is_none() { extent.since.map(i64::from) } else { None },
        since_time: again.and_then(|second| Timestamp::from_second(second).ok()),
        timestamps: true,
        ..LogParams::default()
    };
    let pods = pods_in(&request.source.namespace)?;
    send(client, pods.logs(name(&request.source.pod)?, &params)).await
}

/// A pod as it is now.
pub async fn pod(client: &Client, namespace: &str, pod: &str) -> Result<Pod, Trouble> {
    let request = pods_in(namespace)?.get(name(pod)?, &kube::api::GetParams::default());
    read(send(client, request).await?, "the pod").await
}

/// The pods that match both selectors.
pub async fn pods(client: &Client, namespace: &str, (labels, fields): (&str, &str)) -> Result<Pods, Trouble> {
    let given = |selector: &str| Some(selector.to_owned()).filter(|selector| !selector.is_empty());
    let params = ListParams { label_selector: given(labels), field_selector: given(fields), ..ListParams::default() };
    let request = pods_in(namespace)?.list(&params);
    read(send(client, request).await?, "the list of pods").await
}

/// Requests for pods of a namespace.
fn pods_in(namespace: &str) -> Result<kube::core::Request, Trouble> {
    Ok(kube::core::Request::new(format!("/api/v1/namespaces/{}/pods", name(namespace)?)))
}

/// A name that may stand in a path.
fn name(text: &str) -> Result<&str, Trouble> {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
    if !text.is_empty() && text.bytes().all(fine) && text != "." && text != ".." {
        return Ok(text);
    }
    Err(Trouble::Refused { code: 400, message: format!("\"{}\" is no name of a pod or namespace", safe(text)) })
}

/// Sends a request; an answer other than 2xx is trouble.
async fn send(
    client: &Client,
    request: Result<Request<Vec<u8>>, kube::core::request::Error>,
) -> Result<Response<Body>, Trouble> {
    let request = request.map_err(|error| Trouble::Refused { code: 400, message: error.to_string() })?;
    let response = client.send(request.map(Body::from)).await.map_err(|error| Trouble::Network(cause(&error)))?;
    if response.status().is_success() {
        return Ok(response);
    }
    let code = response.status().as_u16();
    let body = Limited::new(response.into_body(), ERROR_LIMIT).collect().await;
    let bytes = body.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    Err(Trouble::Refused { code, message: message(code, &bytes) })
}

/// Reads a body to its end, as `what` it should be.
async fn read<T: DeserializeOwned>(response: Response<Body>, what: &str) -> Result<T, Trouble> {
    let body = Limited::new(response.into_body(), OBJECT_LIMIT).collect().await;
    let body = body.map_err(|error| Trouble::Network(cause(&*error)))?.to_bytes();
    serde_json::from_slice(&body).map_err(|error| Trouble::Network(format!("{what} cannot be read: {error}")))
}

/// The server's sentence: the message of a `Status`, else the text of the body.
fn message(code: u16, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Status {
        message: String,
    }
    let status = serde_json::from_slice::<Status>(body).map(|status| status.message);
    let text = status.unwrap_or_else(|_| String::from_utf8_lossy(body).trim().to_owned());
    if text.is_empty() { format!("the server answered with HTTP status {code}") } else { safe(&text).into_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_are_kept() {
        assert_eq!(message(400, br#"{"kind":"Status","message":"previous \u001b[31mx"}"#), "previous ^[[31mx");
        assert_eq!(message(502, b"bad gateway\n"), "bad gateway");
        assert_eq!(message(500, b""), "the server answered with HTTP status 500");
    }

    #[test]
    fn names_stay_in_their_place_of_the_path() {
        for wrong in ["", "..", "a/b", "a?b", "A", "a%2fb"] {
            assert!(name(wrong).is_err(), "{wrong:?}");
        }
        assert_eq!(name("web-1.x"), Ok("web-1.x"));
    }
}
