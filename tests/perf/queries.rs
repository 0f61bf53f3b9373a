//! What programs ask a terminal, and what this one answers; also where their frames end.

/// The beginning and the end of a synchronized update: of a frame that is shown at once.
const FRAME_BEGIN: &[u8] = b"\x1b[?2026h";
const FRAME_END: &[u8] = b"\x1b[?2026l";

/// Looks through the output of a program, also where a sequence is split between two reads.
#[derive(Default)]
pub struct Queries {
    tail: Vec<u8>,
    /// Whether a frame has begun and not ended: nobody sees the screen as it is then.
    pub within_frame: bool,
}

/// What was found in one piece of output.
pub struct Found {
    /// To be written back to the program.
    pub answers: String,
    /// How many frames ended.
    pub frames: u64,
}

impl Queries {
    /// Goes through the next piece; `cursor` is line and column from 0.
    pub fn answers(&mut self, bytes: &[u8], (line, column): (u16, u16)) -> Found {
        let known: [(&[u8], String); 4] = [
            (b"\x1b[6n", format!("\x1b[{};{}R", line + 1, column + 1)),
            (b"\x1b[?u", "\x1b[?0u".to_owned()),
            (b"\x1b[>c", "\x1b[>0;0;0c".to_owned()),
            (b"\x1b[c", "\x1b[?62;22c".to_owned()),
        ];
        let seen = self.tail.len();
        self.tail.extend_from_slice(bytes);
        let times = |sequence: &[u8]| ends(&self.tail, sequence).filter(|end| *end > seen).count();
        let answers = known.iter().map(|(query, answer)| answer.repeat(times(query))).collect();
        let frames = times(FRAME_END) as u64;
        let (begin, end) = (ends(&self.tail, FRAME_BEGIN).last(), ends(&self.tail, FRAME_END).last());
        if begin.max(end).is_some_and(|at| at > seen) {
            self.within_frame = begin > end;
        }
        let keep = self.tail.len().saturating_sub(FRAME_END.len() - 1);
        self.tail.drain(..keep);
        Found { answers, frames }
    }
}

/// The positions right behind each occurrence.
fn ends<'a>(bytes: &'a [u8], sequence: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    bytes.windows(sequence.len()).enumerate().filter(move |(_, w)| *w == sequence).map(move |(at, w)| at + w.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_query_is_answered_once_wherever_the_output_is_split() {
        let output = b"text\x1b[?2026h\x1b[6n more \x1b[?u\x1b[c\x1b[?2026l.";
        for split in 0..output.len() {
            let mut queries = Queries::default();
            let (first, second) = output.split_at(split);
            let first = queries.answers(first, (0, 4));
            assert_eq!(queries.within_frame, (12..37).contains(&split), "split at {split}");
            let second = queries.answers(second, (0, 4));
            assert!(!queries.within_frame);
            assert_eq!(first.answers + &second.answers, "\x1b[1;5R\x1b[?0u\x1b[?62;22c", "split at {split}");
            assert_eq!(first.frames + second.frames, 1, "split at {split}");
        }
    }
}
