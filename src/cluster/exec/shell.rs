//! Which shell: the best one that the image has, found by one command.

use super::status::Ended;

/// Becomes the first shell that there is. `sh` itself is the last one: without it nothing could look for the others.
const LOOK: &str = "command -v bash >/dev/null && exec bash || command -v ash >/dev/null && exec ash || exec sh";

/// The command that becomes a shell.
pub fn command(windows: bool) -> Vec<String> {
    let words: &[&str] = if windows { &["cmd", "/c", "powershell -NoLogo || cmd"] } else { &["sh", "-c", LOOK] };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Whether a session ended because the image has no such program: in the words of runc, crun, gVisor and hcsshim.
pub fn is_missing(ended: &Ended) -> bool {
    let Ended::Failed(said) = ended else { return false };
    let said = said.to_lowercase();
    let file = said.contains("executable file") && said.contains("not found");
    file || said.contains("no such file or directory") || said.contains("cannot find the file")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_missing_shell_is_recognised() {
        for said in [
            "OCI runtime exec failed: exec failed: unable to start container process: exec: \"sh\": executable file not found in $PATH: unknown",
            "executing command in container: executable file `sh` not found in $PATH: No such file or directory",
            "exec: \"sh\": stat /bin/sh: no such file or directory",
            "hcs::System::CreateProcess sh: The system cannot find the file specified.",
        ] {
            assert!(is_missing(&Ended::Failed(said.into())), "{said}");
        }
        assert!(!is_missing(&Ended::Failed("container not found (\"app\")".into())));
        assert!(!is_missing(&Ended::Lost("no such file or directory".into())) && !is_missing(&Ended::Exited(127)));
    }

    /// This machine's `sh` as the image.
    #[test]
    fn the_command_becomes_a_shell() {
        let words = command(false);
        let done = Command::new(&words[0]).args(&words[1..]).env("BASH_ENV", "").output().unwrap();
        assert!(done.status.success() && done.stdout.is_empty(), "{done:?}");
        let empty = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/bin/sh", empty.path().join("sh")).unwrap();
        let only_sh = Command::new("/bin/sh").args(&words[1..]).env("PATH", empty.path()).output().unwrap();
        assert!(only_sh.status.success(), "{only_sh:?}");
        assert_eq!(command(true)[0], "cmd");
    }
}
