//! What the mock answers to a request.

use super::World;
use super::discovery;
use super::logs::{Asked, stream};
use super::objects::{Path, header, objects};
use super::query::Query;
use super::review::review;
use super::shape::{self, Body};
use super::shelf::called;
use super::tls::TOKEN;
use crate::catalog::{self, find};
use futures::stream as streams;
use http_body_util::{BodyExt, Collected};
use hyper::body::{Bytes, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Answers one request.
pub async fn answer(world: Arc<World>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    world.tally.requests.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(world.knobs.get("latency"))).await;
    let (parts, body) = request.into_parts();
    if header(&parts, AUTHORIZATION) != format!("Bearer {TOKEN}") {
        return Ok(status(&world, 401, "Unauthorized"));
    }
    Ok(match parts.method {
        Method::POST => {
            let sent = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
            review(&world, parts.uri.path(), &sent)
        }
        Method::GET => get(&world, &parts),
        _ => status(&world, 405, "the mock only answers GET and access reviews"),
    })
}

fn get(world: &Arc<World>, parts: &Parts) -> Response<Body> {
    let aggregated = header(parts, ACCEPT).contains("as=APIGroupDiscoveryList");
    let query = Query(parts.uri.query().unwrap_or_default());
    let segments: Vec<&str> = parts.uri.path().trim_matches('/').split('/').collect();
    match segments.as_slice() {
        ["version"] => value(world, &discovery::version()),
        ["readyz" | "livez" | "healthz"] => plain(world, 200, "text/plain", b"ok".to_vec()),
        ["api"] if aggregated => plain(world, 200, discovery::AGGREGATED, bytes(&discovery::aggregated(true))),
        ["apis"] if aggregated => plain(world, 200, discovery::AGGREGATED, bytes(&discovery::aggregated(false))),
        ["api"] => value(world, &discovery::core_versions()),
        ["apis"] => value(world, &discovery::groups()),
        ["openapi", "v3"] => value(world, &discovery::documents()),
        ["openapi", "v3", rest @ ..] => value(world, &discovery::document(&rest.join("/"))),
        ["apis", group] if catalog::GROUPS.contains(group) => value(world, &discovery::group(group)),
        ["api", "v1"] => value(world, &discovery::resources("")),
        ["apis", group, "v1"] if catalog::GROUPS.contains(group) => value(world, &discovery::resources(group)),
        ["api", "v1", "namespaces", namespace, "pods", name, "log"] => log(world, (namespace, name), &query),
        ["api", version, rest @ ..] => of_kind(world, ("", version, rest), parts, &query),
        ["apis", group, version, rest @ ..] => of_kind(world, (group, version, rest), parts, &query),
        _ => status(world, 404, "the server could not find the requested resource"),
    }
}

fn of_kind(
    world: &Arc<World>,
    (group, version, rest): (&str, &str, &[&str]),
    parts: &Parts,
    query: &Query<'_>,
) -> Response<Body> {
    let (namespace, plural, name) = match rest {
        ["namespaces", namespace, plural] => (Some(*namespace), *plural, None),
        ["namespaces", namespace, plural, name] => (Some(*namespace), *plural, Some(*name)),
        [plural] => (None, *plural, None),
        [plural, name] => (None, *plural, Some(*name)),
        _ => (None, "", None),
    };
    match find(group, version, plural).filter(|sort| !sort.is_review()) {
        Some(sort) => objects(world, &Path { sort, namespace, name }, parts, query),
        None => status(world, 404, "the server could not find the requested resource"),
    }
}

/// The log of a pod; all its containers write the same.
fn log(world: &Arc<World>, (namespace, name): (&str, &str), query: &Query<'_>) -> Response<Body> {
    let pods = catalog::pods();
    let range = pods.range(&world.writer.cluster, Some(namespace));
    if called(&world.writer.cluster, pods, range, name).is_none() {
        return status(world, 404, &format!("pods \"{name}\" not found"));
    }
    let tail = query.get("tailLines").and_then(|tail| tail.parse().ok());
    let asked = Asked { tail, follow: query.is("follow"), timestamps: query.is("timestamps") };
    response(200, "text/plain", shape::body(world, stream(world, asked)))
}

/// What went wrong, as Kubernetes says it.
pub fn failure(code: u16, message: &str) -> Value {
    let reason = match code {
        401 => "Unauthorized",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        410 => "Expired",
        422 => "Invalid",
        429 => "TooManyRequests",
        _ => "BadRequest",
    };
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
           "message": message, "reason": reason, "code": code})
}

/// An answer that says what went wrong.
pub fn status(world: &Arc<World>, code: u16, message: &str) -> Response<Body> {
    plain(world, code, "application/json", bytes(&failure(code, message)))
}

fn value(world: &Arc<World>, value: &Value) -> Response<Body> {
    plain(world, 200, "application/json", bytes(value))
}

/// A value as text.
pub fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// An answer in one piece.
pub fn plain(world: &Arc<World>, code: u16, content_type: &'static str, content: Vec<u8>) -> Response<Body> {
    response(code, content_type, shape::body(world, streams::iter([Bytes::from(content)])))
}

/// An answer.
pub fn response(code: u16, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(code).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
