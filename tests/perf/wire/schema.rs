//! The field numbers: one message a line, its name and then `field=number:type`; a text has no type, `^` stands for a
//! message whose fields lie in the same object in JSON.

/// A message's fields, in the order of their numbers.
pub struct Schema {
    messages: Vec<(&'static str, Vec<Field>)>,
}

/// A field.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in JSON.
    pub name: String,
    /// Its number.
    pub number: u32,
    /// What it holds; several of it in a JSON list.
    pub kind: Kind,
    /// Whether its own fields lie beside it in JSON.
    pub inline: bool,
}

/// What a field holds.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Int,
    Bool,
    Time,
    Quantity,
    IntOrText,
    /// The JSON of managed fields, as it is.
    Fields,
    /// A map of texts.
    Texts,
    /// A map of quantities.
    Quantities,
    Message(&'static str),
}

impl Schema {
    /// Reads the lines.
    pub fn read(text: &'static str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let message = |line: &'static str| {
            let (name, fields) = line.split_once(' ').unwrap_or((line, ""));
            (name, fields.split_whitespace().filter_map(field).collect())
        };
        Self { messages: lines.map(message).collect() }
    }

    /// The fields of a message.
    pub fn message(&self, name: &str) -> Option<&[Field]> {
        self.messages.iter().find(|(known, _)| *known == name).map(|(_, fields)| fields.as_slice())
    }

    /// Whether a JSON key belongs to a message, also by way of an inlined one.
    pub fn has(&self, message: &[Field], key: &str) -> bool {
        message.iter().any(|field| match &field.kind {
            Kind::Message(inner) if field.inline => self.message(inner).is_some_and(|inner| self.has(inner, key)),
            _ => field.name == key,
        })
    }
}

fn field(text: &'static str) -> Option<Field> {
    let (name, rest) = text.split_once('=')?;
    let (number, kind) = rest.split_once(':').unwrap_or((rest, ""));
    let kind = match kind {
        "" => Kind::Text,
        "int" => Kind::Int,
        "bool" => Kind::Bool,
        "Time" | "MicroTime" => Kind::Time,
        "Quantity" => Kind::Quantity,
        "IntOrString" => Kind::IntOrText,
        "FieldsV1" => Kind::Fields,
        "map" => Kind::Texts,
        "quantities" => Kind::Quantities,
        message => Kind::Message(message),
    };
    Some(Field { name: name.to_owned(), number: number.parse().ok()?, kind, inline: name == "^" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_fields() {
        let schema =
            Schema::read("# a comment\nVolume name=1 ^=2:VolumeSource\nVolumeSource emptyDir=2:Empty\nEmpty\n");
        let volume = schema.message("Volume").unwrap();
        assert_eq!(volume[1], Field { name: "^".into(), number: 2, kind: Kind::Message("VolumeSource"), inline: true });
        assert!(schema.has(volume, "emptyDir") && schema.has(volume, "name") && !schema.has(volume, "medium"));
        assert_eq!(schema.message("Empty").unwrap(), []);
        assert!(schema.message("Nothing").is_none());
    }
}
