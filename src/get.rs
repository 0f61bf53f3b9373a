//! `rutter get`: the rows of a list, printed once. It reads as the dashboard does and prints what it would show.

use crate::app::Clusters;
use crate::args::{Get, Output};
use crate::cluster::discovery::discover;
use crate::cluster::watch::{Request, watch};
use crate::cluster::{Connected, Message, Subscription, Unreachable};
use crate::kinds::{self, Change, Freshness, Place, Resource, Time};
use crate::model::filter::field_name;
use crate::model::store::RowRef;
use crate::model::table::{Query, Table};
use crate::model::{Catalogue, Found, KindRef, List, ListKey, Namespaces, Notice, Scope};
use crate::text::safe;
use serde_json::{Map, Value};
use std::io::{self, BufWriter, Write};
use std::rc::Rc;
use tokio::sync::mpsc;

/// Prints the rows that `get` asks for.
///
/// # Errors
/// When the kind is unknown, the cluster cannot be reached or says no, or nobody reads what is printed.
pub async fn get(get: &Get, clusters: Clusters) -> Result<(), Notice> {
    let (sessions, current) = clusters.sessions();
    let context = get.cluster.context.as_deref().map(Rc::from).or(current);
    let context = context.ok_or_else(|| Notice::error("the kubeconfig names no current context", "--context NAME"))?;
    let usual = sessions.get(&*context).map_or("default", |session| session.namespace.as_str());
    let connected = clusters
        .connect(context.to_string(), None)
        .await
        .map_err(|Unreachable { sentence, hint }| Notice::error(sentence, hint))?;
    let kind = find(&get.kind, &connected).await?;
    let namespaces = match &get.namespace {
        _ if get.all_namespaces || !kind.names().namespaced => Namespaces::All,
        Some(names) => Namespaces::parse(names),
        None => Namespaces::one(usual),
    };
    let scope = Scope { namespaces, labels: get.selector.clone(), fields: get.field_selector.clone() };
    let key = ListKey { context, kind, scope };
    let list = read(&key, connected).await?;
    print(&key, &list, get.output).or_else(|error| match error.kind() {
        // `rutter get … | head` is no failure.
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Notice::error(format!("cannot write: {error}"), "")),
    })
}

/// The kind called `name`; the server is asked when it has no file of its own.
async fn find(name: &str, connected: &Connected) -> Result<KindRef, Notice> {
    let mut catalogue = Catalogue::default();
    if let Found::One(kind) = catalogue.find("", name) {
        return Ok(kind);
    }
    let found = discover(&connected.lanes.read).await;
    let found = found.map_err(|Unreachable { sentence, hint }| Notice::error(sentence, hint))?;
    // A group that cannot be asked is of no interest to who asks for another one.
    let lost = catalogue.learn("", found, Time::now());
    match catalogue.find("", name) {
        Found::One(kind) => Ok(kind),
        Found::Several(all) => {
            let names: Vec<String> = all.iter().map(Resource::full_name).collect();
            let sentence = format!("several groups have a kind \"{}\"", safe(name));
            Err(Notice::error(sentence, format!("say which: {}", safe(&names.join(", ")))))
        }
        Found::NoList(full) => Err(Notice::error(format!("{} cannot be listed", safe(&full)), "")),
        Found::Nothing => Err(lost.unwrap_or_else(|| unknown(name))),
    }
}

fn unknown(name: &str) -> Notice {
    let known: Vec<&str> = kinds::ALL.iter().map(|kind| kind.names().plural).collect();
    Notice::error(format!("there is no kind \"{}\"", safe(name)), format!("kinds: {}", known.join(", ")))
}

/// Reads a list until it is complete.
async fn read(key: &ListKey, Connected { lanes, server, .. }: Connected) -> Result<List, Notice> {
    if let Some(rows) = key.kind.listing() {
        let found = discover(&lanes.read).await;
        let found = found.map_err(|Unreachable { sentence, hint }| Notice::error(sentence, hint))?;
        let mut list = List::new(key);
        list.apply(rows(&found).into_iter().map(|row| Change::Put { part: 0, row: Box::new(row) }).collect());
        return Ok(list);
    }
    let (out, mut inbox) = mpsc::channel(64);
    let request = Request {
        of: Subscription(0),
        kind: key.kind.0,
        namespaces: key.parts(),
        labels: key.scope.labels.clone(),
        fields: key.scope.fields.clone(),
        first_page: 500,
        server,
    };
    let task = tokio::spawn(watch(lanes.read, request, out));
    let mut list = List::new(key);
    while !list.is_complete() {
        match inbox.recv().await {
            Some(Message::Changes { batch, .. }) => list.apply(batch),
            Some(Message::Fresh { part, state, .. }) => list.freshen(part, refuse_failure(state)?),
            Some(_) => {}
            None => return Err(Notice::error("the list ended early", "try again")),
        }
    }
    task.abort();
    Ok(list)
}

/// A script does not wait for better times.
fn refuse_failure(state: Freshness) -> Result<Freshness, Notice> {
    match state {
        Freshness::Reconnecting { why, .. }
        | Freshness::Forbidden { why }
        | Freshness::Refused { why }
        | Freshness::NotServed { why } => Err(Notice::error(why, "")),
        state => Ok(state),
    }
}

