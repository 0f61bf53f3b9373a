//! What can go wrong with a request, each in the sentence that people see and in what is to be done about it.

use super::split::Encoding;
use crate::kinds::read;
use crate::kinds::wire::{self, Object, Source, meta};
use crate::text::safe;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use kube::client::Body;
use serde::Deserialize;
use std::error::Error;
use std::io;
use std::time::Duration;
use tokio::time::timeout;

/// The longest time that we let a server make us wait.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// How much of an error's body is read, in bytes, and for how long.
const ERROR_BODY: usize = 64 * 1024;
const ERROR_TIME: Duration = Duration::from_secs(5);
/// The longest sentence from outside, in characters.
const SENTENCE: usize = 300;

/// What went wrong. The texts are safe, short, and begin in lower case, as parts of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// This user may not.
    Forbidden(String),
    /// The server does not know this resource.
    NotServed(String),
    /// The server knows the resource, but not this verb.
    NoVerb(String),
    /// The server does not know the form in which we want the answer.
    NotInThisForm(String),
    /// The server does not take the question: a selector is wrong.
    Refused(String),
    /// The version or token that we gave is too old, or from another life of the server: list again.
    Expired(String),
    /// The server asks to wait.
    Busy { why: String, wait: Duration },
    /// This computer slept: what was open is dead, but nothing is wrong.
    Woke,
    /// Anything else: try again, more and more slowly.
    Down(String),
    /// The columns of the table changed: list again.
    Columns,
    /// Nobody listens to us any more.
    Unheard,
}

/// The `Status` by which the API server tells an error; all of it may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub message: Option<String>,
    pub reason: Option<String>,
    pub code: Option<i64>,
}

impl Status {
    /// Reads the body of an error, in JSON or in protobuf; none when it is neither.
    fn read(body: &[u8]) -> Option<Self> {
        match wire::unwrapped(body) {
            Some(raw) => Self::deserialize(Source::from(Object::new(&meta::STATUS, raw))).ok(),
            None => read::whole(body).ok(),
        }
    }

    /// What an error means that came as this `Status`, with `code` if the status has none of its own.
    pub(super) fn fault(&self, code: StatusCode, wait: Option<Duration>) -> Fault {
        let said = self.message.as_deref().unwrap_or_default();
        let code =
            self.code.and_then(|c| u16::try_from(c).ok()).and_then(|c| StatusCode::from_u16(c).ok()).unwrap_or(code);
        let reason = self.reason.as_deref().unwrap_or_default();
        let plain = || if said.is_empty() { format!("the API server answered {code}") } else { clean(said) };
        match code.as_u16() {
            401 => Fault::Down(format!("credentials expired or not accepted: {}", plain())),
            403 => Fault::Forbidden(plain()),
            404 => Fault::NotServed(plain()),
            405 => Fault::NoVerb(plain()),
            406 | 415 => Fault::NotInThisForm(plain()),
            410 => Fault::Expired(plain()),
            _ if matches!(reason, "Expired" | "Gone") => Fault::Expired(plain()),
            // The server restarted, or another one answers, and is not as far as the one that we listed from.
            400 | 504 if said.to_ascii_lowercase().contains("too large resource version") => Fault::Expired(plain()),
            400 => Fault::Refused(plain()),
            429 => Fault::Busy { why: "the server asks to wait".to_owned(), wait: wait.unwrap_or_default() },
            _ => {
                let why = clean(format!("the API server answered {code}: {said}").trim_end_matches([':', ' ']));
                wait.map_or(Fault::Down(why.clone()), |wait| Fault::Busy { why, wait })
            }
        }
    }
}

impl Fault {
    /// Its sentence, `""` where there is none.
    pub(super) fn why(self) -> String {
        match self {
            Self::Forbidden(why)
            | Self::NotServed(why)
            | Self::NoVerb(why)
            | Self::NotInThisForm(why)
            | Self::Refused(why)
            | Self::Expired(why)
            | Self::Busy { why, .. }
            | Self::Down(why) => why,
            Self::Woke | Self::Columns | Self::Unheard => String::new(),
        }
    }

    /// What an answer means that is no success.
    pub(super) async fn of_answer(answer: Response<Body>) -> Self {
        let (head, body) = answer.into_parts();
        let wait = retry_after(&head.headers);
        let body = timeout(ERROR_TIME, Limited::new(body, ERROR_BODY).collect()).await;
        let bytes = body.ok().and_then(Result::ok).map(http_body_util::Collected::to_bytes).unwrap_or_default();
        match Status::read(&bytes) {
            Some(status) => status.fault(head.status, wait),
            None if looks_like_html(&head.headers, &bytes) => {
                let page = Status {
                    message: Some("with a web page; is a proxy or a login in between?".to_owned()),
                    ..Status::default()
                };
                page.fault(head.status, wait)
            }
            None => {
                let message = Some(String::from_utf8_lossy(&bytes).trim().to_owned());
                Status { message, ..Status::default() }.fault(head.status, wait)
            }
        }
    }

    /// What an error of the connection means.
    pub(super) fn of_error(error: &(dyn Error + 'static)) -> Self {
        Self::Down(cause(error))
    }
}

/// How a body is written: JSON unless it says otherwise.
///
/// # Errors
/// When it is neither JSON nor protobuf, before anything is read from it.
pub(super) fn encoding(headers: &HeaderMap) -> Result<Encoding, Fault> {
    let Some(kind) = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes())) else {
        return Ok(Encoding::Json);
    };
    let known = kind.to_ascii_lowercase();
    let what = match () {
        () if known.contains("json") => return Ok(Encoding::Json),
        () if known.contains("vnd.kubernetes.protobuf") => return Ok(Encoding::Protobuf),
        () if known.contains("html") => "a web page".to_owned(),
        () => clean(&kind),
    };
    Err(Fault::Down(format!("the answer is {what}, not JSON; is a proxy or a login in between?")))
}

fn looks_like_html(headers: &HeaderMap, body: &[u8]) -> bool {
    encoding(headers).is_err_and(|fault| matches!(fault, Fault::Down(why) if why.contains("a web page")))
        || body.trim_ascii_start().starts_with(b"<")
}

/// How long the server asks us to wait, at most a minute. A date or anything else that is no number of seconds is
/// none; a number of any size is taken.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)).min(LONGEST_WAIT))
}

/// The sentence at the bottom of an error: what happened, without the layers through which it came.
pub(in crate::cluster) fn cause(error: &(dyn Error + 'static)) -> String {
    let mut deepest = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    match deepest.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => "the connection was cut".to_owned(),
        Some(io::ErrorKind::UnexpectedEof) => "the connection was closed".to_owned(),
        Some(io::ErrorKind::TimedOut) => "the connection timed out".to_owned(),
        Some(io::ErrorKind::HostUnreachable) => "the host is unreachable".to_owned(),
        Some(io::ErrorKind::NetworkUnreachable) => "the network is unreachable".to_owned(),
        _ => {
            let text = deepest.to_string();
            clean(text.split(" (os error").next().unwrap_or_default())
        }
    }
}

/// Text from outside as part of a sentence: safe and not too long.
pub(super) fn clean(text: &str) -> String {
    let text = safe(text.trim());
    match text.char_indices().nth(SENTENCE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}
