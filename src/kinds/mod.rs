//! What things are: one file per kind, with its columns, states and relations. No IO.
//!
//! To add a kind: write its file, and add its line to `ALL`.

pub mod cell;
pub mod kind;
pub mod meta;
pub mod read;
pub mod row;
pub mod time;

pub use cell::{Cell, Tone, Value};
pub use kind::{AnyKind, Can, Column, Enter, Heading, Kind, Names, Place, Server, Width};
pub use read::ReadError;
pub use row::{Change, Freshness, Health, Link, Reference, Row, Uid};
pub use time::Time;

/// Every kind that has a file of its own, in the order in which they are offered.
pub static ALL: &[&dyn AnyKind] = &[];

/// The kind called `name`: plural, kind, short name, or `plural.group`; case does not matter.
pub fn find(name: &str) -> Option<&'static dyn AnyKind> {
    let is = |a: &str| a.eq_ignore_ascii_case(name);
    ALL.iter().copied().find(|kind| {
        let n = kind.names();
        is(n.plural) || is(n.kind) || n.short.iter().copied().any(is) || is(&format!("{}.{}", n.plural, n.group))
    })
}
