//! Listing once: the rows of a kind, read as a watch reads them, for whoever needs no more than that.

use super::fault::Fault;
use super::outbox::Outbox;
use super::part::Part;
use super::request::Target;
use super::split::Reader;
use crate::cluster::message::{Message, Subscription};
use crate::kinds::{AnyKind, Change, Row, Server};
use tokio::sync::mpsc;

/// The rows of all objects of a kind: in protobuf where the kind has it, and with no whole object in memory.
///
/// # Errors
/// With a sentence, when they cannot be listed.
pub async fn rows(client: kube::Client, kind: &'static dyn AnyKind, server: Server) -> Result<Vec<Row>, String> {
    let (out, mut told) = mpsc::channel(4);
    let target = Target { kind, namespace: None, labels: None, fields: None, objects: false };
    let part = Part::new(client, (target, Reader { kind, server }), 0, Outbox::new(out, Subscription(0), 0));
    let gather = async {
        let mut rows = Vec::new();
        while let Some(message) = told.recv().await {
            let Message::Changes { batch, .. } = message else { continue };
            for change in batch {
                match change {
                    Change::Begin { .. } => rows.clear(),
                    Change::Put { row, .. } => rows.push(*row),
                    _ => {}
                }
            }
        }
        rows
    };
    let (listed, rows) = tokio::join!(part.list_once(), gather);
    listed.map(|()| rows).map_err(Fault::why)
}

#[cfg(test)]
mod tests {
    use super::super::script::{PROTOBUF, WEBS, client, list, protobuf};
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn rows_are_listed_once_and_in_protobuf() {
        let (client, mut asked) = client();
        let task = tokio::spawn(rows(client, WEBS, Server { minor: 36 }));
        let request = asked.recv().await.unwrap();
        assert_eq!(request.url, "/apis/apps/v1/webs");
        let body = protobuf(&list(&["a", "b"], r#""resourceVersion":"9""#));
        request.reply(200, &[PROTOBUF], body);
        let names: Vec<String> = task.await.unwrap().unwrap().into_iter().map(|row| row.name.to_string()).collect();
        assert_eq!(names, ["a", "b"]);
        assert!(asked.recv().await.is_none(), "nothing is watched");
    }

    #[tokio::test(start_paused = true)]
    async fn a_list_that_cannot_be_read_in_protobuf_is_asked_for_in_json_and_a_refusal_is_told() {
        let (client, mut asked) = client();
        let task = tokio::spawn(rows(client, WEBS, Server { minor: 36 }));
        asked.recv().await.unwrap().reply(200, &[PROTOBUF], "no protobuf");
        let json = [("content-type", "application/json")];
        asked.recv().await.unwrap().reply(200, &json, list(&["a"], r#""resourceVersion":"9""#));
        assert_eq!(task.await.unwrap().map(|rows| rows.len()), Ok(1));
        let (client, mut asked) = super::super::script::client();
        let task = tokio::spawn(rows(client, WEBS, Server { minor: 36 }));
        asked.recv().await.unwrap().reply(403, &json, super::super::script::status(403, "webs are not for you"));
        assert_eq!(task.await.unwrap().map(drop), Err("webs are not for you".to_owned()));
    }
}
