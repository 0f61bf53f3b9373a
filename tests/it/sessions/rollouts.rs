//! Rollouts as a person sees them: the way back from a bad one, its progress, revisions and their difference.

use super::session::{Session, Start};
use rutter::demo::Story;
use std::time::Duration;

/// Longer than keys are taken for typed ahead.
const LOOKED: Duration = Duration::from_millis(400);

async fn deployment(name: &str) -> Session {
    let mut s = Start { story: Story::Still, ..Start::at("deployments -n shop") }.go().await;
    s.run(&format!("filter ^{name}$")).await;
    s
}

#[tokio::test(start_paused = true)]
async fn look() {
    let mut s = Start { story: Story::Full, ..Start::at("deployments -n shop") }.go().await;
    println!("{}", s.screen());
    s.run("filter frontend").await;
    s.press("r").await;
    println!("{}", s.screen());
    s.press("h").await;
    println!("{}", s.screen());
    s.press("esc").await;
    s.run("set-image").await;
    println!("{}", s.screen());
    s.press("esc").await;
    s.press("r s").await;
    println!("{}", s.screen());
    s.press("esc r u").await;
    println!("{}", s.screen());
}
