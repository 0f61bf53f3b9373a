//! Debugging on the real node: the container beside those of a pod, used again while it runs, and the shell of a node.

use super::exec::{ended, hears};
use super::{BOX, Space, shell};
use rutter::cluster::actions::{Debug, DebugNode, NODE_CONTAINER};
use rutter::cluster::connect::Lanes;
use rutter::cluster::exec::{Ended, Errand, Opened, Visit, Whom, open, tidy_up};
use rutter::cluster::gate::{Action, Change, MADE, Prepared, Reader, Target, apply, prepare};
use rutter::kinds::{Uid, find};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

impl Space {
    fn debugger(&self, pod: &str, container: &str, made: Option<Uid>) -> Visit {
        Visit {
            context: self.plane.context().to_owned(),
            namespace: self.name.to_owned(),
            whom: Whom::Pod { name: pod.to_owned(), uid: made },
            container: Some(container.to_owned()),
            errand: Errand::Debugger { delete: made.is_some() },
        }
    }
}

async fn prepared(lanes: &Lanes, action: impl Action + 'static, target: &Target, then: &str) -> Prepared {
    let change = Change::of(action, vec![target.clone()]).then(then);
    prepare(1, (&Reader::new(lanes.read.clone()), &lanes.writer), change).await
}

/// Does it; the command line that it goes on with.
async fn done(lanes: &Lanes, prepared: Prepared) -> String {
    assert_eq!(prepared.ready().count(), 1, "{prepared:?}");
    let applied = apply((&Reader::new(lanes.read.clone()), &lanes.writer), prepared).await;
    assert!(applied.outcomes.iter().all(|outcome| outcome.result.is_ok()), "{applied:?}");
    applied.then
}

async fn opened(lanes: &Lanes, visit: &Visit) -> Opened {
    let opened = timeout(super::A_WHILE, open(lanes, visit)).await.expect("it starts");
    opened.unwrap_or_else(|why| panic!("{}", why.sentence))
}

fn target(plural: &str, namespace: &str, object: &Value) -> Target {
    let text = |name: &str| object["metadata"][name].as_str().expect("text");
    let uid = Some(Uid::parse(text("uid")));
    Target { names: find(plural).expect("a kind").names(), namespace: namespace.into(), name: text("name").into(), uid }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debugging_container_is_used_again_while_it_runs() {
    let Some(space) = Space::open("node-debug").await else { return };
    let pod = space.run("one", shell("sleep 1000", json!({}))).await;
    let (target, lanes) = (target("pods", space.name, &pod), space.plane.clients("").await.lanes);
    let debug = |name: &str| Debug { container: name.into(), image: BOX.into(), beside: None };
    done(&lanes, prepared(&lanes, debug("debugger-rutter-a"), &target, "").await).await;

    let visit = space.debugger("one", "debugger-rutter-a", None);
    let mut first = opened(&lanes, &visit).await;
    assert_eq!((first.call.stdin, first.call.tty), (true, true));
    // It sees the processes of the container that it is beside.
    let sees = b"ps | grep -c '[s]leep 1000'; mark=7; echo is$mark\r";
    first.session.stdin.write_all(sees).await.expect("it listens");
    let heard = hears(&mut first.session.stdout, "is7").await;
    assert!(heard.contains("\n1\r\nis7"), "{heard:?}");
    drop(first);

    // It goes on without us, and the next one gets the same shell without a request.
    let again = prepared(&lanes, debug("debugger-rutter-b"), &target, "").await;
    assert_eq!(again.instead(), Some("debugger node-debug/one/debugger-rutter-a"), "{again:?}");
    let mut second = opened(&lanes, &visit).await;
    second.session.stdin.write_all(b"echo still$mark; exit 4\r").await.expect("it listens");
    hears(&mut second.session.stdout, "still7").await;
    assert!(matches!(ended(&mut second.session.end).await, Ended::Exited(_)));

    let over = |pod: &Value| pod["status"]["ephemeralContainerStatuses"][0]["state"]["terminated"]["exitCode"] == 4;
    let pod = space.until("pods/one", "the debugger has ended", over).await;
    let container = &pod["spec"]["ephemeralContainers"][0];
    assert_eq!((&container["image"], &container["imagePullPolicy"]), (&json!(BOX), &json!("IfNotPresent")));
    let refused = open(&lanes, &visit).await.err().expect("a refusal");
    assert!(refused.sentence.contains("it has ended with exit code 4"), "{}", refused.sentence);
    let new = prepared(&lanes, debug("debugger-rutter-b"), &target, "").await;
    assert_eq!((new.instead(), new.ready().count()), (None, 1), "{new:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_not_there_is_told() {
    let Some(space) = Space::open("node-debug-image").await else { return };
    let pod = space.run("one", shell("sleep 1000", json!({}))).await;
    let (target, lanes) = (target("pods", space.name, &pod), space.plane.clients("").await.lanes);
    let debug = Debug { container: "debugger-rutter-a".into(), image: "registry.invalid/none:1".into(), beside: None };
    done(&lanes, prepared(&lanes, debug, &target, "").await).await;
    let visit = space.debugger("one", "debugger-rutter-a", None);
    let refused = timeout(super::A_WHILE, open(&lanes, &visit)).await.expect("an answer").err().expect("a refusal");
    assert!(refused.sentence.contains("it cannot be started: ImagePullBackOff"), "{}", refused.sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_shell_of_a_node_goes_with_its_pod_and_no_other() {
    let Some(space) = Space::open("node-debug-node").await else { return };
    let node = space.wire.get("/api/v1/nodes/real").await.ok("node");
    let (target, lanes) = (target("nodes", "", &node), space.plane.clients("").await.lanes);
    let pod = "node-debugger-real-x";
    let action = DebugNode { pod: pod.into(), namespace: space.name.into(), image: BOX.into() };
    let made = done(&lanes, prepared(&lanes, action, &target, MADE).await).await;
    let uid = Uid::uuid(&made).unwrap_or_else(|| panic!("{made} is no UID"));

    let visit = space.debugger(pod, NODE_CONTAINER, Some(uid));
    let mut shell_of_node = opened(&lanes, &visit).await;
    shell_of_node.session.stdin.write_all(b"test -d /host/proc && echo host$((1+1))\r").await.expect("it listens");
    hears(&mut shell_of_node.session.stdout, "host2").await;
    drop(shell_of_node);

    // Somebody else's pod of the same name stays.
    let old = space.debugger(pod, NODE_CONTAINER, Some(Uid::parse("11111111-2222-3333-4444-555555555555")));
    let refused = open(&lanes, &old).await.err().expect("a refusal");
    assert!(refused.sentence.contains("was replaced"), "{}", refused.sentence);
    tidy_up(&lanes, &old).await.expect("nothing to tidy up");
    let path = format!("pods/{pod}");
    let still = space.wire.get(&space.path(&path)).await.ok("the pod");
    assert_eq!(still["metadata"]["deletionTimestamp"], Value::Null);

    tidy_up(&lanes, &visit).await.expect("it goes");
    space.until(&path, "it is gone", Value::is_null).await;
    // What is gone already needs no tidying up.
    timeout(Duration::from_secs(20), tidy_up(&lanes, &visit)).await.expect("at once").expect("it is gone");
}
