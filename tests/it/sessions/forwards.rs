//! Port-forwards as a person meets them: asked for, listed, stopped.

use super::session::{Session, Start};

/// A session on the first pod of the namespace `default`.
async fn begin() -> Session {
    Start::at("services -n default").size(160, 30).go().await
}

#[tokio::test(start_paused = true)]
async fn the_prompt_knows_the_ports() {
    let mut s = begin().await;
    s.press("f").await.shows("ports of service default/").shows("it has").shows("LOCAL:REMOTE");
    let foot = s.foot();
    assert!(
        foot.contains(": ") && foot.trim_end().ends_with(|c: char| c.is_ascii_digit()),
        "a port is filled in: {foot}"
    );
    s.press("esc").await.hides("LOCAL:REMOTE");
}

#[tokio::test(start_paused = true)]
async fn what_was_typed_is_not_overwritten() {
    let mut s = begin().await;
    s.event(crossterm::event::Event::Key(super::keys::event("f")));
    s.type_in("70000").await;
    assert!(s.foot().trim_end().ends_with(": 70000"), "{}", s.foot());
    s.press("enter").await.shows("\"70000\" has no valid remote port");
}

#[tokio::test(start_paused = true)]
async fn a_forward_that_cannot_be_stays_in_the_list_until_it_is_stopped() {
    let mut s = begin().await;
    s.run("port-forward services/nothing -n default 80").await.shows("port-forward to service default/nothing:");
    s.press("F").await.shows("port-forwards 1").shows("failed").shows("service default/nothing");
    s.hides("1 forwarded");
    s.press("r").await.shows("port-forwards 1").shows("failed");
    s.press("x").await.shows("port-forwards 0").shows("no port is forwarded");
    s.press("x").await.shows("no port is forwarded");
    s.press("esc").await.shows("services(default)");
}

#[tokio::test(start_paused = true)]
async fn what_has_no_ports_says_so() {
    let mut s = Start::at("nodes").go().await;
    s.press("f").await.shows("has no ports to forward");
    s.press("F").await.run("port-forward nodes/x 80").await.shows("node default/x has no ports to forward");
    s.run("port-forward pods/x @nowhere 80").await.shows("there is no context \"nowhere\"");
}

#[tokio::test(start_paused = true)]
async fn listening_for_others_is_asked_about_first() {
    let mut s = begin().await;
    s.run("port-forward services/nothing --address 0.0.0.0 8080:80").await.shows("listen on 0.0.0.0?");
    s.on("only this machine").press("enter").await.press("F").await.hides("exposed").shows("service default/nothing");
    s.press("x").await.run("port-forward services/nothing --address 0.0.0.0 8080:80").await;
    s.press("down").await.on("everybody").press("enter").await.shows("8080:80 (exposed)");
    s.run("port-forward services/nothing --address everywhere 80").await.shows("neither an IP address nor localhost");
}

#[tokio::test(start_paused = true)]
async fn sets_need_a_place_and_something_to_keep() {
    let mut s = begin().await;
    s.run("save-forwards").await.shows("no port is forwarded in this context");
    s.run("port-forward services/nothing 80")
        .await
        .run("save-forwards work")
        .await
        .shows("no directory for your files");
    s.run("start-forwards work").await.shows("no directory for your files");
}

#[tokio::test(start_paused = true)]
async fn sets_are_kept_and_opened_again() {
    let dir = tempfile::tempdir().unwrap();
    let start = || Start { dir: Some(dir.path().to_owned()), ..Start::at("services -n default").size(160, 30) };
    let mut s = start().go().await;
    s.run("start-forwards").await.shows("no port-forwards of demo were kept");
    s.run("port-forward services/nothing :80 81").await.run("save-forwards").await.type_in("work").await;
    s.press("enter").await.shows("kept 2 port-forwards as work");
    let mut later = start().go().await;
    later.run("start-forwards").await.shows("services/nothing -n default :80 · services/nothing -n default 81");
    later.press("enter").await.press("F").await.shows("port-forwards 2");
}
