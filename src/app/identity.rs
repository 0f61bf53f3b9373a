//! Asks a server whom it takes us for, once for each context whose header tells more.

use super::App;
use crate::cluster::gate::Reader;
use crate::cluster::{Message, answers};

impl App {
    /// Asks it of `context`, unless somebody did.
    pub(super) fn ask_identity(&mut self, context: &str) {
        let Some(read) = self.tasks.lanes(context).map(|lanes| lanes.read.clone()) else { return };
        let Some(session) = self.model.sessions.get_mut(context).filter(|session| session.identity.is_none()) else {
            return;
        };
        session.identity = Some(String::new());
        let (context, out) = (context.to_owned(), self.tasks.sender());
        tokio::spawn(async move {
            if let Some(name) = answers::user_name(&Reader::new(read)).await {
                // When the loop has ended, nobody needs the answer.
                let _ = out.send(Message::Identity { context, name }).await;
            }
        });
    }

    /// Takes over what the server said.
    pub(super) fn learn_identity(&mut self, context: &str, name: String) {
        if let Some(session) = self.model.sessions.get_mut(context) {
            session.identity = Some(name);
            self.draw.dirty = true;
        }
    }
}
