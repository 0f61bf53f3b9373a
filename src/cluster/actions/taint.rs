//! Taints of nodes, as kubectl 1.36 `pkg/cmd/taint`: `key=value:Effect` sets, `key-`, `key:Effect-` removes.

use crate::cluster::gate::{Action, Danger, Draft, Live, Plan, Problem, Reader, Target, Wire, quoted};
use crate::cluster::json::put;
use crate::text::safe;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// The effects that there are.
const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/// A taint to set or remove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Its key.
    pub key: String,
    /// Its value, `""` when it has none.
    pub value: String,
    /// Its effect; `""` only when it is removed: then every effect of the key.
    pub effect: String,
    /// Whether it is removed.
    pub remove: bool,
}

/// Sets and removes taints.
#[derive(Debug, Clone)]
pub struct Taint {
    /// Which.
    pub specs: Vec<Spec>,
    /// Whether one that has another value is set all the same.
    pub overwrite: bool,
}

impl Taint {
    /// Reads kubectl's arguments.
    ///
    /// # Errors
    /// When a word is none.
    pub fn parse(words: &[&str]) -> Result<Self, Problem> {
        let overwrite = words.contains(&"--overwrite");
        let words = words.iter().filter(|word| **word != "--overwrite");
        let specs = words.map(|word| spec(word)).collect::<Result<Vec<_>, _>>()?;
        if specs.is_empty() {
            return Err(Problem::new("no taint was said", "key=value:NoSchedule sets one, key- removes it"));
        }
        Ok(Self { specs, overwrite })
    }

    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let old = live.object.pointer("/spec/taints").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut taints = old.clone();
        for spec in &self.specs {
            self.put(&mut taints, spec)?;
        }
        if taints == old {
            return Ok(Plan::Nothing(format!("{} has these taints already", live.target)));
        }
        let words: Vec<String> = self.specs.iter().map(Spec::word).collect();
        let effect = format!("taint {} {}", live.target, safe(&words.join(" ")));
        // The list as a whole, bound to the version that was read.
        let patch =
            live.pinned(json!({"spec": {"taints": if taints.is_empty() { Value::Null } else { json!(taints) }}}));
        let draft = Draft::new(Wire::merge(live.target.path(), patch), effect);
        let evicts = self.specs.iter().any(|spec| spec.effect == "NoExecute" && !spec.remove);
        Ok(if evicts {
            draft.note("pods that do not tolerate it are evicted, whatever their budgets say").plan()
        } else {
            draft.plan()
        })
    }

    fn put(&self, taints: &mut Vec<Value>, spec: &Spec) -> Result<(), Problem> {
        let is = |taint: &Value| {
            let text = |name: &str| taint.get(name).and_then(Value::as_str).unwrap_or_default();
            text("key") == spec.key && (spec.effect.is_empty() || text("effect") == spec.effect)
        };
        let Some(at) = taints.iter().position(is) else {
            if spec.remove {
                return Err(Problem::new(
                    format!("there is no taint \"{}\"", safe(&spec.word())),
                    "describe shows those that there are",
                ));
            }
            taints.push(spec.taint());
            return Ok(());
        };
        if spec.remove {
            taints.retain(|taint| !is(taint));
            return Ok(());
        }
        let same = taints.get(at).and_then(|taint| taint.get("value")).and_then(Value::as_str).unwrap_or_default()
            == spec.value;
        if !same && !self.overwrite {
            return Err(Problem::new(
                format!(
                    "it already has a taint {} with effect {}, and --overwrite is false",
                    safe(&spec.key),
                    spec.effect
                ),
                "add --overwrite to replace it",
            ));
        }
        if let Some(taint) = taints.get_mut(at).filter(|_| !same) {
            *taint = spec.taint();
        }
        Ok(())
    }
}

impl Action for Taint {
    fn verb(&self) -> &'static str {
        "taint"
    }

    fn danger(&self, _target: &Target) -> Danger {
        let evicts = self.specs.iter().any(|spec| spec.effect == "NoExecute" && !spec.remove);
        if evicts { Danger::Grave } else { Danger::Reversible }
    }

    fn kubectl(&self, target: &Target) -> Option<String> {
        let words: Vec<String> = self.specs.iter().map(|spec| quoted(&spec.word())).collect();
        let overwrite = if self.overwrite { " --overwrite" } else { "" };
        Some(format!("taint node {} {}{overwrite}", quoted(&target.name), words.join(" ")))
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Spec {
    fn taint(&self) -> Value {
        let mut taint = json!({"key": self.key, "effect": self.effect});
        if !self.value.is_empty() {
            put(&mut taint, &["value"], json!(self.value));
        }
        taint
    }

    fn word(&self) -> String {
        let value = if self.value.is_empty() { String::new() } else { format!("={}", self.value) };
        let effect = if self.effect.is_empty() { String::new() } else { format!(":{}", self.effect) };
        format!("{}{value}{effect}{}", self.key, if self.remove { "-" } else { "" })
    }
}

/// Reads one argument.
fn spec(word: &str) -> Result<Spec, Problem> {
    let (rest, remove) = word.strip_suffix('-').map_or((word, false), |rest| (rest, true));
    let (pair, effect) = rest.split_once(':').unwrap_or((rest, ""));
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    if key.is_empty() || !(EFFECTS.contains(&effect) || remove && effect.is_empty()) {
        let hint = format!("key=value:EFFECT sets one, key- removes it; effects are {}", EFFECTS.join(", "));
        return Err(Problem::new(format!("\"{}\" is no taint", safe(word)), hint));
    }
    Ok(Spec { key: key.to_owned(), value: value.to_owned(), effect: effect.to_owned(), remove })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::actions::testing::{drafted, nothing, refused};

    fn node() -> Value {
        json!({"kind": "Node", "metadata": {"name": "n1", "uid": "u", "resourceVersion": "7"},
            "spec": {"taints": [{"key": "a", "value": "1", "effect": "NoSchedule"}]}})
    }

    fn taint(line: &str) -> Taint {
        Taint::parse(&line.split(' ').collect::<Vec<_>>()).unwrap()
    }

    #[tokio::test]
    async fn taints_are_set_and_removed() {
        let set = drafted(&taint("b:NoExecute"), "nodes", &node()).await;
        assert_eq!(set.wire.body["spec"]["taints"][1], json!({"key": "b", "effect": "NoExecute"}));
        assert_eq!(drafted(&taint("a-"), "nodes", &node()).await.wire.body["spec"]["taints"], Value::Null);
        assert_eq!(nothing(&taint("a=1:NoSchedule"), "nodes", &node()).await, "node n1 has these taints already");
        let changed = drafted(&taint("a=2:NoSchedule --overwrite"), "nodes", &node()).await;
        assert_eq!(changed.wire.body["spec"]["taints"], json!([{"key": "a", "value": "2", "effect": "NoSchedule"}]));
        assert!(refused(&taint("a=2:NoSchedule"), "nodes", &node()).await.sentence.contains("--overwrite is false"));
        assert!(refused(&taint("c-"), "nodes", &node()).await.sentence.contains("there is no taint"));
    }

    #[test]
    fn what_is_no_taint_is_refused() {
        for line in ["a", "a=1", ":NoSchedule", "a=1:Never", ""] {
            assert!(Taint::parse(&line.split(' ').collect::<Vec<_>>()).is_err(), "{line}");
        }
    }
}
