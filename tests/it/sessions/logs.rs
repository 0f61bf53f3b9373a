//! Logs: what is read of them, and what is done with their lines.

use super::session::{Session, Start};
use rutter::commands::Effect;
use rutter::demo::Story;
use serde_json::{Value, json};
use std::fs;

/// A pod that runs since an hour before the session begins.
fn pod(name: &str, restarts: u32) -> Value {
    let began = |minutes: u32| format!("2026-01-05T11:{minutes:02}:00Z");
    let last = json!({"terminated": {"exitCode": 137, "reason": "OOMKilled", "containerID": format!("demo://{name}-0"),
        "startedAt": began(0), "finishedAt": began(30)}});
    let status = json!({"name": "frontend", "containerID": format!("demo://{name}-{restarts}"), "restartCount": restarts, "ready": true,
        "state": {"running": {"startedAt": began(if restarts == 0 { 0 } else { 31 })}}, "lastState": if restarts == 0 { json!({}) } else { last }});
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"namespace": "lab", "name": name, "uid": format!("uid-{name}"), "labels": {"app": "web"}},
        "spec": {"nodeName": "n1", "containers": [{"name": "frontend", "image": "x"}]},
        "status": {"phase": "Running", "containerStatuses": [status]},
    })
}

async fn lab(pods: &[&str]) -> Session {
    let mut s = Start { story: Story::Empty, ..Start::at("pods lab").size(160, 24) }.go().await;
    for name in pods {
        s.put(pod(name, 0)).await;
    }
    s
}

/// The lines of the screen's body.
fn body(s: &Session) -> Vec<String> {
    let screen = s.screen();
    let height = screen.lines().count();
    screen.lines().skip(2).take(height - 3).map(str::to_owned).collect()
}

/// What the bar says at its right end.
fn fresh(s: &Session) -> String {
    s.line(0).rsplit("  ").next().unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_bar_says_how_fresh_logs_are() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.shows("logs of pod lab/web-1").shows("following");
    assert_eq!(fresh(&s), "live");
    s.press("p").await.shows("previous terminated container").shows("has not restarted");
    s.press("p").await.delete(pod("web-1", 0)).await.until("the pod was deleted").await;
    assert_eq!(fresh(&s), "ended");
}

#[tokio::test(start_paused = true)]
async fn only_lines_that_pass_are_shown() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.press("&").await.type_in("GET").await.press("enter").await.shows("· &GET").shows(" of ");
    let shown = body(&s);
    assert!(!shown.is_empty() && shown.iter().all(|line| line.contains("GET")), "{}", s.screen());
    s.run("filter-logs !get").await.shows("· &!get");
    assert!(body(&s).iter().all(|line| !line.to_lowercase().contains("get")), "{}", s.screen());
    s.press("&").await.hides("· &");
    s.run("filter-logs nothing like this")
        .await
        .shows("no line passes the filter")
        .run("clear-filter")
        .await
        .hides("· &");
    s.press("k k k /").await.type_in("GET").await.press("enter n n N").await.shows("· /GET").shows("standing still");
}

#[tokio::test(start_paused = true)]
async fn since_and_tail_narrow_what_is_read() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.press("s").await.shows("15m").type_in("5m").await.press("enter").await.shows("· last 5m");
    s.press("T").await.type_in("3").await.press("enter").await.shows("· last 3 lines").shows(" 3 lines ·");
    s.run("since all").await.hides("last 5m").shows(" 3 lines ·").run("tail all").await.shows("from the beginning");
    s.hides(" 3 lines ·").run("since soon").await.shows("`soon` is no time (write for example 90s");
    s.run("tail some").await.shows("`some` is no number of lines");
}

#[tokio::test(start_paused = true)]
async fn an_unknown_container_is_answered_with_those_that_there_are() {
    let mut s = Start::at("pods shop /checkout").size(160, 24).go().await;
    s.press("l")
        .await
        .run("choose-container nope")
        .await
        .shows("container nope is not valid for pod")
        .shows("out of: ");
    s.press("c").await.shows("all containers, init containers too");
}

#[tokio::test(start_paused = true)]
async fn pods_join_and_go_while_they_are_followed() {
    let mut s = lab(&["web-1", "web-2"]).await;
    s.put(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "lab", "name": "web"}, "spec": {"selector": {"app": "web"}}}))
        .await;
    s.run("services lab").await.press("l").await.shows("2 of 2 live").shows("web-1/frontend").shows("web-2/frontend");
    s.press("t").await;
    let lines = body(&s);
    let times: Vec<&str> = lines.iter().filter_map(|line| line.split_once(' ')).map(|(time, _)| time).collect();
    assert!(times.len() > 10 && times.is_sorted(), "{}", s.screen());
    s.press("t").await.put(pod("web-3", 0)).await.shows("3 of 3 live");
    s.run("filter-logs is followed").await.shows("web-3/frontend has come and is followed").press("&").await;
    s.delete(pod("web-2", 0)).await.until("web-2/frontend the pod was deleted").await.shows("2 of 3 live");
    s.put(pod("web-1", 1)).await.until("web-1/frontend container restarted (exit code 137, OOMKilled)").await;
    s.press("S").await.hides("web-3/frontend 1");
}

