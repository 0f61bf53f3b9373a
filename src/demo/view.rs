//! The form in which objects leave: whole, as rows of a `Table`, or their metadata alone.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Failure;
use super::json::text;
use super::request::Request;
use super::resource::Resource;
use super::table;

/// The form that a request asks for with `Accept`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Whole objects.
    Plain,
    /// `meta.k8s.io/v1` `Table`.
    Table(Include),
    /// `meta.k8s.io/v1` `PartialObjectMetadata`.
    Metadata,
}

/// What the rows of a table carry beside their cells (`includeObject`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Include {
    /// Nothing.
    Nothing,
    /// The object's metadata.
    Metadata,
    /// The whole object.
    Object,
}

impl View {
    /// The first form in `Accept` that is served here.
    ///
    /// # Errors
    /// 406 when none is.
    pub fn of(request: &Request) -> Result<Self, Failure> {
        if request.accept.trim().is_empty() {
            return Ok(Self::Plain);
        }
        let include = match request.param("includeObject") {
            "None" => Include::Nothing,
            "Object" => Include::Object,
            _ => Include::Metadata,
        };
        let served = request.accept.split(',').find_map(|choice| {
            let json = ["application/json", "*/*", "application/*"].contains(&choice.split(';').next()?.trim());
            match choice.split(';').find_map(|part| part.trim().strip_prefix("as=")) {
                None if json => Some(Self::Plain),
                Some("Table") if json => Some(Self::Table(include)),
                Some("PartialObjectMetadata" | "PartialObjectMetadataList") if json => Some(Self::Metadata),
                _ => None,
            }
        });
        served.ok_or_else(|| {
            Failure::new(406, "NotAcceptable", "only the following media types are accepted: application/json")
        })
    }

    /// One object in this form; `headings` says whether a table names its columns.
    pub fn one(self, (resource, object): (&Resource, &Value), now: Timestamp, headings: bool) -> Value {
        match self {
            Self::Plain => object.clone(),
            Self::Metadata => partial(object),
            Self::Table(include) => {
                let meta = json!({"resourceVersion": text(object, "/metadata/resourceVersion")});
                let mut whole = table::table(resource, headings, &meta);
                super::json::set(&mut whole, "/rows", vec![table::row((resource, object), include, now)]);
                whole
            }
        }
    }

    /// A list in this form. Its metadata stands before its items, as kube-apiserver streams it.
    pub fn many(self, resource: &Resource, objects: &[&Value], (meta, now): (Value, Timestamp)) -> Vec<u8> {
        let (head, items): (String, Vec<String>) = match self {
            Self::Plain => {
                let head = (format!("{}List", resource.kind), resource.api_version());
                (opening(&head, &meta), objects.iter().map(|o| item(resource, o)).collect())
            }
            Self::Metadata => {
                let head = ("PartialObjectMetadataList".to_owned(), "meta.k8s.io/v1".to_owned());
                (opening(&head, &meta), objects.iter().map(|o| partial(o).to_string()).collect())
            }
            Self::Table(include) => {
                let mut whole = table::table(resource, true, &meta);
                let rows: Vec<_> = objects.iter().map(|o| table::row((resource, o), include, now)).collect();
                super::json::set(&mut whole, "/rows", rows);
                return whole.to_string().into_bytes();
            }
        };
        format!("{head}{}]}}\n", items.join(",")).into_bytes()
    }
}

fn opening((kind, version): &(String, String), meta: &Value) -> String {
    format!("{{\"kind\":\"{kind}\",\"apiVersion\":\"{version}\",\"metadata\":{meta},\"items\":[")
}

/// An item of a list: the built-in kinds say kind and version only once, for the whole list.
fn item(resource: &Resource, object: &Value) -> String {
    if resource.is_custom() {
        return object.to_string();
    }
    let parts = super::json::entries(object, "").filter(|(name, _)| *name != "kind" && *name != "apiVersion");
    let parts: Vec<_> = parts.map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
    format!("{{{}}}", parts.join(","))
}

/// An object's metadata as an object of its own.
pub fn partial(object: &Value) -> Value {
    json!({
        "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1",
        "metadata": object.get("metadata").cloned().unwrap_or_default(),
    })
}
