//! What RBAC gives: to a service account, user or group; by a role, and to whom.

use super::ask::{Answered, Asked, Question};
use super::can_i::table;
use super::rbac::{Binding, Grants, Subject, compact};
use super::who_can::to;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::json::at;
use crate::cluster::url;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::{Cell, Tone};
use futures::future::BoxFuture;
use serde_json::Value;

/// What may it do? What does it allow?
pub struct Rights;

impl Question for Rights {
    fn name(&self) -> &'static str {
        "rights"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let grants = Grants::read(reader).await?;
            let answer = match &asked.about {
                None => of_subject(&grants, &Subject::parse(&asked.argument).ok_or_else(unclear)?),
                Some((kind, namespace, name)) => match kind.names().kind {
                    "ServiceAccount" => {
                        let (namespace, name) = (namespace.clone(), name.clone());
                        of_subject(&grants, &Subject { kind: "ServiceAccount".to_owned(), namespace, name })
                    }
                    _ => of_role(&grants, &reader.get(&url::object(*kind, namespace, name)).await?),
                },
            };
            Ok(Answered { answer, watch: grants.seen, again: None })
        })
    }
}

fn unclear() -> Problem {
    Problem::new("it is not clear whom you mean", "user:NAME, group:NAME, or NAMESPACE/NAME for a service account")
}

/// The bindings that mean somebody, with what they allow.
fn of_subject(grants: &Grants, subject: &Subject) -> Answer {
    let mut answer = Answer::default();
    answer.push(Line::of([Piece::text(&format!("what RBAC gives to {subject}"), Tone::Quiet)]));
    let meant = |binding: &&Binding| binding.subjects.iter().any(|named| subject.is_meant_by(named));
    let before = answer.lines.len();
    for binding in grants.bindings.iter().filter(meant) {
        let place = if binding.namespace.is_empty() { "everywhere".to_owned() } else { binding.namespace.clone() };
        let title = format!("{} {}", binding.role_kind(), binding.role);
        let through = format!(" by {} {}, {place}", binding.kind(), binding.name);
        answer.push(Line::of([Piece::heading(&title), Piece::text(&through, Tone::Plain)]).to(to(binding)));
        match grants.rules(binding) {
            Some(rules) => table(&mut answer, 1, &compact(rules)),
            None => answer.push(Line::of([Piece::text("this role is not there", Tone::Bad)]).below(1)),
        }
    }
    if answer.lines.len() == before {
        answer.push(Line::of([Piece::text("nothing", Tone::Warn)]));
    }
    answer
}

/// What a role allows, what it is made of, and to whom it is given.
fn of_role(grants: &Grants, role: &Value) -> Answer {
    let text = |pointer: &str| at(role, pointer).as_str().unwrap_or_default();
    let (namespace, name) = (text("/metadata/namespace"), text("/metadata/name"));
    let mut answer = Answer::default();
    let rules: Vec<_> = at(role, "/rules").as_array().into_iter().flatten().map(super::rbac::Rule::read).collect();
    answer.push(Line::heading("Rules"));
    table(&mut answer, 1, &compact(&rules));
    let selectors = at(role, "/aggregationRule/clusterRoleSelectors").as_array();
    if let Some(selectors) = selectors {
        answer.push(Line::heading("Aggregated from cluster roles with the labels"));
        for selector in selectors {
            let labels = at(selector, "/matchLabels").as_object().into_iter().flatten();
            let labels: Vec<_> =
                labels.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
            let labels = labels.join(",");
            let line = Line::of([Cell::text(labels.clone()).into()]).below(1);
            answer.push(line.to(To::Place(format!("clusterroles -l {labels}"))));
        }
    }
    answer.push(Line::heading("Given to"));
    let gives = |binding: &&Binding| {
        let here = if binding.cluster_role { "" } else { &binding.namespace };
        binding.role == name && here == namespace
    };
    let before = answer.lines.len();
    for binding in grants.bindings.iter().filter(gives) {
        for subject in &binding.subjects {
            let text = format!("{subject} by {} {}", binding.kind(), binding.name);
            let place = if binding.namespace.is_empty() { String::new() } else { format!(" in {}", binding.namespace) };
            answer.push(Line::of([Cell::text(text + &place).into()]).below(1).to(to(binding)));
        }
    }
    if answer.lines.len() == before {
        answer.push(Line::of([Piece::text("nobody", Tone::Quiet)]).below(1));
    }
    answer
}
