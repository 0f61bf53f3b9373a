//! Tests of schemas with everything that makes them odd.

use super::outline::Outline;
use super::text::{Unknown, explain, find};
use super::*;
use serde_json::json;
use std::sync::Arc;

fn explained(fields: &[&str]) -> Explained {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/io.x.{name}")});
    let document = json!({"openapi": "3.0.0", "paths": {"/x": {}}, "components": {"schemas": {
        "io.x.Thing": {"type": "object", "description": "A thing.", "required": ["spec"],
            "x-kubernetes-group-version-kind": [{"group": "x.io", "version": "v1", "kind": "Thing"}],
            "properties": {
                "spec": {"allOf": [reference("Spec")], "default": {}, "description": "What it shall be."},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "any": {"type": "object", "additionalProperties": true, "x-kubernetes-preserve-unknown-fields": true}}},
        "io.x.Spec": {"description": "A spec.", "type": "object", "properties": {
            "policy": {"type": "string", "enum": ["", "a", "b", "c", "d"], "description": "One of them."},
            "parts": {"type": "array", "items": reference("Spec"), "description": "Parts."},
            "by": {"additionalProperties": reference("Amount"), "type": "object"},
            "amount": reference("Amount"), "gone": reference("Gone")}},
        "io.x.Amount": {"type": "string", "description": "An amount."}}}});
    let document = Document::read(document.to_string().as_bytes(), "u?hash=1").unwrap();
    let kind = GroupVersionKind { group: "x.io".into(), version: "v1".into(), kind: "Thing".into() };
    Explained { kind, document: Arc::new(document), fields: fields.iter().map(|f| (*f).to_owned()).collect() }
}

fn told(fields: &[&str], recursive: bool) -> String {
    explain(&explained(fields), recursive).unwrap()
}

#[test]
fn a_kind_is_told_with_its_fields() {
    let text = "GROUP:      x.io\nKIND:       Thing\nVERSION:    v1\n\nDESCRIPTION:\n    A thing.\n    \nFIELDS:\n  any\t<Object>\n    \
                <no description>\n\n  labels\t<map[string]string>\n    <no description>\n\n  spec\t<Spec> -required-\n    What it \
                shall be.\n\n\n";
    assert_eq!(told(&[], false), text);
}

#[test]
fn fields_are_found_in_lists_maps_and_alternatives() {
    assert!(
        told(&["spec", "policy"], false)
            .contains("FIELD: policy <string>\nENUM:\n    \"\"\n    a\n    b\n    c\n    d\n\n")
    );
    assert!(
        told(&["spec", "parts", "amount"], false)
            .contains("FIELD: amount <string>\n\n\nDESCRIPTION:\n    An amount.\n")
    );
    assert!(told(&["spec"], false).contains("  policy\t<string>\n  enum: \"\", a, b, c, ....\n    One of them.\n"));
    assert!(told(&["spec"], false).contains("  by\t<map[string]string>\n"));
    assert!(told(&["spec"], false).contains("  gone\t<Gone>\n"));
    assert!(told(&["spec"], false).contains("DESCRIPTION:\n    What it shall be.\n    A spec.\n    \nFIELDS:"));
    for fields in [&["nothing"][..], &["spec", "nothing"], &["labels", "x"], &["spec", "policy", "x"]] {
        let missing = Unknown(format!("field \"{}\" does not exist", fields.last().unwrap()));
        assert_eq!(explain(&explained(fields), false), Err(missing));
        let fields: Vec<String> = fields.iter().map(|f| (*f).to_owned()).collect();
        assert_eq!(find(&explained(&[]), &fields), None);
    }
}

#[test]
fn a_type_that_holds_itself_ends() {
    let text = told(&[], true);
    assert!(text.contains("  spec\t<Spec> -required-\n    amount\t<string>\n    by\t<map[string]string>\n    gone\t<Gone>\n    parts\t<[]Spec>\n    policy"), "{text}");
    let outline = Outline::of(&explained(&[]));
    let names: Vec<String> = (0..outline.len()).map(|at| outline.path(at).join(".")).collect();
    assert_eq!(names, ["any", "labels", "spec", "spec.amount", "spec.by", "spec.gone", "spec.parts", "spec.policy"]);
    let path = ["spec".to_owned(), "parts".to_owned(), "amount".to_owned()];
    assert_eq!(outline.find(&path), Some(6));
    assert_eq!((outline.find(&path[..1]), outline.find(&path[1..])), (Some(2), None));
    assert!(outline.has_fields(2) && !outline.has_fields(6) && !outline.is_cut);
}

#[test]
fn garbage_is_an_error_or_empty() {
    assert!(Document::read(b"[", "").is_err());
    assert!(Document::read(br#"{"components": {"schemas": {"a": {"properties": 5}}}}"#, "").is_err());
    assert_eq!(Document::read(b"{}", "").unwrap().kind(&GroupVersionKind::default()), None);
    // Types that name each other so often that all fields of all fields would never end.
    let many = |n: usize| {
        (0..9)
            .map(|p| (format!("p{p}"), json!({"$ref": format!("#/components/schemas/t{}", n + 1)})))
            .collect::<Value>()
    };
    let mut schemas: serde_json::Map<String, Value> =
        (0..12).map(|n| (format!("t{n}"), json!({"properties": many(n)}))).collect();
    schemas["t0"]["x-kubernetes-group-version-kind"] = json!([{"kind": "K"}]);
    let document = Document::read(json!({"components": {"schemas": schemas}}).to_string().as_bytes(), "").unwrap();
    let kind = GroupVersionKind { kind: "K".into(), ..GroupVersionKind::default() };
    let outline = Outline::of(&Explained { kind, document: Arc::new(document), fields: Vec::new() });
    assert!(outline.is_cut && outline.len() == 20_000);
}
