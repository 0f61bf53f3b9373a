//! `Problem`: why something was not, or may not have been, changed; each with what to do about it.

use super::managed;
use crate::cluster::connect::Refused;
use crate::cluster::watch::cause;
use crate::text::safe;
use serde_json::Value;
use std::error::Error;
use std::fmt;

/// The longest sentence of a server that is repeated, in characters.
const SENTENCE: usize = 600;

/// What kind of trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// It cannot be done, and nothing was sent.
    NotSent,
    /// The server refused, with this HTTP status.
    Refused(u16),
    /// The server refused because somebody changed the object at the same time: planning anew may help.
    Conflict,
    /// It is not the object any more that was meant, or not as it was.
    Changed,
    /// No answer came: nobody knows whether it was done.
    Lost,
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub trouble: Trouble,
    /// What happened; safe to show.
    pub sentence: String,
    /// What to do, `""` when there is nothing.
    pub hint: String,
    /// What makes it up, one line each: the fields that others manage.
    pub details: Vec<String>,
}

impl Problem {
    /// It cannot be done, and nothing was sent.
    pub fn new(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { trouble: Trouble::NotSent, sentence: sentence.into(), hint: hint.into(), details: Vec::new() }
    }

    /// It is not the object any more that was meant, or not as it was.
    pub fn changed(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { trouble: Trouble::Changed, ..Self::new(sentence, hint) }
    }

    /// What an error of the connection means for a request that may have left.
    pub fn of_error(error: &(dyn Error + 'static)) -> Self {
        if let Some(refused) = find::<Refused>(error) {
            let hint =
                if refused.read_only { ":read-only switches, unless the command line said --read-only" } else { "" };
            return Self::new(refused.to_string(), hint);
        }
        match cause(error) {
            why if why == "connection refused" => {
                Self::new(format!("cannot reach the API server: {why}"), "nothing was sent; try again when it is back")
            }
            why => Self {
                trouble: Trouble::Lost,
                sentence: format!("no answer came: {why}"),
                hint: "nobody knows whether it was done".to_owned(),
                details: Vec::new(),
            },
        }
    }

    /// What an answer of status `code` means, with its `Status`.
    pub fn of_answer(code: u16, status: &Value) -> Self {
        let said = status.get("message").and_then(Value::as_str).unwrap_or_default();
        let sentence = if said.is_empty() { format!("the API server answered {code}") } else { clean(said) };
        // The registry of pods has words of its own.
        let other = ["UID in precondition", "UID in the precondition"].iter().any(|words| sentence.contains(words));
        let replaced = code == 409 && other || code == 422 && sentence.contains("metadata.uid");
        if replaced {
            return Self::changed(
                "it was replaced since you looked: another object has this name now",
                "look at the new one and act again if you still want to",
            );
        }
        let owned = managed::fields(status);
        if !owned.is_empty() {
            return Self::managed(code, owned);
        }
        let trouble = if is_conflict(code, status) { Trouble::Conflict } else { Trouble::Refused(code) };
        Self { trouble, sentence, hint: hint(code, status).to_owned(), details: Vec::new() }
    }

    /// Fields that an apply sets otherwise than the managers that own them.
    fn managed(code: u16, details: Vec<String>) -> Self {
        let fields = if details.len() == 1 { "1 field is".to_owned() } else { format!("{} fields are", details.len()) };
        Self {
            trouble: Trouble::Refused(code),
            sentence: format!("{fields} managed by others, who set something else"),
            hint: "leave them out of the manifest, or take them with --force-conflicts".to_owned(),
            details,
        }
    }

    /// Whether the object is not there.
    pub fn is_gone(&self) -> bool {
        self.trouble == Trouble::Refused(404)
    }

    /// Whether somebody whom the server asked did not answer: an API server behind the aggregator, or the server itself
    /// behind a proxy.
    pub fn is_away(&self) -> bool {
        matches!(self.trouble, Trouble::Refused(502..=504))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)?;
        if !self.details.is_empty() {
            write!(f, ": {}", self.details.join("; "))?;
        }
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}

/// Whether somebody else's change stands in the way. A JSON patch whose test fails is answered by 422 and a sentence.
fn is_conflict(code: u16, status: &Value) -> bool {
    let text = |name: &str| status.get(name).and_then(Value::as_str).unwrap_or_default();
    match code {
        409 => text("reason") != "AlreadyExists",
        422 => text("message").contains("rejected our request due to an error in our request"),
        _ => false,
    }
}

/// What to do about a refusal.
fn hint(code: u16, status: &Value) -> &'static str {
    let reason = status.get("reason").and_then(Value::as_str).unwrap_or_default();
    match (code, reason) {
        (401, _) => "your credentials are not accepted any more: sign in again",
        (403, _) => "ask whoever manages access for the verb that the sentence names",
        (404, _) => "it is gone",
        (405, _) => "this kind cannot be changed like this",
        (409, "AlreadyExists") => "there is one of this name already",
        (409, _) => "somebody changed it at the same time: look again, then try again",
        (413, _) => "it is too large for the server",
        (422, _) => "the server does not take these values; nothing was changed",
        (429, _) if status.pointer("/details/causes/0/reason").is_some_and(|cause| cause == "DisruptionBudget") => {
            "a PodDisruptionBudget does not allow it now"
        }
        (429, _) => "the server asks to wait; nothing was changed",
        (504, _) => "the server gave up waiting: it may or may not have been done",
        (500.., _) => "the server, or a webhook of it, is in trouble",
        _ => "",
    }
}

/// A text from outside, safe and not too long.
fn clean(text: &str) -> String {
    let text = safe(text.trim());
    match text.char_indices().nth(SENTENCE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.into_owned(),
    }
}

/// The error of type `E` among `error` and its causes.
fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_refusal_says_what_to_do() {
        for (code, reason) in [
            (401, ""),
            (403, "Forbidden"),
            (404, ""),
            (409, "Conflict"),
            (422, "Invalid"),
            (429, ""),
            (504, "Timeout"),
            (500, ""),
        ] {
            let problem = Problem::of_answer(code, &json!({"message": "no", "reason": reason}));
            let trouble = if code == 409 { Trouble::Conflict } else { Trouble::Refused(code) };
            assert_eq!((problem.trouble, problem.sentence.as_str()), (trouble, "no"));
            assert!(!problem.hint.is_empty(), "{code}");
        }
        assert_eq!(Problem::of_answer(418, &Value::Null).to_string(), "the API server answered 418");
    }

    #[test]
    fn a_replaced_object_is_told_as_such() {
        let said = "Operation cannot be fulfilled on pods \"a\": Precondition failed: UID in precondition: 1, UID in object meta: 2";
        assert_eq!(Problem::of_answer(409, &json!({"message": said})).trouble, Trouble::Changed);
        let said = "Operation cannot be fulfilled on Pod \"a\": the UID in the precondition (1) does not match the UID in record (2). The object might have been deleted and then recreated";
        assert_eq!(Problem::of_answer(409, &json!({"message": said})).trouble, Trouble::Changed);
        let said = "Node \"n1\" is invalid: metadata.uid: Invalid value: \"x\": field is immutable";
        assert_eq!(Problem::of_answer(422, &json!({"message": said})).trouble, Trouble::Changed);
    }

    #[test]
    fn what_the_server_says_is_made_safe() {
        let problem = Problem::of_answer(400, &json!({"message": "bad \u{1b}[31mred"}));
        assert_eq!(problem.sentence, "bad ^[[31mred");
    }
}
