//! `Texts`: every different text of a list once, for as long as a row uses it. A hundred thousand pods share fifteen
//! thousand texts beside their names.

mod pile;

pub use pile::Pile;

use super::chunks::Chunks;
use super::fold::Word;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// A text with so many uses stays for ever: what is used so often will be used again.
const MANY: u16 = u16::MAX;

/// A text in a [`Texts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TextId(pub u32);

/// The texts of a list. Id 0 is the empty text, which is always there.
#[derive(Debug)]
pub struct Texts {
    pile: Pile,
    /// How often each is used.
    uses: Chunks<u16>,
    /// Ids that no text has.
    free: Vec<u32>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Default for Texts {
    fn default() -> Self {
        let (mut pile, mut uses) = (Pile::default(), Chunks::new());
        pile.put(0, "");
        uses.push(MANY);
        Self { pile, uses, free: Vec::new(), index: HashTable::new(), hasher: DefaultHashBuilder::default() }
    }
}

impl Texts {
    /// The id of `text`, which is kept until this use of it is released.
    pub fn id(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return TextId::default();
        }
        let hash = self.hasher.hash_one(text);
        if let Some(id) = self.index.find(hash, |id| self.pile.text(*id) == text).copied() {
            return self.again(TextId(id));
        }
        let id = self.free.pop().unwrap_or_else(|| {
            self.uses.push(0);
            u32::try_from(self.uses.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(uses) = self.uses.get_mut(id as usize) {
            *uses = 1;
        }
        self.pile.put(id, text);
        let (pile, hasher) = (&self.pile, &self.hasher);
        self.index.insert_unique(hash, id, |id| hasher.hash_one(pile.text(*id)));
        TextId(id)
    }

    /// The id of `text`, in place of a use of `old`, which it often is. If not, it may be `like`: rows that come one
    /// behind the other have much in common, and then nothing has to be searched for.
    pub fn replace(&mut self, (old, like): (TextId, TextId), text: &str) -> TextId {
        if self.text(old) == text {
            return old;
        }
        // In this order: a text must not get the id of the one in whose place it stands, which would look unchanged.
        let new = if self.text(like) == text { self.again(like) } else { self.id(text) };
        self.release(old);
        new
    }

    /// One more use of a text.
    fn again(&mut self, TextId(id): TextId) -> TextId {
        if let Some(uses) = self.uses.get_mut(id as usize) {
            *uses = uses.saturating_add(1);
        }
        TextId(id)
    }

    /// Ends a use of a text. After the last one it is forgotten, and its id is given to another.
    pub fn release(&mut self, TextId(id): TextId) {
        // It stands for ever, as all with so many uses; this is quicker for the many cells of rows that come.
        if id == 0 {
            return;
        }
        let Some(uses) = self.uses.get_mut(id as usize).filter(|uses| (1..MANY).contains(*uses)) else { return };
        *uses -= 1;
        if *uses > 0 {
            return;
        }
        let hash = self.hasher.hash_one(self.pile.text(id));
        if let Ok(entry) = self.index.find_entry(hash, |other| *other == id) {
            entry.remove();
        }
        self.pile.forget(id);
        self.free.push(id);
    }

    /// The text of `id`; empty when the id is not of this table.
    pub fn text(&self, TextId(id): TextId) -> &str {
        if id == 0 { "" } else { self.pile.text(id) }
    }

    /// All ids are below this.
    pub fn ids(&self) -> usize {
        self.uses.len()
    }

    /// How many different texts are in use.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether nothing but the empty text is in use.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Tells each text but the empty one in which `word` stands.
    pub fn each_with(&self, word: &Word, mut found: impl FnMut(TextId)) {
        self.pile.each_with(word, |id| found(TextId(id)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_texts_are_kept_once() {
        let mut texts = Texts::default();
        let (a, b) = (texts.id("Running"), texts.id("Pending"));
        assert_ne!(a, b);
        assert_eq!((texts.id("Running"), texts.replace((b, TextId::default()), "Running"), texts.len()), (a, a, 1));
        assert_eq!((texts.text(a), texts.text(TextId::default()), texts.text(TextId(99))), ("Running", "", ""));
    }

    #[test]
    fn many_and_long_texts_are_found_again() {
        let mut texts = Texts::default();
        let long = "é".repeat(100_000);
        let ids: Vec<_> = (0..20_000).map(|n| texts.id(&format!("web-{n}"))).collect();
        let big = texts.id(&long);
        let after = texts.id("after");
        assert_eq!(texts.text(big), long);
        assert_eq!(texts.text(after), "after");
        assert!(ids.iter().enumerate().all(|(n, id)| texts.text(*id) == format!("web-{n}")));
        assert_eq!(texts.id(&long), big);
    }

    #[test]
    fn what_is_used_no_more_takes_no_room() {
        let mut texts = Texts::default();
        let stays = texts.id("stays");
        let mut last = texts.id("0");
        for n in 0..300_000 {
            last = texts.replace((last, stays), &format!("message {n}"));
        }
        let long = texts.id(&"x".repeat(1 << 20));
        texts.release(long);
        texts.id("after");
        assert_eq!((texts.text(stays), texts.text(last), texts.len()), ("stays", "message 299999", 3));
        assert!(
            texts.ids() < 8 && texts.pile.held() < 4 * pile::BLOCK,
            "{} ids, {} bytes",
            texts.ids(),
            texts.pile.held()
        );
    }

    proptest! {
        /// However texts come and go, each use finds its text, and a search finds what a look at each would find.
        #[test]
        fn texts_are_there_while_they_are_used(
            steps in prop::collection::vec(("[aAbK\u{212a}é]{0,3}", 1..9_000_usize, any::<bool>()), 1..60),
            word in "[abké]{1,2}",
        ) {
            let (mut texts, mut used) = (Texts::default(), Vec::<(TextId, String)>::new());
            for (text, times, ends) in steps {
                if ends && !used.is_empty() {
                    let (id, _) = used.swap_remove(times % used.len());
                    texts.release(id);
                } else {
                    let text = text.repeat(times);
                    used.push((texts.id(&text), text));
                }
                prop_assert!(used.iter().all(|(id, text)| texts.text(*id) == text));
            }
            let word = Word::new(&word);
            let mut found = Vec::new();
            texts.each_with(&word, |id| found.push(id.0));
            let mut wanted: Vec<u32> = used.iter().filter(|(_, text)| word.is_in(text)).map(|(id, _)| id.0).collect();
            found.sort_unstable();
            wanted.sort_unstable();
            wanted.dedup();
            prop_assert_eq!(found, wanted);
        }
    }
}
