//! Columns.

use super::Column;

pub fn columns(_plural: &str) -> Option<&'static [Column]> {
    None
}
