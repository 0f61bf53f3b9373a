//! What a kind is: names, columns and capabilities in one record, and the erased form that the rest of the
//! program uses.

use super::joined::Joinable;
use super::meta::Meta;
use super::own::Own;
use super::read::{self, ReadError};
use super::row::{Health, Link, Row};
use super::served::Discovered;
use super::unreadable::Gap;
use super::wire::{self, Json, Message, Object, Source};
use serde::Deserialize;
use serde::de::DeserializeOwned;

// What else a kind is written with.
pub use super::column::{Column, Heading, Place, Width, column, narrow, right, wide};

/// The names by which the API and kubectl call a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Names {
    /// API group, `""` for the core group.
    pub group: &'static str,
    /// API version, e.g. `v1`.
    pub version: &'static str,
    /// Plural, as in the URL: `deployments`.
    pub plural: &'static str,
    /// The kind: `Deployment`.
    pub kind: &'static str,
    /// Short names: `deploy`.
    pub short: &'static [&'static str],
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
}

/// Names of a kind whose objects live in namespaces.
pub const fn names(
    group: &'static str,
    version: &'static str,
    plural: &'static str,
    kind: &'static str,
    short: &'static [&'static str],
) -> Names {
    Names { group, version, plural, kind, short, namespaced: true }
}

impl Names {
    /// The same names, of a kind whose objects live outside namespaces.
    #[must_use]
    pub const fn cluster_scoped(mut self) -> Self {
        self.namespaced = false;
        self
    }

    /// What no other kind is called: `pods`, `deployments.apps`.
    pub fn called(&self) -> String {
        in_group(self.plural, self.group)
    }

    /// Group and version, as objects name them: `v1`, `apps/v1`.
    pub fn api_version(&self) -> String {
        api_version(self.group, self.version)
    }
}

/// The name of a kind with its group. The core group has none.
pub fn in_group(name: &str, group: &str) -> String {
    if group.is_empty() { name.to_owned() } else { format!("{name}.{group}") }
}

/// A version with its group. The core group has none.
pub fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}

/// What may be done with objects of a kind, beyond reading them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Can(u16);

impl Can {
    /// Nothing special.
    pub const NOTHING: Self = Self(0);
    /// Its containers write logs.
    pub const LOGS: Self = Self(1);
    /// It has a `scale` subresource.
    pub const SCALE: Self = Self(1 << 1);
    /// Its pods can be replaced one by one (`rollout restart`).
    pub const RESTART: Self = Self(1 << 2);
    /// It keeps revisions.
    pub const ROLLOUT: Self = Self(1 << 3);
    /// It can be made unschedulable and drained.
    pub const CORDON: Self = Self(1 << 4);
    /// It has containers, itself or in its pod template, whose images can be set.
    pub const TEMPLATE: Self = Self(1 << 5);
    /// It can stand still (`spec.suspend`).
    pub const SUSPEND: Self = Self(1 << 6);
    /// Commands can be run in it, and its first process be attached to.
    pub const EXEC: Self = Self(1 << 7);
    /// Ports of it, or of its pods, can be forwarded.
    pub const FORWARD: Self = Self(1 << 8);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `other` is among them.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What of the server changes how an object is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Server {
    /// Minor version of Kubernetes 1.x; 0 when unknown, which counts as newest.
    pub minor: u32,
}

impl Server {
    /// Whether the server is Kubernetes 1.`minor` or newer.
    pub const fn at_least(self, minor: u32) -> bool {
        self.minor == 0 || self.minor >= minor
    }
}

/// A kind of object: one file, one `impl`.
pub trait Kind: Sync + 'static {
    /// A lean struct: only the fields that the columns need; serde skips the rest.
    type Object: DeserializeOwned + 'static;

    /// How it is called.
    const NAMES: Names;
    /// What its table shows, in kubectl's order; NAMESPACE is added by the table.
    const COLUMNS: &'static [Column<Self::Object>];
    /// How it looks in protobuf; none is read as JSON only.
    const WIRE: Option<&'static Message> = None;
    /// What may be done with it.
    const CAN: Can = Can::NOTHING;
    /// Where Enter leads from a row.
    const ENTER: Enter = Enter::Yaml;
    /// The kind (plural) of the objects that it owns, as `owned` shows them.
    const OWNED: Option<&'static str> = None;
    /// Columns that can be joined to it from elsewhere.
    const JOINABLE: Option<&'static Joinable> = None;
    /// What has taken its place, when it is deprecated.
    const REPLACED_BY: Option<&'static str> = None;

    /// The object's metadata, when nothing else of it is needed any more.
    fn meta(object: Self::Object) -> Meta;

    /// Called once after decoding: the place for what several columns share and what depends on the server.
    fn finish(_object: &mut Self::Object, _server: Server) {}

    /// Which other objects it leads to.
    fn link(_object: &Self::Object) -> Link {
        Link::None
    }

    /// How the object fares as a whole.
    fn health(_object: &Self::Object) -> Health {
        Health::Fine
    }
}

