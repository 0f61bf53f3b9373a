//! Helm's releases: what is there, from the metadata of its Secrets alone; and one release, unpacked.

use super::ask::{Answered, Asked, Question, Seen, Watched};
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::helm::{Revision, TYPE, release};
use crate::cluster::json::at;
use crate::cluster::url;
use crate::kinds::answer::{Answer, Line, Piece, To};
use crate::kinds::{self, Cell, Time, Tone};
use futures::future::BoxFuture;
use serde_json::Value;
use std::collections::BTreeMap;

/// What has Helm installed?
pub struct Releases;

/// What is in a release?
pub struct Release;

impl Question for Releases {
    fn name(&self) -> &'static str {
        "helm"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let namespace = asked.argument.strip_prefix("-n ").unwrap_or_default().trim();
            let (found, seen) = revisions(reader, secrets(namespace, "owner=helm")?).await?;
            Ok(Answered { answer: table(&found), watch: vec![seen], again: None })
        })
    }
}

impl Question for Release {
    fn name(&self) -> &'static str {
        "helm-release"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async {
            let mut words = asked.argument.split_whitespace();
            let how = || Problem::new("this needs NAMESPACE/NAME", ":helm lists the releases");
            let (namespace, name) = words.next().and_then(|word| word.split_once('/')).ok_or_else(how)?;
            let wanted = words.next().map(str::parse::<u64>).transpose();
            let wanted = wanted.map_err(|_| Problem::new("the revision is a number", ""))?;
            let of = secrets(namespace, &format!("owner=helm,name={name}"))?;
            let (history, seen) = revisions(reader, of).await?;
            let fits = |revision: &&Revision| wanted.is_none_or(|number| number == revision.number);
            let gone = || Problem::new(format!("there is no such release {namespace}/{name}"), ":helm lists them");
            let revision = history.iter().rev().find(fits).ok_or_else(gone)?;
            let secret = reader.get(&url::object(seen.kind, namespace, &revision.secret())).await?;
            let release = release(&secret).map_err(|why| Problem::new(why, "helm may be newer than rutter knows"))?;
            Ok(Answered { answer: describe(&release, &history), watch: vec![seen], again: None })
        })
    }
}

/// The Secrets of the revisions with these labels: a new revision is a new one.
fn secrets(namespace: &str, labels: &str) -> Result<Watched, Problem> {
    let kind = kinds::find("secrets").ok_or_else(|| Problem::new("there are no secrets here", ""))?;
    let (labels, fields) = (Some(labels.to_owned()), Some(format!("type={TYPE}")));
    Ok(Watched { labels, fields, ..Watched::all(kind, Some(namespace).filter(|name| !name.is_empty())) })
}

/// The revisions in these Secrets by namespace, name and number, and what was seen of them.
async fn revisions(reader: &Reader, of: Watched) -> Result<(Vec<Revision>, Watched), Problem> {
    let (path, query) = of.place();
    let (secrets, version) = reader.list_metadata(&path, &query).await?;
    let mut found: Vec<Revision> = secrets.iter().filter_map(Revision::read).collect();
    found.sort_by(|a, b| (&a.namespace, &a.name, a.number).cmp(&(&b.namespace, &b.name, b.number)));
    Ok((found, of.seen(Seen::List(version))))
}

/// The last revision of each release.
fn table(found: &[Revision]) -> Answer {
    let last: BTreeMap<(&str, &str), &Revision> =
        found.iter().map(|revision| ((revision.namespace.as_str(), revision.name.as_str()), revision)).collect();
    let mut answer = Answer::default();
    if last.is_empty() {
        answer.push(Line::of([Piece::text("Helm has installed nothing here", Tone::Quiet)]));
        return answer;
    }
    let head = ["NAMESPACE", "NAME", "REVISION", "STATUS", "UPDATED"].map(Piece::heading).to_vec();
    let row = |revision: &Revision| {
        let Revision { namespace, name, number, status, modified } = revision;
        let pieces = vec![
            Cell::text(namespace.as_str()).into(),
            Cell::text(name.as_str()).into(),
            Cell::text(number.to_string()).into(),
            Piece::text(status, tone(status)),
            Cell::since(modified.map(Time)).into(),
        ];
        (pieces, To::Place(format!("helm-release {namespace}/{name}")))
    };
    answer.table(0, std::iter::once((head, To::Nowhere)).chain(last.into_values().map(row)));
    answer
}

/// One release: what it is, its notes, its values, its manifest, and all its revisions.
fn describe(release: &Value, history: &[Revision]) -> Answer {
    let text = |pointer: &str| at(release, pointer).as_str().unwrap_or_default();
    let mut answer = Answer::default();
    let status = text("/info/status");
    let fields = [
        ("Name", text("/name").to_owned()),
        ("Namespace", text("/namespace").to_owned()),
        ("Revision", at(release, "/version").to_string()),
        ("Chart", format!("{}-{}", text("/chart/metadata/name"), text("/chart/metadata/version"))),
        ("App version", text("/chart/metadata/appVersion").to_owned()),
        ("Deployed", text("/info/last_deployed").to_owned()),
        ("Description", text("/info/description").to_owned()),
    ];
    for (name, value) in fields {
        answer.push(Line::field(name, 16, Cell::text(value)));
    }
    answer.push(Line::field("Status", 16, Cell::text(status).tone(tone(status))));
    section(&mut answer, "Revisions", history.iter().rev().map(revision));
    let lines = |text: &str| text.lines().map(plain).collect::<Vec<_>>();
    section(&mut answer, "Values", lines(&yaml(at(release, "/config"))));
    section(&mut answer, "Notes", lines(text("/info/notes")));
    section(&mut answer, "Manifest", lines(text("/manifest")));
    answer
}

/// A revision, which leads to what it was.
fn revision(revision: &Revision) -> Line {
    let Revision { namespace, name, number, status, modified } = revision;
    Line::of([
        Piece::from(Cell::text(number.to_string())).width(6),
        Piece::text(status, tone(status)).width(16),
        Cell::since(modified.map(Time)).into(),
    ])
    .to(To::Place(format!("helm-release {namespace}/{name} {number}")))
}

/// A heading with what folds away under it.
fn section(answer: &mut Answer, title: &str, lines: impl IntoIterator<Item = Line>) {
    let lines: Vec<Line> = lines.into_iter().collect();
    if !lines.is_empty() {
        answer.push(Line::default());
        answer.push(Line::heading(title));
        answer.lines.extend(lines.into_iter().map(|line| line.depth(1)));
    }
}

/// A line as it stands.
fn plain(text: &str) -> Line {
    Line::of([Cell::text(text).into()])
}

/// The values that were given; none is `{}`.
fn yaml(values: &Value) -> String {
    match values {
        Value::Null => "{}".to_owned(),
        values => serde_yaml::to_string(values).unwrap_or_else(|_| values.to_string()),
    }
}

fn tone(status: &str) -> Tone {
    match status {
        "deployed" => Tone::Good,
        "failed" => Tone::Bad,
        status if status.starts_with("pending") || status == "uninstalling" => Tone::Busy,
        _ => Tone::Quiet,
    }
}
