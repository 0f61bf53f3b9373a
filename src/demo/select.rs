//! Label and field selectors: which objects a request is about.

use serde_json::Value;

use super::answer::Failure;
use super::json::{key, text};

/// A condition on one label.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// Which objects a list or watch shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selector {
    labels: Vec<Term>,
    fields: Vec<(String, bool, String)>,
}

impl Selector {
    /// Reads `labelSelector` and `fieldSelector` as they stand in a query.
    ///
    /// # Errors
    /// 400 when one of them cannot be read, or names a field that cannot be selected by.
    pub fn parse(labels: &str, fields: &str) -> Result<Self, Failure> {
        let labels = terms(labels).map(|term| label(term.trim())).collect::<Result<_, _>>()?;
        let fields = fields.split(',').filter(|t| !t.is_empty()).map(field).collect::<Result<_, _>>()?;
        Ok(Self { labels, fields })
    }

    /// The selector of a workload: `spec.selector` with `matchLabels` and `matchExpressions`, or a plain map.
    pub fn of(selector: &Value) -> Self {
        let mut labels = Vec::new();
        let plain =
            selector.get("matchLabels").or_else(|| selector.get("matchExpressions").is_none().then_some(selector));
        for (name, value) in plain.and_then(Value::as_object).into_iter().flatten() {
            labels.push(Term::In(name.clone(), vec![value.as_str().unwrap_or_default().to_owned()]));
        }
        for each in super::json::list(selector, "/matchExpressions") {
            let name = text(each, "/key").to_owned();
            let values =
                super::json::list(each, "/values").iter().filter_map(Value::as_str).map(str::to_owned).collect();
            labels.push(match text(each, "/operator") {
                "In" => Term::In(name, values),
                "NotIn" => Term::NotIn(name, values),
                "Exists" => Term::Exists(name),
                _ => Term::Absent(name),
            });
        }
        Self { labels, fields: Vec::new() }
    }

    /// Whether it selects nothing in particular.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Whether the object is selected.
    pub fn matches(&self, object: &Value) -> bool {
        let labels = self.labels.iter().all(|term| term.matches(object));
        labels && self.fields.iter().all(|(path, wanted, value)| (field_value(object, path) == value) == *wanted)
    }
}

impl Term {
    fn matches(&self, object: &Value) -> bool {
        let label =
            |name: &String| object.pointer("/metadata/labels").and_then(|l| l.get(name)).and_then(Value::as_str);
        match self {
            Self::In(name, values) => label(name).is_some_and(|v| values.iter().any(|w| w == v)),
            Self::NotIn(name, values) => label(name).is_none_or(|v| values.iter().all(|w| w != v)),
            Self::Exists(name) => label(name).is_some(),
            Self::Absent(name) => label(name).is_none(),
        }
    }
}

/// The parts between commas that stand outside parentheses.
fn terms(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    text.split(move |c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    })
    .filter(|term| !term.trim().is_empty())
}

fn label(term: &str) -> Result<Term, Failure> {
    let read = requirement(term)?;
    let (name, values) = match &read {
        Term::In(name, values) | Term::NotIn(name, values) => (name, values.as_slice()),
        Term::Exists(name) | Term::Absent(name) => (name, [].as_slice()),
    };
    let plain = |text: &str| !text.contains(['=', '!', '(', ')', ' ']);
    if name.is_empty() || !plain(name) || !values.iter().all(|value| plain(value)) {
        return Err(unreadable(term));
    }
    Ok(read)
}

fn requirement(term: &str) -> Result<Term, Failure> {
    let name = |text: &str| text.trim().to_owned();
    let one = |text: &str| vec![text.trim().to_owned()];
    if let Some((left, values)) = term.strip_suffix(')').and_then(|t| t.split_once('(')) {
        let values = values.split(',').map(|v| v.trim().to_owned()).collect();
        return match left.trim().rsplit_once(' ') {
            Some((left, "in")) => Ok(Term::In(name(left), values)),
            Some((left, "notin")) => Ok(Term::NotIn(name(left), values)),
            _ => Err(unreadable(term)),
        };
    }
    if let Some((left, right)) = term.split_once("!=") {
        return Ok(Term::NotIn(name(left), one(right)));
    }
    if let Some((left, right)) = term.split_once("==").or_else(|| term.split_once('=')) {
        return Ok(Term::In(name(left), one(right)));
    }
    match term.strip_prefix('!') {
        Some(left) => Ok(Term::Absent(name(left))),
        None if term.contains([' ', '(', ')']) => Err(unreadable(term)),
        None => Ok(Term::Exists(name(term))),
    }
}

fn unreadable(term: &str) -> Failure {
    Failure::bad_request(format!("unable to parse requirement: found '{term}', expected: in, notin, =, ==, !="))
}

/// Fields that kube-apiserver selects by, for the kinds that are served here.
const FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "spec.nodeName",
    "spec.unschedulable",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
    "status.successful",
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
];

fn field(term: &str) -> Result<(String, bool, String), Failure> {
    let (left, wanted, right) = if let Some((left, right)) = term.split_once("!=") {
        (left, false, right)
    } else if let Some((left, right)) = term.split_once("==").or_else(|| term.split_once('=')) {
        (left, true, right)
    } else {
        return Err(Failure::bad_request(format!("invalid selector: '{term}'; can't understand '{term}'")));
    };
    if !FIELDS.contains(&left) {
        return Err(Failure::bad_request(format!("field label not supported: {left}")));
    }
    Ok((left.to_owned(), wanted, right.to_owned()))
}

fn field_value<'a>(object: &'a Value, path: &str) -> &'a str {
    match path {
        "source" => text(object, "/source/component"),
        "spec.unschedulable" => {
            if super::json::flag(object, "/spec/unschedulable") {
                "true"
            } else {
                "false"
            }
        }
        _ => match path.split_once('.') {
            Some((parent, name)) => key(object, &format!("/{parent}"), name),
            None => object.get(path).and_then(Value::as_str).unwrap_or_default(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn labels_select_as_kubectl_writes_them() {
        let pod = json!({"metadata": {"labels": {"app": "web", "tier": "front"}}});
        let cases = [
            ("", true),
            ("app=web", true),
            ("app==web,tier=front", true),
            ("app=api", false),
            ("app!=api", true),
            ("zone!=a", true),
            ("app in (api, web)", true),
            ("app in (api),tier", false),
            ("app notin (api,db),tier in (front)", true),
            ("zone notin (a)", true),
            ("tier", true),
            ("!tier", false),
            ("!zone", true),
        ];
        for (selector, expected) in cases {
            assert_eq!(Selector::parse(selector, "").unwrap().matches(&pod), expected, "{selector}");
        }
        assert_eq!(Selector::parse("app within (x)", "").unwrap_err().code, 400);
        assert_eq!(Selector::parse("app web", "").unwrap_err().code, 400);
    }

    #[test]
    fn fields_select_what_the_server_knows() {
        let pod = json!({"metadata": {"name": "a"}, "spec": {"nodeName": "n1"}, "status": {"phase": "Running"}});
        let matches = |fields| Selector::parse("", fields).unwrap().matches(&pod);
        assert!(matches("spec.nodeName=n1,status.phase!=Pending"));
        assert!(!matches("metadata.name=b"));
        assert_eq!(Selector::parse("", "spec.color=red").unwrap_err().message, "field label not supported: spec.color");
    }
}
