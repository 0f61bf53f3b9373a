//! `RolloutScreen`: how far the rollout of a workload is, which of its pods are in trouble, and why.

use super::canvas::Canvas;
use super::motion::{Motion, moved};
use super::text::{Fold, StyledLine};
use crate::config::Role;
use crate::kinds::rollout::{Phase, Progress, Report};
use crate::kinds::{Cell, Row, Tone};
use crate::model::{Model, ObjectKey};
use ratatui::layout::Rect;

/// Columns of the bar.
const BAR: u32 = 40;
/// Cells of a pod that are shown: name, ready, status, restarts, age.
const POD: [usize; 5] = [0, 1, 2, 3, 4];
/// Cells of an event that are shown: last seen, type, reason, message.
const EVENT: [usize; 4] = [0, 1, 2, 6];

/// The rollout of a workload on the screen.
#[derive(Debug)]
pub struct RolloutScreen {
    /// Whose.
    pub key: ObjectKey,
    top: usize,
    height: usize,
}

impl RolloutScreen {
    /// The rollout of `key`.
    pub fn new(key: ObjectKey) -> Self {
        Self { key, top: 0, height: 1 }
    }

    /// Scrolls.
    pub fn step(&mut self, motion: Motion, model: &Model) {
        let lines = self.report(model).map_or(0, |report| report.pods.len() + report.events.len() + 8);
        let last = (lines + 1).saturating_sub(self.height).max(1);
        self.top = moved(motion, self.top, last, self.height);
    }

    fn report<'a>(&self, model: &'a Model) -> Option<&'a Report> {
        model.rollouts.get(&self.key)
    }

    /// What the title says about how it goes.
    pub fn state(&self, model: &Model) -> (&'static str, Role) {
        match self.report(model).and_then(|report| report.progress.as_ref()).map(|progress| progress.phase) {
            None => ("reading …", Role::Quiet),
            Some(Phase::Waiting) => ("rolling out", Role::ToneBusy),
            Some(Phase::Done) => ("done", Role::ToneGood),
            Some(Phase::Failed) => ("failed", Role::ToneBad),
        }
    }

    /// Draws it.
    pub fn draw(&mut self, canvas: &mut Canvas<'_>, area: Rect, model: &Model) {
        self.height = usize::from(area.height).max(1);
        let Some(report) = self.report(model) else { return };
        let lines = lines(report, canvas);
        self.top = self.top.min(lines.len().saturating_sub(1));
        let mut rest = Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area };
        for line in lines.iter().skip(self.top) {
            let drawn = line.draw(canvas, rest, (Fold::Wrapped, 0));
            rest = Rect { y: rest.y + drawn, height: rest.height.saturating_sub(drawn), ..rest };
        }
    }
}

/// Everything that is told, line by line.
fn lines(report: &Report, canvas: &mut Canvas<'_>) -> Vec<StyledLine> {
    let mut lines = Vec::new();
    if !report.stale.is_empty() {
        lines.push(line(canvas, &[(&report.stale, Role::FreshStale)]));
    }
    match &report.progress {
        Some(progress) => lines.extend(progress_lines(progress, canvas)),
        None => lines.push(line(canvas, &[("loading …", Role::Quiet)])),
    }
    for (title, rows, cells) in
        [("PODS THAT ARE NOT READY", &report.pods, &POD[..]), ("EVENTS", &report.events, &EVENT[..])]
    {
        if !rows.is_empty() {
            lines.push(StyledLine::default());
            lines.push(line(canvas, &[(title, Role::Heading)]));
            lines.extend(table(rows, cells, canvas));
        }
    }
    lines
}

/// The sentence, the bar with its numbers, and the reason.
fn progress_lines(progress: &Progress, canvas: &Canvas<'_>) -> Vec<StyledLine> {
    let role = match progress.phase {
        Phase::Waiting => Role::Text,
        Phase::Done => Role::ToneGood,
        Phase::Failed => Role::ToneBad,
    };
    let mut lines = vec![line(canvas, &[(&progress.sentence, role)])];
    if !progress.detail.is_empty() {
        lines.push(line(canvas, &[(&progress.detail, Role::NoticeWarn)]));
    }
    let (usable, updated) = (share(progress.usable, progress.wanted), share(progress.updated, progress.wanted));
    let bar = |sign: &str, columns: u32| sign.repeat(usize::try_from(columns).unwrap_or_default());
    let Progress { wanted, updated: new, usable: ready, old, .. } = progress;
    let old = if *old == 0 { String::new() } else { format!(" · {old} old") };
    let parts = [
        (bar("█", usable), Role::ToneGood),
        (bar("▓", updated.saturating_sub(usable)), Role::ToneBusy),
        (bar("░", BAR - updated.max(usable)), Role::Quiet),
        (format!("  {ready} of {wanted} ready"), Role::Text),
        (format!(" · {new} updated{old}"), Role::Quiet),
    ];
    lines.push(StyledLine::default());
    lines.push(line(canvas, &parts.each_ref().map(|(text, role)| (text.as_str(), *role))));
    lines
}

/// How many columns of the bar `part` of `whole` takes.
fn share(part: u32, whole: u32) -> u32 {
    BAR.saturating_mul(part.min(whole)).checked_div(whole).unwrap_or(BAR)
}

/// Rows with their cells below each other.
fn table(rows: &[Row], cells: &[usize], canvas: &mut Canvas<'_>) -> Vec<StyledLine> {
    let empty = Cell::text("");
    let mut texts: Vec<Vec<(String, Tone)>> = Vec::new();
    for row in rows {
        let cells = cells.iter().map(|cell| row.cells.get(*cell).unwrap_or(&empty));
        let shown = cells.map(|cell| (canvas.show(cell), cell.tone));
        texts.push(shown.collect());
    }
    let width = |column: usize| {
        let all = texts.iter().filter_map(|row| row.get(column));
        all.map(|(text, _)| super::canvas::width(text)).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..cells.len()).map(|column| usize::from(width(column))).collect();
    let drawn = texts.iter().map(|row| {
        let mut styled = StyledLine::default();
        for ((text, tone), width) in row.iter().zip(&widths) {
            styled.push(&format!("{text:<width$}  "), canvas.style(super::list::role(*tone)));
        }
        styled
    });
    drawn.collect()
}

fn line(canvas: &Canvas<'_>, parts: &[(&str, Role)]) -> StyledLine {
    let mut line = StyledLine::default();
    for (text, role) in parts {
        line.push(text, canvas.style(*role));
    }
    line
}
