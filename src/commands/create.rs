//! Making common things from a few words.

use super::exec::words;
use super::files::{self, here};
use super::target::submit;
use super::{Command, Context, Outcome};
use crate::cluster::forms::{self, FORMS, Form};
use crate::model::Notice;
use crate::text::safe;
use crate::ui::{Offer, Picker, Prompt};

pub const CREATE: Command = Command {
    name: "create",
    arguments: "[KIND NAME …|-f PATH]",
    help: "create a namespace, deployment, config map, secret, job, … from a few words",
    changes: true,
    run: create,
    ..Command::BLANK
};

fn create(cx: &mut Context<'_>, text: &str) -> Outcome {
    let (kind, rest) = text.split_once(' ').unwrap_or((text, ""));
    if kind.is_empty() {
        let offers = FORMS.iter().map(offer).collect();
        cx.stack.prompt = Some(Prompt::Pick(Picker::new("create", "create ", offers)));
        return Ok(());
    }
    if kind == "-f" || kind.starts_with("--filename") {
        return files::order(cx, "create-from", text);
    }
    let form = forms::find(kind).ok_or_else(|| {
        Notice::error(format!("create has no form for \"{}\"", safe(kind)), "create-from makes anything from a file")
    })?;
    // kubectl calls the usual secret so.
    let rest = if form.name == "secret" { rest.strip_prefix("generic ").unwrap_or(rest) } else { rest }.trim();
    if rest.is_empty() {
        cx.stack.ask(format!("{} ({})", form.name, form.usage), format!("create {}", form.name), "");
        return Ok(());
    }
    let usage = || format!("create {} {}", form.name, form.usage);
    let words = words(rest).map_err(|why| Notice::error(why, usage()))?;
    let change = form.change(&words, &here(cx)).map_err(|why| Notice::error(safe(&why).into_owned(), usage()))?;
    submit(cx, change)
}

fn offer(form: &Form) -> Offer {
    let detail = format!("{}: {}", form.help, form.usage);
    Offer { label: form.name.to_owned(), detail, run: format!("create {}", form.name), ..Offer::default() }
}
