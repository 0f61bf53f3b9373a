//! What was asked about an object or a cluster, and what is known of the answer.

use super::notice::Notice;
use super::place::ObjectKey;
use crate::kinds::answer::Answer;
use std::fmt;
use std::rc::Rc;

/// A question, as the person asked it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnswerKey {
    /// The context of the kubeconfig.
    pub context: Rc<str>,
    /// Which question: the name of its record in `cluster::answers`.
    pub question: &'static str,
    /// The object that it is about, if it is about one.
    pub about: Option<ObjectKey>,
    /// What was added to it.
    pub argument: String,
}

impl fmt::Display for AnswerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.question)?;
        if let Some(about) = &self.about {
            write!(f, " of {about}")?;
        }
        if !self.argument.is_empty() {
            write!(f, " {}", self.argument)?;
        }
        Ok(())
    }
}

/// What is known of an answer.
#[derive(Debug, Default)]
pub struct AnswerPage {
    /// The answer; what it was stays when asking again fails.
    pub answer: Option<Answer>,
    /// Why there was none the last time.
    pub failure: Option<Notice>,
    /// The number of the page, and how many answers came to it: an answer with others is another one.
    pub version: (u32, u32),
}

impl AnswerPage {
    /// The page of this number: an answer that was closed must not be taken for the one that is opened anew.
    pub fn numbered(number: u32) -> Self {
        Self { version: (number, 0), ..Self::default() }
    }

    /// Takes over what came.
    pub fn take(&mut self, result: Result<Answer, Notice>) {
        match result {
            Ok(answer) => {
                (self.answer, self.failure) = (Some(answer), None);
                self.version.1 += 1;
            }
            Err(failure) => self.failure = Some(failure),
        }
    }
}
