//! `rutter get`: lists and objects, printed as kubectl prints them. It reads as the dashboard does, and prints while it
//! reads: of a long list nothing is kept but what has to be aligned or sorted.

pub mod describe;
mod find;
mod form;
mod lines;
mod objects;
mod read;
mod sort;
mod stop;
mod table;
mod what;

use crate::app::Clusters;
use crate::args::Get;
use crate::cluster::Connected;
use crate::kinds::own::{Own, OwnColumn, Reading};
use crate::kinds::whole::Whole;
use crate::kinds::{AnyKind, Heading, Place, Row, Width};
use crate::model::document::{Options, Reveal};
use crate::model::{Namespaces, Notice, Scope};
use crate::text::safe;
use form::Form;
use objects::Objects;
use read::Ask;
use std::io::{self, BufWriter, Write};
use stop::Stop;
use table::{Shape, Table};
use what::What;

/// Prints what `get` asks for.
///
/// # Errors
/// When it cannot be read or printed; with several objects, one for each that cannot.
pub async fn get(get: &Get, clusters: Clusters) -> Result<(), Vec<Notice>> {
    let mut failures = Vec::new();
    match run(get, clusters, &mut failures).await {
        Ok(()) | Err(Stop::Closed) => {}
        Err(Stop::Failed(notice)) => failures.push(notice),
    }
    if failures.is_empty() { Ok(()) } else { Err(failures) }
}

/// Where to look, and what for.
struct Job<'a> {
    get: &'a Get,
    what: What,
    scope: Scope,
    connected: Connected,
}

async fn run(get: &Get, clusters: Clusters, failures: &mut Vec<Notice>) -> Result<(), Stop> {
    let form = Form::read(&get.output)?;
    let (connected, usual) = clusters.open(get.cluster.context.as_deref()).await?;
    let namespaces = match &get.namespace {
        _ if get.all_namespaces => Namespaces::All,
        Some(names) => Namespaces::parse(names),
        None => Namespaces::one(&usual),
    };
    let what = find::what(&get.what, &connected).await?;
    refuse_what_contradicts(get, &form, &what)?;
    let scope = Scope { namespaces, labels: get.selector.clone(), fields: get.field_selector.clone() };
    let job = Job { get, what, scope, connected };
    let mut printer = Printer::new(&form, &job)?;
    let mut out = BufWriter::new(io::stdout().lock());
    if get.watch || get.watch_only {
        return job.follow(&mut printer, &mut out).await;
    }
    job.once(&mut printer, &mut out, failures).await
}

/// Refuses flags that do not go together, most of them as kubectl does.
fn refuse_what_contradicts(get: &Get, form: &Form, what: &What) -> Result<(), Notice> {
    let refuse = |sentence: &str, hint: &str| Err(Notice::error(sentence, hint));
    let (watched, look) = (get.watch || get.watch_only, &get.look);
    match what {
        What::Objects(_) if get.all_namespaces => {
            return refuse(
                "an object cannot be read by its name in all namespaces",
                "name its namespace: -n NAMESPACE",
            );
        }
        What::Objects(_) if get.selector.is_some() || get.field_selector.is_some() => {
            return refuse("a name and a selector cannot stand together", "leave one of them away");
        }
        What::Objects(objects) if watched && objects.len() != 1 => {
            return refuse("only one object can be watched at a time", "leave the names away and use -l");
        }
        What::Lists(kinds) if watched && kinds.len() != 1 => {
            return refuse("only one kind can be watched at a time", "run it once for each");
        }
        _ => {}
    }
    if let Some(part) = what.kinds().iter().find(|kind| form.is_of_objects() && kind.names() != kind.resource()) {
        let (of, whole) = (part.names().plural, part.resource().plural);
        return refuse(&format!("{of} are parts of {whole} and no objects"), &format!("rutter get {whole} -o …"));
    }
    if (look.show_labels || !look.label_columns.is_empty()) && !matches!(form, Form::Table { .. } | Form::Csv) {
        return refuse("columns of labels stand in tables only", "leave --show-labels, -L or -o away");
    }
    Ok(())
}