/// The columns that are printed, as indices of the kind's headings.
fn columns(list: &List, output: Output) -> Vec<usize> {
    let hidden = match output {
        Output::Table => Place::Wide,
        _ => Place::Narrow,
    };
    let shown = |column: &usize| list.headings.get(*column).is_some_and(|heading| heading.place != hidden);
    (0..list.headings.len()).filter(shown).collect()
}

fn print(key: &ListKey, list: &List, output: Output) -> io::Result<()> {
    let columns = columns(list, output);
    let with_namespace = key.kind.names().namespaced && key.scope.namespaces.single().is_none();
    let query = Query { columns: columns.clone(), with_namespace, ..Query::default() };
    let mut table = Table::default();
    table.refresh(&list.store, &query, Time::now());
    let rows = (0..table.len()).filter_map(|at| table.row(&list.store, at));
    let mut out = BufWriter::new(io::stdout().lock());
    match output {
        Output::Table | Output::Wide => print_table(
            &mut out,
            key,
            (with_namespace, &header(list, &columns)),
            &cells(rows, &columns, with_namespace),
        )?,
        Output::Json => print_json(&mut out, list, &columns, rows)?,
        Output::Csv => print_csv(&mut out, (true, &header(list, &columns)), &cells(rows, &columns, true))?,
        Output::Name => {
            for row in rows {
                writeln!(out, "{}/{}", name_of(key), safe(row.name()))?;
            }
        }
    }
    out.flush()
}

/// `pod` or `deployment.apps`, as kubectl's `-o name`.
fn name_of(key: &ListKey) -> String {
    let names = key.kind.names();
    let kind = names.kind.to_lowercase();
    if names.group.is_empty() { kind } else { format!("{kind}.{}", names.group) }
}

fn header<'a>(list: &'a List, columns: &[usize]) -> Vec<&'a str> {
    columns.iter().filter_map(|column| list.headings.get(*column)).map(|heading| heading.name.as_ref()).collect()
}

/// The texts of the rows; an object that cannot be read says so in its second column.
fn cells<'a>(rows: impl Iterator<Item = RowRef<'a>>, columns: &[usize], with_namespace: bool) -> Vec<Vec<String>> {
    let now = Time::now();
    rows.map(|row| {
        let namespace = with_namespace.then(|| row.namespace().to_owned());
        let texts = columns.iter().enumerate().map(|(at, column)| match (at, row.unreadable()) {
            (0, Some(_)) => row.name().to_owned(),
            (1, Some(why)) => why.to_owned(),
            _ => row.view(*column).show(now).into_owned(),
        });
        namespace.into_iter().chain(texts).map(|text| safe(&text).into_owned()).collect()
    })
    .collect()
}

fn print_table(
    out: &mut impl Write,
    key: &ListKey,
    (with_namespace, header): (bool, &[&str]),
    rows: &[Vec<String>],
) -> io::Result<()> {
    if rows.is_empty() {
        let place = key.scope.namespaces.single().map(|name| format!(" in {name} namespace")).unwrap_or_default();
        return writeln!(io::stderr(), "No resources found{place}");
    }
    let header: Vec<&str> = with_namespace.then_some("NAMESPACE").into_iter().chain(header.iter().copied()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(header.get(column).map(|heading| heading.len())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect::<Vec<_>>().join("   ");
        writeln!(out, "{}", padded.trim_end())
    };
    line(&mut header.iter().copied())?;
    rows.iter().try_for_each(|row| line(&mut row.iter().map(String::as_str)))
}

fn print_csv(out: &mut impl Write, (with_namespace, header): (bool, &[&str]), rows: &[Vec<String>]) -> io::Result<()> {
    let header = with_namespace.then_some("NAMESPACE").into_iter().chain(header.iter().copied());
    writeln!(out, "{}", header.map(quoted).collect::<Vec<_>>().join(","))?;
    rows.iter()
        .try_for_each(|row| writeln!(out, "{}", row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",")))
}

/// A field of CSV (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

fn print_json<'a>(
    out: &mut impl Write,
    list: &List,
    columns: &[usize],
    rows: impl Iterator<Item = RowRef<'a>>,
) -> io::Result<()> {
    let names: Vec<String> = header(list, columns).into_iter().map(field_name).collect();
    let objects: Vec<Value> = rows.map(|row| object(&row, columns, &names)).collect();
    serde_json::to_writer_pretty(&mut *out, &objects)?;
    writeln!(out)
}

fn object(row: &RowRef<'_>, columns: &[usize], names: &[String]) -> Value {
    let now = Time::now();
    let cells =
        columns.iter().zip(names).map(|(column, name)| (name.clone(), row.view(*column).show(now).into_owned()));
    let fixed =
        [("namespace", row.namespace().to_owned()), ("name", row.name().to_owned()), ("uid", row.uid().to_string())];
    let unreadable = row.unreadable().map(|why| ("unreadable".to_owned(), why.to_owned()));
    let fixed = fixed.into_iter().map(|(name, text)| (name.to_owned(), text));
    let all = cells.chain(fixed).chain(unreadable).map(|(name, text)| (name, Value::String(text)));
    Value::Object(all.collect::<Map<_, _>>())
}
