//! Kinds that the server says it serves: custom resources, and every built-in kind without a file here. They are shown by
//! the server's own tables.

use super::cell::Cell;
use super::kind::{AnyKind, Can, Column, Enter, Heading, Names, Server, api_version, in_group};
use super::meta::Meta;
use super::object::{Bare, with_age};
use super::row::Row;
use super::wire::{self, Source};
use serde::Deserialize;

/// What a server says of one of its resources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resource {
    /// API group, `""` for the core group.
    pub group: String,
    /// API version.
    pub version: String,
    /// Plural, as in the URL.
    pub plural: String,
    /// Singular; may be `""`.
    pub singular: String,
    /// The kind.
    pub kind: String,
    /// Short names.
    pub short: Vec<String>,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// What may be done with it: `get`, `list`, …
    pub verbs: Vec<String>,
    /// The categories that it belongs to: `all`.
    pub categories: Vec<String>,
    /// Whether it has a `scale` subresource.
    pub scales: bool,
    /// Whether this is the version that is meant when none is said.
    pub preferred: bool,
}

impl Resource {
    /// Group and version, as objects name them: `apps/v1`.
    pub fn api_version(&self) -> String {
        api_version(&self.group, &self.version)
    }

    /// What no other kind is called: `certificates.cert-manager.io`, `pods`.
    pub fn called(&self) -> String {
        in_group(&self.plural, &self.group)
    }

    /// Whether it can be listed.
    pub fn can_list(&self) -> bool {
        self.verbs.iter().any(|verb| verb == "list")
    }

    /// Whether it is called `name`, without regard to its group: plural, singular, kind or short name.
    pub fn is_called(&self, name: &str) -> bool {
        let is = |other: &str| other.eq_ignore_ascii_case(name);
        is(&self.plural) || is(&self.singular) || is(&self.kind) || self.short.iter().any(|short| is(short))
    }

    /// Whether `name` says plural (or singular) and group, or plural, version and group.
    pub fn is_fully_called(&self, name: &str) -> bool {
        let Some((first, rest)) = name.split_once('.') else { return false };
        let is = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let versioned = || rest.split_once('.').is_some_and(|(version, group)| self.is_home(version, group));
        let core = || self.group.is_empty() && is(rest, &self.version);
        let named = is(first, &self.plural) || is(first, &self.singular);
        named && (self.preferred && !self.group.is_empty() && is(rest, &self.group) || versioned() || core())
    }

    fn is_home(&self, version: &str, group: &str) -> bool {
        self.version.eq_ignore_ascii_case(version) && self.group.eq_ignore_ascii_case(group)
    }
}

/// All that a server says it serves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Its resources, in its order; subresources are parts of them.
    pub resources: Vec<Resource>,
    /// Its groups with their versions: `apps/v1`.
    pub versions: Vec<String>,
    /// Groups (with or without a version) that could not be asked, and why.
    pub failed: Vec<(String, String)>,
}

/// A kind that was found by asking the server.
#[derive(Debug)]
pub struct Served {
    /// How it is called. Its short names stand in [`Resource`]: they may change while the kind stays the same.
    pub names: &'static Names,
    /// What may be done with it.
    pub can: Can,
}

/// The columns of a server that sends no table.
const PLAIN: [Column<Bare>; 2] = with_age();

impl AnyKind for Served {
    fn names(&self) -> &'static Names {
        self.names
    }

    fn headings(&self) -> Vec<Heading> {
        PLAIN.iter().map(|column| column.heading.clone()).collect()
    }

    fn can(&self) -> Can {
        self.can
    }

    fn enter(&self) -> Enter {
        Enter::Yaml
    }

    fn by_table(&self) -> bool {
        true
    }

    fn take(&self, object: Source<'_, '_>, _server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        Bare::deserialize(object).map(|object| out.push(row(object)))
    }
}

/// The row of an object that came as it is.
fn row(object: Bare) -> Row {
    let cells: Vec<Cell> = PLAIN.iter().map(|column| (column.cell)(&object)).collect();
    let mut meta = object.metadata;
    let (uid, owner) = (meta.uid(), meta.take_owner());
    let Meta { namespace, name, labels, .. } = meta;
    Row { uid, namespace, name, labels, owner, cells, ..Row::default() }
}

/// The names of `resource` among `known`, where they are added when they are new.
///
/// Targets outlive whoever asked, in the journal and its undo records, and lists and screens hold names everywhere: each
/// kind that somebody used is kept once, as long as the program runs. That is a few hundred bytes for each.
pub fn keep(known: &mut Vec<&'static Names>, resource: &Resource) -> &'static Names {
    let Resource { group, version, plural, kind, namespaced, .. } = resource;
    let same = |names: &&&'static Names| {
        [names.group, names.version, names.plural, names.kind] == [group, version, plural, kind]
            && names.namespaced == *namespaced
    };
    if let Some(names) = known.iter().find(same) {
        return names;
    }
    let [group, version, plural, kind] = [group, version, plural, kind].map(|text| &*text.clone().leak());
    let names = Box::leak(Box::new(Names { group, version, plural, kind, short: &[], namespaced: *namespaced }));
    known.push(names);
    names
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::kind::names;
    use super::*;

    static NAMES: Names = names("e.x", "v1", "gadgets", "Gadget", &[]);
    /// A kind that is nowhere else.
    pub static GADGETS: Served = Served { names: &NAMES, can: Can::NOTHING };

    fn gadgets(version: &str, preferred: bool) -> Resource {
        let text = str::to_owned;
        Resource {
            group: text("e.x"),
            version: text(version),
            plural: text("gadgets"),
            singular: text("gadget"),
            kind: text("Gadget"),
            short: vec![text("gd")],
            namespaced: true,
            preferred,
            ..Resource::default()
        }
    }

    #[test]
    fn a_kind_has_the_names_by_which_kubectl_knows_it() {
        let v1 = gadgets("v1", true);
        assert!(["gadgets", "gadget", "Gadget", "GD"].iter().all(|name| v1.is_called(name)));
        assert!(["gadgets.e.x", "gadget.e.x", "gadgets.v1.e.x"].iter().all(|name| v1.is_fully_called(name)));
        assert!(["gadgets", "gadgets.e", "gadgets.v2.e.x", "gd.e.x"].iter().all(|name| !v1.is_fully_called(name)));
        let v2 = gadgets("v2", false);
        assert!(v2.is_fully_called("gadgets.v2.e.x") && !v2.is_fully_called("gadgets.e.x"));
    }

    #[test]
    fn names_are_kept_once() {
        let mut known = Vec::new();
        let first = keep(&mut known, &gadgets("v1", true));
        assert!(std::ptr::eq(first, keep(&mut known, &gadgets("v1", false))));
        assert!(!std::ptr::eq(first, keep(&mut known, &gadgets("v2", false))));
        assert_eq!(known.len(), 2);
    }

    #[test]
    fn an_object_that_comes_without_a_table_has_name_and_age() {
        let mut rows = Vec::new();
        let json = br#"{"metadata":{"name":"a","namespace":"b","creationTimestamp":"1970-01-01T00:00:00Z"},"spec":7}"#;
        GADGETS.rows(json, Server::default(), &mut rows).unwrap();
        let cells: Vec<String> = rows[0].cells.iter().map(|cell| cell.show(super::super::Time(60))).collect();
        assert_eq!(cells, ["a", "60s"]);
    }
}
