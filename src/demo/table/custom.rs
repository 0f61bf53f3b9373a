//! The printer columns of the demo's own custom resources, of every type that there is.

use jiff::Timestamp;
use serde_json::Value;

use super::cells::{age, string};
use super::{CREATED, Column, Form, NAME, column, integer, wide};

pub fn columns(plural: &str) -> Option<&'static [Column]> {
    Some(match plural {
        "backups" => BACKUPS,
        "blackouts" => BLACKOUTS,
        _ => return None,
    })
}

const BACKUPS: &[Column] = &[
    NAME,
    column("Target", |o, _| string(o, "/spec/target")),
    integer("Size (GiB)", |o, _| value(o, "/status/sizeGiB")),
    Column { form: Form::Boolean, ..column("Verified", |o, _| value(o, "/status/verified")) },
    Column { form: Form::Date, ..column("Last Run", last_run) },
    wide("Schedule", |o, _| string(o, "/spec/schedule")),
    Column { wide: true, ..integer("Copies", |o, _| value(o, "/spec/replicas")) },
    CREATED,
];

const BLACKOUTS: &[Column] = &[NAME, column("Reason", |o, _| string(o, "/spec/reason")), CREATED];

/// The value at a path as it is; null without one, as the API server tells what a path does not find.
fn value(object: &Value, path: &str) -> Value {
    object.pointer(path).cloned().unwrap_or_default()
}

fn last_run(object: &Value, now: Timestamp) -> Value {
    if value(object, "/status/lastRun").is_null() { Value::Null } else { age(object, "/status/lastRun", now) }
}
