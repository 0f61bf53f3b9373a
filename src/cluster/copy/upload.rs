//! To a container: we pack, its tar writes, as `kubectl cp` 1.36 (`pkg/cmd/cp`): a folder that exists gets the copy under
//! its own name. Unlike kubectl, what is there is not replaced unasked, and a local path is no pattern.

use super::order::{Copied, Meter, Order};
use super::remote::{
    Answer, Remote, WORDS, argument, beginning, beside, complaints, failure, is_absent, local, unreachable,
};
use super::sum::Sum;
use super::{Packed, TarError, pack, shown};
use crate::cluster::Unreachable;
use crate::cluster::exec::{Ended, Session};
use crate::kinds::copy::Count;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// Bytes that are sent at once.
const PIECE: usize = 1 << 16;
/// Pieces that may wait for the connection.
const WAITING: usize = 4;
/// For how long tar may take nothing once it has complained.
const PATIENCE: Duration = Duration::from_secs(5);
/// Archives come in records of this size; GNU tar waits for a whole one.
const RECORD: u64 = 20 * 512;

/// What is said of an upload that failed: what tar wrote before that is there.
const STAYS: &str = "what had arrived by then stays in the container";

/// Copies to the container.
///
/// # Errors
/// When something cannot be read here, is there already, or was not taken whole.
pub async fn upload(remote: &Remote, order: &Order, meter: &mut Meter) -> Result<Copied, Unreachable> {
    let source = order.local.clone();
    let (name, size) = beside(move || about(&source)).await?;
    let place = destination(remote, order, &name).await?;
    let (folder, base) = match place.rsplit_once('/') {
        Some(("", base)) => ("/", base),
        Some((folder, base)) => (folder, base),
        None => ("", place.as_str()),
    };
    let folder = argument(folder);
    let argv: &[&str] = if folder.is_empty() { &["tar", "xmf", "-"] } else { &["tar", "xmf", "-", "-C", &folder] };
    let session = remote.open(argv, true).await?;
    let (packed, remarks) = send(session, (order, base.as_bytes().to_vec()), (meter, size)).await?;
    let Packed { files, bytes, left_out: names } = packed;
    let compared = if size.is_some() && order.compare {
        let source = order.local.clone();
        let sum = beside(move || sum(&source)).await?;
        remote.compare(&place, &sum).await?
    } else {
        String::new()
    };
    let to = format!("pod {}:{}", remote.pod(), shown(place.as_bytes()));
    let from = shown(order.local.as_os_str().as_bytes());
    Ok(Copied { files, bytes, from, to, left_out: names.len() as u64, names, remarks, compared })
}

/// The name of what is to be copied, and its size if it is a file.
fn about(source: &Path) -> Result<(Vec<u8>, Option<u64>), TarError> {
    let trouble = |why| TarError::Local { what: shown(source.as_os_str().as_bytes()), why };
    let found = fs::symlink_metadata(source).map_err(trouble)?;
    let size = found.is_file().then_some(found.len());
    let named = match source.file_name() {
        Some(name) => name.as_bytes().to_vec(),
        // `.` and `..`
        None => fs::canonicalize(source).map_err(trouble)?.file_name().unwrap_or_default().as_bytes().to_vec(),
    };
    Ok((named, size))
}

/// Where the copy shall be in the container.
async fn destination(remote: &Remote, order: &Order, name: &[u8]) -> Result<String, Unreachable> {
    let asked = argument(&order.remote);
    // Whatever else is wrong counts as "no folder", as in kubectl.
    let is_folder = remote.ask(&["test", "-d", &asked]).await?.ended == Ended::Exited(0);
    let place = if is_folder {
        let name = std::str::from_utf8(name)
            .map_err(|_| unreachable("the name is no UTF-8".to_owned(), "say how it shall be called there"))?;
        format!("{}/{name}", asked.trim_end_matches('/'))
    } else {
        asked.trim_end_matches('/').to_owned()
    };
    if place.is_empty() {
        return Err(unreachable("/ is no folder in this image".to_owned(), "name a file in it"));
    }
    if order.overwrite {
        return Ok(place);
    }
    let Answer { ended, .. } = remote.ask(&["test", "-e", &place]).await?;
    match ended {
        Ended::Exited(1) => Ok(place),
        Ended::Exited(0) => {
            Err(unreachable(format!("{} is there already", shown(place.as_bytes())), "--overwrite replaces it"))
        }
        ended if is_absent(&ended) && is_absent(&remote.ask(&["tar", "--version"]).await?.ended) => {
            Err(failure(&ended, "", ""))
        }
        ended => {
            let sentence = format!("whether {} is there cannot be told: test {ended}", shown(place.as_bytes()));
            Err(unreachable(sentence, "--overwrite does not ask"))
        }
    }
}

