//! Label selectors, written as kubectl's `-l` takes them.

use super::Text;
use super::lenient::null;
use super::meta::lines;
use super::row::Link;
use serde::Deserialize;

/// A `LabelSelector`: `matchLabels` and `matchExpressions`, all of which must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Selector {
    /// Labels that must be there, as sorted `key=value` lines.
    #[serde(deserialize_with = "lines")]
    pub match_labels: Text,
    /// Further requirements.
    #[serde(deserialize_with = "null")]
    pub match_expressions: Vec<Requirement>,
}

/// An entry of `matchExpressions`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Requirement {
    /// The label.
    #[serde(deserialize_with = "null")]
    pub key: Text,
    /// `In`, `NotIn`, `Exists`, `DoesNotExist`.
    #[serde(deserialize_with = "null")]
    pub operator: Text,
    /// The values of `In` and `NotIn`.
    #[serde(deserialize_with = "null")]
    pub values: Vec<Text>,
}

impl Selector {
    /// The selector as text, sorted by key: `app=web,tier in (a,b),!old`; `""` when it is empty, `None` when it
    /// is invalid. As `apimachinery` `pkg/labels` writes it.
    pub fn text(&self) -> Option<String> {
        let labels =
            self.match_labels.lines().map(|line| (line.split('=').next().unwrap_or_default(), line.to_owned()));
        let expressions = self.match_expressions.iter().map(|r| Some((r.key.as_str(), r.text()?)));
        let mut all = labels.map(Some).chain(expressions).collect::<Option<Vec<_>>>()?;
        all.sort_by(|a, b| a.0.cmp(b.0));
        Some(all.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(","))
    }

    /// The way to the pods that it selects; an empty or invalid one leads nowhere, rather than to every pod.
    pub fn link(&self) -> Link {
        self.text().filter(|text| !text.is_empty()).map_or(Link::None, Link::Selects)
    }
}

impl Requirement {
    fn text(&self) -> Option<String> {
        let mut values: Vec<&str> = self.values.iter().map(Text::as_str).collect();
        values.sort_unstable();
        let values = values.join(",");
        let key = &self.key;
        match (self.operator.as_str(), self.values.is_empty()) {
            ("In", false) => Some(format!("{key} in ({values})")),
            ("NotIn", false) => Some(format!("{key} notin ({values})")),
            ("Exists", true) => Some(key.to_string()),
            ("DoesNotExist", true) => Some(format!("!{key}")),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Selector {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn it_is_written_sorted_by_key() {
        let selector = read(
            r#"{"matchLabels":{"tier":"web","app":"shop"},"matchExpressions":[
                {"key":"zone","operator":"In","values":["b","a"]},{"key":"old","operator":"DoesNotExist"},
                {"key":"canary","operator":"Exists","values":null},{"key":"env","operator":"NotIn","values":["dev"]}]}"#,
        );
        let text = "app=shop,canary,env notin (dev),!old,tier=web,zone in (a,b)";
        assert_eq!(selector.text().as_deref(), Some(text));
        assert_eq!(selector.link(), Link::Selects(text.to_owned()));
    }

    #[test]
    fn an_empty_or_invalid_one_selects_nothing() {
        for json in ["{}", r#"{"matchLabels":null,"matchExpressions":null}"#] {
            assert_eq!(read(json).text().as_deref(), Some(""));
            assert_eq!(read(json).link(), Link::None);
        }
        for json in [
            r#"{"matchExpressions":[{"key":"a","operator":"Like"}]}"#,
            r#"{"matchExpressions":[{"key":"a","operator":"In"}]}"#,
        ] {
            assert_eq!(read(json).text(), None);
            assert_eq!(read(json).link(), Link::None);
        }
    }
}
