//! Asks the server what may be done with what is selected, so that keys which will be refused say so early.

use super::App;
use super::tasks::running;
use crate::cluster::{Message, Review, review};
use crate::commands::{self, Subject};
use crate::kinds::Access;
use std::rc::Rc;

impl App {
    /// Asks for what is not known about the row under the cursor, unless a question is on its way. Called when a person
    /// does something: nothing is asked while nobody does.
    pub(super) fn ask_rights(&mut self) {
        let Some(list) = self.stack.list().filter(|_| self.reviewing.is_none()) else { return };
        let context = list.key.context.clone();
        let Some(lanes) = self.tasks.lanes(&context) else { return };
        let unknown = self.unknown_rights(&context);
        if unknown.is_empty() {
            return;
        }
        let (read, out) = (lanes.read.clone(), self.tasks.sender());
        let context = context.to_string();
        let task = tokio::spawn(async move {
            let reviews = review(&read, unknown).await;
            // When the loop has ended, nobody asks any more.
            let _ = out.send(Message::Reviews { context, reviews }).await;
        });
        self.reviewing = Some(running(&task));
    }

    /// What the commands of this screen need and nobody has asked for in the last minute.
    fn unknown_rights(&self, context: &Rc<str>) -> Vec<Access> {
        let subject = Subject { stack: &self.stack, model: &self.model };
        let fits = commands::ALL.iter().filter(|command| !command.needs.is_empty() && command.fits(&subject).is_ok());
        let needed = fits.flat_map(|command| command.needs).filter_map(|need| need.access(&subject));
        let mut unknown: Vec<Access> = Vec::new();
        for access in needed.filter(|access| !self.model.rights.knows(context, access, self.model.now())) {
            if !unknown.contains(&access) {
                unknown.push(access);
            }
        }
        unknown
    }

    /// Takes over what the server said.
    pub(super) fn learn_rights(&mut self, context: &str, reviews: Vec<Review>) {
        self.reviewing = None;
        let (context, now): (Rc<str>, _) = (Rc::from(context), self.model.now());
        self.draw.dirty |= reviews.iter().any(|review| review.refused.is_some());
        for Review { access, refused } in reviews {
            self.model.rights.learn(&context, access, refused, now);
        }
    }
}
