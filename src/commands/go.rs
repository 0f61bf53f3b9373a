//! Going to a place: a kind, and where. Takes k9s's grammar: `pods kube-system`, `pods /web`, `deploy @other`,
//! `pods app=web`, and kubectl's `-n`, `-A`, `-l` and `--field-selector`.

use super::exec::words;
use super::{Context, Effect, Outcome};
use crate::kinds::{self, Resource};
use crate::model::{Found, KindRef, ListKey, Namespaces, Notice, Scope};
use crate::ui::{Habit, ListScreen, Offer, Picker, Prompt, Screen};
use std::rc::Rc;

/// A place, as far as it was said; the rest is as where one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The kind.
    pub kind: KindRef,
    /// Where, and which of its objects.
    pub at: Where,
}

/// Where a place is, and which objects it shows, as far as that was said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Where {
    /// In which context.
    pub context: Option<String>,
    /// In which namespaces.
    pub namespaces: Option<Namespaces>,
    /// With which labels.
    pub labels: Option<String>,
    /// With which fields.
    pub fields: Option<String>,
    /// With which filter.
    pub filter: Option<String>,
}

impl Place {
    /// The kind, where one is.
    pub fn of(kind: KindRef) -> Self {
        Self { kind, at: Where::default() }
    }
}

impl Where {
    /// Reads a line: the name of a kind, and where.
    ///
    /// # Errors
    /// When an option lacks its value, or a quote does not end.
    pub fn parse(line: &str) -> Result<(String, Self), Notice> {
        let (before, filter) = match line.split_once(" /") {
            Some((before, filter)) => (before, Some(filter.trim().to_owned())),
            None => (line, None),
        };
        // Backslashes are part of names of contexts: only where there are quotes, they are more than that.
        let words = if before.contains(['\'', '"']) {
            words(before).map_err(|why| Notice::error(why, ""))?
        } else {
            before.split_whitespace().map(str::to_owned).collect()
        };
        let mut words = words.into_iter();
        let name = words.next().unwrap_or_default();
        let mut at = Self { filter, ..Self::default() };
        while let Some(word) = words.next() {
            at.take(&word, &mut words)?;
        }
        Ok((name, at))
    }

    fn take(&mut self, word: &str, rest: &mut impl Iterator<Item = String>) -> Outcome {
        // kubectl takes `--selector app=web`, `--selector=app=web` and `-lapp=web`.
        let (option, inside) = match word.split_once('=').filter(|_| word.starts_with("--")) {
            Some((option, value)) => (option, Some(value)),
            None if word.starts_with("-l") || word.starts_with("-n") => {
                let (option, value) = word.split_at(2);
                (option, Some(value).filter(|value| !value.is_empty()))
            }
            None => (word, None),
        };
        let mut value = || {
            let next = inside.map(str::to_owned).or_else(|| rest.next());
            next.ok_or_else(|| Notice::error(format!("{option} needs a value"), ""))
        };
        match option {
            "-A" | "--all-namespaces" | "all" => self.namespaces = Some(Namespaces::All),
            "-n" | "--namespace" => self.namespaces = Some(Namespaces::parse(&value()?)),
            "-l" | "--selector" => self.labels = Some(value()?),
            "--field-selector" => self.fields = Some(value()?),
            _ => match word.strip_prefix('@') {
                Some(context) => self.context = Some(context.to_owned()),
                None if word.contains('=') => self.labels = Some(word.to_owned()),
                None => self.namespaces = Some(Namespaces::parse(word)),
            },
        }
        Ok(())
    }
}

/// The kind called `name`, of those that have a file of their own.
///
/// # Errors
/// When there is none.
pub fn kind(name: &str) -> Result<KindRef, Notice> {
    kinds::find(name).map(KindRef).ok_or_else(|| unknown(name))
}

/// Why `name` cannot be gone to.
fn unknown(name: &str) -> Notice {
    let known: Vec<&str> = kinds::ALL.iter().map(|kind| kind.names().plural).collect();
    Notice::error(format!("\"{name}\" is neither a command nor a kind"), format!("kinds: {}", known.join(", ")))
}

