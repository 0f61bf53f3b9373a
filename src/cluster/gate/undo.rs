//! `Inverse`: sets the fields that a change changed to what they were, unless somebody changed them since.

use super::action::{Action, Draft, Plan};
use super::delta::Difference;
use super::live::Live;
use super::problem::Problem;
use super::reader::Reader;
use super::wire::Wire;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use serde_json::{Value, json};

/// Takes back a change of fields.
#[derive(Debug, Clone)]
pub struct Inverse {
    /// What the change was, in one line.
    pub effect: String,
    /// What it changed.
    pub fields: Vec<Difference>,
}

impl Action for Inverse {
    fn verb(&self) -> &'static str {
        "undo"
    }

    fn plan<'a>(&'a self, _reader: &'a Reader, live: &'a Live) -> BoxFuture<'a, Result<Plan, Problem>> {
        ready(self.draft(live)).boxed()
    }
}

impl Inverse {
    fn draft(&self, live: &Live) -> Result<Plan, Problem> {
        let mut operations = vec![
            json!({"op": "test", "path": "/metadata/uid", "value": live.uid()}),
            json!({"op": "test", "path": "/metadata/resourceVersion", "value": live.version()}),
        ];
        for field in &self.fields {
            let now = live.object.pointer(&field.path);
            if now != field.new.as_ref() {
                return Err(changed(field, now));
            }
            let parent = field.path.rsplit_once('/').map_or("", |(parent, _)| parent);
            if live.object.pointer(parent).is_none() {
                operations.push(json!({"op": "add", "path": parent, "value": {}}));
            }
            operations.push(match &field.old {
                Some(old) => json!({"op": "add", "path": field.path, "value": old}),
                None => json!({"op": "remove", "path": field.path}),
            });
        }
        Ok(Draft::new(Wire::operations(live.target.path(), operations), format!("undo: {}", self.effect)).plan())
    }
}

/// Why it cannot be taken back any more.
fn changed(field: &Difference, now: Option<&Value>) -> Problem {
    let show = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), short);
    let name = field.path.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~");
    Problem::changed(
        format!("{name} was changed since: it was set to {}, now it is {}", show(field.new.as_ref()), show(now)),
        "edit it by hand",
    )
}

/// The beginning of a value; what looks like a secret is not known here, so long texts are cut early.
fn short(value: &Value) -> String {
    const LENGTH: usize = 60;
    let text = crate::text::safe(&value.to_string()).into_owned();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
