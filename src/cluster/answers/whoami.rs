//! Who the server takes us for, as `kubectl auth whoami`.

use super::ask::{Answered, Asked, Question};
use crate::cluster::gate::{Problem, Reader};
use crate::kinds::Cell;
use crate::kinds::answer::{Answer, Line, Piece};
use crate::text::safe;
use futures::future::BoxFuture;
use serde_json::{Value, json};

const PATH: &str = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

/// Who am I?
pub struct WhoAmI;

impl Question for WhoAmI {
    fn name(&self) -> &'static str {
        "whoami"
    }

    fn answer<'a>(&'a self, reader: &'a Reader, _: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
        Box::pin(async { Ok(answer(&ask(reader).await?).into()) })
    }
}

/// The name that the server knows us by, made safe; none when it does not say.
pub async fn user_name(reader: &Reader) -> Option<String> {
    let review = ask(reader).await.ok()?;
    let name = review.pointer("/status/userInfo/username")?.as_str()?;
    Some(safe(name).into_owned())
}

async fn ask(reader: &Reader) -> Result<Value, Problem> {
    let question = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    reader.review(PATH, &question).await
}

/// kubectl's table: the attributes that there are.
fn answer(review: &Value) -> Answer {
    let user = |key: &str| review.pointer(&format!("/status/userInfo/{key}"));
    let mut answer = Answer::default();
    answer.push(Line::of([Piece::heading("ATTRIBUTE").width(WIDTH), Piece::heading("VALUE")]));
    for (name, key) in [("Username", "username"), ("UID", "uid")] {
        if let Some(text) = user(key).and_then(Value::as_str).filter(|text| !text.is_empty()) {
            answer.push(Line::field(name, WIDTH, Cell::text(text)));
        }
    }
    if let Some(groups) = user("groups").and_then(Value::as_array).filter(|groups| !groups.is_empty()) {
        answer.push(Line::field("Groups", WIDTH, Cell::text(list(groups))));
    }
    for (name, values) in user("extra").and_then(Value::as_object).into_iter().flatten() {
        let values = values.as_array().map_or(&[][..], Vec::as_slice);
        answer.push(Line::field(&format!("Extra: {name}"), WIDTH, Cell::text(list(values))));
    }
    answer
}

/// Columns of the first column.
const WIDTH: u16 = 48;

/// `[a b]`, as Go prints a slice.
fn list(values: &[Value]) -> String {
    format!("[{}]", values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "))
}
