//! What passing requests tell: how many there were, the server's warnings, how far our clock is off.

use crate::text::safe;
use http::{HeaderMap, header};
use jiff::fmt::rfc2822::DateTimeParser;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;

/// Skew that is not known yet.
const UNKNOWN: i64 = i64::MIN;

/// Figures of one connection, shared by its clients.
#[derive(Debug)]
pub struct Meter {
    requests: AtomicU64,
    bytes: AtomicU64,
    skew: AtomicI64,
}

impl Default for Meter {
    fn default() -> Self {
        Self { requests: AtomicU64::new(0), bytes: AtomicU64::new(0), skew: AtomicI64::new(UNKNOWN) }
    }
}

impl Meter {
    /// Requests sent so far, replays included.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Bytes that came as bodies of answers so far, packed as they came.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// A request is about to leave.
    pub fn sent(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// So many bytes have come.
    pub fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Seconds by which the server's clock is ahead of ours, good to about two; `None` before the first answer.
    pub fn skew(&self) -> Option<i64> {
        Some(self.skew.load(Ordering::Relaxed)).filter(|skew| *skew != UNKNOWN)
    }
}

/// Looks at what passes.
#[derive(Debug, Clone, Default)]
pub struct Observer {
    /// Where figures go.
    pub meter: Arc<Meter>,
    /// Where the server's warnings go, made safe; one that finds no room is dropped.
    pub warnings: Option<mpsc::Sender<String>>,
}

impl Observer {
    /// An answer with these headers has come.
    pub fn response(&self, headers: &HeaderMap) {
        if let Some(server) = headers.get(header::DATE).and_then(|value| moment(value.to_str().ok()?)) {
            self.meter.skew.store(server.saturating_sub(now()), Ordering::Relaxed);
        }
        let Some(warnings) = &self.warnings else { return };
        for warning in self::warnings(headers) {
            // A full channel means that more are waiting than anyone will read.
            let _ = warnings.try_send(warning);
        }
    }
}

/// What the server warns of in the headers of an answer, made safe.
pub fn warnings(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let texts = headers.get_all(header::WARNING).into_iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    texts.map(|text| safe(&warning_text(&text)).into_owned())
}

/// Seconds since 1970 of `Mon, 23 Nov 2026 15:47:08 GMT`.
fn moment(date: &str) -> Option<i64> {
    DateTimeParser::new().parse_timestamp(date).ok().map(jiff::Timestamp::as_second)
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(since).unwrap_or(UNKNOWN)
}

/// The text of a `Warning` header, `299 - "text"` (RFC 7234); the whole of it when it has another form.
fn warning_text(value: &str) -> String {
    let Some((_, quoted)) = value.split_once('"') else { return value.to_owned() };
    let mut text = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '"' => break,
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn warnings_are_unquoted_and_safe() {
        let (sender, mut receiver) = mpsc::channel(1);
        let observer = Observer { warnings: Some(sender), ..Observer::default() };
        let mut headers = HeaderMap::new();
        headers.append("warning", HeaderValue::from_static(r#"299 - "policy/v1beta1 is \"old\"""#));
        headers.append("warning", HeaderValue::from_static("dropped: no room"));
        observer.response(&headers);
        assert_eq!(receiver.try_recv().unwrap(), "policy/v1beta1 is \"old\"");
        assert!(receiver.try_recv().is_err());
        assert_eq!(warning_text("no quotes"), "no quotes");
        assert_eq!(warning_text("299 - \"open"), "open");
    }

    #[test]
    fn the_date_tells_the_skew() {
        assert_eq!(moment("Mon, 23 Nov 2026 15:32:56 GMT"), Some(1_795_447_976));
        let observer = Observer::default();
        assert_eq!(observer.meter.skew(), None);
        let mut headers = HeaderMap::new();
        headers.insert("date", HeaderValue::from_static("nonsense"));
        observer.response(&headers);
        assert_eq!(observer.meter.skew(), None);
        headers.insert("date", HeaderValue::from_static("Mon, 23 Nov 2026 15:32:56 GMT"));
        observer.response(&headers);
        let skew = observer.meter.skew().unwrap();
        assert!((skew - (1_795_447_976 - now())).abs() <= 1, "{skew}");
    }
}
