//! `Row`: what remains of an object when its columns are read: identity, labels, owner, links and cells.

use super::Text;
use super::cell::Cell;
use super::kind::Heading;
use std::fmt;

/// The identity of an object over its whole life; a re-created object has another one.
///
/// Holds the 128 bits of a UUID. A UID of another form (mirror pods) is hashed to 128 bits: equal UIDs stay
/// equal, but the text cannot be had back, so requests take the UID from a freshly read object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Uid(pub u128);

impl Uid {
    /// Reads a UID of any form.
    pub fn parse(text: &str) -> Self {
        Self::uuid(text).unwrap_or_else(|| Self(fnv(text.as_bytes())))
    }

    /// Reads a UUID; `None` when `text` is none. The kubelet's events carry a node's name, or the hash of a
    /// static pod's file, where the UID should be: what points to an object must be asked by this.
    pub fn uuid(text: &str) -> Option<Self> {
        let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
        // In two halves: a `u128` shifts slowly.
        let (high, low) = text.split_at(18);
        Some(Self(u128::from(half(high, [8, 13])?) << 64 | u128::from(half(low, [0, 5])?)))
    }

    /// The identity of an object that has no UID: as good as its name.
    pub fn of_name(namespace: &str, name: &str) -> Self {
        Self(fnv(namespace.as_bytes())).part(name)
    }

    /// The identity of a part of this object, e.g. of one container of a pod.
    #[must_use]
    pub fn part(self, name: &str) -> Self {
        // Turned, so that a part called as the whole does not cancel it out.
        Self(self.0.rotate_left(1) ^ fnv(name.as_bytes()))
    }
}

/// What the hexadecimal digits of half a UUID write, between dashes at these places.
fn half(text: &[u8], dashes: [usize; 2]) -> Option<u64> {
    text.iter().enumerate().try_fold(0, |number, (at, byte)| match byte {
        b'-' if dashes.contains(&at) => Some(number),
        _ if dashes.contains(&at) => None,
        b'0'..=b'9' => Some(number << 4 | u64::from(byte - b'0')),
        b'a'..=b'f' => Some(number << 4 | u64::from(byte - b'a' + 10)),
        b'A'..=b'F' => Some(number << 4 | u64::from(byte - b'A' + 10)),
        _ => None,
    })
}

/// FNV-1a of 128 bits: stable over runs and machines, which std's hashers do not promise.
fn fnv(bytes: &[u8]) -> u128 {
    bytes.iter().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}

impl fmt::Display for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            n >> 96,
            n >> 80 & 0xffff,
            n >> 64 & 0xffff,
            n >> 48 & 0xffff,
            n & 0xffff_ffff_ffff
        )
    }
}

impl fmt::Debug for Uid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A pointer from one object to another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reference {
    /// The API group, `""` for the core group.
    pub group: Text,
    /// The kind, e.g. `ReplicaSet`.
    pub kind: Text,
    /// The namespace, `""` for cluster-scoped objects.
    pub namespace: Text,
    /// The name.
    pub name: Text,
    /// The identity, when the pointer carries one.
    pub uid: Option<Uid>,
}

/// How a row leads to other objects.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Link {
    /// It leads nowhere.
    #[default]
    None,
    /// It selects pods of its namespace by a label selector in kubectl's syntax (`app=web,tier in (a,b)`), e.g. a
    /// service; `""` selects all of them.
    Selects(String),
    /// It is about another object, e.g. an event.
    About(Reference),
}

/// What is kept of one object.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Identity.
    pub uid: Uid,
    /// The namespace, `""` for cluster-scoped objects.
    pub namespace: Text,
    /// The name.
    pub name: Text,
    /// Labels as `key=value`, sorted by key, one per line.
    pub labels: Text,
    /// The controller, else the first owner.
    pub owner: Option<Reference>,
    /// Where it leads.
    pub link: Link,
    /// How the object as a whole fares; the title counts these.
    pub health: Health,
    /// One cell for each column of the kind, in the columns' order.
    pub cells: Vec<Cell>,
    /// Why the object cannot be read; its cells are then empty.
    pub unreadable: Option<String>,
}

/// How an object fares as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Health {
    /// As wished, or nothing to say.
    #[default]
    Fine,
    /// On its way.
    Pending,
    /// Broken: somebody should look.
    Failing,
}

/// One change of a list, in the order in which the server told it.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A list of `part` begins: rows of that part not seen until its `End` are gone.
    Begin {
        /// Which of the list's watches speaks (one per namespace when several are shown).
        part: u8,
    },
    /// An object is there, new or changed.
    Put {
        /// Which of the list's watches speaks.
        part: u8,
        /// The object. Boxed: a batch is moved about, its rows are not.
        row: Box<Row>,
    },
    /// An object is gone, and with it the rows that are its parts.
    Gone {
        /// Identity of the object.
        uid: Uid,
    },
    /// The rows have other columns from here on; those that are there belong to the old ones.
    Columns {
        /// The headings of their cells.
        headings: Vec<Heading>,
    },
    /// The list of `part` is complete.
    End {
        /// Which of the list's watches speaks.
        part: u8,
    },
}

/// How fresh a list is. Shown always: what is on screen is never silently old.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Freshness {
    /// Asked for, nothing there yet.
    #[default]
    Connecting,
    /// Rows arrive; `total` is the server's estimate when it gave one.
    Filling {
        /// Objects that the server says there are.
        total: Option<u64>,
    },
    /// Every change is seen as it happens.
    Live,
    /// The server lets this user list but not watch: the list is asked for again and again.
    Polling {
        /// The server's sentence.
        why: String,
    },
    /// The connection is lost; it is tried again.
    Reconnecting {
        /// Since when, in the clock of `Time::now`.
        since: super::time::Time,
        /// Why.
        why: String,
    },
    /// The server says that this user may not list this.
    Forbidden {
        /// The server's sentence.
        why: String,
    },
    /// The server does not take the question: a selector is wrong.
    Refused {
        /// The server's sentence.
        why: String,
    },
    /// The server does not know this kind.
    NotServed {
        /// The server's sentence.
        why: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_survives_the_round_trip() {
        let text = "0191f3a2-7c1e-4b5d-9e8f-00aabbccddee";
        assert_eq!(Uid::parse(text).to_string(), text);
        assert_ne!(Uid::parse("0191f3a27c1e4b5d9e8f00aabbccddee"), Uid::parse("0191f3a27c1e4b5d9e8f00aabbccddef"));
        assert_eq!((Uid::uuid(text), Uid::uuid("node-1")), (Some(Uid::parse(text)), None));
        assert_eq!(Uid::uuid("0191f3a27c1e4b5d9e8f00aabbccddee"), None, "the hash of a static pod's file");
        assert_eq!(Uid::parse(&text.to_uppercase()).to_string(), text);
        for odd in [
            "00000000-0000-0000-0000-00000000000-",
            "000000000000000000000000000000000000",
            "0000000--000-0000-0000-000000000000",
        ] {
            assert_eq!(Uid::uuid(odd), None, "{odd}");
        }
        assert_ne!(Uid::parse("a").part("web"), Uid::parse("a").part("proxy"));
        assert_ne!(Uid::of_name("shop", "x").part("x"), Uid::of_name("shop", "y").part("y"));
        assert_ne!((Uid::of_name("a", "b"), Uid::of_name("a", "a")), (Uid::of_name("b", "a"), Uid::of_name("b", "b")));
    }
}
