//! What we know now. Plain data with one owner: the loop.

pub mod answer;
pub mod catalogue;
pub mod changes;
pub mod chunks;
mod copying;
pub mod diff;
pub mod document;
pub mod drain;
pub mod drift;
pub mod explain;
pub mod filter;
pub mod fold;
pub mod forward;
pub mod joins;
pub mod journal;
pub mod list;
pub mod logs;
pub mod notice;
pub mod packed;
pub mod page;
pub mod place;
mod pointers;
pub mod rights;
pub mod session;
mod shapes;
pub mod store;
pub mod table;
pub mod texts;
mod trend;
pub mod views;
pub mod yaml_path;

pub use answer::{AnswerKey, AnswerPage};
pub use catalogue::{Catalogue, Found};
pub use copying::Copying;
pub use drain::{DrainKey, DrainPage};
pub use forward::{Forward, ForwardOrder};
pub use journal::Journal;
pub use list::List;
pub use notice::{Notice, Notices};
pub use page::{LogPage, Page};
pub use place::{KindRef, ListKey, LogKey, Namespaces, ObjectKey, Scope, Tail, Topic};
pub use rights::Rights;
pub use session::{ReadOnlyBy, Session, SessionState, Traffic};
pub use store::Store;

use crate::kinds::Time;
use crate::kinds::rollout::{Report, Revisions};
use explain::{ExplainKey, ExplainPage};
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::rc::Rc;

/// Everything that is known. Screens read it, the loop changes it.
#[derive(Debug, Default)]
pub struct Model {
    /// The contexts, by name.
    pub sessions: BTreeMap<String, Session>,
    /// The kinds that their servers serve.
    pub catalogue: Catalogue,
    /// The lists that are subscribed to.
    pub lists: HashMap<ListKey, List>,
    /// How many lists and answers were opened.
    pub opened: u32,
    /// The objects whose YAML is looked at.
    pub pages: HashMap<ObjectKey, Page>,
    /// The drains that are planned, under way, or over.
    pub drains: HashMap<DrainKey, DrainPage>,
    /// The logs that are followed.
    pub logs: HashMap<LogKey, LogPage>,
    /// The kinds that somebody asked about.
    pub schemas: HashMap<ExplainKey, ExplainPage>,
    /// The rollouts that are followed.
    pub rollouts: HashMap<ObjectKey, Report>,
    /// The revisions that are looked at.
    pub revisions: HashMap<ObjectKey, Revisions>,
    /// The questions that were asked.
    pub answers: HashMap<AnswerKey, AnswerPage>,
    /// The port-forwards, in the order in which they were opened.
    pub forwards: Vec<Forward>,
    /// The copies that are under way.
    pub copies: Vec<Copying>,
    /// What was said to the user.
    pub notices: Notices,
    /// What was done.
    pub journal: Journal,
    /// What the server said that we may do.
    pub rights: Rights,
    /// The moment that everything on screen refers to.
    pub now: Option<Time>,
}

impl Model {
    /// The moment that everything on screen refers to.
    pub fn now(&self) -> Time {
        self.now.unwrap_or_else(Time::now)
    }

    /// Makes room for what will be known about `topic`.
    pub fn open(&mut self, topic: &Topic, log_buffer: usize) {
        match topic {
            Topic::List(key) => {
                let opened = &mut self.opened;
                self.lists.entry(key.clone()).or_insert_with(|| {
                    *opened += 1;
                    List::new(key, *opened)
                });
            }
            // It stands in its list.
            Topic::Usage(_) => {}
            Topic::Object(key) => {
                self.pages.entry(key.clone()).or_default();
            }
            Topic::Explain(key) => {
                self.schemas.entry(key.clone()).or_default();
            }
            Topic::Drain(key) => {
                self.drains.entry(key.clone()).or_default();
            }
            Topic::Log(key) => {
                self.logs.entry(key.clone()).or_insert_with(|| LogPage::new(log_buffer));
            }
            Topic::Progress(key) => {
                self.rollouts.entry(key.clone()).or_default();
            }
            Topic::Revisions(key) => {
                self.revisions.entry(key.clone()).or_default();
            }
            Topic::Answer(key) => {
                let opened = &mut self.opened;
                self.answers.entry(key.clone()).or_insert_with(|| {
                    *opened += 1;
                    AnswerPage::numbered(*opened)
                });
            }
        }
    }

    /// Forgets what is known about `topic`.
    pub fn close(&mut self, topic: &Topic) {
        match topic {
            Topic::List(key) => drop(self.lists.remove(key)),
            Topic::Usage(_) => {}
            Topic::Object(key) => drop(self.pages.remove(key)),
            Topic::Explain(key) => drop(self.schemas.remove(key)),
            Topic::Log(key) => drop(self.logs.remove(key)),
            // One that runs is looked at again, or told about at its end.
            Topic::Drain(key) => self.drains.retain(|other, page| other != key || page.is_running()),
            Topic::Progress(key) => drop(self.rollouts.remove(key)),
            Topic::Revisions(key) => drop(self.revisions.remove(key)),
            Topic::Answer(key) => drop(self.answers.remove(key)),
        }
    }

    /// Tells the lists of a context in which zones its nodes are.
    pub fn locate(&mut self, context: &Rc<str>) {
        if !self.lists.values().any(|list| list.joins.is_some()) {
            return;
        }
        let nodes = ListKey::nodes(context);
        let Some(known) = self.lists.remove(&nodes) else { return };
        for (_, list) in self.lists.iter_mut().filter(|(key, _)| key.context == *context) {
            list.locate(&known.store);
        }
        self.lists.insert(nodes, known);
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
