//! What the mock answers to a request. Faults (410, 429) belong in front of `answer`, shaping (latency, bandwidth,
//! stalls, gzip) around the chunks of `body`; neither exists yet.

use super::World;
use super::discovery;
use super::tls::TOKEN;
use super::watch::{Wanted, stream};
use crate::data::Change;
use futures::{Stream, StreamExt, stream as streams};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Collected, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use hyper::{Method, Request, Response};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

type Body = UnsyncBoxBody<Bytes, Infallible>;

/// A request for objects: `/api/v1/namespaces/NS/pods/NAME` taken apart.
struct Path<'a> {
    group: &'a str,
    version: &'a str,
    namespace: Option<&'a str>,
    plural: &'a str,
    name: Option<&'a str>,
}

/// Answers one request.
pub async fn answer(world: Arc<World>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    world.requests.fetch_add(1, Ordering::Relaxed);
    let allowed =
        request.headers().get(AUTHORIZATION).is_some_and(|it| it.as_bytes() == format!("Bearer {TOKEN}").as_bytes());
    let (parts, body) = request.into_parts();
    if !allowed {
        return Ok(status(&world, 401, "Unauthorized"));
    }
    if parts.method == Method::POST {
        let sent = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
        return Ok(review(&world, parts.uri.path(), &sent));
    }
    if parts.method != Method::GET {
        return Ok(status(&world, 405, "the mock only answers GET and access reviews"));
    }
    let accept = parts.headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let aggregated = accept.contains("as=APIGroupDiscoveryList");
    let query = Query(parts.uri.query().unwrap_or_default());
    let segments: Vec<&str> = parts.uri.path().trim_matches('/').split('/').collect();
    Ok(match segments.as_slice() {
        ["version"] => value(&world, &discovery::version()),
        ["readyz" | "livez" | "healthz"] => plain(&world, 200, "text/plain", b"ok".to_vec()),
        ["api"] if aggregated => plain(&world, 200, discovery::AGGREGATED, bytes(&discovery::aggregated(true))),
        ["apis"] if aggregated => plain(&world, 200, discovery::AGGREGATED, bytes(&discovery::aggregated(false))),
        ["api"] => value(&world, &discovery::core_versions()),
        ["apis"] => value(&world, &discovery::groups()),
        ["apis", group] => value(&world, &discovery::group(group)),
        ["api", "v1"] => value(&world, &discovery::resources("")),
        ["apis", group, "v1"] => value(&world, &discovery::resources(group)),
        ["api", version, rest @ ..] => objects(&world, &path("", version, rest), &query),
        ["apis", group, version, rest @ ..] => objects(&world, &path(group, version, rest), &query),
        _ => status(&world, 404, "the server could not find the requested resource"),
    })
}

fn path<'a>(group: &'a str, version: &'a str, rest: &[&'a str]) -> Path<'a> {
    let (namespace, plural, name) = match rest {
        ["namespaces", namespace, plural] => (Some(*namespace), *plural, None),
        ["namespaces", namespace, plural, name] => (Some(*namespace), *plural, Some(*name)),
        [plural] => (None, *plural, None),
        [plural, name] => (None, *plural, Some(*name)),
        _ => (None, "", None),
    };
    Path { group, version, namespace, plural, name }
}

/// A list, a watch or one object.
fn objects(world: &Arc<World>, path: &Path<'_>, query: &Query<'_>) -> Response<Body> {
    let Some(kind) = discovery::kind(path.group, path.version, path.plural) else {
        return status(world, 404, "the server could not find the requested resource");
    };
    if ["labelSelector", "fieldSelector"].iter().any(|key| query.get(key).is_some()) {
        return status(world, 400, "the mock knows no selectors");
    }
    let pods = match (path.plural, path.namespace) {
        ("pods", Some(namespace)) => world.writer.cluster.namespace(namespace),
        ("pods", None) => 0..world.writer.cluster.pods,
        _ => 0..0,
    };
    let api_version = if path.group.is_empty() { "v1".to_owned() } else { format!("{}/{}", path.group, path.version) };
    match path.name {
        Some(name) => single(world, pods, name),
        None if query.get("watch").is_some_and(|it| it == "1" || it == "true") => {
            let timeout = Duration::from_secs(query.number("timeoutSeconds").unwrap_or(1_800));
            watch(world, Wanted { api_version, kind, pods, timeout }, query)
        }
        None => list(world, (&api_version, kind), pods, query),
    }
}

