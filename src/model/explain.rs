//! What is known of kinds that somebody asked about.

use super::Notice;
use crate::kinds::schema::Explained;
use crate::kinds::schema::outline::Outline;
use std::rc::Rc;

/// A question about a kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ExplainKey {
    /// The context whose server is asked.
    pub context: Rc<str>,
    /// The kind and the field, as one types them: `pods.spec.containers`.
    pub asked: String,
}

/// The answer.
#[derive(Debug, Default)]
pub struct ExplainPage {
    /// The kind, its schemas, and the field that was asked for.
    pub explained: Option<Explained>,
    /// All its fields.
    pub outline: Outline,
    /// Why nothing is known.
    pub failure: Option<Notice>,
}

impl ExplainPage {
    /// Takes over the answer.
    pub fn take(&mut self, result: Result<Explained, Notice>) {
        match result {
            Ok(explained) => {
                self.outline = Outline::of(&explained);
                (self.explained, self.failure) = (Some(explained), None);
            }
            Err(notice) => self.failure = Some(notice),
        }
    }
}
