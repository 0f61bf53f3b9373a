//! `Running`: a port-forward that runs, and what it says of itself.

use super::control_plane::Plane;
use rutter::cluster::Message;
use rutter::cluster::forward::{Access, Bind, ForwardRequest, Spec, Target, forward};
use rutter::kinds::find;
use rutter::kinds::forward::{ForwardId, ForwardPhase, ForwardState};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long it may take to say something: containers may have to be made first.
const PATIENCE: Duration = Duration::from_mins(2);

/// A forward that runs. It ends when this is dropped.
pub struct Running {
    /// What it said last.
    pub state: ForwardState,
    inbox: mpsc::Receiver<Message>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Running {
    /// Begins to forward ports of an object, as this user.
    pub async fn begin(plane: &Plane, user: &str, namespace: &str, (kind, name, ports): (&str, &str, &str)) -> Self {
        let lanes = plane.clients(user).await.lanes;
        let target = Target { kind: find(kind).expect("a kind"), namespace: namespace.into(), name: name.into() };
        let spec = Spec::parse(ports).expect("ports");
        let request = ForwardRequest { id: ForwardId(1), target, spec, bind: Bind::Localhost };
        let (out, inbox) = mpsc::channel(4);
        let task = tokio::spawn(forward(Access { read: lanes.read, session: lanes.sessions }, request, out));
        Self { state: ForwardState::default(), inbox, task }
    }

    /// The same as the administrator; it listens.
    pub async fn listens(plane: &Plane, namespace: &str, what: (&str, &str, &str)) -> Self {
        let mut running = Self::begin(plane, "", namespace, what).await;
        running.until(|state| state.phase == ForwardPhase::Listening).await;
        running
    }

    /// Waits until it says what is wanted.
    pub async fn until(&mut self, wanted: impl Fn(&ForwardState) -> bool) {
        let waiting = async {
            while !wanted(&self.state) {
                let Some(Message::Forward { state, .. }) = self.inbox.recv().await else { panic!("it is over") };
                self.state = state;
            }
        };
        let came = timeout(PATIENCE, waiting).await.is_ok();
        assert!(came, "it stays {:?}", self.state);
    }
}
