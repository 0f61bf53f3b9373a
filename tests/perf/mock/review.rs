//! Access reviews: everything is allowed.

use super::World;
use super::answer::{bytes, plain, status};
use super::shape::Body;
use crate::catalog::SORTS;
use hyper::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers a review.
pub fn review(world: &Arc<World>, path: &str, sent: &[u8]) -> Response<Body> {
    let mut review: Value = serde_json::from_slice(sent).unwrap_or_default();
    let result = match path.rsplit('/').next() {
        Some("selfsubjectaccessreviews") => json!({"allowed": true}),
        Some("selfsubjectrulesreviews") => json!({"incomplete": false, "nonResourceRules": [],
            "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]}),
        Some("selfsubjectreviews") => json!({"userInfo": {"username": "perf", "groups": ["system:authenticated"]}}),
        _ => return status(world, 405, "the mock only answers GET and access reviews"),
    };
    if !review.is_object() {
        // Newer clients ask in protobuf; they understand an answer in JSON.
        review = named(path);
    }
    if let Some(review) = review.as_object_mut() {
        review.insert("status".to_owned(), result);
    }
    plain(world, 201, "application/json", bytes(&review))
}

/// A review without its question.
fn named(path: &str) -> Value {
    let asked = SORTS.iter().find(|sort| path.ends_with(&format!("{}/{}", sort.api_version(), sort.plural)));
    asked.map_or(Value::Null, |sort| json!({"kind": sort.kind, "apiVersion": sort.api_version(), "metadata": {}}))
}
