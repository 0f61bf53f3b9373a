//! `Part`: the life of one watch. It lists, follows, and after a fault rests and goes on from where it was.

use super::Start;
use super::backoff::{Backoff, spread};
use super::clock::Clock;
use super::fault::{self, Fault};
use super::outbox::Outbox;
use super::request::{Form, Target, get};
use super::split::{Encoding, Reader};
use crate::cluster::greet::Greeting;
use crate::kinds::table::Columns;
use crate::kinds::{Freshness, Row, Time};
use http::Response;
use kube::client::Body;
use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How long the server may take to begin its answer.
const ANSWER: Duration = Duration::from_secs(30);
/// How often we look whether something that was refused is allowed, or served, by now.
const PROBE: Duration = Duration::from_mins(1);
/// How often we list where we may not watch.
const POLL: Duration = Duration::from_secs(10);
/// After so long without a fault the next one is a first one.
const GOOD: Duration = Duration::from_mins(1);

/// A watch of one kind in one namespace, or in all.
pub(super) struct Part {
    client: kube::Client,
    pub(super) target: Target,
    pub(super) reader: Reader,
    /// What the server will say of itself, while it has not.
    greeting: Option<Greeting>,
    pub(super) first_page: u32,
    pub(super) outbox: Outbox,
    pub(super) rows: Vec<Row>,
    /// Whether a list was complete once: the table is filled.
    pub(super) complete: bool,
    /// From where to watch; empty when we must list.
    pub(super) version: String,
    /// When the last list was complete.
    listed: Instant,
    /// Since when nothing works.
    since: Option<Time>,
    /// Since when a watch works.
    good: Option<Instant>,
    /// Why we may list but not watch.
    pub(super) polling: Option<String>,
    /// Whether the last watch failed before it worked: then a list alone makes nothing live.
    watch_failed: bool,
    /// In which form lists are asked for.
    pub(super) form: Form,
    /// Whether this server lets a quiet watch pass without bookmarks.
    pub(super) sends_no_bookmarks: bool,
    /// The columns, when the last list was a table.
    pub(super) columns: Option<Columns>,
    backoff: Backoff,
}

impl Part {
    pub(super) fn new(client: kube::Client, what: (Target, Reader), first_page: u32, outbox: Outbox) -> Self {
        let (target, reader) = what;
        let encoding = Encoding::of(reader.kind);
        Self {
            client,
            target,
            reader,
            greeting: None,
            first_page,
            outbox,
            rows: Vec::new(),
            complete: false,
            version: String::new(),
            listed: Instant::now(),
            since: None,
            good: None,
            polling: None,
            watch_failed: false,
            form: Form { encoding, gzip: false },
            sends_no_bookmarks: false,
            columns: None,
            backoff: Backoff::new(),
        }
    }

    /// The same part, which begins like this.
    pub(super) fn begun(self, start: Start) -> Self {
        match start {
            Start::Greeted => self,
            Start::Ahead(greeting) => Self { greeting: Some(greeting), ..self },
            Start::From(version) => Self { version, ..self },
        }
    }

    /// Lives until nobody listens. When this computer slept, whatever it waits for is given up and begun anew.
    pub(super) async fn run(mut self, lists: Arc<Semaphore>, wall: fn() -> SystemTime) {
        let mut clock = Clock::new(wall);
        let listener = self.outbox.listener();
        loop {
            let turn = tokio::select! {
                turn = self.turn(&lists) => turn,
                () = clock.jumped() => Err(Fault::Woke),
                () = listener.closed() => return,
            };
            let told = match turn {
                Ok(()) => Ok(()),
                Err(Fault::Woke) => self.woke().await,
                Err(fault) => Err(fault),
            };
            if told.is_err() {
                return;
            }
        }
    }

    /// Lists if it must, and watches until that ends; rests if there was a fault. Can be dropped at any await.
    ///
    /// # Errors
    /// When nobody listens.
    async fn turn(&mut self, lists: &Semaphore) -> Result<(), Fault> {
        if self.version.is_empty() {
            let permit = lists.acquire().await;
            let listed = self.list().await;
            drop(permit);
            self.greeted().await;
            match listed {
                Ok(version) => self.listed(version).await?,
                Err(Fault::Columns) => return Ok(()),
                Err(fault) => return self.rest(fault).await,
            }
        }
        if self.version.is_empty() {
            return self.poll("the server gives no version to watch from".to_owned()).await;
        }
        match self.follow().await {
            Ok(()) => Ok(()),
            Err(Fault::Forbidden(why) | Fault::NoVerb(why)) => self.poll(why).await,
            Err(Fault::Columns) => {
                self.over();
                self.version.clear();
                Ok(())
            }
            Err(fault) => self.lost(fault).await,
        }
    }

    /// Waits until it is known what the server is, when it was asked before that. If that is never known, whoever asks for
    /// it tells why, and ends this.
    pub(super) async fn greeted(&mut self) {
        let Some(mut greeting) = self.greeting.clone() else { return };
        let server = greeting.wait_for(Option::is_some).await.ok().and_then(|server| *server);
        let Some(server) = server else { return pending().await };
        self.reader.server = server;
        self.greeting = None;
    }

