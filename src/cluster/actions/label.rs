//! Labels and annotations, as kubectl 1.36 `pkg/cmd/label` and `annotate`: a merge patch of the difference, and nothing is
//! overwritten unless that is asked for. Stricter: the check holds for the version that is changed.

use crate::cluster::gate::{Action, Draft, Live, Plan, Problem, Reader, Target, Wire, escape, quoted};
use crate::text::safe;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Map, Value, json};

/// Labels or annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marks {
    /// Labels.
    Labels,
    /// Annotations.
    Annotations,
}

/// Sets and removes labels or annotations.
#[derive(Debug, Clone)]
pub struct Label {
    /// Which.
    pub marks: Marks,
    /// The keys that are set, with their values.
    pub set: Vec<(String, String)>,
    /// The keys that are removed.
    pub remove: Vec<String>,
    /// Whether a key that has another value is set all the same.
    pub overwrite: bool,
}

impl Action for Label {
    fn verb(&self) -> &'static str {
        match self.marks {
            Marks::Labels => "label",
            Marks::Annotations => "annotate",
        }
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let set = self.set.iter().map(|(key, value)| quoted(&format!("{key}={value}")));
        let words: Vec<String> = set.chain(self.remove.iter().map(|key| quoted(&format!("{key}-")))).collect();
        let overwrite = if self.overwrite { " --overwrite" } else { "" };
        Some(format!("{} {} {}{overwrite}", self.verb(), target.kubectl(), words.join(" ")))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Label {
    /// Reads kubectl's arguments: `key=value`, `key-`, `--overwrite`.
    ///
    /// # Errors
    /// When a word is none of these, or a key is both set and removed.
    pub fn parse(marks: Marks, words: &[&str]) -> Result<Self, Problem> {
        let mut label = Self { marks, set: Vec::new(), remove: Vec::new(), overwrite: false };
        for word in words {
            match (word.split_once('='), word.strip_suffix('-')) {
                _ if *word == "--overwrite" => label.overwrite = true,
                (Some((key, value)), _) if !key.is_empty() => label.set.push((key.to_owned(), value.to_owned())),
                (None, Some(key)) if !key.is_empty() => label.remove.push(key.to_owned()),
                _ => {
                    return Err(Problem::new(
                        format!("\"{}\" is neither KEY=VALUE nor KEY-", safe(word)),
                        "KEY- removes",
                    ));
                }
            }
        }
        match label.set.iter().find(|(key, _)| label.remove.contains(key)) {
            Some((key, _)) => Err(Problem::new(format!("{} is both set and removed", safe(key)), "say one of them")),
            None if label.set.is_empty() && label.remove.is_empty() => {
                Err(Problem::new("nothing to set or remove was said", "KEY=VALUE sets, KEY- removes"))
            }
            None => Ok(label),
        }
    }

    /// As the API calls the map.
    const fn field(&self) -> &'static str {
        match self.marks {
            Marks::Labels => "labels",
            Marks::Annotations => "annotations",
        }
    }

    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let now = |key: &str| live.text_of(&format!("/metadata/{}/{}", self.field(), escape(key)));
        let mut patch = Map::new();
        for (key, value) in &self.set {
            match now(key) {
                Some(old) if old == *value => {}
                Some(old) if !self.overwrite => return Err(taken(key, old)),
                _ => drop(patch.insert(key.clone(), json!(value))),
            }
        }
        patch.extend(self.remove.iter().filter(|key| now(key).is_some()).map(|key| (key.clone(), Value::Null)));
        if patch.is_empty() {
            return Ok(Plan::Nothing(format!("{} has these {} already", live.target, self.field())));
        }
        let words = patch.iter().map(|(key, value)| match value.as_str() {
            Some(value) => format!("{key}={value}"),
            None => format!("{key}-"),
        });
        let effect = format!("{} {} {}", self.verb(), live.target, safe(&words.collect::<Vec<_>>().join(" ")));
        let patch = live.pinned(json!({"metadata": {self.field(): patch}}));
        Ok(Draft::new(Wire::merge(live.target.path(), patch), effect).plan())
    }
}

fn taken(key: &str, old: &str) -> Problem {
    Problem::new(
        format!("'{}' already has a value ({}), and --overwrite is false", safe(key), safe(old)),
        "add --overwrite to replace it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, nothing, refused};

    fn pod() -> Value {
        json!({"kind": "Pod", "metadata": {"name": "p", "namespace": "a", "uid": "u", "resourceVersion": "7",
            "labels": {"app": "web", "a/b": "1"}}})
    }

    fn labels(line: &str) -> Label {
        Label::parse(Marks::Labels, &line.split(' ').collect::<Vec<_>>()).unwrap()
    }

    #[tokio::test]
    async fn only_the_difference_is_sent() {
        let draft = drafted(&labels("app=web tier=front a/b- gone-"), "pods", &pod()).await;
        let want = json!({"metadata": {"labels": {"tier": "front", "a/b": null}, "uid": "u", "resourceVersion": "7"}});
        assert_eq!((draft.wire.body, draft.wire.media), (want, "application/merge-patch+json"));
        assert_eq!(nothing(&labels("app=web gone-"), "pods", &pod()).await, "pod a/p has these labels already");
    }

    #[tokio::test]
    async fn nothing_is_overwritten_unless_asked_for() {
        let why = refused(&labels("app=other"), "pods", &pod()).await.sentence;
        assert_eq!(why, "'app' already has a value (web), and --overwrite is false");
        let draft = drafted(&labels("app=other --overwrite"), "pods", &pod()).await;
        assert_eq!(draft.wire.body["metadata"]["labels"], json!({"app": "other"}));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in ["app=x app-", "nonsense", "=x", "-", "--overwrite"] {
            assert!(Label::parse(Marks::Labels, &line.split(' ').collect::<Vec<_>>()).is_err(), "{line}");
        }
    }
}
