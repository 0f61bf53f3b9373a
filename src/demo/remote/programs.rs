//! The programs in the played containers.

use std::fmt::Write as _;
use std::time::Duration;

use super::files::{Entry, resolved};
use super::io::Gone;
use super::shell::Shell;
use super::tar::{Item, Read, pack, unpack};
use super::terminal::{Line, line};

/// What a program comes to: its exit code.
type Code = Result<i64, Gone>;

/// Runs one program.
///
/// # Errors
/// When the client has gone.
pub async fn run(shell: &mut Shell, argv: &[String]) -> Code {
    let (program, rest) = argv.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let name = program.rsplit('/').next().unwrap_or(program);
    match name {
        "cd" => return cd(shell, rest).await,
        "exit" => {
            shell.over = true;
            return Ok(rest.first().map_or(shell.code, |code| code.parse().unwrap_or(2)));
        }
        "exec" => {
            let Some(program) = rest.first() else { return Ok(0) };
            let found = shell.finds(program);
            let code = Box::pin(run(shell, rest)).await?;
            // Only afterwards: a shell that is run in its place would be over before it began.
            shell.over |= found;
            return Ok(code);
        }
        _ if !shell.finds(program) => {
            shell.io.complain(&format!("sh: {program}: not found")).await?;
            return Ok(127);
        }
        "sh" | "ash" | "bash" => return sh(shell, rest).await,
        "tar" => return tar(shell, rest).await,
        "cat" => return cat(shell, rest).await,
        "sleep" => {
            let seconds = rest.first().map_or("0", String::as_str);
            let seconds: f64 =
                if seconds == "infinity" { 1e9 } else { seconds.trim_end_matches('s').parse().unwrap_or(0.0) };
            tokio::time::sleep(Duration::from_secs_f64(seconds.clamp(0.0, 1e9))).await;
            return Ok(0);
        }
        "yes" => return yes(shell, rest).await,
        _ => {}
    }
    let files = ["ls", "test", "mkdir", "rm", "touch"].contains(&name);
    if files { on_files(shell, (name, rest)).await } else { small(shell, (name, rest)).await }
}

async fn cd(shell: &mut Shell, rest: &[String]) -> Code {
    let folder = resolved(&shell.folder, rest.first().map_or("/root", String::as_str));
    if shell.room.files.get(&folder) == Some(&Entry::Folder) {
        shell.folder = folder;
        return Ok(0);
    }
    shell.io.complain(&format!("sh: cd: can't cd to {folder}: No such file or directory")).await?;
    Ok(2)
}

/// A shell in the shell: `-c LINE`, or a conversation.
async fn sh(shell: &mut Shell, rest: &[String]) -> Code {
    if let Some(at) = rest.iter().position(|word| word == "-c" || word == "-lc") {
        let line = rest.get(at + 1).cloned().unwrap_or_default();
        Box::pin(shell.line(&line)).await?;
    } else {
        shell.code = 0;
        Box::pin(shell.converse()).await?;
    }
    shell.over = false;
    Ok(shell.code)
}

async fn cat(shell: &mut Shell, rest: &[String]) -> Code {
    if rest.is_empty() {
        while shell.io.tty {
            match line(&mut shell.io).await? {
                Line::Whole(text) => shell.io.say(format!("{text}\n")).await?,
                Line::End => return Ok(0),
            }
        }
        while let Some(bytes) = shell.io.some().await {
            shell.io.say(bytes).await?;
        }
        return Ok(0);
    }
    let mut code = 0;
    for name in rest {
        let path = resolved(&shell.folder, name);
        let why = match shell.room.files.get(&path).cloned() {
            Some(Entry::File(bytes)) => {
                shell.io.say(&bytes).await?;
                continue;
            }
            Some(Entry::Folder) => "Is a directory",
            None => "No such file or directory",
        };
        shell.io.complain(&format!("cat: {name}: {why}")).await?;
        code = 1;
    }
    Ok(code)
}

