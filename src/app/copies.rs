//! Copies from and to containers: asked for, confirmed where they change the container, under way whatever is looked at,
//! stopped, and told about at their end.

use super::App;
use super::pending::Pending;
use super::save::expand;
use super::tasks::{Running, running};
use crate::cluster::connect::Lanes;
use crate::cluster::copy::{Copied, News, Order, Way, copy};
use crate::cluster::exec::Whom;
use crate::cluster::{Message, Unreachable};
use crate::commands::kubectl_of_copy;
use crate::config::Role;
use crate::kinds::copy::{CopyId, Count, files, size};
use crate::model::journal::State;
use crate::model::{Copying, Notice};
use crate::text::safe;
use crate::ui::{Confirm, Prompt, Proposal};
use std::collections::HashMap;

/// The copies that were asked for.
#[derive(Default)]
pub(super) struct Copies {
    last: u64,
    /// The one that waits to be confirmed.
    pub(super) waiting: Pending<Box<Order>>,
    running: HashMap<CopyId, Copy>,
}

/// A copy under way.
struct Copy {
    way: Way,
    what: String,
    /// Its number in the journal, when it changes the container.
    entry: Option<u64>,
    _task: Running,
}

impl App {
    /// Begins a copy; asks first when it changes the container.
    pub(super) fn copy_files(&mut self, mut order: Box<Order>) {
        let lanes = match self.lanes_for_change(&order.visit.context) {
            Ok(lanes) => lanes,
            Err(notice) => return self.model.say(notice),
        };
        let typed = order.local.to_string_lossy().into_owned();
        order.local = expand(&typed, |name| std::env::var(name).ok()).unwrap_or(order.local);
        if order.way == Way::From {
            return self.begin_copy(lanes, *order);
        }
        self.gate.last += 1;
        let id = self.gate.last;
        let mut confirm = Confirm::new(id, format!("copy {}", what(&order)));
        confirm.propose(self.copy_proposal(&order));
        self.stack.prompt = Some(Prompt::Confirm(confirm));
        self.copies.waiting.wait(id, order);
    }

    /// What an upload would do, before it is confirmed.
    fn copy_proposal(&self, order: &Order) -> Proposal {
        let context = &order.visit.context;
        let session = self.model.session(context);
        let user = if session.user.is_empty() { String::new() } else { format!(" as {}", session.user) };
        let place = format!("{context}{user}{}", if session.production { " · PRODUCTION" } else { "" });
        let (there, role) = if order.overwrite {
            ("what is there already is replaced", Role::NoticeWarn)
        } else {
            ("refused if it is there already; a folder that exists gets it under its own name", Role::Text)
        };
        let kubectl = kubectl_of_copy(order);
        let lines = vec![
            ("the container is changed, and nothing takes that back but its end".to_owned(), Role::Text),
            (there.to_owned(), role),
            (format!("  {kubectl}"), Role::Quiet),
        ];
        let word = if session.production { context.clone() } else { String::new() };
        Proposal { place, kubectl, lines, word, possible: true }
    }

    /// Begins the copy that was confirmed; tells whether it was one.
    pub(super) fn confirm_copy(&mut self, id: u64) -> bool {
        let Some(order) = self.copies.waiting.take(id) else { return false };
        match self.lanes_for_change(&order.visit.context) {
            Ok(lanes) => self.begin_copy(lanes, *order),
            Err(notice) => self.model.say(notice),
        }
        true
    }

    fn begin_copy(&mut self, lanes: Lanes, order: Order) {
        let (way, what) = (order.way, what(&order));
        let entry = (way == Way::To).then(|| self.write(&order.visit.context, "cp", format!("copy {what}")));
        self.copies.last += 1;
        let (id, out) = (CopyId(self.copies.last), self.tasks.sender());
        let task = tokio::spawn(copy(lanes, order, (id, out.clone())));
        self.model.copies.push(Copying { id, what: what.clone(), count: Count::default() });
        self.model.say(Notice { hint: ":stop-copy ends it".to_owned(), ..Notice::info(format!("copying {what}")) });
        self.copies.running.insert(id, Copy { way, what, entry, _task: running(&task) });
        tokio::spawn(async move {
            if task.await.is_err_and(|error| error.is_panic()) {
                let sentence = "copying failed, which is a defect of rutter".to_owned();
                let died = Unreachable { sentence, hint: String::new() };
                let _ = out.send(Message::Copy { id, news: News::Ended(Err(died)) }).await;
            }
        });
    }

    /// Ends a copy.
    pub(super) fn stop_copy(&mut self, id: CopyId) {
        let Some(Copy { way, what, entry, .. }) = self.copies.running.remove(&id) else {
            return self.model.say(Notice::warning("there is no such copy", ":stop-copy offers those that there are"));
        };
        self.model.copies.retain(|copying| copying.id != id);
        let hint = match way {
            Way::From => "nothing was put into place",
            Way::To => "what had arrived by then stays in the container",
        };
        if let Some(entry) = entry {
            self.model.journal.settle(entry, State::Failed(format!("stopped: {hint}")));
        }
        self.model.say(Notice::warning(format!("stopped copying {what}"), hint));
    }

    /// Takes over what a copy tells.
    pub(super) fn copy_told(&mut self, id: CopyId, news: News) {
        self.draw.dirty = true;
        let result = match news {
            News::Count(count) => {
                let copying = self.model.copies.iter_mut().find(|copying| copying.id == id);
                return copying.into_iter().for_each(|copying| copying.count = count);
            }
            News::Ended(result) => result,
        };
        let Some(Copy { what, entry, .. }) = self.copies.running.remove(&id) else { return };
        self.model.copies.retain(|copying| copying.id != id);
        let state = match &result {
            Ok(_) => State::Done { undoable: false },
            Err(Unreachable { sentence, .. }) => State::Failed(sentence.clone()),
        };
        if let Some(entry) = entry {
            self.model.journal.settle(entry, state);
        }
        match result {
            Ok(copied) => self.copied(copied),
            Err(Unreachable { sentence, hint }) => {
                self.model.say(Notice::error(format!("copying {what}: {sentence}"), hint));
            }
        }
    }

    /// Says what was copied; what was left out stands in `:messages` before it.
    fn copied(&mut self, copied: Copied) {
        let whole = copied.left_out == 0;
        for name in copied.names {
            self.model.say(Notice::warning(format!("not copied: {name}"), "only files and folders are"));
        }
        if !copied.remarks.is_empty() {
            self.model.say(Notice::warning(format!("tar says: {}", copied.remarks), ""));
        }
        let (number, bytes) = (files(copied.files), size(copied.bytes));
        let sentence = format!("copied {number}, {bytes} from {} to {}", copied.from, copied.to);
        let hint = copied.compared;
        self.model.say(if whole {
            Notice { hint, ..Notice::info(sentence) }
        } else {
            Notice::warning(format!("{sentence}; {} left out", copied.left_out), ":messages names them")
        });
    }
}

/// `pod shop/web-1:/x to ./y`, `./y to pod shop/web-1:/x`, safe to show.
fn what(order: &Order) -> String {
    let visit = &order.visit;
    let of = match &visit.whom {
        Whom::Pod { .. } => format!("pod {}/{}", visit.namespace, visit.name()),
        Whom::Best { .. } => visit.name(),
    };
    let (remote, local) = (format!("{of}:{}", order.remote), order.local.display());
    let what = if order.way == Way::From { format!("{remote} to {local}") } else { format!("{local} to {remote}") };
    safe(&what).into_owned()
}
