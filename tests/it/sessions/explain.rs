//! What kinds and fields are for, as a tree: from the palette, from YAML, from the editor.

use super::session::{Session, Start};
use rutter::commands::Effect;

async fn at(place: &'static str) -> Session {
    Start::at(place).size(120, 30).go().await
}

#[tokio::test(start_paused = true)]
async fn a_field_is_found_opened_and_told() {
    let mut s = at("pods -n shop").await;
    s.run("explain pods.spec.containers")
        .await
        .shows("explain pods.spec.containers")
        .on("▾ containers <[]Container> -required-");
    s.shows("What runs in it; at least one.").shows("A process with its own file system.").shows("image <string>");
    s.press("down right").await.on("command <[]string>").shows("explain pods.spec.containers.command");
    s.press("left").await.on("▾ containers").press("left").await.on("▸ containers").hides("imagePullPolicy");
    s.press("left")
        .await
        .on("▾ spec")
        .press("space")
        .await
        .on("▸ spec")
        .press("g g")
        .await
        .on(" pods")
        .shows("Pod of the demo cluster");
    insta::assert_snapshot!("a_kind_explained", s.press("z R").await.screen());
    s.press("z M").await.hides("containers").press("2 z m").await.shows("containers").hides("imagePullPolicy");
    s.press("/").await.type_in("containerport").await.press("enter").await.on("containerPort <integer> -required-");
    s.press("y p").await;
    assert_eq!(s.effects().pop(), Some(Effect::Copy("pods.spec.containers.ports.containerPort".to_owned())));
    s.press("c").await;
    let Some(Effect::Copy(text)) = s.effects().pop() else { panic!("nothing was copied") };
    assert_eq!(
        text,
        "KIND:       Pod\nVERSION:    v1\n\nFIELD: containerPort <integer>\n\n\nDESCRIPTION:\n    Its number.\n    \n\n"
    );
}

#[tokio::test(start_paused = true)]
async fn what_there_is_not_is_said() {
    let mut s = at("pods -n shop").await;
    s.run("explain gizmos.spec")
        .await
        .shows("doesn't have a resource type \"gizmos\"")
        .press("esc")
        .await
        .shows("pods(shop)");
    s.run("explain pods.spec.nothing").await.on("▾ spec").shows("explain pods.spec");
    s.run("messages").await.press("alt-e").await.run("explain").await.shows("there is nothing to explain here");
}

#[tokio::test(start_paused = true)]
async fn the_field_under_the_cursor_is_explained() {
    let mut s = Start::at("deployments -n shop").size(120, 70).go().await;
    s.press("alt-e").await.shows("explain deployments.apps").on(" deployments").press("esc").await;
    s.press("y").await.press("/").await.type_in("image:").await.press("enter alt-e").await;
    s.on("image <string>").shows("explain deployments.apps.spec.template.spec.containers.image");
    s.press("esc").await.on("image:").press("esc").await.run("edit-here").await.shows("edit deployment");
    // The first line of the text is the third of the screen.
    let replicas = s.screen().lines().position(|line| line.trim().starts_with("replicas:")).expect("replicas");
    for _ in 2..replicas {
        s.press("down").await;
    }
    s.press("alt-e").await.on("replicas <integer>").shows("How many pods there shall be");
    s.press("esc").await.shows("edit deployment");
}

#[tokio::test(start_paused = true)]
async fn on_a_small_terminal_the_text_stands_below() {
    let mut s = Start::at("pods -n shop").size(60, 16).go().await;
    s.run("explain services.spec.type").await.on("type <string>").shows("one of: ClusterIP, ExternalName");
    for width in (1..60).rev() {
        s.resize(width, 8).await;
    }
}
