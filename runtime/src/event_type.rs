//! Event types that a reader does not know.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{PoisonError, RwLock};

#[cfg(any(feature = "kafka", feature = "schema", feature = "testing"))]
use crate::error::{ErrorKind, PublishError};
#[cfg(any(feature = "kafka", feature = "schema", feature = "testing"))]
use crate::event::Event;

/// The name of an event type that this version of the code does not know: what a reader finds in the event of a newer
/// producer.
///
/// Only reading an event creates one, in the variant `Unknown` of the event type. An event that has it cannot be published
/// or serialized: that is left to a service that knows its type.
///
/// A process keeps the names that it reads: at most 256, of at most 128 bytes each. What is beyond either limit is
/// `(unknown)`, so that foreign records cannot fill the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UnknownEventType(&'static str);

/// The most names that a process keeps.
const NAMES: usize = 256;

/// The longest name that is kept, in bytes.
const LONGEST: usize = 128;

static KNOWN: RwLock<BTreeSet<&'static str>> = RwLock::new(BTreeSet::new());

impl UnknownEventType {
    /// The name on the wire, such as `ProductDiscontinued`; `(unknown)` if the process keeps no more names.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

/// A name that was read.
pub(crate) fn read(name: &str) -> UnknownEventType {
    UnknownEventType(interned(&KNOWN, name).unwrap_or("(unknown)"))
}

impl fmt::Display for UnknownEventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// The name as one that lives as long as the process, if there is space for it.
fn interned(names: &RwLock<BTreeSet<&'static str>>, name: &str) -> Option<&'static str> {
    let known = names.read().unwrap_or_else(PoisonError::into_inner).get(name).copied();
    if known.is_some() || name.len() > LONGEST {
        return known;
    }
    let mut names = names.write().unwrap_or_else(PoisonError::into_inner);
    // Another thread may have been here in between.
    let known = names.get(name).copied();
    if known.is_some() || names.len() >= NAMES {
        return known;
    }
    let name: &'static str = Box::leak(Box::from(name));
    names.insert(name);
    Some(name)
}

/// Refuses an event whose type is only known to others.
#[cfg(any(feature = "kafka", feature = "schema", feature = "testing"))]
pub(crate) fn check<E: Event>(event: &E) -> Result<(), PublishError> {
    if !event.is_unknown() {
        return Ok(());
    }
    let message = format!("`{}` was not published: {REFUSAL}", event.event_type());
    Err(PublishError::new(ErrorKind::Permanent, message).with_unpublished([event.id()]))
}

/// Why an event of such a type is not written.
pub(crate) const REFUSAL: &str = "this version of the code does not know the event type and can only read it; add it to \
    `#[event(types(..))]`, or publish an event of a type that is there";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let names = RwLock::default();
        let first = interned(&names, "ProductDiscontinued").unwrap();
        assert_eq!(first, "ProductDiscontinued");
        assert!(std::ptr::eq(first, interned(&names, "ProductDiscontinued").unwrap()));
        assert_eq!(names.read().unwrap().len(), 1);
    }

    #[test]
    fn names_take_bounded_memory() {
        let names = RwLock::default();
        assert_eq!(interned(&names, &"x".repeat(LONGEST + 1)), None);
        assert_eq!(interned(&names, &"x".repeat(LONGEST)).map(str::len), Some(LONGEST));
        for number in 1..NAMES {
            assert!(interned(&names, &number.to_string()).is_some(), "{number}");
        }
        assert_eq!(interned(&names, "one too many"), None);
        assert_eq!(interned(&names, "17"), Some("17"), "what is kept stays");
        assert_eq!(names.read().unwrap().len(), NAMES);
    }
}
