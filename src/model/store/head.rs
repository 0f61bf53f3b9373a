//! What every row has, beside its cells.

use crate::kinds::Uid;
use crate::model::changes::What;
use crate::model::shapes::Shape;
use crate::model::texts::{TextId, Texts};

/// What every row has, beside its cells: forty bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    /// The UID in two halves: a `u128` would widen every head by its alignment.
    pub uid: [u64; 2],
    pub namespace: TextId,
    pub name: TextId,
    pub labels: TextId,
    /// Owner and link.
    pub ties: TextId,
    pub shape: Shape,
    pub generation: u8,
    pub part: u8,
}

impl Head {
    /// The head of a row that holds no text yet.
    pub fn new(Uid(uid): Uid) -> Self {
        let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
        let none = TextId::default();
        let uid = [half(uid >> 64), half(uid)];
        Self { uid, namespace: none, name: none, labels: none, ties: none, shape: Shape::NONE, generation: 0, part: 0 }
    }

    pub fn uid(&self) -> Uid {
        let [high, low] = self.uid;
        Uid(u128::from(high) << 64 | u128::from(low))
    }

    /// Whether there is a row.
    pub fn is_alive(&self) -> bool {
        self.shape != Shape::NONE
    }

    /// Ends the use of its texts.
    pub fn release(&self, texts: &mut Texts) {
        for id in [self.namespace, self.name, self.labels, self.ties] {
            texts.release(id);
        }
    }

    /// What of a row with this head is another with the head `new`.
    pub fn differs_from(&self, new: &Self) -> What {
        let mut what = What::default();
        if !self.is_alive() || (self.namespace, self.name) != (new.namespace, new.name) {
            what = what.and(What::IDENTITY);
        }
        if (self.labels, self.ties, self.shape) != (new.labels, new.ties, new.shape) {
            what = what.and(What::BESIDE);
        }
        what
    }
}
