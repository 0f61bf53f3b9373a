//! Following: the watch after the list, one line for each change.

use super::backoff::spread;
use super::events::{Event, event};
use super::fault::{Fault, clean};
use super::intake::{Intake, LARGEST};
use super::part::Part;
use super::request::Form;
use super::table;
use crate::kinds::ReadError;
use http::StatusCode;
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};

/// The longest time for which the server is asked to keep a watch open.
const OPEN: Duration = Duration::from_mins(5);
/// How much later than that we end it ourselves.
const GRACE: Duration = Duration::from_secs(5);
/// A watch that the server ends so long before its time tells that something changed.
const EARLY: Duration = Duration::from_secs(15);
/// Bookmarks come each minute, so after so long the connection is dead.
const SILENCE: Duration = Duration::from_secs(90);
/// A watch that stays open for so long works; one that is closed sooner is a fault, else we would ask on and on.
const PROOF: Duration = Duration::from_secs(1);

/// How long one watch may live and be silent.
struct Limits {
    opened: Instant,
    heard: Instant,
    ends: Instant,
    bookmarks: bool,
}

impl Part {
    /// Watches from the version that we know until the server ends the watch.
    ///
    /// # Errors
    /// The fault that ended it instead; `self.version` is as far as we came.
    pub(super) async fn follow(&mut self) -> Result<(), Fault> {
        let open = OPEN * 9 / 10 + spread(OPEN / 10);
        let url = self.target.watch(&self.version, open.as_secs());
        let (answer, _) = self.request(&url, Form { encoding: self.form.encoding.in_words(), gzip: false }).await?;
        self.polling = None;
        let now = Instant::now();
        let mut limits = Limits { opened: now, heard: now, ends: now + open + GRACE, bookmarks: false };
        let mut intake = Intake::new(answer);
        let mut searched = 0;
        loop {
            let open = match timeout_at(self.patience(&limits), intake.fill()).await {
                Ok(open) => open?,
                Err(_) if !self.is_proved() => {
                    self.proved().await?;
                    continue;
                }
                Err(_) => return self.silent(&limits),
            };
            limits.heard = Instant::now();
            self.lines(&mut intake, &mut searched, &mut limits).await?;
            if !open {
                // A last line without its end counts if it is whole; if not, it is asked for again.
                let last = self.line(intake.bytes());
                return self.ended(last, &limits).await;
            }
        }
    }

    /// Until when to wait for the next bytes.
    fn patience(&self, limits: &Limits) -> Instant {
        match (self.is_proved(), self.sends_no_bookmarks) {
            (false, _) => limits.opened + PROOF,
            (true, true) => limits.ends,
            (true, false) => limits.ends.min(limits.heard + SILENCE),
        }
    }

    /// What a silence means: a dead connection, or, when this watch never had a bookmark, maybe a server that sends
    /// none (it sends none for a resource without any change since its start); then the next one may be silent.
    fn silent(&mut self, limits: &Limits) -> Result<(), Fault> {
        self.sends_no_bookmarks = !limits.bookmarks;
        let silence = limits.heard.elapsed().as_secs();
        if Instant::now() >= limits.ends {
            self.over();
            return Ok(());
        }
        Err(Fault::Down(format!("nothing from the server for {silence} seconds")))
    }

    /// Reads all lines that are complete, and sends what they changed. `searched` is how much of the last one was
    /// looked through for its end.
    async fn lines(&mut self, intake: &mut Intake, searched: &mut usize, limits: &mut Limits) -> Result<(), Fault> {
        while let Some(length) = memchr::memchr(b'\n', intake.bytes().get(*searched..).unwrap_or_default()) {
            let line = intake.bytes().get(..*searched + length).unwrap_or_default();
            let taken = line.len() + 1;
            if self.line(line)? {
                limits.bookmarks = true;
                self.sends_no_bookmarks = false;
            }
            intake.take(taken);
            *searched = 0;
            if !self.is_proved() {
                self.proved().await?;
            }
            if self.outbox.is_due() {
                self.outbox.flush().await?;
                yield_now().await;
            }
        }
        *searched = intake.bytes().len();
        if *searched > LARGEST {
            return Err(Fault::Down("an event is larger than 64 MiB".to_owned()));
        }
        self.outbox.flush().await
    }

    /// Takes one event in; whether it is a bookmark.
    fn line(&mut self, line: &[u8]) -> Result<bool, Fault> {
        if line.trim_ascii().is_empty() {
            return Ok(false);
        }
        let event = match &self.columns {
            Some(columns) => table::event(line, (&self.reader, columns), &mut self.rows, &mut self.version),
            None => event(line, &self.reader, &mut self.rows, &mut self.version),
        };
        match event {
            Ok(Event::Columns) => return Err(Fault::Columns),
            Ok(Event::Put) => self.outbox.put(&mut self.rows),
            Ok(Event::Gone(uid)) => self.outbox.gone(uid),
            Ok(Event::Bookmark) => return Ok(true),
            Ok(Event::Unknown) => {}
            Ok(Event::Error(status)) => return Err(status.fault(StatusCode::INTERNAL_SERVER_ERROR, None)),
            Err(ReadError::Incomplete) => return Err(Fault::Down("the watch sent half an event".to_owned())),
            Err(ReadError::Broken(why)) => {
                return Err(Fault::Down(clean(&format!("the watch sent something that is no event: {why}"))));
            }
        }
        Ok(false)
    }

    /// Judges the end of a watch by how long it was open, and by the `last` thing that it said.
    async fn ended(&mut self, last: Result<bool, Fault>, limits: &Limits) -> Result<(), Fault> {
        if let Err(fault @ Fault::Expired(_)) = last {
            return Err(fault);
        }
        if limits.opened.elapsed() < PROOF {
            self.outbox.flush().await?;
            return Err(Fault::Down("the server closed the watch at once".to_owned()));
        }
        self.proved().await?;
        self.over();
        // The API server ends the watches of a custom resource when its definition changes.
        if self.columns.is_some() && Instant::now() + EARLY < limits.ends {
            self.version.clear();
        }
        Ok(())
    }
}
