//! `Kinds`: which kinds the server of a context serves, each in its preferred version. So whatever an object points to is
//! found by its group and kind, custom resources included. It never changes: tasks hold it beside the loop.

use super::{ALL, AnyKind};
use std::sync::Arc;

/// The kinds that a server serves and lists.
#[derive(Clone, Default)]
pub struct Kinds(Arc<[&'static dyn AnyKind]>);

impl Kinds {
    /// The kind that objects call `kind` and that is of `group`; those with a file of their own are known of any server.
    pub fn named(&self, group: &str, kind: &str) -> Option<&'static dyn AnyKind> {
        let is = |known: &&&dyn AnyKind| known.names().kind == kind && known.names().group == group;
        ALL.iter().find(is).or_else(|| self.0.iter().find(is)).copied()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &'static dyn AnyKind> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<&'static dyn AnyKind> for Kinds {
    fn from_iter<I: IntoIterator<Item = &'static dyn AnyKind>>(kinds: I) -> Self {
        Self(kinds.into_iter().collect())
    }
}

impl PartialEq for Kinds {
    fn eq(&self, other: &Self) -> bool {
        self.iter().map(AnyKind::names).eq(other.iter().map(AnyKind::names))
    }
}

impl std::fmt::Debug for Kinds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter().map(|kind| kind.names().plural)).finish()
    }
}
