//! What runs because somebody looks at it. Screens say what they show; this starts what is missing and, some seconds
//! after nobody looks any more, drops the rest.

use super::clusters::Clusters;
use super::connecting::keep_connecting;
use super::save::File;
use crate::cluster::answers::{self, Asked};
use crate::cluster::connect::Lanes;
use crate::cluster::discovery::{Listed, list};
use crate::cluster::gate::Reader;
use crate::cluster::logs::{Containers, Extent, WorkloadLogs, follow_all};
use crate::cluster::object;
use crate::cluster::rollout::{Followed, Workload, follow_progress, follow_revisions};
use crate::cluster::watch::{Request, watch, watch_ahead};
use crate::cluster::{Ahead, Connected, Message, Subscription, Unreachable, drain, explain, usage};
use crate::kinds::drain::Options;
use crate::kinds::schema::Document;
use crate::kinds::{AnyKind, Kinds, Server, Time};
use crate::model::place::ALL_CONTAINERS;
use crate::model::{AnswerKey, ListKey, LogKey, ObjectKey, Tail, Topic};
use crate::ui::logs::Taken;
use kube::Client;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{self, Sender};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::Instant;

/// For how long a watch goes on after its last screen is gone.
const LINGER: Duration = Duration::from_secs(15);

/// Lines of the past that are asked for, for one pod and for each of several.
const TAIL_OF_ONE: u32 = 5_000;
const TAIL_OF_MANY: u32 = 200;

/// Groups and versions of a context whose schemas are kept.
const SCHEMAS: usize = 8;

/// A task that ends with its owner.
#[derive(Debug)]
pub(super) struct Running(AbortHandle);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A task that keeps a topic fresh.
#[derive(Debug)]
struct Service {
    of: Subscription,
    _task: Running,
    unwanted_since: Option<Instant>,
}

/// The tasks that run.
pub struct Tasks {
    clusters: Clusters,
    out: Sender<Message>,
    services: HashMap<Topic, Service>,
    sessions: HashMap<String, Running>,
    connected: HashMap<String, Connected>,
    kinds: HashMap<String, Kinds>,
    ahead: HashMap<String, Ahead>,
    schemas: HashMap<String, Vec<Arc<Document>>>,
    last: u64,
}

impl Tasks {
    /// No task yet; what they say goes to `out`.
    pub fn new(clusters: Clusters, out: Sender<Message>) -> Self {
        let (services, sessions, connected, ahead, kinds, schemas) = Default::default();
        Self { clusters, out, services, sessions, connected, ahead, kinds, schemas, last: 0 }
    }

    /// A context is connected.
    pub fn connected(&mut self, context: String, connected: Connected) {
        self.sessions.remove(&context);
        self.ahead.remove(&context);
        self.connected.insert(context, connected);
    }

    /// A context can be asked for lists, although it has not answered yet.
    pub fn reached(&mut self, context: String, ahead: Ahead) {
        self.ahead.insert(context, ahead);
    }

    /// A context did not answer: what it was asked ahead is asked anew when it does.
    pub fn unreached(&mut self, context: &str) {
        self.ahead.remove(context);
        self.services.retain(|topic, _| **topic.context() != *context);
    }

    /// Keeps the schemas of a group and version, so that they are not read again while their hash is the same.
    pub fn keep_schemas(&mut self, context: &str, document: &Arc<Document>) {
        let known = self.schemas.entry(context.to_owned()).or_default();
        known.retain(|other| other.url != document.url);
        known.push(Arc::clone(document));
        known.drain(..known.len().saturating_sub(SCHEMAS));
    }

    /// A context serves these kinds. Answers that were given without knowing them are given anew.
    pub fn serves(&mut self, context: &str, kinds: Kinds) {
        let are_news = self.kinds.get(context) != Some(&kinds);
        self.kinds.insert(context.to_owned(), kinds);
        if are_news {
            self.services.retain(|topic, _| !matches!(topic, Topic::Answer(key) if *key.context == *context));
        }
    }

    /// The kinds that a context serves; none while its server was not asked.
    fn known_kinds(&self, context: &str) -> Kinds {
        self.kinds.get(context).cloned().unwrap_or_default()
    }

    /// How requests leave for `context`, once it is connected.
    pub fn lanes(&self, context: &str) -> Option<&Lanes> {
        self.connected.get(context).map(|connected| &connected.lanes)
    }

    /// Where clients come from.
    pub fn clusters(&self) -> &Clusters {
        &self.clusters
    }

    /// A number for a task that nobody used before.
    pub fn number(&mut self) -> Subscription {
        self.last += 1;
        Subscription(self.last)
    }

    /// Where tasks tell what they have to tell.
    pub fn sender(&self) -> Sender<Message> {
        self.out.clone()
    }

