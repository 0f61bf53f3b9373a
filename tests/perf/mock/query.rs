//! The query of a request.

/// As it stands in the URL. Of what the mock understands, only selectors need percent decoding.
pub struct Query<'a>(pub &'a str);

impl<'a> Query<'a> {
    /// The value of a key, when it is not empty.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        let value = |pair: &'a str| pair.strip_prefix(key)?.strip_prefix('=');
        self.0.split('&').find_map(value).filter(|value| !value.is_empty())
    }

    /// A number.
    pub fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }

    /// Whether a key is set.
    pub fn is(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value == "1" || value == "true")
    }

    /// Whether labels are asked for.
    pub fn has_labels(&self) -> bool {
        self.get("labelSelector").is_some()
    }

    /// The name that a field selector asks for; the mock knows no other fields.
    ///
    /// # Errors
    /// When it asks for another field.
    pub fn name(&self) -> Result<Option<String>, ()> {
        let Some(selector) = self.get("fieldSelector") else { return Ok(None) };
        let selector = selector.replace("%3D", "=").replace("%3d", "=");
        selector.strip_prefix("metadata.name=").map(|name| Some(name.to_owned())).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_numbers_and_names() {
        let query = Query("limit=50&watch=1&empty=&fieldSelector=metadata.name%3Dweb");
        assert_eq!((query.number("limit"), query.is("watch"), query.get("empty")), (Some(50), true, None));
        assert_eq!(query.name(), Ok(Some("web".to_owned())));
        assert_eq!(Query("fieldSelector=spec.nodeName%3Da").name(), Err(()));
        assert!(Query("labelSelector=a").has_labels() && !query.has_labels());
    }
}
