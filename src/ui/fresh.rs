//! What the bars say of objects and logs: how fresh they are, and which part of the logs is asked for.

use crate::config::Role;
use crate::kinds::logs::LogState;
use crate::kinds::time::human_duration;
use crate::kinds::{Freshness, Time};
use crate::model::place::ALL_CONTAINERS;
use crate::model::{LogKey, LogPage, Page, Tail};

/// Whether the changes of an object are seen at `now`, in words and colour.
pub fn of_object(page: &Page, now: Time) -> (String, Role) {
    match &page.freshness {
        _ if page.gone => ("gone".to_owned(), Role::FreshStale),
        Freshness::Live => ("live".to_owned(), Role::FreshLive),
        Freshness::Polling { .. } => ("read again now and then".to_owned(), Role::FreshStale),
        Freshness::Connecting | Freshness::Filling { .. } => ("connecting".to_owned(), Role::FreshFilling),
        Freshness::Reconnecting { since, why } => {
            (format!("reconnecting for {}: {why}", human_duration(now.seconds_since(*since))), Role::FreshStale)
        }
        Freshness::Forbidden { .. } | Freshness::NotServed { .. } | Freshness::Refused { .. } => {
            ("changes are not seen".to_owned(), Role::FreshStale)
        }
    }
}

/// How the streams of a log fare together at `now`, in words and colour. What is lost comes first.
pub fn of_logs(page: &LogPage, now: Time) -> (String, Role) {
    let count = |is: fn(&LogState) -> bool| page.streams.values().filter(|state| is(state)).count();
    let (all, live, ended) =
        (page.streams.len(), count(|state| *state == LogState::Live), count(|state| *state == LogState::Ended));
    let lost: Vec<_> = page.streams.values().filter_map(lost).collect();
    if let Some((since, why)) = lost.iter().min_by_key(|(since, _)| *since) {
        let many = if all > 1 { format!("{} of {all} ", lost.len()) } else { String::new() };
        let text = format!("{many}reconnecting for {}: {why}", human_duration(now.seconds_since(**since)));
        return (text, Role::FreshStale);
    }
    let queued = if page.queued > 0 { format!(" · {} wait", page.queued) } else { String::new() };
    let (words, role) = match (&page.pods, page.failure.is_some()) {
        (Freshness::Reconnecting { why, .. }, _) if all > 0 => {
            (format!("new pods are not seen: {why}"), Role::FreshStale)
        }
        (Freshness::Reconnecting { why, .. }, _) => (format!("reconnecting: {why}"), Role::FreshStale),
        (_, failed) if all == 0 => (if failed { "nothing" } else { "connecting" }.to_owned(), Role::FreshFilling),
        _ if ended == all => ("ended".to_owned(), Role::FreshFilling),
        _ if live == 0 => ("waiting".to_owned(), Role::FreshFilling),
        _ if live == all && all == 1 => ("live".to_owned(), Role::FreshLive),
        _ => (format!("{live} of {all} live"), Role::FreshLive),
    };
    (words + &queued, role)
}

fn lost(state: &LogState) -> Option<(&Time, &str)> {
    match state {
        LogState::Reconnecting { since, why } => Some((since, why)),
        _ => None,
    }
}

/// Which part of the logs is asked for: containers, time and number of lines.
pub fn extent(key: &LogKey) -> String {
    let container = match key.container.as_deref() {
        Some(ALL_CONTAINERS) => " · all containers".to_owned(),
        Some(name) => format!(" · container {name}"),
        None => String::new(),
    };
    let since = key.since.map_or_else(String::new, |since| format!(" · last {}", human_duration(since.into())));
    let tail = match key.tail {
        Tail::Some => String::new(),
        Tail::All => " · from the beginning".to_owned(),
        Tail::Lines(lines) => format!(" · last {lines} lines"),
    };
    container + &since + &tail
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::logs::SourceId;

    fn shown(states: &[LogState], pods: Freshness) -> String {
        let mut page = LogPage::new(0);
        page.streams = (0..).map(SourceId).zip(states.iter().cloned()).collect();
        page.pods = pods;
        of_logs(&page, Time(100)).0
    }

    #[test]
    fn what_is_lost_is_said_first() {
        let lost = |since| LogState::Reconnecting { since: Time(since), why: "cut".into() };
        let (live, over) = (LogState::Live, LogState::Ended);
        let gone = Freshness::Reconnecting { since: Time(0), why: "refused".into() };
        assert_eq!(shown(&[], Freshness::Connecting), "connecting");
        assert_eq!(shown(std::slice::from_ref(&live), Freshness::Live), "live");
        assert_eq!(shown(&[lost(95)], Freshness::Live), "reconnecting for 5s: cut");
        assert_eq!(shown(&[live.clone(), lost(95), lost(90)], gone.clone()), "2 of 3 reconnecting for 10s: cut");
        assert_eq!(shown(&[live.clone(), over.clone()], Freshness::Live), "1 of 2 live");
        assert_eq!(shown(&[live], gone), "new pods are not seen: refused");
        assert_eq!(shown(&[over.clone(), over], Freshness::Live), "ended");
        assert_eq!(shown(&[LogState::Waiting], Freshness::Live), "waiting");
    }
}
