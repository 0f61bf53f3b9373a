//! Which namespaces are looked at.

use super::go::{self, Place, Where};
use super::{Command, Context, Outcome};
use crate::kinds;
use crate::model::{KindRef, ListKey, Model, Namespaces, Scope};
use crate::ui::{Offer, Picker, Prompt};
use std::rc::Rc;

/// Offers the namespaces.
pub const CHOOSE: Command = Command {
    name: "choose-namespace",
    help: "choose a namespace, or type several: shop,payments",
    hint: "namespace",
    run: |cx, _| {
        let offers = offers(cx.model, &context(cx));
        let picker = Picker::new("namespaces", "namespace ", offers).free("namespace ", |text| text.contains(','));
        cx.stack.prompt = Some(Prompt::Pick(picker));
        Ok(())
    },
    ..Command::BLANK
};

/// Goes to other namespaces.
pub const NAMESPACE: Command = Command {
    name: "namespace",
    aliases: &["ns"],
    arguments: "[NAME[,NAME…]|all]",
    help: "look at these namespaces; without a name, the list of them",
    run: |cx, names| if names.is_empty() { go::run(cx, "namespaces") } else { switch(cx, Namespaces::parse(names)) },
    ..Command::BLANK
};

/// Goes to all namespaces.
pub const ALL_NAMESPACES: Command = Command {
    name: "all-namespaces",
    help: "look at all namespaces",
    run: |cx, _| switch(cx, Namespaces::All),
    ..Command::BLANK
};

/// The context that is looked at.
fn context(cx: &Context<'_>) -> Rc<str> {
    Rc::from(cx.stack.top().map_or("", |screen| screen.context()))
}

/// The namespaces that are known: listed, typed or seen.
pub fn offers(model: &Model, context: &str) -> Vec<Offer> {
    let mut names: Vec<String> = model.session(context).namespaces;
    names.extend(listed(model, context));
    names.sort();
    names.dedup();
    let offer = |name: String| Offer { run: format!("namespace {name}"), label: name, ..Offer::default() };
    let all = Offer { detail: "every namespace".into(), ..offer("all".to_owned()) };
    std::iter::once(all).chain(names.into_iter().map(offer)).collect()
}

/// The names in the list of namespaces, if somebody opened it.
fn listed(model: &Model, context: &str) -> Vec<String> {
    let Some(kind) = kinds::find("namespaces").map(KindRef) else { return Vec::new() };
    let list = model.lists.get(&ListKey { context: Rc::from(context), kind, scope: Scope::default() });
    list.map(|list| list.store.rows().map(|row| row.name().to_owned()).collect()).unwrap_or_default()
}

/// The same kind in other namespaces, in place of the list on top.
fn switch(cx: &mut Context<'_>, namespaces: Namespaces) -> Outcome {
    let list = cx.stack.nearest_list().map(|list| (list.key.kind, list.is_whole()));
    let Some((kind, whole)) = list else { return Ok(()) };
    let kind = if kind.names().namespaced { kind } else { go::kind("pods")? };
    let place = Place { kind, at: Where { namespaces: Some(namespaces), ..Where::default() } };
    if whole && cx.stack.list().is_some() { go::replace(cx, place) } else { go::open(cx, place) }
}
