//! What we know now. Plain data with one owner: the loop.

pub mod chunks;
pub mod document;
pub mod filter;
pub mod list;
pub mod logs;
pub mod notice;
pub mod packed;
pub mod place;
pub mod session;
pub mod store;
pub mod table;
pub mod texts;

pub use list::List;
pub use notice::{Notice, Notices};
pub use place::{KindRef, ListKey, Namespaces, ObjectKey, Scope};
pub use session::{Session, SessionState};
pub use store::Store;

use crate::kinds::Time;
use std::collections::BTreeMap;
use std::collections::HashMap;

/// Everything that is known. Screens read it, the loop changes it.
#[derive(Debug, Default)]
pub struct Model {
    /// The contexts, by name.
    pub sessions: BTreeMap<String, Session>,
    /// The lists that are subscribed to.
    pub lists: HashMap<ListKey, List>,
    /// What was said to the user.
    pub notices: Notices,
    /// The moment that everything on screen refers to.
    pub now: Option<Time>,
}

impl Model {
    /// The moment that everything on screen refers to.
    pub fn now(&self) -> Time {
        self.now.unwrap_or_else(Time::now)
    }

    /// Says something to the user.
    pub fn say(&mut self, notice: Notice) {
        let now = self.now();
        self.notices.say(notice, now);
    }

    /// The session of a context; one that is unknown is unused.
    pub fn session(&self, context: &str) -> Session {
        self.sessions.get(context).cloned().unwrap_or_default()
    }
}
