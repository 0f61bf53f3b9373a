//! `Command`: a verb as a record. Keys, palette, help, hints, completion and docs read the same one.

use super::Need;
use crate::cluster::copy::Order;
use crate::cluster::exec::Visit;
use crate::cluster::gate::{Change, Target};
use crate::cluster::kubeconfig::Wish;
use crate::cluster::sources;
use crate::kinds::copy::CopyId;
use crate::kinds::forward::ForwardId;
use crate::model::{DrainKey, ForwardOrder, KindRef, Model, Notice, ObjectKey, ReadOnlyBy};
use crate::ui::logs::Taken;
use crate::ui::{Screen, Stack};
use std::rc::Rc;

/// What a command says when it cannot do what was asked.
pub type Outcome = Result<(), Notice>;

/// A verb.
pub struct Command {
    /// How it is called in `:` and in key maps.
    pub name: &'static str,
    /// Other names, k9s's among them.
    pub aliases: &'static [&'static str],
    /// What follows the name.
    pub arguments: &'static str,
    /// What it does, in a few words.
    pub help: &'static str,
    /// Its word in the hint line, `""` when it does not stand there.
    pub hint: &'static str,
    /// Whether it only moves the cursor or the view.
    pub is_motion: bool,
    /// Whether it changes something in a cluster: it then cannot be used where that is read-only.
    pub changes: bool,
    /// What RBAC has to allow.
    pub needs: &'static [Need],
    /// On which screens it makes sense.
    pub on: On,
    /// Why it cannot act on what is selected.
    pub when: fn(&Subject<'_>) -> Result<(), String>,
    /// Does it.
    pub run: fn(&mut Context<'_>, &str) -> Outcome,
}

impl Command {
    /// The parts that most commands share; the rest is filled in by `..Command::BLANK`.
    pub const BLANK: Self = Self {
        name: "",
        aliases: &[],
        arguments: "",
        help: "",
        hint: "",
        is_motion: false,
        changes: false,
        needs: &[],
        on: On::Any,
        when: |_| Ok(()),
        run: |_, _| Ok(()),
    };

    /// Refuses arguments where there are none to give: who names an object must not get what happens to be selected.
    ///
    /// # Errors
    /// Says so, and what to do instead.
    pub fn takes(&self, arguments: &str) -> Outcome {
        if !self.arguments.is_empty() || arguments.is_empty() {
            return Ok(());
        }
        let hint = "an object is selected first: / finds it by its name";
        Err(Notice::warning(format!("{} takes no arguments, but was given \"{arguments}\"", self.name), hint))
    }

    /// Whether it is called `name`.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }

    /// Whether the palette offers it: motions and what needs an argument would only be in the way.
    pub fn is_offered(&self) -> bool {
        !self.is_motion && !self.arguments.starts_with(|c: char| c.is_alphabetic())
    }

    /// Why it cannot be used now.
    ///
    /// # Errors
    /// The reason, for the palette and for the notice when it is tried all the same.
    pub fn possible(&self, subject: &Subject<'_>) -> Result<(), String> {
        self.fits(subject)?;
        if let Some(by) = subject.read_only().filter(|_| self.changes) {
            return Err(by.why().to_owned());
        }
        let Some(screen) = subject.stack.top().filter(|_| !self.needs.is_empty()) else { return Ok(()) };
        let mut needed = self.needs.iter().filter_map(|need| need.access(subject));
        let refused = needed.find_map(|access| subject.model.rights.refusal(&Rc::from(screen.context()), &access));
        refused.map_or(Ok(()), Err)
    }

    /// Why it makes no sense for what is selected, whoever asks.
    ///
    /// # Errors
    /// The reason.
    pub fn fits(&self, subject: &Subject<'_>) -> Result<(), String> {
        self.on.allows(subject.stack.top())?;
        (self.when)(subject)
    }
}

/// The screens on which a command makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Everywhere.
    Any,
    /// In tables.
    List,
    /// In tables, and on lines of answers that stand for objects.
    Object,
    /// In texts and objects.
    Text,
    /// In the YAML of an object.
    Yaml,
    /// In what can be folded: the YAML of an object, the fields of a kind, an answer.
    Folding,
    /// In logs.
    Logs,
    /// In texts, objects and logs.
    Reading,
    /// In the built-in editor.
    Editor,
    /// In the plan of a drain.
    Drain,
    /// In the revisions of a workload.
    Revisions,
    /// In the list of port-forwards.
    Forwards,
    /// In answers.
    Answer,
    /// In the choice of columns.
    Columns,
}

