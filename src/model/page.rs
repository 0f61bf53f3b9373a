//! What is known of the texts that screens show: an object's YAML, and logs.

use super::document::{Document, Options};
use super::logs::LogBuffer;
use super::notice::Notice;

/// The YAML of an object.
#[derive(Debug, Default)]
pub struct Page {
    /// The document; what it was stays when reading it again fails.
    pub document: Option<Document>,
    /// Why it could not be read the last time.
    pub failure: Option<Notice>,
}

impl Page {
    /// Takes over the object as the server gave it.
    pub fn read(&mut self, json: &[u8]) {
        match Document::read(json, &Options::default()) {
            Ok(document) => (self.document, self.failure) = (Some(document), None),
            Err(error) => self.failure = Some(Notice::error(format!("the object cannot be read: {error}"), "")),
        }
    }
}

/// The logs of some pods.
#[derive(Debug)]
pub struct LogPage {
    /// The lines.
    pub buffer: LogBuffer,
    /// Why nothing can be read.
    pub failure: Option<Notice>,
}

impl LogPage {
    /// No lines yet; at most `limit` bytes are kept.
    pub fn new(limit: usize) -> Self {
        Self { buffer: LogBuffer::new(limit), failure: None }
    }
}