    /// Asks for `url` in a form, and returns the answer when it is a success, with the encoding that it has.
    pub(super) async fn request(&self, url: &str, form: Form) -> Result<(Response<Body>, Encoding), Fault> {
        let request = get(url, form).map_err(|error| Fault::Down(fault::clean(&error.to_string())))?;
        let answer = match timeout(ANSWER, self.client.send(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Fault::of_error(&error)),
            Err(_) => return Err(Fault::Down(format!("no answer for {} seconds", ANSWER.as_secs()))),
        };
        if !answer.status().is_success() {
            return Err(Fault::of_answer(answer).await);
        }
        let encoding = fault::encoding(answer.headers())?;
        Ok((answer, encoding))
    }

    /// Notes that a list is complete, and says how fresh it makes us.
    async fn listed(&mut self, version: String) -> Result<(), Fault> {
        self.version = version;
        self.listed = Instant::now();
        self.complete = true;
        match (&self.polling, self.watch_failed) {
            (Some(why), _) => {
                let state = Freshness::Polling { why: why.clone() };
                self.since = None;
                self.outbox.fresh(state).await
            }
            (None, true) => self.outbox.flush().await,
            (None, false) => self.outbox.fresh(Freshness::Live).await,
        }
    }

    /// Notes that the watch works.
    pub(super) async fn proved(&mut self) -> Result<(), Fault> {
        self.good = Some(Instant::now());
        self.since = None;
        self.watch_failed = false;
        self.outbox.fresh(Freshness::Live).await
    }

    /// Whether the watch works by now.
    pub(super) const fn is_proved(&self) -> bool {
        self.good.is_some()
    }

    /// Notes that the watch that worked is over; whether it worked for so long that what comes is a first fault.
    pub(super) fn over(&mut self) -> bool {
        let good = self.good.take();
        self.watch_failed = good.is_none();
        let long = good.is_some_and(|since| since.elapsed() >= GOOD);
        if long {
            self.backoff = Backoff::new();
        }
        long
    }

    /// Goes on after a watch was lost: with a new list if the old version is of no use.
    async fn lost(&mut self, fault: Fault) -> Result<(), Fault> {
        let long = self.over();
        if matches!(fault, Fault::Expired(_) | Fault::NotServed(_)) {
            self.version.clear();
        }
        match fault {
            Fault::Expired(_) if long => self.reconnecting("the watch expired; listing again".to_owned()).await,
            fault => self.rest(fault).await,
        }
    }

    /// Waits until it is time to list again where we may not watch. A right that was lost in the middle of a watch
    /// makes us list at once: that tells whether the list is forbidden as well.
    async fn poll(&mut self, why: String) -> Result<(), Fault> {
        self.over();
        self.watch_failed = false;
        self.version.clear();
        let next = self.listed + POLL + spread(POLL / 5);
        if next > Instant::now() {
            self.since = None;
            self.outbox.fresh(Freshness::Polling { why: why.clone() }).await?;
        }
        self.polling = Some(why);
        sleep_until(next).await;
        Ok(())
    }

    /// Begins anew after a sleep: nothing was wrong, but whatever was open is dead.
    async fn woke(&mut self) -> Result<(), Fault> {
        self.over();
        self.watch_failed = false;
        self.backoff = Backoff::new();
        self.reconnecting("this computer slept".to_owned()).await
    }

    /// Says what is wrong, and waits before the next try.
    ///
    /// # Errors
    /// When nobody listens.
    async fn rest(&mut self, fault: Fault) -> Result<(), Fault> {
        let pause = match fault {
            Fault::Unheard | Fault::Woke | Fault::Columns => return Err(fault),
            Fault::Forbidden(why) => {
                self.since = None;
                self.outbox.fresh(Freshness::Forbidden { why }).await?;
                PROBE + spread(PROBE / 10)
            }
            Fault::NotServed(why) | Fault::NoVerb(why) => {
                self.since = None;
                self.outbox.fresh(Freshness::NotServed { why }).await?;
                PROBE + spread(PROBE / 10)
            }
            Fault::Refused(why) => {
                self.since = None;
                self.outbox.fresh(Freshness::Refused { why }).await?;
                PROBE + spread(PROBE / 10)
            }
            Fault::Busy { why, wait } => {
                let pause = wait.max(self.backoff.next());
                self.reconnecting(format!("{why} ({} s)", pause.as_secs().max(1))).await?;
                pause
            }
            Fault::Down(why) | Fault::Expired(why) | Fault::NotInThisForm(why) => {
                self.reconnecting(why).await?;
                self.backoff.next()
            }
        };
        sleep(pause).await;
        Ok(())
    }

    /// Says that the connection is lost, and since when.
    async fn reconnecting(&mut self, why: String) -> Result<(), Fault> {
        let since = *self.since.get_or_insert_with(Time::now);
        self.outbox.fresh(Freshness::Reconnecting { since, why }).await
    }
}
