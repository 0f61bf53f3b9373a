//! Commands in real containers: how they end, terminals and their size, the end of stdin, and what a lost session says.

use super::{A_WHILE, Space, shell};
use rutter::cluster::exec::{Call, End, Ended, Errand, Session, Size, Visit, What, Whom, explain, open};
use rutter::kinds::Uid;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::timeout;

impl Space {
    /// Opens a session in container `main`: with stdin, and with a terminal if wished.
    async fn session(&self, pod: &str, what: What, tty: bool) -> Session {
        let call = Call {
            namespace: self.name.to_owned(),
            pod: pod.to_owned(),
            container: "main".to_owned(),
            what,
            stdin: true,
            tty,
        };
        let lanes = self.plane.clients("").await.lanes;
        Session::open(&lanes.sessions, &call).await.expect("a session")
    }

    /// What a command that is told nothing says, on stdout and stderr, and how it ends.
    async fn runs(&self, pod: &str, command: &[&str]) -> (String, String, Ended) {
        let Session { stdin, mut stdout, mut stderr, mut end, size: _size } =
            self.session(pod, exec(command), false).await;
        drop(stdin);
        let (mut out, mut err) = (String::new(), String::new());
        let read = async { tokio::try_join!(stdout.read_to_string(&mut out), stderr.read_to_string(&mut err)) };
        timeout(A_WHILE, read).await.expect("an end").expect("text");
        (out, err, ended(&mut end).await)
    }

    fn visit(&self, pod: &str, uid: Option<Uid>, errand: Errand) -> Visit {
        let whom = Whom::Pod { name: pod.to_owned(), uid };
        Visit {
            context: self.plane.context().to_owned(),
            namespace: self.name.to_owned(),
            whom,
            container: None,
            errand,
        }
    }
}

fn exec(command: &[&str]) -> What {
    What::Exec(command.iter().map(|word| (*word).to_owned()).collect())
}

pub async fn ended(end: &mut End) -> Ended {
    timeout(A_WHILE, end.wait()).await.expect("it ends")
}

/// Reads until `wanted` has come; all that came.
pub async fn hears(from: &mut DuplexStream, wanted: &str) -> String {
    let mut heard = Vec::new();
    let listen = async {
        while !String::from_utf8_lossy(&heard).contains(wanted) {
            if from.read_buf(&mut heard).await.expect("it speaks") == 0 {
                return false;
            }
        }
        true
    };
    let came = timeout(A_WHILE, listen).await.is_ok_and(|came| came);
    let heard = String::from_utf8_lossy(&heard).into_owned();
    assert!(came, "{wanted:?} does not come: {heard:?}");
    heard
}

