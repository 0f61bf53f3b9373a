//! The shell of the played containers: a prompt, a few programs, `;`, `&&`, `||`, quotes, variables and `>`.

use tokio::sync::{mpsc, oneshot};

use super::files::{Entry, resolved};
use super::io::{Gone, Io, Sink};
use super::programs;
use super::room::{Room, Source};
use super::terminal::{Line, line};
use crate::demo::Cluster;
use crate::demo::owner::Ask;

/// A running shell.
pub struct Shell {
    /// Whom to ask for files, and whom to tell of changed ones.
    pub cluster: Cluster,
    /// Where it runs.
    pub source: Source,
    /// What it sees.
    pub room: Room,
    /// Its input and output.
    pub io: Io,
    /// The current directory.
    pub folder: String,
    /// Interrupts from the terminal.
    pub signals: mpsc::UnboundedReceiver<()>,
    /// Paths that were written or, with none, removed.
    pub changes: Vec<(String, Option<Entry>)>,
    /// The exit code of the last program.
    pub code: i64,
    /// Whether `exit` was said.
    pub over: bool,
}

/// When a command runs.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Joint {
    Always,
    After,
    Unless,
}

impl Shell {
    /// Runs a program that a client named, to its end. None when there is no such program.
    ///
    /// # Errors
    /// When the client has gone.
    pub async fn start(&mut self, argv: &[String]) -> Result<Option<i64>, Gone> {
        let Some(program) = argv.first() else { return Ok(None) };
        if !self.finds(program) || ["command", "cd", "exit"].contains(&program.as_str()) {
            return Ok(None);
        }
        self.run(argv).await?;
        Ok(Some(self.code))
    }

    /// Whether there is a program of this name or path.
    pub fn finds(&self, program: &str) -> bool {
        let folders = ["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"];
        let name = folders.iter().find_map(|folder| program.strip_prefix(folder)).unwrap_or(program);
        self.room.programs.contains(&name)
    }

    /// Reads and runs lines until there are none, or `exit`.
    ///
    /// # Errors
    /// When the client has gone.
    pub async fn converse(&mut self) -> Result<(), Gone> {
        while !self.over {
            if self.io.tty {
                let prompt = format!("{}:{}# ", self.room.host, self.folder);
                self.io.say(prompt).await?;
            }
            let typed = tokio::select! {
                biased;
                Some(()) = self.signals.recv() => {
                    self.io.say("^C\n").await?;
                    self.code = 130;
                    continue;
                }
                typed = line(&mut self.io) => typed?,
            };
            match typed {
                Line::Whole(text) => self.line(&text).await?,
                Line::End => break,
            }
        }
        Ok(())
    }

    /// Runs the commands of a line.
    ///
    /// # Errors
    /// When the client has gone.
    pub async fn line(&mut self, text: &str) -> Result<(), Gone> {
        for (joint, command) in commands(text) {
            let wanted = match joint {
                Joint::Always => true,
                Joint::After => self.code == 0,
                Joint::Unless => self.code != 0,
            };
            if wanted && !self.over {
                self.command(&command).await?;
            }
        }
        Ok(())
    }

    async fn command(&mut self, text: &str) -> Result<(), Gone> {
        let mut words = words(text, |name| self.value(name));
        let (out, err) = redirects(&mut words);
        if words.is_empty() {
            return Ok(());
        }
        (self.io.out, self.io.err) = match &out {
            Some(path) if path == "/dev/null" => (Sink::Nowhere, Sink::Client),
            Some(_) => (Sink::Kept(Vec::new()), Sink::Client),
            None => (Sink::Client, Sink::Client),
        };
        if err {
            self.io.err = Sink::Nowhere;
        }
        self.run(&words).await?;
        self.io.err = Sink::Client;
        if let (Some(path), Sink::Kept(bytes)) = (out, std::mem::take(&mut self.io.out)) {
            self.write(&path, bytes).await?;
        }
        Ok(())
    }

    /// Runs one program. An interrupt from the terminal ends it, but for a shell: that takes interrupts itself.
    async fn run(&mut self, argv: &[String]) -> Result<(), Gone> {
        self.look().await;
        let shells = ["sh", "ash", "bash"];
        if argv.first().is_some_and(|program| shells.contains(&program.rsplit('/').next().unwrap_or_default())) {
            self.code = Box::pin(programs::run(self, argv)).await?;
            return Ok(());
        }
        let (_, nothing) = mpsc::unbounded_channel();
        let mut signals = std::mem::replace(&mut self.signals, nothing);
        let ended = tokio::select! {
            biased;
            Some(()) = signals.recv() => None,
            code = Box::pin(programs::run(self, argv)) => Some(code),
        };
        self.signals = signals;
        self.code = if let Some(code) = ended {
            code?
        } else {
            self.io.say("^C\n").await?;
            130
        };
        self.tell().await;
        Ok(())
    }

