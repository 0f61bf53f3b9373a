//! What volumes and claims on them have in common: how large, for how many, and how they fare.

use super::Text;
use super::cell::{Cell, Tone};
use super::lenient::{Scalar, null};
use super::meta::Meta;
use super::row::Health;
use serde::Deserialize;

/// `capacity`: a list of quantities, of which storage is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Capacity {
    storage: Option<Scalar>,
}

impl Capacity {
    /// `10Gi`; what is not there counts as `0`.
    pub fn cell(&self) -> Cell {
        Cell::quantity(self.storage.as_ref().map_or("0", |Scalar(text)| text))
    }
}

/// `accessModes`: how many nodes and pods may use it, and how.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct AccessModes(#[serde(deserialize_with = "null")] Vec<Text>);

impl AccessModes {
    /// `RWO,ROX`: each once, in a fixed order, as `pkg/apis/core/helper` shortens them.
    pub fn cell(&self) -> Cell {
        const SHORT: [(&str, &str); 4] =
            [("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"), ("ReadWriteOncePod", "RWOP")];
        let modes = SHORT.iter().filter(|(long, _)| self.0.iter().any(|mode| mode == long)).map(|(_, short)| *short);
        Cell::text(modes.collect::<Vec<_>>().join(","))
    }
}

/// The storage class: an annotation was there before the field, and wins.
pub fn class<'a>(meta: &'a Meta, field: &'a Text) -> Cell {
    Cell::text(meta.annotations.storage_class.as_ref().unwrap_or(field))
}

/// What STATUS says: the phase, or that it is being deleted.
pub fn status<'a>(meta: &Meta, phase: &'a Text) -> &'a str {
    if meta.deletion_timestamp.is_some() { "Terminating" } else { phase }
}

/// What a status means. A released volume keeps data that nobody claims any more.
pub fn tone(status: &str) -> Tone {
    match status {
        "Bound" => Tone::Good,
        "Available" => Tone::Plain,
        "Released" => Tone::Warn,
        "Failed" | "Lost" => Tone::Bad,
        _ => Tone::Busy,
    }
}

/// Failing when it is lost or could not be cleaned up; pending while it is made, looked for or deleted.
pub fn health(status: &str) -> Health {
    match tone(status) {
        Tone::Bad => Health::Failing,
        Tone::Busy => Health::Pending,
        _ => Health::Fine,
    }
}
