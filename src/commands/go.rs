//! Going to a place: a kind, and where. Takes k9s's grammar: `pods kube-system`, `pods /web`, `deploy @other`,
//! `pods app=web`, and kubectl's `-n`, `-A`, `-l`.

use super::{Context, Outcome};
use crate::kinds;
use crate::model::{KindRef, ListKey, Namespaces, Notice, Scope};
use crate::ui::{Habit, ListScreen, Screen};
use std::rc::Rc;

/// A place, as far as it was said; the rest is as where one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The kind.
    pub kind: KindRef,
    /// In which context.
    pub context: Option<String>,
    /// In which namespaces.
    pub namespaces: Option<Namespaces>,
    /// With which labels.
    pub labels: Option<String>,
    /// With which filter.
    pub filter: Option<String>,
}

impl Place {
    /// The kind, where one is.
    pub fn of(kind: KindRef) -> Self {
        Self { kind, context: None, namespaces: None, labels: None, filter: None }
    }

    /// Reads a place.
    ///
    /// # Errors
    /// When the first word is no kind.
    pub fn parse(line: &str) -> Result<Self, Notice> {
        let (before, filter) = match line.split_once(" /") {
            Some((before, filter)) => (before, Some(filter.trim().to_owned())),
            None => (line, None),
        };
        let mut words = before.split_whitespace();
        let name = words.next().unwrap_or_default();
        let kind = kind(name)?;
        let mut place = Self { filter, ..Self::of(kind) };
        while let Some(word) = words.next() {
            place.take(word, &mut words)?;
        }
        Ok(place)
    }

    fn take<'a>(&mut self, word: &str, rest: &mut impl Iterator<Item = &'a str>) -> Outcome {
        let mut value =
            || rest.next().ok_or_else(|| Notice::error(format!("{word} needs a value"), "")).map(str::to_owned);
        match word {
            "-A" | "--all-namespaces" | "all" => self.namespaces = Some(Namespaces::All),
            "-n" | "--namespace" => self.namespaces = Some(Namespaces::parse(&value()?)),
            "-l" | "--selector" => self.labels = Some(value()?),
            _ => match word.strip_prefix('@') {
                Some(context) => self.context = Some(context.to_owned()),
                None if word.contains('=') => self.labels = Some(word.to_owned()),
                None => self.namespaces = Some(Namespaces::parse(word)),
            },
        }
        Ok(())
    }
}

/// The kind called `name`.
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

/// Whether `line` is a place that can be gone to, or a command with arguments.
pub fn is_place(line: &str) -> bool {
    let name = line.split_whitespace().next().unwrap_or_default();
    Place::parse(line).is_ok() || super::find(name).is_some()
}

/// Goes to the place that `line` says.
///
/// # Errors
/// When it says none.
pub fn run(cx: &mut Context<'_>, line: &str) -> Outcome {
    open(cx, Place::parse(line)?)
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
    let context = place.context.unwrap_or_else(|| here.clone());
    let session = cx.model.sessions.get_mut(&context).ok_or_else(|| {
        Notice::error(format!("there is no context \"{context}\""), ":contexts offers those that there are")
    })?;
    let as_here = cx.stack.nearest_list().filter(|list| *list.key.context == context && list.is_whole());
    let usual =
        || as_here.map_or_else(|| Namespaces::one(&session.namespace), |list| list.key.scope.namespaces.clone());
    let namespaces =
        if place.kind.names().namespaced { place.namespaces.unwrap_or_else(usual) } else { Namespaces::All };
    if let Namespaces::Only(names) = &namespaces {
        for name in names {
            session.remember_namespace(name);
        }
    }
    cx.stack.keep_habit();
    let habit = cx.stack.habit(place.kind);
    let filter = place.filter.unwrap_or(habit.filter);
    let scope = Scope { namespaces, labels: place.labels, fields: None };
    let key = ListKey { context: Rc::from(context), kind: place.kind, scope };
    Ok(ListScreen::new(key, Habit { filter, ..habit }))
}
