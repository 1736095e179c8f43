//! What a change of a schema breaks, and for whom.

use std::fmt;

/// Who reads what: which of the two versions wrote a record, and which one reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The new version reads records of an old one.
    Backward,
    /// An old version reads records of the new one.
    Forward,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
        })
    }
}

/// The rule that a change breaks.
///
/// A rule is named after the change, from the old version to the new one. Some changes break new readers of old records
/// ([`Direction::Backward`]), some break old readers of new records ([`Direction::Forward`]); each variant says which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// Backward: the new reader needs a field that old records do not have.
    RequiredFieldAdded,
    /// Forward: the old reader needs a field that new records do not have.
    RequiredFieldRemoved,
    /// Backward: the new reader needs a field that old records may leave out.
    FieldMadeRequired,
    /// Forward: the old reader needs a field that new records may leave out.
    FieldMadeOptional,
    /// Either: one version writes a type of value that the other does not read.
    FieldTypeChanged,
    /// Forward: new records may have `null`, which the old reader refuses.
    NullAdded,
    /// Backward: old records may have `null`, which the new reader refuses.
    NullRemoved,
    /// Forward: new records may have a value that the old reader does not know.
    EnumValueAdded,
    /// Backward: old records may have a value that the new reader no longer knows.
    EnumValueRemoved,
    /// Either: the only accepted value is a different one.
    ConstChanged,
    /// Forward: new records may have a variant that the old reader does not know.
    VariantAdded,
    /// Backward: old records may have a variant that the new reader no longer knows.
    VariantRemoved,
    /// Forward: new records may exceed a limit of the old reader, such as `maxLength` or the range of an `i32`.
    LimitLoosened,
    /// Backward: old records may exceed a limit of the new reader.
    LimitTightened,
    /// Backward: the new reader has a `pattern`, and old records followed none.
    PatternAdded,
    /// Forward: the old reader has a `pattern`, and new records follow none.
    PatternRemoved,
    /// Either: the `pattern` is a different one. Patterns are not compared for what they match.
    PatternChanged,
    /// Either: the reader needs a `format` that the writer does not follow.
    FormatChanged,
    /// Forward: the old reader refuses unknown fields, and new records have one more.
    FieldAddedToClosed,
    /// Backward: the new reader refuses unknown fields, and old records have one more.
    FieldRemovedFromClosed,
    /// Backward: old records may hold an unrelated value under the name of a new field, as their object is open.
    FieldAddedToOpen,
    /// Forward: new records may hold an unrelated value under the name of a removed field, as their object is open.
    FieldRemovedFromOpen,
    /// Backward: the new reader refuses unknown fields, which old records may have.
    ObjectClosed,
    /// Forward: the old reader refuses unknown fields, which new records may have.
    ObjectOpened,
    /// Backward: the event type is gone, and new readers skip old records of it.
    EventTypeRemoved,
    /// Either: whether the reader accepts every value could not be proved. It may.
    Unproven,
}

impl Rule {
    /// Returns the change in words, such as `required field added`.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::RequiredFieldAdded => "required field added",
            Self::RequiredFieldRemoved => "required field removed",
            Self::FieldMadeRequired => "optional field made required",
            Self::FieldMadeOptional => "required field made optional",
            Self::FieldTypeChanged => "type changed",
            Self::NullAdded => "`null` added",
            Self::NullRemoved => "`null` removed",
            Self::EnumValueAdded => "enum value added",
            Self::EnumValueRemoved => "enum value removed",
            Self::ConstChanged => "constant changed",
            Self::VariantAdded => "variant added",
            Self::VariantRemoved => "variant removed",
            Self::LimitLoosened => "limit loosened",
            Self::LimitTightened => "limit tightened",
            Self::PatternAdded => "pattern added",
            Self::PatternRemoved => "pattern removed",
            Self::PatternChanged => "pattern changed",
            Self::FormatChanged => "format changed",
            Self::FieldAddedToClosed => "field added to a closed object",
            Self::FieldRemovedFromClosed => "field removed from a closed object",
            Self::FieldAddedToOpen => "field added to an open object",
            Self::FieldRemovedFromOpen => "field removed from an open object",
            Self::ObjectClosed => "object closed to unknown fields",
            Self::ObjectOpened => "object opened to unknown fields",
            Self::EventTypeRemoved => "event type removed",
            Self::Unproven => "compatibility not proved",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.summary())
    }
}
