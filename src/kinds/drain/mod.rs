//! What a drain of a node is, as plain data: what is planned for each pod and why, and how each of them fares.

mod options;

pub use options::Options;

use super::time::Time;

/// The permission that something needs which loses more than a pod of a controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lift {
    /// To leave pods of `DaemonSet`s where they are.
    IgnoreDaemonsets,
    /// To lose the data in `emptyDir` volumes.
    DeleteEmptydirData,
    /// To lose pods that nothing re-creates.
    Force,
}

impl Lift {
    /// All of them, in the order in which kubectl's filters ask for them.
    pub const ALL: [Self; 3] = [Self::IgnoreDaemonsets, Self::DeleteEmptydirData, Self::Force];

    /// kubectl's flag.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::IgnoreDaemonsets => "--ignore-daemonsets",
            Self::DeleteEmptydirData => "--delete-emptydir-data",
            Self::Force => "--force",
        }
    }
}

/// Why a pod stops the whole drain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What is the matter.
    pub why: String,
    /// The permission that lifts it, if there is one.
    pub lift: Option<Lift>,
}

/// What will happen to a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is evicted, or deleted.
    Evict,
    /// It stays where it is, because of this.
    Stay(String),
    /// Nothing is evicted from the node at all, because of these; there is at least one.
    Blocked(Vec<Block>),
}

/// What a `PodDisruptionBudget` is going to say to an eviction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Guard {
    /// Its name.
    pub budget: String,
    /// How many disruptions it allows at this moment.
    pub allowed: i64,
    /// Why the pod cannot be evicted at this moment.
    pub refuses: Option<String>,
}

/// A pod of the node, and what is planned for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPod {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its UID as the server writes it: nothing is sent to another pod of this name.
    pub uid: String,
    /// What controls it, e.g. `ReplicaSet web-7d4`; `""` when nothing does.
    pub owner: String,
    /// What will happen to it.
    pub verdict: Verdict,
    /// Everything that one should know about that; kubectl keeps the last of these only.
    pub notes: Vec<String>,
    /// The budget that covers it, if one is asked at all.
    pub guard: Option<Guard>,
}

/// How pods are made to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Means {
    /// By the eviction API, which asks `PodDisruptionBudget`s.
    #[default]
    Eviction,
    /// By deleting them, which asks nobody.
    Deletion,
}

/// What a drain of a node would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The node's UID as the server writes it.
    pub node_uid: String,
    /// Whether the node takes no new pods already.
    pub cordoned: bool,
    /// How pods go.
    pub means: Means,
    /// Its pods: those that stop the drain, those that go, those that stay.
    pub pods: Vec<PlannedPod>,
    /// What could not be found out.
    pub doubts: Vec<String>,
}

/// How many pods a plan has of each sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sorts {
    /// They go.
    pub evict: usize,
    /// Of them: a budget refuses them at this moment.
    pub refused: usize,
    /// They stay.
    pub stay: usize,
    /// They stop the drain.
    pub blocked: usize,
}

impl Plan {
    /// How many pods there are of each sort.
    pub fn sorts(&self) -> Sorts {
        let count = |is: fn(&PlannedPod) -> bool| self.pods.iter().filter(|pod| is(pod)).count();
        Sorts {
            evict: count(PlannedPod::goes),
            refused: count(|pod| pod.goes() && pod.guard.as_ref().is_some_and(|guard| guard.refuses.is_some())),
            stay: count(|pod| matches!(pod.verdict, Verdict::Stay(_))),
            blocked: count(|pod| matches!(pod.verdict, Verdict::Blocked(_))),
        }
    }

    /// The UIDs of the pods that go.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.pods.iter().filter(|pod| pod.goes()).map(|pod| pod.uid.as_str())
    }
}

impl PlannedPod {
    /// Whether it is evicted or deleted.
    pub fn goes(&self) -> bool {
        self.verdict == Verdict::Evict
    }
}

/// How a pod fares while its node is drained.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Step {
    /// It was not asked to go yet.
    #[default]
    Waiting,
    /// The server is being asked for the first time.
    Asking,
    /// The server said no, for now; it is asked again.
    Refused {
        /// Why, in the server's words.
        why: String,
        /// How often it was asked.
        tries: u32,
    },
    /// It was told to end, and has not ended yet.
    Terminating {
        /// What holds it, as far as one can see; `""` when nothing does.
        held: String,
        /// By when it should have ended.
        due: Option<Time>,
    },
    /// It is gone, or another pod has its name.
    Gone,
    /// It was told to end, and is not waited for any longer.
    Left(String),
    /// It cannot be made to go.
    Failed(String),
}

impl Step {
    /// Whether nothing more happens to it.
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Gone | Self::Left(_) | Self::Failed(_))
    }
}

/// What a drain is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// The node is told to take no new pods.
    Cordoning,
    /// The plan is made anew, since pods may have come meanwhile.
    Checking,
    /// Pods go.
    Emptying,
    /// It is over.
    Over(End),
}

/// How a drain ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// All pods that had to go are gone.
    Drained,
    /// Some pods could not be made to go.
    Failed,
    /// The time that was given is over.
    TimedOut,
    /// Somebody stopped it. Pods that were told to end go on ending.
    Cancelled,
    /// No pod was touched.
    Stopped {
        /// Why.
        sentence: String,
        /// What may help.
        hint: String,
    },
}

/// What a running drain tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// It does something else from now on.
    Stage(Stage),
    /// The plan that is carried out; pods are counted by their places in it.
    Plan(Plan),
    /// These pods fare differently now.
    Steps(Vec<(usize, Step)>),
}
