//! Tests of whole documents. The expected texts were printed by kubectl's own YAML library from the same JSON.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn yaml(value: Value) -> String {
    Document::of(value, &Options { managed_fields: true, reveal: Reveal::All, ..Options::default() }).text().to_owned()
}

#[test]
fn maps_and_lists_stand_as_kubectl_prints_them() {
    let object = json!({"spec": {"ports": [{"port": 80, "name": "http"}, {"port": 81}], "none": null, "e": {}, "l": []},
        "kind": "Service", "nested": [[1, [2]], [], {}], "on": true, "zero": "0"});
    let text = "kind: Service\nnested:\n- - 1\n  - - 2\n- []\n- {}\n\"on\": true\nspec:\n  e: {}\n  l: []\n  none: null\n  \
                ports:\n  - name: http\n    port: 80\n  - port: 81\nzero: \"0\"\n";
    assert_eq!(yaml(object), text);
}

#[test]
fn blocks_keep_their_ends() {
    let object = json!({"a": "x\ny\n", "b": ["x\ny", "\nx\n\n", "  x\n\ny"], "c": "x\ty\n"});
    let text = "a: |\n  x\n  y\nb:\n- |-\n  x\n  y\n- |2+\n\n  x\n\n- |2-\n    x\n\n  y\nc: \"x\\ty\\n\"\n";
    assert_eq!(yaml(object), text);
}

#[test]
fn lines_are_numbered_coloured_and_found() {
    let document =
        Document::of(json!({"data": {"conf": "key: value\n\nend\n"}, "kind": "ConfigMap"}), &Options::default());
    let lines: Vec<_> = (0..document.len()).filter_map(|n| document.line(n)).collect();
    assert_eq!(lines, ["data:", "  conf: |", "    key: value", "", "    end", "kind: ConfigMap"]);
    assert_eq!(document.text(), lines.join("\n") + "\n");
    assert_eq!(document.highlight(2), [(4..14, Class::Text)]);
    assert_eq!(document.highlight(5)[0], (0..4, Class::Key));
    assert_eq!(document.highlight(6), []);
    let needle = Needle::new("end").unwrap();
    assert_eq!(document.find(&needle, 0, Direction::Forward), Some(4));
    assert_eq!(document.find(&needle, 5, Direction::Forward), None);
    assert_eq!(document.find(&needle, usize::MAX, Direction::Backward), Some(4));
    assert_eq!(document.find(&needle, 3, Direction::Backward), None);
}

#[test]
fn what_is_no_json_is_an_error() {
    assert!(Document::read(b"{\"a\":", &Options::default()).is_err());
}

/// Strings with everything that YAML could take for something else.
fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "y",
        "no",
        "~",
        "null",
        "1",
        "0x1",
        "1.5",
        "-",
        ":",
        "#",
        " ",
        "  ",
        "\n",
        "\n\n",
        "'",
        "\"",
        "\\",
        "|",
        "é",
        "👍",
        "\t",
        "\r",
        "\u{1b}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "---",
        "?",
        "&",
        "{",
        "long words to fold them",
    ]);
    prop_oneof![prop::collection::vec(word, 0..12).prop_map(|words| words.concat()), ".{0,20}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from);
        let map = prop::collection::btree_map(text(), inner, 0..4);
        prop_oneof![list, map.prop_map(|map| Value::Object(map.into_iter().collect()))]
    })
}

proptest! {
    #[test]
    fn any_object_reads_back(inner in value()) {
        let object = json!({"kind": "Any", "spec": inner});
        let text = yaml(object.clone());
        let back: Value = serde_yaml::from_str(&text).map_err(|e| TestCaseError::fail(format!("{e}\n{text}")))?;
        prop_assert_eq!(back, object, "{}", text);
    }

    #[test]
    fn any_line_can_be_coloured(inner in value()) {
        let document = Document::of(json!({"spec": inner}), &Options::default());
        prop_assert_eq!(document.text().matches('\n').count(), document.len());
        for number in 0..document.len() {
            let line = document.line(number).unwrap();
            for (range, _) in document.highlight(number) {
                prop_assert!(!line[range].is_empty());
            }
        }
    }
}
