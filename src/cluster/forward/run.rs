//! A forward from its beginning to its end: listen, find the pod, connect, pass on, and find another one when it goes.

use super::carry::{carry, cut};
use super::fate::{self, Fate};
use super::legacy;
use super::listen::{Bind, Listeners};
use super::meter::Meter;
use super::report::Report;
use super::socket::Unopened;
use super::spec::{Refusal, Spec};
use super::target::{Aim, Target, Unresolved};
use super::tunnel::Tunnel;
use crate::cluster::Message;
use crate::kinds::forward::{ForwardId, ForwardPhase, ForwardState};
use crate::text::safe;
use kube::Client;
use std::pin::pin;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// Pauses between two tries: they double from the first to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Pause after a connection could not be taken.
const FULL: Duration = Duration::from_millis(100);
/// Shortest time between two tunnels that are opened because connections fail.
const RENEWAL: Duration = Duration::from_secs(1);

/// The clients that a forward needs.
#[derive(Clone)]
pub struct Access {
    /// For questions.
    pub read: Client,
    /// For opening connections to pods: the gate's, which is asked before a forward begins.
    pub session: Client,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct ForwardRequest {
    /// The number of the forward.
    pub id: ForwardId,
    /// What it is opened on.
    pub target: Target,
    /// The ports.
    pub spec: Spec,
    /// Where to listen.
    pub bind: Bind,
}

/// Forwards until it is dropped, or cannot go on; tells `out` how it fares.
pub async fn forward(access: Access, request: ForwardRequest, out: Sender<Message>) {
    let mut report = Report::new(request.id, out);
    let Err(refusal) = Forwarder::run(access, &request, &mut report).await;
    let state = &mut report.state;
    (state.phase, state.error, state.hint) = (ForwardPhase::Failed, refusal.sentence, refusal.hint);
    (state.open, state.addresses) = (0, Vec::new());
    report.tell_last().await;
}

/// How connections get to the pod.
#[derive(Clone)]
enum Line {
    Tunnel(Tunnel),
    Single,
}

/// A forward that listens.
struct Forwarder<'a> {
    access: Access,
    request: &'a ForwardRequest,
    listeners: Listeners,
    report: &'a mut Report,
    meter: Meter,
    connections: JoinSet<Option<String>>,
    renewed: Option<Instant>,
}

/// Nothing but an error ends a forward.
enum Never {}

