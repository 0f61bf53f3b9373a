//! Arguments, settings, connect or demo, run, print the last error.

use clap::{CommandFactory, Parser};
use rutter::app::{self, Clock, Clusters, End, ReadOnlyContexts, Setup};
use rutter::args::{Arguments, ClusterArguments, Run};
use rutter::cluster::kubeconfig::{Kubeconfig, Source};
use rutter::config::{self, Config, Keys, Level, Problem, Settings, Theme};
use rutter::demo::{Cluster, Story};
use rutter::explain;
use rutter::get::{self, describe};
use rutter::model::Notice;
use rutter::text::safe;
use std::env;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&Notice::error(format!("cannot start: {error}"), "")),
    };
    let end = runtime.block_on(run(arguments));
    // Tasks are only watches: nobody waits for them.
    runtime.shutdown_background();
    end.unwrap_or_else(|notice| fail(&notice))
}

/// Says why the program ends.
fn fail(notice: &Notice) -> ExitCode {
    let _ = writeln!(io::stderr(), "rutter: {}", safe(&notice.sentence));
    if !notice.hint.is_empty() {
        let _ = writeln!(io::stderr(), "hint: {}", safe(&notice.hint));
    }
    ExitCode::from(1)
}

async fn run(arguments: Arguments) -> Result<ExitCode, Notice> {
    match arguments.run {
        None => Box::pin(dashboard(arguments)).await,
        Some(Run::Get(get)) => {
            let clusters = clusters_of_command(&get.cluster)?;
            let failures = get::get(&get, clusters).await.err().unwrap_or_default();
            Ok(failures.iter().map(fail).next_back().unwrap_or(ExitCode::SUCCESS))
        }
        Some(Run::Describe(wanted)) => {
            let clusters = clusters_of_command(&wanted.cluster)?;
            describe::print(&wanted, clusters).await.map(|()| ExitCode::SUCCESS)
        }
        Some(Run::Explain(asked)) => {
            let clusters = clusters_of_command(&asked.cluster)?;
            explain::explain(&asked, clusters).await.map(|()| ExitCode::SUCCESS)
        }
        Some(Run::Demo { listen }) => serve_demo(listen).await,
        Some(Run::Completions { shell }) => {
            clap_complete::generate(shell, &mut Arguments::command(), "rutter", &mut io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn dashboard(arguments: Arguments) -> Result<ExitCode, Notice> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        fail(&Notice::error("rutter needs a terminal", "for scripts there is `rutter get`"));
        return Ok(ExitCode::from(2));
    }
    let (config, problems) = configuration(&arguments);
    let clusters = clusters(&arguments.cluster, &config.settings)?;
    let setup = Setup {
        clusters,
        place: arguments.place(),
        context: arguments.cluster.context,
        theme: config.theme,
        keys: config.keys,
        clock: Clock::Wall,
        settings: config.settings,
        problems: problems.iter().map(|problem| Notice::warning(problem.to_string(), "")).collect(),
    };
    match Box::pin(app::run(setup)).await? {
        End::Quit => Ok(ExitCode::SUCCESS),
        End::Signal(code) => Ok(ExitCode::from(code)),
    }
}

/// The user's files, with what the arguments say instead, in the colours that the terminal has.
fn configuration(arguments: &Arguments) -> (Config, Vec<Problem>) {
    let dir = config::dir(|name| env::var(name).ok());
    let (mut config, mut problems) = config::load(dir.as_deref());
    if let Some(name) = &arguments.theme {
        let (theme, more) = Theme::load(dir.as_deref(), name);
        config.theme = theme;
        problems.extend(more);
    }
    if let Some(name) = &arguments.keymap {
        let (keys, more) = Keys::load(dir.as_deref(), name);
        config.keys = keys;
        problems.extend(more);
    }
    // `NO_COLOR` counts even when it is empty.
    let level = Level::from_env(|name| env::var(name).ok());
    config.theme = config.theme.for_level(level);
    (config, problems)
}

/// The clusters that the arguments name.
fn clusters(arguments: &ClusterArguments, settings: &Settings) -> Result<Clusters, Notice> {
    let read_only = ReadOnlyContexts { all: arguments.read_only, settings: Arc::new(settings.clone()) };
    if arguments.demo {
        return Ok(Clusters::Demo(Cluster::start(Story::Full), read_only));
    }
    let source = Source::from_env(arguments.kubeconfig.clone());
    let kubeconfig = Kubeconfig::load(&source).map_err(|error| Notice::error(error.sentence, error.hint))?;
    Ok(Clusters::of(kubeconfig, read_only))
}

/// The same for a command that prints: credential plugins have the terminal, if there is one.
fn clusters_of_command(arguments: &ClusterArguments) -> Result<Clusters, Notice> {
    let clusters = clusters(arguments, &Settings::default())?;
    Ok(if io::stdin().is_terminal() { clusters.in_terminal() } else { clusters })
}

async fn serve_demo(listen: SocketAddr) -> Result<ExitCode, Notice> {
    let cannot = |error: io::Error| Notice::error(format!("cannot listen on {listen}: {error}"), "choose another port");
    if !listen.ip().is_loopback() {
        return Err(Notice::error(format!("{listen} is not on this machine"), "the demo listens on 127.0.0.1 only"));
    }
    let (address, serving) = Cluster::start(Story::Full).listen(listen).await.map_err(cannot)?;
    println!("http://{address}");
    Err(cannot(serving.await))
}
