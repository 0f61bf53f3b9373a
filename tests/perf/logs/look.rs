//! What rutter's screen says of logs.

use crate::driver::COLUMNS;
use vt100::Screen;

/// The rows above the lines.
fn head(screen: &Screen) -> String {
    screen.rows(0, COLUMNS).take(2).collect::<Vec<_>>().join("\n")
}

/// How many lines are held, as the title says it; 0 when it does not.
pub fn count(screen: &Screen) -> u64 {
    let head = head(screen);
    let before = head.split(" lines").next().filter(|before| before.len() < head.len()).unwrap_or_default();
    let number = before.rsplit(' ').next().unwrap_or_default().replace(',', "");
    number.parse().unwrap_or(0)
}

/// Whether the newest line is followed.
pub fn is_live(screen: &Screen) -> bool {
    head(screen).contains("following")
}

/// How many streams are live of how many.
pub fn streams(screen: &Screen) -> (u64, u64) {
    let head = head(screen);
    let mut words = head.split(" of ");
    let (before, behind) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let number = |word: Option<&str>| word.and_then(|word| word.parse().ok()).unwrap_or(0);
    (number(before.rsplit(' ').next()), number(behind.split(' ').next()))
}

/// Whether a line of the log, not the prompt, shows `text`.
pub fn found(screen: &Screen, text: &str) -> bool {
    screen.rows(0, COLUMNS).any(|row| row.contains("level=") && row.contains(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vt100::Parser;

    fn screen(text: &str) -> Parser {
        let mut parser = Parser::new(5, COLUMNS, 0);
        parser.process(text.as_bytes());
        parser
    }

    #[test]
    fn the_title_is_read() {
        let parser =
            screen(" mock    99 of 130 live\r\n logs of pod a/b  1,234,567 lines · following\r\nlevel=info line=7 x");
        let screen = parser.screen();
        assert_eq!((count(screen), is_live(screen), streams(screen)), (1_234_567, true, (99, 130)));
        assert!(found(screen, "line=7 ") && !found(screen, "pod a/b"));
        let parser = super::tests::screen(" mock\r\n logs · standing still");
        assert_eq!((count(parser.screen()), is_live(parser.screen()), streams(parser.screen())), (0, false, (0, 0)));
    }
}
