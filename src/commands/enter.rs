//! Following what the row under the cursor leads to.

use super::go;
use super::meant::Meant;
use super::{Command, Context, On, Outcome, Subject};
use crate::kinds::{Enter, Link, Reference};
use crate::model::{KindRef, ListKey, Model, Namespaces, Notice, Scope};
use crate::ui::{Habit, ListScreen, Offer, Picker, Prompt, Screen};
use std::rc::Rc;

pub const ENTER: Command = Command {
    name: "enter",
    help: "what is inside or behind this: pods, containers, logs, the object of an event",
    hint: "open",
    on: On::List,
    when: selected,
    run: |cx, _| inside(cx),
    ..Command::BLANK
};

pub const OWNER: Command = Command {
    name: "owner",
    help: "the object that owns this one",
    hint: "owner",
    on: On::Object,
    when: |s| Meant::of(s)?.owner.map(drop).ok_or_else(|| "it has no owner".to_owned()),
    run: |cx, _| {
        let row = Meant::in_context(cx)?;
        let owner = row.owner.clone().ok_or_else(|| Notice::warning(format!("{} has no owner", row.key), ""))?;
        open_reference(cx, &row.key.context, &owner)
    },
    ..Command::BLANK
};

pub const OWNED: Command = Command {
    name: "owned",
    arguments: "[KIND]",
    help: "the objects that this one owns: a deployment's replicasets, a cronjob's jobs",
    on: On::Object,
    when: |s| {
        let kind = Meant::of(s)?.key.kind;
        // What a custom resource owns, only its controller knows.
        if kind.by_table() {
            return Ok(());
        }
        let owned = kind.owned().map(drop);
        owned.ok_or_else(|| format!("{} own nothing that has a list", kind.names().plural))
    },
    run: |cx, name| {
        let row = Meant::in_context(cx)?;
        match (name, row.key.kind.owned()) {
            ("", None) => {
                let run =
                    |kind: &&str| Offer { label: (*kind).to_owned(), run: format!("owned {kind}"), ..Offer::default() };
                let offers = OFTEN_OWNED.iter().map(run).collect();
                cx.stack.prompt = Some(Prompt::Pick(Picker::new(format!("owned by {}", row.key), "", offers)));
                Ok(())
            }
            ("", Some(kind)) | (kind, _) => open_owned(cx, &row, kind),
        }
    },
    ..Command::BLANK
};

/// The kinds that custom resources often own.
const OFTEN_OWNED: &[&str] = &[
    "deployments",
    "statefulsets",
    "daemonsets",
    "replicasets",
    "jobs",
    "cronjobs",
    "pods",
    "services",
    "configmaps",
    "secrets",
    "persistentvolumeclaims",
];

/// Follows what is meant to what is inside or behind it.
///
/// # Errors
/// When nothing is meant, or it leads nowhere.
pub fn inside(cx: &mut Context<'_>) -> Outcome {
    let meant = Meant::in_context(cx)?;
    let how = meant.key.kind.enter();
    follow(cx, &meant, how)
}

/// Whether a row is selected.
pub fn selected(s: &Subject<'_>) -> Result<(), String> {
    s.stack.list().and_then(|list| list.selected(s.model)).map(drop).ok_or_else(|| "nothing is selected".to_owned())
}

/// Follows `row`.
fn follow(cx: &mut Context<'_>, row: &Meant, how: Enter) -> Outcome {
    let name = &row.key.name;
    let here = Namespaces::one(&row.key.namespace);
    match how {
        Enter::PodsInside => open(cx, row, "pods", Scope { namespaces: Namespaces::one(name), ..Scope::default() }),
        Enter::PodsOn => {
            open(cx, row, "pods", Scope { fields: Some(format!("spec.nodeName={name}")), ..Scope::default() })
        }
        Enter::PodsSelected => {
            let labels = selector(row)?;
            open(cx, row, "pods", Scope { namespaces: here, labels, fields: None })
        }
        Enter::Owned => {
            let kind = row.key.kind.owned().ok_or_else(|| Notice::warning(format!("{} owns nothing", row.key), ""))?;
            open_owned(cx, row, kind)
        }
        Enter::Containers => {
            let fields = Some(format!("metadata.name={name}"));
            open(cx, row, "containers", Scope { namespaces: here, labels: None, fields })
        }
        Enter::About => match &row.link {
            Link::About(object) => open_reference(cx, &row.key.context, object),
            _ => Err(Notice::warning(format!("{} is about nothing", row.key), "")),
        },
        Enter::Objects => go::run(cx, &format!("{} @{}", kind_under(row), row.key.context)),
        // What is no object of the server's has no YAML.
        Enter::Yaml if row.key.kind.listing().is_some() => Ok(()),
        Enter::Yaml => super::run(cx, "yaml"),
        Enter::Logs => super::run(cx, "logs"),
    }
}

