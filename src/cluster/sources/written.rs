//! Objects as they are written, and what every object has to say of itself.

use super::read::Source;
use super::{Mistakes, Verb};
use crate::cluster::manifest;
use crate::text::safe;
use serde_json::Value;

/// The most objects of one change.
const MOST: usize = 1_000;

/// An object in a manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// Where it stands: `FILE:LINE`, safe to show.
    pub place: String,
    /// The object.
    pub object: Value,
}

impl Written {
    /// The text at a JSON pointer, `""` when there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.object.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// A sentence about it.
    pub fn mistake(&self, sentence: impl std::fmt::Display) -> String {
        format!("{}: {}", self.place, safe(&sentence.to_string()))
    }

    /// What it has to say of itself and does not.
    fn lacks(&self, verb: Verb) -> Option<&'static str> {
        let generated = self.text("/metadata/name").is_empty() && !self.text("/metadata/generateName").is_empty();
        match () {
            () if self.text("/apiVersion").is_empty() => Some("it has no apiVersion"),
            () if self.text("/kind").is_empty() => Some("it has no kind"),
            () if generated && verb == Verb::Create => None,
            () if generated => Some("it has no name but generateName, which is for create"),
            () if self.text("/metadata/name").is_empty() => Some("it has no metadata.name"),
            () => None,
        }
    }
}

/// All objects in `sources`.
///
/// # Errors
/// Every mistake in them.
pub fn objects(sources: &[Source], verb: Verb) -> Result<Vec<Written>, Mistakes> {
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for Source { name, text } in sources {
        for (line, document) in manifest::documents(text) {
            let place = format!("{name}:{line}");
            match document {
                Ok(objects) => found.extend(objects.into_iter().map(|object| Written { place: place.clone(), object })),
                Err(mistake) => mistakes.push(format!("{name}:{}: {}", mistake.line.unwrap_or(line), mistake.sentence)),
            }
        }
    }
    mistakes.extend(found.iter().filter_map(|written| Some(written.mistake(written.lacks(verb)?))));
    match found.len() {
        _ if !mistakes.is_empty() => Err(Mistakes(mistakes)),
        0 => Err(Mistakes::one("there is no object in it")),
        count if count > MOST => Err(Mistakes::one(format!("there are more than {MOST} objects in it"))),
        _ => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[(&str, &str)], verb: Verb) -> Result<Vec<Written>, Mistakes> {
        let source = |(name, text): &(&str, &str)| Source { name: (*name).to_owned(), text: (*text).to_owned() };
        objects(&texts.iter().map(source).collect::<Vec<_>>(), verb)
    }

    const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n";

    #[test]
    fn each_mistake_names_its_file_and_line() {
        let broken = format!("{MAP}---\na: [1\n---\nkind: Pod\n");
        let mistakes =
            read(&[("a.yaml", &broken), ("b.yaml", "apiVersion: v1\nkind: Pod\n")], Verb::Create).unwrap_err();
        let [syntax, version, name] = mistakes.0.as_slice() else { panic!("{mistakes}") };
        assert!(syntax.starts_with("a.yaml:5: ") || syntax.starts_with("a.yaml:6: "), "{syntax}");
        assert_eq!(
            (version.as_str(), name.as_str()),
            ("a.yaml:7: it has no apiVersion", "b.yaml:1: it has no metadata.name")
        );
        assert_eq!(read(&[("a", "# nothing\n")], Verb::Create).unwrap_err().to_string(), "there is no object in it");
    }

    #[test]
    fn names_are_generated_for_create_alone() {
        let generated = MAP.replace("name:", "generateName:");
        assert!(read(&[("a", &generated)], Verb::Create).is_ok());
        let refused = read(&[("a", &generated)], Verb::Apply { force: false }).unwrap_err();
        assert_eq!(refused.to_string(), "a:1: it has no name but generateName, which is for create");
    }
}
