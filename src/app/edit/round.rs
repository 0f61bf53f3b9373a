//! `Round`: the text that an editor is given, what was wrong with the one before, and what comes back.

use super::file::EditFile;
use crate::cluster::edit::Sheet;
use crate::model::document::{Document, Options, Reveal};
use crate::text::safe;
use serde_json::Value;

/// What stands above the text.
const HEADER: &str = "# Please edit the object below. Lines beginning with a '#' are ignored,\n\
    # and an empty file aborts the edit. If something is wrong with what you save, this file\n\
    # is opened again with what is wrong. Nothing is sent before you have seen the difference.\n#\n";

/// A round of editing.
pub struct Round {
    /// The object that is edited, as it was read.
    pub sheet: Sheet,
    body: String,
    complaints: Vec<String>,
    given: String,
    first: bool,
    /// The text was moved to what the server has now: to save it as it is means to agree.
    moved: bool,
}

/// What a saved text comes to.
pub enum Read {
    /// It is the one that was given.
    Unchanged,
    /// It is the one that was given, with what was wrong in it.
    NotMended,
    /// There is nothing but comments in it.
    Empty,
    /// Something is wrong with it; the round knows what.
    Flawed,
    /// The object that it means.
    Edited(Box<Value>),
}

impl Round {
    /// The first round.
    pub fn new(sheet: Sheet) -> Self {
        let body = yaml(&sheet.shown());
        Self { sheet, body, complaints: Vec::new(), given: String::new(), first: true, moved: false }
    }

    /// Whether it is a Secret that is edited.
    pub fn is_secret(&self) -> bool {
        self.sheet.base.get("kind").is_some_and(|kind| kind == "Secret")
    }

    /// The text for the editor.
    pub fn text(&mut self) -> String {
        let mut text = HEADER.to_owned();
        for complaint in &self.complaints {
            for line in complaint.lines() {
                text.extend(["# ", &safe(line), "\n"]);
            }
        }
        if !self.complaints.is_empty() {
            text.push_str("#\n");
        }
        text.push_str(&self.body);
        self.given.clone_from(&text);
        text
    }

    /// Whether the file holds something else than what was given at first.
    pub fn was_changed(&self, file: &EditFile) -> bool {
        !self.first || file.read().is_ok_and(|text| text != self.given)
    }

    /// Takes the saved text.
    pub fn take(&mut self, text: &str) -> Read {
        let content = without_comments(text);
        if content.trim().is_empty() {
            return Read::Empty;
        }
        if content == without_comments(&self.given) && !std::mem::take(&mut self.moved) {
            return if self.first { Read::Unchanged } else { Read::NotMended };
        }
        match self.sheet.read(text) {
            Ok(None) => Read::Unchanged,
            Ok(Some(edited)) => {
                self.keep(text);
                Read::Edited(Box::new(edited))
            }
            Err(flaw) => {
                self.keep(text);
                // The lines above the text count in the saved file, and will not in the next.
                let above = text.lines().take_while(|line| line.starts_with('#')).count();
                let line = flaw.line.map(|line| line.saturating_sub(above).max(1));
                self.complain(
                    &line.map_or(flaw.sentence.clone(), |line| format!("line {line} below: {}", flaw.sentence)),
                );
                Read::Flawed
            }
        }
    }

    /// Opens the editor again with the user's own text and what is wrong with it.
    pub fn complain(&mut self, why: &str) {
        self.complaints = vec![why.to_owned()];
        self.first = false;
    }

    /// Goes on from what the server has now, with the user's changes in it, saying what both changed.
    pub fn move_to(&mut self, edited: &Value, live: &Value) {
        let conflicts = self.sheet.conflicts(edited, live);
        let moved = self.sheet.moved_to(edited, live);
        self.sheet = Sheet::new(live.clone());
        self.body = yaml(&Sheet::new(moved).shown());
        self.complaints =
            vec!["it was changed on the server meanwhile; below is what is there now, with your changes:".to_owned()];
        self.complaints.extend(conflicts.iter().map(|conflict| format!("  * {conflict}")));
        self.complaints
            .push("leave the editor to look at the difference, with your values; an empty file aborts".to_owned());
        (self.first, self.moved) = (false, true);
    }

    /// Keeps the user's text without the lines above it.
    fn keep(&mut self, text: &str) {
        let body: Vec<&str> = text.lines().skip_while(|line| line.starts_with('#')).collect();
        self.body = body.join("\n") + "\n";
    }
}

/// The YAML of an object, nothing masked.
fn yaml(object: &Value) -> String {
    let options = Options { managed_fields: false, reveal: Reveal::All, ..Options::default() };
    Document::of(object.clone(), &options).text().to_owned()
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).fold(String::new(), |all, line| all + line + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn round() -> Round {
        let map = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c", "namespace": "a", "managedFields": []}, "data": {"k": "v"}});
        Round::new(Sheet::new(map))
    }

    #[test]
    fn an_unchanged_or_empty_text_cancels() {
        let mut round = round();
        let text = round.text();
        assert!(text.starts_with('#') && text.contains("k: v") && !text.contains("managedFields"), "{text}");
        assert!(matches!(round.take(&text), Read::Unchanged));
        assert!(matches!(round.take(&format!("# more\n{text}")), Read::Unchanged));
        assert!(matches!(round.take("# nothing\n\n"), Read::Empty));
    }

    #[test]
    fn a_wrong_text_comes_back_with_its_reason_and_is_not_lost() {
        let mut round = round();
        let text = round.text().replace("k: v", "k: [v");
        assert!(matches!(round.take(&text), Read::Flawed));
        let again = round.text();
        assert!(again.contains("k: [v") && again.contains("# line "), "{again}");
        assert!(matches!(round.take(&again), Read::NotMended));
        assert!(matches!(round.take(&again.replace("[v", "w")), Read::Edited(_)));
    }

    #[test]
    fn after_a_conflict_the_text_is_what_is_there_now_with_the_changes() {
        let mut round = round();
        let text = round.text().replace("k: v", "k: ours");
        let Read::Edited(edited) = round.take(&text) else { panic!("not edited") };
        let mut live = round.sheet.base.clone();
        live["data"] = json!({"k": "theirs", "new": "1"});
        round.move_to(&edited, &live);
        let again = round.text();
        assert!(matches!(round.take(&again), Read::Edited(_)));
        assert!(
            again.contains("k: ours") && again.contains("new: \"1\"") && again.contains("* data.k was changed"),
            "{again}"
        );
    }

    #[test]
    fn a_secret_is_shown_decoded() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "a"}, "data": {"p": "aHVudGVyMg=="}});
        let mut round = Round::new(Sheet::new(secret));
        assert!(round.is_secret());
        let text = round.text();
        assert!(text.contains("p: hunter2"), "{text}");
        let Read::Edited(edited) = round.take(&text.replace("hunter2", "hunter3")) else { panic!("not edited") };
        assert_eq!(edited["data"], json!({"p": "aHVudGVyMw=="}));
    }
}
