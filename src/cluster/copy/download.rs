//! From a container: its tar writes, we take apart. Nothing comes into place before everything is known to have come: the
//! server said that tar succeeded, the archive has its end, and a single file its checksum.

use super::order::{Copied, Meter, Order};
use super::remote::{Remote, argument, beginning, beside, complaints, failure, unreachable};
use super::sum::Sum;
use super::untar::{Entry, Kind, Sink};
use super::{Landing, Tar, TarError, shown};
use crate::cluster::Unreachable;
use crate::cluster::exec::{Ended, Session};
use crate::kinds::copy::Count;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use tokio::io::{AsyncReadExt, DuplexStream};

/// Bytes that are taken apart at once.
const PIECE: usize = 1 << 16;

/// Copies from the container.
///
/// # Errors
/// When not all of it came, it is not what was asked for, or it cannot be put into place. Nothing is left behind then.
pub async fn download(remote: &Remote, order: &Order, meter: &mut Meter) -> Result<Copied, Unreachable> {
    let (local, source, overwrite) = (order.local.clone(), order.remote.clone(), order.overwrite);
    let target = target(&local, &source)?;
    let place = shown(target.as_os_str().as_bytes());
    let intake = beside(move || Intake::new(&target, &source, overwrite)).await?;
    let path = argument(&order.remote);
    // Nothing is written to it, but stdin stays open: its end is not for a command that has none.
    let Session { stdin: _stdin, stdout, stderr, size: _size, mut end } =
        remote.open(&["tar", "cf", "-", &path], false).await?;
    let words = async { Ok(beginning(stderr).await) };
    let ended = async { Ok(end.wait().await) };
    let (intake, said, ended) = tokio::try_join!(take_in(stdout, intake, meter), words, ended)?;
    let remarks = complaints(&said);
    if ended != Ended::Exited(0) {
        return Err(failure(&ended, &remarks, "nothing was put into place"));
    }
    let intake = beside(move || intake.tar.finish().map(|()| intake)).await?;
    let compared = match intake.sieve.single().filter(|_| order.compare) {
        Some(sum) => remote.compare(&order.remote, &sum).await?,
        None => String::new(),
    };
    let link = intake.sieve.only_link();
    let landed =
        beside(move || intake.sieve.landing.land()).await.map_err(|error| if link { linked() } else { error })?;
    let (files, bytes, left_out, names) = (landed.files, landed.bytes, landed.left_out, landed.names);
    let from = format!("pod {}:{}", remote.pod(), shown(order.remote.as_bytes()));
    Ok(Copied { files, bytes, from, to: place, left_out, names, remarks, compared })
}

/// What is said of a source that is a link.
fn linked() -> Unreachable {
    unreachable(
        "it is a symbolic link".to_owned(),
        "name what it leads to; /. behind it is the folder that it leads to",
    )
}

/// Where the copy shall be: in a folder that exists, under its own name.
fn target(local: &Path, source: &str) -> Result<PathBuf, Unreachable> {
    if !local.is_dir() {
        return Ok(local.to_owned());
    }
    let name = source.split('/').rfind(|part| !part.is_empty() && *part != ".");
    let name = name.ok_or_else(|| unreachable(format!("{source} has no name"), "say how it shall be called here"))?;
    Ok(local.join(name))
}

/// Feeds what tar writes to `intake`, to its end.
async fn take_in(mut stdout: DuplexStream, mut intake: Intake, meter: &mut Meter) -> Result<Intake, Unreachable> {
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        // A pipe that fails has ended; how, the status tells.
        if stdout.read_buf(&mut piece).await.unwrap_or_default() == 0 {
            return Ok(intake);
        }
        intake = beside(move || intake.feed(&piece)).await?;
        meter.tell(intake.sieve.count());
    }
}

/// What takes an archive in.
struct Intake {
    tar: Tar,
    sieve: Sieve,
}

impl Intake {
    fn new(target: &Path, source: &str, overwrite: bool) -> Result<Self, TarError> {
        let landing = Landing::new(target, source, overwrite)?;
        Ok(Self { tar: Tar::default(), sieve: Sieve { landing, first: None, entries: 0, sum: Sum::default() } })
    }

    fn feed(mut self, bytes: &[u8]) -> Result<Self, TarError> {
        self.tar.feed(bytes, &mut self.sieve)?;
        Ok(self)
    }
}

/// A landing, and what is learnt on the way to it.
struct Sieve {
    landing: Landing,
    first: Option<Entry>,
    entries: u64,
    sum: Sum,
}

impl Sieve {
    fn is(&self, kind: impl Fn(Kind) -> bool) -> bool {
        self.entries == 1 && self.first.as_ref().is_some_and(|entry| kind(entry.kind))
    }

    /// The checksum of a file that came alone.
    fn single(&self) -> Option<String> {
        self.is(|kind| kind == Kind::File).then(|| self.sum.clone().hex())
    }

    /// Whether nothing came but a link.
    fn only_link(&self) -> bool {
        self.is(|kind| matches!(kind, Kind::Other("a symbolic link")))
    }

    fn count(&self) -> Count {
        let (landed, single) = (self.landing.landed(), self.is(|kind| kind == Kind::File));
        let total = self.first.as_ref().filter(|_| single).map(|entry| entry.size);
        Count { files: landed.files, bytes: landed.bytes, total }
    }
}

impl Sink for Sieve {
    fn begin(&mut self, entry: &Entry) -> Result<(), TarError> {
        self.entries += 1;
        self.first.get_or_insert_with(|| entry.clone());
        self.landing.begin(entry)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), TarError> {
        if self.entries == 1 {
            self.sum.add(bytes);
        }
        self.landing.data(bytes)
    }

    fn end(&mut self) -> Result<(), TarError> {
        self.landing.end()
    }
}