impl Forwarder<'_> {
    async fn run(access: Access, request: &ForwardRequest, report: &mut Report) -> Result<Never, Refusal> {
        let aim = first_aim(&access, request, report).await?;
        let listeners = Listeners::bind(&request.bind, aim.local).await?;
        report.state.addresses = listeners.addresses();
        report.state.error.clone_from(&listeners.missing);
        let (meter, connections) = (Meter::default(), JoinSet::new());
        let mut forwarder = Forwarder { access, request, listeners, report, meter, connections, renewed: None };
        let mut aim = Some(aim);
        loop {
            let now = match aim.take() {
                Some(aim) => aim,
                None => forwarder.next_aim().await,
            };
            let why = forwarder.serve(&now).await?;
            forwarder.say(ForwardPhase::Broken, why, "open it again when the pod is there");
            if forwarder.request.target.is_pod() {
                forwarder.meanwhile(std::future::pending::<()>()).await;
            }
        }
    }

    /// Passes connections on to a pod until it is gone, and says why.
    async fn serve(&mut self, aim: &Aim) -> Result<String, Refusal> {
        let early = !self.request.target.is_pod();
        let (read, session) = (self.access.read.clone(), self.access.session.clone());
        (self.report.state.pod, self.report.state.port) = (safe(&aim.pod).into_owned(), aim.port);
        let mut pause = FIRST_PAUSE;
        loop {
            let opening = async { Line::open(&session, aim).await };
            let lost = match self.meanwhile(opening).await {
                Ok(line) => {
                    pause = FIRST_PAUSE;
                    (self.report.state.phase, self.report.state.hint) = (ForwardPhase::Listening, String::new());
                    match self.pass_on(line, aim, early).await {
                        Lost::Pod(why) => return Ok(why),
                        Lost::Line(why) => why,
                    }
                }
                Err(Unopened::Trouble(trouble)) => {
                    if let Some(refusal) = forbidden(&trouble, aim) {
                        return Err(refusal);
                    }
                    trouble.sentence
                }
                Err(Unopened::NotSpoken) => "the server knows no way to forward ports".to_owned(),
            };
            self.say(ForwardPhase::Broken, lost, "it is tried again by itself");
            if let Fate::Gone(why) = self.meanwhile(fate::look(&read, aim, early)).await {
                return Ok(why);
            }
            self.meanwhile(sleep(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Passes connections on as long as the line to the pod holds.
    async fn pass_on(&mut self, mut line: Line, aim: &Aim, early: bool) -> Lost {
        let mut end = pin!(fate::end(self.access.read.clone(), aim.clone(), early));
        loop {
            let mut watched = line.clone();
            let counts = self.count();
            tokio::select! {
                why = &mut end => return Lost::Pod(why),
                why = watched.lost() => return Lost::Line(why),
                accepted = self.listeners.accept() => match accepted {
                    Ok(local) => self.connect(local, &line, aim),
                    Err(error) => self.full(&error).await,
                },
                Some(done) = self.connections.join_next() => {
                    // A connection that died took only itself along.
                    if let Some(error) = done.unwrap_or(None) {
                        self.report.state.error = error;
                        self.report.state.hint = String::new();
                        match self.renew(&mut line, aim, early).await {
                            Some(lost) => return lost,
                            None => continue,
                        }
                    }
                }
                () = self.report.due(counts) => self.report.tell(),
            }
        }
    }

    /// After a connection failed: is the pod still there? If so, a new tunnel is taken for the connections to come,
    /// because a restarted pod is not reached through the old one. Those that are open keep theirs.
    async fn renew(&mut self, line: &mut Line, aim: &Aim, early: bool) -> Option<Lost> {
        if self.renewed.is_some_and(|at| at.elapsed() < RENEWAL) {
            return None;
        }
        self.renewed = Some(Instant::now());
        if let Fate::Gone(why) = fate::look(&self.access.read, aim, early).await {
            return Some(Lost::Pod(why));
        }
        match Line::open(&self.access.session, aim).await {
            Ok(fresh) => *line = fresh,
            Err(Unopened::Trouble(trouble)) => return Some(Lost::Line(trouble.sentence)),
            Err(Unopened::NotSpoken) => {}
        }
        None
    }

    /// Begins to pass a connection on.
    fn connect(&mut self, local: TcpStream, line: &Line, aim: &Aim) {
        // Small answers are passed on at once, as they came.
        let _ = local.set_nodelay(true);
        self.report.state.connections += 1;
        let (line, aim, meter, client) = (line.clone(), aim.clone(), self.meter.clone(), self.access.session.clone());
        self.connections.spawn(async move {
            match line {
                Line::Tunnel(tunnel) => carry(local, &tunnel, aim.port, &meter).await,
                Line::Single => legacy::carry(local, &client, &aim, &meter).await,
            }
        });
    }

    /// Waits for `work`. Meanwhile there is no pod: whoever connects is sent away at once rather than left to wait.
    async fn meanwhile<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        loop {
            let counts = self.count();
            tokio::select! {
                biased;
                done = &mut work => return done,
                accepted = self.listeners.accept() => match accepted {
                    Ok(local) => cut(&local),
                    Err(error) => self.full(&error).await,
                },
                Some(_) = self.connections.join_next() => {}
                () = self.report.due(counts) => self.report.tell(),
            }
        }
    }

    /// The next pod.
    async fn next_aim(&mut self) -> Aim {
        let mut pause = FIRST_PAUSE;
        loop {
            let (read, request) = (self.access.read.clone(), self.request);
            let refusal = match self.meanwhile(request.target.resolve(&read, &request.spec)).await {
                Ok(aim) => return aim,
                Err(Unresolved::NotYet(refusal) | Unresolved::Never(refusal)) => refusal,
            };
            // What is missing may come back: a service that is applied again, a port that is named again.
            self.say(ForwardPhase::Resolving, refusal.sentence, "it goes on as soon as there is a pod");
            self.meanwhile(sleep(pause)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Brings the counters up to date; tells whether they may change by themselves.
    fn count(&mut self) -> bool {
        let state = &mut self.report.state;
        (state.received, state.sent) = self.meter.read();
        state.open = self.connections.len() as u64;
        state.open > 0
    }

    fn say(&mut self, phase: ForwardPhase, error: String, hint: &str) {
        say(&mut self.report.state, phase, error, hint);
    }

    /// No connection can be taken now: the others have to end first.
    async fn full(&mut self, error: &std::io::Error) {
        self.report.state.error = format!("a connection could not be taken: {error}");
        sleep(FULL).await;
    }
}

/// Why connections cannot be passed on any more.
enum Lost {
    /// The pod is gone.
    Pod(String),
    /// The connection to it is gone.
    Line(String),
}

impl Line {
    /// Opens the best line that the server knows.
    async fn open(client: &Client, aim: &Aim) -> Result<Self, Unopened> {
        match Tunnel::open(client, aim).await {
            Ok(tunnel) => Ok(Self::Tunnel(tunnel)),
            Err(Unopened::NotSpoken) => Ok(Self::Single),
            Err(error) => Err(error),
        }
    }

    /// Waits until it is lost.
    async fn lost(&mut self) -> String {
        match self {
            Self::Tunnel(tunnel) => tunnel.ended().await,
            Self::Single => std::future::pending().await,
        }
    }
}

/// The pod with which a forward begins. Where none runs yet, it is waited for; what cannot be is said.
async fn first_aim(access: &Access, request: &ForwardRequest, report: &mut Report) -> Result<Aim, Refusal> {
    let mut pause = FIRST_PAUSE;
    loop {
        report.tell();
        match request.target.resolve(&access.read, &request.spec).await {
            Ok(aim) => return Ok(aim),
            Err(Unresolved::Never(refusal)) => return Err(refusal),
            Err(Unresolved::NotYet(refusal)) => {
                say(&mut report.state, ForwardPhase::Resolving, refusal.sentence, &refusal.hint);
            }
        }
        report.tell();
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn say(state: &mut ForwardState, phase: ForwardPhase, error: String, hint: &str) {
    (state.phase, state.error) = (phase, error);
    hint.clone_into(&mut state.hint);
}

/// What is said when the user may not forward ports.
fn forbidden(trouble: &super::ask::Trouble, aim: &Aim) -> Option<Refusal> {
    (trouble.code == Some(403)).then(|| {
        let namespace = safe(&aim.namespace);
        let hint = format!(
            "you need the verbs \"get\" and \"create\" on \"pods/portforward\" in namespace \"{namespace}\"; where kubectl \
             does with \"create\" alone, it takes an older protocol"
        );
        Refusal::new(trouble.sentence.clone(), hint)
    })
}
