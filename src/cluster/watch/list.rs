//! Listing: the first screen as a small page, then all the rest while it arrives.

use super::fault::Fault;
use super::intake::{Intake, STALL};
use super::outbox::GATHER;
use super::part::Part;
use super::request::Ask;
use super::split::{Encoding, ListMeta, Splitter};
use crate::kinds::table::Columns;
use crate::kinds::{Freshness, ReadError};
use http::Response;
use kube::client::Body;
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::timeout;

/// Since 1.33 a server writes a list object by object; before, it builds all of it in memory, so it is asked for
/// pages (KEP-5116).
const STREAMS_SINCE: u32 = 33;
/// The page size of kubectl.
const PAGE: u32 = 500;
/// How long we wait for more bytes before we look at the few that came.
const LINGER: Duration = Duration::from_millis(10);
/// How many times a list is begun again because its pages expired, before it is asked for in one.
const TRIES: u32 = 2;

impl Part {
    /// Lists everything, and returns the version to watch from.
    pub(super) async fn list(&mut self) -> Result<String, Fault> {
        let at_once = self.complete || self.first_page == 0;
        let mut ask = if at_once { self.bulk(None) } else { Ask { limit: Some(self.first_page), ..Ask::default() } };
        let (mut seen, mut expired) = (0, 0);
        self.outbox.begin();
        loop {
            let page = match self.page(&ask, &mut seen).await {
                Ok(page) => page,
                Err(Fault::Expired(why)) if ask.next.is_none() && ask.not_older_than.is_none() => {
                    return Err(Fault::Expired(why));
                }
                Err(Fault::Expired(_)) => {
                    expired += u32::from(ask.next.is_some());
                    ask = if expired < TRIES { self.bulk(None) } else { Ask::default() };
                    self.begin_again(&mut seen);
                    continue;
                }
                Err(fault) => return Err(fault),
            };
            self.filling(seen, &page).await?;
            let version = page.resource_version.unwrap_or_default();
            let Some(next) = page.next.filter(|next| !next.is_empty()) else {
                self.outbox.end();
                return Ok(version);
            };
            ask = if ask.limit == Some(self.first_page) && self.streams() {
                // What went between the page and the bulk is in neither the bulk nor the watch after it.
                self.begin_again(&mut seen);
                self.bulk(Some(version))
            } else {
                Ask { limit: Some(PAGE), next: Some(next), not_older_than: None }
            };
        }
    }

    /// Lists everything, once. What cannot be read in protobuf is asked for in JSON.
    pub(super) async fn list_once(mut self) -> Result<(), Fault> {
        let encoding = self.form.encoding;
        let mut listed = self.list().await;
        if listed.is_err() && self.form.encoding != encoding {
            listed = self.list().await;
        }
        listed?;
        self.outbox.flush().await
    }

    /// How to ask for everything. `shown` is the version that is on the screen: the server's cache may answer if it
    /// is as new, which spares the database (`resourceVersion=0` would allow a cache that lags behind the screen, no
    /// version at all makes a server that cannot ask etcd for progress read everything from there).
    fn bulk(&self, shown: Option<String>) -> Ask {
        if self.streams() {
            Ask { not_older_than: shown.filter(|version| !version.is_empty()), ..Ask::default() }
        } else {
            Ask { limit: Some(PAGE), ..Ask::default() }
        }
    }

    /// Tables are made in one at any server: of a large one, pages are easier for it.
    fn streams(&self) -> bool {
        !self.reader.kind.by_table() && !(1..STREAMS_SINCE).contains(&self.reader.server.minor)
    }

    fn begin_again(&mut self, seen: &mut u64) {
        *seen = 0;
        self.outbox.begin();
    }

    /// Says how many objects there will be.
    async fn filling(&mut self, seen: u64, page: &ListMeta) -> Result<(), Fault> {
        if self.complete {
            return Ok(());
        }
        let rest = page.remaining_item_count.and_then(|rest| u64::try_from(rest).ok());
        match (rest, page.next.as_deref().unwrap_or_default()) {
            (None, "") => Ok(()),
            (rest, _) => self.outbox.fresh(Freshness::Filling { total: rest.map(|rest| rest + seen) }).await,
        }
    }

