//! Tests of lists that are asked for before the server has said what it is.

use super::script::{Script, list, request};
use crate::kinds::Server;
use tokio::sync::watch;

#[tokio::test(start_paused = true)]
async fn a_list_that_was_asked_for_ahead_is_read_when_the_server_is_known() {
    let (known, greeting) = watch::channel(None);
    let mut script = Script::start_ahead(request(0), greeting);
    script.asked().await.ok(&list(&["a"], r#""resourceVersion":"5","continue":"t""#));
    assert!(script.said().await.is_empty(), "what is read depends on the server");
    known.send_replace(Some(Server { minor: 32 }));
    let next = script.asked().await;
    assert_eq!(next.parameter("continue"), Some("t"), "an old server is asked for pages");
    assert_eq!(script.said().await, ["begin", "a=1", "filling"]);
}

#[tokio::test(start_paused = true)]
async fn of_a_server_that_never_answers_nothing_is_told() {
    let (known, greeting) = watch::channel(None);
    let mut script = Script::start_ahead(request(0), greeting);
    script.asked().await.refuse();
    drop(known);
    assert!(script.said().await.is_empty());
    assert!(!script.asks_within(std::time::Duration::from_mins(2)).await);
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_list_is_told_when_the_server_has_answered() {
    let (known, greeting) = watch::channel(None);
    let mut script = Script::start_ahead(request(0), greeting);
    script.asked().await.refuse();
    assert!(script.said().await.is_empty());
    known.send_replace(Some(Server { minor: 36 }));
    assert!(format!("{:?}", script.fresh().await).contains("refused"));
}
