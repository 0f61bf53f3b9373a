//! Folding what is too long to see at once: objects, the fields of a kind, answers.

use super::{Command, Context, On, Outcome, Subject};
use crate::model::Notice;
use crate::ui::Screen;

pub const FOLD: Command = Command {
    name: "fold",
    help: "fold what begins on this line, or unfold it; inside of something, fold that",
    hint: "fold",
    on: On::Folding,
    run: |cx, _| {
        match cx.stack.top_mut() {
            Some(Screen::Yaml(yaml)) => yaml.fold(),
            Some(Screen::Explain(explain)) => explain.fold(cx.model),
            Some(Screen::Answer(answer)) => answer.fold(cx.model),
            _ => {}
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const FOLD_TO: Command = Command {
    name: "fold-to",
    arguments: "[DEPTH]",
    help: "fold all that lies deeper than DEPTH, or than the count before the key; else than 2",
    on: On::Folding,
    when: has_depth,
    run: |cx, depth| {
        let wrong = |_| Notice::warning(format!("\"{depth}\" is no depth"), "a number from 1 on");
        let said = if depth.is_empty() { None } else { Some(depth.parse::<usize>().map_err(wrong)?) };
        let depth = cx.count.or(said).unwrap_or(2).max(1);
        fold_to(cx, Some(depth))
    },
    ..Command::BLANK
};

pub const UNFOLD_ALL: Command = Command {
    name: "unfold-all",
    help: "unfold everything",
    on: On::Folding,
    when: has_depth,
    run: |cx, _| fold_to(cx, None),
    ..Command::BLANK
};

/// Whether there is more than one depth to fold to.
fn has_depth(s: &Subject<'_>) -> Result<(), String> {
    if matches!(s.stack.top(), Some(Screen::Answer(_))) {
        Err("an answer is folded line by line".to_owned())
    } else {
        Ok(())
    }
}

fn fold_to(cx: &mut Context<'_>, depth: Option<usize>) -> Outcome {
    match cx.stack.top_mut() {
        Some(Screen::Yaml(yaml)) => yaml.fold_to(depth),
        Some(Screen::Explain(explain)) => explain.fold_to(depth, cx.model),
        _ => {}
    }
    Ok(())
}
