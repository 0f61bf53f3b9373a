//! `Intake`: the body of an answer, collected in one buffer that is used again and again.

use super::fault::{Fault, cause};
use super::gunzip::Gunzip;
use http::Response;
use http::header::CONTENT_ENCODING;
use http_body_util::BodyExt;
use hyper::body::Bytes;
use kube::client::Body;
use std::time::Duration;
use tokio::sync::mpsc::{self, error::TryRecvError};
use tokio::task::AbortHandle;
use tokio::time::Instant;

/// How much is collected before it is read, in bytes: some objects at once, so that few are begun twice.
pub(super) const PIECE: usize = 128 * 1024;
/// The largest object, in bytes. The API server itself takes at most about 1.5 MB.
pub(super) const LARGEST: usize = 64 * 1024 * 1024;
/// The least that must come within `STALL`, in bytes.
const TRICKLE: usize = 4 * 1024;
/// After this long without (enough) bytes a list is given up.
pub(super) const STALL: Duration = Duration::from_mins(1);

/// Frames that wait to be decoded: while one task decodes, another may read and decrypt.
const AHEAD: usize = 16;

/// A link is slow on which less than this many bytes arrive in a second: then compressed bytes arrive sooner, as a server
/// compresses about so fast. On a long way the first bytes are slow, too, since TCP begins carefully.
const SLOW: u128 = 20_000_000;
/// How much must have come before that can be said, in bytes.
const TOLD_BY: usize = 64 * 1024;

/// The body of an answer.
pub(super) struct Intake {
    frames: mpsc::Receiver<Result<(Instant, Bytes), Fault>>,
    reader: AbortHandle,
    buffer: Vec<u8>,
    used: usize,
    again: usize,
    began: Instant,
    last: Instant,
    all: usize,
    since: Instant,
    came: usize,
    failed: Option<Fault>,
}

impl Intake {
    pub(super) fn new(answer: Response<Body>) -> Self {
        let (frames, receiver) = mpsc::channel(AHEAD);
        let packed = answer.headers().get(CONTENT_ENCODING).is_some_and(|value| value == "gzip");
        let reader = tokio::spawn(read_ahead(answer.into_body(), packed, frames)).abort_handle();
        let now = Instant::now();
        Self {
            frames: receiver,
            reader,
            buffer: Vec::new(),
            used: 0,
            again: 0,
            began: now,
            last: now,
            all: 0,
            since: now,
            came: 0,
            failed: None,
        }
    }

    /// What was collected and not taken.
    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Marks `count` bytes as taken.
    pub(super) fn take(&mut self, count: usize) {
        self.used += count;
        self.again = 0;
    }

    /// Notes that what is there does not end yet: to look again is worth it when there is twice as much, so that an
    /// object of any size is looked at a few times only.
    ///
    /// # Errors
    /// When the object is too large.
    pub(super) fn incomplete(&mut self) -> Result<(), Fault> {
        self.again = self.bytes().len() * 2;
        let large = self.bytes().len() > LARGEST;
        if large { Err(Fault::Down("an object is larger than 64 MiB".to_owned())) } else { Ok(()) }
    }

    /// Whether it is worth looking at what is there when nothing more comes for now: little is always.
    pub(super) fn is_worth_a_look(&self) -> bool {
        !self.bytes().is_empty() && (self.bytes().len() < PIECE || self.bytes().len() >= self.again)
    }

    /// Whether so much is there that it should be looked at before more is collected.
    pub(super) fn is_full(&self) -> bool {
        self.bytes().len() >= self.again.max(PIECE)
    }

    /// Waits for bytes, and takes with them what is there already, up to a piece. False when the body has ended.
    /// Nothing is lost when this is dropped.
    ///
    /// # Errors
    /// When the connection fails; what came before that is told first.
    pub(super) async fn fill(&mut self) -> Result<bool, Fault> {
        self.buffer.drain(..self.used.min(self.buffer.len()));
        self.used = 0;
        if let Some(fault) = self.failed.take() {
            return Err(fault);
        }
        let mut frame = self.frames.recv().await;
        loop {
            match frame {
                None => return Ok(false),
                Some(Err(fault)) => {
                    self.failed = Some(fault);
                    return Ok(true);
                }
                Some(Ok((at, data))) => {
                    self.came += data.len();
                    self.all += data.len();
                    self.last = at;
                    self.buffer.extend_from_slice(&data);
                }
            }
            if self.is_full() {
                return Ok(true);
            }
            frame = match self.frames.try_recv() {
                Ok(frame) => Some(frame),
                Err(TryRecvError::Empty) => return Ok(true),
                Err(TryRecvError::Disconnected) => None,
            };
        }
    }

    /// Whether the link is slow, by what has come so far.
    pub(super) fn is_slow(&self) -> bool {
        let took = (self.last - self.began).as_micros();
        self.all >= TOLD_BY && took * SLOW > self.all as u128 * 1_000_000
    }

    /// Whether bytes come so slowly that the list would never be complete.
    pub(super) fn trickles(&mut self) -> bool {
        if self.since.elapsed() < STALL {
            return false;
        }
        let came = std::mem::take(&mut self.came);
        self.since = Instant::now();
        came < TRICKLE
    }
}

impl Drop for Intake {
    /// A silent watch would keep its connection for as long as nothing comes.
    fn drop(&mut self) {
        self.reader.abort();
    }
}

/// Hands the frames of `body` on as they come, with the moments; if it is `packed`, what comes out of them.
async fn read_ahead(mut body: Body, packed: bool, frames: mpsc::Sender<Result<(Instant, Bytes), Fault>>) {
    let mut gunzip = packed.then(Gunzip::new);
    while let Some(frame) = body.frame().await {
        let mut data = match frame {
            Ok(frame) => frame.into_data().unwrap_or_default(),
            Err(error) => return drop(frames.send(Err(Fault::Down(cause(&error)))).await),
        };
        while !data.is_empty() {
            let piece = match &mut gunzip {
                Some(gunzip) => gunzip.undo(&mut data).map_err(|_| garbled()),
                None => Ok(std::mem::take(&mut data)),
            };
            if !hand_on(piece, &frames).await {
                return;
            }
        }
    }
    if let Some(mut gunzip) = gunzip {
        hand_on(gunzip.finish().map_err(|_| garbled()), &frames).await;
    }
}

/// Hands a piece on; whether more is wanted.
async fn hand_on(piece: Result<Bytes, Fault>, frames: &mpsc::Sender<Result<(Instant, Bytes), Fault>>) -> bool {
    let at = Instant::now();
    let more = piece.is_ok();
    piece.as_ref().is_ok_and(Bytes::is_empty) || frames.send(piece.map(|piece| (at, piece))).await.is_ok() && more
}

/// What it means when a body cannot be undone.
fn garbled() -> Fault {
    Fault::Down("the compressed answer is cut short or garbled".to_owned())
}
