//! Editing objects.

use super::target::{context, targets};
use super::{Command, Context, Effect, Need, On, Outcome, Subject};
use crate::model::Notice;
use crate::ui::{Offer, Picker, Prompt, Screen};

pub const EDIT: Command = Command {
    name: "edit",
    help: "edit the object in $KUBE_EDITOR or $EDITOR, else in the built-in editor",
    hint: "edit",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: one,
    run: |cx, _| edit(cx, false),
    ..Command::BLANK
};

pub const EDIT_HERE: Command = Command {
    name: "edit-here",
    help: "edit the object in the built-in editor",
    changes: true,
    needs: &[Need::to("patch")],
    on: On::Object,
    when: one,
    run: |cx, _| edit(cx, true),
    ..Command::BLANK
};

pub const SAVE: Command = Command {
    name: "save-edit",
    help: "look at what the edited text would change, and send it",
    hint: "save",
    changes: true,
    on: On::Editor,
    run: |cx, _| {
        cx.effects.push(Effect::SaveEdit);
        Ok(())
    },
    ..Command::BLANK
};

pub const LEAVE: Command = Command {
    name: "leave-edit",
    arguments: "[forget]",
    help: "leave the editor; asks first when the text would be lost",
    hint: "leave",
    on: On::Editor,
    run: |cx, word| {
        let changed = matches!(cx.stack.top(), Some(Screen::Edit(editor)) if editor.is_changed());
        if changed && word != "forget" {
            let offers = vec![
                Offer { label: "go on editing".into(), run: "redraw".into(), ..Offer::default() },
                Offer {
                    label: "forget the changes and leave".into(),
                    run: "leave-edit forget".into(),
                    ..Offer::default()
                },
            ];
            cx.stack.prompt = Some(Prompt::Pick(Picker::new("the text was changed and not sent", "", offers)));
        } else {
            cx.stack.back();
        }
        Ok(())
    },
    ..Command::BLANK
};

pub const CLOSE: Command = Command {
    name: "close-editor",
    arguments: "NUMBER",
    help: "close a built-in editor whose text has arrived",
    run: |cx, number| {
        if let Ok(id) = number.parse() {
            cx.stack.close_editor(id);
        }
        Ok(())
    },
    ..Command::BLANK
};

/// Exactly one object can be edited at a time.
fn one(s: &Subject<'_>) -> Result<(), String> {
    match targets(s)?.len() {
        1 => Ok(()),
        many => Err(format!("{many} objects are marked: one can be edited at a time")),
    }
}

fn edit(cx: &mut Context<'_>, here: bool) -> Outcome {
    let targets = targets(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
    let Some(target) = targets.into_iter().next() else { return Ok(()) };
    let context = context(cx);
    cx.effects.push(Effect::Edit { context, target, here });
    Ok(())
}
