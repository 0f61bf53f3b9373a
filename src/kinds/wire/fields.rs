//! `Fields` and `Items`: the fields of a message in protobuf, and the values of a field that has many.

use super::bytes::{Broken, Bytes, Raw};
use super::{Field, Message, Type};

/// The fields of a message, one after the other. Those of a message inside of it that is none in JSON come in its place.
pub(super) struct Fields<'de> {
    message: &'static Message,
    /// Where the last field stands in `message`: the next one is seldom before it.
    known: usize,
    pub bytes: Bytes<'de>,
    outer: Option<(&'static Message, Bytes<'de>)>,
}

impl<'de> Fields<'de> {
    pub(super) const fn new(message: &'static Message, bytes: &'de [u8]) -> Self {
        Self { message, known: 0, bytes: Bytes(bytes), outer: None }
    }

    /// The next field that is known and there.
    pub(super) fn next(&mut self) -> Result<Option<(&'static Field, Raw<'de>)>, Broken> {
        loop {
            let Some((number, raw)) = self.bytes.field()? else {
                let Some(outer) = self.outer.take() else { return Ok(None) };
                (self.message, self.bytes) = outer;
                self.known = 0;
                continue;
            };
            match self.known(number) {
                None => {}
                Some(Field { of: Type::Inline(message), .. }) if self.outer.is_none() => {
                    self.outer = Some((self.message, self.bytes));
                    (self.message, self.bytes) = (message, Bytes(raw.bytes()?));
                    self.known = 0;
                }
                Some(Field { or_absent: true, .. }) if raw.is_nothing() => {}
                Some(field) => return Ok(Some((field, raw))),
            }
        }
    }

    /// The field of this number. Messages name their fields in the order of their numbers, and Go writes them so.
    #[inline]
    fn known(&mut self, number: u32) -> Option<&'static Field> {
        let mut at = self.known;
        if self.message.0.get(at).is_none_or(|field| field.number > number) {
            at = 0;
        }
        while self.message.0.get(at)?.number < number {
            at += 1;
        }
        self.known = at;
        self.message.0.get(at).filter(|field| field.number == number)
    }
}

/// The values of a list or a map. They lie side by side; if they did not, the field would be there twice, which serde
/// refuses.
pub(super) struct Items<'a, 'de> {
    pub field: &'static Field,
    pub first: Option<Raw<'de>>,
    pub bytes: &'a mut Bytes<'de>,
}

impl<'de> Items<'_, 'de> {
    /// The same values, to be taken by somebody else.
    pub(super) fn lend(&mut self) -> Items<'_, 'de> {
        Items { field: self.field, first: self.first, bytes: self.bytes }
    }

    pub(super) fn next(&mut self) -> Result<Option<Raw<'de>>, Broken> {
        match self.first.take() {
            None => self.bytes.another(self.field.number),
            first => Ok(first),
        }
    }
}

/// The key and the value of an entry of a map.
pub(super) fn entry(raw: Raw<'_>) -> Result<(Raw<'_>, Raw<'_>), Broken> {
    let mut bytes = Bytes(raw.bytes()?);
    let (mut key, mut value) = (Raw::Bytes(&[]), Raw::Bytes(&[]));
    while let Some((number, raw)) = bytes.field()? {
        match number {
            1 => key = raw,
            2 => value = raw,
            _ => {}
        }
    }
    Ok((key, value))
}

/// The seconds of a time; none of the zero time.
pub(super) fn seconds(bytes: &[u8]) -> Result<Option<i64>, Broken> {
    if bytes.is_empty() { Ok(None) } else { first(bytes, Raw::Number(0))?.number().map(Some) }
}

/// The value of field 1, else `absent`.
pub(super) fn first<'de>(bytes: &'de [u8], absent: Raw<'de>) -> Result<Raw<'de>, Broken> {
    let (mut bytes, mut first) = (Bytes(bytes), absent);
    while let Some((number, raw)) = bytes.field()? {
        if number == 1 {
            first = raw;
        }
    }
    Ok(first)
}

/// The number or the string of an `IntOrString`.
pub(super) fn number_or_text(bytes: &[u8]) -> Result<Raw<'_>, Broken> {
    let mut bytes = Bytes(bytes);
    let (mut is_text, mut number, mut text) = (false, Raw::Number(0), Raw::Bytes(&[]));
    while let Some((at, raw)) = bytes.field()? {
        match at {
            1 => is_text = raw.number()? == 1,
            2 => number = raw,
            3 => text = raw,
            _ => {}
        }
    }
    Ok(if is_text { text } else { number })
}