/// Packs into a session; what was packed, and what tar said of it.
async fn send(
    session: Session,
    (order, name): (&Order, Vec<u8>),
    (meter, total): (&mut Meter, Option<u64>),
) -> Result<(Packed, String), Unreachable> {
    let Session { stdin, stdout, stderr, size: _size, mut end } = session;
    let (to, pieces) = mpsc::channel(WAITING);
    let source = order.local.clone();
    let packing = tokio::task::spawn_blocking(move || pack_into(&source, &name, to));
    let (to, words) = watch::channel(Vec::new());
    let listening = async {
        listen(stderr, to).await;
        Ok(())
    };
    let rest = async { Ok(beginning(stdout).await) };
    let ended = async { Ok(end.wait().await) };
    let feeding = feed((Inlet { stdin, words: words.clone() }, pieces), packing, (meter, total));
    let (packed, (), _, ended) = tokio::try_join!(feeding, listening, rest, ended)?;
    let said = words.borrow().clone();
    let remarks = complaints(&said);
    match packed {
        Some(packed) if ended == Ended::Exited(0) => Ok((packed, remarks)),
        None if ended == Ended::Exited(0) => {
            Err(unreachable("tar in the container ended before it had everything".to_owned(), STAYS))
        }
        _ => Err(failure(&ended, &remarks, STAYS)),
    }
}

/// Sends what is packed; nothing was packed whole when the other side stopped taking it.
async fn feed(
    (mut inlet, mut pieces): (Inlet, Receiver<Vec<u8>>),
    packing: JoinHandle<Result<Packed, TarError>>,
    (meter, total): (&mut Meter, Option<u64>),
) -> Result<Option<Packed>, Unreachable> {
    let mut bytes = 0;
    while let Some(piece) = pieces.recv().await {
        if !inlet.write(&piece).await? {
            // Why, the status tells.
            return Ok(None);
        }
        bytes += piece.len() as u64;
        meter.tell(Count { files: 0, bytes, total });
    }
    let died = |_| unreachable("packing failed, which is a defect of rutter".to_owned(), STAYS);
    let packed = packing.await.map_err(died)?;
    // A server of version 4 is not told the end: who failed here hangs up.
    let packed = packed.map_err(|error| Unreachable { hint: STAYS.to_owned(), ..local(&error) })?;
    // What has ended needs no end of input.
    let _ = inlet.stdin.shutdown().await;
    Ok(Some(packed))
}

/// The way to tar's stdin, beside what tar has complained about so far.
struct Inlet {
    stdin: DuplexStream,
    words: watch::Receiver<Vec<u8>>,
}

impl Inlet {
    /// Writes a piece; false when nobody takes it any more.
    ///
    /// # Errors
    /// When tar has complained and takes nothing. Its status would not come: behind what it leaves unread, containerd and
    /// the API server do not pass it on.
    async fn write(&mut self, piece: &[u8]) -> Result<bool, Unreachable> {
        let Self { stdin, words } = self;
        let gives_up = async {
            // When nothing can be said any more, the status is on its way, or it is stuck as well.
            let _ = words.wait_for(|words| !complaints(words).is_empty()).await;
            sleep(PATIENCE).await;
        };
        tokio::select! {
            biased;
            written = stdin.write_all(piece) => return Ok(written.is_ok()),
            () = gives_up => {}
        }
        let said = complaints(&words.borrow());
        let why = if said.is_empty() { String::new() } else { format!(": {said}") };
        Err(unreachable(format!("tar in the container takes nothing any more{why}"), STAYS))
    }
}

/// Reads what tar complains about, to its end; the beginning of it is told at once.
async fn listen(mut stderr: DuplexStream, words: watch::Sender<Vec<u8>>) {
    let mut piece = vec![0; WORDS];
    // A pipe that fails has ended.
    while let length @ 1.. = stderr.read(&mut piece).await.unwrap_or_default() {
        let heard = piece.get(..length).unwrap_or_default();
        words.send_modify(|words| words.extend(heard.iter().take(WORDS.saturating_sub(words.len()))));
    }
}

/// Packs into pieces.
fn pack_into(source: &Path, name: &[u8], to: Sender<Vec<u8>>) -> Result<Packed, TarError> {
    let mut out = io::BufWriter::with_capacity(PIECE, Pieces { to, bytes: 0 });
    let packed = pack(source, name, &mut out)?;
    let trouble = |why| TarError::Local { what: "the archive".to_owned(), why };
    out.flush().map_err(trouble)?;
    let missing = out.get_ref().bytes.next_multiple_of(RECORD) - out.get_ref().bytes;
    out.write_all(&vec![0; usize::try_from(missing).unwrap_or_default()])
        .and_then(|()| out.flush())
        .map_err(trouble)?;
    Ok(packed)
}

/// Writes into a channel; waits while it is full.
struct Pieces {
    to: Sender<Vec<u8>>,
    bytes: u64,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.blocking_send(bytes.to_vec()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The checksum of a file.
fn sum(path: &Path) -> Result<String, TarError> {
    let trouble = |why| TarError::Local { what: shown(path.as_os_str().as_bytes()), why };
    let (mut file, mut sum, mut piece) = (File::open(path).map_err(trouble)?, Sum::default(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece).map_err(trouble)? {
            0 => return Ok(sum.hex()),
            length => sum.add(piece.get(..length).unwrap_or_default()),
        }
    }
}