fn watch(world: &Arc<World>, wanted: Wanted, query: &Query<'_>) -> Response<Body> {
    if query.get("sendInitialEvents").is_some() {
        return status(world, 422, "sendInitialEvents is forbidden: the mock does not stream lists yet");
    }
    if query.number("resourceVersion").is_none_or(|version| version == 0) {
        return status(world, 400, "the mock watches only from a resourceVersion that a list gave");
    }
    response(200, "application/json", body(world, stream(Arc::clone(world), wanted)))
}

/// A list, or a page of it. With `resourceVersion=0` a limit is ignored, as by the real server's watch cache. What
/// watches told is not in it: a list shows the first state again, under the newest version.
fn list(world: &Arc<World>, (api_version, kind): (&str, &str), pods: Range<u64>, query: &Query<'_>) -> Response<Body> {
    let start = query.get("continue").and_then(|it| it.strip_prefix("pod-")).and_then(|it| it.parse().ok());
    let start = start.unwrap_or(pods.start).clamp(pods.start, pods.end);
    let limit = query.number("limit").filter(|limit| *limit > 0 && query.number("resourceVersion") != Some(0));
    let end = limit.map_or(pods.end, |limit| pods.end.min(start.saturating_add(limit)));
    let version = world.version.load(Ordering::Relaxed).to_string();
    let mut metadata = json!({"resourceVersion": version});
    if end < pods.end {
        metadata =
            json!({"resourceVersion": version, "continue": format!("pod-{end}"), "remainingItemCount": pods.end - end});
    }
    let head = format!(r#"{{"kind":"{kind}List","apiVersion":"{api_version}","metadata":{metadata},"items":["#);
    let mut chunks = vec![Bytes::from(head)];
    chunks.append(&mut world.canned.chunks(start..end));
    chunks.push(Bytes::from_static(b"]}\n"));
    response(200, "application/json", body(world, streams::iter(chunks)))
}

fn single(world: &Arc<World>, mut pods: Range<u64>, name: &str) -> Response<Body> {
    let cluster = world.writer.cluster;
    let Some(index) = pods.find(|index| cluster.pod(*index, Change::default()).name == name) else {
        return status(world, 404, &format!("\"{name}\" not found"));
    };
    let mut text = String::new();
    world.writer.object(index, Change::default(), &mut text);
    plain(world, 200, "application/json", text.into_bytes())
}

/// Everything is allowed.
fn review(world: &Arc<World>, path: &str, sent: &[u8]) -> Response<Body> {
    let mut review: Value = serde_json::from_slice(sent).unwrap_or_default();
    let result = match path.rsplit('/').next() {
        Some("selfsubjectaccessreviews") => json!({"allowed": true}),
        Some("selfsubjectrulesreviews") => json!({"incomplete": false, "nonResourceRules": [],
            "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]}),
        _ => return status(world, 405, "the mock only answers GET and access reviews"),
    };
    if let Some(review) = review.as_object_mut() {
        review.insert("status".to_owned(), result);
    }
    plain(world, 201, "application/json", bytes(&review))
}

fn status(world: &Arc<World>, code: u16, message: &str) -> Response<Body> {
    let reason = match code {
        401 => "Unauthorized",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        422 => "Invalid",
        _ => "BadRequest",
    };
    let status = json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
                        "message": message, "reason": reason, "code": code});
    plain(world, code, "application/json", bytes(&status))
}

fn value(world: &Arc<World>, value: &Value) -> Response<Body> {
    plain(world, 200, "application/json", bytes(value))
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn plain(world: &Arc<World>, code: u16, content_type: &'static str, content: Vec<u8>) -> Response<Body> {
    response(code, content_type, body(world, streams::iter([Bytes::from(content)])))
}

/// A body whose bytes are counted as they leave.
fn body(world: &Arc<World>, chunks: impl Stream<Item = Bytes> + Send + 'static) -> Body {
    let world = Arc::clone(world);
    let count = move |chunk: Bytes| {
        world.bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
        Ok(Frame::data(chunk))
    };
    StreamBody::new(chunks.map(count)).boxed_unsync()
}

fn response(code: u16, content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(code).unwrap_or_default();
    response.headers_mut().insert(CONTENT_TYPE, hyper::header::HeaderValue::from_static(content_type));
    response
}

/// The query of a request. No value that the mock understands needs percent decoding.
struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// The value of a key, when it is not empty.
    fn get(&self, key: &str) -> Option<&'a str> {
        let value = |pair: &'a str| pair.strip_prefix(key)?.strip_prefix('=');
        self.0.split('&').find_map(value).filter(|value| !value.is_empty())
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.get(key)?.parse().ok()
    }
}