fn uid(pod: &Value) -> Uid {
    Uid::parse(pod["metadata"]["uid"].as_str().expect("a UID"))
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_end_as_they_ended() {
    let Some(space) = Space::open("node-exec").await else { return };
    space.run("one", shell("sleep 1000", json!({}))).await;
    let said = |out: &str, err: &str, code| (out.to_owned(), err.to_owned(), Ended::Exited(code));
    assert_eq!(space.runs("one", &["echo", "out"]).await, said("out\n", "", 0));
    assert_eq!(space.runs("one", &["sh", "-c", "echo o; echo e >&2; exit 7"]).await, said("o\n", "e\n", 7));
    assert_eq!(space.runs("one", &["sh", "-c", "kill -9 $$"]).await, said("", "", 137));
    let (_, _, missing) = space.runs("one", &["nothing-like-this"]).await;
    let Ended::Failed(words) = missing else { panic!("{missing:?}") };
    assert!(words.contains("nothing-like-this") && words.contains("executable file not found"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_stdin_is_no_end_of_stdout() {
    let Some(space) = Space::open("node-exec-stdin").await else { return };
    space.run("one", shell("sleep 1000", json!({}))).await;
    let Session { mut stdin, mut stdout, stderr: _stderr, mut end, size: _size } =
        space.session("one", exec(&["cat"]), false).await;
    let sent: Vec<u8> = (0..2_000_000_u32).map(|n| (n % 251) as u8).collect();
    let copy = sent.clone();
    // Dropped behind the last byte: the command is told that nothing more comes, and nothing else.
    let sending = tokio::spawn(async move { stdin.write_all(&copy).await });
    let mut received = Vec::new();
    timeout(A_WHILE, stdout.read_to_end(&mut received)).await.expect("an end").expect("bytes");
    sending.await.expect("it ends").expect("all was taken");
    assert!(received == sent, "{} bytes of {} came back", received.len(), sent.len());
    assert_eq!(ended(&mut end).await, Ended::Exited(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_has_the_size_that_it_was_told_last() {
    let Some(space) = Space::open("node-exec-tty").await else { return };
    let pod = space.run("one", shell("sleep 1000", json!({}))).await;
    let visit = space.visit("one", Some(uid(&pod)), Errand::Shell);
    let lanes = space.plane.clients("").await.lanes;
    let mut session = open(&lanes, &visit).await.unwrap_or_else(|why| panic!("{}", why.sentence)).session;
    let mut look = async |width, height| {
        session.size.send(Some(Size { width, height })).expect("it runs");
        let wanted = format!("{height} {width}");
        // A size travels beside what is typed.
        let wait = format!("until [ \"$(stty size)\" = '{wanted}' ]; do sleep 0.1; done; echo \"is $(stty size)\"\r");
        session.stdin.write_all(wait.as_bytes()).await.expect("it listens");
        hears(&mut session.stdout, &format!("is {wanted}")).await
    };
    look(100, 30).await;
    look(72, 21).await;
    session.stdin.write_all(b"[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && exit 5\r").await.expect("it listens");
    let mut rest = Vec::new();
    timeout(A_WHILE, session.stdout.read_to_end(&mut rest)).await.expect("an end").expect("bytes");
    assert_eq!(ended(&mut session.end).await, Ended::Exited(5));
}

/// Whether the runtime ends the command first, and can still say so, or the connection, is not ours to choose: it never
/// is a success.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_a_deleted_pod_is_no_success() {
    let Some(space) = Space::open("node-exec-deleted").await else { return };
    let pod = space.run("one", shell("sleep 1000", json!({}))).await;
    let visit = space.visit("one", Some(uid(&pod)), Errand::Run(vec!["cat".to_owned()]));
    let lanes = space.plane.clients("").await.lanes;
    let mut opened = open(&lanes, &visit).await.unwrap_or_else(|why| panic!("{}", why.sentence));
    opened.session.stdin.write_all(b"there\r").await.expect("it listens");
    hears(&mut opened.session.stdout, "there").await;
    space.wire.delete(&format!("{}?gracePeriodSeconds=0", space.path("pods/one"))).await.ok("delete");
    let ended = ended(&mut opened.session.end).await;
    let (told, hint) = explain(&lanes.read, &visit, &opened, ended.clone()).await;
    match &told {
        Ended::Exited(code) => assert_eq!(*code, 137, "{ended:?}"),
        Ended::Lost(why) => assert!(why == "the pod was deleted" || why == "the pod is being deleted", "{why}; {hint}"),
        Ended::Failed(_) => panic!("{told}"),
    }

    // Another pod of its name is not visited.
    space.until("pods/one", "it is gone", Value::is_null).await;
    space.run("one", shell("sleep 1000", json!({}))).await;
    let refused = open(&lanes, &visit).await.err().expect("a refusal");
    assert!(refused.sentence.contains("was replaced"), "{}", refused.sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_is_attached_to_with_what_it_was_given() {
    let Some(space) = Space::open("node-attach").await else { return };
    // The runtime lets go of those who are attached as soon as the process ends, with what it has not sent yet.
    let script = "while read -r line; do echo \"heard $line\"; [ \"$line\" != end ] || break; done; sleep 1; exit 6";
    let mut spec = shell(script, json!({"stdin": true}));
    spec["restartPolicy"] = json!("Never");
    space.run("listens", spec).await;
    space.run("speaks", shell("while sleep 0.2; do echo said; echo cried >&2; done", json!({}))).await;
    let lanes = space.plane.clients("").await.lanes;
    let attach = async |pod: &str| {
        let opened = open(&lanes, &space.visit(pod, None, Errand::Attach)).await;
        opened.unwrap_or_else(|why| panic!("{}", why.sentence))
    };

    let mut deaf = attach("speaks").await;
    assert_eq!((deaf.call.stdin, deaf.call.tty), (false, false));
    hears(&mut deaf.session.stdout, "said\n").await;
    hears(&mut deaf.session.stderr, "cried\n").await;
    drop(deaf);

    let mut both = attach("listens").await;
    assert_eq!((both.call.stdin, both.call.tty), (true, false));
    both.session.stdin.write_all(b"one\n").await.expect("it listens");
    hears(&mut both.session.stdout, "heard one\n").await;
    both.session.stdin.write_all(b"end\n").await.expect("it listens");
    hears(&mut both.session.stdout, "heard end\n").await;
    let how = ended(&mut both.session.end).await;
    assert!(matches!(how, Ended::Exited(_)), "{how:?}");
    let over = |pod: &Value| pod["status"]["phase"] == "Failed";
    let pod = space.until("pods/listens", "it has ended", over).await;
    assert_eq!(pod["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"], 6);
    // What is over is not attached to.
    let refused = open(&lanes, &space.visit("listens", None, Errand::Attach)).await.err().expect("a refusal");
    assert!(refused.sentence.contains("is over"), "{}", refused.sentence);
}
