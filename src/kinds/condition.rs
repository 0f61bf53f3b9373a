//! Conditions: what controllers say about an object, as far as a list needs it.

use super::Text;
use super::lenient::{null, with_str};
use serde::{Deserialize, Deserializer};

/// An entry of `status.conditions`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Condition {
    /// What it speaks of, e.g. `Ready`.
    #[serde(rename = "type", deserialize_with = "null")]
    pub kind: Text,
    /// Whether it holds.
    #[serde(deserialize_with = "null")]
    pub status: Truth,
    /// Why, in one word.
    #[serde(deserialize_with = "null")]
    pub reason: Text,
}

/// `True`, `False`, or anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// Nobody knows.
    #[default]
    Unknown,
}

/// What the first condition of type `kind` says, as the helpers of Kubernetes read them.
pub fn first(conditions: &[Condition], kind: &str) -> Option<Truth> {
    conditions.iter().find(|condition| condition.kind == kind).map(|condition| condition.status)
}

impl<'de> Deserialize<'de> for Truth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        with_str(deserializer, |text| match text {
            "True" => Self::True,
            "False" => Self::False,
            _ => Self::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_type_counts() {
        let all: Vec<Condition> = serde_json::from_str(
            r#"[{"type":null,"status":null},{"type":"Ready","status":"False"},{"type":"Ready","status":"True"},
                {"type":"New","status":"Perhaps"}]"#,
        )
        .unwrap();
        assert_eq!(first(&all, "Ready"), Some(Truth::False));
        assert_eq!(first(&all, "New"), Some(Truth::Unknown));
        assert_eq!(first(&all, "Old"), None);
    }
}