impl Job<'_> {
    /// Prints everything once.
    async fn once(
        &self,
        printer: &mut Printer<'_>,
        out: &mut impl Write,
        failures: &mut Vec<Notice>,
    ) -> Result<(), Stop> {
        match &self.what {
            What::Lists(kinds) => {
                printer.several_kinds(kinds.len() > 1);
                for kind in kinds {
                    self.list(*kind, printer, out, failures).await?;
                }
            }
            What::Objects(objects) => {
                let found = self.objects(objects, printer, failures).await;
                if objects.len() == 1 && found.is_empty() {
                    return Ok(());
                }
                printer.alone(objects.len() == 1);
                let first = found.first().map(|found| found.kind.names());
                printer.several_kinds(found.iter().any(|found| Some(found.kind.names()) != first));
                for read::Found { kind, headings, row } in found {
                    if let Some(headings) = headings {
                        printer.columns(headings);
                    }
                    printer.row(kind, &row, out)?;
                }
            }
        }
        // A list that could not be read is not an empty one.
        if failures.is_empty() || !printer.is_empty() {
            printer.finish(out)?;
        }
        self.say_what_is_left(printer, failures);
        Ok(())
    }

    /// Prints the list of a kind, namespace by namespace.
    async fn list(
        &self,
        kind: &'static dyn AnyKind,
        printer: &mut Printer<'_>,
        out: &mut impl Write,
        failures: &mut Vec<Notice>,
    ) -> Result<(), Stop> {
        let kind = printer.reads(kind)?;
        for namespace in self.namespaces(kind) {
            let ask = Ask { kind, namespace, scope: &self.scope };
            let print = |told: read::Told| match told {
                read::Told::Columns(headings) => {
                    printer.columns(headings);
                    Ok(())
                }
                read::Told::Row(row) => printer.row(kind, &row, out),
            };
            match read::list(&self.connected, &ask, print).await {
                Err(Stop::Failed(notice)) => failures.push(notice),
                other => other?,
            }
        }
        Ok(())
    }

    /// Reads objects by their names; those that cannot be read are failures.
    async fn objects(
        &self,
        objects: &[(&'static dyn AnyKind, String)],
        printer: &Printer<'_>,
        failures: &mut Vec<Notice>,
    ) -> Vec<read::Found> {
        let mut found = Vec::new();
        for (kind, name) in objects {
            match self.object(*kind, name, printer).await {
                Ok(rows) => found.extend(rows),
                Err(notice) => failures.push(notice),
            }
        }
        found
    }

    async fn object(
        &self,
        kind: &'static dyn AnyKind,
        name: &str,
        printer: &Printer<'_>,
    ) -> Result<Vec<read::Found>, Notice> {
        let kind = printer.reads(kind)?;
        let namespace = self.scope.namespaces.single().unwrap_or_default();
        if kind.names().namespaced && namespace.is_empty() {
            return Err(Notice::error("an object lies in one namespace", "-n NAMESPACE"));
        }
        read::one(&self.connected, kind, (namespace, name), self.get.ignore_not_found).await
    }

    /// Prints a list or an object, and then what changes.
    async fn follow(&self, printer: &mut Printer<'_>, out: &mut impl Write) -> Result<(), Stop> {
        printer.alone(true);
        if self.get.look.sort_by.is_some() {
            writeln!(io::stderr(), "rutter: --sort-by is not used on what changes")?;
        }
        let (kind, name) = match &self.what {
            What::Lists(kinds) => (kinds.first().copied(), None),
            What::Objects(objects) => (objects.first().map(|(kind, _)| *kind), objects.first().map(|(_, name)| name)),
        };
        let Some(kind) = kind else { return Ok(()) };
        let mut scope = self.scope.clone();
        if let Some(name) = name {
            if self.object(kind, name, printer).await?.is_empty() {
                return Ok(());
            }
            scope.fields = Some(format!("metadata.name={name}"));
        }
        let kind = printer.reads(kind)?;
        let mut namespaces = self.namespaces(kind);
        let namespace = namespaces.pop().flatten();
        if !namespaces.is_empty() {
            return Err(Notice::error("only one namespace can be watched, or all", "-n NAMESPACE, or -A").into());
        }
        let ask = Ask { kind, namespace, scope: &scope };
        let only_changes = self.get.watch_only;
        let print = |news: read::News<'_>| match news {
            read::News::Columns(headings) => {
                printer.columns(headings);
                Ok(())
            }
            read::News::Row(_, true) if only_changes => Ok(()),
            read::News::Row(row, of_list) => {
                printer.row(kind, row, out)?;
                if of_list { Ok(()) } else { printer.flush(out) }
            }
            read::News::Listed => printer.flush(out),
        };
        read::follow(&self.connected, &ask, print).await
    }

    /// The namespaces to look into, one request each; none is all.
    fn namespaces(&self, kind: &dyn AnyKind) -> Vec<Option<String>> {
        match &self.scope.namespaces {
            Namespaces::Only(names) if kind.names().namespaced => names.iter().cloned().map(Some).collect(),
            _ => vec![None],
        }
    }

    /// Says that nothing was found, or that something was masked.
    fn say_what_is_left(&self, printer: &Printer<'_>, failures: &[Notice]) {
        let kinds = self.what.kinds();
        match printer {
            Printer::Rows(table) if !table.printed && table.shape != Shape::Name => {
                if !failures.is_empty() || self.get.ignore_not_found {
                    return;
                }
                let place = self.scope.namespaces.single().filter(|_| kinds.iter().all(|kind| kind.names().namespaced));
                let place = place.map(|name| format!(" in {} namespace.", safe(name))).unwrap_or_default();
                let _ = writeln!(io::stderr(), "No resources found{place}");
            }
            Printer::Objects(_) if !self.get.show_secrets && kinds.iter().any(|kind| kind.names().kind == "Secret") => {
                let _ = writeln!(
                    io::stderr(),
                    "rutter: the values of Secrets are masked\nhint: --show-secrets prints them"
                );
            }
            _ => {}
        }
    }
}