/// Where Enter leads from a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enter {
    /// To its YAML.
    Yaml,
    /// To the pods of that namespace.
    PodsInside,
    /// To the pods that run on it.
    PodsOn,
    /// To the objects that it owns: see [`Kind::OWNED`].
    Owned,
    /// To the pods that it selects.
    PodsSelected,
    /// To the containers of the pod.
    Containers,
    /// To the object it is about.
    About,
    /// To the logs of the container.
    Logs,
    /// To the objects of the kind that it is about.
    Objects,
}

/// A kind without its type parameters: what lists, screens and commands hold.
pub trait AnyKind: Sync {
    /// How it is called.
    fn names(&self) -> &'static Names;
    /// What to ask the server for: its own names, but for kinds that are parts of another object.
    fn resource(&self) -> &'static Names {
        self.names()
    }
    /// The headings of its cells, in order.
    fn headings(&self) -> Vec<Heading>;
    /// Which columns of the user's it has; 0 is none. Lists with different ones are different lists.
    fn view(&self) -> u32 {
        0
    }
    /// What may be done with it.
    fn can(&self) -> Can;
    /// Where Enter leads.
    fn enter(&self) -> Enter;
    /// The kind (plural) of the objects that it owns.
    fn owned(&self) -> Option<&'static str> {
        None
    }
    /// What has taken its place, when it is deprecated.
    fn replaced_by(&self) -> Option<&'static str> {
        None
    }
    /// Columns that can be joined to it from elsewhere.
    fn joinable(&self) -> Option<&'static Joinable> {
        None
    }
    /// Those that are joined, and which of its headings is the first of them.
    fn joined(&self) -> Option<(usize, &'static Joinable)> {
        None
    }
    /// Whether the server is asked for its tables, which bring columns of their own (`Change::Columns`); what comes
    /// without a table has the cells of `headings`.
    fn by_table(&self) -> bool {
        false
    }
    /// Its columns of the user's, which stand behind those of a server's table.
    fn own(&self) -> Option<&Own> {
        None
    }
    /// How its rows are made of what a server says it serves, for lists that are made of no objects.
    fn listing(&self) -> Option<fn(&Discovered) -> Vec<Row>> {
        None
    }
    /// Reads an object into rows (one, but for kinds that are parts of another object), whatever encoding it is in.
    ///
    /// # Errors
    /// When it is not an object of this kind, or not there as a whole; then no row is left.
    fn take(&self, object: Source<'_, '_>, server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error>;

    /// Reads the JSON of one object into rows.
    ///
    /// # Errors
    /// When `json` is not an object of this kind.
    fn rows(&self, json: &[u8], server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        self.take(Source::from(&mut Json::new(json)), server, out)
    }

    /// Reads the object at the front of `json` into rows and returns how many bytes it took; an object that is not of
    /// this kind becomes a row that says so.
    ///
    /// # Errors
    /// When `json` does not hold a whole value, or no JSON at all.
    fn read(&self, json: &[u8], server: Server, out: &mut Vec<Row>) -> Result<usize, ReadError> {
        let mut place = Json::new(json);
        match self.take(Source::from(&mut place), server, out) {
            Ok(()) => Ok(place.at()),
            Err(error) => read::skip(json, error, self, out),
        }
    }

    /// How its objects look in protobuf; none are read as JSON only.
    fn wire(&self) -> Option<&'static Message> {
        None
    }

    /// Reads an object in protobuf into rows; one that is not of this kind becomes a row that says so.
    fn decode(&self, object: Object<'_>, server: Server, out: &mut Vec<Row>) {
        if let Err(error) = self.take(Source::from(object), server, out) {
            out.push(Gap::of(self).row(Source::from(object), &error));
        }
    }
}

impl<K: Kind> AnyKind for K {
    fn names(&self) -> &'static Names {
        &K::NAMES
    }

    fn headings(&self) -> Vec<Heading> {
        K::COLUMNS.iter().map(|column| column.heading.clone()).collect()
    }

    fn can(&self) -> Can {
        K::CAN
    }

    fn enter(&self) -> Enter {
        K::ENTER
    }

    fn owned(&self) -> Option<&'static str> {
        K::OWNED
    }

    fn replaced_by(&self) -> Option<&'static str> {
        K::REPLACED_BY
    }

    fn joinable(&self) -> Option<&'static Joinable> {
        K::JOINABLE
    }

    fn wire(&self) -> Option<&'static Message> {
        K::WIRE
    }

    fn take(&self, object: Source<'_, '_>, server: Server, out: &mut Vec<Row>) -> Result<(), wire::Error> {
        let mut object = K::Object::deserialize(object)?;
        K::finish(&mut object, server);
        out.push(row::<K>(object));
        Ok(())
    }
}

/// The row of a decoded object.
fn row<K: Kind>(object: K::Object) -> Row {
    let cells = K::COLUMNS.iter().map(|column| (column.cell)(&object)).collect();
    let (link, health) = (K::link(&object), K::health(&object));
    let mut meta = K::meta(object);
    let (uid, owner) = (meta.uid(), meta.take_owner());
    let Meta { namespace, name, labels, .. } = meta;
    Row { uid, namespace, name, labels, owner, link, health, cells, unreadable: None }
}