/// Floods the client, as fast as it reads.
async fn yes(shell: &mut Shell, rest: &[String]) -> Code {
    let line = format!("{}\n", if rest.is_empty() { "y".to_owned() } else { rest.join(" ") });
    let many = line.repeat(4_096_usize.div_ceil(line.len()));
    loop {
        shell.io.say(&many).await?;
    }
}

async fn on_files(shell: &mut Shell, (name, rest): (&str, &[String])) -> Code {
    let paths = rest.iter().filter(|word| !word.starts_with('-') && *word != "]");
    let paths: Vec<String> = paths.map(|path| resolved(&shell.folder, path)).collect();
    if name == "test" {
        let found = paths.first().and_then(|path| shell.room.files.get(path));
        let holds = match rest.first().map(String::as_str) {
            Some("-d") => found == Some(&Entry::Folder),
            Some("-f") => matches!(found, Some(Entry::File(_))),
            _ => found.is_some(),
        };
        return Ok(i64::from(!holds));
    }
    if name == "ls" {
        return ls(shell, &if paths.is_empty() { vec![shell.folder.clone()] } else { paths }).await;
    }
    let mut code = 0;
    for path in &paths {
        match name {
            "mkdir" => shell.put(path, Entry::Folder),
            "touch" if shell.room.files.get(path).is_none() => shell.put(path, Entry::File(Vec::new().into())),
            "rm" if shell.room.files.remove(path) => shell.changes.push((path.clone(), None)),
            "rm" => {
                shell.io.complain(&format!("rm: can't remove '{path}': No such file or directory")).await?;
                code = 1;
            }
            _ => {}
        }
    }
    Ok(code)
}

async fn ls(shell: &mut Shell, paths: &[String]) -> Code {
    let (mut text, mut wrong) = (String::new(), Vec::new());
    for path in paths {
        match shell.room.files.get(path) {
            Some(Entry::File(_)) => drop(writeln!(text, "{path}")),
            Some(Entry::Folder) => {
                for (name, _) in shell.room.files.within(path) {
                    let _ = writeln!(text, "{name}");
                }
            }
            None => wrong.push(format!("ls: {path}: No such file or directory")),
        }
    }
    shell.io.say(text).await?;
    for complaint in &wrong {
        shell.io.complain(complaint).await?;
    }
    Ok(i64::from(!wrong.is_empty()))
}

/// Programs that say something and end.
async fn small(shell: &mut Shell, (name, rest): (&str, &[String])) -> Code {
    let (columns, rows) = *shell.io.size.borrow();
    let text = match name {
        "echo" => said(rest),
        "pwd" => format!("{}\n", shell.folder),
        "hostname" => format!("{}\n", shell.room.host),
        "whoami" => "root\n".to_owned(),
        "id" => "uid=0(root) gid=0(root)\n".to_owned(),
        "env" => lines(shell.room.env.iter().map(|(name, value)| format!("{name}={value}"))),
        "ps" => "PID   USER     TIME  COMMAND\n    1 root      0:04 /app/server\n".to_owned(),
        "seq" => lines((1..=rest.last().and_then(|n| n.parse().ok()).unwrap_or(0_u32)).map(|n| n.to_string())),
        "command" | "which" => match rest.iter().find(|word| !word.starts_with('-')) {
            Some(program) if shell.finds(program) => format!("/bin/{program}\n"),
            _ => return Ok(1),
        },
        "size" | "stty" if shell.io.tty => format!("{rows} {columns}\n"),
        "size" | "stty" => {
            shell.io.complain(&format!("{name}: standard input: Not a tty")).await?;
            return Ok(1);
        }
        "clear" => "\x1b[H\x1b[2J".to_owned(),
        "tput" => tput(rest).to_owned(),
        "mess" => MESS.to_owned(),
        "false" => return Ok(1),
        _ => String::new(),
    };
    shell.io.say(text).await?;
    Ok(0)
}

fn lines(all: impl Iterator<Item = String>) -> String {
    all.fold(String::new(), |text, line| text + &line + "\n")
}

fn said(rest: &[String]) -> String {
    match rest.split_first() {
        Some((first, rest)) if first == "-n" => rest.join(" "),
        _ => format!("{}\n", rest.join(" ")),
    }
}

