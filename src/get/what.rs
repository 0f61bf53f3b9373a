//! What is asked for: kinds, or objects by their names, as kubectl reads its arguments.

use crate::kinds::AnyKind;
use crate::model::Notice;
use crate::text::safe;

/// The kinds that `all` stands for, in the order in which the API server's discovery names them.
const ALL: [&str; 10] = [
    "pods",
    "replicationcontrollers",
    "services",
    "daemonsets",
    "deployments",
    "replicasets",
    "statefulsets",
    "horizontalpodautoscalers",
    "cronjobs",
    "jobs",
];

/// Finds the kind of a name.
pub type Find<'a> = dyn FnMut(&str) -> Result<&'static dyn AnyKind, Notice> + 'a;

/// What to read.
pub enum What {
    /// Lists of these kinds.
    Lists(Vec<&'static dyn AnyKind>),
    /// These objects.
    Objects(Vec<(&'static dyn AnyKind, String)>),
}

impl What {
    /// Reads `pods`, `deploy,svc`, `pod a b`, `pod/a svc/b`, `all`.
    ///
    /// # Errors
    /// When a kind is unknown, or the two ways to name objects are mixed.
    pub fn read(words: &[String], find: &mut Find<'_>) -> Result<Self, Notice> {
        if words.iter().any(|word| word.contains('/')) {
            return words.iter().map(|word| named(word, find)).collect::<Result<_, _>>().map(Self::Objects);
        }
        let (kinds, names) = words.split_first().map_or((Vec::new(), words), |(kinds, names)| (all(kinds), names));
        let mut found: Vec<&'static dyn AnyKind> = Vec::new();
        for name in kinds {
            let kind = find(name)?;
            if found.iter().all(|other| other.names() != kind.names()) {
                found.push(kind);
            }
        }
        if names.is_empty() {
            return Ok(Self::Lists(found));
        }
        let each = found.iter().flat_map(|kind| names.iter().map(|name| (*kind, name.clone())));
        Ok(Self::Objects(each.collect()))
    }

    /// The kinds, each once.
    pub fn kinds(&self) -> Vec<&'static dyn AnyKind> {
        match self {
            Self::Lists(kinds) => kinds.clone(),
            Self::Objects(objects) => objects.iter().map(|(kind, _)| *kind).collect(),
        }
    }
}

/// The names of kinds in `deploy,svc`.
fn all(kinds: &str) -> Vec<&str> {
    let names = kinds.split(',').filter(|name| !name.is_empty());
    names.flat_map(|name| if name == "all" { ALL.to_vec() } else { vec![name] }).collect()
}

/// Reads `pod/a`.
fn named(word: &str, find: &mut Find<'_>) -> Result<(&'static dyn AnyKind, String), Notice> {
    let hint = "write KIND/NAME for each, or KIND NAME …";
    match word.split_once('/') {
        Some((of, name)) if !of.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok((find(of)?, name.to_owned()))
        }
        Some(_) => Err(Notice::error(format!("\"{}\" is not KIND/NAME", safe(word)), hint)),
        None => Err(Notice::error(format!("\"{}\" stands beside a KIND/NAME and is none", safe(word)), hint)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Vec<String>, String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let mut find = |name: &str| {
            let unknown = || Notice::error(format!("there is no kind \"{name}\""), "");
            crate::kinds::find(name).ok_or_else(unknown)
        };
        match What::read(&words, &mut find).map_err(|notice| notice.sentence)? {
            What::Lists(kinds) => Ok(kinds.iter().map(|kind| kind.names().plural.to_owned()).collect()),
            What::Objects(all) => {
                Ok(all.iter().map(|(kind, name)| format!("{}/{name}", kind.names().plural)).collect())
            }
        }
    }

    #[test]
    fn kinds_and_names_are_read_as_kubectl_does() {
        let cases = [
            ("po", "pods"),
            ("deploy,svc,deployments", "deployments services"),
            ("pod a b", "pods/a pods/b"),
            ("pod,svc a", "pods/a services/a"),
            ("pod/a svc/b", "pods/a services/b"),
        ];
        for (line, expected) in cases {
            assert_eq!(read(line).map(|all| all.join(" ")).as_deref(), Ok(expected), "{line}");
        }
        assert_eq!(read("all").map(|all| all.len()), Ok(10));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let cases = [
            ("blimps", "there is no kind \"blimps\""),
            ("pod/a b", "\"b\" stands beside a KIND/NAME and is none"),
            ("pod/", "\"pod/\" is not KIND/NAME"),
            ("pod/a/b", "\"pod/a/b\" is not KIND/NAME"),
        ];
        for (line, expected) in cases {
            assert_eq!(read(line), Err(expected.to_owned()), "{line}");
        }
    }
}
