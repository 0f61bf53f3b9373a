//! `Order`: which copy a person asked for, and what there is to say of it while it runs and at its end.

use super::remote::Remote;
use super::{download, upload};
use crate::cluster::connect::Lanes;
use crate::cluster::exec::Visit;
use crate::cluster::{Message, Unreachable};
use crate::kinds::copy::{CopyId, Count};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

/// How often a copy tells how far it is.
const OFTEN: Duration = Duration::from_millis(250);

/// In which direction is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From the container.
    From,
    /// To the container.
    To,
}

/// What is to be copied, frozen when it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The container; its errand counts for nothing.
    pub visit: Visit,
    /// In which direction.
    pub way: Way,
    /// The path in the container, as it was typed.
    pub remote: String,
    /// The path here. What it leads to is taken literally: no pattern, no link.
    pub local: PathBuf,
    /// Whether what is there already may be replaced.
    pub overwrite: bool,
    /// Whether the checksum of a single file is compared.
    pub compare: bool,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Where they came from, safe to show; `pod shop/web-1:/etc/hosts` in a container.
    pub from: String,
    /// Where they are now, in the same way.
    pub to: String,
    /// How much was left out.
    pub left_out: u64,
    /// The first of it, each with what it is; safe to show.
    pub names: Vec<String>,
    /// What the remote side said although it succeeded; safe to show.
    pub remarks: String,
    /// What is known of the checksum: `checksum compared`, `not compared: …`; `""` for more than one file.
    pub compared: String,
}

/// What a copy tells.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// How far it is.
    Count(Count),
    /// It is over.
    Ended(Result<Copied, Unreachable>),
}

/// Tells now and then how far a copy is.
pub struct Meter {
    id: CopyId,
    out: Sender<Message>,
    told: Instant,
}

impl Meter {
    #[cfg(test)]
    pub fn new(out: Sender<Message>) -> Self {
        Self { id: CopyId(1), out, told: Instant::now() }
    }

    /// Tells `count`, unless something was told a moment ago or nobody has time to listen.
    pub fn tell(&mut self, count: Count) {
        if self.told.elapsed() >= OFTEN {
            self.told = Instant::now();
            let _ = self.out.try_send(Message::Copy { id: self.id, news: News::Count(count) });
        }
    }
}

/// Copies, and tells how that goes. Dropped, it leaves nothing half behind here; what had arrived in the container stays.
pub async fn copy(lanes: Lanes, order: Order, (id, out): (CopyId, Sender<Message>)) {
    let mut meter = Meter { id, out: out.clone(), told: Instant::now() };
    let result = match Remote::find(&lanes, &order.visit).await {
        Ok(remote) if order.way == Way::From => download::download(&remote, &order, &mut meter).await,
        Ok(remote) => upload::upload(&remote, &order, &mut meter).await,
        Err(unreachable) => Err(unreachable),
    };
    // When the loop has ended, nobody needs the answer.
    let _ = out.send(Message::Copy { id, news: News::Ended(result) }).await;
}
