//! The lines around a screen: where one is, what one sees and how fresh it is, what was said, which keys act.

use super::canvas::{Canvas, split_bottom, width};
use super::fresh;
use super::list::ListScreen;
use super::screen::Screen;
use super::stack::{Hint, Stack};
use super::text::folded;
use crate::config::Role;
use crate::kinds::copy::size;
use crate::kinds::forward::ForwardPhase;
use crate::kinds::time::human_duration;
use crate::kinds::{Freshness, Time};
use crate::model::list::List;
use crate::model::notice::{Notice, Weight};
use crate::model::{Model, Namespaces, Session, SessionState, Topic, Traffic};
use ratatui::layout::Rect;

/// Columns between what is typed and what is said of it.
const GAP: u16 = 3;

/// The top line: context, cluster, version and badges at the left, freshness at the right.
pub fn draw_place(canvas: &mut Canvas<'_>, area: Rect, stack: &Stack, model: &Model) {
    canvas.paint(area, Role::Bar);
    let Some(screen) = stack.top() else { return };
    let area = match freshness(screen, model) {
        Some((text, role)) => {
            if role == Role::FreshStale {
                // It says for how long.
                canvas.changes_at(Time(canvas.now.0 + 1));
            }
            canvas.right(area, format!(" {text} "), role)
        }
        None => area,
    };
    let unknown = Session::default();
    let session = model.sessions.get(screen.context()).unwrap_or(&unknown);
    let role = if session.production { Role::BarProduction } else { Role::BarContext };
    let mut left = canvas.text(area, format!(" {} ", screen.context()), role);
    if session.read_only.is_some() {
        left = canvas.text(left, " READ-ONLY ", Role::BarReadonly);
    }
    for badge in &session.badges {
        left = canvas.text(left, format!(" {badge} "), Role::BarReadonly);
    }
    let cluster = if session.cluster.is_empty() || session.cluster == screen.context() { "" } else { &session.cluster };
    let state = match &session.state {
        SessionState::Ready { version, .. } => version.as_str(),
        SessionState::Connecting => "connecting …",
        SessionState::SigningIn { .. } => "signing in …",
        SessionState::Failed { .. } => "not connected",
        SessionState::Unused => "",
    };
    for part in [cluster, state].into_iter().filter(|part| !part.is_empty()) {
        left = canvas.text(left, format!(" {part}"), Role::Bar);
    }
    if let Screen::List(list) = screen {
        left = canvas.text(left, format!(" · {}", namespaces(list)), Role::Bar);
    }
    if stack.shows_traffic {
        left = draw_traffic(canvas, left, session.traffic);
        if let Some(name) = session.identity.as_deref().filter(|name| !name.is_empty()) {
            left = canvas.text(left, format!(" · you are {name}"), Role::Bar);
        }
    }
    let left = draw_copies(canvas, left, model);
    draw_forwards(canvas, left, model);
}

/// What was sent to the server and what came back, looked at again every second.
fn draw_traffic(canvas: &mut Canvas<'_>, area: Rect, Traffic { requests, bytes }: Traffic) -> Rect {
    canvas.changes_at(Time(canvas.now.0 + 1));
    let requests = thousands(usize::try_from(requests).unwrap_or(usize::MAX));
    canvas.text(area, format!(" · {requests} requests, {}", size(bytes)), Role::Bar)
}

/// How far copies from and to containers are.
fn draw_copies(canvas: &mut Canvas<'_>, area: Rect, model: &Model) -> Rect {
    match model.copies.as_slice() {
        [] => area,
        [one] => canvas.text(area, format!(" · copying {}", one.count), Role::Bar),
        [one, more @ ..] => canvas.text(area, format!(" · copying {}, and {} more", one.count, more.len()), Role::Bar),
    }
}

/// How many ports are forwarded, and how many of those do not work now.
fn draw_forwards(canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
    let count = |phases: &[ForwardPhase]| model.forwards.iter().filter(|f| phases.contains(&f.state.phase)).count();
    let open = count(&[ForwardPhase::Listening, ForwardPhase::Resolving, ForwardPhase::Broken]);
    if open == 0 {
        return;
    }
    let left = canvas.text(area, format!(" · {open} forwarded"), Role::Bar);
    let broken = count(&[ForwardPhase::Broken]);
    if broken > 0 {
        canvas.text(left, format!(", {broken} broken"), Role::FreshStale);
    }
}

