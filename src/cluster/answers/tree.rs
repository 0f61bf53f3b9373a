//! The tree of an object: its owners up to the root, and everything that this root owns, each with its state.

use super::ask::{Answered, Asked, Question};
use super::family::{self, Family, Member};
use super::sight::{Sight, uid};
use crate::cluster::gate::{Problem, Reader};
use crate::kinds::answer::{Answer, Ink, Line, Piece, To};
use crate::kinds::{AnyKind, Cell, Health, Row, Time, Tone, Uid, Value};
use futures::future::BoxFuture;
use std::cmp::Reverse;
use std::time::Duration;

/// How deep a tree is drawn: what owns each other in a circle has no end.
const DEEPEST: u8 = 12;
/// How often one looks for what a custom resource owns, when nothing of it changes.
const AGAIN: Duration = Duration::from_secs(30);

/// Who owns this, and what does it own?
pub struct Tree;

impl Question for Tree {
    fn name(&self) -> &'static str {
        "tree"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut sight = Sight::new(reader, asked);
            let (kind, object) = sight.subject(asked).await?;
            let about = uid(&object);
            let all = asked.all();
            let family = family::of(&mut sight, (kind, object), all).await?;
            let mut answer = compose(&family, about);
            if family.others > 0 {
                answer.push(more(family.others).to(asked.to_all(self)));
            }
            let mut answered = sight.answered(answer);
            // Something of another kind may come: that is looked for again while all kinds are too many to be watched.
            let by_hand = family.members.first().is_some_and(|root| root.kind.by_table());
            answered.again = Some(AGAIN).filter(|_| by_hand && !all);
            Ok(answered)
        })
    }
}

/// Says that a tree may have more.
fn more(others: usize) -> Line {
    let text = format!("not looked at: {others} kinds of other groups (enter looks at them, one request each)");
    Line::of([Piece::text(&text, Tone::Warn)])
}

/// The lines of a tree.
#[derive(Default)]
struct Drawn {
    rows: Vec<(Vec<Piece>, To)>,
    depths: Vec<u8>,
}

/// The tree of a family; the object that was asked about stands out.
fn compose(family: &Family, about: Uid) -> Answer {
    let mut drawn = Drawn::default();
    drawn.push(0, ["NAME", "READY", "STATUS", "AGE", ""].map(Piece::heading).into(), To::Nowhere);
    let mut indent = (0, String::new(), String::new());
    if let Some((name, why)) = &family.lost {
        let pieces = vec![Piece::text(name, Tone::Bad), empty(), Piece::text(why, Tone::Bad), empty()];
        drawn.push(0, pieces, To::Nowhere);
        indent = (1, "└─ ".to_owned(), "   ".to_owned());
    }
    if let Some(root) = family.members.first() {
        drawn.add((family, about), root, indent);
    }
    let mut answer = Answer::default();
    answer.table(0, drawn.rows);
    for (line, depth) in answer.lines.iter_mut().zip(drawn.depths) {
        line.depth = depth;
    }
    answer
}

impl Drawn {
    fn push(&mut self, depth: u8, pieces: Vec<Piece>, to: To) {
        self.rows.push((pieces, to));
        self.depths.push(depth);
    }

    /// Adds a member and all below it: its depth, what stands before its name, and before the names below it.
    fn add(&mut self, of: (&Family, Uid), member: &Member, (depth, before, beyond): (u8, String, String)) {
        let (family, about) = of;
        self.push(depth, pieces(member, &before, about), To::row(member.kind.names(), &member.row));
        if depth >= DEEPEST {
            return;
        }
        let uid = member.row.uid;
        let mut below: Vec<&Member> = family.members.iter().filter(|other| other.under.contains(&uid)).collect();
        below.sort_by_cached_key(|member| order(member));
        let last = below.len().saturating_sub(1);
        for (at, child) in below.into_iter().enumerate() {
            let (branch, gap) = if at == last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            self.add(of, child, (depth + 1, format!("{beyond}{branch}"), format!("{beyond}{gap}")));
        }
    }
}

/// Kinds in the order in which they are offered, containers as their pod has them; the newest replica set first.
fn order(member: &Member) -> (usize, Reverse<i64>, String, String) {
    let rank = crate::kinds::ALL.iter().position(|kind| kind.names() == member.kind.names()).unwrap_or_default();
    let born = match cell(member, "AGE").map(|cell| cell.value) {
        Some(Value::Since(Some(Time(born)))) if member.kind.names().plural == "replicasets" => born,
        _ => 0,
    };
    let name = if member.kind.names().plural == "containers" {
        String::new()
    } else {
        format!("{}/{}", member.kind.names().kind, member.row.name)
    };
    (rank, Reverse(born), member.row.namespace.to_string(), name)
}

