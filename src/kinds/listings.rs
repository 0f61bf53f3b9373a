//! What a server serves, as lists: `kubectl api-resources` and `kubectl api-versions`. Their rows are made of what it says
//! of itself, not of objects.

use super::Text;
use super::cell::Cell;
use super::kind::Width::{Fill, Fit};
use super::kind::{AnyKind, Can, Column, Enter, Heading, Names, Server, column, names, wide};
use super::read::ReadError;
use super::row::{Row, Uid};
use super::served::{Discovered, Resource};
use super::wire::{self, Source};

/// A list of what a server says of itself.
pub struct Listing {
    names: &'static Names,
    headings: fn() -> Vec<Heading>,
    enter: Enter,
    rows: fn(&Discovered) -> Vec<Row>,
}

const RESOURCE_NAMES: Names = names("", "", "api-resources", "APIResource", &[]).cluster_scoped();
const VERSION_NAMES: Names = names("", "", "api-versions", "APIVersion", &[]).cluster_scoped();
/// What the rows are parts of, for those who would act on them.
const SERVER: Names = names("", "", "the API server", "API server", &[]).cluster_scoped();

/// The resources, in their preferred versions.
pub static RESOURCES: Listing = Listing {
    names: &RESOURCE_NAMES,
    headings: || COLUMNS.iter().map(|column| column.heading.clone()).collect(),
    enter: Enter::Objects,
    rows: resources,
};

/// The versions of groups.
pub static VERSIONS: Listing =
    Listing { names: &VERSION_NAMES, headings: || vec![VERSION.heading], enter: Enter::Yaml, rows: versions };

const COLUMNS: &[Column<Resource>] = &[
    column("NAME", Fill(1), |r| Cell::text(r.plural.clone())),
    column("SHORTNAMES", Fit(20), |r| Cell::text(r.short.join(","))),
    column("APIVERSION", Fit(60), |r| Cell::text(r.api_version())),
    column("NAMESPACED", Fit(10), |r| Cell::truth(r.namespaced)),
    column("KIND", Fit(40), |r| Cell::text(r.kind.clone())),
    wide(column("VERBS", Fill(1), |r| Cell::text(r.verbs.join(",")))),
    wide(column("CATEGORIES", Fit(40), |r| Cell::text(r.categories.join(",")))),
];

const VERSION: Column<String> = column("APIVERSION", Fill(1), |version| Cell::text(version.clone()));

/// As `kubectl api-resources`: what has no verb is left out. The group stands where other rows have their namespace, so
/// that they are in kubectl's order, by group and name.
fn resources(found: &Discovered) -> Vec<Row> {
    let shown = found.resources.iter().filter(|resource| resource.preferred && !resource.verbs.is_empty());
    let row = |resource: &Resource| Row {
        cells: COLUMNS.iter().map(|column| (column.cell)(resource)).collect(),
        ..named(&resource.group, &resource.plural)
    };
    sorted(shown.map(row))
}

/// As `kubectl api-versions`.
fn versions(found: &Discovered) -> Vec<Row> {
    let row = |version: &String| Row { cells: vec![(VERSION.cell)(version)], ..named("", version) };
    sorted(found.versions.iter().map(row))
}

fn sorted(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let mut rows: Vec<Row> = rows.collect();
    rows.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    rows
}

fn named(namespace: &str, name: &str) -> Row {
    let uid = Uid::of_name(namespace, name);
    Row { uid, namespace: Text::from(namespace), name: Text::from(name), ..Row::default() }
}

/// The listing called `name`.
pub fn find(name: &str) -> Option<&'static dyn AnyKind> {
    let all: [&'static Listing; 2] = [&RESOURCES, &VERSIONS];
    all.into_iter().find(|listing| listing.names.plural == name).map(|listing| listing as &dyn AnyKind)
}

/// Why no object is read as a row of one.
const NO_OBJECT: &str = "it is made of no objects";

impl AnyKind for Listing {
    fn names(&self) -> &'static Names {
        self.names
    }

    fn resource(&self) -> &'static Names {
        &SERVER
    }

    fn headings(&self) -> Vec<Heading> {
        (self.headings)()
    }

    fn can(&self) -> Can {
        Can::NOTHING
    }

    fn enter(&self) -> Enter {
        self.enter
    }

    fn listing(&self) -> Option<fn(&Discovered) -> Vec<Row>> {
        Some(self.rows)
    }

    fn take(&self, _object: Source<'_, '_>, _server: Server, _out: &mut Vec<Row>) -> Result<(), wire::Error> {
        Err(serde::de::Error::custom(NO_OBJECT))
    }

    fn read(&self, _json: &[u8], _server: Server, _out: &mut Vec<Row>) -> Result<usize, ReadError> {
        Err(ReadError::Broken(NO_OBJECT.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Time;
    use super::*;

    #[test]
    fn resources_are_listed_as_by_kubectl() {
        let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let gadgets = Resource {
            group: "e.x".to_owned(),
            version: "v1".to_owned(),
            plural: "gadgets".to_owned(),
            kind: "Gadget".to_owned(),
            short: text(&["g", "gd"]),
            verbs: text(&["get", "list"]),
            categories: text(&["all"]),
            preferred: true,
            ..Resource::default()
        };
        let older = Resource { version: "v1beta1".to_owned(), preferred: false, ..gadgets.clone() };
        let mute = Resource { plural: "mute".to_owned(), verbs: Vec::new(), ..gadgets.clone() };
        let found =
            Discovered { resources: vec![gadgets, older, mute], versions: text(&["e.x/v1"]), failed: Vec::new() };
        let shown = |rows: Vec<Row>| -> Vec<Vec<String>> {
            rows.iter().map(|row| row.cells.iter().map(|cell| cell.show(Time(0))).collect()).collect()
        };
        assert_eq!(shown(resources(&found)), [["gadgets", "g,gd", "e.x/v1", "false", "Gadget", "get,list", "all"]]);
        assert_eq!(shown(versions(&found)), [["e.x/v1"]]);
    }
}
