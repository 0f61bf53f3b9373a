//! The events of an object, told by its UID: grouped, the newest first; those of its family on request.

use super::ask::{Answered, Asked, Question, Watched};
use super::family;
use super::sight::{Sight, text};
use super::tree::column;
use crate::cluster::gate::{Problem, Reader};
use crate::kinds::answer::{Answer, Ink, Line, Piece, To};
use crate::kinds::events::Events;
use crate::kinds::{Cell, Link, Reference, Row, Time, Value};
use futures::future::BoxFuture;
use std::cmp::Reverse;

/// Members of a family whose events are asked for one by one.
const MEMBERS: usize = 30;

/// What happened to this?
pub struct ObjectEvents;

impl Question for ObjectEvents {
    fn name(&self) -> &'static str {
        "object-events"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut sight = Sight::new(reader, asked);
            let (kind, object) = sight.subject(asked).await?;
            let namespace = Some(text(&object, "/metadata/namespace")).filter(|namespace| !namespace.is_empty());
            let namespace = namespace.map(str::to_owned);
            let mut whose = vec![text(&object, "/metadata/uid").to_owned()];
            if kind.names().plural == "nodes" {
                // The kubelet writes the name of its node where the UID should be.
                whose.push(text(&object, "/metadata/name").to_owned());
            }
            if asked.all() {
                let family = family::of(&mut sight, (kind, object), false).await?;
                let parts = family.members.iter().filter(|member| member.kind.names() == member.kind.resource());
                whose.extend(parts.map(|member| member.row.uid.to_string()));
                whose.sort();
                whose.dedup();
            }
            let rows = rows(&mut sight, namespace.as_deref(), &whose).await?;
            let mut answer = compose(rows);
            if !asked.all() {
                answer.lines.insert(0, more().to(asked.to_all(self)));
            }
            Ok(sight.answered(answer))
        })
    }
}

/// The events about `whose` objects.
async fn rows(sight: &mut Sight<'_>, namespace: Option<&str>, whose: &[String]) -> Result<Vec<Row>, Problem> {
    let of = |uid: &String| {
        let fields = Some(format!("involvedObject.uid={uid}"));
        Watched { fields, ..Watched::all(&Events, namespace) }
    };
    let mut found = Vec::new();
    if let [uid] = whose {
        found = sight.list(of(uid)).await?;
    } else {
        if whose.len() > MEMBERS {
            sight.leave_out(format!("events of more than {MEMBERS} objects of its family"));
        }
        for uid in whose.iter().take(MEMBERS) {
            found.extend(sight.read(&of(uid)).await?);
        }
        // One watch for all of them; what happens to others costs no more than asking again.
        sight.watch(Watched::all(&Events, namespace));
    }
    Ok(found.iter().filter_map(|event| sight.row(&Events, event)).collect())
}

/// Says that there are the events of the family.
fn more() -> Line {
    let text = "with those of its owners and of what they own (enter)";
    Line::of([Piece::from(Cell::text(text)).ink(Ink::Key)])
}

/// Events that say the same about the same object.
struct Group {
    row: Row,
    about: Option<Reference>,
    count: i64,
    first: Option<Time>,
    last: Option<Time>,
}

/// The lines about events.
fn compose(rows: Vec<Row>) -> Answer {
    let mut groups: Vec<Group> = Vec::new();
    for row in rows {
        let group = Group::of(row);
        match groups.iter_mut().find(|other| other.says_the_same(&group)) {
            Some(other) => other.add(&group),
            None => groups.push(group),
        }
    }
    groups.sort_by_key(|group| (Reverse(group.last), Reverse(group.first)));
    let mut answer = Answer::default();
    if groups.is_empty() {
        answer.push(Line::of([Cell::text("no events: the server forgets them, usually after an hour").into()]));
        return answer;
    }
    let names = ["LAST SEEN", "FIRST SEEN", "COUNT", "TYPE", "REASON", "OBJECT", "MESSAGE"];
    let head = names.map(Piece::heading).into();
    answer.table(0, std::iter::once((head, To::Nowhere)).chain(groups.into_iter().map(Group::line)));
    answer
}

impl Group {
    fn of(row: Row) -> Self {
        let time = |name: &str| match column(&Events, &row, name).map(|cell| cell.value) {
            Some(Value::Since(time)) => time,
            _ => None,
        };
        let count = match column(&Events, &row, "COUNT").map(|cell| cell.value) {
            Some(Value::Count(count)) => count,
            _ => 1,
        };
        let about = match &row.link {
            Link::About(about) => Some(about.clone()),
            _ => None,
        };
        let (first, last) = (time("FIRST SEEN"), time("LAST SEEN"));
        Self { row, about, count, first, last }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        let same = |name: &str| column(&Events, &self.row, name) == column(&Events, &other.row, name);
        self.about == other.about && ["TYPE", "REASON", "SUBOBJECT", "MESSAGE"].into_iter().all(same)
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.last = self.last.max(other.last);
    }

    fn line(self) -> (Vec<Piece>, To) {
        let cell = |name: &str| column(&Events, &self.row, name).unwrap_or_else(|| Cell::text(""));
        let times = [Cell::since(self.last), Cell::since(self.first), Cell::count(self.count)];
        let texts = ["TYPE", "REASON", "OBJECT", "MESSAGE"].map(cell);
        let pieces = times.into_iter().chain(texts).map(Piece::from).collect();
        (pieces, self.about.map_or(To::Nowhere, To::Object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{AnyKind, Server};
    use serde_json::json;

    fn event(reason: &str, message: &str, count: i64, (first, last): (&str, &str)) -> Row {
        let event = json!({"involvedObject": {"kind": "Pod", "name": "web", "uid": "u"}, "type": "Warning",
            "reason": reason, "message": message, "count": count, "firstTimestamp": first, "lastTimestamp": last});
        let mut rows = Vec::new();
        Events.read(event.to_string().as_bytes(), Server::default(), &mut rows).unwrap();
        rows.remove(0)
    }

    #[test]
    fn the_same_is_told_once_and_the_newest_first() {
        let times =
            |first: u8, last: u8| (format!("1969-12-31T23:{first:02}:00Z"), format!("1969-12-31T23:{last:02}:00Z"));
        let [a, b, c] = [times(10, 20), times(5, 50), times(30, 30)];
        let answer = compose(vec![
            event("BackOff", "again", 2, (&a.0, &a.1)),
            event("Pulled", "there", 1, (&c.0, &c.1)),
            event("BackOff", "again", 3, (&b.0, &b.1)),
        ]);
        let shown: Vec<String> = answer.lines.iter().map(|line| line.show(Time(0))).collect();
        let words: Vec<Vec<&str>> = shown.iter().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(words[1], ["10m", "55m", "5", "Warning", "BackOff", "pod/web", "again"]);
        assert_eq!(words[2][..5], ["30m", "30m", "1", "Warning", "Pulled"]);
        assert!(compose(Vec::new()).lines[0].show(Time(0)).starts_with("no events"));
    }
}