/// What the list says about namespaces.
fn namespaces(list: &ListScreen) -> String {
    match &list.key.scope.namespaces {
        _ if !list.key.kind.names().namespaced => "cluster-scoped".to_owned(),
        Namespaces::All => "all namespaces".to_owned(),
        only @ Namespaces::Only(_) => only.to_string(),
    }
}

/// How fresh what the screen shows is, in words and colour.
fn freshness(screen: &Screen, model: &Model) -> Option<(String, Role)> {
    let list = match screen {
        Screen::List(list) => model.lists.get(&list.key)?,
        Screen::Logs(logs) => return model.logs.get(&logs.key).map(|page| fresh::of_logs(page, model.now())),
        Screen::Yaml(yaml) => return yaml.page(model).map(|page| fresh::of_object(page, model.now())),
        _ => return None,
    };
    Some(match list.freshness() {
        Freshness::Live => ("live".to_owned(), Role::FreshLive),
        Freshness::Polling { .. } => ("listed again now and then".to_owned(), Role::FreshStale),
        Freshness::Connecting => ("connecting".to_owned(), Role::FreshFilling),
        Freshness::Filling { total } => (filling(list.store.len(), total), Role::FreshFilling),
        Freshness::Reconnecting { since, why } => {
            (format!("reconnecting for {}: {why}", human_duration(model.now().seconds_since(since))), Role::FreshStale)
        }
        Freshness::Forbidden { .. } => ("forbidden".to_owned(), Role::FreshStale),
        Freshness::Refused { .. } => ("refused".to_owned(), Role::FreshStale),
        Freshness::NotServed { .. } if list.was_served() => ("not served any more".to_owned(), Role::FreshStale),
        Freshness::NotServed { .. } => ("not served".to_owned(), Role::FreshStale),
    })
}

/// How far a list is.
fn filling(have: usize, total: Option<u64>) -> String {
    let have = have as u64;
    match total.filter(|total| *total > have) {
        Some(total) => {
            let about = thousands(usize::try_from(total).unwrap_or(usize::MAX));
            format!("filling {} % of about {about}", have * 100 / total)
        }
        None => "filling".to_owned(),
    }
}

/// The title: what the screen is, and what hides or orders what it shows.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, stack: &Stack, model: &Model) {
    if let Some(screen) = stack.top() {
        screen.view().draw_title(canvas, area, model);
    }
}

/// What is searched for or filtered by, behind its sign.
pub(super) fn draw_asked(canvas: &mut Canvas<'_>, area: Rect, (sign, text): (&str, &str)) -> Rect {
    if text.is_empty() {
        return area;
    }
    let left = canvas.text(area, " · ", Role::Quiet);
    canvas.text(left, format!("{sign}{text}"), Role::Key)
}

pub(super) fn draw_list_title(canvas: &mut Canvas<'_>, area: Rect, screen: &ListScreen, model: &Model) {
    let scope = &screen.key.scope;
    let names = screen.key.kind.names();
    let inside = if names.namespaced { format!("({})", scope.namespaces) } else { String::new() };
    let mut left = canvas.text(area, format!(" {}{inside}", names.plural), Role::Title);
    if let Some(list) = model.lists.get(&screen.key) {
        left = draw_counts(canvas, left, screen, list);
    }
    let marked = screen.marked().len();
    if marked > 0 {
        left = canvas.text(left, " · ", Role::Quiet);
        left = canvas.text(left, format!("{marked} marked"), Role::Marked);
    }
    let of = screen.owner.as_ref().map(|(_, name)| format!("of {name}"));
    let fields = scope.fields.as_ref().map(|fields| format!("--field-selector {fields}"));
    let server = [scope.labels.as_ref().map(|labels| format!("-l {labels}")), fields];
    for text in of.into_iter().chain(server.into_iter().flatten()) {
        left = canvas.text(left, format!(" · {text}"), Role::Quiet);
    }
    let state = model.lists.get(&screen.key).and_then(|list| list.joins.as_ref()?.state());
    if let Some(state) = state.filter(|_| screen.joins().iter().any(|topic| matches!(topic, Topic::Usage(_)))) {
        left = canvas.text(left, format!(" · {state}"), Role::Quiet);
    }
    if let Some(other) = screen.key.kind.replaced_by() {
        left = canvas.text(left, format!(" · deprecated: {other}"), Role::Quiet);
    }
    if !screen.habit.filter.is_empty() {
        let role = if screen.filter_error.is_some() { Role::NoticeError } else { Role::Key };
        left = canvas.text(left, " · ", Role::Quiet);
        canvas.text(left, format!("/{}", screen.habit.filter), role);
    }
}

