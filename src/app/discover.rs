//! Which kinds a cluster serves: asked for after the first list, and again when somebody opens the palette, types a name
//! that is not known, or looks at a kind that is not served any more. Nobody asks while nobody does anything.

use super::App;
use super::tasks::{Running, running};
use super::views::Unplaced;
use crate::cluster::discovery::discover;
use crate::cluster::{Message, Unreachable};
use crate::kinds::{Discovered, Freshness};
use crate::model::Notice;
use std::collections::HashMap;

/// Who is being asked, and what waits for the answer.
#[derive(Debug, Default)]
pub(super) struct Discoveries {
    running: HashMap<String, Running>,
    /// The context, and the command line that names a kind nobody knows yet.
    waiting: Option<(String, String)>,
    /// Columns for kinds that only a server knows.
    pub(super) views: Vec<Unplaced>,
}

impl Discoveries {
    /// Nobody is asked yet; these columns wait for their kinds.
    pub(super) fn for_views(views: Vec<Unplaced>) -> Self {
        Self { views, ..Self::default() }
    }
}

impl App {
    /// Asks which kinds `context` serves, unless that is known well enough; then runs `line`, if there is one.
    pub(super) fn discover(&mut self, context: &str, line: Option<String>) {
        let waits = line.is_some();
        if let Some(line) = line {
            self.discoveries.waiting = Some((context.to_owned(), line));
        }
        if self.discoveries.running.contains_key(context) || self.model.catalogue.is_fresh(context, self.model.now()) {
            return;
        }
        let Some(read) = self.tasks.lanes(context).map(|lanes| lanes.read.clone()) else { return };
        if waits {
            self.model.say(Notice::info("asking the server which kinds it serves …"));
        }
        let (name, out) = (context.to_owned(), self.tasks.sender());
        let task = tokio::spawn(async move {
            let result = discover(&read).await.map(Box::new);
            // When the loop has ended, nobody needs the answer.
            let _ = out.send(Message::Discovered { context: name, result }).await;
        });
        self.discoveries.running.insert(context.to_owned(), running(&task));
    }

    /// Asks for the command line that waited until `context` was connected.
    pub(super) fn discover_what_waits(&mut self, context: &str) {
        if self.discoveries.waiting.as_ref().is_some_and(|(name, _)| name == context) {
            self.discover(context, None);
        }
    }

    /// Takes over which kinds a context serves.
    pub(super) fn discovered(&mut self, context: &str, result: Result<Box<Discovered>, Unreachable>) {
        self.discoveries.running.remove(context);
        let waiting = self.discoveries.waiting.take_if(|(name, _)| name == context);
        match result {
            Ok(found) => {
                let now = self.model.now();
                if let Some(notice) = self.model.catalogue.learn(context, *found, now) {
                    self.say(notice);
                }
                self.tasks.serves(context, self.model.catalogue.kinds(context));
                self.place_views(context);
                // What is looked at may be asked for anew.
                self.follow_screens();
                if let Some((_, line)) = waiting {
                    self.model.notices.dismiss();
                    self.run(&line, None);
                    self.follow_screens();
                    (self.draw.dirty, self.draw.urgent) = (true, true);
                }
            }
            Err(why) if waiting.is_some() => self.say(why.into()),
            Err(_) => {}
        }
    }

    /// Asks after the first list or answer of a context is there, or when a kind is not served any more.
    pub(super) fn discover_after(&mut self, message: &Message) {
        let (of, is_due, again) = match message {
            Message::Fresh { of, state, .. } => (of, !is_filling(state), matches!(state, Freshness::NotServed { .. })),
            Message::Answer { of, .. } => (of, true, false),
            _ => return,
        };
        let Some(topic) = self.tasks.topic_of(*of) else { return };
        if again || is_due && !self.model.catalogue.is_known(topic.context()) {
            let context = topic.context().clone();
            self.discover(&context, None);
        }
    }
}

fn is_filling(state: &Freshness) -> bool {
    matches!(state, Freshness::Connecting | Freshness::Filling { .. } | Freshness::Reconnecting { .. })
}
