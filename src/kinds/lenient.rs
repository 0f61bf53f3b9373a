//! Reading JSON as Go reads it: null is the same as absent, so an odd field costs a cell and not the object.
//!
//! Strings that are only looked at (moments, identities, switches) are read without being copied.

use super::Text;
use compact_str::ToCompactString;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Reads a value; null is its default. For `#[serde(default, deserialize_with = "null")]`.
///
/// # Errors
/// When the value is neither a `T` nor null.
pub fn null<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<T, D::Error> {
    // Not by an `Option`: what is large would be moved twice more.
    struct OrDefault<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de> + Default> Visitor<'de> for OrDefault<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or null")
        }

        fn visit_none<E>(self) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_unit<E>(self) -> Result<T, E> {
            Ok(T::default())
        }

        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
            T::deserialize(deserializer)
        }
    }
    deserializer.deserialize_option(OrDefault(PhantomData))
}

/// How many elements a list has; null has none. Nothing of them is kept.
///
/// # Errors
/// When the value is neither a list nor null.
pub fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    null(deserializer).map(|list: Vec<IgnoredAny>| list.len())
}

/// How many entries a map has; null has none. Neither keys nor values are kept, or looked at.
///
/// # Errors
/// When the value is neither a map nor null.
pub fn entries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    struct Entries;
    impl<'de> Visitor<'de> for Entries {
        type Value = usize;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_unit<E>(self) -> Result<usize, E> {
            Ok(0)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
            let mut count = 0;
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                count += 1;
            }
            Ok(count)
        }
    }
    deserializer.deserialize_any(Entries)
}

/// A text that may also be written as a number: a quantity, a port, a percentage (`IntOrString`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scalar(pub Text);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(text.into()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_compact_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_compact_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar(number.to_compact_string()))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// What `read` makes of a string, without copying it; null is the default.
///
/// # Errors
/// When the value is neither a string nor null.
pub fn with_str<'de, D: Deserializer<'de>, T: Default>(
    deserializer: D,
    read: impl FnOnce(&str) -> T,
) -> Result<T, D::Error> {
    deserializer.deserialize_any(WithStr(read))
}

/// The same as a seed, for keys and values of maps.
pub struct WithStr<F>(pub F);

impl<'de, T: Default, F: FnOnce(&str) -> T> DeserializeSeed<'de> for WithStr<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<T: Default, F: FnOnce(&str) -> T> Visitor<'_> for WithStr<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize, Debug, PartialEq, Default)]
    #[serde(default)]
    struct Odd {
        #[serde(deserialize_with = "null")]
        text: String,
        #[serde(deserialize_with = "null")]
        list: Vec<u8>,
        #[serde(deserialize_with = "length")]
        many: usize,
        #[serde(deserialize_with = "long")]
        long: bool,
        #[serde(deserialize_with = "entries")]
        entries: usize,
        #[serde(deserialize_with = "null")]
        scalars: Vec<Scalar>,
    }

    fn long<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
        with_str(deserializer, |text| text.len() > 3)
    }

    #[test]
    fn null_is_absent() {
        let nulls = r#"{"text":null,"list":null,"many":null,"long":null,"entries":null,"scalars":null}"#;
        assert_eq!(serde_json::from_str::<Odd>(nulls).unwrap(), Odd::default());
        let all = r#"{"text":"t","list":[1],"many":[{},[],null],"long":"a\u0062cd","entries":{"a":"x","b":[{}]},
            "scalars":["10Gi",5,-5,0.5]}"#;
        let scalars = ["10Gi", "5", "-5", "0.5"].map(|text| Scalar(text.into())).into();
        let want = Odd { text: "t".to_owned(), list: vec![1], many: 3, long: true, entries: 2, scalars };
        assert_eq!(serde_json::from_str::<Odd>(all).unwrap(), want);
    }

    #[test]
    fn what_is_of_another_type_is_an_error() {
        for json in [
            r#"{"text":1}"#,
            r#"{"list":{}}"#,
            r#"{"many":"x"}"#,
            r#"{"long":[]}"#,
            r#"{"entries":[]}"#,
            r#"{"scalars":[{}]}"#,
        ] {
            assert!(serde_json::from_str::<Odd>(json).is_err(), "{json}");
        }
    }
}