/// `1,204 · 3 failing · 2 pending`; `12 of 1,204` when a filter hides the others.
fn draw_counts(canvas: &mut Canvas<'_>, area: Rect, screen: &ListScreen, list: &List) -> Rect {
    let (shown, all) = (screen.len(), list.store.len());
    let hides = screen.is_filtered() || screen.owner.is_some();
    let count = if hides && shown != all {
        format!(" {} of {}", thousands(shown), thousands(all))
    } else {
        format!(" {}", thousands(shown))
    };
    let mut left = canvas.text(area, count, Role::Text);
    let counts = screen.counts();
    for (number, word, role) in
        [(counts.failing, "failing", Role::ToneBad), (counts.pending, "pending", Role::ToneBusy)]
    {
        if number > 0 {
            left = canvas.text(left, " · ", Role::Quiet);
            left = canvas.text(left, format!("{} {word}", thousands(number)), role);
        }
    }
    left
}

/// `1204567` as `1,204,567`.
pub fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// What is wrong with the filter that is being typed: beside it, or above it where there is not enough room.
pub fn draw_filter_error(canvas: &mut Canvas<'_>, (beside, above): (Rect, Rect), stack: &Stack) {
    let text = match stack.list() {
        Some(ListScreen { filter_error: Some(error), .. }) => format!("{} – {}", error.sentence, error.hint),
        _ => return,
    };
    if width(&text) + GAP <= beside.width {
        canvas.text(Rect { x: beside.x + GAP, width: beside.width - GAP, ..beside }, text, Role::NoticeError);
    } else {
        say(canvas, above, &text, Role::NoticeError);
    }
}

/// The last row of `area`: what was said last, else what may follow the keys pressed so far, else the hints.
pub fn draw_foot(canvas: &mut Canvas<'_>, area: Rect, stack: &Stack, model: &Model) {
    let hints = if stack.pending.is_empty() { &stack.hints } else { &stack.pending };
    let notice = model.notices.current(canvas.now).filter(|_| stack.pending.is_empty());
    if let Some(expires) = model.notices.expires().filter(|at| *at > canvas.now) {
        canvas.changes_at(expires);
    }
    match notice {
        Some(notice) => draw_notice(canvas, area, notice),
        None => draw_hints(canvas, split_bottom(area).1, hints),
    }
}

/// As many of the keys as there is room for, and what they do.
fn draw_hints(canvas: &mut Canvas<'_>, area: Rect, hints: &[Hint]) {
    let mut left = area;
    for hint in hints {
        if left.width < width(&hint.key) + width(&hint.help) + 3 {
            break;
        }
        left = canvas.text(left, format!(" {}", hint.key), if hint.possible { Role::Key } else { Role::Quiet });
        left = canvas.text(left, format!(" {} ", hint.help), Role::Quiet);
    }
}

/// What was said.
fn draw_notice(canvas: &mut Canvas<'_>, area: Rect, notice: &Notice) {
    let role = match notice.weight {
        Weight::Info => Role::NoticeInfo,
        Weight::Warning => Role::NoticeWarn,
        Weight::Error => Role::NoticeError,
    };
    say(canvas, area, &notice.line(), role);
}

/// Says all of `text`: what has no room on the last row of `area` begins above it.
fn say(canvas: &mut Canvas<'_>, area: Rect, text: &str, role: Role) {
    let rows = folded(text, area.width.saturating_sub(2));
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX).clamp(1, area.height.max(1));
    let area = Rect { y: area.bottom().saturating_sub(height), height, ..area };
    canvas.clear(area);
    canvas.lines(area, rows.into_iter().map(|row| (format!(" {row}"), role)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_204_567].map(thousands), ["0", "999", "1,000", "1,204,567"]);
    }
}
