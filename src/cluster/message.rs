//! `Message`: what the tasks of `cluster` tell the loop. Facts, as plain data.

use super::copy;
use super::gate::GateMessage;
use super::greet::{Ahead, Connected, Unreachable};
use super::logs::LogMessage;
use super::object::Seen;
use super::review::Review;
use crate::kinds::answer::Answer;
use crate::kinds::copy::CopyId;
use crate::kinds::drain::{News, Plan};
use crate::kinds::forward::{ForwardId, ForwardState, PortOffer};
use crate::kinds::rollout::{Report, Revisions};
use crate::kinds::schema::Explained;
use crate::kinds::usage::Figures;
use crate::kinds::{Change, Discovered, Freshness};

/// The number of a subscription; never used twice, so that what a replaced task still says can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subscription(pub u64);

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Objects of a list came, changed or went, in this order.
    Changes {
        /// Whose list.
        of: Subscription,
        /// The changes.
        batch: Vec<Change>,
    },
    /// A list became more or less fresh.
    Fresh {
        /// Whose list.
        of: Subscription,
        /// Which of its parts (namespaces).
        part: u8,
        /// How fresh it is now.
        state: Freshness,
    },
    /// An object was read, as the server gave it, or could not be.
    Object {
        /// Who asked.
        of: Subscription,
        /// What it is, or why that is not known.
        seen: Seen,
    },
    /// What somebody asked about a kind, or why that is not known.
    Explained {
        /// Who asked.
        of: Subscription,
        /// The kind with its schemas.
        result: Result<Box<Explained>, Unreachable>,
    },
    /// Something about logs.
    Log {
        /// Who follows them.
        of: Subscription,
        /// What.
        message: LogMessage,
    },
    /// What a drain would do, or why that is not known.
    DrainPlan {
        /// Who asked.
        of: Subscription,
        /// The plan.
        result: Result<Plan, Unreachable>,
    },
    /// Something about a drain under way.
    Drain {
        /// Which one.
        of: Subscription,
        /// What.
        news: News,
    },
    /// Something about a change.
    Gate(GateMessage),
    /// What the server says that we may do.
    Reviews {
        /// In which context.
        context: String,
        /// Its answers.
        reviews: Vec<Review>,
    },
    /// A context's server said which kinds it serves, or could not.
    Discovered {
        /// Of which context.
        context: String,
        /// The kinds, or why they are not known.
        result: Result<Box<Discovered>, Unreachable>,
    },
    /// The server of a context warns of something, in the headers of an answer.
    Warned {
        /// The context.
        context: String,
        /// What it says, safe to show.
        text: String,
    },
    /// A job that a command began is done: what to say of it, or what went wrong.
    Done {
        /// A sentence, or a sentence and a hint.
        result: Result<String, Unreachable>,
    },
    /// How far a rollout is.
    Progress {
        /// Who follows it.
        of: Subscription,
        /// All that is known of it.
        report: Box<Report>,
    },
    /// The revisions of a workload.
    Revisions {
        /// Who looks at them.
        of: Subscription,
        /// All of them.
        revisions: Box<Revisions>,
    },
    /// A question was answered, or could not be.
    Answer {
        /// Who asked.
        of: Subscription,
        /// The answer as it is now.
        result: Result<Answer, Unreachable>,
    },
    /// What those use that a list shows, or why that is not known.
    Usage {
        /// Who looks at them.
        of: Subscription,
        /// The figures.
        result: Result<Figures, Unreachable>,
    },
    /// A task came to a bad end, through a defect of ours.
    Died {
        /// Whose.
        of: Subscription,
    },
    /// A server said whom it takes us for.
    Identity {
        /// Name of the context.
        context: String,
        /// The user's name, made safe.
        name: String,
    },
    /// A context waits for a credential plugin.
    SigningIn {
        /// Name of the context.
        context: String,
        /// Which plugin, and what it says so far, line by line, made safe.
        says: Vec<String>,
    },
    /// A context can be asked, but it has not answered yet.
    Reached {
        /// Name of the context.
        context: String,
        /// How it is asked.
        ahead: Ahead,
    },
    /// A context was connected, or could not be; then it is tried again by itself.
    Session {
        /// Name of the context.
        context: String,
        /// The connection, or why there is none.
        result: Result<Connected, Unreachable>,
    },
    /// How a port-forward fares now.
    Forward {
        /// Which.
        id: ForwardId,
        /// How.
        state: ForwardState,
    },
    /// Something about a copy from or to a container.
    Copy {
        /// Which.
        id: CopyId,
        /// What.
        news: copy::News,
    },
    /// The ports that an object names were read, or could not be.
    Ports {
        /// The command line that waits for one of them.
        run: String,
        /// The ports, or why there are none.
        result: Result<Vec<PortOffer>, Unreachable>,
    },
}

impl Message {
    /// Who it is for; those without a number are for everybody.
    pub fn of(&self) -> Option<Subscription> {
        match self {
            Self::Changes { of, .. }
            | Self::Fresh { of, .. }
            | Self::Object { of, .. }
            | Self::Explained { of, .. }
            | Self::Log { of, .. }
            | Self::DrainPlan { of, .. }
            | Self::Drain { of, .. }
            | Self::Progress { of, .. }
            | Self::Revisions { of, .. }
            | Self::Answer { of, .. }
            | Self::Usage { of, .. }
            | Self::Died { of } => Some(*of),
            Self::Reached { .. }
            | Self::Session { .. }
            | Self::Gate(_)
            | Self::Reviews { .. }
            | Self::Discovered { .. }
            | Self::Done { .. }
            | Self::Warned { .. }
            | Self::Copy { .. }
            | Self::Forward { .. }
            | Self::Ports { .. }
            | Self::Identity { .. }
            | Self::SigningIn { .. } => None,
        }
    }
}
