//! The mock in its own process, seen from the driver.

use crate::data::Cluster;
use crate::error::{Error, Result};
use crate::mock::TOKEN;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running mock. It ends when this is dropped, and also when this process dies, since its input ends then.
pub struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    port: u16,
    /// The kubeconfig that leads to it.
    pub kubeconfig: PathBuf,
}

/// Counts by their names.
#[derive(Debug, Default)]
pub struct Tally(Vec<(String, u64)>);

impl Tally {
    /// One of them; 0 when there is none of that name.
    pub fn of(&self, name: &str) -> u64 {
        self.0.iter().find(|(known, _)| known == name).map_or(0, |(_, count)| *count)
    }

    /// How much it grew since `before`.
    pub fn since(&self, before: &Self, name: &str) -> u64 {
        self.of(name).saturating_sub(before.of(name))
    }
}

impl Server {
    /// Starts this binary once more as the mock and waits until it can be asked.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(cluster: Cluster) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        Self::of(command.arg("mock").args(["--pods", &cluster.pods.to_string(), "--seed", &cluster.seed.to_string()]))
    }

    /// What `command` starts: it says where it is, then answers each line with one.
    ///
    /// # Errors
    /// When it does not start.
    pub fn of(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().ok_or("the mock has no output")?);
        let ready = line(&mut output)?;
        let wrong = || Error::from(format!("the mock says {ready:?} instead of a port and a path"));
        let (port, path) = ready.strip_prefix("ready ").and_then(|it| it.split_once(' ')).ok_or_else(wrong)?;
        let (port, kubeconfig) = (port.parse()?, PathBuf::from(path));
        Ok(Self { child, input, output, port, kubeconfig })
    }

    /// Sets how many changes each watch of pods sees per second.
    ///
    /// # Errors
    /// When the mock is gone.
    pub fn rate(&mut self, changes: u64) -> Result<()> {
        self.set("rate", changes)
    }

    /// Sets one of the mock's knobs.
    ///
    /// # Errors
    /// When the mock is gone, or has no such knob.
    pub fn set(&mut self, knob: &str, value: u64) -> Result<()> {
        let line = format!("{knob} {value}");
        let answer = self.ask(&line)?;
        if answer == line { Ok(()) } else { Err(format!("the mock says {answer:?}").into()) }
    }

    /// What the mock counted so far, each count by its name.
    ///
    /// # Errors
    /// When the mock is gone.
    pub fn tally(&mut self) -> Result<Tally> {
        let answer = self.ask("count")?;
        let words: Vec<&str> = answer.split(' ').collect();
        let number = |words: &[&str]| Some((words.first()?.to_string(), words.get(1)?.parse().ok()?));
        Ok(Tally(words.chunks(2).filter_map(number).collect()))
    }

    /// The versions that some pods have after what was told of them; 0 for those of which nothing was.
    ///
    /// # Errors
    /// When the mock is gone.
    pub fn told(&mut self, pods: Range<u64>) -> Result<Vec<u64>> {
        let answer = self.ask(&format!("told {} {}", pods.start, pods.end))?;
        Ok(answer.split(' ').filter_map(|version| version.parse().ok()).collect())
    }

    /// curl moving an answer to nowhere, such as that of `/api/v1/pods`.
    pub fn curl(&self, path: &str) -> Command {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--fail", "--output", "/dev/null", "--cacert"]);
        command.arg(self.kubeconfig.with_file_name("ca.crt"));
        command.args(["--header", &format!("Authorization: Bearer {TOKEN}")]);
        command.arg(format!("https://127.0.0.1:{}{path}", self.port));
        command
    }

    /// The same in protobuf.
    pub fn curl_protobuf(&self, path: &str) -> Command {
        let mut command = self.curl(path);
        command.args(["--header", "Accept: application/vnd.kubernetes.protobuf"]);
        command
    }

    fn ask(&mut self, command: &str) -> Result<String> {
        let input = self.input.as_mut().ok_or("the mock has no input")?;
        writeln!(input, "{command}")?;
        line(&mut self.output)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.input.take();
        // It ended on its own or it ends now; there is nobody to tell.
        let _ = self.child.wait();
    }
}

fn line(output: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    if line.is_empty() { Err("the mock ended".into()) } else { Ok(line.trim_end().to_owned()) }
}
