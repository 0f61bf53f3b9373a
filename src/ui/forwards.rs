//! `ForwardsScreen`: the port-forwards of all contexts, in the order in which they were opened.

use super::canvas::{Canvas, split_top, width};
use super::motion::{Motion, moved, scrolled};
use crate::config::Role;
use crate::kinds::forward::ForwardPhase;
use crate::model::{Forward, Model};
use ratatui::layout::Rect;

const HEADINGS: [&str; 8] = ["LOCAL", "ON", "POD", "STATE", "OPEN", "RECEIVED", "SENT", "LAST ERROR"];
/// The widest that a column but the last becomes.
const WIDEST: u16 = 48;

/// The list of port-forwards.
#[derive(Debug)]
pub struct ForwardsScreen {
    /// The context that was looked at.
    pub context: String,
    at: usize,
    top: usize,
    height: usize,
}

impl ForwardsScreen {
    /// The forwards, seen from `context`.
    pub fn new(context: String) -> Self {
        Self { context, at: 0, top: 0, height: 1 }
    }

    /// The forward under the cursor.
    pub fn selected<'a>(&self, model: &'a Model) -> Option<&'a Forward> {
        model.forwards.get(self.at.min(model.forwards.len().saturating_sub(1)))
    }

    /// Moves the cursor.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        self.at = moved(motion, self.at, model.forwards.len(), self.height);
    }

    /// Draws the list.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        let (head, body) = split_top(area);
        let len = model.forwards.len();
        self.height = usize::from(body.height).max(1);
        self.at = self.at.min(len.saturating_sub(1));
        self.top = scrolled(self.at, self.top, len, self.height);
        if len == 0 {
            let (first, rest) = split_top(body);
            canvas.text(first, " no port is forwarded", Role::Quiet);
            canvas.text(rest, " go to a pod, service or workload, and forward one of its ports", Role::Quiet);
            return;
        }
        let rows: Vec<[(String, Role); 8]> =
            model.forwards.iter().map(|forward| cells(forward, &self.context)).collect();
        let widths: Vec<u16> = (0..HEADINGS.len()).map(|column| widest(&rows, column)).collect();
        let headings = HEADINGS.map(|heading| (heading.to_owned(), Role::Heading));
        draw_row(canvas, head, &headings, &widths);
        for (y, (index, row)) in (body.y..body.bottom()).zip(rows.iter().enumerate().skip(self.top)) {
            let line = Rect { y, height: 1, ..body };
            draw_row(canvas, line, row, &widths);
            if index == self.at {
                canvas.paint(line, Role::Cursor);
            }
        }
    }
}

/// The widest text of a column.
fn widest(rows: &[[(String, Role); 8]], column: usize) -> u16 {
    let heading = HEADINGS.get(column).map_or(0, |heading| width(heading));
    let texts = rows.iter().filter_map(|row| row.get(column)).map(|(text, _)| width(text));
    texts.max().unwrap_or_default().clamp(heading, WIDEST)
}

fn draw_row(canvas: &mut Canvas<'_>, area: Rect, row: &[(String, Role); 8], widths: &[u16]) {
    let mut x = area.x + 1;
    for (index, ((text, role), width)) in row.iter().zip(widths).enumerate() {
        let room = area.right().saturating_sub(x);
        // The last column takes what is left.
        let width = if index + 1 == row.len() { room } else { (*width).min(room) };
        canvas.text(Rect { x, width, ..area }, text.as_str(), *role);
        x = x.saturating_add(width + 2).min(area.right());
    }
}

/// The texts of a forward and what they mean.
fn cells(forward: &Forward, context: &str) -> [(String, Role); 8] {
    let (state, order) = (&forward.state, &forward.order);
    let (word, tone) = phase(state.phase);
    let elsewhere = if *order.on.context == *context { String::new() } else { format!(" @{}", order.on.context) };
    // What others can reach stands out.
    let local = if order.exposed {
        (format!("{} (exposed)", forward.local()), Role::ToneWarn)
    } else {
        (forward.local().to_owned(), Role::Text)
    };
    let pod = if state.pod.is_empty() { String::new() } else { format!("{}:{}", state.pod, state.port) };
    let hint = if state.hint.is_empty() { String::new() } else { format!(" ({})", state.hint) };
    [
        local,
        (format!("{}{elsewhere}", order.on), Role::Text),
        (pod, Role::Text),
        (word.to_owned(), tone),
        (format!("{} of {}", state.open, state.connections), Role::Quiet),
        (bytes(state.received), Role::Quiet),
        (bytes(state.sent), Role::Quiet),
        (format!("{}{hint}", state.error), if tone == Role::ToneGood { Role::Quiet } else { tone }),
    ]
}

/// How a phase is called and what it means.
fn phase(phase: ForwardPhase) -> (&'static str, Role) {
    match phase {
        ForwardPhase::Resolving => ("resolving", Role::ToneBusy),
        ForwardPhase::Listening => ("listening", Role::ToneGood),
        ForwardPhase::Broken => ("broken", Role::ToneBad),
        ForwardPhase::Failed => ("failed", Role::ToneBad),
    }
}

/// `1536` as `1.5 KiB`.
fn bytes(number: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut tenths = u128::from(number) * 10;
    let mut unit = "B";
    for next in units {
        if tenths < 10_240 {
            break;
        }
        (tenths, unit) = (tenths / 1024, next);
    }
    if unit == "B" { format!("{number} B") } else { format!("{}.{} {unit}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        let shown = [0, 1_023, 1_024, 1_536, 1 << 20, u64::MAX].map(bytes);
        assert_eq!(shown, ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 MiB", "16777215.9 TiB"]);
    }
}
