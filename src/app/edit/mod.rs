//! Editing objects: the loop of kubectl's `edit`, in which the user's text is never lost.

mod built_in;
mod editor;
mod file;
mod round;

pub(super) use built_in::Editors;
pub(super) use file::Kept;

use super::handover::Waited;
use super::run::{End, Signals};
use super::{App, Terminal};
use crate::cluster::actions::Edit;
use crate::cluster::connect::Lanes;
use crate::cluster::edit::Sheet;
use crate::cluster::gate::{Change, Idle, Live, Problem, Reader, Target, Trouble, rehearsed};
use crate::model::Notice;
use file::EditFile;
use round::{Read, Round};
use std::io::{self, Stdout};
use std::rc::Rc;

/// What is edited, and where.
pub(super) struct Job {
    pub context: Rc<str>,
    pub target: Target,
}

/// What editing works with.
struct Desk {
    job: Job,
    lanes: Lanes,
    editor: Vec<String>,
    file: EditFile,
    round: Round,
}

/// How a round of editing ends.
enum Next {
    /// The program ends.
    End(End),
    /// The text is sent.
    Send(Box<Edit>),
    /// The editor opens again.
    Again,
    /// Nothing is sent, and why; the text is kept when it is worth it.
    Stop(Notice, bool),
}

impl App {
    /// Lets the user edit an object in their editor, until it can be sent or they give up; then asks to confirm it. Nobody
    /// else may read keys meanwhile. Returns how the program ends, if it was told to.
    ///
    /// # Errors
    /// When the terminal cannot be used.
    pub(super) async fn edit(
        &mut self,
        job: Job,
        (terminal, signals): (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Option<End>> {
        let lanes = match self.lanes_for_change(&job.context) {
            Ok(lanes) => lanes,
            Err(notice) => return self.only_say(notice),
        };
        let Some(editor) = editor::of_environment() else {
            self.open_editor(&job.context, job.target);
            return Ok(None);
        };
        let reader = Reader::new(lanes.read.clone());
        let round = match self.wait_drawing(Live::read(&reader, &job.target), (terminal, signals)).await? {
            Waited::Done(Ok(live)) => Round::new(Sheet::new(live.object)),
            Waited::Done(Err(problem)) => return self.only_say(Notice::error(problem.sentence, problem.hint)),
            Waited::Left => return Ok(None),
            Waited::End(end) => return Ok(Some(end)),
        };
        match EditFile::new(&job.target, round.is_secret()) {
            Ok(file) => {
                let desk = Desk { job, lanes, editor, file, round };
                self.rounds(desk, (terminal, signals)).await
            }
            Err(error) => self.only_say(Notice::error(
                format!("no file can be made to edit: {error}"),
                "look at TMPDIR, or use :edit-here",
            )),
        }
    }

    /// Opens the editor again and again until the text can be sent, or is not to be.
    async fn rounds(
        &mut self,
        mut desk: Desk,
        (terminal, signals): (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Option<End>> {
        loop {
            if let Err(error) = desk.file.write(&desk.round.text()) {
                let hint = "is the disk full? :edit-here needs none";
                return self.only_say(Notice::error(format!("the file cannot be written: {error}"), hint));
            }
            let argv = editor::argv(&desk.editor, desk.file.path());
            let next = match self.run_child(&argv, terminal, signals).await? {
                Ok(status) if status.success() => match desk.judge() {
                    Ok(edit) => self.try_out(&mut desk, edit, (terminal, signals)).await?,
                    Err(next) => next,
                },
                Ok(status) => Next::Stop(super::child::failed(&desk.editor, status), true),
                Err(end) => Next::End(end),
            };
            match next {
                Next::Again => {}
                Next::Send(edit) => {
                    let Desk { job, file, .. } = desk;
                    self.change_with_text(&job.context, Change::of(*edit, vec![job.target]), file.into());
                    return Ok(None);
                }
                Next::Stop(notice, keep) => {
                    let keep = keep && desk.round.was_changed(&desk.file);
                    return self.only_say(if keep { desk.file.keep(notice) } else { notice });
                }
                Next::End(end) => {
                    desk.file.keep_unless_secret();
                    return Ok(Some(end));
                }
            }
        }
    }

    /// Says something, and the program goes on.
    fn only_say(&mut self, notice: Notice) -> io::Result<Option<End>> {
        self.say(notice);
        Ok(None)
    }

    /// Asks the server what it would make of an edit.
    async fn try_out(
        &mut self,
        Desk { job, lanes, round, .. }: &mut Desk,
        edit: Edit,
        screen: (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Next> {
        let reader = Reader::new(lanes.read.clone());
        let work = async {
            match rehearsed((&reader, &lanes.writer), &edit, &job.target).await {
                Ok(Ok(_)) => Next::Send(Box::new(edit.clone())),
                Ok(Err(Idle::Nothing(why) | Idle::Instead(why))) => Next::Stop(Notice::info(why), false),
                Err(problem) => refused(problem, (&reader, &job.target), (round, &edit)).await,
            }
        };
        Ok(match self.wait_drawing(work, screen).await? {
            Waited::Done(next) => next,
            Waited::Left => Next::Again,
            Waited::End(end) => Next::End(end),
        })
    }
}

impl Desk {
    /// What is to be sent for the saved text, or what is done instead.
    fn judge(&mut self) -> Result<Edit, Next> {
        let text = self.file.read().map_err(|why| Next::Stop(Notice::error(why, "nothing was changed"), true))?;
        match self.round.take(&text) {
            Read::Edited(edited) => Ok(Edit { sheet: self.round.sheet.clone(), edited: *edited }),
            Read::Flawed => Err(Next::Again),
            Read::Unchanged => Err(Next::Stop(Notice::info("edit cancelled, no changes made"), false)),
            Read::NotMended => {
                Err(Next::Stop(Notice::warning("edit cancelled, no valid changes were saved", ""), true))
            }
            Read::Empty => Err(Next::Stop(Notice::warning("edit cancelled, the saved file was empty", ""), false)),
        }
    }
}

/// What is done about a text that the server, or a conflict, refuses.
async fn refused(problem: Problem, (reader, target): (&Reader, &Target), (round, edit): (&mut Round, &Edit)) -> Next {
    match problem.trouble {
        Trouble::Refused(400 | 422) => {
            round.complain(&problem.sentence);
            Next::Again
        }
        Trouble::Changed => match Live::read(reader, target).await {
            Ok(live) => {
                round.move_to(&edit.edited, &live.object);
                Next::Again
            }
            Err(problem) => Next::Stop(Notice::error(problem.sentence, problem.hint), true),
        },
        _ => Next::Stop(Notice::error(problem.sentence, problem.hint), true),
    }
}