/// Whether `line` is a place that can be gone to, or a command with arguments; `is_kind` knows the kinds that have no file
/// of their own.
pub fn is_place(line: &str, is_kind: impl Fn(&str) -> bool) -> bool {
    let name = line.split_whitespace().next().unwrap_or_default();
    let known = || kinds::find(name).is_some() || is_kind(name);
    super::find(name).is_some() || known() && Where::parse(line).is_ok()
}

/// Goes to the place that `line` says. When several groups have a kind of that name, asks which one is meant; when nobody
/// knows it, asks the server.
///
/// # Errors
/// When it says none.
pub fn run(cx: &mut Context<'_>, line: &str) -> Outcome {
    let (name, at) = Where::parse(line)?;
    let here = cx.stack.top().map_or("", |screen| screen.context());
    let context = at.context.clone().unwrap_or_else(|| here.to_owned());
    match cx.model.catalogue.find(&context, &name) {
        Found::One(kind) => open(cx, Place { kind, at }),
        Found::Several(kinds) => {
            let rest = line.trim_start().trim_start_matches(|c: char| !c.is_whitespace());
            let offers = kinds.iter().map(|kind| offer(kind, rest)).collect();
            cx.stack.prompt = Some(Prompt::Pick(Picker::new(format!("{name} of which group?"), "", offers)));
            Ok(())
        }
        Found::NoList(full) => {
            Err(Notice::warning(format!("{full} cannot be listed"), "the server serves no list of it"))
        }
        Found::Nothing if can_be_asked(cx, &context) => {
            if cx.stack.top().is_none() {
                open(
                    cx,
                    Place { kind: kind("pods")?, at: Where { context: Some(context.clone()), ..Where::default() } },
                )?;
            }
            cx.effects.push(Effect::Discover { context, line: line.to_owned() });
            Ok(())
        }
        Found::Nothing => Err(unknown(&name)),
    }
}

/// Whether the server of `context` may know more than we do.
fn can_be_asked(cx: &Context<'_>, context: &str) -> bool {
    let model = &cx.model;
    model.sessions.contains_key(context) && !model.catalogue.is_fresh(context, model.now())
}

/// What is offered for a kind that was found by asking; `rest` is what follows its name.
fn offer(kind: &Resource, rest: &str) -> Offer {
    let (label, run) = (kind.called(), kind.called() + rest);
    Offer { label, detail: format!("list {} ({})", kind.kind, kind.api_version()), run, refusal: String::new() }
}

/// Opens a place above the screens that are there.
///
/// # Errors
/// When the context is unknown.
pub fn open(cx: &mut Context<'_>, place: Place) -> Outcome {
    let screen = screen(cx, place)?;
    cx.stack.open(Screen::List(screen));
    Ok(())
}

/// Opens a place instead of the screen on top.
///
/// # Errors
/// When the context is unknown.
pub fn replace(cx: &mut Context<'_>, place: Place) -> Outcome {
    let screen = screen(cx, place)?;
    cx.stack.replace(Screen::List(screen));
    Ok(())
}

/// The screen of a place.
fn screen(cx: &mut Context<'_>, place: Place) -> Result<ListScreen, Notice> {
    let here = cx.stack.top().map_or("", |screen| screen.context()).to_owned();
    let Place { kind, at } = place;
    let context = at.context.unwrap_or_else(|| here.clone());
    let session = cx.model.sessions.get_mut(&context).ok_or_else(|| {
        Notice::error(format!("there is no context \"{context}\""), ":contexts offers those that there are")
    })?;
    let as_here = cx.stack.nearest_list().filter(|list| *list.key.context == context && list.is_whole());
    let usual =
        || as_here.map_or_else(|| Namespaces::one(&session.namespace), |list| list.key.scope.namespaces.clone());
    let namespaces = if kind.names().namespaced { at.namespaces.unwrap_or_else(usual) } else { Namespaces::All };
    if let Namespaces::Only(names) = &namespaces {
        for name in names {
            session.remember_namespace(name);
        }
    }
    cx.stack.keep_habit();
    let habit = cx.stack.habit(kind);
    let filter = at.filter.unwrap_or(habit.filter);
    let scope = Scope { namespaces, labels: at.labels, fields: at.fields };
    let key = ListKey { context: Rc::from(context), kind, scope };
    Ok(ListScreen::new(key, Habit { filter, ..habit }))
}