/// The cells of a line.
fn pieces(member: &Member, before: &str, about: Uid) -> Vec<Piece> {
    let Row { name, health, uid, .. } = &member.row;
    let kind = member.kind.names().kind.to_lowercase();
    let ready = ready(member);
    let idle = ready.tone == Tone::Quiet && member.kind.names().plural == "replicasets";
    let tone = match health {
        Health::Failing => Tone::Bad,
        Health::Pending => Tone::Busy,
        Health::Fine if idle => Tone::Quiet,
        Health::Fine => Tone::Plain,
    };
    let name = Piece::text(&format!("{before}{kind}/{name}"), tone);
    let name = if *uid == about { name.ink(Ink::Heading) } else { name };
    let age = cell(member, "AGE").unwrap_or_else(|| Cell::text(""));
    let note = Piece::text(&member.note, Tone::Warn);
    vec![name, ready.into(), status(member).into(), age.into(), note]
}

/// How many of how many are ready.
pub fn ready(member: &Member) -> Cell {
    if let Some((ready, _)) = &member.said {
        return ready.clone();
    }
    let count = |name: &str| match cell(member, name).map(|cell| cell.value) {
        Some(Value::Count(count)) => Some(count),
        _ => None,
    };
    match count("READY").zip(count("DESIRED")) {
        Some((have, want)) => Cell::ratio(have, want),
        None => first(member, &["READY", "COMPLETIONS", "ENDPOINTS"]),
    }
}

/// What it does.
pub fn status(member: &Member) -> Cell {
    match (&member.row.unreadable, &member.said) {
        (Some(why), _) => Cell::text(why).tone(Tone::Bad),
        (None, Some((_, status))) => status.clone(),
        (None, None) => first(member, &["STATUS", "STATE", "SCHEDULE", "TYPE"]),
    }
}

/// The first of these columns that its kind has.
fn first(member: &Member, names: &[&str]) -> Cell {
    names.iter().find_map(|name| cell(member, name)).unwrap_or_else(|| Cell::text(""))
}

/// The cell of a column.
fn cell(member: &Member, name: &str) -> Option<Cell> {
    column(member.kind, &member.row, name)
}

/// The cell of a row in the column that is called so.
pub fn column(kind: &dyn AnyKind, row: &Row, name: &str) -> Option<Cell> {
    let at = kind.headings().iter().position(|heading| heading.name == name)?;
    row.cells.get(at).cloned()
}

fn empty() -> Piece {
    Cell::text("").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{Server, deployments, pods, replicasets};
    use serde_json::json;

    fn member(kind: &'static dyn AnyKind, object: &serde_json::Value, under: &[&str]) -> Member {
        let mut rows = Vec::new();
        kind.read(object.to_string().as_bytes(), Server::default(), &mut rows).unwrap();
        let under = under.iter().map(|uid| Uid::parse(uid)).collect();
        Member { kind, row: rows.remove(0), under, note: String::new(), said: None }
    }

    fn meta(name: &str) -> serde_json::Value {
        json!({"name": name, "namespace": "shop", "uid": name})
    }

    fn shown(answer: &Answer) -> Vec<String> {
        answer.lines.iter().map(|line| line.show(Time(0)).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn each_stands_under_its_owner_with_its_state() {
        let set = |name: &str, replicas: u32, born: &str| {
            json!({"metadata": {"name": name, "namespace": "shop", "uid": name, "creationTimestamp": born},
                "spec": {"replicas": replicas}, "status": {"readyReplicas": replicas}})
        };
        let members = vec![
            member(&deployments::Deployments, &json!({"metadata": meta("web"), "spec": {"replicas": 1}}), &[]),
            member(&pods::Pods, &json!({"metadata": meta("web-2-x"), "status": {"phase": "Running"}}), &["web-2"]),
            member(&replicasets::ReplicaSets, &set("web-1", 0, "1969-12-30T00:00:00Z"), &["web"]),
            member(&replicasets::ReplicaSets, &set("web-2", 1, "1969-12-31T00:00:00Z"), &["web"]),
        ];
        let family = Family { members, lost: None, others: 0 };
        let answer = compose(&family, Uid::parse("web-2-x"));
        assert_eq!(
            shown(&answer),
            [
                "NAME READY STATUS AGE",
                "deployment/web 0/1 <unknown>",
                "├─ replicaset/web-2 1/1 24h",
                "│ └─ pod/web-2-x 0/0 Running <unknown>",
                "└─ replicaset/web-1 0/0 2d",
            ]
        );
        let depths: Vec<u8> = answer.lines.iter().map(|line| line.depth).collect();
        assert_eq!(depths, [0, 0, 1, 2, 1]);
        assert_eq!(answer.lines[3].pieces[0].ink, Ink::Heading, "what was asked about stands out");
        assert_eq!(answer.lines[4].pieces[0].cell.tone, Tone::Quiet, "an old replica set is quiet");
    }

    #[test]
    fn owners_that_are_lost_and_circles_are_survived() {
        let members = vec![member(&pods::Pods, &json!({"metadata": meta("a")}), &["a"])];
        let lost = Some(("replicaset/gone".to_owned(), "gone".to_owned()));
        let answer = compose(&Family { members, lost, others: 0 }, Uid::parse("a"));
        assert!(shown(&answer)[1].starts_with("replicaset/gone gone"), "{:?}", shown(&answer));
        assert_eq!(answer.lines.len(), 2 + usize::from(DEEPEST));
    }
}
