//! Labels and annotations.

use super::nodes::notice;
use super::target::{change, targets};
use super::{Command, Context, Need, On, Outcome, Subject};
use crate::cluster::actions::{Label, Marks};

pub const LABEL: Command = Command {
    name: "label",
    arguments: "[KEY=VALUE|KEY-…]",
    help: "set or remove labels; --overwrite replaces values",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: selected,
    run: |cx, text| mark(cx, Marks::Labels, text),
    ..Command::BLANK
};

pub const ANNOTATE: Command = Command {
    name: "annotate",
    arguments: "[KEY=VALUE|KEY-…]",
    help: "set or remove annotations; --overwrite replaces values",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: selected,
    run: |cx, text| mark(cx, Marks::Annotations, text),
    ..Command::BLANK
};

fn selected(s: &Subject<'_>) -> Result<(), String> {
    targets(s).map(drop)
}

fn mark(cx: &mut Context<'_>, marks: Marks, text: &str) -> Outcome {
    if text.is_empty() {
        let (label, run) = match marks {
            Marks::Labels => ("labels (key=value sets, key- removes)", "label"),
            Marks::Annotations => ("annotation (key=value sets, key- removes)", "annotate"),
        };
        cx.stack.ask(label, run, "");
        return Ok(());
    }
    change(cx, Label::parse(marks, &words(marks, text)).map_err(notice)?)
}

/// The words of a line. The value of an annotation may hold spaces: a line with one `=` is one annotation.
fn words(marks: Marks, text: &str) -> Vec<&str> {
    let (rest, overwrite) = text.strip_suffix(" --overwrite").map_or((text, None), |rest| (rest, Some("--overwrite")));
    let one = marks == Marks::Annotations && rest.matches('=').count() == 1;
    let words = if one { vec![rest] } else { rest.split_whitespace().collect() };
    words.into_iter().chain(overwrite).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_of_an_annotation_may_hold_spaces() {
        assert_eq!(words(Marks::Annotations, "note=two words --overwrite"), ["note=two words", "--overwrite"]);
        assert_eq!(words(Marks::Labels, "a=1 b-"), ["a=1", "b-"]);
        assert_eq!(words(Marks::Annotations, "a=1 b=2"), ["a=1", "b=2"]);
    }
}
