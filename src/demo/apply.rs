//! Server-side apply: what a manager wants, merged into what there is, and refused where it is somebody else's.

use serde_json::{Value, json};
use std::collections::BTreeSet;

use super::answer::Failure;
use super::fields::{self, Path, Writer};
use super::json::{has, list, text};
use super::request::{Request, Target};
use super::resource::Resource;

/// The configuration that a request applies. It may be YAML, of which the demo reads the part that is JSON.
///
/// # Errors
/// 400 when it is no object of this kind and name.
pub fn wanted(request: &Request, target: &Target) -> Result<Value, Failure> {
    let wanted = request.json()?;
    let (version, kind) = (text(&wanted, "/apiVersion"), text(&wanted, "/kind"));
    if version.is_empty() || kind.is_empty() {
        return Err(Failure::bad_request(format!("invalid object type: /{version}, Kind={kind}")));
    }
    let (name, place) = (text(&wanted, "/metadata/name"), target.object().1);
    if name != place {
        let message = format!("the name of the object ({name}) does not match the name on the URL ({place})");
        return Err(Failure::bad_request(message));
    }
    if has(&wanted, "/metadata/managedFields") {
        return Err(Failure::bad_request("metadata.managedFields must be nil"));
    }
    Ok(wanted)
}

/// The live object with what is wanted in it, and without what the manager wanted before and does not any more.
///
/// # Errors
/// 409 with a cause for each field that others manage with another value, if the request does not force it.
pub fn apply(
    request: &Request,
    resource: &Resource,
    (live, wanted, writer): (&Value, &Value, Writer),
) -> Result<Value, Failure> {
    let mut new = live.clone();
    merge(&mut new, wanted, "");
    let (changed, _) = fields::changes(&fields::of(live), &fields::of(&new));
    let mut all = list(live, "/metadata/managedFields").to_vec();
    let mine = all.iter().position(|entry| fields::is_of(entry, writer)).map(|at| all.remove(at));
    let conflicts = conflicts(&all, &changed);
    if !conflicts.is_empty() && !request.flag("force") {
        return Err(refused(&conflicts));
    }
    let own: BTreeSet<Path> = applied(wanted);
    let others: BTreeSet<Path> = all.iter().flat_map(fields::owned).collect();
    if let Some(mine) = &mine {
        let held = |path: &Path| own.iter().chain(&others).any(|kept| kept.starts_with(path));
        for path in fields::owned(mine).iter().filter(|path| !held(path)) {
            drop_path(&mut new, path, "");
        }
    }
    // Who has been overruled no longer manages the field.
    let before = all.clone();
    super::json::set(&mut new, "/metadata/managedFields", before);
    fields::book(resource, (live, &mut new), Writer { manager: "", ..writer });
    let mut all = list(&new, "/metadata/managedFields").to_vec();
    all.retain(|entry| !text(entry, "/manager").is_empty());
    // The moment is that of the last change to the object, and there is none when it never made one.
    let stays = fields::of(live) == fields::of(&new);
    let moment = if stays { mine.as_ref().map_or("", |mine| text(mine, "/time")) } else { writer.now };
    fields::keep(resource, (&mut new, all), (Writer { now: moment, ..writer }, &own));
    Ok(new)
}

/// The fields of a configuration: its values and its items, but not the maps and lists around them.
pub fn applied(wanted: &Value) -> BTreeSet<Path> {
    let fields = fields::of(wanted).into_iter();
    let item = |path: &Path| path.last().is_some_and(|last| last.starts_with("k:"));
    fields.filter(|(path, value)| !value.is_null() || item(path)).map(|(path, _)| path).collect()
}

/// Which fields that change are whose: the manager as the API shows it, and the path.
fn conflicts(others: &[Value], changed: &BTreeSet<Path>) -> Vec<(String, Path)> {
    let mut all = Vec::new();
    for entry in others {
        let owned = fields::owned(entry);
        all.extend(owned.intersection(changed).map(|path| (shown(entry), path.clone())));
    }
    all.sort();
    all
}

/// A manager, as apimachinery `managedfields/internal/conflict.go` prints it.
fn shown(entry: &Value) -> String {
    let name = format!("\"{}\"", text(entry, "/manager"));
    let through = match text(entry, "/subresource") {
        "" => String::new(),
        part => format!(" with subresource \"{part}\""),
    };
    let version = match text(entry, "/operation") {
        "Update" => format!(" using {}", text(entry, "/apiVersion")),
        _ => String::new(),
    };
    format!("{name}{through}{version}")
}

fn refused(conflicts: &[(String, Path)]) -> Failure {
    let said = match conflicts {
        [(manager, path)] => format!("1 conflict: conflict with {manager}: {}", fields::shown(path)),
        many => {
            let mut lines = Vec::new();
            for (at, (manager, path)) in many.iter().enumerate() {
                if at == 0 || many.get(at - 1).is_none_or(|(before, _)| before != manager) {
                    lines.push(format!("conflicts with {manager}:"));
                }
                lines.push(format!("- {}", fields::shown(path)));
            }
            format!("{} conflicts: {}", many.len(), lines.join("\n"))
        }
    };
    let cause = |(manager, path): &(String, Path)| json!({"reason": "FieldManagerConflict", "message": format!("conflict with {manager}"), "field": fields::shown(path)});
    let causes: Vec<Value> = conflicts.iter().map(cause).collect();
    Failure { details: json!({"causes": causes}), ..Failure::new(409, "Conflict", format!("Apply failed with {said}")) }
}

/// Puts what is wanted into what there is.
fn merge(target: &mut Value, wanted: &Value, name: &str) {
    match wanted {
        Value::Object(map) => {
            if !target.is_object() {
                *target = json!({});
            }
            let Some(own) = target.as_object_mut() else { return };
            for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
                merge(own.entry(name).or_insert(Value::Null), value, name);
            }
        }
        Value::Array(items) if fields::is_keyed(name) => {
            let mut own = target.as_array().cloned().unwrap_or_default();
            for item in items {
                let part = fields::part_of(name, item);
                match own.iter_mut().find(|old| fields::part_of(name, old) == part) {
                    Some(old) => merge(old, item, ""),
                    None => own.push(item.clone()),
                }
            }
            *target = Value::Array(own);
        }
        value => target.clone_from(value),
    }
}

/// Takes the field at a path out.
fn drop_path(value: &mut Value, path: &[String], name: &str) {
    let Some((first, rest)) = path.split_first() else { return };
    match value {
        Value::Object(map) => {
            let field = first.strip_prefix("f:").unwrap_or(first);
            if rest.is_empty() {
                map.remove(field);
            } else if let Some(inner) = map.get_mut(field) {
                drop_path(inner, rest, field);
            }
        }
        Value::Array(items) => {
            if rest.is_empty() {
                items.retain(|item| fields::part_of(name, item) != *first);
            } else if let Some(item) = items.iter_mut().find(|item| fields::part_of(name, item) == *first) {
                drop_path(item, rest, "");
            }
        }
        _ => {}
    }
}
