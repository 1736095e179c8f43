//! Who a break affects, and what to do.

use crate::schema::compat::{Direction, Rule};

/// Returns who fails on what.
pub(super) fn affected(rule: Rule, direction: Direction) -> &'static str {
    match (rule, direction) {
        (Rule::EventTypeRemoved, _) => {
            "updated readers, which skip the records of this type that are still in the topic"
        }
        (Rule::Unproven, Direction::Backward) => "perhaps updated readers, on records from before the change",
        (Rule::Unproven, Direction::Forward) => {
            "perhaps readers that are not yet updated, on records from after the change"
        }
        (_, Direction::Backward) => "updated readers, on records from before the change",
        (_, Direction::Forward) => "readers that are not yet updated, on records from after the change",
    }
}

/// Returns what makes the change compatible. Types within a field of the entity are serde's alone.
pub(super) fn remedy(rule: Rule, is_nested: bool) -> String {
    let remedy = of_rule(rule);
    if is_nested { remedy.replace("#[event(", "#[serde(") } else { remedy.to_owned() }
}

fn of_rule(rule: Rule) -> &'static str {
    match rule {
        Rule::RequiredFieldAdded => {
            "make it an `Option`, or give it `#[event(default)]`; if it had another name, add `#[event(alias = \"…\")]`"
        }
        Rule::RequiredFieldRemoved => "keep the field until no reader needs it, then accept",
        Rule::FieldMadeRequired => "keep it an `Option`, or give it `#[event(default)]`",
        Rule::FieldMadeOptional => "keep writing it until no reader needs it, then accept",
        Rule::FieldTypeChanged | Rule::FormatChanged => "keep the type, and add a field with the new one",
        Rule::NullAdded => {
            "keep the type, and write a default in place of `None`; or update every reader first, then accept"
        }
        Rule::NullRemoved => "keep the `Option` until no topic holds older records, then accept",
        Rule::EnumValueAdded => {
            "update every reader first, then accept; a reader with a `#[serde(other)]` variant survives it"
        }
        Rule::VariantAdded => "update every reader first, then accept",
        Rule::EnumValueRemoved | Rule::VariantRemoved => "keep it for reading; nobody has to write it",
        Rule::ConstChanged => "keep the value",
        Rule::LimitLoosened => "update every reader first, then accept; or add a field with the wider type",
        Rule::LimitTightened | Rule::PatternAdded => {
            "keep reading what was written; check new values where they are made"
        }
        Rule::PatternRemoved => "keep to the pattern; or add a field without it",
        Rule::PatternChanged => {
            "keep the pattern; or accept if the reader's matches whatever the writer's does"
        }
        Rule::FieldAddedToClosed | Rule::ObjectOpened => {
            "update every reader first, then accept; readers without `deny_unknown_fields` need no update"
        }
        Rule::FieldRemovedFromClosed | Rule::ObjectClosed => "remove `deny_unknown_fields`",
        Rule::FieldAddedToOpen | Rule::FieldRemovedFromOpen => {
            "take another name, if the object may hold an unrelated value under this one; or accept if it does not"
        }
        Rule::EventTypeRemoved => {
            "keep the type, or accept once nobody reads its records; a renamed entity keeps its events by \
             `#[event(name = \"…\", feature = \"…\")]`, and those of another `Topics` have a folder of their own"
        }
        Rule::Unproven => "accept if records from before and after the change are read",
    }
}
