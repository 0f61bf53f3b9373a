//! Manifests that a person names: read beside the loop, from the disk or the clipboard.

use crate::cluster::Message;
use crate::cluster::gate::{Change, GateMessage, Reader};
use crate::cluster::sources::{self, CLIPBOARD, Mistakes, Order, Source};
use crate::kinds::Names;
use crate::text::safe;
use tokio::sync::mpsc::Sender;

/// The change that `order` asks for; the kinds that were discovered for it are told to the loop.
pub(super) async fn change(
    order: Order,
    reader: Reader,
    known: Vec<&'static Names>,
    out: Sender<Message>,
) -> Result<Change, Mistakes> {
    let (path, recursive) = (order.path.clone(), order.recursive);
    let read = move || if path == CLIPBOARD { clipboard() } else { sources::read(&path, recursive) };
    let read = tokio::task::spawn_blocking(read).await;
    let sources = read.unwrap_or_else(|error| Err(Mistakes::one(format!("it could not be read: {error}"))))?;
    let wanted = sources::change(&order, &sources, (&reader, known)).await?;
    // When the loop has ended, nobody needs them.
    let _ = out.send(Message::Gate(GateMessage::Known(wanted.known))).await;
    Ok(wanted.change)
}

/// What is on the clipboard.
fn clipboard() -> Result<Vec<Source>, Mistakes> {
    let text = arboard::Clipboard::new().and_then(|mut clipboard| clipboard.get_text());
    let text = text.map_err(|error| {
        let why = safe(&error.to_string()).into_owned();
        Mistakes::one(format!("the clipboard cannot be read: {why}; paste it into a file"))
    })?;
    Ok(vec![Source { name: "clipboard".to_owned(), text }])
}
