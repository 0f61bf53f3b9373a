//! A certificate request, as far as a description shows it: whom it is for. Read from DER (X.690, RFC 2986); what cannot
//! be read is not there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
// Of addresses, `core` knows how they are written and nothing more.
use core::net::{Ipv4Addr, Ipv6Addr};

/// Whom a certificate is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    /// Parts of the name: the last arc of the object identifier below 2.5.4, and the text.
    parts: Vec<(u8, String)>,
    /// Further names: the tag of their form (RFC 5280 `GeneralName`), and the text.
    further: Vec<(u8, String)>,
}

impl Subject {
    /// The parts of the name of this arc.
    pub fn parts(&self, arc: u8) -> Vec<&str> {
        of(&self.parts, arc)
    }

    /// The further names of this form.
    pub fn further(&self, form: u8) -> Vec<&str> {
        of(&self.further, form)
    }

    /// Whether there are further names.
    pub fn has_further(&self) -> bool {
        !self.further.is_empty()
    }
}

fn of(all: &[(u8, String)], wanted: u8) -> Vec<&str> {
    all.iter().filter(|(kind, _)| *kind == wanted).map(|(_, text)| text.as_str()).collect()
}

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const ATTRIBUTES: u8 = 0xa0;
/// The object identifier of the attribute that asks for extensions: 1.2.840.113549.1.9.14.
const EXTENSIONS: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];
/// The object identifier of further names: 2.5.29.17.
const FURTHER: [u8; 3] = [0x55, 0x1d, 0x11];

/// Reads the request in a PEM file.
pub(super) fn subject(pem: &str) -> Option<Subject> {
    let (_, rest) = pem.split_once("-----BEGIN CERTIFICATE REQUEST-----")?;
    let (body, _) = rest.split_once("-----END CERTIFICATE REQUEST-----")?;
    let body: String = body.split_whitespace().collect();
    let bytes = STANDARD.decode(body).ok()?;
    let request = inside(&bytes, SEQUENCE)?;
    let mut info = Items(inside(request, SEQUENCE)?);
    let _version = info.next()?;
    let (_, name) = info.next()?;
    let _key = info.next()?;
    let attributes = info.find(|(tag, _)| *tag == ATTRIBUTES).map_or(&[][..], |(_, content)| content);
    let further = Items(attributes).filter_map(|(_, attribute)| extensions(attribute)).flatten();
    Some(Subject { parts: parts(name), further: further.collect() })
}

/// The parts of a name, in their order.
fn parts(name: &[u8]) -> Vec<(u8, String)> {
    let pairs = Items(name).flat_map(|(_, set)| Items(set));
    let part = |(_, pair): (u8, &[u8])| {
        let mut pair = Items(pair);
        let ((_, id), (_, text)) = (pair.next()?, pair.next()?);
        let &[0x55, 0x04, arc] = id else { return None };
        Some((arc, String::from_utf8_lossy(text).into_owned()))
    };
    pairs.filter_map(part).collect()
}

/// The further names in an attribute, when it asks for extensions.
fn extensions(attribute: &[u8]) -> Option<Vec<(u8, String)>> {
    let mut attribute = Items(attribute);
    attribute.next().filter(|(tag, id)| *tag == OBJECT && *id == EXTENSIONS)?;
    let (_, set) = attribute.next().filter(|(tag, _)| *tag == SET)?;
    let names = Items(inside(set, SEQUENCE)?).filter_map(|(_, extension)| further(extension));
    Some(names.flatten().collect())
}

fn further(extension: &[u8]) -> Option<Vec<(u8, String)>> {
    let mut extension = Items(extension);
    extension.next().filter(|(_, id)| *id == FURTHER)?;
    let (_, octets) = extension.find(|(tag, _)| *tag == OCTETS)?;
    let names = Items(inside(octets, SEQUENCE)?);
    Some(
        names
            .map(|(tag, content)| (tag & 0x1f, if tag & 0x1f == 7 { address(content) } else { text(content) }))
            .collect(),
    )
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An IP address.
fn address(bytes: &[u8]) -> String {
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        return Ipv4Addr::from(four).to_string();
    }
    <[u8; 16]>::try_from(bytes).map(|many| Ipv6Addr::from(many).to_string()).unwrap_or_default()
}

/// The content of the one value in `bytes`, which has this tag.
fn inside(bytes: &[u8], tag: u8) -> Option<&[u8]> {
    Items(bytes).next().filter(|(known, _)| *known == tag).map(|(_, content)| content)
}

/// Values behind each other: tags and contents.
struct Items<'a>(&'a [u8]);

impl<'a> Iterator for Items<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&[tag, first], rest) = self.0.split_first_chunk::<2>()?;
        // A length below 128 stands in its byte; otherwise that says in how many bytes it stands.
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f).min(4))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_request_is_for_is_read() {
        let mut params = rcgen::CertificateParams::new(vec!["web.shop".to_owned(), "10.0.0.1".to_owned()]).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(rcgen::DnType::CommonName, "system:node:a");
        params.distinguished_name.push(rcgen::DnType::OrganizationName, "system:nodes");
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = params.serialize_request(&key).unwrap().pem().unwrap();
        let subject = subject(&pem).unwrap();
        assert_eq!((subject.parts(3), subject.parts(10)), (vec!["system:node:a"], vec!["system:nodes"]));
        assert_eq!((subject.further(2), subject.further(7)), (vec!["web.shop"], vec!["10.0.0.1"]));
    }

    #[test]
    fn what_is_no_request_is_none() {
        assert_eq!(subject("nothing"), None);
        for cut in ["MAA=", "MIIB", "", "MAIwAA=="] {
            let pem = format!("-----BEGIN CERTIFICATE REQUEST-----\n{cut}\n-----END CERTIFICATE REQUEST-----");
            assert_eq!(subject(&pem), None);
        }
    }
}
