//! What the palette and the help offer, from the same records that run it.

use super::App;
use crate::commands::{self, Subject, contexts, namespaces};
use crate::kinds::{self, Resource};
use crate::ui::{Offer, Picker, Prompt, Screen};

impl App {
    /// Offers everything that can be typed.
    pub(super) fn ask_palette(&mut self) {
        let context = self.stack.top().map_or("", Screen::context).to_owned();
        self.discover(&context, None);
        let mut offers: Vec<Offer> = kinds::ALL.iter().map(|kind| kind_offer(*kind)).collect();
        offers.extend(self.model.catalogue.listed(&context).map(served_offer));
        offers.extend(commands::ALL.iter().filter(|command| command.is_offered()).map(|command| self.offer(command)));
        offers.extend(self.stack.recent().map(recent_offer));
        offers.extend(namespaces::offers(&self.model, &context).into_iter().map(|offer| prefixed("ns", offer)));
        offers.extend(self.model.sessions.keys().map(|name| prefixed("ctx", contexts::offer(&self.model, name))));
        let picker = Picker::new("go anywhere, do anything", ":", offers).free("", self.reads_place(&context));
        self.stack.prompt = Some(Prompt::Pick(picker));
    }

    /// Tells whether a line is a place or a command, by the kinds that are known now.
    fn reads_place(&self, context: &str) -> impl Fn(&str) -> bool + 'static {
        let known: Vec<Resource> = self.model.catalogue.listed(context).cloned().collect();
        let is_kind = move |name: &str| known.iter().any(|one| one.is_called(name) || one.is_fully_called(name));
        move |line: &str| commands::is_place(line, &is_kind)
    }

    /// Offers every key of this screen.
    pub(super) fn ask_help(&mut self) {
        let section = self.stack.top().map_or("all", Screen::section);
        let entries = self.keys.entries(section);
        let own = entries.iter().filter(|binding| binding.section == section);
        let wider = entries.iter().filter(|binding| binding.section != section);
        let offers = own.chain(wider).map(|binding| {
            let name = binding.command.split(' ').next().unwrap_or_default();
            let command = commands::find(name);
            let detail =
                command.map_or_else(|| format!("go to {}", binding.command), |command| command.help.to_owned());
            let refusal = command.map_or_else(String::new, |command| self.refusal(command));
            let label = format!("{:<12} {}", binding.shown(), binding.command);
            Offer { label, detail, run: binding.command.clone(), refusal }
        });
        self.stack.prompt = Some(Prompt::Pick(Picker::new("keys of this screen", "? ", offers.collect()).tall()));
    }

    /// Why a command cannot be used now, `""` when it can.
    fn refusal(&self, command: &commands::Command) -> String {
        command.possible(&Subject { stack: &self.stack, model: &self.model }).err().unwrap_or_default()
    }

    fn offer(&self, command: &commands::Command) -> Offer {
        let section = self.stack.top().map_or("all", Screen::section);
        let keys = self.keys.reverse(section, command.name).join(", ");
        let detail = if keys.is_empty() { command.help.to_owned() } else { format!("{}  [{keys}]", command.help) };
        Offer { label: command.name.to_owned(), detail, run: command.name.to_owned(), refusal: self.refusal(command) }
    }
}

/// A kind to go to.
fn kind_offer(kind: &dyn kinds::AnyKind) -> Offer {
    let names = kind.names();
    let label = [&[names.plural], names.short].concat().join(" ");
    Offer {
        label,
        detail: format!("list {} ({})", names.kind, names.api_version()),
        run: names.plural.to_owned(),
        refusal: String::new(),
    }
}

/// A kind to go to that the server told of.
fn served_offer(kind: &Resource) -> Offer {
    let names = std::iter::once(&kind.plural).chain(&kind.short).map(String::as_str).collect::<Vec<_>>();
    Offer {
        label: names.join(" "),
        detail: format!("list {} ({})", kind.kind, kind.api_version()),
        run: kind.called(),
        refusal: String::new(),
    }
}

/// A place where one was.
fn recent_offer(line: &str) -> Offer {
    Offer { label: line.to_owned(), detail: "you were there".into(), run: line.to_owned(), refusal: String::new() }
}

/// An offer whose label begins with the command that it runs.
fn prefixed(word: &str, offer: Offer) -> Offer {
    Offer { label: format!("{word} {}", offer.label), ..offer }
}
