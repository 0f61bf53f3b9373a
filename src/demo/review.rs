//! Who am I, and what may I do: the self subject reviews.

use serde_json::{Value, json};

use super::answer::{Answer, Outcome};
use super::json::{set, text};
use super::request::Request;
use super::world::World;

/// Answers a review; none when the path is about something else.
pub fn answer(world: &World, request: &Request) -> Option<Outcome> {
    let review: fn(&World, Value) -> Value = match request.parts().as_slice() {
        ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"] => access,
        ["apis", "authorization.k8s.io", "v1", "selfsubjectrulesreviews"] => rules,
        ["apis", "authentication.k8s.io", "v1", "selfsubjectreviews"] => subject,
        _ => return None,
    };
    Some(request.json().map(|asked| Answer::json(201, &review(world, asked))))
}

/// Everything is allowed but what a fault forbids.
fn access(world: &World, mut review: Value) -> Value {
    let of = |name: &str| text(&review, &format!("/spec/resourceAttributes/{name}")).to_owned();
    let (group, namespace, name) = (of("group"), of("namespace"), of("name"));
    let mut path = if group.is_empty() { "/api/v1".to_owned() } else { format!("/apis/{group}/v1") };
    if !namespace.is_empty() {
        path = format!("{path}/namespaces/{namespace}");
    }
    path = format!("{path}/{}", of("resource"));
    for part in [name, of("subresource")].iter().filter(|part| !part.is_empty()) {
        path = format!("{path}/{part}");
    }
    let asked = text(&review, "/spec/nonResourceAttributes/path").to_owned();
    let resource = match of("subresource") {
        sub if sub.is_empty() => of("resource"),
        sub => format!("{}/{sub}", of("resource")),
    };
    let denied = world.faults.refuses(&of("verb"), &resource)
        || world.faults.forbids(if asked.is_empty() { &path } else { &asked });
    let status = if denied {
        json!({"allowed": false})
    } else {
        json!({"allowed": true, "reason": "the demo allows everything"})
    };
    set(&mut review, "/status", status);
    review
}

fn rules(_: &World, mut review: Value) -> Value {
    let all = ["*"];
    let status = json!({
        "resourceRules": [{"verbs": all, "apiGroups": all, "resources": all}],
        "nonResourceRules": [{"verbs": all, "nonResourceURLs": all}], "incomplete": false,
    });
    set(&mut review, "/status", status);
    review
}

fn subject(_: &World, mut review: Value) -> Value {
    let user = json!({"username": "demo", "groups": ["system:masters", "system:authenticated"]});
    set(&mut review, "/status/userInfo", user);
    review
}
