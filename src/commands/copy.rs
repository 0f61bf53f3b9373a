//! To the clipboard.

use super::meant::Meant;
use super::{Command, Effect, On};
use crate::ui::Screen;

pub const NAME: Command = Command {
    name: "copy-name",
    help: "copy the name under the cursor",
    on: On::Object,
    when: super::meant::any,
    run: |cx, _| {
        let meant = Meant::in_context(cx)?;
        cx.effects.push(Effect::Copy(meant.key.name));
        Ok(())
    },
    ..Command::BLANK
};

pub const ALL: Command = Command {
    name: "copy",
    help: "copy the whole text",
    on: On::Reading,
    run: |cx, _| {
        let text = match cx.stack.top_mut() {
            Some(Screen::Text(text)) => text.text(cx.model),
            Some(Screen::Yaml(yaml)) => yaml.text().to_owned(),
            Some(Screen::Explain(explain)) => explain.text(cx.model),
            Some(Screen::Logs(logs)) => logs.text(cx.model),
            Some(Screen::Answer(answer)) => answer.text(cx.model),
            _ => return Ok(()),
        };
        cx.effects.push(Effect::Copy(text));
        Ok(())
    },
    ..Command::BLANK
};
