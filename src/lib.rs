//! rutter: a dashboard for Kubernetes clusters in the terminal.
//!
//! # How data flows
//!
//! One crate: a library with a thin binary, so that tests drive the same `App` that people use.
//!
//! ```text
//!  tasks (cluster)                     one per list, text or log that a screen shows
//!    bytes ─> split into objects ─> kind.read ─> rows        decoded here, beside the loop
//!       │
//!       │  Message: Changes · Fresh · Session · …            facts, as plain data
//!       v
//!  the loop (app)                      the only owner of what is known
//!    apply ─> Model ─> the screen on top is brought up to date ─> a frame, if it looks different
//!       ^
//!       │  key ─> key map ─> command line ─> Command ─> screens, prompts, effects
//!  terminal                            intentions, found by their name
//! ```
//!
//! - Only the loop changes the `Model`. Tasks own their connections and send messages. So there are no locks.
//! - The loop never waits for the network: it waits for a key, a message or a moment. It draws at once after a key, else at
//!   most every 16 ms, and not at all while nothing visible changes.
//! - A list keeps packed rows: cells, names, labels and owners, with repeated texts stored once. Whole objects are read one
//!   at a time, when somebody wants to see one.
//! - Every list says how fresh it is. When a connection breaks, old rows stay, and a new list replaces them without emptying
//!   the table.
//! - What is shown says what has to be kept fresh. One watch serves all screens that show the same list, and ends some
//!   seconds after the last of them is gone.
//! - There is no current cluster: the context is part of every list and every row.
//! - A text from outside becomes `SafeText` before it is drawn.
//!
//! # Who may use whom
//!
//! No two folders import each other. `tests/it/house.rs` holds the rules, reads the sources and fails where one of them is
//! broken; it also checks how long files are and what does not belong into them.
//!
//! | In `src/` | What it is | Of ours it may use | Of others |
//! | --- | --- | --- | --- |
//! | `kinds` | what things are: one file per kind, with columns, states and relations | `text` | crates that only compute, `k8s_openapi`, `std::io` |
//! | `cluster` | everything that talks to an API server | `kinds`, `text` | crates that only compute, network, files and processes, `rustix`, `serde_yaml`, `tempfile` |
//! | `model` | what is known now: stores, filter language, log buffers, notices | `kinds`, `text` | crates that only compute |
//! | `ui` | draws the model: screens, prompts, bars | `config`, `kinds`, `model`, `text` | crates that only compute, terminal, `std::io` |
//! | `commands` | verbs: one file per verb or small family | `cluster`, `kinds`, `model`, `text`, `ui` | crates that only compute |
//! | `config` | files that people edit: key maps, themes, settings | `text` | crates that only compute, `serde_yaml`, `ratatui`, `crossterm`, `std::fs`, `std::io` |
//! | `demo` | a cluster in memory that speaks the real API | nothing | crates that only compute, network, `std::io`, `std::net` |
//! | `app` | the loop: wait for one thing, apply it, draw if something visible changed | `cluster`, `commands`, `config`, `demo`, `kinds`, `model`, `text`, `ui` | crates that only compute, terminal, network, files and processes, `arboard`, `tempfile` |
//! | `explain` | `rutter explain`: what a kind or a field is, printed once | `app`, `args`, `cluster`, `kinds`, `model`, `text` | crates that only compute, `std::io` |
//! | `get` | `rutter get`: lists and objects, printed as kubectl prints them | `app`, `args`, `cluster`, `kinds`, `model`, `text` | crates that only compute, `tokio`, `std::fs`, `std::io` |
//! | `text` | text from outside, made safe to show | nothing | crates that only compute |
//! | `args` | the command line | nothing | `clap`, `clap_complete`, `std::net` |
//! | `main` | arguments, settings, connect or demo, run, print the last error | `app`, `args`, `cluster`, `config`, `demo`, `explain`, `get`, `model`, `text` | `clap`, `clap_complete`, `tokio`, files and processes |
//!
//! # To add a kind
//!
//! 1. Write `src/kinds/NAME.rs`: a struct with only the fields that the columns need, and `impl Kind` for it with its names,
//!    columns, what `enter` does, and how an object fares. A heading and its cell are one record, and cells are kubectl's.
//! 2. Add its line to `ALL` in `src/kinds/mod.rs`.
//! 3. If the API has it in protobuf, name the fields of that struct in `src/kinds/wire` and the message as `WIRE` in its `impl`:
//!    then its lists come in two thirds of the bytes. Without it they come in JSON.
//!
//! The palette, the watch, sorting, filters, `rutter get` and the documents follow from that. Give it tests beside the code,
//! one for each state that its cells can show.
//!
//! # How something is changed
//!
//! A command hands a `Change` to the gate (`cluster/gate`): actions with their targets, frozen with their UIDs. The gate
//! reads each object again, checks that it is the one that was meant, asks the action what to send, and rehearses that on
//! the server (`dryRun=All`). The difference is shown; what was confirmed is sent, once, just as it was rehearsed, and
//! written into the journal with what would take it back. After a conflict it is planned anew and sent only if it is still
//! the change that was confirmed; after a lost answer the object is read again, and what is true is told. No other client
//! can write: each refuses in the HTTP layer what it is not for.
//!
//! # To add an action
//!
//! 1. Write `src/cluster/actions/NAME.rs`: a struct with what is wanted, and `impl Action` for it: its verb, how dangerous it
//!    is, how kubectl is told to do the same, and `plan`, which says what to send for the object as it is now.
//! 2. Add its line to `src/cluster/actions/mod.rs`, and a command that hands it to `target::change`.
//!
//! # To add a command
//!
//! 1. Write its record in a file of `src/commands/`: name, help, on which screens it makes sense, `when` it cannot act, and
//!    `run`. What it asks for, it asks by a prompt that runs the same command with the answer as its argument.
//! 2. Add its line to `ALL` in `src/commands/mod.rs`.
//! 3. If it has a key, add a line to `keymaps/default.yaml`.
//!
//! The palette, the help, the hints and the documents read the record.

pub mod app;
pub mod args;
pub mod cluster;
pub mod commands;
pub mod config;
pub mod demo;
pub mod explain;
pub mod get;
pub mod kinds;
pub mod model;
pub mod text;
pub mod ui;
