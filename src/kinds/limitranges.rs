//! Limit ranges: how much one container, pod or claim of a namespace may ask for.

use super::kind::{Column, Kind, Names, names};
use super::meta::Meta;
use super::object::{Bare, with_moment};
use super::wire::{self, Message};

/// The kind.
pub struct LimitRanges;

impl Kind for LimitRanges {
    type Object = Bare;
    const NAMES: Names = names("", "v1", "limitranges", "LimitRange", &["limits"]);
    const COLUMNS: &'static [Column<Bare>] = &with_moment();
    const WIRE: Option<&'static Message> = Some(&wire::meta::BARE);

    fn meta(range: Bare) -> Meta {
        range.metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::testing::shown;
    use serde_json::json;

    #[test]
    fn its_cells_are_kubectls() {
        let json = json!({"metadata": {"name": "a", "creationTimestamp": "2026-11-23T15:22:00Z"}});
        assert_eq!(shown(&LimitRanges, &json), ["a", "2026-11-23T15:22:00Z"]);
    }
}
