//! `Table`: the columns and cells that kube-apiserver makes for kubectl
//! (`pkg/printers/internalversion/printers.go`, 1.36).

mod cells;
mod cluster;
mod custom;
mod network;
mod pods;
mod storage;
mod workloads;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::resource::Resource;
use super::view::{Include, partial};

/// One column: heading, whether only `-o wide` shows it, and the cell of an object.
pub struct Column {
    heading: &'static str,
    form: Form,
    wide: bool,
    cell: fn(&Value, Timestamp) -> Value,
}

/// The `OpenAPI` type of a column's cells.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Name,
    Text,
    Integer,
    Boolean,
    Date,
}

const fn column(heading: &'static str, cell: fn(&Value, Timestamp) -> Value) -> Column {
    Column { heading, form: Form::Text, wide: false, cell }
}

const fn wide(heading: &'static str, cell: fn(&Value, Timestamp) -> Value) -> Column {
    Column { wide: true, ..column(heading, cell) }
}

const fn integer(heading: &'static str, cell: fn(&Value, Timestamp) -> Value) -> Column {
    Column { form: Form::Integer, ..column(heading, cell) }
}

/// The first column of nearly every kind.
const NAME: Column = Column { form: Form::Name, ..column("Name", |o, _| cells::string(o, "/metadata/name")) };

/// The time since the object was made.
const AGE: Column = column("Age", |o, now| cells::age(o, "/metadata/creationTimestamp", now));

/// What a custom resource without columns of its own has.
const CREATED: Column =
    Column { form: Form::Date, ..column("Age", |o, now| cells::age(o, "/metadata/creationTimestamp", now)) };

/// How the API server describes the time of creation.
const CREATION: &str = "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/// NAME and AGE, for kinds without columns of their own.
const PLAIN: &[Column] = &[NAME, AGE];

/// NAME and CREATED AT, as custom resource definitions and some others have them.
const DEFAULT: &[Column] = &[
    NAME,
    Column { form: Form::Date, ..column("Created At", |o, _| cells::string(o, "/metadata/creationTimestamp")) },
];

/// The columns of a kind.
fn columns(resource: &Resource) -> &'static [Column] {
    pods::columns(resource.plural)
        .or_else(|| workloads::columns(resource.plural))
        .or_else(|| network::columns(resource.plural))
        .or_else(|| storage::columns(resource.plural))
        .or_else(|| cluster::columns(resource.plural))
        .or_else(|| custom::columns(resource.plural))
        .unwrap_or(PLAIN)
}

/// A table without rows.
pub fn table(resource: &Resource, headings: bool, meta: &Value) -> Value {
    let definitions: Vec<Value> = columns(resource).iter().map(definition).collect();
    json!({
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": meta,
        "columnDefinitions": if headings { Value::Array(definitions) } else { Value::Null }, "rows": [],
    })
}

fn definition(column: &Column) -> Value {
    let kind = match column.form {
        Form::Name | Form::Text => "string",
        Form::Integer => "integer",
        Form::Boolean => "boolean",
        Form::Date => "date",
    };
    let description = match (column.heading, column.form) {
        ("Age" | "Created At", _) => CREATION.to_owned(),
        ("Last Run", _) => "Custom resource definition column (in JSONPath format): .status.lastRun".to_owned(),
        (heading, _) => format!("{heading} of the object"),
    };
    json!({
        "name": column.heading, "type": kind, "format": if column.form == Form::Name { "name" } else { "" },
        "description": description, "priority": i32::from(column.wide),
    })
}

/// The row of one object.
pub fn row((resource, object): (&Resource, &Value), include: Include, now: Timestamp) -> Value {
    let cells: Vec<Value> = columns(resource).iter().map(|column| (column.cell)(object, now)).collect();
    let mut row = json!({ "cells": cells });
    if resource.plural == "pods" {
        pods::condition(object, &mut row);
    }
    match include {
        Include::Nothing => super::json::set(&mut row, "/object", Value::Null),
        Include::Metadata => super::json::set(&mut row, "/object", partial(object)),
        Include::Object => super::json::set(&mut row, "/object", object.clone()),
    }
    row
}
