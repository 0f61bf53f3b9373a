//! A server for the tests of the gate and of actions: a function that answers, and what it was asked.

use super::{Reader, Writer};
use http::{Request, Response};
use http_body_util::BodyExt;
use kube::Client;
use kube::client::Body;
use serde_json::Value;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

/// What was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Method, path and query: `PATCH /api/v1/nodes/n1?dryRun=All`.
    pub line: String,
    /// The type of the body.
    pub media: String,
    /// The body.
    pub body: Value,
}

impl Asked {
    /// Whether the server is to keep nothing of it.
    pub fn is_dry(&self) -> bool {
        self.line.contains("dryRun=All") || self.body.get("dryRun").is_some()
    }
}

/// A server's answers: status and body, or none, which cuts the connection.
pub type Answers = dyn Fn(&Asked) -> Option<(u16, Value)> + Send + Sync;

/// Both ways to a server that answers with `answers`, and what it was asked.
pub fn server(
    answers: impl Fn(&Asked) -> Option<(u16, Value)> + Send + Sync + 'static,
) -> (Reader, Writer, Receiver<Asked>) {
    let answers: Arc<Answers> = Arc::new(answers);
    let (sender, asked) = mpsc::channel();
    let service = tower::service_fn(move |request: Request<Body>| {
        let (answers, sender) = (answers.clone(), sender.clone());
        async move {
            let line = format!("{} {}", request.method(), request.uri());
            let media = request.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
            let bytes = request.into_body().collect().await.unwrap().to_bytes();
            let asked = Asked {
                line,
                media: media.unwrap_or_default(),
                body: serde_json::from_slice(&bytes).unwrap_or_default(),
            };
            let answer = answers(&asked);
            let _ = sender.send(asked);
            let (code, body) = answer.ok_or_else(|| std::io::Error::from(std::io::ErrorKind::UnexpectedEof))?;
            let response = Response::builder().status(code).body(Body::from(body.to_string().into_bytes()));
            Ok::<_, tower::BoxError>(response.unwrap())
        }
    });
    let client = Client::new(service, "default");
    (Reader::new(client.clone()), Writer::new(client), asked)
}