#[tokio::test(start_paused = true)]
async fn lines_are_saved_as_they_came() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.log");
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.run("tail 5").await.shows(" 5 lines ·");
    s.run(&format!("save-logs {}", path.display())).await.until("saved 5 lines to").await.shows("byte for byte");
    let saved = fs::read_to_string(&path).unwrap();
    let shown = body(&s);
    assert_eq!(saved.lines().count(), 5);
    for line in saved.lines() {
        assert!(shown.iter().any(|there| line.starts_with(there.trim_end()) || there.trim_end() == line), "{line}");
    }
    s.run(&format!("save-logs {}", path.display()))
        .await
        .until("it exists already")
        .await
        .shows("rutter overwrites nothing");
    s.run(&format!("save-logs {}", folder.path().display())).await.until("saved 5 lines to").await;
    let mut names: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["demo-pod-lab-web-1-20260105T120000Z.log", "web.log"]);
}

#[tokio::test(start_paused = true)]
async fn expressions_are_searched_and_filtered_for() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.run(r"filter-logs re:GET /\S+ HTTP/1\.1. [23]\d\d").await.shows("· &re:GET");
    let shown = body(&s);
    let ok = |line: &String| line.contains("GET /") && (line.contains("1\" 2") || line.contains("1\" 3"));
    assert!(shown.len() > 5 && shown.iter().all(ok), "{}", s.screen());
    s.run(r"filter-logs !re:^\S+ - - ").await.shows("· &!re:");
    assert!(body(&s).iter().all(|line| !line.contains(" - - ")), "{}", s.screen());
    s.press("&")
        .await
        .hides("· &")
        .run("filter-logs re:(")
        .await
        .shows("the expression cannot be used: unclosed group");
    s.hides("· &").press("/").await.type_in(r#"re:" 50[03] \d+"#).await.press("enter").await.shows("standing still");
    assert!(body(&s).iter().any(|line| line.contains("\" 50")), "{}", s.screen());
    s.press("n").await.shows("there is no further match").press("N").await.hides("no further match");
    s.press("/").await.type_in("re:no{3}such").await.press("enter").await.shows("\"re:no{3}such\" is not there");
}

#[tokio::test(start_paused = true)]
async fn a_moment_is_gone_to() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.press("t").await.run("log-at 11:40:30").await.shows("standing still");
    let first = body(&s).into_iter().next().unwrap_or_default();
    assert!(first.as_str() >= "2026-01-05T11:40:30" && first.as_str() < "2026-01-05T11:41:30", "{}", s.screen());
    s.press("k").await;
    let before = body(&s).into_iter().next().unwrap_or_default();
    assert!(before.as_str() < "2026-01-05T11:40:30" && before.starts_with("2026-01-05T11:"), "{}", s.screen());
    s.run("filter-logs GET").await.run("log-at 2026-01-05T11:20:00Z").await;
    let first = body(&s).into_iter().next().unwrap_or_default();
    assert!(first.starts_with("2026-01-05T11:2") && first.contains("GET"), "{}", s.screen());
    s.run("log-at 2027-01-01T00:00:00Z").await.shows("no line is as young as 2027-01-01T00:00:00Z");
    s.run("log-at noon").await.shows("\"noon\" is no time");
    s.run("log-at")
        .await
        .shows("lines from (UTC)")
        .type_in("11:00")
        .await
        .press("enter")
        .await
        .shows("2026-01-05T11:1");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_pods_are_followed_together() {
    let names: Vec<String> = (0..100).map(|number| format!("web-{number:02}")).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.log");
    let mut s = lab(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    s.put(json!({"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "lab", "name": "web"}, "spec": {"selector": {"app": "web"}}}))
        .await;
    s.run("services lab").await.press("l").await.until("100 of 100 live").await.press("t").await;
    s.run(&format!("save-logs {}", path.display())).await.until("byte for byte").await;
    let saved = fs::read_to_string(&path).unwrap();
    let mut times = Vec::new();
    for name in &names {
        let head = format!("[pod/{name}/frontend] ");
        let lines: Vec<&str> = saved.lines().filter_map(|line| line.strip_prefix(&head)).collect();
        // What each has said before, at most 200 lines, and what it says while all are followed.
        assert!((200..230).contains(&lines.len()) && lines.is_sorted(), "{name}: {} lines", lines.len());
        times.push(lines.len());
    }
    let all: Vec<&str> = saved.lines().filter_map(|line| line.split(' ').nth(1)).collect();
    assert!(all.is_sorted() && all.len() == times.iter().sum::<usize>(), "lines of all pods stand by time");
    s.delete(pod("web-07", 0)).await.until("99 of 100 live").await;
}

fn copied(s: &mut Session) -> Vec<String> {
    let copied = s.effects().into_iter().filter_map(|effect| match effect {
        Effect::Copy(text) => Some(text),
        _ => None,
    });
    copied.last().unwrap_or_default().lines().map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn one_line_some_or_all_are_copied() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.run("tail 9").await.press("Y").await;
    let all = copied(&mut s);
    assert_eq!(all.len(), 9);
    s.press("y").await;
    assert_eq!(copied(&mut s), all[8..]);
    s.press("v k k").await.shows("· 3 selected").press("y").await.hides("selected");
    assert_eq!(copied(&mut s), all[6..]);
    s.press("f /").await.type_in(&all[4]).await.press("enter y").await;
    assert_eq!(copied(&mut s), all[4..5]);
    s.press("v v").await.hides("selected");
}

#[tokio::test(start_paused = true)]
async fn the_screen_is_cleared_and_separated() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.press("-").await.shows("── 2026-01-05T12:00:00Z ───");
    s.press("C").await.shows("lines were cleared away").shows(" 1 lines");
    assert_eq!(body(&s).iter().filter(|line| !line.is_empty()).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn trying_again_doubles_no_line() {
    let mut s = lab(&["web-1"]).await;
    s.press("l").await.run("tail 5").await.shows(" 5 lines ·").run("retry").await.shows(" 5 lines ·");
}
