//! Why a context could not be connected: one sentence and a hint each, without secrets.

/// Why there are no clients for a context.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The kubeconfig has no such context.
    #[error("there is no context {name} in the kubeconfig")]
    NoContext {
        /// The name that was asked for.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The context, its cluster or its user cannot be used.
    #[error("{sentence}")]
    Unusable {
        /// What is wrong.
        sentence: String,
        /// What to do about it, or `""`.
        hint: String,
    },
    /// The credential plugin wants to speak with the user.
    #[error("sign-in needs the terminal: {command} wants to ask you something")]
    NeedsTerminal {
        /// The plugin's command.
        command: String,
    },
    /// The credential plugin gave no credential.
    #[error("{sentence}{}", last_words(output))]
    Plugin {
        /// What happened.
        sentence: String,
        /// The plugin's `installHint`, or what else helps, or `""`.
        hint: String,
        /// What it wrote to its standard error, line by line, made safe.
        output: Vec<String>,
    },
}

impl ConnectError {
    /// What is wrong, and what to do about it.
    pub fn unusable(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Unusable { sentence: sentence.into(), hint: hint.into() }
    }

    /// Whether it stays so until somebody does something. Trying again by itself would run a plugin again and again.
    pub fn lasts(&self) -> bool {
        matches!(self, Self::Plugin { .. } | Self::NeedsTerminal { .. })
    }

    /// What to do about it; `""` when there is nothing to say.
    pub fn hint(&self) -> String {
        match self {
            Self::NoContext { known, .. } if known.is_empty() => String::new(),
            Self::NoContext { known, .. } => format!("there are: {}", known.join(", ")),
            Self::Unusable { hint, .. } | Self::Plugin { hint, .. } => hint.clone(),
            Self::NeedsTerminal { command } => format!("give {command} the terminal: `:sign-in` in rutter"),
        }
    }
}

/// The end of what a plugin said, where the reason stands.
fn last_words(output: &[String]) -> String {
    const LINES: usize = 3;
    match output.get(output.len().saturating_sub(LINES)..) {
        None | Some([]) => String::new(),
        Some(lines) => format!(": {}", lines.join(" · ")),
    }
}
