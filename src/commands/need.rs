//! `Need`: what RBAC has to allow so that a command can act.

use super::Subject;
use super::meant::Meant;
use crate::kinds::Access;

/// Something that RBAC has to allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    verb: &'static str,
    of: Of,
}

/// On what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// On the kind that is selected, or a part of it.
    Selected(&'static str),
    /// On a part of pods, in the namespace of what is selected.
    Pods(&'static str),
    /// On another resource, in the namespace of what is selected.
    Other(&'static str, &'static str),
}

impl Need {
    /// `verb` on what is selected.
    pub const fn to(verb: &'static str) -> Self {
        Self::to_part(verb, "")
    }

    /// `verb` on a part of what is selected: `scale`.
    pub const fn to_part(verb: &'static str, part: &'static str) -> Self {
        Self { verb, of: Of::Selected(part) }
    }

    /// `verb` on a part of pods: `exec`.
    pub const fn on_pods(verb: &'static str, part: &'static str) -> Self {
        Self { verb, of: Of::Pods(part) }
    }

    /// `verb` on a resource of a group.
    pub const fn on(verb: &'static str, group: &'static str, resource: &'static str) -> Self {
        Self { verb, of: Of::Other(group, resource) }
    }

    /// The access that is needed for what is selected.
    pub fn access(self, s: &Subject<'_>) -> Option<Access> {
        let key = Meant::of(s).ok()?.key;
        let names = key.kind.resource();
        let (group, resource, subresource) = match self.of {
            Of::Selected(part) => (names.group, names.plural, part),
            Of::Pods(part) => ("", "pods", part),
            Of::Other(group, resource) => (group, resource, ""),
        };
        let namespace = if names.namespaced { key.namespace } else { String::new() };
        Some(Access { verb: self.verb, group, resource, subresource, namespace })
    }
}
