//! Requests as they go over the wire, and what comes back: status codes and bodies, nothing interpreted.

use futures::TryStreamExt;
use futures::io::AsyncBufReadExt;
use http::header::{ACCEPT, CONTENT_TYPE};
use kube::Client;
use kube::client::Body;
use serde_json::Value;
use std::time::Duration;
use tokio::sync::mpsc;

/// The content types of patches.
pub const MERGE: &str = "application/merge-patch+json";
pub const STRATEGIC: &str = "application/strategic-merge-patch+json";
pub const JSON_PATCH: &str = "application/json-patch+json";
pub const JSON: &str = "application/json";
const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

/// How long anything may take that should happen at once.
pub const SOON: Duration = Duration::from_secs(20);

/// An API server, real or not.
#[derive(Clone)]
pub struct Wire(pub Client);

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub code: u16,
    /// The body.
    pub body: Value,
}

impl Wire {
    /// Sends one request.
    pub async fn send(&self, method: &str, path: &str, (media, body): (&str, Option<&Value>)) -> Answer {
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let accept = if media == TABLE { TABLE } else { JSON };
        let request =
            http::Request::builder().method(method).uri(path).header(ACCEPT, accept).header(CONTENT_TYPE, media);
        let answer = self.0.send(request.body(Body::from(bytes)).expect("a request")).await.expect("an answer");
        let code = answer.status().as_u16();
        let body = answer.into_body().collect_bytes().await.expect("a body");
        let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
        Answer { code, body: serde_json::from_slice(&body).unwrap_or_else(|_| text()) }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, (JSON, None)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, (JSON, Some(body))).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, (JSON, Some(body))).await
    }

    pub async fn patch(&self, path: &str, (media, body): (&str, &Value)) -> Answer {
        self.send("PATCH", path, (media, Some(body))).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, (JSON, None)).await
    }

    /// A list as the server's Table.
    pub async fn table(&self, path: &str) -> Value {
        let answer = self.send("GET", path, (TABLE, None)).await;
        assert_eq!((answer.code, &answer.body["kind"]), (200, &"Table".into()), "{path}: {}", answer.body);
        answer.body
    }

    /// Opens a watch; its lines arrive in the channel.
    pub async fn watch(&self, path: &str) -> Result<mpsc::UnboundedReceiver<Value>, Answer> {
        let request = http::Request::get(path).header(ACCEPT, JSON).body(Body::empty()).expect("a request");
        let answer = self.0.send(request).await.expect("an answer");
        let code = answer.status().as_u16();
        if code != 200 {
            let body = answer.into_body().collect_bytes().await.expect("a body");
            return Err(Answer { code, body: serde_json::from_slice(&body).expect("JSON") });
        }
        let (out, lines) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let bytes = http_body_util::BodyDataStream::new(answer.into_body());
            let mut text = bytes.map_err(std::io::Error::other).into_async_read().lines();
            while let Ok(Some(line)) = text.try_next().await {
                if out.send(serde_json::from_str(&line).expect("JSON")).is_err() {
                    break;
                }
            }
        });
        Ok(lines)
    }
}

impl Answer {
    /// The answer, if it is a success.
    pub fn ok(self, what: &str) -> Value {
        assert!((200..300).contains(&self.code), "{what}: {} {}", self.code, self.body);
        self.body
    }
}

/// The next line of a watch.
pub async fn next(lines: &mut mpsc::UnboundedReceiver<Value>) -> Option<Value> {
    tokio::time::timeout(SOON, lines.recv()).await.expect("the watch says something soon")
}
