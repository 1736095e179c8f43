//! How a consumer in Rust reads an entity's events.

use std::fmt::Write;

use super::super::super::document::EntityDocument;
use crate::event::DeletePolicy;

pub(super) fn snippet(entity: &EntityDocument) -> String {
    let (name, module) = (entity.entity, entity.module);
    let mut code = format!("use {module}::{{{name}Event, {name}EventType}};\n\n");
    if entity.delete != DeletePolicy::Event {
        code.push_str("// Without a value, the entity with the record's key was deleted.\n");
        code.push_str("let Some(value) = value else { return deleted(key) };\n");
    }
    // Writing to a `String` cannot fail.
    _ = writeln!(code, "let event: {name}Event = serde_json::from_slice(value)?;");
    code.push_str("match event.event_type {\n");
    for event in &entity.events {
        if event.is_deletion && entity.delete == DeletePolicy::Tombstone {
            continue;
        }
        let kind = event.name.strip_prefix(name).unwrap_or(event.name);
        let handler = snake(kind);
        let arguments = if event.is_update { "event.old_data, event.data" } else { "event.data" };
        _ = writeln!(code, "    {name}EventType::{kind} => {handler}({arguments})?,");
    }
    code.push_str("    // A type that is newer than this code.\n    _ => {}\n}\n");
    code
}

/// `PriceChanged` as `price_changed`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, c) in name.chars().enumerate() {
        if c.is_uppercase() && index > 0 {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
