//! Changes of the kubeconfig: shown as the difference of the file, confirmed, written. Nothing else ever writes one.

use super::App;
use super::clusters::Clusters;
use super::proposal::role;
use crate::cluster::kubeconfig::{FileChange, Unchanged, Wish, plan, write};
use crate::config::Role;
use crate::model::Notice;
use crate::model::diff::of_texts;
use crate::text::safe;
use crate::ui::{Confirm, Prompt, Proposal};

impl App {
    /// Asks whether the kubeconfig shall be changed so.
    pub(super) fn change_kubeconfig(&mut self, wish: Wish) {
        let Clusters::Kubeconfig(config, ..) = self.tasks.clusters() else {
            return self.model.say(Notice::warning("the demo has no kubeconfig", ""));
        };
        let change = match plan(&config.tried, &wish) {
            Ok(change) => change,
            Err(Unchanged { sentence, hint }) => return self.model.say(Notice::error(sentence, hint)),
        };
        self.gate.last += 1;
        let id = self.gate.last;
        let mut confirm = Confirm::new(id, "change the kubeconfig");
        confirm.propose(proposal(&change, &wish));
        self.stack.prompt = Some(Prompt::Confirm(confirm));
        self.kubeconfig.wait(id, (change, wish));
    }

    /// Writes the change that was confirmed; tells whether it was one.
    pub(super) fn confirm_kubeconfig(&mut self, id: u64) -> bool {
        let Some((change, wish)) = self.kubeconfig.take(id) else { return false };
        match write(&change) {
            Ok(()) => {
                if let Wish::Namespace { context, namespace } = &wish
                    && let Some(session) = self.model.sessions.get_mut(context)
                {
                    session.namespace.clone_from(namespace);
                }
                let done = format!("done: {}", shown(&change));
                self.model.say(Notice { hint: hint(&wish).to_owned(), ..Notice::info(done) });
            }
            Err(error) => {
                let sentence = format!("{} was not written: {}", shown(&change), safe(&error.to_string()));
                self.model.say(Notice::error(sentence, "it is as it was"));
            }
        }
        true
    }
}

/// What somebody may wonder about afterwards.
fn hint(wish: &Wish) -> &'static str {
    match wish {
        Wish::Use(_) => "rutter itself stays where it is",
        Wish::Rename { .. } => "rutter knows it by its old name until it is started again",
        Wish::Namespace { .. } => "",
    }
}

fn shown(change: &FileChange) -> String {
    safe(&change.path.display().to_string()).into_owned()
}

/// The difference of the file. Only what changes is shown: the lines around it may hold a token.
fn proposal(change: &FileChange, wish: &Wish) -> Proposal {
    let mut lines = vec![(shown(change), Role::Text)];
    let difference = of_texts(&change.before, &change.after);
    let changes = difference.iter().filter(|line| !matches!(role(line), Role::Text | Role::Quiet));
    lines.extend(changes.map(|line| (format!("  {}", line.text()), role(line))));
    let possible = lines.len() > 1;
    if !possible {
        lines.push(("nothing to do: it says so already".to_owned(), Role::Quiet));
    }
    let kubectl = wish.kubectl();
    lines.push((format!("  {kubectl}"), Role::Quiet));
    Proposal { place: String::new(), kubectl, lines, word: String::new(), possible }
}
