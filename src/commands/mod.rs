//! Verbs: one file per verb, or per small family of them.
//!
//! To add a command: write its record, and add its line to `ALL`; a key is one line in `keymaps/default.yaml`.

mod about;
mod answers;
mod attach;
mod columns;
mod command;
pub mod contexts;
mod copy;
mod cp;
mod create;
mod debug;
mod delete;
mod describe;
mod drain;
mod edit;
mod enter;
mod exec;
mod explain;
mod expose;
mod files;
mod filter;
mod fold;
pub mod forward;
mod go;
mod image;
mod jobs;
mod journal;
mod kinds;
mod kubectl;
mod label;
mod log_extent;
mod log_time;
mod log_view;
mod logs;
mod mark;
mod meant;
mod motion;
pub mod namespaces;
mod need;
mod nodes;
mod program;
mod requests;
mod revisions;
mod rollout;
mod scale;
mod shell;
mod sort;
mod target;
mod text;
mod usage;
mod visit;
mod yaml;
mod yaml_copy;

pub use command::{Command, Context, Effect, On, Outcome, Subject};
pub use cp::kubectl_of as kubectl_of_copy;
pub use go::is_place;
pub use need::Need;

use crate::model::Notice;

/// Every command, in the order in which the palette offers them.
pub static ALL: &[&Command] = &[
    &program::PALETTE,
    &program::HELP,
    &filter::FILTER,
    &enter::ENTER,
    &enter::OWNER,
    &enter::OWNED,
    &describe::DESCRIBE,
    &about::RELATED,
    &about::BACKENDS,
    &about::VOLUMES,
    &about::GLANCE,
    &about::TOP,
    &answers::FOLLOW,
    &answers::WHOAMI,
    &answers::CLUSTER_INFO,
    &answers::HELM,
    &answers::HELM_RELEASE,
    &answers::CAN_I,
    &answers::WHO_CAN,
    &answers::RIGHTS,
    &yaml::YAML,
    &logs::LOGS,
    &logs::PREVIOUS_LOGS,
    &about::TREE,
    &about::EVENTS,
    &edit::EDIT,
    &edit::EDIT_HERE,
    &edit::SAVE,
    &edit::LEAVE,
    &edit::CLOSE,
    &scale::SCALE,
    &rollout::UNDO,
    &rollout::RESTART,
    &rollout::STATUS,
    &rollout::HISTORY,
    &rollout::PAUSE,
    &rollout::RESUME,
    &revisions::COMPARE,
    &revisions::MARK,
    &image::SET_IMAGE,
    &jobs::TRIGGER,
    &jobs::RERUN,
    &jobs::SUSPEND,
    &nodes::CORDON,
    &nodes::UNCORDON,
    &drain::DRAIN,
    &drain::START,
    &drain::STOP,
    &drain::DAEMONSETS,
    &drain::EMPTYDIR,
    &drain::FORCE,
    &drain::REPLAN,
    &nodes::TAINT,
    &create::CREATE,
    &files::APPLY,
    &files::CREATE_FROM,
    &files::DELETE_FROM,
    &expose::EXPOSE,
    &expose::AUTOSCALE,
    &label::LABEL,
    &label::ANNOTATE,
    &delete::DELETE,
    &journal::UNDO,
    &journal::JOURNAL,
    &journal::READ_ONLY,
    &requests::REQUESTS,
    &mark::MARK,
    &mark::MARK_ALL,
    &mark::UNMARK,
    &shell::SHELL,
    &exec::EXEC,
    &attach::ATTACH,
    &cp::CP,
    &cp::STOP,
    &forward::PORT_FORWARD,
    &forward::FORWARDS,
    &forward::STOP,
    &forward::AGAIN,
    &forward::COPY,
    &forward::SAVE,
    &forward::START,
    &debug::DEBUG,
    &debug::DEBUGGER,
    &filter::CLEAR,
    &sort::SORT,
    &sort::NEXT,
    &sort::PREVIOUS,
    &sort::REVERSE,
    &sort::WIDE,
    &columns::COLUMNS,
    &usage::USAGE,
    &columns::TOGGLE,
    &columns::DOWN,
    &columns::UP,
    &columns::ADD,
    &columns::REMOVE,
    &columns::WRITE,
    &namespaces::CHOOSE,
    &namespaces::NAMESPACE,
    &namespaces::ALL_NAMESPACES,
    &contexts::CHOOSE,
    &contexts::CONTEXT,
    &contexts::SIGN_IN,
    &contexts::USE,
    &contexts::SET,
    &contexts::RENAME,
    &kinds::RESOURCES_OF_SERVER,
    &kinds::VERSIONS_OF_SERVER,
    &copy::NAME,
    &copy::ALL,
    &yaml::JUMP,
    &fold::FOLD,
    &fold::FOLD_TO,
    &fold::UNFOLD_ALL,
    &yaml::RAW,
    &yaml::JSON,
    &yaml::MANAGERS,
    &yaml::LAST_APPLIED,
    &yaml::DRIFT,
    &yaml::REVEAL,
    &yaml::REVEAL_ALL,
    &yaml_copy::VALUE,
    &yaml_copy::PATH,
    &yaml_copy::COMMAND,
    &yaml_copy::BLOCK,
    &explain::EXPLAIN,
    &kubectl::COPY,
    &text::WRAP,
    &text::REFRESH,
    &text::SAVE,
    &text::FIND,
    &text::NEXT_MATCH,
    &text::PREVIOUS_MATCH,
    &text::MESSAGES,
    &log_view::FOLLOW,
    &log_view::TIMESTAMPS,
    &log_extent::PREVIOUS,
    &log_extent::CONTAINER,
    &log_extent::SINCE,
    &log_extent::TAIL,
    &log_view::FILTER,
    &log_view::SAVE,
    &log_view::SOURCES,
    &log_view::SELECT,
    &log_view::COPY,
    &log_time::LOG_AT,
    &log_view::CLEAR,
    &log_view::SEPARATE,
    &program::BACK,
    &program::RETRY,
    &program::REDRAW,
    &program::MOUSE,
    &program::SUSPEND,
    &program::QUIT,
    &motion::DOWN,
    &motion::UP,
    &motion::TOP,
    &motion::BOTTOM,
    &motion::HALF_DOWN,
    &motion::HALF_UP,
    &motion::PAGE_DOWN,
    &motion::PAGE_UP,
    &motion::LEFT,
    &motion::RIGHT,
];

/// The command called `name`.
pub fn find(name: &str) -> Option<&'static Command> {
    ALL.iter().copied().find(|command| command.is_called(name))
}

/// Runs a command line: a command with its arguments, or a place (`pods kube-system /web @other`).
///
/// # Errors
/// What cannot be done and what to do instead.
pub fn run(cx: &mut Context<'_>, line: &str) -> Outcome {
    let line = line.trim();
    let (name, arguments) = line.split_once(' ').unwrap_or((line, ""));
    match find(name) {
        Some(command) => {
            let arguments = arguments.trim();
            command.takes(arguments)?;
            command.possible(&cx.subject()).map_err(|why| Notice::warning(why, ""))?;
            (command.run)(cx, arguments)
        }
        None => go::run(cx, line),
    }
}
