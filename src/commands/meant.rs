//! The one object that is meant: the row under the cursor of a list, or what a line of an answer stands for.

use super::enter::kind_of;
use super::go;
use super::{Context, Subject};
use crate::kinds::answer::{Standing, To};
use crate::kinds::{Link, Reference, Uid};
use crate::model::{Model, Notice, ObjectKey};
use crate::ui::{ListScreen, Screen};
use std::rc::Rc;

/// An object, no longer borrowed from the screen.
pub struct Meant {
    /// Where it is found.
    pub key: ObjectKey,
    /// Which one it is; a line of an answer may know no more than the name.
    pub uid: Option<Uid>,
    /// What owns it.
    pub owner: Option<Reference>,
    /// Where it leads.
    pub link: Link,
}

impl Meant {
    /// The object that is meant.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(s: &Subject<'_>) -> Result<Self, String> {
        match s.stack.top() {
            Some(Screen::List(list)) => Self::of_row(list, s.model).ok_or_else(|| "nothing is selected".to_owned()),
            Some(Screen::Answer(screen)) => Self::of_line(s.model, &screen.key.context, screen.selected(s.model)),
            _ => Err("nothing is selected".to_owned()),
        }
    }

    /// The same, as a notice.
    ///
    /// # Errors
    /// When there is none.
    pub fn in_context(cx: &Context<'_>) -> Result<Self, Notice> {
        Self::of(&cx.subject()).map_err(|why| Notice::warning(why, ""))
    }

    fn of_row(list: &ListScreen, model: &Model) -> Option<Self> {
        let row = list.selected(model)?;
        let key = list.selected_key(model)?;
        Some(Self { key, uid: Some(row.uid()), owner: row.owner(), link: row.link() })
    }

    fn of_line(model: &Model, context: &Rc<str>, to: Option<&To>) -> Result<Self, String> {
        let (of, owner, link) = match to {
            Some(To::Object(of)) => (of, None, Link::None),
            Some(To::Row(standing)) => {
                let Standing { of, owner, link } = &**standing;
                (of, owner.clone(), link.clone())
            }
            _ => return Err("this line stands for no object".to_owned()),
        };
        let kind = kind_of(model, context, of).map_err(|notice| notice.sentence)?;
        let namespace = if kind.names().namespaced { of.namespace.to_string() } else { String::new() };
        let key = ObjectKey { context: context.clone(), kind, namespace, name: of.name.to_string() };
        Ok(Self { key, uid: of.uid, owner, link })
    }

    /// The object that it is a part of, as a container is of its pod.
    pub fn whole(&self) -> Option<&Reference> {
        self.owner.as_ref().filter(|_| self.key.kind.names() != self.key.kind.resource())
    }

    /// The object that the server has: of a part the whole.
    ///
    /// # Errors
    /// When the kind of the whole is unknown.
    pub fn object(&self) -> Result<ObjectKey, Notice> {
        let key = self.key.clone();
        match self.whole() {
            Some(whole) => {
                let kind = go::kind(key.kind.resource().plural)?;
                Ok(ObjectKey { kind, name: whole.name.to_string(), ..key })
            }
            None => Ok(key),
        }
    }
}

/// Whether an object is meant.
///
/// # Errors
/// Why not.
pub fn any(s: &Subject<'_>) -> Result<(), String> {
    Meant::of(s).map(drop)
}
