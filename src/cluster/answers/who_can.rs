//! Who may do something: every binding whose role allows it, and those that it names.

use super::ask::{Answered, Asked, Question};
use super::can_i::Wish;
use super::rbac::{Binding, Deed, Grants, Subject};
use crate::cluster::gate::{Problem, Reader};
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::{Cell, Reference, Tone};
use futures::future::BoxFuture;

/// Who can?
pub struct WhoCan;

impl Question for WhoCan {
    fn name(&self) -> &'static str {
        "who-can"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let wish = Wish::parse(&asked.argument)?;
            if wish.resource.is_empty() {
                return Err(Problem::new(
                    "this needs a verb and a resource",
                    "for example: who-can delete pods -n shop",
                ));
            }
            let grants = Grants::read(reader).await?;
            Ok(Answered { answer: answer(&grants, &wish), watch: grants.seen, again: None })
        })
    }
}

/// The bindings that allow it in the namespace, with those that they name.
fn answer(grants: &Grants, wish: &Wish) -> Answer {
    let resource = match wish.subresource.as_str() {
        "" => wish.resource.clone(),
        sub => format!("{}/{sub}", wish.resource),
    };
    let deed = Deed { verb: &wish.verb, group: &wish.group, resource: &resource, name: &wish.name };
    let here = |binding: &&Binding| binding.namespace.is_empty() || binding.namespace == wish.namespace;
    let allows =
        |binding: &&Binding| grants.rules(binding).is_some_and(|rules| rules.iter().any(|rule| rule.allows(&deed)));
    let mut rows = vec![(["SUBJECT", "THROUGH", "ROLE", "WHERE"].map(Piece::heading).to_vec(), To::Nowhere)];
    for binding in grants.bindings.iter().filter(here).filter(allows) {
        rows.extend(binding.subjects.iter().map(|subject| row(subject, binding)));
    }
    let mut answer = Answer::default();
    let only = "by RBAC alone: other authorizers and the group system:masters are not asked";
    answer.push(Line::of([Piece::text(only, Tone::Quiet)]));
    if rows.len() == 1 {
        answer.push(Line::of([Piece::text("nobody", Tone::Warn)]));
    } else {
        answer.table(0, rows);
    }
    answer
}

fn row(subject: &Subject, binding: &Binding) -> (Vec<Piece>, To) {
    let place = if binding.namespace.is_empty() { "everywhere" } else { &binding.namespace };
    let pieces = [
        subject.to_string(),
        format!("{} {}", binding.kind(), binding.name),
        format!("{} {}", binding.role_kind(), binding.role),
        place.to_owned(),
    ];
    (pieces.map(|text| Cell::text(text).into()).to_vec(), to(binding))
}

/// The way to a binding.
pub(super) fn to(binding: &Binding) -> To {
    To::Object(Reference {
        group: "rbac.authorization.k8s.io".into(),
        kind: binding.kind().into(),
        namespace: binding.namespace.as_str().into(),
        name: binding.name.as_str().into(),
        uid: None,
    })
}
