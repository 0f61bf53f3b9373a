//! What the person may do here, as `kubectl auth can-i`: one question, or all rules of a namespace.

use super::ask::{Answered, Asked, Question};
use super::rbac::{Rule, compact};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::cluster::review;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::{self, Cell, Tone};
use futures::future::BoxFuture;
use serde_json::{Value, json};

const RULES: &str = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

/// May I do this? What may I do?
pub struct CanI;

impl Question for CanI {
    fn name(&self) -> &'static str {
        "can-i"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let wish = Wish::parse(&asked.argument)?;
            let answer = match wish.verb.as_str() {
                "" => list(reader, &wish.namespace).await?,
                _ => one(reader, &wish).await?,
            };
            Ok(answer.into())
        })
    }
}

/// What is asked: `VERB RESOURCE[.GROUP][/NAME] [-n NAMESPACE] [--subresource NAME]`, or a path.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) verb: String,
    pub(super) resource: String,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) subresource: String,
    pub(super) namespace: String,
    /// Whether the resource is one that rutter knows.
    pub(super) known: bool,
}

impl Wish {
    pub(super) fn parse(text: &str) -> Result<Self, Problem> {
        let mut wish = Self::default();
        let mut words = text.split_whitespace();
        let mut plain = Vec::new();
        while let Some(word) = words.next() {
            let mut value = || words.next().unwrap_or_default().to_owned();
            match word.split_once('=') {
                Some(("--subresource", name)) => name.clone_into(&mut wish.subresource),
                Some(("--namespace", name)) => name.clone_into(&mut wish.namespace),
                _ => match word {
                    "-n" | "--namespace" => wish.namespace = value(),
                    "--subresource" => wish.subresource = value(),
                    "-A" | "--all-namespaces" => wish.namespace.clear(),
                    word if word.starts_with('-') => {
                        return Err(Problem::new(format!("{word} is not known here"), HOW));
                    }
                    word => plain.push(word),
                },
            }
        }
        match plain.as_slice() {
            [] => {}
            [verb, what] => wish.take(verb, what),
            _ => return Err(Problem::new("this needs a verb and a resource", HOW)),
        }
        Ok(wish)
    }

    fn take(&mut self, verb: &str, what: &str) {
        verb.clone_into(&mut self.verb);
        if what.starts_with('/') {
            what.clone_into(&mut self.name);
            return;
        }
        let (resource, name) = what.split_once('/').unwrap_or((what, ""));
        name.clone_into(&mut self.name);
        let known = kinds::find(resource).map(kinds::AnyKind::resource);
        self.known = known.is_some() || resource == "*";
        let (plural, group) = match known {
            Some(names) => (names.plural, names.group),
            None => resource.split_once('.').unwrap_or((resource, "")),
        };
        plural.clone_into(&mut self.resource);
        group.clone_into(&mut self.group);
    }
}

const HOW: &str = "for example: can-i delete pods -n shop, or can-i get /healthz";

/// One question.
async fn one(reader: &Reader, wish: &Wish) -> Result<Answer, Problem> {
    let spec = if wish.resource.is_empty() {
        json!({"nonResourceAttributes": {"verb": wish.verb, "path": wish.name}})
    } else {
        json!({"resourceAttributes": {
            "verb": wish.verb, "group": wish.group, "resource": wish.resource, "subresource": wish.subresource,
            "namespace": wish.namespace, "name": wish.name,
        }})
    };
    let status = review::ask(reader, &spec).await?;
    let mut answer = Answer::default();
    if !wish.known && !wish.resource.is_empty() {
        let text = format!("{} is no kind that rutter knows; it is asked for as it stands", wish.resource);
        answer.push(Line::of([Piece::text(&text, Tone::Warn)]));
    }
    answer.push(Line::of(verdict(&status)));
    Ok(answer)
}

/// `yes`, or `no - reason - error`.
fn verdict(status: &Value) -> Vec<Piece> {
    if at(status, "/allowed") == true {
        return vec![Piece::text("yes", Tone::Good)];
    }
    let mut text = "no".to_owned();
    for key in ["/reason", "/evaluationError"] {
        if let Some(more) = at(status, key).as_str().filter(|more| !more.is_empty()) {
            text.push_str(" - ");
            text.push_str(more);
        }
    }
    vec![Piece::text(&text, Tone::Bad)]
}

/// Everything that the rules of one namespace allow.
async fn list(reader: &Reader, namespace: &str) -> Result<Answer, Problem> {
    let namespace = if namespace.is_empty() { "default" } else { namespace };
    let question = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview", "spec": {"namespace": namespace},
    });
    let review = reader.review(RULES, &question).await?;
    let rules = |key: &str| at(&review, key).as_array().cloned().unwrap_or_default();
    let all = rules("/status/resourceRules").into_iter().chain(rules("/status/nonResourceRules"));
    let all: Vec<Rule> = all.map(|rule| Rule::read(&rule)).collect();
    let mut answer = Answer::default();
    answer.push(Line::of([Piece::text(&format!("in the namespace {namespace}"), Tone::Quiet)]));
    if at(&review, "/status/incomplete") == true {
        let why = at(&review, "/status/evaluationError").as_str().unwrap_or_default();
        let text = format!("warning: the list may be incomplete: {why}");
        answer.push(Line::of([Piece::text(&text, Tone::Warn)]));
    }
    table(&mut answer, 0, &compact(&all));
    Ok(answer)
}

/// Rules below each other, with kubectl's headings.
pub(super) fn table(answer: &mut Answer, depth: u8, rules: &[Rule]) {
    let head = ["Resources", "Non-Resource URLs", "Resource Names", "Verbs"].map(Piece::heading).to_vec();
    let row = |rule: &Rule| {
        let go = |all: &[String]| Cell::text(format!("[{}]", all.join(" "))).into();
        (vec![Cell::text(rule.resources()).into(), go(&rule.urls), go(&rule.names), go(&rule.verbs)], To::Nowhere)
    };
    answer.table(depth, std::iter::once((head, To::Nowhere)).chain(rules.iter().map(row)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_as_kubectl_reads_it() {
        let wish = Wish::parse("delete deploy/web -n shop --subresource=scale").unwrap();
        assert_eq!(
            (wish.verb.as_str(), wish.resource.as_str(), wish.group.as_str()),
            ("delete", "deployments", "apps")
        );
        assert_eq!((wish.name.as_str(), wish.namespace.as_str(), wish.subresource.as_str()), ("web", "shop", "scale"));
        let path = Wish::parse("get /healthz").unwrap();
        assert_eq!((path.resource.as_str(), path.name.as_str()), ("", "/healthz"));
        let other = Wish::parse("get widgets.example.com").unwrap();
        assert_eq!((other.resource.as_str(), other.group.as_str(), other.known), ("widgets", "example.com", false));
        assert!(Wish::parse("delete").is_err());
        assert!(Wish::parse("get pods --frobnicate").is_err());
    }

    #[test]
    fn a_no_says_why() {
        let status = json!({"allowed": false, "reason": "RBAC", "evaluationError": "no role"});
        assert_eq!(verdict(&status), [Piece::text("no - RBAC - no role", Tone::Bad)]);
        assert_eq!(verdict(&json!({"allowed": true})), [Piece::text("yes", Tone::Good)]);
    }
}
