//! Lists, single objects, and what a request for objects asks for.

use super::World;
use super::answer::{plain, response, status};
use super::canned::CHUNK;
use super::format::{Format, Item};
use super::query::Query;
use super::shape::{self, Body};
use super::shelf::called;
use super::table;
use super::watch::{Wanted, stream};
use crate::catalog::Sort;
use crate::data::Change;
use crate::wire::{bytes_field, envelope};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HeaderName, HeaderValue};
use hyper::http::request::Parts;
use serde_json::{Value, json};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A request for objects: `/api/v1/namespaces/NS/pods/NAME` taken apart.
pub struct Path<'a> {
    pub sort: &'static Sort,
    pub namespace: Option<&'a str>,
    pub name: Option<&'a str>,
}

/// What a list holds.
struct Page {
    sort: &'static Sort,
    range: Range<u64>,
    metadata: Value,
}

/// The value of a header.
pub fn header(parts: &Parts, name: HeaderName) -> &str {
    parts.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// A list, a watch or one object.
pub fn objects(world: &Arc<World>, path: &Path<'_>, parts: &Parts, query: &Query<'_>) -> Response<Body> {
    if world.knobs.take("busy") {
        let mut response = status(world, 429, "too many requests, please try again later");
        response.headers_mut().insert("retry-after", HeaderValue::from_static("1"));
        return response;
    }
    let format = Format::of(header(parts, ACCEPT), query, world, path.sort);
    let range = path.sort.range(&world.writer.cluster, path.namespace);
    let selected = world.knobs.get("selected");
    let Some(wanted) = query.name().ok().filter(|_| selected > 0 || !query.has_labels()) else {
        return status(world, 400, "the mock knows no selectors but metadata.name");
    };
    if let Some(name) = path.name {
        return single(world, (path.sort, range), name, format);
    }
    let range = match wanted {
        Some(name) => called(&world.writer.cluster, path.sort, range, &name).map_or(0..0, |index| index..index + 1),
        None if query.has_labels() => range.start..range.end.min(range.start + selected),
        None => range,
    };
    if query.is("watch") {
        watch(world, (path.sort, range), format, query)
    } else {
        list(world, (path.sort, range), (format, header(parts, ACCEPT_ENCODING)), query)
    }
}

fn watch(
    world: &Arc<World>,
    (sort, range): (&'static Sort, Range<u64>),
    format: Format,
    query: &Query<'_>,
) -> Response<Body> {
    let initial = query.is("sendInitialEvents");
    if initial && query.get("resourceVersionMatch") != Some("NotOlderThan") {
        return status(world, 422, "resourceVersionMatch: sendInitialEvents requires NotOlderThan");
    }
    let timeout = Duration::from_secs(query.number("timeoutSeconds").unwrap_or(1_800));
    // Without a version, a watch tells what is there before what changes, as the API server's does.
    let initial = initial || query.number("resourceVersion").is_none_or(|version| version == 0);
    let bookmark = query.is("sendInitialEvents");
    let gone = world.knobs.take("gone");
    let wanted = Wanted { sort, range, format, timeout, initial, bookmark, gone };
    response(200, format.content_type(true), shape::body(world, stream(Arc::clone(world), wanted)))
}

/// A list, or a page of it. With `resourceVersion=0` a limit is ignored, as by the real server's watch cache. What
/// watches told is not in it: a list shows the first state again, under the newest version.
fn list(
    world: &Arc<World>,
    (sort, all): (&'static Sort, Range<u64>),
    (format, encodings): (Format, &str),
    query: &Query<'_>,
) -> Response<Body> {
    let next = query.get("continue");
    if next.is_some() && world.knobs.take("gone") {
        return status(world, 410, "The provided continue parameter is too old to display a consistent list result.");
    }
    let start = next.and_then(|it| it.strip_prefix("at-")).and_then(|it| it.parse().ok());
    let start = start.unwrap_or(all.start).clamp(all.start, all.end);
    let limit = query.number("limit").filter(|limit| *limit > 0 && query.number("resourceVersion") != Some(0));
    let end = limit.map_or(all.end, |limit| all.end.min(start.saturating_add(limit)));
    let version = world.version.load(Ordering::Relaxed).to_string();
    let metadata = match all.end - end {
        0 => json!({"resourceVersion": version}),
        rest => json!({"resourceVersion": version, "continue": format!("at-{end}"), "remainingItemCount": rest}),
    };
    let chunks = chunks(world, Page { sort, range: start..end, metadata }, format);
    world.tally.lists.fetch_add(1, Ordering::Relaxed);
    let wanted = world.knobs.get("gzip") > 0 && encodings.contains("gzip");
    let (chunks, zipped) = if wanted { shape::gzip(chunks) } else { (chunks, false) };
    let mut response = response(200, format.content_type(false), shape::body(world, chunks));
    if zipped {
        world.tally.zipped.fetch_add(1, Ordering::Relaxed);
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// The bytes of a list.
fn chunks(world: &Arc<World>, page: Page, format: Format) -> BoxStream<'static, Bytes> {
    let shelf = world.shelf(page.sort);
    let Page { sort, range, metadata } = page;
    match (format, &shelf.wire) {
        (Format::Table(include), _) => {
            let head = Bytes::from(table::head(sort, &metadata, true));
            let world = Arc::clone(world);
            let parts = range.clone().step_by(32).map(move |first| {
                let mut rows = Vec::with_capacity(CHUNK);
                for index in first..(first + 32).min(range.end) {
                    let comma: &[u8] = if index > range.start { b"," } else { b"" };
                    rows.extend_from_slice(comma);
                    let json = world.shelf(sort).one(index);
                    table::row(
                        &world,
                        &Item { sort, index, change: Change::default(), json: &json },
                        include,
                        &mut rows,
                    );
                }
                Bytes::from(rows)
            });
            let parts = [head].into_iter().chain(parts).chain([Bytes::from_static(b"]}\n")]);
            stream::iter(parts).boxed()
        }
        (Format::Wire, Some(items)) => {
            let (mut meta, mut field) = (Vec::new(), Vec::new());
            // What a list says of itself always can be written.
            let _ = world.wire.message("ListMeta", &metadata, &mut meta);
            bytes_field(1, &meta, &mut field);
            let length = field.len() + items.len(range.clone());
            let (mut before, behind) = envelope(&sort.api_version(), &format!("{}List", sort.kind), length);
            before.append(&mut field);
            let parts = [Bytes::from(before)].into_iter().chain(items.chunks(range)).chain([Bytes::from(behind)]);
            stream::iter(parts).boxed()
        }
        _ => {
            let (kind, version) = (sort.kind, sort.api_version());
            let head = format!(r#"{{"kind":"{kind}List","apiVersion":"{version}","metadata":{metadata},"items":["#);
            let mut parts = vec![Bytes::from(head)];
            parts.append(&mut shelf.json.chunks(range.clone()));
            if let (Some(last), false) = (parts.last_mut(), range.is_empty()) {
                // No comma behind the last one.
                last.truncate(last.len() - 1);
            }
            parts.push(Bytes::from_static(b"]}\n"));
            stream::iter(parts).boxed()
        }
    }
}

fn single(
    world: &Arc<World>,
    (sort, range): (&'static Sort, Range<u64>),
    name: &str,
    format: Format,
) -> Response<Body> {
    let Some(index) = called(&world.writer.cluster, sort, range, name) else {
        return status(world, 404, &format!("{} \"{name}\" not found", sort.plural));
    };
    let json = world.shelf(sort).one(index);
    let item = Item { sort, index, change: Change::default(), json: &json };
    plain(world, 200, format.content_type(false), format.object(world, &item))
}
