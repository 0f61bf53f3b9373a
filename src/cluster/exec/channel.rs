//! What travels in a session's WebSocket: messages whose first byte is the number of a channel, as in apimachinery
//! `pkg/util/remotecommand`.

use serde::Serialize;

/// To the command.
pub const STDIN: u8 = 0;
/// From the command.
pub const STDOUT: u8 = 1;
/// From the command, unless it has a terminal.
pub const STDERR: u8 = 2;
/// How the command ended: a `Status` in JSON.
pub const STATUS: u8 = 3;
/// The size of the terminal, to the command.
pub const RESIZE: u8 = 4;
/// The end of the channel whose number follows; only in version 5.
pub const CLOSE: u8 = 255;

/// Which rules the server follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// The end of stdin can be told only by closing everything, which loses what the command would still say.
    V4,
    /// Each channel can be closed.
    V5,
}

impl Version {
    /// What we offer, the better first. In one header: servers read only one.
    pub const OFFER: &str = "v5.channel.k8s.io, v4.channel.k8s.io";

    /// The version that a server chose.
    pub fn of(protocol: &str) -> Option<Self> {
        match protocol {
            "v5.channel.k8s.io" => Some(Self::V5),
            "v4.channel.k8s.io" => Some(Self::V4),
            _ => None,
        }
    }
}

/// The size of a terminal in cells. Its JSON has capital letters, as Go writes fields without a name of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Lines.
    pub height: u16,
}

impl Size {
    /// One more in each direction: a program that is told this and then the truth draws itself anew.
    #[must_use]
    pub fn enlarged(self) -> Self {
        Self { width: self.width.saturating_add(1), height: self.height.saturating_add(1) }
    }

    /// The message that tells it.
    pub fn message(self) -> Vec<u8> {
        let mut message = vec![RESIZE];
        // Two numbers always are JSON.
        message.extend(serde_json::to_vec(&self).unwrap_or_default());
        message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_go_reads_them() {
        let size = Size { width: 80, height: 24 };
        assert_eq!(size.message(), b"\x04{\"Width\":80,\"Height\":24}");
        assert_eq!(size.enlarged(), Size { width: 81, height: 25 });
        assert_eq!(Size { width: u16::MAX, height: 0 }.enlarged(), Size { width: u16::MAX, height: 1 });
    }

    #[test]
    fn only_known_versions_are_taken() {
        assert_eq!(Version::of("v5.channel.k8s.io"), Some(Version::V5));
        assert_eq!(Version::of("v4.channel.k8s.io"), Some(Version::V4));
        assert_eq!(Version::of("v4.base64.channel.k8s.io"), None);
        assert!(Version::OFFER.split(", ").all(|name| Version::of(name).is_some()));
    }
}
