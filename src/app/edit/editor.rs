//! Which editor, as kubectl: `KUBE_EDITOR`, then `EDITOR`. kubectl falls back to vi; here it is the built-in one.

use std::path::Path;

/// The editor of the environment, as words; the last argument is still missing. `None` when there is none.
pub fn of_environment() -> Option<Vec<String>> {
    let named = ["KUBE_EDITOR", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    named.map(|editor| words(&editor, &std::env::var("SHELL").unwrap_or_default()))
}

/// The words of an editor's command: a single word as it is, several by their spaces, and with quotes or backslashes by
/// the user's shell (kubectl 1.36 `pkg/cmd/util/editor/editor.go`).
fn words(editor: &str, shell: &str) -> Vec<String> {
    if editor.contains(['"', '\'', '\\']) {
        let shell = if shell.is_empty() { "/bin/bash" } else { shell };
        return vec![shell.to_owned(), "-c".to_owned(), editor.to_owned()];
    }
    editor.split_whitespace().map(str::to_owned).collect()
}

/// The whole command to edit `path`.
pub fn argv(editor: &[String], path: &Path) -> Vec<String> {
    let path = path.display().to_string();
    let mut argv = editor.to_vec();
    match argv.get(1).is_some_and(|word| word == "-c").then(|| argv.get_mut(2)).flatten() {
        // The path is made by us: it holds no quotes.
        Some(script) => script.extend([" '", &path, "'"]),
        None => argv.push(path),
    }
    argv
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_is_a_word_some_words_or_a_script() {
        let argv = |editor: &str| argv(&words(editor, "/bin/zsh"), Path::new("/tmp/x.yaml"));
        assert_eq!(argv("vi"), ["vi", "/tmp/x.yaml"]);
        assert_eq!(argv("code --wait"), ["code", "--wait", "/tmp/x.yaml"]);
        assert_eq!(argv("emacs '-nw'"), ["/bin/zsh", "-c", "emacs '-nw' '/tmp/x.yaml'"]);
    }
}
