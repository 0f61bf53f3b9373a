//! In the revisions of a workload: comparing any two of them.

use super::{Command, On, Subject};
use crate::kinds::rollout::Revision;
use crate::model::Notice;
use crate::model::diff::{DiffLine, of_texts};
use crate::model::document::{Document, Options};
use crate::ui::text::Source;
use crate::ui::{Screen, TextScreen};

pub const COMPARE: Command = Command {
    name: "compare",
    help: "what this revision has otherwise than the current or the marked one",
    hint: "compare",
    on: On::Revisions,
    when: |s| selected(s).map(drop),
    run: |cx, _| {
        let subject = cx.subject();
        let (key, base, selected) = selected(&subject).map_err(|why| Notice::warning(why, ""))?;
        let (title, lines) = compare(base, selected);
        let title = format!("{title} of {key}");
        let context = key.context.to_string();
        cx.stack.open(Screen::Text(TextScreen::new(Source::Difference { context, title, lines })));
        Ok(())
    },
    ..Command::BLANK
};

pub const MARK: Command = Command {
    name: "mark-revision",
    help: "compare others with this revision; again: with the current one",
    hint: "mark",
    on: On::Revisions,
    run: |cx, _| {
        if let Some(Screen::Revisions(revisions)) = cx.stack.top_mut() {
            revisions.mark(cx.model);
        }
        Ok(())
    },
    ..Command::BLANK
};

/// Whose revisions they are, what to compare with, and the revision under the cursor.
fn selected<'a>(s: &Subject<'a>) -> Result<(&'a crate::model::ObjectKey, Option<&'a Revision>, &'a Revision), String> {
    let Some(Screen::Revisions(revisions)) = s.stack.top() else { return Err("this needs revisions".to_owned()) };
    let selected = revisions.selected(s.model).ok_or("there is no revision")?;
    Ok((&revisions.key, revisions.base(s.model), selected))
}

/// The difference of two pod templates; without another one, the template itself.
fn compare(base: Option<&Revision>, selected: &Revision) -> (String, Vec<DiffLine>) {
    let new = yaml(selected);
    let Some(base) = base.filter(|base| base.number != selected.number) else {
        let lines = new.lines().map(|line| DiffLine::Same(line.to_owned()));
        return (format!("template of revision {}", selected.number), lines.collect());
    };
    let sign = if base.is_current { " (current)" } else { "" };
    (format!("revision {}{sign} → {}", base.number, selected.number), of_texts(&yaml(base), &new))
}

/// The pod template of a revision as YAML.
fn yaml(revision: &Revision) -> String {
    let document = Document::read(&revision.template, &Options::default());
    document.map_or_else(|error| format!("it cannot be read: {error}"), |document| document.text().to_owned())
}
