//! One session with a program, as a person would have it: start, look, rest, type.

use crate::driver::{Look, Program, Terminal, rows, shows_only};
use crate::error::Result;
use crate::stats::{per_second, percent};
use crate::usage::Usage;
use std::time::{Duration, Instant};

/// The lines of the terminal in which everything but the first page is measured.
pub const LINES: u16 = 50;
/// Keys of one series: twenty down, twenty up and again, so that the cursor comes back and the list never scrolls.
const KEYS: usize = 80;
/// How long the list may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// A key that is not answered by then counts as this long.
const KEY_LIMIT: Duration = Duration::from_secs(2);

/// Moments after the start; `None` for what was not seen.
#[derive(Debug, Default)]
pub struct Load {
    /// The first frame with text.
    pub text: Option<Duration>,
    /// The first row.
    pub row: Option<Duration>,
    /// The full count.
    pub full: Option<Duration>,
}

/// What happened while nothing happened.
#[derive(Debug, Clone, Copy)]
pub struct Rest {
    /// How long it was watched.
    pub time: Duration,
    /// Frames drawn.
    pub frames: u64,
    /// Bytes written.
    pub bytes: u64,
    /// Writes, about.
    pub writes: u64,
    /// Wake-ups of all threads per second.
    pub wakeups: f64,
    /// Time on a processor, in percent of one.
    pub cpu: f64,
}

impl Rest {
    /// Frames per second.
    pub fn frame_rate(&self) -> f64 {
        per_second(self.frames, self.time)
    }
}

/// Watches the list fill.
pub fn load(terminal: &mut Terminal, program: &Program) -> Load {
    let started = terminal.started;
    let since = |at: Option<Instant>| at.map(|at| at.duration_since(started));
    let text = since(terminal.until(PATIENCE, |screen| !screen.contents().trim().is_empty()));
    let row = text.and_then(|_| since(terminal.until(PATIENCE, |screen| rows(screen, &program.row) > 0)));
    let full = row.and_then(|_| since(terminal.until(PATIENCE, |screen| program.full.is_match(&screen.contents()))));
    Load { text, row, full }
}

/// From the start to so many rows on a screen that is high enough for them.
///
/// # Errors
/// When the program cannot be started.
pub fn first_rows(program: &Program, count: u16) -> Result<Option<Duration>> {
    let mut terminal = Terminal::start(program, count + 12)?;
    let started = terminal.started;
    let seen = terminal.until(PATIENCE, |screen| rows(screen, &program.row) >= usize::from(count));
    Ok(seen.map(|at| at.duration_since(started)))
}

/// Lets the program settle for a while, then watches it do nothing; `None` when it has ended.
pub fn rest(terminal: &mut Terminal, settle: Duration, time: Duration) -> Option<(Rest, Usage)> {
    terminal.wait(settle);
    let (before, output) = (terminal.usage()?, terminal.output);
    terminal.wait(time);
    let after = terminal.usage()?;
    let rest = Rest {
        time,
        frames: terminal.output.frames - output.frames,
        bytes: terminal.output.bytes - output.bytes,
        writes: terminal.output.reads - output.reads,
        wakeups: per_second(after.switches.saturating_sub(before.switches), time),
        cpu: percent(after.cpu.saturating_sub(before.cpu), time),
    };
    Some((rest, after))
}

/// A series of keys, each sent when the screen is quiet or after a twentieth of a second.
///
/// # Errors
/// When the program has closed its terminal.
pub fn keys(terminal: &mut Terminal, program: &Program) -> Result<Vec<Duration>> {
    let quiet = |terminal: &mut Terminal| terminal.settle(Duration::from_millis(20), Duration::from_millis(50));
    (0..KEYS)
        .map(|number| {
            quiet(terminal);
            key(terminal, program, number)
        })
        .collect()
}

/// Keys from the first row to the full count.
///
/// # Errors
/// When the program cannot be started or closes its terminal.
pub fn keys_while_loading(program: &Program) -> Result<Vec<Duration>> {
    let mut terminal = Terminal::start(program, LINES)?;
    let mut times = Vec::new();
    let end = Instant::now() + PATIENCE;
    let page = usize::from(LINES / 2);
    if terminal.until(PATIENCE, |screen| rows(screen, &program.row) >= page).is_none() {
        return Ok(times);
    }
    while Instant::now() < end && !program.full.is_match(&terminal.screen().contents()) {
        times.push(key(&mut terminal, program, times.len())?);
        // Not in step with frames of 16 ms.
        terminal.wait(Duration::from_millis(5 + times.len() as u64 % 7));
    }
    Ok(times)
}

