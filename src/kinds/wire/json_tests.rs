//! Tests of reading JSON: `serde_json` is the oracle for what is read, and for what is said of bytes that are cut or spoilt.

use super::{Error, Json, Source};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

/// Reads a `T` at the front of `bytes`, and how many bytes it took.
fn read<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<(T, usize), Error> {
    let mut json = Json::new(bytes);
    let value = T::deserialize(Source::from(&mut json))?;
    Ok((value, json.at()))
}

/// What can be said of bytes.
#[derive(Debug, PartialEq)]
enum Verdict<T> {
    Whole(T),
    Incomplete,
    Broken,
}

fn ours<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Verdict<T> {
    match read(bytes) {
        Ok((value, _)) => Verdict::Whole(value),
        Err(error) if error.is_incomplete() => Verdict::Incomplete,
        Err(_) => Verdict::Broken,
    }
}

/// The same by `serde_json`. It calls a number that is cut behind its sign, point or exponent broken: with a digit more it
/// is none. So it does with one that is out of range, though a point may follow.
fn theirs(bytes: &[u8]) -> Verdict<Value> {
    match serde_json::Deserializer::from_slice(bytes).into_iter().next() {
        None => Verdict::Incomplete,
        Some(Ok(value)) => Verdict::Whole(value),
        Some(Err(error)) if error.is_eof() => Verdict::Incomplete,
        Some(Err(error)) => match bytes.last() {
            Some(b'-' | b'+' | b'.' | b'e' | b'E') => theirs(&[bytes, b"0"].concat()),
            Some(b'0'..=b'9') if error.to_string().starts_with("number out of range") => Verdict::Incomplete,
            _ => Verdict::Broken,
        },
    }
}

/// Any JSON.
fn any_json() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        any::<String>().prop_map(Value::from),
        "[a-z\"\\\\\n]{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// A struct of which some fields are known.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Lean {
    a: Option<Value>,
    b: Vec<Lean>,
    #[serde(rename = "a\"b")]
    quoted: Option<String>,
}

/// Texts that are nearly JSON.
const NEARLY: &str = r#"[\[\]{}:,"\\u0-9a-fA-F tn\n.eE+-]{0,60}"#;

#[test]
fn every_cut_is_incomplete() {
    let whole =
        r#" {"x":"\ud83d\ude00 ä","a":[true, null,-1.5e-3 ,false],"b":[{},{"a":{}}],"a\"b":"\u0061\\"}"#.as_bytes();
    for end in 0..whole.len() {
        assert_eq!(ours::<Value>(&whole[..end]), Verdict::Incomplete, "cut at {end}");
        assert_eq!(ours::<Lean>(&whole[..end]), Verdict::Incomplete, "cut at {end}");
        assert_eq!(ours::<IgnoredAny>(&whole[..end]), Verdict::Incomplete, "cut at {end}");
    }
    let (lean, took) = read::<Lean>(whole).unwrap();
    assert_eq!((lean.quoted.as_deref(), lean.b.len(), took), (Some("a\\"), 2, whole.len()));
    assert_eq!(read::<IgnoredAny>(whole).unwrap().1, whole.len());
}

#[test]
fn odd_bytes_are_told_as_serde_json_tells_them() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let texts = [
        "[01]",
        "[-]",
        "[-0]",
        "[1.]",
        "[1.e3]",
        "[1e]",
        "[1e400]",
        "[-1e-400]",
        "[.5]",
        "[+1]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\" 1}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":}",
        "[tru]",
        "[trux",
        "nulx",
        "[\"\u{1f}\"]",
        "[\"\\x\"]",
        r#"["\u12g4"]"#,
        r#"["\ud800"]"#,
        r#"["\ud800\n"]"#,
        r#"["\ud800\u0041"]"#,
        r#"["\udc00"]"#,
        r#"["\udbff\udfff"]"#,
        r#"["\ud800\ud800"]"#,
        r#"["\ud800\"#,
        r#"["\ud800x"]"#,
        "[18446744073709551615]",
        "[18446744073709551616]",
        "[-9223372036854775808]",
        "[-9223372036854775809]",
        "[0.1e1]",
        "]",
        "}",
        "",
        " ",
        "[]x",
        "{\"a\":1,\"a\":2}",
        "[1}",
        "{\"a\":1]",
    ];
    for text in texts.into_iter().map(str::to_owned).chain([deep(127), deep(128), deep(200)]) {
        assert_eq!(ours::<Value>(text.as_bytes()), theirs(text.as_bytes()), "{text}");
    }
    assert_eq!(ours::<Value>(b"[\"\xff\"]"), Verdict::Broken);
    assert_eq!(ours::<Value>(b"[\"\xc3\"]"), Verdict::Broken);
}

