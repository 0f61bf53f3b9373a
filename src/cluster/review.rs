//! Asks the server what we may do: `SelfSubjectAccessReview`, as `kubectl auth can-i`.

use crate::kinds::Access;
use crate::text::safe;
use http::Request;
use kube::Client;
use serde::Deserialize;
use serde_json::json;

const PATH: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// What the server says to one question.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// The question.
    pub access: Access,
    /// Why not, `""` when the server gives no reason; `None` when it is allowed, or nobody could say.
    pub refused: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answer {
    status: Status,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Status {
    allowed: bool,
    reason: String,
}

/// Asks for each of `all`, one after the other. Where nobody can say, it counts as allowed: the request itself will tell.
pub async fn review(client: &Client, all: Vec<Access>) -> Vec<Review> {
    let mut reviews = Vec::new();
    for access in all {
        let refused = match ask(client, &access).await {
            Ok(Status { allowed: false, reason }) => Some(safe(&reason).into_owned()),
            Ok(_) | Err(_) => None,
        };
        reviews.push(Review { access, refused });
    }
    reviews
}

async fn ask(client: &Client, access: &Access) -> Result<Status, kube::Error> {
    let Access { verb, group, resource, subresource, namespace } = access;
    let question = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {
            "verb": verb, "group": group, "resource": resource, "subresource": subresource, "namespace": namespace,
        }},
    });
    let request =
        Request::post(PATH).header("content-type", "application/json").body(question.to_string().into_bytes());
    let request = request.map_err(kube::Error::HttpError)?;
    client.request::<Answer>(request).await.map(|answer| answer.status)
}
