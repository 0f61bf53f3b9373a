//! How a session ended: by the server's `Status`, or without one.

use crate::text::safe;
use serde::Deserialize;
use std::fmt;

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The command ended with this exit code.
    Exited(u8),
    /// The command could not be run, or its end not be understood; a sentence, safe to show.
    Failed(String),
    /// Nobody said how the command ended; why the connection was lost, safe to show. It may still run.
    Lost(String),
}

/// `exited 137`, the sentence of a failure, `connection lost: …`
impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "exited {code}"),
            Self::Failed(sentence) => f.write_str(sentence),
            Self::Lost(why) if why.is_empty() => f.write_str("connection lost"),
            Self::Lost(why) => write!(f, "connection lost: {why}"),
        }
    }
}

/// `Status` of apimachinery, as far as it tells the end of a command.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    #[serde(rename = "status")]
    result: String,
    message: String,
    reason: String,
    details: Option<Details>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Details {
    causes: Option<Vec<Cause>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Cause {
    reason: String,
    message: String,
}

impl Ended {
    /// Reads what came on the status channel, as client-go `tools/remotecommand/v4.go`.
    pub fn parse(json: &[u8]) -> Self {
        let Ok(status) = serde_json::from_slice::<Status>(json) else {
            let said = String::from_utf8_lossy(json);
            return Self::Failed(format!("the server's word on how it ended cannot be read: {}", short(&said)));
        };
        match (status.result.as_str(), status.reason.as_str()) {
            ("Success", _) => Self::Exited(0),
            ("Failure", "NonZeroExitCode") => status.exit_code().map_or_else(
                || Self::Failed("the command failed, and the server gave no exit code".to_owned()),
                Self::Exited,
            ),
            ("Failure", _) if !status.message.is_empty() => Self::Failed(short(&status.message)),
            _ => Self::Failed("the server said that the command failed, and not why".to_owned()),
        }
    }
}

impl Status {
    /// The exit code, when there is one other than 0.
    fn exit_code(&self) -> Option<u8> {
        let causes = self.details.as_ref()?.causes.as_ref()?;
        let cause = causes.iter().find(|cause| cause.reason == "ExitCode")?;
        cause.message.parse().ok().filter(|code| *code != 0)
    }
}

/// Longest sentence that is shown, in characters.
const SENTENCE: usize = 400;

/// Text from outside as part of a sentence.
fn short(text: &str) -> String {
    let text = safe(text.trim());
    match text.char_indices().nth(SENTENCE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn failed(json: &[u8]) -> String {
        match Ended::parse(json) {
            Ended::Failed(sentence) => sentence,
            other => panic!("{other:?}"),
        }
    }

    fn exit(message: &str) -> Vec<u8> {
        json!({"status": "Failure", "reason": "NonZeroExitCode", "message": "command terminated",
            "details": {"causes": [{"reason": "Other", "message": "9"}, {"reason": "ExitCode", "message": message}]}})
        .to_string()
        .into_bytes()
    }

    #[test]
    fn exit_codes_are_read() {
        assert_eq!(Ended::parse(br#"{"metadata":{},"status":"Success"}"#), Ended::Exited(0));
        assert_eq!(Ended::parse(&exit("137")), Ended::Exited(137));
        assert_eq!(Ended::parse(&exit("1")).to_string(), "exited 1");
    }

    #[test]
    fn what_is_no_exit_code_is_never_a_success() {
        for message in ["", "0", "256", "-1", "x"] {
            assert_eq!(failed(&exit(message)), "the command failed, and the server gave no exit code", "{message}");
        }
        for json in [&b"{}"[..], br#"{"status":"Failure"}"#, br#"{"status":"success"}"#] {
            assert_eq!(failed(json), "the server said that the command failed, and not why");
        }
        let no_cause = br#"{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":null}}"#;
        assert!(failed(no_cause).contains("no exit code"));
        for bad in [&b"not json"[..], b"[1", b"\xff", b""] {
            assert!(failed(bad).starts_with("the server's word on how it ended cannot be read"));
        }
    }

    #[test]
    fn the_servers_words_are_safe_and_short() {
        let said = json!({"status": "Failure", "reason": "InternalError", "message": "no \u{1b}[31mshell"}).to_string();
        assert_eq!(failed(said.as_bytes()), "no ^[[31mshell");
        let long = json!({"status": "Failure", "message": "x".repeat(9_000)}).to_string();
        assert_eq!(failed(long.as_bytes()).chars().count(), SENTENCE + 1);
        assert_eq!(Ended::Lost(String::new()).to_string(), "connection lost");
    }
}