    /// Asks for a page, puts its rows out while they arrive, and returns what it says of itself. `seen` counts.
    async fn page(&mut self, ask: &Ask, seen: &mut u64) -> Result<ListMeta, Fault> {
        let (answer, encoding) = self.ask(&self.target.list(ask)).await?;
        let mut intake = Intake::new(answer);
        self.greeted().await;
        let columns = self.columns.clone().unwrap_or_default();
        let mut splitter = Splitter::new(encoding, self.reader.kind, columns)?;
        let mut open = true;
        while open && !splitter.ended() {
            open = self.gather(&mut intake).await?;
            let told = self.split(&mut intake, &mut splitter, seen).await;
            if let (Err(_), Some(columns)) = (&told, splitter.columns()) {
                // They may be why it begins again.
                self.heed(Some(columns))?;
            }
            told?;
        }
        if ask.limit == Some(self.first_page) {
            self.form.gzip = intake.is_slow();
        }
        if open {
            // The end of the body sets the connection free for the next request; its lack harms nobody.
            let _ = timeout(LINGER, intake.fill()).await;
        }
        let columns = splitter.columns().cloned();
        let meta = splitter.finish().map_err(broken)?;
        self.heed(columns.as_ref())?;
        Ok(meta)
    }

    /// Asks for a list. Where the sight of protobuf is refused, by a proxy perhaps, JSON alone is asked for from then on.
    async fn ask(&mut self, url: &str) -> Result<(Response<Body>, Encoding), Fault> {
        match self.request(url, self.form).await {
            Err(Fault::NotInThisForm(_)) if self.form.encoding == Encoding::Protobuf => {
                self.form.encoding = self.form.encoding.in_words();
                self.request(url, self.form).await
            }
            answer => answer,
        }
    }

    /// Notes the columns of a table, or that it is none, and tells when that is news.
    ///
    /// # Errors
    /// When they need the objects, which have not been asked for: the list has to begin again.
    fn heed(&mut self, columns: Option<&Columns>) -> Result<(), Fault> {
        if self.columns.as_ref() != columns {
            self.columns = columns.cloned();
            let plain = || self.reader.kind.headings();
            self.outbox.columns(columns.map_or_else(plain, |columns| columns.headings(self.reader.kind)));
        }
        let objects = columns.is_some_and(|columns| columns.need_objects(self.reader.kind));
        let lack = objects && !self.target.objects;
        self.target.objects = objects;
        if lack { Err(Fault::Columns) } else { Ok(()) }
    }

    /// Collects bytes until there is a piece that is worth looking at; false at the end of the body. Sends on what
    /// was read before when the server is slow.
    async fn gather(&mut self, intake: &mut Intake) -> Result<bool, Fault> {
        let mut patience = if self.outbox.is_empty() { STALL } else { GATHER };
        loop {
            match timeout(patience, intake.fill()).await {
                Ok(Ok(true)) if intake.trickles() => return Err(Fault::Down("the list comes too slowly".to_owned())),
                Ok(Ok(true)) if intake.is_full() => return Ok(true),
                Ok(Ok(true)) => patience = LINGER,
                Ok(ended) => return ended,
                Err(_) if patience == LINGER && intake.is_worth_a_look() => return Ok(true),
                Err(_) if patience == STALL => {
                    return Err(Fault::Down(format!("the list stopped coming for {} seconds", STALL.as_secs())));
                }
                Err(_) => {
                    self.outbox.flush().await?;
                    patience = STALL;
                }
            }
        }
    }

    /// Takes apart what was collected, as far as it goes.
    async fn split(&mut self, intake: &mut Intake, splitter: &mut Splitter, seen: &mut u64) -> Result<(), Fault> {
        loop {
            match splitter.step(intake.bytes(), &self.reader, &mut self.rows) {
                Ok(0) => return Ok(()),
                Ok(taken) => intake.take(taken),
                Err(ReadError::Incomplete) => return intake.incomplete(),
                Err(error) => {
                    // What is wrong in one encoding may be well in the other.
                    self.form.encoding = self.form.encoding.in_words();
                    return Err(broken(error));
                }
            }
            *seen += u64::from(!self.rows.is_empty());
            if splitter.columns().is_some() {
                self.heed(splitter.columns())?;
            }
            self.outbox.put(&mut self.rows);
            if self.outbox.is_due() {
                self.outbox.flush().await?;
                yield_now().await;
            }
        }
    }
}

/// What it means when a list cannot be taken apart.
fn broken(error: ReadError) -> Fault {
    match error {
        ReadError::Incomplete => Fault::Down("the list ended in the middle".to_owned()),
        ReadError::Broken(why) => Fault::Down(super::fault::clean(&format!("the answer is no list: {why}"))),
    }
}
