//! The health of an API server, check by check: `/livez` and `/readyz`.

use super::cluster::field_of;
use crate::cluster::gate::Reader;
use crate::kinds::answer::{Answer, Line};
use crate::kinds::{Cell, Tone};

/// Adds what the server says of itself: a line for each endpoint, and one for each check that fails.
pub(super) async fn report(reader: &Reader, answer: &mut Answer) {
    let (live, ready) = tokio::join!(reader.text("/livez?verbose"), reader.text("/readyz?verbose"));
    for (name, result) in [("/livez", live), ("/readyz", ready)] {
        match result {
            Ok(text) => answer.lines.extend(checks(name, &text)),
            Err(problem) => answer.push(field_of(name, Cell::text(problem.sentence).tone(Tone::Warn))),
        }
    }
}

/// How many checks pass, and which do not. The server writes `[+]ping ok` and `[-]etcd failed: reason withheld`.
fn checks(name: &str, text: &str) -> Vec<Line> {
    let passed = text.lines().filter(|line| line.starts_with("[+]")).count();
    let failed: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("[-]")).collect();
    let all = passed + failed.len();
    let (sum, tone) = match (all, failed.len()) {
        (0, _) => (text.lines().next().unwrap_or_default().to_owned(), Tone::Plain),
        (all, 0) => (format!("ok, {all} checks"), Tone::Good),
        (all, bad) => (format!("{bad} of {all} checks fail"), Tone::Bad),
    };
    let mut lines = vec![field_of(name, Cell::text(sum).tone(tone))];
    lines.extend(failed.into_iter().map(|check| field_of("", Cell::text(check).tone(Tone::Bad))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::Time;

    fn shown(text: &str) -> Vec<String> {
        checks("/livez", text).iter().map(|line| line.show(Time(0))).collect()
    }

    #[test]
    fn checks_that_fail_are_named() {
        assert_eq!(shown("[+]ping ok\n[+]log ok\nlivez check passed\n"), ["  /livez                ok, 2 checks"]);
        assert_eq!(
            shown("[+]ping ok\n[-]etcd failed: reason withheld\n"),
            ["  /livez                1 of 2 checks fail", "                        etcd failed: reason withheld",]
        );
        assert_eq!(shown("ok"), ["  /livez                ok"]);
    }
}
