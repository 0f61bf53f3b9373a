//! Taking lines away: as text for the clipboard, as raw bytes for a file.

use super::LogScreen;
use crate::kinds::logs::LineKind;
use crate::model::Model;
use crate::model::logs::{LineRef, LogBuffer, ansi};
use crate::text::safe;
use jiff::Timestamp;
use std::io::Write as _;
use std::ops::Range;

/// Lines for a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Their bytes as the containers wrote them; of several sources, each line with kubectl's prefix.
    pub bytes: Vec<u8>,
    /// How many lines they are.
    pub lines: usize,
}

impl LogScreen {
    /// All lines that are shown, as they are shown.
    pub fn text(&mut self, model: &Model) -> String {
        self.complete(model);
        self.buffer(model).map_or_else(String::new, |buffer| self.text_of(0..u64::MAX, buffer))
    }

    /// The selected lines as they are shown, else the one that was found, else the last visible one. The selection ends.
    pub fn take_text(&mut self, model: &Model) -> String {
        self.complete(model);
        let Some(buffer) = self.buffer(model) else { return String::new() };
        let one = self.search.found().unwrap_or(self.bottom);
        let lines = self.selection().unwrap_or(one..=one);
        let text = self.text_of(*lines.start()..lines.end().saturating_add(1), buffer);
        self.selected = None;
        text
    }

    fn text_of(&self, numbers: Range<u64>, buffer: &LogBuffer) -> String {
        let mut text = String::new();
        for line in self.lines(numbers, buffer) {
            text += &safe(&self.time(&line));
            text += &safe(&self.source(&line, buffer));
            ansi::runs(line.bytes).for_each(|run| text += run.text.as_str());
            text.push('\n');
        }
        text
    }

    /// All lines of containers that are shown, as they came. A line that is kept in parts is one line again.
    pub fn raw(&mut self, model: &Model) -> Taken {
        self.complete(model);
        let mut taken = Taken::default();
        let Some(buffer) = self.buffer(model) else { return taken };
        let several = buffer.sources().len() > 1;
        let mut before = None;
        for line in self.lines(0..u64::MAX, buffer).filter(|line| line.kind != LineKind::Marker) {
            let goes_on = line.kind == LineKind::Continued && before == Some((line.source, line.number - 1));
            before = Some((line.source, line.number));
            if goes_on {
                taken.bytes.pop();
            } else {
                taken.lines += 1;
                self.head(&line, several.then_some(buffer), &mut taken.bytes);
            }
            taken.bytes.extend_from_slice(line.bytes);
            taken.bytes.push(b'\n');
        }
        taken
    }

    /// What stands before a line in a file: what kubectl writes with `--prefix` and `--timestamps`.
    fn head(&self, line: &LineRef<'_>, buffer: Option<&LogBuffer>, out: &mut Vec<u8>) {
        if let Some(source) = buffer.and_then(|buffer| buffer.sources().get(&line.source)) {
            // Writing to memory does not fail.
            let _ = write!(out, "[pod/{}/{}] ", source.pod, source.container);
        }
        let time = line.time.filter(|_| self.look.timestamps);
        if let Some(time) = time.and_then(|nanos| Timestamp::from_nanosecond(nanos.into()).ok()) {
            let _ = write!(out, "{time:.9} ");
        }
    }
}
