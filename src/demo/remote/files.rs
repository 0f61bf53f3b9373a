//! The file system of a container: whole paths and what is at them.

use hyper::body::Bytes;
use std::collections::BTreeMap;

/// What is at a path.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A directory.
    Folder,
    /// A file.
    File(Bytes),
}

/// All paths, absolute and without a slash at their end; `/` is always there.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Files {
    entries: BTreeMap<String, Entry>,
}

/// How many bytes fit.
const ROOM: usize = 64 * 1024 * 1024;

/// Where nothing fits, so that a test can run out of space.
const FULL: &str = "/full/";

impl Files {
    /// The files that every container has.
    pub fn of(host: &str, address: &str) -> Self {
        let mut files = Self::default();
        // A program of some size: a copy of it takes more than one message.
        let program = (0..=249_u8).collect::<Vec<u8>>().repeat(800);
        for (path, text) in [
            ("/etc/hostname", format!("{host}\n").into_bytes()),
            ("/etc/hosts", format!("127.0.0.1\tlocalhost\n{address}\t{host}\n").into_bytes()),
            ("/etc/os-release", b"PRETTY_NAME=\"Demo Linux 1\"\nID=demo\n".to_vec()),
            ("/etc/config/settings.yaml", b"level: info\nworkers: 4\n".to_vec()),
            ("/app/server", program),
            ("/app/README", b"This container is played by the demo.\n".to_vec()),
            ("/var/log/app.log", b"starting\nlistening\n".to_vec()),
        ] {
            files.put(path, Entry::File(text.into()));
        }
        for folder in ["/tmp", "/root", "/full", "/bin"] {
            files.put(folder, Entry::Folder);
        }
        files
    }

    /// What is at a path.
    pub fn get(&self, path: &str) -> Option<&Entry> {
        if path == "/" { Some(&Entry::Folder) } else { self.entries.get(path) }
    }

    /// Whether there is room for so many bytes at a path.
    pub fn fits(&self, path: &str, bytes: usize) -> bool {
        let size = |entry: &Entry| if let Entry::File(bytes) = entry { bytes.len() } else { 0 };
        !path.starts_with(FULL) && self.entries.values().map(size).sum::<usize>() + bytes <= ROOM
    }

    /// Writes an entry, with the directories on the way.
    pub fn put(&mut self, path: &str, entry: Entry) {
        for (at, _) in path.match_indices('/').filter(|(at, _)| *at > 0) {
            let folder = path.get(..at).unwrap_or_default();
            self.entries.entry(folder.to_owned()).or_insert(Entry::Folder);
        }
        self.entries.insert(path.to_owned(), entry);
    }

    /// Takes a path out, with all below it; false when nothing was there.
    pub fn remove(&mut self, path: &str) -> bool {
        let below = format!("{path}/");
        let before = self.entries.len();
        self.entries.retain(|own, _| own != path && !own.starts_with(&below));
        self.entries.len() < before
    }

    /// Names and entries directly in a directory.
    pub fn within(&self, folder: &str) -> Vec<(&str, &Entry)> {
        let begin = if folder == "/" { "/".to_owned() } else { format!("{folder}/") };
        let inside = self.entries.iter().filter_map(|(path, entry)| Some((path.strip_prefix(&begin)?, entry)));
        inside.filter(|(name, _)| !name.is_empty() && !name.contains('/')).collect()
    }

    /// A path and everything below it, in order.
    pub fn tree(&self, path: &str) -> Vec<(&str, &Entry)> {
        let below = if path == "/" { "/".to_owned() } else { format!("{path}/") };
        let all = self.entries.iter().filter(|(own, _)| *own == path || own.starts_with(&below));
        all.map(|(own, entry)| (own.as_str(), entry)).collect()
    }
}

/// `path` as seen from `folder`, without `.`, `..` and doubled slashes.
pub fn resolved(folder: &str, path: &str) -> String {
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    format!("/{}", parts.join("/"))
}
