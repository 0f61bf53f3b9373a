//! Keeps an answer true: asks, watches what the answer depends on, and asks again when that changed.

use super::ask::{Answered, Asked, Question, Seen, Watched};
use super::sight::{items, version};
use crate::cluster::Unreachable;
use crate::cluster::gate::{Problem, Reader};
use crate::cluster::message::{Message, Subscription};
use crate::cluster::watch::{Request, watch, watch_from};
use crate::kinds::Server;
use crate::kinds::answer::Answer;
use kube::Client;
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// For how long changes are gathered before it is asked again: one that changes all the time is asked for twice a second.
const GATHER: Duration = Duration::from_millis(500);
/// What takes long is asked for less often: for so many times as long nobody asks.
const REST: u32 = 4;
/// The shortest and the longest pause after a question that failed.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(30));

/// Answers `question` until nobody listens any more. A failure is told, and it is asked again.
pub async fn follow(
    client: Client,
    (question, asked): (&'static dyn Question, Asked),
    of: Subscription,
    out: Sender<Message>,
) {
    let reader = Reader::new(client.clone());
    let mut watches = Watches::new(client, asked.server);
    let mut told: Option<Result<Answer, Unreachable>> = None;
    let mut pause = PAUSES.0;
    loop {
        let began = Instant::now();
        let (result, again) = match question.answer(&reader, &asked).await {
            Ok(Answered { answer, watch, again }) => {
                watches.keep(watch);
                pause = PAUSES.0;
                (Ok(answer), again)
            }
            Err(problem) => {
                let again = pause;
                pause = (pause * 2).min(PAUSES.1);
                (Err(unreachable(problem)), Some(again))
            }
        };
        let rest = began.elapsed() * REST;
        if told.as_ref() != Some(&result) {
            told = Some(result.clone());
            if out.send(Message::Answer { of, result }).await.is_err() {
                return;
            }
        }
        watches.changed((again, rest)).await;
    }
}

fn unreachable(Problem { sentence, hint, .. }: Problem) -> Unreachable {
    Unreachable { sentence, hint }
}

/// The watches behind an answer.
struct Watches {
    client: Client,
    server: Server,
    kept: Vec<Watched>,
    tasks: JoinSet<()>,
    signal: (Sender<()>, Receiver<()>),
}

impl Watches {
    fn new(client: Client, server: Server) -> Self {
        Self { client, server, kept: Vec::new(), tasks: JoinSet::new(), signal: mpsc::channel(1) }
    }

    /// Watches exactly `wanted` from now on.
    fn keep(&mut self, wanted: Vec<Watched>) {
        if self.kept == wanted {
            return;
        }
        self.tasks.abort_all();
        self.tasks = JoinSet::new();
        for watched in &wanted {
            self.tasks.spawn(notice(self.client.clone(), (watched.clone(), self.server), self.signal.0.clone()));
        }
        self.kept = wanted;
    }

    /// Waits until something changed, or until it is time to ask again; then `rest` at least.
    async fn changed(&mut self, (again, rest): (Option<Duration>, Duration)) {
        match again {
            Some(again) => drop(timeout(again, self.signal.1.recv()).await),
            // Its sender is our own: this ends with a change only.
            None => drop(self.signal.1.recv().await),
        }
        sleep(rest.max(GATHER)).await;
        while self.signal.1.try_recv().is_ok() {}
    }
}

/// From which version on to watch, if it is known that nothing has changed before. The version of an object may be too old
/// to watch from: it is compared with what a list has of it.
async fn since(reader: &Reader, watched: &Watched) -> Option<String> {
    match &watched.seen {
        Seen::Unknown => None,
        Seen::List(version) => Some(version.clone()),
        Seen::Object(seen) => {
            let page = reader.metadata(&watched.page(1)).await.ok()?;
            let now = items(&page, "/items").first().map(version).unwrap_or_default();
            (now == *seen).then(|| version(&page))
        }
    }
}

/// Watches some objects and signals each change since the answer saw them. Where it is not known what the answer saw, the
/// list with which the watch begins is a change.
async fn notice(client: Client, (watched, server): (Watched, Server), signal: Sender<()>) {
    let since = since(&Reader::new(client.clone()), &watched).await;
    let (sender, mut told) = mpsc::channel(4);
    let Watched { kind, namespace, labels, fields, .. } = watched;
    let request =
        Request { of: Subscription(0), kind, namespaces: vec![namespace], labels, fields, first_page: 500, server };
    let watching = async {
        match since {
            Some(version) => watch_from(client, request, version, sender).await,
            None => watch(client, request, sender).await,
        }
    };
    let pass_on = async {
        while let Some(message) = told.recv().await {
            if matches!(message, Message::Changes { .. }) {
                // One signal that waits says enough.
                let _ = signal.try_send(());
            }
        }
    };
    tokio::join!(watching, pass_on);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::answers::sight::Sight;
    use crate::cluster::watch::script::{Asked as Request, client, event};
    use crate::kinds::Kinds;
    use crate::kinds::pods::Pods;
    use futures::future::BoxFuture;
    use tokio::sync::mpsc::UnboundedReceiver;

    /// Asks for one pod, and for the pods of its namespace.
    struct Pod;

    impl Question for Pod {
        fn name(&self) -> &'static str {
            "pod"
        }

        fn answer<'a>(&'a self, reader: &'a Reader, asked: &'a Asked) -> BoxFuture<'a, Result<Answered, Problem>> {
            Box::pin(async {
                let mut sight = Sight::new(reader, asked);
                sight.subject(asked).await?;
                sight.list(Watched::all(&Pods, Some("shop"))).await?;
                Ok(sight.answered(Answer::default()))
            })
        }
    }

    const POD: &str = r#"{"kind":"Pod","metadata":{"name":"web","namespace":"shop","uid":"u","resourceVersion":"5"}}"#;

    /// Answers what is asked until nothing is asked any more: the lines, and the watches that stay open.
    async fn serve(
        asked: &mut UnboundedReceiver<Request>,
        (object, version): (&str, &str),
    ) -> (Vec<String>, Vec<crate::cluster::watch::script::Open>) {
        let (mut lines, mut open) = (Vec::new(), Vec::new());
        while let Ok(Some(request)) = timeout(Duration::from_secs(5), asked.recv()).await {
            let url = request.url.replace("/api/v1/namespaces/shop/", "");
            lines.push(url.split_once("&timeoutSeconds").map_or(url.clone(), |(url, _)| url.to_owned()));
            if request.is_watch() {
                open.push(request.open(200, &[]));
            } else if url == "pods/web" {
                request.ok(object);
            } else {
                let body =
                    format!(r#"{{"kind":"PodList","metadata":{{"resourceVersion":"{version}"}},"items":[{object}]}}"#);
                request.reply(200, &[("content-type", "application/json")], body);
            }
        }
        (lines, open)
    }

    fn question() -> (&'static dyn Question, Asked) {
        let about = Some((&Pods as _, "shop".to_owned(), "web".to_owned()));
        (&Pod, Asked { about, argument: String::new(), server: Server { minor: 36 }, kinds: Kinds::default() })
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_asked_once_and_watched_from_what_was_seen() {
        let (client, mut asked) = client();
        let (out, mut told) = mpsc::channel(8);
        let task = tokio::spawn(follow(client, question(), Subscription(1), out));
        let (lines, open) = serve(&mut asked, (POD, "9")).await;
        let reads: Vec<&String> = lines.iter().filter(|line| !line.contains("watch=true")).collect();
        // The pod, the list, and one look at the version of the pod: no list for the watches.
        assert_eq!(
            reads,
            ["pods/web", "pods?limit=500", "pods?limit=1&fieldSelector=metadata.name%3Dweb"],
            "{lines:?}"
        );
        let watches: Vec<&String> = lines.iter().filter(|line| line.contains("resourceVersion=9")).collect();
        assert_eq!((watches.len(), open.len()), (2, 2), "{lines:?}");
        assert!(told.try_recv().is_ok() && told.try_recv().is_err());
        // A change is asked for once, too, and the watches stay.
        for watch in &open {
            watch.send(event("MODIFIED", &POD.replace("\"5\"", "\"10\"")));
        }
        assert_eq!(serve(&mut asked, (POD, "10")).await.0, ["pods/web", "pods?limit=500"]);
        task.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn whole_lists_are_asked_for_once_and_watched_from_their_version() {
        for (name, argument, lists) in [("helm", "-n shop", 1), ("rights", "user:alice", 4), ("who-can", "get pods", 4)]
        {
            let (client, mut asked) = client();
            let (out, mut told) = mpsc::channel(8);
            let found = crate::cluster::answers::find(name).unwrap();
            let about = Asked { about: None, argument: argument.to_owned(), ..question().1 };
            let task = tokio::spawn(follow(client, (found, about), Subscription(1), out));
            let (lines, open) = serve(&mut asked, (POD, "9")).await;
            let reads = lines.iter().filter(|line| !line.contains("watch=true")).count();
            let watches = lines.iter().filter(|line| line.contains("resourceVersion=9")).count();
            assert_eq!((reads, watches, open.len()), (lists, lists, lists), "{name}: {lines:#?}");
            assert!(told.try_recv().is_ok_and(|told| matches!(told, Message::Answer { result: Ok(_), .. })));
            task.abort();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_changed_between_answer_and_watch_is_asked_for() {
        let (client, mut asked) = client();
        let (out, _told) = mpsc::channel(8);
        let task = tokio::spawn(follow(client, question(), Subscription(1), out));
        // The pod as it was, and another version of it from then on.
        asked.recv().await.unwrap().ok(POD);
        let (lines, _open) = serve(&mut asked, (&POD.replace("\"5\"", "\"8\""), "9")).await;
        assert_eq!(lines.iter().filter(|line| *line == "pods/web").count(), 1, "{lines:?}");
        task.abort();
    }
}