/// What prints.
enum Printer<'a> {
    /// Rows.
    Rows(Table<'a>),
    /// Whole objects.
    Objects(Objects<'a>),
}

impl<'a> Printer<'a> {
    fn new(form: &'a Form, job: &Job<'a>) -> Result<Self, Notice> {
        let look = &job.get.look;
        let shape = match form {
            Form::Table { wide } => Shape::Table { wide: *wide },
            Form::Csv => Shape::Csv,
            Form::Name => Shape::Name,
            form => {
                let reveal = if job.get.show_secrets { Reveal::All } else { Reveal::Nothing };
                // As for kubectl, a template sees the whole object.
                let managed_fields = job.get.show_managed_fields || !matches!(form, Form::Json | Form::Yaml);
                let options = Options { managed_fields, reveal, ..Options::default() };
                let mut objects = Objects::new(form, options);
                let sort = look.sort_by.as_ref().map(|text| Ok::<_, Notice>((text.clone(), form::path(text)?)));
                (objects.no_headers, objects.sort) = (look.no_headers, sort.transpose()?);
                return Ok(Self::Objects(objects));
            }
        };
        Ok(Self::Rows(Table::new(shape, look, job.scope.namespaces.single().is_none())))
    }

    /// The kind as it has to be read for this printer. What a kind is read as lives as long as the program, which
    /// prints once and ends.
    fn reads(&self, kind: &'static dyn AnyKind) -> Result<&'static dyn AnyKind, Notice> {
        let path = match self {
            Self::Objects(_) => return Ok(Box::leak(Box::new(Whole(kind)))),
            Self::Rows(table) => match &table.look.sort_by {
                Some(path) if table.shape != Shape::Name => path,
                _ => return Ok(kind),
            },
        };
        // It stands in no table: it is only there to sort by.
        let heading = Heading { name: "".into(), width: Width::Fit(0), place: Place::Nowhere, right: false };
        let column = OwnColumn { heading, path: path.clone(), reading: Reading::Json, tones: Vec::new() };
        let wrong = |mistake| Notice::error(format!("--sort-by {} has a mistake: {mistake}", safe(path)), "");
        Ok(Box::leak(Box::new(Own::new(kind, vec![column], 1).map_err(wrong)?)))
    }

    fn several_kinds(&mut self, several: bool) {
        if let Self::Rows(table) = self {
            table.with_kind |= several;
        }
    }

    fn alone(&mut self, alone: bool) {
        if let Self::Objects(objects) = self {
            objects.alone = alone;
        }
    }

    /// The server told the columns of the rows that follow.
    fn columns(&mut self, headings: Vec<Heading>) {
        if let Self::Rows(table) = self {
            table.told = Some(headings);
        }
    }

    fn row(&mut self, kind: &'static dyn AnyKind, row: &Row, out: &mut impl Write) -> Result<(), Stop> {
        match self {
            Self::Rows(table) => table.row(kind, row, out),
            Self::Objects(objects) => objects.row(kind, row, out),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Objects(objects) if objects.is_empty())
    }

    /// Prints what can be printed while more may come.
    fn flush(&mut self, out: &mut impl Write) -> Result<(), Stop> {
        match self {
            Self::Rows(table) => table.flush(out),
            Self::Objects(_) => Ok(out.flush()?),
        }
    }

    fn finish(&mut self, out: &mut impl Write) -> Result<(), Stop> {
        match self {
            Self::Rows(table) => table.flush(out),
            Self::Objects(objects) => objects.finish(out),
        }
    }
}
