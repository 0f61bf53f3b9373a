//! Tests of templates against what kubectl prints; `tests/it/real` asks kubectl itself.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn object() -> Value {
    json!({
        "kind": "List", "n": 7, "f": 1_000_000.0, "half": 0.5, "no": null, "yes": true, "html": "<a&b>",
        "items": [
            {"name": "a", "on": true, "size": 3, "tags": ["x", "y"], "labels": {"app.io/name": "web"}},
            {"name": "b", "on": false, "size": 10, "tags": [], "labels": {"zone": "z1"}},
            {"name": "c", "size": 7, "note": null},
        ],
    })
}

fn print(template: &str) -> Result<String, String> {
    let template = Template::parse(template).map_err(|mistake| mistake.to_string())?;
    let mut out = String::new();
    let object = object();
    template.print(&object, &mut out).map(|()| out).map_err(|fault| fault.to_string())
}

#[test]
fn results_are_printed_as_kubectl_does() {
    let cases = [
        ("text", "text"),
        ("{.items[*].name}", "a b c"),
        ("{.items[0].name}-{.items[-1].name}", "a-c"),
        ("{.items[0:2].size} {.items[::2].size}", "3 10 3 7"),
        ("{.items[].name}{.items[-2:].name}", "ab c"),
        ("{.items[0,2].name}", "a c"),
        ("{.items[0]['name','size']}", "a 3"),
        ("{.items[0].labels['app\\.io/name']} {.items[0].labels.app\\.io/name}", "web web"),
        ("{range .items[*]}{.name}={.size}{\"\\n\"}{end}!", "a=3\nb=10\nc=7\n!"),
        ("{range .items[*]}[{range .tags[*]}{@},{end}]{end}", "[x,y,][][]"),
        ("{range .nothing[*]}{.name}{end}over", "over"),
        ("{.items[?(@.on==true)].name}", "a"),
        ("{.items[?(@.name!=\"a\")].size}", "10 7"),
        ("{.items[?(@.size>=7)].name} {.items[?(@.size<7)].name}", "b c a"),
        ("{.items[?(@.labels)].name}", "a b"),
        // To ask for an element that is not there finds, for Go, the list in which it is not.
        ("{.items[?(@.tags[0])].name}", "a b"),
        ("{.items[?(@.labels.zone=='z1')].name}", "b"),
        ("{..name}", "a b c"),
        ("{.items[0]}", r#"{"labels":{"app.io/name":"web"},"name":"a","on":true,"size":3,"tags":["x","y"]}"#),
        ("{.n} {.f} {.half} {.no} {.yes}", "7 1e+06 0.5 null true"),
        ("{.nothing.at.all}|{.items[5:5]}", "|"),
        ("{.html} {@['html']}", "<a&b> <a&b>"),
        ("{\"\\x41\\u00e9\\t\"}{'\\''}", "Aé\t'"),
        ("{.items[0].name.*}", "97"),
        ("{.kind \"x\"}", "x"),
        ("{5}{-1.5}{true}", "5-1.5true"),
        ("{$.kind}", "List"),
        ("{.items[0].labels.*}", "web"),
    ];
    for (template, expected) in cases {
        assert_eq!(print(template).as_deref(), Ok(expected), "{template}");
    }
}

#[test]
fn what_cannot_be_asked_is_said() {
    let cases = [
        ("{.items[3].name}", "array index out of bounds: index 3, length 3"),
        ("{.items[2:1]}", "starting index 2 is greater than ending index 1"),
        ("{.items[0:1:0]}", "step must be > 0"),
        ("{.kind[0]}", "string is not array or slice"),
        ("{.kind[?(@.a)]}", "List is not array or slice and cannot be filtered"),
        ("{.items[?(@.size==\"3\")]}", "incompatible types for comparison"),
        ("{.items[?(@.on<true)]}", "invalid type for comparison"),
        ("{.items[?(@.size=3)]}", "unrecognized filter operator ="),
        ("{.items[?(@.tags[*]==\"x\")]}", "can only compare one element at a time"),
        ("{.items[?(@.tags[0]==\"x\")].name}", "array index out of bounds: index 0, length 0"),
        ("{items}", "unrecognized identifier items"),
        ("{end}", "not in range, nothing to end"),
    ];
    for (template, expected) in cases {
        assert_eq!(print(template), Err(expected.to_owned()), "{template}");
    }
}

#[test]
fn mistakes_have_their_place() {
    let cases = [
        ("ab{.x", "unclosed action (at character 6)"),
        ("{\"x}", "unterminated quoted string (at character 2)"),
        ("{\"\\q\"}", "unquote string \"\\q\" error invalid syntax (at character 6)"),
        ("{.x[1}", "unterminated array (at character 4)"),
        ("{.x[a]}", "invalid array index a (at character 4)"),
        ("{.x[1:2:3:4]}", "invalid array index 1:2:3:4 (at character 4)"),
        ("{.x[-]}", "array index - is not a number (at character 4)"),
        ("{.x[?(@.a]}", "unterminated filter (at character 7)"),
        ("{.x[?(@.a)}", "unclosed array expect ] (at character 7)"),
        ("é{....x}", "invalid multiple recursive descent (at character 5)"),
        ("{*}", "unrecognized character in action: U+002A '*' (at character 2)"),
        ("{1.2.3}", "cannot parse number 1.2.3 (at character 7)"),
    ];
    for (template, expected) in cases {
        assert_eq!(Template::parse(template).map_err(|m| m.to_string()), Err(expected.to_owned()), "{template}");
    }
}

#[test]
fn a_relaxed_path_needs_no_braces() {
    for path in ["kind", ".kind", "{kind}", "{.kind}"] {
        assert_eq!(relaxed(path).as_deref(), Ok("{.kind}"), "{path}");
    }
    assert_eq!(relaxed("").as_deref(), Ok(""));
    for path in ["{.a}{.b}", "{", "a}", "{}", "."] {
        assert_eq!(relaxed(path).is_ok(), path == ".", "{path}");
    }
}

#[test]
fn values_are_shown_as_go_shows_them() {
    let shown = |value: &Value| {
        let mut out = String::new();
        show(value, &mut out);
        out
    };
    assert_eq!(shown(&json!({"b": [1, null, "x"], "a": {"c": 1.5}})), "map[a:map[c:1.5] b:[1 <nil> x]]");
    assert_eq!(
        json(&json!({"b": "<&>\u{2028}", "a": [1e21, 1e-7, 2.0, u64::MAX]}), None),
        "{\"a\":[1e+21,1e-7,2,18446744073709552000],\"b\":\"\\u003c\\u0026\\u003e\\u2028\"}"
    );
    assert_eq!(
        json(&json!({"a": [], "b": {"c": 1}}), Some(4)),
        "{\n    \"a\": [],\n    \"b\": {\n        \"c\": 1\n    }\n}"
    );
}

#[test]
fn hostile_depth_is_no_danger() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let template = Template::parse("{..x}").unwrap();
    assert_eq!(template.find(&deep).unwrap(), vec![Vec::new()]);
    for part in ["{", "[", "..", "{range .a}", "[?(", ".a\"[?(", "['a',"] {
        let _ = Template::parse(&format!("{{{}", part.repeat(20_000)));
    }
    let nested = format!("{{{}", ".a\"[?(".repeat(200));
    assert!(Template::parse(&format!("{nested}{}", ")]".repeat(200))).is_err());
}

