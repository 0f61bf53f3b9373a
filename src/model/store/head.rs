//! What every row has, beside its name, its shape and its cells.

use crate::kinds::Uid;
use crate::model::changes::What;
use crate::model::texts::{TextId, Texts};

/// What every row has, beside its name, its shape and its cells: 32 bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// The UID in four parts: a `u128` or a `u64` would widen every head by its alignment.
    pub uid: [[u8; 4]; 4],
    pub namespace: TextId,
    pub labels: TextId,
    /// Owner and link.
    pub ties: TextId,
    pub generation: u8,
    pub part: u8,
}

impl Head {
    /// The head of a row that holds no text yet.
    pub fn new(Uid(uid): Uid) -> Self {
        let none = TextId::default();
        let mut parts = [[0; 4]; 4];
        parts.as_flattened_mut().copy_from_slice(&uid.to_ne_bytes());
        Self { uid: parts, namespace: none, labels: none, ties: none, generation: 0, part: 0 }
    }

    pub fn uid(&self) -> Uid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(self.uid.as_flattened());
        Uid(u128::from_ne_bytes(bytes))
    }

    /// Ends the use of its texts.
    pub fn release(&self, texts: &mut Texts) {
        for id in [self.namespace, self.labels, self.ties] {
            texts.release(id);
        }
    }

    /// What of a row with this head is another with the head `new`.
    pub fn differs_from(&self, new: &Self) -> What {
        let mut what = What::default();
        if self.namespace != new.namespace {
            what = what.and(What::IDENTITY);
        }
        if (self.labels, self.ties) != (new.labels, new.ties) {
            what = what.and(What::BESIDE);
        }
        what
    }
}
