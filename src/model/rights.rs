//! `Rights`: what the server said that we may do. It is remembered for a minute, and only to say early what will not work:
//! the truth is the server's answer to the request itself.

use crate::kinds::{Access, Time};
use std::collections::HashMap;
use std::rc::Rc;

/// For how long an answer is remembered, in seconds.
const KEPT: i64 = 60;

/// What the server said about one access.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    at: Time,
    /// Why not, `""` when the server gave no reason; `None` when it is allowed.
    refused: Option<String>,
}

/// What the server said that we may do.
#[derive(Debug, Default)]
pub struct Rights {
    answers: HashMap<(Rc<str>, Access), Answer>,
}

impl Rights {
    /// Takes over an answer: `None` when it is allowed, else why not.
    pub fn learn(&mut self, context: &Rc<str>, access: Access, refused: Option<String>, now: Time) {
        self.answers.retain(|_, answer| now.seconds_since(answer.at) < KEPT);
        self.answers.insert((context.clone(), access), Answer { at: now, refused });
    }

    /// Whether an answer is there that is not too old.
    pub fn knows(&self, context: &Rc<str>, access: &Access, now: Time) -> bool {
        self.answers.get(&(context.clone(), access.clone())).is_some_and(|answer| now.seconds_since(answer.at) < KEPT)
    }

    /// Why `access` is refused, as a sentence; `None` when it is allowed or not known.
    pub fn refusal(&self, context: &Rc<str>, access: &Access) -> Option<String> {
        let reason = self.answers.get(&(context.clone(), access.clone()))?.refused.as_ref()?;
        let because = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        Some(format!("you may not {access}{because}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_known_for_a_minute() {
        let context: Rc<str> = Rc::from("a");
        let access = Access {
            verb: "patch",
            group: "apps",
            resource: "deployments",
            subresource: "scale",
            namespace: "shop".into(),
        };
        let mut rights = Rights::default();
        assert!(!rights.knows(&context, &access, Time(0)) && rights.refusal(&context, &access).is_none());
        rights.learn(&context, access.clone(), Some("no role".into()), Time(0));
        assert!(rights.knows(&context, &access, Time(59)) && !rights.knows(&context, &access, Time(60)));
        let want = "you may not patch deployments.apps/scale in shop: no role";
        assert_eq!(rights.refusal(&context, &access).as_deref(), Some(want));
        rights.learn(&context, access.clone(), None, Time(61));
        assert_eq!(rights.refusal(&context, &access), None);
    }
}