impl On {
    fn allows(self, screen: Option<&Screen>) -> Result<(), String> {
        let (fits, what) = match self {
            Self::Any => return Ok(()),
            Self::List => (matches!(screen, Some(Screen::List(_))), "a list"),
            Self::Object => (matches!(screen, Some(Screen::List(_) | Screen::Answer(_))), "a list"),
            Self::Text => (matches!(screen, Some(Screen::Text(_) | Screen::Yaml(_))), "a text"),
            Self::Folding => {
                (matches!(screen, Some(Screen::Yaml(_) | Screen::Explain(_) | Screen::Answer(_))), "something to fold")
            }
            Self::Yaml => (matches!(screen, Some(Screen::Yaml(_))), "the YAML of an object"),
            Self::Drain => (matches!(screen, Some(Screen::Drain(_))), "the plan of a drain"),
            Self::Logs => (matches!(screen, Some(Screen::Logs(_))), "logs"),
            Self::Editor => (matches!(screen, Some(Screen::Edit(_))), "the editor"),
            Self::Reading => {
                let answers = matches!(screen, Some(Screen::Explain(_) | Screen::Answer(_)));
                let texts = matches!(screen, Some(Screen::Text(_) | Screen::Yaml(_) | Screen::Logs(_)));
                (texts || answers, "a text or logs")
            }
            Self::Revisions => (matches!(screen, Some(Screen::Revisions(_))), "the revisions of a workload"),
            Self::Answer => (matches!(screen, Some(Screen::Answer(_))), "an answer"),
            Self::Forwards => (matches!(screen, Some(Screen::Forwards(_))), "the list of port-forwards (:forwards)"),
            Self::Columns => (matches!(screen, Some(Screen::Chooser(_))), "the choice of columns (:columns)"),
        };
        if fits { Ok(()) } else { Err(format!("this needs {what}")) }
    }
}

/// What commands look at to tell whether they can act.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The screens.
    pub stack: &'a Stack,
    /// What is known.
    pub model: &'a Model,
}

impl Subject<'_> {
    /// Why nothing may be changed in the context that is looked at.
    fn read_only(&self) -> Option<ReadOnlyBy> {
        self.model.sessions.get(self.stack.top()?.context())?.read_only
    }
}

/// What a command needs of the program beyond the model and the screens.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// End.
    Quit,
    /// Stop, as Ctrl-Z does.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Put text on the clipboard.
    Copy(String),
    /// Write lines of logs into a file.
    Save {
        /// Where; `""` is a new file called `name` in rutter's own folder.
        path: String,
        /// How the file is called when `path` does not say.
        name: String,
        /// The lines.
        taken: Taken,
    },
    /// Take the mouse, or leave it to the terminal.
    ToggleMouse,
    /// Offer everything that can be typed.
    Palette,
    /// Offer the keys of this screen.
    Help,
    /// Read what is on top again.
    Refresh,
    /// Try the connections that are down again, now.
    Retry,
    /// Ask which kinds a server serves, and then run a command line that names one nobody knows yet.
    Discover {
        /// Of which context.
        context: String,
        /// The command line.
        line: String,
    },
    /// Ask whether a drain shall begin, and begin it.
    Drain(DrainKey),
    /// Ask no more pods of a drain to go.
    StopDrain(DrainKey),
    /// Change something in a cluster, by way of the gate.
    Change {
        /// Where.
        context: Rc<str>,
        /// What.
        change: Change,
    },
    /// Change what manifests say.
    ChangeFrom(sources::Order),
    /// Edit an object, in the user's editor or here.
    Edit {
        /// Where.
        context: Rc<str>,
        /// What.
        target: Target,
        /// Whether the built-in editor is meant.
        here: bool,
    },
    /// Send what stands in the built-in editor on top.
    SaveEdit,
    /// Take something back.
    Undo {
        /// Where.
        context: Rc<str>,
        /// What the journal calls it; the last that can be taken back when there is none.
        id: Option<u64>,
    },
    /// Write the columns of a kind into the settings, or show what would change there.
    WriteColumns {
        /// The kind.
        kind: KindRef,
        /// Whether the person saw it and said yes.
        sure: bool,
    },
    /// Forward a port.
    Forward(ForwardOrder),
    /// Offer the ports of an object in the prompt that waits.
    AskPorts {
        /// The object.
        on: ObjectKey,
        /// The command line that the answer is added to.
        run: String,
        /// Only those of this container.
        container: Option<String>,
    },
    /// End a port-forward.
    StopForward(ForwardId),
    /// Keep the port-forwards of a context.
    SaveForwards {
        /// Which.
        context: Rc<str>,
        /// Under which name.
        name: String,
    },
    /// Open port-forwards that were kept.
    StartForwards {
        /// Of which context.
        context: Rc<str>,
        /// Under which name; `""` offers the names.
        name: String,
    },
    /// Let only reads leave for a context, or everything again.
    ReadOnly {
        /// Which.
        context: Rc<str>,
    },
    /// Change the kubeconfig.
    ChangeKubeconfig(Wish),
    /// Copy from or to a container.
    CopyFiles(Box<Order>),
    /// End a copy.
    StopCopy(CopyId),
    /// Lend the terminal to a session in a container.
    HandOver(Visit),
    /// Lend the terminal to the credential plugin of a context.
    SignIn(String),
    /// Lend the terminal to a program of this machine: its name and arguments.
    Child(Vec<String>),
}

/// What a command works on.
pub struct Context<'a> {
    /// The screens.
    pub stack: &'a mut Stack,
    /// What is known.
    pub model: &'a mut Model,
    /// The count typed before the key.
    pub count: Option<usize>,
    /// What the program shall do.
    pub effects: &'a mut Vec<Effect>,
}

impl Context<'_> {
    /// What is looked at.
    pub fn subject(&self) -> Subject<'_> {
        Subject { stack: self.stack, model: self.model }
    }
}