/// From a key to the screen that shows its effect.
fn key(terminal: &mut Terminal, program: &Program, number: usize) -> Result<Duration> {
    let before = Look::of(terminal.screen(), program.moves);
    let down = (number / 20).is_multiple_of(2);
    let sent = terminal.send(if down { &program.down } else { &program.up })?;
    let seen = terminal.until(KEY_LIMIT, |screen| Look::of(screen, program.moves) != before);
    Ok(seen.map_or(KEY_LIMIT, |at| at.saturating_duration_since(sent)))
}

/// How often a filter is typed.
const FILTERS: usize = 5;
/// How long a filter may take.
const FILTER_LIMIT: Duration = Duration::from_secs(20);

/// From writing the text of a filter, which leaves only rows with `text`, to the screen that shows only those.
///
/// # Errors
/// When the program has closed its terminal, or never shows them.
pub fn filters(terminal: &mut Terminal, program: &Program, text: &str) -> Result<Vec<Duration>> {
    let Some(keys) = &program.filter else { return Ok(Vec::new()) };
    let mut times = Vec::new();
    for _ in 0..FILTERS {
        terminal.send(&keys.open)?;
        terminal.settle(Duration::from_millis(100), Duration::from_millis(500));
        let sent = terminal.send(&format!("{text}{}", keys.submit))?;
        let seen = terminal.until(FILTER_LIMIT, |screen| shows_only(screen, &program.row, text));
        times.push(seen.ok_or("the filter never showed")?.saturating_duration_since(sent));
        terminal.settle(Duration::from_millis(100), Duration::from_millis(500));
        terminal.send(&keys.clear)?;
        let all = |screen: &vt100::Screen| rows(screen, &program.row) > 0 && !shows_only(screen, &program.row, text);
        terminal.until(FILTER_LIMIT, all).ok_or("the filter could not be cleared")?;
        terminal.settle(Duration::from_millis(100), Duration::from_secs(2));
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::Moves;
    use regex::Regex;

    /// A program as the driver expects it: asks for the cursor and waits for the answer, draws a page, counts up, and
    /// highlights another line after each key (50 ms later) while the title goes on changing.
    const FAKE: &str = r"
        stty raw -echo
        printf '\033[6n'; dd bs=1 count=6 >/dev/null 2>&1
        page() { for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
            printf '\033[%d;1H\033[0mtenant-%04d pod' $((n + 1)) $n; done; }
        printf '\033[?2026h\033[1;1Hpods(all) 30'; page; printf '\033[?2026l'
        sleep 0.5; printf '\033[1;1Hpods(all) 1,000 \033[2;1H\033[7mtenant-0001 %-180s\033[0m' x
        line=2
        while dd bs=1 count=1 2>/dev/null | grep -q .; do
            printf '\033[1;60Hnoise %d' $line; sleep 0.05
            printf '\033[%d;1Htenant-0001 %-180s' $line y; line=$((line + 1))
            printf '\033[%d;1H\033[7mtenant-0001 %-180s\033[0m' $line z
        done";

    fn fake() -> Program {
        Program {
            command: ["sh", "-c", FAKE].map(str::to_owned).to_vec(),
            env: Vec::new(),
            row: Regex::new(r"tenant-\d{4}\s").unwrap(),
            full: Regex::new(r"pods\(all\) 1,000 ").unwrap(),
            moves: Moves::Cursor,
            down: "j".to_owned(),
            up: "k".to_owned(),
            filter: None,
        }
    }

    #[test]
    fn a_session_measures_what_the_program_does() {
        let program = fake();
        let mut terminal = Terminal::start(&program, LINES).unwrap();
        let load = load(&mut terminal, &program);
        let (row, full) = (load.row.unwrap(), load.full.unwrap());
        assert!(load.text.unwrap() <= row && full >= row + Duration::from_millis(100), "{load:?}");
        assert_eq!(terminal.output.frames, 1);
        assert_eq!(rows(terminal.screen(), &program.row), 30);
        for number in 0..3 {
            // The last key moved the highlight in two steps: both have to be seen before the next one.
            terminal.wait(Duration::from_millis(100));
            let time = key(&mut terminal, &program, number).unwrap();
            assert!((25..1_500).contains(&time.as_millis()), "noise is no answer: {time:?}");
        }
        let (rest, usage) = rest(&mut terminal, Duration::from_millis(100), Duration::from_millis(300)).unwrap();
        assert_eq!((rest.bytes, rest.frames), (0, 0));
        assert!(rest.wakeups < 10.0 && usage.peak > 0);
    }

    #[test]
    fn a_program_that_ends_at_once_is_seen_as_such() {
        let program = Program { command: vec!["true".to_owned()], ..fake() };
        let mut terminal = Terminal::start(&program, LINES).unwrap();
        let load = load(&mut terminal, &program);
        assert!(load.text.is_none() && load.full.is_none());
        assert!(keys_while_loading(&program).unwrap().is_empty());
    }
}
