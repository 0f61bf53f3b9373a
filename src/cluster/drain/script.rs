//! For tests: a small API server with one node, whose answers the test changes, on the paused clock.

use crate::cluster::connect::{Lanes, ReadOnly};
use crate::kinds::drain::{End, News, Options, Plan, Stage, Step};
use http::{Request, Response};
use http_body_util::{BodyExt, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::{Bytes, Frame};
use kube::Client;
use kube::client::Body;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::io;
use tokio::sync::{mpsc, oneshot};

type AnswerBody = UnsyncBoxBody<Bytes, io::Error>;
type Answer = oneshot::Sender<Option<Response<AnswerBody>>>;

/// What the server holds and how it answers.
pub struct World {
    pub node: Value,
    /// The pods, by name; all in the namespace `shop`.
    pub pods: BTreeMap<String, Value>,
    pub daemon_sets: Vec<&'static str>,
    pub budgets: Vec<Value>,
    /// What is answered to a path instead, status and body, as long as it stands here; 0 cuts the connection.
    pub instead: BTreeMap<String, (u16, Value)>,
    /// What is answered to the next requests to remove a pod, by its name.
    pub removals: BTreeMap<String, VecDeque<(u16, Value)>>,
    /// Whether pods stay, terminating, when they were told to go.
    pub linger: bool,
    pub evicts: bool,
    /// What changed something: method, path and body.
    pub sent: Vec<(String, Value)>,
    watches: Vec<mpsc::UnboundedSender<Result<Frame<Bytes>, io::Error>>>,
}

enum Job {
    Answer(String, Value, Answer),
    Do(Box<dyn FnOnce(&mut World) + Send>),
}

/// A hold on the server.
#[derive(Clone)]
pub struct Server {
    jobs: mpsc::UnboundedSender<Job>,
    pub lanes: Lanes,
}

/// A pod of a `ReplicaSet` that runs on the node.
pub fn pod(name: &str) -> Value {
    let owner = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "controller": true});
    let metadata = json!({"name": name, "namespace": "shop", "uid": format!("uid-{name}"), "resourceVersion": "1",
        "labels": {"app": "web"}, "ownerReferences": [owner]});
    let ready = json!([{"type": "Ready", "status": "True"}]);
    json!({"metadata": metadata, "spec": {"nodeName": "n1"}, "status": {"phase": "Running", "conditions": ready}})
}

impl World {
    /// A node with these pods.
    pub fn with(names: &[&str]) -> Self {
        Self {
            node: json!({"metadata": {"name": "n1", "uid": "node-1"}, "spec": {}}),
            pods: names.iter().map(|name| ((*name).to_owned(), pod(name))).collect(),
            daemon_sets: Vec::new(),
            budgets: Vec::new(),
            instead: BTreeMap::new(),
            removals: BTreeMap::new(),
            linger: false,
            evicts: true,
            sent: Vec::new(),
            watches: Vec::new(),
        }
    }

    /// Removes a pod, and tells who watches.
    pub fn finish(&mut self, name: &str) {
        let Some(pod) = self.pods.remove(name) else { return };
        let line = format!("{}\n", json!({"type": "DELETED", "object": pod}));
        self.watches.retain(|watch| watch.send(Ok(Frame::data(Bytes::from(line.clone())))).is_ok());
    }

    /// How often a pod was told to go.
    pub fn asked(&self, name: &str) -> usize {
        self.sent.iter().filter(|(line, _)| line.contains(&format!("/pods/{name}"))).count()
    }

    fn answer(&mut self, line: &str, body: &Value) -> (u16, Value) {
        let (method, path) = line.split_once(' ').unwrap();
        let path = path.split('?').next().unwrap();
        if let Some(answer) = self.instead.get(path) {
            return answer.clone();
        }
        let name = path.trim_end_matches("/eviction").rsplit('/').next().unwrap().to_owned();
        match (method, path) {
            ("PATCH", "/api/v1/nodes/n1") => {
                self.node["spec"]["unschedulable"] = body["spec"]["unschedulable"].clone();
                (200, self.node.clone())
            }
            ("POST" | "DELETE", _) => self.remove(&name),
            (_, "/api/v1/nodes/n1") => (200, self.node.clone()),
            (_, "/api/v1") if self.evicts => {
                let eviction = json!({"name": "pods/eviction", "kind": "Eviction", "group": "policy", "version": "v1"});
                (200, json!({"resources": [eviction]}))
            }
            (_, "/api/v1") => (200, json!({"resources": [{"name": "pods", "kind": "Pod"}]})),
            (_, "/api/v1/pods") => (200, list(self.pods.values())),
            (_, "/apis/policy/v1/poddisruptionbudgets") => (200, list(self.budgets.iter())),
            (_, path) if path.contains("/daemonsets/") => {
                if self.daemon_sets.contains(&name.as_str()) {
                    (200, json!({}))
                } else {
                    gone()
                }
            }
            _ => self.pods.get(&name).map_or_else(gone, |pod| (200, pod.clone())),
        }
    }

