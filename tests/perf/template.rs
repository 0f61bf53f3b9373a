//! Texts with `@name@` holes, parsed once and filled many times: how 100,000 objects are written in a second.

/// A compact text with holes.
pub struct Template {
    pieces: Vec<(&'static str, Box<str>)>,
    rest: Box<str>,
}

impl Template {
    /// Takes readable JSON; white space outside strings is dropped, as the API server writes none. Quotes escaped
    /// within a string come in pairs and enclose no white space.
    pub fn of_json(json: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut parts = json.split('@');
        let mut in_string = false;
        let mut literal = compact(parts.next().unwrap_or_default(), &mut in_string);
        while let (Some(hole), Some(text)) = (parts.next(), parts.next()) {
            pieces.push((hole, std::mem::take(&mut literal).into_boxed_str()));
            literal = compact(text, &mut in_string);
        }
        Self { pieces, rest: literal.into_boxed_str() }
    }

    /// Appends the text to `out`; `fill` writes what belongs into a hole.
    pub fn write(&self, out: &mut String, mut fill: impl FnMut(&str, &mut String)) {
        for (hole, before) in &self.pieces {
            out.push_str(before);
            fill(hole, out);
        }
        out.push_str(&self.rest);
    }
}

/// `json` without the white space between its tokens; `in_string` is carried over the holes.
fn compact(json: &str, in_string: &mut bool) -> String {
    json.chars()
        .filter(|c| {
            *in_string ^= *c == '"';
            *in_string || !c.is_whitespace()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_only_outer_white_space_goes() {
        let template = Template::of_json("{\n  \"a b\": \"x @one@ y\",\n  \"n\": @two@\n}\n");
        let mut out = String::new();
        template.write(&mut out, |hole, out| out.push_str(if hole == "one" { "1 1" } else { "2" }));
        assert_eq!(out, r#"{"a b":"x 1 1 y","n":2}"#);
    }
}
