//! Asks the server what we may do: `SelfSubjectAccessReview`, as `kubectl auth can-i`.

use super::gate::{Problem, Reader};
use super::json::{at, text};
use crate::kinds::Access;
use crate::text::safe;
use kube::Client;
use serde_json::{Value, json};

const PATH: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// What the server says to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The question.
    pub access: Access,
    /// Why not, `""` when the server gives no reason; `None` when it is allowed, or nobody could say.
    pub refused: Option<String>,
}

/// Asks for each of `all`, one after the other. Where nobody can say, it counts as allowed: the request itself will tell.
pub async fn review(client: &Client, all: Vec<Access>) -> Vec<Review> {
    let (reader, mut reviews) = (Reader::new(client.clone()), Vec::new());
    for access in all {
        let Access { verb, group, resource, subresource, namespace } = &access;
        let attributes = json!({
            "verb": verb, "group": group, "resource": resource, "subresource": subresource, "namespace": namespace,
        });
        let refused = match ask(&reader, &json!({"resourceAttributes": attributes})).await {
            Ok(status) if at(&status, "/allowed") == false => Some(safe(text(&status, "/reason")).into_owned()),
            Ok(_) | Err(_) => None,
        };
        reviews.push(Review { access, refused });
    }
    reviews
}

/// The `status` of the review of a question, which is its `spec`.
///
/// # Errors
/// When the server does not answer.
pub(super) async fn ask(reader: &Reader, spec: &Value) -> Result<Value, Problem> {
    let question = json!({"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec});
    let mut review = reader.review(PATH, &question).await?;
    Ok(review.get_mut("status").map(Value::take).unwrap_or_default())
}
