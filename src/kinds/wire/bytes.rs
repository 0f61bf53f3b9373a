//! `Bytes`: the bytes of a protobuf message, taken field by field from the front.

/// Bytes that are no message, or not one of the kind that they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A field goes on beyond the end.
    #[error("a field goes on beyond the end")]
    Short,
    /// A number has more than 64 bits.
    #[error("a number has more than 64 bits")]
    Long,
    /// A field is written in a way that is not known.
    #[error("a field is written in a way that is not known")]
    Unknown,
    /// A field is not of the type that it should have.
    #[error("a field is not of its type")]
    Type,
}

/// The value of a field as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raw<'a> {
    /// A number of up to 64 bits.
    Number(u64),
    /// A string, bytes or a message.
    Bytes(&'a [u8]),
    /// A number of fixed length. The API has none but for measures that are not read.
    Fixed,
}

/// The bytes of a message, as far as they were not taken.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a>(pub &'a [u8]);

impl<'a> Bytes<'a> {
    /// Takes the number and the value of the next field; none at the end.
    ///
    /// # Errors
    /// When that is no field.
    #[inline]
    pub fn field(&mut self) -> Result<Option<(u32, Raw<'a>)>, Broken> {
        // Most fields are bytes with a low number and a short length.
        if let [tag @ 8..0x80, length @ ..0x80, rest @ ..] = self.0
            && tag & 7 == 2
        {
            let (taken, rest) = rest.split_at_checked(usize::from(*length)).ok_or(Broken::Short)?;
            self.0 = rest;
            return Ok(Some((u32::from(tag >> 3), Raw::Bytes(taken))));
        }
        if self.0.is_empty() {
            return Ok(None);
        }
        let (number, form) = self.tag()?;
        Ok(Some((number, self.value(form)?)))
    }

    /// Takes the value of the next field if it is of this number.
    ///
    /// # Errors
    /// When what lies ahead is no field.
    #[inline]
    pub fn another(&mut self, number: u32) -> Result<Option<Raw<'a>>, Broken> {
        let mut ahead = *self;
        if ahead.0.is_empty() {
            return Ok(None);
        }
        let (found, form) = ahead.tag()?;
        if found != number {
            return Ok(None);
        }
        let raw = ahead.value(form)?;
        *self = ahead;
        Ok(Some(raw))
    }

    /// Takes the number of a field, and the way in which its value is written.
    ///
    /// # Errors
    /// When that is no field.
    #[inline]
    pub fn tag(&mut self) -> Result<(u32, u8), Broken> {
        let tag = self.number()?;
        let number = u32::try_from(tag >> 3).map_err(|_| Broken::Unknown)?;
        #[allow(clippy::cast_possible_truncation)]
        let form = (tag & 7) as u8;
        if number == 0 { Err(Broken::Unknown) } else { Ok((number, form)) }
    }

    #[inline]
    fn value(&mut self, form: u8) -> Result<Raw<'a>, Broken> {
        match form {
            0 => self.number().map(Raw::Number),
            1 => self.take(8).map(|_| Raw::Fixed),
            2 => {
                let length = self.number()?;
                self.take(usize::try_from(length).map_err(|_| Broken::Short)?).map(Raw::Bytes)
            }
            5 => self.take(4).map(|_| Raw::Fixed),
            _ => Err(Broken::Unknown),
        }
    }

    /// Takes a number of variable length.
    ///
    /// # Errors
    /// When the bytes end before it does, or it is longer than 64 bits.
    #[inline]
    pub fn number(&mut self) -> Result<u64, Broken> {
        match self.0 {
            [byte, rest @ ..] if *byte < 0x80 => {
                self.0 = rest;
                Ok(u64::from(*byte))
            }
            _ => self.long_number(),
        }
    }

    fn long_number(&mut self) -> Result<u64, Broken> {
        let mut number = 0;
        for (at, byte) in self.0.iter().enumerate().take(10) {
            number |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.take(at + 1)?;
                return Ok(number);
            }
        }
        Err(if self.0.len() < 10 { Broken::Short } else { Broken::Long })
    }

    /// Takes so many bytes.
    ///
    /// # Errors
    /// When there are fewer.
    #[inline]
    pub fn take(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Broken::Short)?;
        self.0 = rest;
        Ok(taken)
    }
}

impl<'a> Raw<'a> {
    /// Whether it is zero, or empty.
    #[inline]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Number(0) | Self::Bytes([]))
    }

    /// A number. Negative ones of 32 bits are written with 64.
    ///
    /// # Errors
    /// When it is none.
    #[inline]
    pub const fn number(self) -> Result<i64, Broken> {
        match self {
            Self::Number(number) => Ok(number.cast_signed()),
            _ => Err(Broken::Type),
        }
    }

    /// A string, bytes or a message.
    ///
    /// # Errors
    /// When it is none.
    #[inline]
    pub const fn bytes(self) -> Result<&'a [u8], Broken> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            _ => Err(Broken::Type),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_of_any_length() {
        let mut all = Bytes(&[0x05, 0x96, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
        assert_eq!((all.number(), all.number(), all.number()), (Ok(5), Ok(150), Ok(u64::MAX)));
        assert_eq!(Bytes(&[0xff; 9]).number(), Err(Broken::Short));
        assert_eq!(Bytes(&[0xff; 11]).number(), Err(Broken::Long));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        for (bytes, error) in [
            (&[0x0a, 0x05, b'a'][..], Broken::Short),
            (&[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], Broken::Short),
            (&[0x09, 1, 2, 3], Broken::Short),
            (&[0x0b], Broken::Unknown),
            (&[0x02, 0x00], Broken::Unknown),
        ] {
            assert_eq!(Bytes(bytes).field(), Err(error), "{bytes:?}");
        }
    }

    #[test]
    fn only_a_field_of_the_same_number_goes_on() {
        let mut all = Bytes(&[0x0a, 1, b'a', 0x12, 1, b'b']);
        assert_eq!(all.another(1), Ok(Some(Raw::Bytes(b"a"))));
        assert_eq!(all.another(1), Ok(None));
        assert_eq!(all.field(), Ok(Some((2, Raw::Bytes(b"b")))));
        assert_eq!(all.field(), Ok(None));
    }
}
