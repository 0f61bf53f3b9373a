//! What may be done, asked of the real server: the same as kubectl says.

use super::control_plane::{self, Plane};
use rutter::cluster::answers::{Asked, find};
use rutter::cluster::gate::Reader;
use rutter::kinds::{Kinds, Server, Time};
use std::collections::BTreeSet;

/// The lines of an answer, their words parted by one space.
async fn lines(plane: &Plane, user: &str, (question, argument): (&str, &str)) -> Vec<String> {
    let reader = Reader::new(plane.clients(user).await.lanes.read);
    let asked =
        Asked { about: None, argument: argument.to_owned(), server: Server::default(), kinds: Kinds::default() };
    let answered = find(question).unwrap().answer(&reader, &asked).await.unwrap();
    answered.answer.lines.iter().map(|line| words(&line.show(Time(0)))).collect()
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn all_that_one_may_do_is_what_kubectl_lists() {
    let Some(plane) = control_plane::bare() else { return };
    for user in ["", "reader", "nobody"] {
        let context = plane.clients(user).await.about.context;
        let ours: BTreeSet<String> = lines(plane, user, ("can-i", "-n default")).await.into_iter().skip(1).collect();
        let theirs = plane.kubectl(&["--context", &context, "auth", "can-i", "--list", "-n", "default"]);
        assert_eq!(ours, theirs.lines().map(words).collect(), "{context}");
    }
}

#[tokio::test]
async fn one_question_has_the_answer_that_kubectl_has() {
    let Some(plane) = control_plane::bare() else { return };
    assert_eq!(lines(plane, "", ("can-i", "delete deploy -n default")).await, ["yes"]);
    assert_eq!(plane.kubectl(&["auth", "can-i", "delete", "deploy", "-n", "default"]).trim(), "yes");
    let whoami = plane.kubectl(&["auth", "whoami"]);
    let theirs: BTreeSet<String> = whoami.lines().map(words).collect();
    assert_eq!(lines(plane, "", ("whoami", "")).await.into_iter().collect::<BTreeSet<_>>(), theirs);
}

#[tokio::test]
async fn the_page_of_a_cluster_is_read_from_a_real_one() {
    let Some(plane) = control_plane::bare() else { return };
    let page = lines(plane, "", ("cluster-info", "")).await.join("\n");
    for part in ["Version v1.36", "/livez ok,", "/readyz ok,", "DNS not found"] {
        assert!(page.contains(part), "{part} in\n{page}");
    }
}
