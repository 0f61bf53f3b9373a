//! Reading and writing places in JSON objects by path, and the small generator of random choices.

use serde_json::{Map, Value};

/// The text at a JSON pointer (`/metadata/name`); empty when there is none.
pub fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// The whole number at a path; zero when there is none.
pub fn int(value: &Value, path: &str) -> i64 {
    value.pointer(path).and_then(Value::as_i64).unwrap_or_default()
}

/// Whether the value at a path is `true`.
pub fn flag(value: &Value, path: &str) -> bool {
    value.pointer(path).and_then(Value::as_bool).unwrap_or_default()
}

/// The list at a path; empty when there is none.
pub fn list<'a>(value: &'a Value, path: &str) -> &'a [Value] {
    value.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The entries of the object at a path; none when there is no object.
pub fn entries<'a>(value: &'a Value, path: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.pointer(path).and_then(Value::as_object).into_iter().flatten()
}

/// Whether something other than null is at the path.
pub fn has(value: &Value, path: &str) -> bool {
    value.pointer(path).is_some_and(|found| !found.is_null())
}

/// Writes `to` at a path, making the objects on the way. Keys with a slash: see [`set_key`].
pub fn set(value: &mut Value, path: &str, to: impl Into<Value>) {
    let path = path.trim_start_matches('/');
    match path.split_once('/') {
        None => drop(object(value).and_then(|map| map.insert(path.to_owned(), to.into()))),
        Some((head, rest)) => {
            if let Some(map) = object(value) {
                set(map.entry(head).or_insert(Value::Null), rest, to);
            }
        }
    }
}

/// Writes one key, which may contain slashes, into the object at a path.
pub fn set_key(value: &mut Value, path: &str, key: &str, to: impl Into<Value>) {
    if !value.pointer(path).is_some_and(Value::is_object) {
        set(value, path, Map::new());
    }
    if let Some(map) = value.pointer_mut(path).and_then(Value::as_object_mut) {
        map.insert(key.to_owned(), to.into());
    }
}

/// The value of one key, which may contain slashes, in the object at a path.
pub fn key<'a>(value: &'a Value, path: &str, name: &str) -> &'a str {
    value.pointer(path).and_then(|map| map.get(name)).and_then(Value::as_str).unwrap_or_default()
}

/// Takes the last part of a path out of the object that holds it.
pub fn remove(value: &mut Value, path: &str) {
    let Some((parent, name)) = path.rsplit_once('/') else { return };
    if let Some(map) = value.pointer_mut(parent).and_then(Value::as_object_mut) {
        map.remove(name);
    }
}

/// `value` as an object, emptied first when it was something else.
fn object(value: &mut Value) -> Option<&mut Map<String, Value>> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut()
}

/// A small generator of choices (splitmix64): the same seed tells the same story.
#[derive(Debug, Clone)]
pub struct Random(u64);

/// What Kubernetes makes name suffixes of: no vowels, and nothing that looks like something else.
const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

impl Random {
    /// A generator that starts at `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator whose choices depend on `text` alone.
    pub fn of(text: &str) -> Self {
        Self(text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 up to but not including `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.bits().checked_rem(end).unwrap_or_default()
    }

    /// A number in `from..to`.
    pub fn between(&mut self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from))
    }

    /// One of the choices, or the type's empty value when there are none.
    pub fn pick<T: Copy + Default>(&mut self, choices: &[T]) -> T {
        let at = usize::try_from(self.below(choices.len() as u64)).unwrap_or_default();
        choices.get(at).copied().unwrap_or_default()
    }

    /// A suffix as in `web-5d4f8c7b9-x2x9z`.
    pub fn suffix(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(LETTERS))).collect()
    }

    /// Sixty-four hexadecimal digits, as container runtimes name things.
    pub fn digest(&mut self) -> String {
        let mut half = || (u128::from(self.bits()) << 64) | u128::from(self.bits());
        format!("{:032x}{:032x}", half(), half())
    }

    /// A UID: a random UUID (version 4).
    pub fn uid(&mut self) -> String {
        let (a, b) = (self.bits(), self.bits());
        let (version, variant) = ((a & 0xfff) | 0x4000, ((b >> 48) & 0x3fff) | 0x8000);
        format!("{:08x}-{:04x}-{version:04x}-{variant:04x}-{:012x}", a >> 32, (a >> 16) & 0xffff, b & 0xffff_ffff_ffff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_are_made_and_removed() {
        let mut value = json!({"spec": 3});
        set(&mut value, "/spec/a/b", "x");
        set_key(&mut value, "/metadata/labels", "app.kubernetes.io/name", "web");
        assert_eq!(
            value,
            json!({"spec": {"a": {"b": "x"}}, "metadata": {"labels": {"app.kubernetes.io/name": "web"}}})
        );
        remove(&mut value, "/spec/a");
        assert!(!has(&value, "/spec/a") && has(&value, "/spec"));
    }

    #[test]
    fn the_same_seed_makes_the_same_choices() {
        let choices = |seed| (Random::new(seed).uid(), Random::new(seed).suffix(5));
        assert_eq!(choices(7), choices(7));
        assert_ne!(choices(7), choices(8));
        assert_eq!(choices(7).0.len(), 36);
        assert_eq!(&choices(7).0[14..15], "4");
    }
}
