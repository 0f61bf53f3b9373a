//! What a scenario observed, with everything masked that differs from run to run.

use crate::real::wire::Answer;
use regex::Regex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// One line for each thing observed.
#[derive(Debug, Default)]
pub struct Log {
    lines: Vec<String>,
    uids: BTreeMap<String, usize>,
}

impl Log {
    /// Writes down a value.
    pub fn note(&mut self, what: &str, value: &Value) {
        let text = self.masked(&value.to_string());
        self.lines.push(format!("{what}: {text}"));
    }

    /// Writes down an answer: a failure as it is, an object by its kind and name.
    pub fn answer(&mut self, what: &str, answer: &Answer) {
        let Answer { code, body } = answer;
        let text = match body["kind"].as_str() {
            Some(kind) if kind != "Status" => format!("{kind} {} {}", body["apiVersion"], body["metadata"]["name"]),
            _ => body.to_string(),
        };
        let text = self.masked(&text);
        self.lines.push(format!("{what}: {code} {text}"));
    }

    /// UIDs are numbered in the order in which they appear, so that the same one stays the same.
    fn masked(&mut self, text: &str) -> String {
        let uid = Regex::new("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").expect("a pattern");
        let mut text = text.to_owned();
        for found in uid.find_iter(&text.clone()) {
            let next = self.uids.len();
            let number = *self.uids.entry(found.as_str().to_owned()).or_insert(next);
            text = text.replace(found.as_str(), &format!("uid-{number}"));
        }
        let versions = Regex::new(r#"("resourceVersion":"|resource version: |\()\d+"#).expect("a pattern");
        let times = Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ").expect("a pattern");
        let users = Regex::new(r#"User \\"\w+\\""#).expect("a pattern");
        let text = versions.replace_all(&text, "${1}N");
        users.replace_all(&times.replace_all(&text, "TIME"), "User").into_owned()
    }
}

/// Fails where they differ, with all differences.
pub fn assert_same(real: &Log, demo: &Log) {
    let mut told = String::new();
    assert!(!real.lines.is_empty());
    for (real, demo) in real.lines.iter().zip(&demo.lines).filter(|(real, demo)| real != demo) {
        let _ = writeln!(told, "real {real}\ndemo {demo}\n");
    }
    assert_eq!(real.lines.len(), demo.lines.len(), "{told}");
    assert!(told.is_empty(), "the demo is not like the real server:\n{told}");
}