#[test]
fn a_struct_is_a_map_and_has_its_fields_once() {
    let why = |text: &str| read::<Lean>(text.as_bytes()).unwrap_err();
    for (text, says) in [
        ("[]", "invalid type: sequence, expected struct Lean"),
        ("null", "invalid type: null, expected struct Lean"),
        (r#"{"b":7}"#, "invalid type: integer `7`, expected a sequence"),
        (r#"{"a\"b":{}}"#, "invalid type: map, expected a string"),
        (r#"{"b":[],"x":1,"b":[]}"#, "duplicate field `b`"),
    ] {
        assert!(why(text).is_odd(), "{text}");
        assert_eq!(why(text).to_string(), says);
    }
    assert_eq!(read::<(u8, u8)>(b"[1,2,3]").unwrap_err().to_string(), "there is more of it than is read");
    assert_eq!(read::<(u8, u8)>(b"[1,2]").unwrap().0, (1, 2));
    assert_eq!(read::<u8>(b"300 ").unwrap_err().to_string(), "invalid value: integer `300`, expected u8");
}

#[test]
fn what_nobody_asks_for_is_passed_over_by_its_brackets() {
    let (lean, _) = read::<Lean>(br#"{"x":[tru,,"]}"],"y":{"\ud800":[}],"a":1}"#).unwrap();
    assert_eq!(lean.a, Some(json!(1)));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn any_json_is_read_as_serde_json_reads_it(value in any_json(), pretty in any::<bool>(), cut in any::<usize>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let text = format!("[{text}]");
        prop_assert_eq!(read::<Vec<Value>>(text.as_bytes()).unwrap(), (vec![value], text.len()));
        prop_assert_eq!(read::<IgnoredAny>(text.as_bytes()).unwrap().1, text.len());
        let cut = &text.as_bytes()[..cut % text.len()];
        prop_assert_eq!(ours::<Value>(cut), Verdict::Incomplete);
        prop_assert_eq!(ours::<IgnoredAny>(cut), Verdict::Incomplete);
    }

    #[test]
    fn a_struct_is_read_as_serde_json_reads_it(a in any_json(), x in any_json(), name in "[a-c\"]{1,2}") {
        let text = json!({"x": x, &name: a, "a": a, "b": [{"y": x}, {"a": x, "b": []}]}).to_string();
        match serde_json::from_str::<Lean>(&text) {
            Ok(lean) => prop_assert_eq!(read::<Lean>(text.as_bytes()).unwrap(), (lean, text.len())),
            Err(_) => prop_assert!(read::<Lean>(text.as_bytes()).unwrap_err().is_odd()),
        }
    }

    #[test]
    fn spoilt_json_is_told_as_serde_json_tells_it(
        value in any_json(),
        spoil in prop::collection::vec(any::<u8>(), 0..4),
        at in any::<usize>(),
        nearly in NEARLY,
    ) {
        let mut bytes = json!([value]).to_string().into_bytes();
        let at = 1 + at % (bytes.len() - 1);
        bytes.splice(at..(at + spoil.len()).min(bytes.len()), spoil);
        let nearly = [format!("[{nearly}"), format!("[{nearly}]"), format!("[\"{nearly}\"]")].map(String::into_bytes);
        for bytes in nearly.into_iter().chain([bytes]) {
            prop_assert_eq!(ours::<Value>(&bytes), theirs(&bytes), "{}", String::from_utf8_lossy(&bytes));
        }
    }
}