#[test]
fn paths_see_what_templates_see() {
    let text = object().to_string();
    let paths = [".kind", ".items[*].name", ".items[?(@.on)].name", ".items[0].labels", "..name", ".no", ".nothing.x"];
    for path in paths {
        let paths = Paths::parse([path, ".n"].into_iter()).unwrap();
        let kept = paths.read(text.as_bytes()).unwrap();
        let (object, template) = (object(), &paths.templates()[0]);
        assert_eq!(template.find(&kept), template.find(&object), "{path}: {kept}");
    }
    let lean = Paths::parse([".items[*].labels.zone", ".kind"].into_iter()).unwrap();
    let expected = json!({"items": [{"labels": {}}, {"labels": {"zone": "z1"}}, {}], "kind": "List"});
    assert_eq!(lean.read(text.as_bytes()).unwrap(), expected);
}

proptest! {
    #[test]
    fn no_template_makes_it_panic(text in "[\\PC\n]{0,40}", soup in "(\\{|\\}|\\.|\\.\\.|\\[|\\]|\\*|\\?\\(|@|\\)|'|\"|\\\\|,|:|-|1|items|name|size|range |end|==|<| ){0,24}") {
        for text in [text, soup.clone(), format!("{{{soup}}}")] {
            let _ = print(&text);
            if let Ok(template) = Template::relaxed(&soup) {
                let paths = Paths::of(vec![template]);
                let kept = paths.read(object().to_string().as_bytes()).unwrap();
                // What is kept gives the same results; only the words about a list that is none may differ.
                let object = object();
                let (lean, full) = (paths.templates()[0].find(&kept), paths.templates()[0].find(&object));
                prop_assert_eq!(lean.ok(), full.ok(), "{}", soup);
            }
        }
    }
}
