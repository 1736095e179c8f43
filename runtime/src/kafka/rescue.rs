//! Records that outlive the producer they were handed to.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rdkafka::message::{BorrowedHeaders, BorrowedMessage, Header, Message as _, OwnedHeaders};
use rdkafka::producer::BaseRecord;

use super::ticket::Slip;
use crate::record::Record;

/// A record with a copy of everything that it needs to be sent.
#[derive(Debug)]
pub(super) struct Rescued {
    pub(super) topic: String,
    pub(super) key: Vec<u8>,
    pub(super) headers: OwnedHeaders,
    pub(super) slip: Slip,
    value: Option<Vec<u8>>,
}

impl Rescued {
    /// What librdkafka gave back.
    pub(super) fn from_message(message: &BorrowedMessage<'_>, slip: Slip) -> Self {
        Self {
            topic: message.topic().to_owned(),
            key: message.key().unwrap_or_default().to_vec(),
            value: message.payload().map(<[u8]>::to_vec),
            headers: message.headers().map(BorrowedHeaders::detach).unwrap_or_default(),
            slip,
        }
    }

    pub(super) fn from_record(record: &Record<'_>, slip: Slip) -> Self {
        Self {
            topic: record.topic.to_owned(),
            key: record.key.as_bytes().to_vec(),
            value: record.value.map(<[u8]>::to_vec),
            headers: headers(record),
            slip,
        }
    }

    pub(super) fn as_record(&self) -> BaseRecord<'_, [u8], [u8], Box<Slip>> {
        let mut record = BaseRecord::with_opaque_to(&self.topic, Box::new(self.slip.clone()));
        record.key = Some(self.key.as_slice());
        record.payload = self.value.as_deref();
        record.headers(self.headers.clone())
    }

    fn bytes(&self) -> usize {
        self.key.len() + self.value.as_ref().map_or(0, Vec::len)
    }
}

/// A record's headers in librdkafka's form.
pub(super) fn headers(record: &Record<'_>) -> OwnedHeaders {
    let headers = record.headers.bytes();
    headers.fold(OwnedHeaders::new_with_capacity(record.headers.bytes().len()), |headers, (key, value)| {
        headers.insert(Header { key, value: Some(value) })
    })
}

/// What is handed in while there is no producer, in the order of the calls, within the limits of the queue.
#[derive(Debug)]
pub(super) struct Backlog {
    waiting: Mutex<Waiting>,
    max_records: usize,
    max_bytes: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    records: VecDeque<Rescued>,
    bytes: usize,
    over: bool,
}

/// Why a record did not join the backlog.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotTaken {
    Full,
    /// There is a producer again.
    Over,
}

impl Backlog {
    pub(super) fn new(max_records: usize, max_bytes: usize) -> Self {
        Self { waiting: Mutex::default(), max_records, max_bytes }
    }

    pub(super) fn push(&self, record: &Record<'_>, slip: &Slip) -> Result<(), NotTaken> {
        let mut waiting = self.lock();
        if waiting.over {
            return Err(NotTaken::Over);
        }
        let rescued = Rescued::from_record(record, slip.clone());
        if waiting.records.len() >= self.max_records || waiting.bytes + rescued.bytes() > self.max_bytes {
            return Err(NotTaken::Full);
        }
        waiting.bytes += rescued.bytes();
        waiting.records.push_back(rescued);
        Ok(())
    }

    /// The record that has waited longest. Where there is none, `end` runs before another one can join, and then none
    /// can any more.
    pub(super) fn pop_or_end(&self, end: impl FnOnce()) -> Option<Rescued> {
        let mut waiting = self.lock();
        let Some(rescued) = waiting.records.pop_front() else {
            end();
            waiting.over = true;
            return None;
        };
        waiting.bytes -= rescued.bytes();
        Some(rescued)
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a broken producer handed back.
#[derive(Debug, Default)]
pub(super) struct HandedBack(Mutex<Vec<Rescued>>);

impl HandedBack {
    pub(super) fn push(&self, rescued: Rescued) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(rescued);
    }

    pub(super) fn take(&self) -> Vec<Rescued> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
