//! From what tasks tell to what is known.

use crate::cluster::logs::LogMessage;
use crate::cluster::{Message, Unreachable};
use crate::kinds::logs::SourceId;
use crate::model::{LogPage, Model, Notice, Topic};

/// Takes over what was told about `topic`.
pub fn learn(model: &mut Model, topic: &Topic, message: Message) {
    match (topic, message) {
        (Topic::List(key), Message::Changes { batch, .. }) => {
            if let Some(list) = model.lists.get_mut(key) {
                list.apply(batch);
            }
        }
        (Topic::List(key), Message::Fresh { part, state, .. }) => {
            if let Some(list) = model.lists.get_mut(key) {
                list.freshen(part, state);
            }
        }
        (Topic::Object(key), Message::Object { result, .. }) => {
            let Some(page) = model.pages.get_mut(key) else { return };
            match result {
                Ok(json) => page.read(&json),
                Err(Unreachable { sentence, hint }) => page.failure = Some(Notice::error(sentence, hint)),
            }
        }
        (Topic::Log(key), Message::Log { message, .. }) => {
            if let Some(page) = model.logs.get_mut(key) {
                log(page, message);
            }
        }
        (Topic::Progress(key), Message::Progress { report, .. }) => {
            model.rollouts.insert(key.clone(), *report);
        }
        (Topic::Revisions(key), Message::Revisions { revisions, .. }) => {
            model.revisions.insert(key.clone(), *revisions);
        }
        (_, Message::Died { .. }) => {
            model.say(Notice::error(
                "what is shown is no longer kept fresh: its task failed, which is a defect of rutter",
                ":retry starts it again",
            ));
        }
        _ => {}
    }
}

/// Takes over what was told about logs.
fn log(page: &mut LogPage, message: LogMessage) {
    match message {
        LogMessage::Source { id, source } => page.buffer.name_source(id, source),
        LogMessage::Lines(batch) => page.buffer.push(&batch),
        LogMessage::Marker { id, text } => page.buffer.mark(id, None, &text),
        LogMessage::Ended { id, why } => page.buffer.mark(id, None, &why),
        LogMessage::Failed { id, sentence, hint } => {
            page.buffer.mark(id.unwrap_or(SourceId::default()), None, &sentence);
            page.failure = Some(Notice::error(sentence, hint));
        }
    }
}
