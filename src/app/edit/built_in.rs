//! The built-in editor: the object is read, its text edited on a screen, and sent through the gate like any change.

use crate::app::App;
use crate::cluster::Message;
use crate::cluster::actions::Edit;
use crate::cluster::edit::Sheet;
use crate::cluster::gate::{Change, GateMessage, Live, Problem, Reader, Target};
use crate::model::Notice;
use crate::model::document::{Document, Options, Reveal};
use crate::ui::{EditScreen, Screen};
use std::collections::HashMap;
use std::rc::Rc;

/// What is edited on screens, by their numbers.
#[derive(Default)]
pub struct Editors {
    last: u64,
    open: HashMap<u64, (Rc<str>, Target, Option<Sheet>)>,
}

impl App {
    /// Reads an object, to edit it on a screen.
    pub(in crate::app) fn open_editor(&mut self, context: &Rc<str>, target: Target) {
        let lanes = match self.lanes_for_change(context) {
            Ok(lanes) => lanes,
            Err(notice) => return self.say(notice),
        };
        self.editors.last += 1;
        let id = self.editors.last;
        self.editors.open.insert(id, (context.clone(), target.clone(), None));
        let out = self.tasks.sender();
        self.say(Notice::info(format!("reading {target} …")));
        tokio::spawn(async move {
            let result = Live::read(&Reader::new(lanes.read), &target).await;
            // When the loop has ended, nobody edits any more.
            let _ = out.send(Message::Gate(GateMessage::Read { id, result: Box::new(result) })).await;
        });
    }

    /// Opens the editor of an object that was read.
    pub(in crate::app) fn opened(&mut self, id: u64, result: Result<Live, Problem>) {
        let Some((context, target, sheet)) = self.editors.open.get_mut(&id) else { return };
        let live = match result {
            Ok(live) => live,
            Err(problem) => {
                self.editors.open.remove(&id);
                return self.say(Notice::error(problem.sentence, problem.hint));
            }
        };
        self.model.notices.dismiss();
        let read = Sheet::new(live.object);
        let text = yaml(&read);
        *sheet = Some(read);
        let screen = EditScreen::new(id, context, target.to_string(), &text);
        self.stack.open(Screen::Edit(screen));
    }

    /// Asks to confirm what stands in the editor on top.
    pub(in crate::app) fn save_edit(&mut self) {
        let Some(Screen::Edit(editor)) = self.stack.top_mut() else { return };
        let Some((context, target, Some(sheet))) = self.editors.open.get(&editor.id).cloned() else { return };
        let edited = match sheet.read(&editor.text()) {
            Ok(Some(edited)) => edited,
            Ok(None) => return self.say(Notice::info("no changes were made")),
            Err(flaw) => return editor.complain(flaw.line, &flaw.sentence),
        };
        let then = format!("close-editor {}", editor.id);
        self.change(&context, Change::of(Edit { sheet, edited }, vec![target]).then(then));
    }
}

/// The text of an object, nothing masked: whoever edits a Secret wants to see it.
fn yaml(sheet: &Sheet) -> String {
    let options = Options { managed_fields: false, reveal: Reveal::All, ..Options::default() };
    Document::of(sheet.shown(), &options).text().to_owned()
}
