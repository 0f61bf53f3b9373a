//! The control plane of `tests/cluster`, started once per test process and shared by the tests.
//!
//! This process holds the stdin of `up --foreground`. However the process ends, that pipe closes, and then everything
//! behind it goes down: nothing is left running.

use kube::Client;
use kube::config::KubeConfigOptions;
use rutter::cluster::connect::{Clients, Options, connect};
use rutter::cluster::kubeconfig::{Kubeconfig, Source};
use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};
use std::{env, fs, thread};

/// A control plane that is up for as long as this is held.
pub struct Plane {
    name: String,
    dir: PathBuf,
    process: Child,
}

/// How a plane of the tests is called, and what `up` is told about it.
type Part = (&'static str, &'static [&'static str]);

/// With everything, filled with the cast. Whoever shares it changes nothing but in namespaces of their own.
const WHOLE: Part = ("whole", &["--nodes", "3"]);
/// Nothing but the API server and its database, so that nothing happens that the test did not ask for.
const BARE: Part = ("bare", &["--nodes", "0", "--without", "kwok", "--without", "scheduler"]);
const NO_SCHEDULER: [&str; 2] = ["--without", "scheduler"];
const NO_CONTROLLERS: [&str; 2] = ["--without", "controller-manager"];
/// With one node, `real`, whose pods really run. Whoever shares it makes namespaces of their own.
const REAL: Part = ("real", &["--real-node", "--nodes", "0", "--without", "kwok"]);

/// The control plane with everything and the cast, or nothing where it cannot be built: then this was said loudly.
pub fn whole() -> Option<&'static Plane> {
    static PLANE: OnceLock<Option<Plane>> = OnceLock::new();
    let cast = || {
        let plane = Plane::start(WHOLE.0, WHOLE.1)?;
        check(&script("cast").args(["--name", &plane.name]).output().expect("bash runs"), "cast");
        Some(plane)
    };
    PLANE.get_or_init(cast).as_ref().or_else(|| left_out(missing()))
}

/// The control plane where nothing moves by itself, or nothing where it cannot be built.
pub fn bare() -> Option<&'static Plane> {
    static PLANE: OnceLock<Option<Plane>> = OnceLock::new();
    PLANE.get_or_init(|| Plane::start_bare(BARE.0)).as_ref().or_else(|| left_out(missing()))
}

/// Another one where nothing moves, in which tests make nodes too.
pub fn stage() -> Option<&'static Plane> {
    static PLANE: OnceLock<Option<Plane>> = OnceLock::new();
    PLANE.get_or_init(|| Plane::start_bare("stage")).as_ref().or_else(|| left_out(missing()))
}

/// One of one's own: what happens to it happens to nobody else.
pub fn own(name: &str) -> Option<Plane> {
    Plane::start_bare(name).or_else(|| left_out(missing()))
}

/// The control plane with a real node, or nothing where one cannot run.
pub fn real_node() -> Option<&'static Plane> {
    static PLANE: OnceLock<Option<Plane>> = OnceLock::new();
    PLANE.get_or_init(|| Plane::start_real(REAL.0, &[])).as_ref().or_else(|| left_out(missing().or_else(no_node)))
}

/// A real node of one's own, with nothing but the API server.
pub fn own_real_node(name: &str) -> Option<Plane> {
    Plane::start_real(name, &[&NO_SCHEDULER[..], &NO_CONTROLLERS].concat())
        .or_else(|| left_out(missing().or_else(no_node)))
}

/// One of one's own with everything and this many nodes.
pub fn own_whole(name: &str, nodes: &str) -> Option<Plane> {
    Plane::start(name, &["--nodes", nodes]).or_else(|| left_out(missing()))
}

/// One of one's own with everything, two nodes and figures of what is used.
pub fn own_with_metrics(name: &str) -> Option<Plane> {
    Plane::start(name, &["--nodes", "2", "--metrics"]).or_else(|| left_out(missing()))
}

impl Plane {
    fn start_bare(name: &str) -> Option<Self> {
        Self::start(name, &[BARE.1, &NO_CONTROLLERS].concat())
    }

    fn start_real(name: &str, more: &[&str]) -> Option<Self> {
        if missing().or_else(no_node).is_some() {
            return None;
        }
        Self::start(name, &[REAL.1, more].concat())
    }

    /// Starts a control plane, or does not where something that it needs is missing.
    fn start(name: &str, arguments: &[&str]) -> Option<Self> {
        if missing().is_some() {
            return None;
        }
        let name = format!("it-{}-{name}", std::process::id());
        let mut up = script("up");
        up.args(["--foreground", "--name", &name]).args(arguments);
        let mut process = up.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("bash runs");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let line = lines.next().transpose().expect("text").unwrap_or_default();
        let kubeconfig = line.strip_prefix("ready ").unwrap_or_else(|| panic!("{name} did not start; see above"));
        let dir = Path::new(kubeconfig).parent().expect("a directory").to_owned();
        Some(Self { name, dir, process })
    }

    /// Name of the cluster, and of the admin's context.
    pub fn context(&self) -> &str {
        &self.name
    }

    /// Where its kubeconfig is.
    pub fn kubeconfig(&self) -> PathBuf {
        self.dir.join("kubeconfig")
    }

    /// Where its files are; its logs stay there when it is down.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The clients of a context: the admin's for `""`, else `reader`'s or `nobody`'s.
    pub async fn clients(&self, user: &str) -> Clients {
        let context = if user.is_empty() { self.name.clone() } else { format!("{}-{user}", self.name) };
        clients(self.kubeconfig(), &context).await
    }