    /// Connects `context` unless it is or somebody tries; tells whether a try began.
    pub fn want_session(&mut self, context: &str) -> bool {
        if self.connected.contains_key(context) || self.sessions.contains_key(context) {
            return false;
        }
        let task = tokio::spawn(keep_connecting(self.clusters.clone(), context.to_owned(), self.out.clone()));
        self.sessions.insert(context.to_owned(), running(&task));
        true
    }

    /// Goes on connecting only what is wanted. Returns the contexts that are not.
    pub fn keep_connecting(&mut self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let given_up: Vec<String> =
            self.sessions.extract_if(|context, _| !is_wanted(context)).map(|(context, _)| context).collect();
        for context in &given_up {
            self.unreached(context);
        }
        given_up
    }

    /// Tries everything that is down again, now.
    pub fn retry(&mut self) {
        self.sessions.clear();
        self.services.clear();
        self.ahead.clear();
    }

    /// Begins `topic` anew.
    pub fn restart(&mut self, topic: &Topic) {
        self.services.remove(topic);
    }

    /// Writes lines into a file, beside the loop, and tells how that went.
    pub fn save(&self, file: File, taken: Taken) {
        let out = self.out.clone();
        tokio::spawn(async move {
            let written = tokio::task::spawn_blocking(move || file.write(&taken, |name| std::env::var(name).ok()));
            let result = written.await.unwrap_or_else(|error| Err(lost(&error)));
            // When the loop has ended, nobody needs the answer.
            let _ = out.send(Message::Done { result }).await;
        });
    }

    /// Serves exactly `wanted` from now on, and what was wanted a moment ago. Returns the topics that ended.
    pub fn want(&mut self, wanted: &[Topic], first_page: u32) -> Vec<Topic> {
        let now = Instant::now();
        for (topic, service) in &mut self.services {
            let unwanted = !wanted.contains(topic);
            service.unwanted_since = unwanted.then(|| service.unwanted_since.unwrap_or(now));
        }
        for topic in wanted {
            if !self.services.contains_key(topic) {
                self.start(topic, first_page);
            }
        }
        let over = |service: &Service| service.unwanted_since.is_some_and(|since| now >= since + LINGER);
        self.services.extract_if(|_, service| over(service)).map(|(topic, _)| topic).collect()
    }

    /// When a topic that nobody looks at is over.
    pub fn next_end(&self) -> Option<Instant> {
        self.services.values().filter_map(|service| Some(service.unwanted_since? + LINGER)).min()
    }

    /// What a message is about; `None` when it is of a task that was replaced.
    pub fn topic_of(&self, of: Subscription) -> Option<&Topic> {
        self.services.iter().find(|(_, service)| service.of == of).map(|(topic, _)| topic)
    }

    /// Asks for the list of `topic` ahead, if that is possible.
    fn start_ahead(&mut self, topic: &Topic, first_page: u32) {
        // Where nobody greets the server any more, nobody will say what it is.
        let ahead = self.ahead.get(&**topic.context()).filter(|ahead| ahead.greeting.has_changed().is_ok());
        let (Topic::List(key), Some(ahead)) = (topic, ahead.cloned()) else { return };
        if key.kind.listing().is_some() {
            return;
        }
        let of = self.number();
        let request = request(key, of, (first_page, Server::default()));
        let task = tokio::spawn(watch_ahead(ahead.lanes.read, request, ahead.greeting, self.out.clone()));
        self.serve(topic, of, task);
    }

    /// Starts to serve `topic`, once its context is connected.
    fn start(&mut self, topic: &Topic, first_page: u32) {
        let Some(Connected { lanes, server, .. }) = self.connected.get(&**topic.context()).cloned() else {
            return self.start_ahead(topic, first_page);
        };
        let client = lanes.read;
        let of = self.number();
        let out = self.out.clone();
        let task = match topic {
            Topic::List(key) if key.kind.listing().is_some() => {
                let Some(rows) = key.kind.listing() else { return };
                let listed = Listed { of, context: key.context.to_string(), rows };
                tokio::spawn(list(client, listed, out.clone()))
            }
            Topic::List(key) => tokio::spawn(watch(client, request(key, of, (first_page, server)), out.clone())),
            Topic::Object(key) => tokio::spawn(object::follow(client, followed_object(key, of, server), out.clone())),
            Topic::Explain(key) => {
                let known = self.schemas.get(&*key.context).cloned().unwrap_or_default();
                let asked = (key.asked.clone(), self.known_kinds(&key.context));
                tokio::spawn(explain::tell(client, asked, known, (of, out.clone())))
            }
            Topic::Drain(key) => {
                tokio::spawn(plan_drain(client, (key.node.clone(), key.options.clone()), of, out.clone()))
            }
            Topic::Log(key) => tokio::spawn(follow_logs(client, wanted_logs(key), of, out.clone())),
            Topic::Progress(key) => {
                let Some(followed) = followed(key, server) else { return };
                tokio::spawn(follow_progress(client, followed, of, out.clone()))
            }
            Topic::Revisions(key) => {
                let Some(followed) = followed(key, server) else { return };
                tokio::spawn(follow_revisions(client, followed, of, out.clone()))
            }
            Topic::Answer(key) => {
                let Some(question) = answers::find(key.question) else { return };
                let kinds = self.known_kinds(&key.context);
                tokio::spawn(answers::follow(client, (question, asked(key, server, kinds)), of, out.clone()))
            }
            Topic::Usage(key) => tokio::spawn(usage::follow(Reader::new(client), used(key), of, out.clone())),
        };
        self.serve(topic, of, task);
    }

