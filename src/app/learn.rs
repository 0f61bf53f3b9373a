//! From what tasks tell to what is known.

use crate::cluster::logs::LogMessage;
use crate::cluster::object::Seen;
use crate::cluster::{Message, Unreachable};
use crate::kinds::Time;
use crate::kinds::logs::{LogState, SourceId};
use crate::kinds::usage::Figures;
use crate::model::{ListKey, LogPage, Model, Notice, Page, Topic};

/// Takes over what was told about `topic`.
pub fn learn(model: &mut Model, topic: &Topic, message: Message) {
    match (topic, message) {
        (Topic::List(key), Message::Changes { batch, .. }) => {
            if let Some(list) = model.lists.get_mut(key) {
                list.apply(batch);
                model.locate(&key.context);
            }
        }
        (Topic::List(key), Message::Fresh { part, state, .. }) => {
            if let Some(list) = model.lists.get_mut(key) {
                list.freshen(part, state);
            }
        }
        (Topic::Usage(key), Message::Usage { result, .. }) => measure(model, key, result),
        (Topic::Object(key), Message::Object { seen, .. }) => {
            if let Some(page) = model.pages.get_mut(key) {
                see(page, seen);
            }
        }
        (Topic::Object(key), Message::Fresh { state, .. }) => {
            if let Some(page) = model.pages.get_mut(key) {
                page.freshness = state;
            }
        }
        (Topic::Explain(key), Message::Explained { result, .. }) => {
            if let Some(page) = model.schemas.get_mut(key) {
                page.take(result.map(|explained| *explained).map_err(Notice::from));
            }
        }
        (Topic::Log(key), Message::Log { message, .. }) => {
            let now = model.now();
            if let Some(page) = model.logs.get_mut(key) {
                log(page, message, now);
            }
        }
        (Topic::Drain(key), Message::DrainPlan { result, .. }) => {
            if let Some(page) = model.drains.get_mut(key) {
                page.planned(result.map_err(Notice::from));
            }
        }
        (Topic::Progress(key), Message::Progress { report, .. }) => {
            model.rollouts.insert(key.clone(), *report);
        }
        (Topic::Revisions(key), Message::Revisions { revisions, .. }) => {
            model.revisions.insert(key.clone(), *revisions);
        }
        (Topic::Answer(key), Message::Answer { result, .. }) => {
            if let Some(page) = model.answers.get_mut(key) {
                page.take(result.map_err(Notice::from));
            }
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

/// Takes over an object, or why it is not there.
fn see(page: &mut Page, seen: Seen) {
    match seen {
        Seen::Object(object) => page.read(*object),
        Seen::Gone => page.gone = true,
        Seen::Failed(why) => page.failure = Some(why.into()),
    }
}

/// Takes over what is used, or says why that is not known, once.
fn measure(model: &mut Model, key: &ListKey, result: Result<Figures, Unreachable>) {
    let Some(list) = model.lists.get_mut(key) else { return };
    match result {
        Ok(figures) => list.measure(figures),
        Err(Unreachable { sentence, hint }) => {
            if list.not_measured(&sentence) {
                model.say(Notice::warning(sentence, hint));
            }
        }
    }
}

/// Takes over what was told about logs at `now`.
fn log(page: &mut LogPage, message: LogMessage, now: Time) {
    match message {
        LogMessage::Source { id, source } => {
            page.streams.entry(id).or_default();
            page.buffer.name_source(id, source);
        }
        LogMessage::State { id, state } => drop(page.streams.insert(id, state)),
        LogMessage::Containers(all) => {
            page.containers.extend(all.into_iter().map(|container| (container.name, container.kind.sign())));
        }
        LogMessage::Pods(state) => page.pods = state,
        LogMessage::Queued(count) => page.queued = count,
        LogMessage::Lines(batch) => page.take(&batch, now),
        LogMessage::Marker { id, text } => page.buffer.mark(id, None, &text),
        LogMessage::Ended { id, why } => {
            page.streams.insert(id, LogState::Ended);
            page.buffer.mark(id, None, &why);
        }
        LogMessage::Failed { id, sentence, hint } => {
            if let Some(id) = id {
                page.streams.insert(id, LogState::Ended);
            }
            let failure = Notice::error(sentence, hint);
            page.buffer.mark(id.unwrap_or(SourceId::NONE), None, &failure.line());
            page.failure = Some(failure);
        }
    }
}