    /// A client that may send anything, which rutter's own may not: of a context as in [`Plane::clients`].
    pub async fn anything(&self, user: &str) -> Client {
        let context = self.clients(user).await.about.context;
        anything(&self.kubeconfig(), context).await
    }

    /// Runs kubectl of the same version and returns what it printed.
    pub fn kubectl(&self, arguments: &[&str]) -> String {
        let output = kubectl().arg("--kubeconfig").arg(self.kubeconfig()).args(arguments).output();
        let output = output.expect("kubectl runs");
        check(&output, &arguments.join(" "));
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs `rutter` on this cluster.
    pub fn rutter<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Output {
        rutter().env("KUBECONFIG", self.kubeconfig()).args(arguments).output().expect("rutter runs")
    }

    /// Kills the API server, which is then started again.
    pub fn restart_server(&self) {
        let pid = fs::read_to_string(self.dir.join("pid")).expect("a running cluster");
        check(&Command::new("kill").args(["-USR1", pid.trim()]).output().expect("kill runs"), "kill");
    }
}

/// A plane of one's own is waited for, so that the test that started it also ends it.
impl Drop for Plane {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The clients of a context of a kubeconfig.
pub async fn clients(kubeconfig: PathBuf, context: &str) -> Clients {
    let source = Source { flag: Some(kubeconfig), ..Source::default() };
    let kubeconfig = Kubeconfig::load(&source).expect("a kubeconfig");
    connect(&kubeconfig, context, Options::default()).await.expect("a connection")
}

/// A client that may send anything, of a context of a kubeconfig.
pub async fn anything(kubeconfig: &Path, context: String) -> Client {
    let file = kube::config::Kubeconfig::read_from(kubeconfig).expect("a kubeconfig");
    let options = KubeConfigOptions { context: Some(context), ..KubeConfigOptions::default() };
    let mut config = kube::Config::from_custom_kubeconfig(file, &options).await.expect("a context");
    config.default_retry = false;
    Client::try_from(config).expect("a client")
}

/// rutter, without what the environment says.
pub fn rutter() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rutter"));
    command.env_remove("KUBECONFIG").env_remove("KUBERNETES_SERVICE_HOST").env("HOME", target().join("nowhere"));
    command.stdin(Stdio::null());
    command
}

/// kubectl of the control plane's version, without what the environment says; there once a plane is.
pub fn kubectl() -> Command {
    let mut command = Command::new(target().join("cluster/bin/kubectl"));
    command.env_remove("KUBECONFIG").env("HOME", target().join("nowhere")).stdin(Stdio::null());
    command
}

/// Fails with what a program said when it failed.
pub fn check(output: &Output, what: &str) {
    assert!(output.status.success(), "{what}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
}

/// The directory in which cargo builds.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a directory")
}

fn script(name: &str) -> Command {
    let mut command = Command::new("bash");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster").join(name));
    command.env("CARGO_TARGET_DIR", target());
    command
}

/// Builds the control plane, the first time; tells what is missing, if it cannot be built.
fn missing() -> Option<&'static str> {
    static MISSING: OnceLock<Option<String>> = OnceLock::new();
    let find_out = || {
        let runs = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            let quiet = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            quiet.status().is_ok_and(|status| status.success())
        };
        let new = "(( BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404 ))";
        let tools = [("bash 4.4 or newer", "bash", ["-c", new]), ("openssl", "openssl", ["version", "-v"])];
        let tools = tools.into_iter().chain([("curl", "curl", ["--silent", "--version"])]);
        for (what, program, arguments) in tools {
            if !runs(program, &arguments) {
                return Some(format!("it needs {what}, which is not there"));
            }
        }
        sweep();
        let built = script("build").stdin(Stdio::null()).stdout(Stdio::null()).status().expect("bash runs");
        if built.code() == Some(3) {
            return Some("it needs Go, which is not there".to_owned());
        }
        assert!(built.success(), "the control plane could not be built; see above");
        None
    };
    MISSING.get_or_init(find_out).as_deref()
}

/// What keeps a real node from running on this machine, in the words of the script that starts it.
fn no_node() -> Option<&'static str> {
    static MISSING: OnceLock<Option<String>> = OnceLock::new();
    let find_out = || {
        let output = script("node").arg("check").output().expect("bash runs");
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        assert!([Some(0), Some(3)].contains(&output.status.code()), "{said}");
        (!output.status.success()).then_some(said)
    };
    MISSING.get_or_init(find_out).as_deref()
}

/// Removes what is left of the clusters of earlier runs: their logs.
fn sweep() {
    const OLD: Duration = Duration::from_mins(10);
    for entry in fs::read_dir(target().join("cluster")).into_iter().flatten().flatten() {
        let mine = entry.file_name().to_string_lossy().starts_with("it-");
        let changed = entry.metadata().and_then(|data| data.modified()).unwrap_or_else(|_| SystemTime::now());
        let old = changed.elapsed().is_ok_and(|age| age > OLD);
        if mine && old && !entry.path().join("pid").exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Says that the test that runs is left out, past the capturing of the output; with `CI=true` that is a failure.
fn left_out<T>(why: Option<&str>) -> Option<T> {
    let thread = thread::current();
    let test = thread.name().unwrap_or("a test").to_owned();
    let said = format!("LEFT OUT: {test}: the real control plane cannot run: {}\n", why.unwrap_or("nobody knows why"));
    // One write, so that lines of several tests do not mix.
    let _ = io::stderr().write_all(said.as_bytes());
    assert!(env::var_os("CI").is_none_or(|ci| ci != "true"), "{said}");
    None
}
