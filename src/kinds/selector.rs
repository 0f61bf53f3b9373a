//! Label selectors, written as kubectl's `-l` takes them.

use super::Text;
use super::cell::{Cell, Tone};
use super::lenient::null;
use super::meta::lines;
use super::row::Link;
use serde::Deserialize;

/// A `LabelSelector`: `matchLabels` and `matchExpressions`, all of which must hold.
#[derive(Debug, Clone, Default, Deserialize)]
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
#[derive(Debug, Clone, Default, Deserialize)]
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

    /// The selector as `apimachinery` `FormatLabelSelector` writes it: `<none>` when it is empty, `<error>` when it is
    /// invalid.
    pub fn cell(&self) -> Cell {
        self.text().map_or_else(|| Cell::text("<error>").tone(Tone::Bad), |text| Cell::or_none(Some(text)))
    }

    /// The way to the pods that it selects; an empty or invalid one leads nowhere, rather than to every pod.
    pub fn link(&self) -> Link {
        self.text().filter(|text| !text.is_empty()).map_or(Link::None, Link::Selects)
    }

    /// The way to the pods that it selects, of a kind whose empty selector means every pod of the namespace.
    pub fn link_or_all(&self) -> Link {
        self.text().map_or(Link::None, Link::Selects)
    }
}

/// A plain map of labels, as services, replication controllers and pods select: all of them must be there.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Labels(#[serde(deserialize_with = "lines")] Text);

impl Labels {
    /// The labels as text: `app=web,tier=front`.
    fn text(&self) -> String {
        self.0.replace('\n', ",")
    }

    /// The labels, or `<none>`, as `apimachinery` `FormatLabels` writes them.
    pub fn cell(&self) -> Cell {
        Cell::or_none(Some(self.text()))
    }

    /// The way to the pods that have them; none lead nowhere.
    pub fn link(&self) -> Link {
        if self.0.is_empty() { Link::None } else { Link::Selects(self.text()) }
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
            assert_eq!((read(json).link(), read(json).link_or_all()), (Link::None, Link::Selects(String::new())));
            assert_eq!(read(json).cell(), Cell::none());
        }
        for json in [
            r#"{"matchExpressions":[{"key":"a","operator":"Like"}]}"#,
            r#"{"matchExpressions":[{"key":"a","operator":"In"}]}"#,
        ] {
            assert_eq!(read(json).text(), None);
            assert_eq!((read(json).link(), read(json).link_or_all()), (Link::None, Link::None));
            assert_eq!(read(json).cell(), Cell::text("<error>").tone(Tone::Bad));
        }
    }

    #[test]
    fn plain_labels_are_written_in_the_order_of_their_keys() {
        let labels: Labels = serde_json::from_str(r#"{"tier":"web","app":"shop"}"#).unwrap();
        assert_eq!(labels.cell(), Cell::text("app=shop,tier=web"));
        assert_eq!(labels.link(), Link::Selects("app=shop,tier=web".to_owned()));
        let none: Labels = serde_json::from_str("null").unwrap();
        assert_eq!((none.cell(), none.link()), (Cell::none(), Link::None));
    }
}