    fn serve(&mut self, topic: &Topic, of: Subscription, task: JoinHandle<()>) {
        self.services.insert(topic.clone(), Service { of, _task: running(&task), unwanted_since: None });
        tokio::spawn(tell_death(task, of, self.out.clone()));
    }
}

/// What to ask the server for.
fn request(key: &ListKey, of: Subscription, (first_page, server): (u32, Server)) -> Request {
    Request {
        of,
        kind: key.kind.0,
        namespaces: key.parts(),
        labels: key.scope.labels.clone(),
        fields: key.scope.fields.clone(),
        first_page,
        server,
    }
}

/// Whose usage to ask for.
fn used(key: &ListKey) -> usage::Wanted {
    let fields = key.scope.fields.as_deref();
    usage::Wanted {
        nodes: !key.kind.names().namespaced,
        containers: key.kind.names() != key.kind.resource(),
        namespaces: key.parts(),
        labels: key.scope.labels.clone(),
        pod: fields.and_then(|fields| fields.strip_prefix("metadata.name=")).map(str::to_owned),
    }
}

/// An object, as tasks can hold it: they may not share the loop's `Rc`.
fn followed_object(key: &ObjectKey, of: Subscription, server: Server) -> object::Followed {
    object::Followed { of, kind: key.kind.0, namespace: key.namespace.clone(), name: key.name.clone(), server }
}

/// The workload whose rollout is followed; commands offer it for no others.
fn followed(key: &ObjectKey, server: Server) -> Option<Followed> {
    let (namespace, name) = (key.namespace.clone(), key.name.clone());
    Some(Followed { workload: Workload::of(key.kind.names())?, namespace, name, server })
}

/// An object, as questions hold it.
fn named(key: &ObjectKey) -> (&'static dyn AnyKind, String, String) {
    (key.kind.0, key.namespace.clone(), key.name.clone())
}

/// A question, as tasks can hold it.
fn asked(key: &AnswerKey, server: Server, kinds: Kinds) -> Asked {
    let argument = key.argument.clone();
    Asked { about: key.about.as_ref().map(named), argument, server, kinds }
}

/// Finds out once what a drain would do.
async fn plan_drain(client: Client, (node, options): (String, Options), of: Subscription, out: Sender<Message>) {
    let result = drain::plan(&Reader::new(client), &node, &options, Time::now()).await;
    // When the loop has ended, nobody needs the answer.
    let _ = out.send(Message::DrainPlan { of, result }).await;
}

/// Which pods' logs to follow.
fn wanted_logs(key: &LogKey) -> WorkloadLogs {
    let containers = match key.container.as_deref() {
        None => Containers::Default,
        Some(ALL_CONTAINERS) => Containers::All,
        Some(name) => Containers::Named(name.to_owned()),
    };
    let tail = match key.tail {
        Tail::Lines(lines) => Some(lines),
        Tail::Some if key.since.is_none() => Some(if key.pod().is_some() { TAIL_OF_ONE } else { TAIL_OF_MANY }),
        Tail::Some | Tail::All => None,
    };
    let extent = Extent { follow: !key.previous, previous: key.previous, tail, since: key.since };
    WorkloadLogs {
        namespace: key.namespace.clone(),
        selector: key.labels.clone(),
        fields: key.fields.clone(),
        containers,
        extent,
    }
}

/// Follows logs and passes on what they say.
async fn follow_logs(client: Client, wanted: WorkloadLogs, of: Subscription, out: Sender<Message>) {
    let (sender, mut lines) = mpsc::channel(16);
    let pass_on = async {
        while let Some(message) = lines.recv().await {
            if out.send(Message::Log { of, message }).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(follow_all(client, wanted, sender), pass_on);
}

/// What is said when writing a file came to a bad end.
fn lost(error: &tokio::task::JoinError) -> Unreachable {
    Unreachable { sentence: format!("the file could not be written: {error}"), hint: String::new() }
}

pub(super) fn running<T>(task: &JoinHandle<T>) -> Running {
    Running(task.abort_handle())
}

/// A task that panics takes nothing with it but what it served, and that is told.
async fn tell_death(task: JoinHandle<()>, of: Subscription, out: Sender<Message>) {
    if task.await.is_err_and(|error| error.is_panic()) {
        let _ = out.send(Message::Died { of }).await;
    }
}
