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

/// How a round of editing ends.
enum Next {
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
            Err(notice) => {
                self.say(notice);
                return Ok(None);
            }
        };
        let Some(editor) = editor::of_environment() else {
            self.open_editor(&job.context, job.target);
            return Ok(None);
        };
        let reader = Reader::new(lanes.read.clone());
        let live = match self.wait_drawing(Live::read(&reader, &job.target), (terminal, signals)).await? {
            Waited::Done(Ok(live)) => live,
            Waited::Done(Err(problem)) => {
                self.say(Notice::error(problem.sentence, problem.hint));
                return Ok(None);
            }
            Waited::Left => return Ok(None),
            Waited::End(end) => return Ok(Some(end)),
        };
        let mut round = Round::new(Sheet::new(live.object));
        let mut file = match EditFile::new(&job.target, round.is_secret()) {
            Ok(file) => file,
            Err(error) => {
                self.say(Notice::error(
                    format!("no file can be made to edit: {error}"),
                    "look at TMPDIR, or use :edit-here",
                ));
                return Ok(None);
            }
        };
        loop {
            if let Err(error) = file.write(&round.text()) {
                self.say(Notice::error(
                    format!("the file cannot be written: {error}"),
                    "is the disk full? :edit-here needs none",
                ));
                return Ok(None);
            }
            let status = match self.run_child(&editor::argv(&editor, file.path()), terminal, signals).await? {
                Ok(status) => status,
                Err(end) => {
                    file.keep_unless_secret();
                    return Ok(Some(end));
                }
            };
            let next = match (status.success(), self.judge((&mut round, &file))) {
                (false, _) => Next::Stop(super::child::failed(&editor, status), true),
                (true, Err(next)) => next,
                (true, Ok(edit)) => match self.try_out(&job, &lanes, (&mut round, edit), (terminal, signals)).await? {
                    Waited::Done(next) => next,
                    Waited::Left => Next::Again,
                    Waited::End(end) => {
                        file.keep_unless_secret();
                        return Ok(Some(end));
                    }
                },
            };
            match next {
                Next::Again => {}
                Next::Send(edit) => {
                    self.change_with_text(&job.context, Change::of(*edit, vec![job.target]), file.into());
                    return Ok(None);
                }
                Next::Stop(notice, keep) => {
                    self.say(if keep && round.was_changed(&file) { file.keep(notice) } else { notice });
                    return Ok(None);
                }
            }
        }
    }

    /// What is to be sent for the saved text, or what is done instead.
    fn judge(&self, (round, file): (&mut Round, &EditFile)) -> Result<Edit, Next> {
        let text = file.read().map_err(|why| Next::Stop(Notice::error(why, "nothing was changed"), true))?;
        match round.take(&text) {
            Read::Edited(edited) => Ok(Edit { sheet: round.sheet.clone(), edited: *edited }),
            Read::Flawed => Err(Next::Again),
            Read::Unchanged => Err(Next::Stop(Notice::info("edit cancelled, no changes made"), false)),
            Read::NotMended => {
                Err(Next::Stop(Notice::warning("edit cancelled, no valid changes were saved", ""), true))
            }
            Read::Empty => Err(Next::Stop(Notice::warning("edit cancelled, the saved file was empty", ""), false)),
        }
    }

    /// Asks the server what it would make of an edit.
    async fn try_out(
        &mut self,
        job: &Job,
        lanes: &Lanes,
        (round, edit): (&mut Round, Edit),
        screen: (&mut Terminal<Stdout>, &mut Signals),
    ) -> io::Result<Waited<Next>> {
        let reader = Reader::new(lanes.read.clone());
        let work = async {
            match rehearsed((&reader, &lanes.writer), &edit, &job.target).await {
                Ok(Ok(_)) => Next::Send(Box::new(edit.clone())),
                Ok(Err(Idle::Nothing(why) | Idle::Instead(why))) => Next::Stop(Notice::info(why), false),
                Err(problem) => refused(problem, (&reader, &job.target), (round, &edit)).await,
            }
        };
        self.wait_drawing(work, screen).await
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
