//! A record that owns its data, for the line.

use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Header, Headers as _, Message as _, OwnedHeaders};

use super::entry::Entry;
use super::line::Weigh;
use super::route::Reason;
use super::ticket::InLine;
use crate::guard::guard;
use crate::record::Record;

/// The memory that a record takes beyond its bytes: the structures here, and librdkafka's for the headers.
const OVERHEAD: usize = 512;

#[derive(Debug)]
pub(super) struct OwnedRecord {
    pub(super) topic: String,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
    headers: OwnedHeaders,
    pub(super) entry: Entry,
    /// Whether a client had it, and so may have written it.
    tried: bool,
    wait: Option<InLine>,
    bytes: usize,
}

impl OwnedRecord {
    /// A record that librdkafka returned.
    pub(super) fn from_message(message: &BorrowedMessage<'_>, entry: Entry) -> Self {
        let mut headers = OwnedHeaders::new();
        if let Some(borrowed) = message.headers() {
            headers = BorrowedHeaders::detach(borrowed);
        }
        let (key, value) = (message.key().unwrap_or_default(), message.payload());
        Self::new(message.topic(), key, value, headers, entry, true)
    }

    pub(super) fn from_record(record: &Record<'_>, headers: OwnedHeaders, entry: Entry) -> Self {
        Self::new(record.topic, record.key.as_bytes(), record.value, headers, entry, false)
    }

    fn new(
        topic: &str,
        key: &[u8],
        value: Option<&[u8]>,
        headers: OwnedHeaders,
        entry: Entry,
        tried: bool,
    ) -> Self {
        let header = |header: Header<'_, &[u8]>| header.key.len() + header.value.map_or(0, <[u8]>::len);
        let bytes = OVERHEAD
            + topic.len()
            + key.len()
            + value.map_or(0, <[u8]>::len)
            + headers.iter().map(header).sum::<usize>();
        let (topic, key, value) = (topic.to_owned(), key.to_vec(), value.map(<[u8]>::to_vec));
        Self { topic, key, value, headers, entry, tried, wait: None, bytes }
    }

    /// Sends it, and returns its wait, if any; or returns it with the error.
    pub(super) fn send_by(
        self,
        send: impl FnOnce(Bytes<'_>, OwnedHeaders, Entry) -> Result<(), Box<Unsent>>,
    ) -> Result<Option<InLine>, (Reason<KafkaError>, Self)> {
        let Self { topic, key, value, headers, entry, tried, wait, bytes } = self;
        match send(Bytes { topic: &topic, key: &key, value: value.as_deref() }, headers, entry) {
            Ok(()) => Ok(wait),
            Err(unsent) => {
                let Unsent { reason, headers, entry } = *unsent;
                Err((reason, Self { topic, key, value, headers, entry, tried, wait, bytes }))
            }
        }
    }

    /// Settles its entry, given the record, and whether it was tried. Wakes its caller afterwards.
    pub(super) fn settle(self, settle: impl FnOnce(Entry, Bytes<'_>, &OwnedHeaders, bool)) {
        let Self { topic, key, value, headers, entry, tried, wait, .. } = self;
        settle(entry, Bytes { topic: &topic, key: &key, value: value.as_deref() }, &headers, tried);
        drop(wait);
        guard(move || drop(headers));
    }

    /// Returns the parts it was made from, before it joined the line.
    pub(super) fn into_parts(self) -> (OwnedHeaders, Entry) {
        (self.headers, self.entry)
    }
}

impl Weigh for OwnedRecord {
    fn bytes(&self) -> usize {
        self.bytes
    }

    fn wait(&mut self) {
        self.wait = self.entry.in_line();
    }
}

/// A record's bytes, without its headers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub(super) topic: &'a str,
    pub(super) key: &'a [u8],
    /// `None` is a tombstone.
    pub(super) value: Option<&'a [u8]>,
}

/// A record that librdkafka did not accept.
#[derive(Debug)]
pub(super) struct Unsent {
    pub(super) reason: Reason<KafkaError>,
    pub(super) headers: OwnedHeaders,
    pub(super) entry: Entry,
}

/// A record's headers in librdkafka's form.
pub(super) fn headers(record: &Record<'_>) -> OwnedHeaders {
    let headers = record.headers.bytes();
    headers.fold(OwnedHeaders::new_with_capacity(record.headers.bytes().len()), |headers, (key, value)| {
        headers.insert(Header { key, value: Some(value) })
    })
}