    fn remove(&mut self, name: &str) -> (u16, Value) {
        if let Some(answer) = self.removals.get_mut(name).and_then(VecDeque::pop_front) {
            return answer;
        }
        match self.pods.get_mut(name) {
            None => gone(),
            Some(pod) if self.linger => {
                pod["metadata"]["deletionTimestamp"] = json!("2026-01-05T12:00:00Z");
                (201, json!({"kind": "Status", "status": "Success"}))
            }
            Some(_) => {
                self.finish(name);
                (201, json!({"kind": "Status", "status": "Success"}))
            }
        }
    }

    fn serve(&mut self, line: &str, body: &Value, to: Answer) {
        if !line.starts_with("GET ") {
            self.sent.push((line.to_owned(), body.clone()));
        }
        let (code, answer) = self.answer(line, body);
        let (frames, mut stream) = mpsc::unbounded_channel();
        if line.contains("watch=true") && code == 200 {
            self.watches.push(frames);
        } else {
            let _ = frames.send(Ok(Frame::data(Bytes::from(answer.to_string()))));
        }
        let frames = futures::stream::poll_fn(move |context| stream.poll_recv(context));
        let response = Response::builder().status(code.max(200)).body(StreamBody::new(frames).boxed_unsync());
        let _ = to.send(response.ok().filter(|_| code > 0));
    }
}

fn list<'a>(items: impl Iterator<Item = &'a Value>) -> Value {
    json!({"kind": "List", "metadata": {"resourceVersion": "5"}, "items": items.collect::<Vec<_>>()})
}

fn gone() -> (u16, Value) {
    (404, json!({"kind": "Status", "message": "not found", "code": 404}))
}

/// The answer of a budget that allows nothing.
pub fn refused_by(budget: &str) -> (u16, Value) {
    let message = format!("The disruption budget {budget} needs 2 healthy pods and has 2 currently");
    let details = json!({"causes": [{"reason": "DisruptionBudget", "message": message}]});
    (429, json!({"message": "Cannot evict pod as it would violate the pod's disruption budget.", "details": details}))
}

impl Server {
    pub fn start(world: World) -> Self {
        let (jobs, mut inbox) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut world = world;
            while let Some(job) = inbox.recv().await {
                match job {
                    Job::Answer(line, body, to) => world.serve(&line, &body, to),
                    Job::Do(what) => what(&mut world),
                }
            }
        });
        let to = jobs.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let to = to.clone();
            async move {
                let line = format!("{} {}", request.method(), request.uri());
                let bytes = request.into_body().collect().await.unwrap().to_bytes();
                let (answer, answered) = oneshot::channel();
                let _ = to.send(Job::Answer(line, serde_json::from_slice(&bytes).unwrap_or_default(), answer));
                let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
                answered.await.map_err(|_| cut())?.ok_or_else(cut)
            }
        });
        let client = Client::new(service, "default");
        Self { jobs, lanes: Lanes::over(&client, ReadOnly::default()) }
    }

    /// Does something with the world, and returns what comes of it.
    pub async fn world<T: Send + 'static>(&self, what: impl FnOnce(&mut World) -> T + Send + 'static) -> T {
        let (to, from) = oneshot::channel();
        let job = move |world: &mut World| drop(to.send(what(world)));
        let _ = self.jobs.send(Job::Do(Box::new(job)));
        from.await.unwrap()
    }

    /// What a drain with these flags would do.
    pub async fn plan(&self, flags: &str) -> Plan {
        let reader = crate::cluster::gate::Reader::new(self.lanes.read.clone());
        let options = Options::parse(flags).unwrap();
        super::plan(&reader, "n1", &options, crate::kinds::Time(1_767_614_460)).await.unwrap()
    }
}

/// What a drain told, taken together.
#[derive(Default, Debug)]
pub struct Told {
    pub stages: Vec<Stage>,
    pub steps: BTreeMap<usize, Step>,
    /// How many reports about pods came.
    pub reports: usize,
    pub plan: Plan,
}

impl Told {
    pub fn take(&mut self, news: News) {
        match news {
            News::Stage(stage) => self.stages.push(stage),
            News::Plan(plan) => self.plan = plan,
            News::Steps(steps) => {
                self.reports += 1;
                self.steps.extend(steps);
            }
        }
    }

    pub fn end(&self) -> Option<&End> {
        match self.stages.last() {
            Some(Stage::Over(end)) => Some(end),
            _ => None,
        }
    }

    /// How the pod called `name` fares.
    pub fn step(&self, name: &str) -> &Step {
        let at = self.plan.pods.iter().position(|pod| pod.name == name).unwrap();
        self.steps.get(&at).unwrap_or(&Step::Waiting)
    }
}
