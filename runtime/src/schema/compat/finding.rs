//! What the comparison finds, before it is known which side is the newer one.

use super::rule::{Direction, Rule};

/// Stands before values that the other side does not have, as it has the rest.
pub(super) const ALSO: &str = "also ";

/// A value that the writer may write and the reader does not accept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Finding {
    pub(super) kind: Kind,
    /// From the inside out.
    steps: Vec<Step>,
    /// What the writer may write.
    pub(super) writer: String,
    /// What the reader accepts.
    pub(super) reader: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The reader needs a field that is not always written; `known` to the writer or not.
    Required {
        known: bool,
    },
    Null,
    Type,
    Value,
    Const,
    Variant,
    Limit,
    /// A pattern of the reader that the writer does not have; it may have `another`.
    Pattern {
        another: bool,
    },
    Format,
    /// A field of the writer that a closed reader does not know.
    Undeclared,
    /// A field of the reader that an open writer does not know.
    Untyped,
    /// The writer is open, the reader is not.
    Open,
    Unproven,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Field(String),
    /// Any field that has no name in the schema.
    AnyField,
    Item(usize),
    /// Any item.
    AnyItem,
}

impl Finding {
    pub(super) fn new(kind: Kind, writer: impl Into<String>, reader: impl Into<String>) -> Self {
        Self { kind, steps: Vec::new(), writer: writer.into(), reader: reader.into() }
    }

    pub(super) fn within(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Returns the path, such as `data.items[].price`; empty at the root.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Item(index) => path.extend(["[", &index.to_string(), "]"]),
                Step::AnyItem => path.push_str("[]"),
                Step::Field(name) => push_name(&mut path, name),
                Step::AnyField => push_name(&mut path, "*"),
            }
        }
        path
    }

    /// Adds what is not yet there: alternatives of one schema often have the same problem.
    pub(super) fn merge(into: &mut Vec<Self>, more: impl IntoIterator<Item = Self>) {
        if into.is_empty() {
            into.extend(more);
            return;
        }
        for finding in more {
            match into.iter_mut().find(|known| known.kind == finding.kind && known.steps == finding.steps) {
                None => into.push(finding),
                Some(known) if known.kind == Kind::Value => {
                    if let Some(value) =
                        finding.writer.strip_prefix(ALSO).filter(|value| !known.writer.contains(value))
                    {
                        known.writer = format!("{}, {value}", known.writer);
                    }
                }
                Some(_) => {}
            }
        }
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

impl Kind {
    pub(super) fn rule(self, direction: Direction) -> Rule {
        let (backward, forward) = match self {
            Self::Required { known: false } => (Rule::RequiredFieldAdded, Rule::RequiredFieldRemoved),
            Self::Required { known: true } => (Rule::FieldMadeRequired, Rule::FieldMadeOptional),
            Self::Null => (Rule::NullRemoved, Rule::NullAdded),
            Self::Type => (Rule::FieldTypeChanged, Rule::FieldTypeChanged),
            Self::Value => (Rule::EnumValueRemoved, Rule::EnumValueAdded),
            Self::Const => (Rule::ConstChanged, Rule::ConstChanged),
            Self::Variant => (Rule::VariantRemoved, Rule::VariantAdded),
            Self::Limit => (Rule::LimitTightened, Rule::LimitLoosened),
            Self::Pattern { another: false } => (Rule::PatternAdded, Rule::PatternRemoved),
            Self::Pattern { another: true } => (Rule::PatternChanged, Rule::PatternChanged),
            Self::Format => (Rule::FormatChanged, Rule::FormatChanged),
            Self::Undeclared => (Rule::FieldRemovedFromClosed, Rule::FieldAddedToClosed),
            Self::Untyped => (Rule::FieldAddedToOpen, Rule::FieldRemovedFromOpen),
            Self::Open => (Rule::ObjectClosed, Rule::ObjectOpened),
            Self::Unproven => (Rule::Unproven, Rule::Unproven),
        };
        match direction {
            Direction::Backward => backward,
            Direction::Forward => forward,
        }
    }
}