/// Everything that a program should put back before it ends, and does not: alternate screen, mouse, pasting in
/// brackets, keypad, line drawing characters, a hidden cursor, a title, a colour.
const MESS: &str = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?2004h\x1b[?1h\x1b=\x1b)0\x0e\x1b[?25l\x1b]0;mess\x07\x1b[41mmess";

fn tput(rest: &[String]) -> &'static str {
    match rest.first().map(String::as_str) {
        Some("smcup") => "\x1b[?1049h\x1b[H\x1b[2J\x1b[?1000h\x1b[?1006h",
        Some("rmcup") => "\x1b[?1006l\x1b[?1000l\x1b[?1049l",
        Some("civis") => "\x1b[?25l",
        Some("cnorm") => "\x1b[?25h",
        _ => "",
    }
}

/// `tar cf - PATH`, `tar xmf - -C DIR`, and the ways in which that is written.
async fn tar(shell: &mut Shell, rest: &[String]) -> Code {
    let mut folder = shell.folder.clone();
    let (mut flags, mut names) = (String::new(), Vec::new());
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-C" => folder = resolved(&folder, words.next().map_or("", String::as_str)),
            "-" | "--no-same-permissions" | "--no-same-owner" => {}
            word if flags.is_empty() => word.trim_start_matches('-').clone_into(&mut flags),
            word if word.starts_with('-') => flags += word.trim_start_matches('-'),
            word => names.push(word.to_owned()),
        }
    }
    match () {
        () if flags.contains('c') => pack_up(shell, (&folder, &names)).await,
        () if flags.contains('x') => take_out(shell, &folder).await,
        () => {
            shell.io.complain("tar: You must specify one of 'c', 'x'").await?;
            Ok(2)
        }
    }
}

async fn pack_up(shell: &mut Shell, (folder, names): (&str, &[String])) -> Code {
    let (mut items, mut code) = (Vec::new(), 0);
    for name in names {
        let path = resolved(folder, name);
        let tree = shell.room.files.tree(&path);
        if tree.is_empty() {
            code = 2;
            shell.io.complain(&format!("tar: {name}: Cannot stat: No such file or directory")).await?;
            continue;
        }
        let shown = name.trim_start_matches('/').trim_end_matches('/');
        let item = |(own, entry): (&str, &Entry)| Item {
            path: format!("{shown}{}", own.strip_prefix(path.as_str()).unwrap_or_default()),
            entry: entry.clone(),
        };
        items.extend(tree.into_iter().map(item));
        if name.starts_with('/') {
            shell.io.complain("tar: Removing leading `/' from member names").await?;
        }
    }
    shell.io.say(pack(&items)).await?;
    if code != 0 {
        shell.io.complain("tar: Exiting with failure status due to previous errors").await?;
    }
    Ok(code)
}

async fn take_out(shell: &mut Shell, folder: &str) -> Code {
    if shell.room.files.get(folder) != Some(&Entry::Folder) {
        shell.io.complain(&format!("tar: {folder}: Cannot open: No such file or directory")).await?;
        return Ok(2);
    }
    let mut bytes = Vec::new();
    let items = loop {
        match unpack(&bytes) {
            Read::Whole(items) => break items,
            Read::Broken => {
                shell.io.complain("tar: This does not look like a tar archive").await?;
                return Ok(2);
            }
            Read::More => {
                let Some(more) = shell.io.some().await else {
                    shell.io.complain("tar: Unexpected EOF in archive").await?;
                    return Ok(2);
                };
                bytes.extend(more);
            }
        }
    };
    let mut code = 0;
    for item in items {
        let path = resolved(folder, item.path.trim_start_matches('/'));
        let size = if let Entry::File(bytes) = &item.entry { bytes.len() } else { 0 };
        if shell.room.files.fits(&path, size) {
            shell.put(&path, item.entry);
        } else {
            shell.io.complain(&format!("tar: {}: Cannot write: No space left on device", item.path)).await?;
            code = 2;
        }
    }
    Ok(code)
}
