//! To the clipboard.

use super::{Command, Effect, On};
use crate::model::Notice;
use crate::ui::Screen;

pub const NAME: Command = Command {
    name: "copy-name",
    help: "copy the name under the cursor",
    on: On::List,
    when: |s| {
        s.stack.list().and_then(|list| list.selected(s.model)).map(drop).ok_or_else(|| "nothing is selected".into())
    },
    run: |cx, _| {
        let key = cx.stack.list().and_then(|list| list.selected_key(cx.model));
        let key = key.ok_or_else(|| Notice::warning("nothing is selected", ""))?;
        cx.effects.push(Effect::Copy(key.name));
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
