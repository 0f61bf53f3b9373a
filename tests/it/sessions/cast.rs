//! The demo's cast: an object of every kind that rutter has a file for, and what is asked of each opens.

use super::session::Start;
use rutter::kinds;

#[tokio::test(start_paused = true)]
async fn every_kind_is_there_and_can_be_looked_into() {
    let mut s = Start::at("pods -A").size(80, 24).go().await;
    let mut wrong = Vec::new();
    for kind in kinds::ALL {
        let names = kind.names();
        s.run(&format!("{} -A", names.plural)).await;
        let list = s.screen();
        if s.row().trim().is_empty() {
            wrong.push(format!("there is none of {}:\n{list}", names.plural));
            continue;
        }
        let described = s.press("d").await.screen();
        s.press("q").await;
        let yaml = s.press("y").await.screen();
        s.press("q").await;
        if described == list || !described.contains("Name") {
            wrong.push(format!("{} is not described:\n{described}", names.plural));
        }
        if !yaml.contains("kind: ") && !yaml.contains("image: ") {
            wrong.push(format!("{} has no YAML:\n{yaml}", names.plural));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn what_is_deprecated_says_what_has_taken_its_place() {
    let mut s = Start::at("componentstatuses").size(80, 24).go().await;
    s.shows("deprecated: /readyz?verbose (:cluster-info)");
    s.run("cluster-info").await.shows("/readyz");
    s.run("endpoints -A").await.shows("deprecated: EndpointSlice (:endpointslices)");
    s.run("endpointslices -A").await.hides("deprecated");
}