    /// Writes a file, if there is room.
    ///
    /// # Errors
    /// When the client has gone.
    pub async fn write(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), Gone> {
        let path = resolved(&self.folder, path);
        if !self.room.files.fits(&path, bytes.len()) {
            self.code = 1;
            return self.io.complain(&format!("sh: write error: {path}: No space left on device")).await;
        }
        self.put(&path, Entry::File(bytes.into()));
        self.tell().await;
        Ok(())
    }

    /// Notes an entry that is new or changed.
    pub fn put(&mut self, path: &str, entry: Entry) {
        self.room.files.put(path, entry.clone());
        self.changes.push((path.to_owned(), Some(entry)));
    }

    /// The value of a variable.
    fn value(&self, name: &str) -> String {
        match name {
            "?" => self.code.to_string(),
            "PWD" => self.folder.clone(),
            _ => self.room.env.iter().rev().find(|(own, _)| own == name).map(|(_, v)| v.clone()).unwrap_or_default(),
        }
    }

    /// Sees what others have changed since.
    async fn look(&mut self) {
        let (done, word) = oneshot::channel();
        if self.cluster.asks.send(Ask::Room(self.source.clone(), done)).is_ok()
            && let Ok(Some(room)) = word.await
        {
            self.room.files = room.files;
        }
    }

    /// Tells what has been changed here.
    async fn tell(&mut self) {
        let changes = std::mem::take(&mut self.changes);
        if changes.is_empty() {
            return;
        }
        let (done, word) = oneshot::channel();
        if self.cluster.asks.send(Ask::Files(self.source.clone(), changes, done)).is_ok() {
            // When the pod has gone, its files have as well.
            let _ = word.await;
        }
    }
}

/// The commands of a line, and when each of them runs.
fn commands(line: &str) -> Vec<(Joint, String)> {
    let (mut all, mut text, mut joint, mut quote) = (Vec::new(), String::new(), Joint::Always, None);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') if text.is_empty() => break,
            (None, ';' | '&' | '|') if c == ';' || chars.peek() == Some(&c) => {
                if c != ';' {
                    chars.next();
                }
                all.push((joint, std::mem::take(&mut text)));
                joint = match c {
                    '&' => Joint::After,
                    '|' => Joint::Unless,
                    _ => Joint::Always,
                };
                continue;
            }
            _ => {}
        }
        text.push(c);
    }
    all.push((joint, text));
    all
}

/// The words of a command, with quotes taken away and variables put in.
fn words(text: &str, value: impl Fn(&str) -> String) -> Vec<String> {
    let (mut all, mut word, mut quote): (Vec<String>, Option<String>, Option<char>) = (Vec::new(), None, None);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (None | Some('"'), '$') => {
                let mut name = String::new();
                while let Some(next) = chars
                    .next_if(|next| next.is_ascii_alphanumeric() || *next == '_' || *next == '?' && name.is_empty())
                {
                    name.push(next);
                }
                word.get_or_insert_default().push_str(&if name.is_empty() { "$".to_owned() } else { value(&name) });
            }
            (None, c) if c.is_whitespace() => all.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

/// Takes `> FILE`, `2>/dev/null` and `>&2` out of a command: where its output goes, and whether its errors go nowhere.
fn redirects(words: &mut Vec<String>) -> (Option<String>, bool) {
    let (mut out, mut quiet, mut rest) = (None, false, Vec::new());
    let mut all = std::mem::take(words).into_iter();
    while let Some(word) = all.next() {
        match word.as_str() {
            ">" | "1>" => out = all.next(),
            "2>/dev/null" | "2>&1" => quiet = word == "2>/dev/null",
            word if word.starts_with('>') => out = Some(word.trim_start_matches('>').to_owned()),
            _ => rest.push(word),
        }
    }
    *words = rest;
    (out, quiet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_cut_into_commands_and_words() {
        let joints: Vec<_> =
            commands("a 'x;y' && b || c; d").into_iter().map(|(_, text)| text.trim().to_owned()).collect();
        assert_eq!(joints, ["a 'x;y'", "b", "c", "d"]);
        let value = |name: &str| format!("<{name}>");
        assert_eq!(words("echo \"a  $HOME\" '$HOME' b\\ c $?", value), ["echo", "a  <HOME>", "$HOME", "b c", "<?>"]);
        let mut some = words("cat x 2>/dev/null > /tmp/y", value);
        assert_eq!(redirects(&mut some), (Some("/tmp/y".to_owned()), true));
        assert_eq!(some, ["cat", "x"]);
    }

    proptest! {
        #[test]
        fn no_line_upsets_the_shell(text in ".{0,40}") {
            for (_, command) in commands(&text) {
                redirects(&mut words(&command, str::to_owned));
            }
        }
    }
}
