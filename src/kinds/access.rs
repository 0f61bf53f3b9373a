//! `Access`: something that one may or may not do, as RBAC knows it.

use std::fmt;

/// A verb on a resource, in one namespace or everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Access {
    /// `patch`, `delete`, `create`, …
    pub verb: &'static str,
    /// API group, `""` for the core group.
    pub group: &'static str,
    /// The resource: `deployments`.
    pub resource: &'static str,
    /// A part of it: `scale`; `""` for the whole.
    pub subresource: &'static str,
    /// The namespace, `""` when cluster-scoped.
    pub namespace: String,
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verb, group, resource, subresource, namespace } = self;
        write!(f, "{verb} {resource}")?;
        if !group.is_empty() {
            write!(f, ".{group}")?;
        }
        if !subresource.is_empty() {
            write!(f, "/{subresource}")?;
        }
        if namespace.is_empty() { Ok(()) } else { write!(f, " in {namespace}") }
    }
}