/// Opens the list of `kind` with what `row` owns of it.
fn open_owned(cx: &mut Context<'_>, row: &Meant, kind: &str) -> Outcome {
    let namespace = row.key.namespace.as_str();
    let namespaces = if namespace.is_empty() { Namespaces::All } else { Namespaces::one(namespace) };
    // The selector only makes the list shorter: whom a row belongs to, its owner's UID says.
    let labels = selector(row).unwrap_or_default();
    open(cx, row, kind, Scope { namespaces, labels, fields: None })?;
    let owner = row.uid.map(|uid| (uid, row.key.to_string()));
    if let Some(list) = cx.stack.list_mut() {
        list.owner = owner;
    }
    Ok(())
}

/// The full name of the kind that a row is about: a definition is called so, and resources stand under their group.
fn kind_under(row: &Meant) -> String {
    match row.key.namespace.as_str() {
        "" => row.key.name.clone(),
        group => format!("{}.{group}", row.key.name),
    }
}

/// The selector of the row's pods; none is all of its namespace.
fn selector(row: &Meant) -> Result<Option<String>, Notice> {
    match &row.link {
        Link::Selects(selector) => Ok(Some(selector.clone()).filter(|selector| !selector.is_empty())),
        _ => Err(Notice::warning(format!("{} selects no pods", row.key), "it has no selector")),
    }
}

/// Opens the list of `kind` in `scope`, in the context of `row`.
fn open(cx: &mut Context<'_>, row: &Meant, kind: &str, scope: Scope) -> Outcome {
    let kind = go::kind(kind)?;
    let habit = Habit { filter: String::new(), ..cx.stack.habit(kind) };
    let key = ListKey { context: row.key.context.clone(), kind, scope };
    cx.stack.open(Screen::List(ListScreen::new(key, habit)));
    Ok(())
}

/// Opens the list that holds an object, with the cursor on it.
///
/// # Errors
/// When its kind has no list.
pub fn open_reference(cx: &mut Context<'_>, context: &Rc<str>, to: &Reference) -> Outcome {
    let kind = kind_of(cx.model, context, to)?;
    let namespaces = if kind.names().namespaced { Namespaces::one(&to.namespace) } else { Namespaces::All };
    let key = ListKey { context: context.clone(), kind, scope: Scope { namespaces, ..Scope::default() } };
    let habit = Habit { filter: String::new(), ..cx.stack.habit(kind) };
    let list = ListScreen::new(key, habit);
    // An autoscaler, a binding and the kubelet's events know the name alone.
    let list = if to.uid.is_some() { list.on(to.uid) } else { list.on_name(to.name.to_string()) };
    cx.stack.open(Screen::List(list));
    Ok(())
}

/// The kind of the object that is pointed to, as the server of `context` serves it.
///
/// # Errors
/// When it serves no list of it, or was not asked yet.
pub fn kind_of(model: &Model, context: &str, to: &Reference) -> Result<KindRef, Notice> {
    let unknown = || {
        let why = if model.catalogue.is_known(context) {
            "the server lists no such kind"
        } else {
            "the server was not asked yet which kinds it serves: :api-resources asks it"
        };
        Notice::warning(format!("{} {} cannot be shown", to.kind.to_lowercase(), to.name), why)
    };
    model.catalogue.of_kind(context, &to.group, &to.kind).ok_or_else(unknown)
}
