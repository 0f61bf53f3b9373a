//! Words of a form: names, flags with values, and a command behind `--`.

use crate::text::safe;

/// The words, taken apart.
pub(super) struct Flags {
    names: Vec<String>,
    values: Vec<(String, String)>,
    /// What stands behind `--`.
    pub command: Vec<String>,
}

impl Flags {
    /// Takes words apart; every flag has a value, behind `=` or as the next word.
    pub fn read(words: &[String], known: &[&str]) -> Result<Self, String> {
        let mut flags = Self { names: Vec::new(), values: Vec::new(), command: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if word == "--" {
                flags.command = words.by_ref().cloned().collect();
                break;
            }
            let Some(flag) = word.strip_prefix("--").or_else(|| word.strip_prefix('-')) else {
                flags.names.push(word.clone());
                continue;
            };
            let (flag, value) =
                flag.split_once('=').map_or((flag, None), |(flag, value)| (flag, Some(value.to_owned())));
            if !known.contains(&flag) {
                return Err(format!("there is no --{} here", safe(flag)));
            }
            let value = value.or_else(|| words.next().cloned()).ok_or_else(|| format!("--{flag} needs a value"))?;
            flags.values.push((flag.to_owned(), value));
        }
        Ok(flags)
    }

    /// The one name.
    pub fn name(&self) -> Result<&str, String> {
        match self.names.as_slice() {
            [name] => Ok(name),
            [] => Err("it needs a name".to_owned()),
            _ => Err("it takes one name".to_owned()),
        }
    }

    /// All values of a flag.
    pub fn all<'a>(&'a self, flag: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(name, _)| name == flag).map(|(_, value)| value.as_str())
    }

    /// The last value of a flag, which counts.
    pub fn last(&self, flag: &str) -> Option<&str> {
        self.values.iter().rev().find(|(name, _)| name == flag).map(|(_, value)| value.as_str())
    }

    /// The number behind a flag.
    pub fn number<N: std::str::FromStr>(&self, flag: &str) -> Result<Option<N>, String> {
        self.last(flag)
            .map(|text| text.parse().map_err(|_| format!("--{flag}: {} is no number for it", safe(text))))
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_names_flags_and_a_command() {
        let words: Vec<String> = "web --image a --image=b -- sh -c --x=1".split(' ').map(str::to_owned).collect();
        let flags = Flags::read(&words, &["image"]).unwrap();
        assert_eq!((flags.name().unwrap(), flags.last("image")), ("web", Some("b")));
        assert_eq!(flags.all("image").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(flags.command, ["sh", "-c", "--x=1"]);
        assert!(Flags::read(&words, &[]).is_err() && Flags::read(&["--image".to_owned()], &["image"]).is_err());
    }
}
