mod closed_world;
mod random;
mod registry;
mod robust;
mod rules;
mod truth;

use serde_json::Value;

use super::{Break, Direction, Rule, Settings, breaks};

/// Returns what a change breaks, both ways.
fn both(old: &Value, new: &Value, settings: Settings) -> [Vec<Break>; 2] {
    [breaks(Direction::Backward, old, new, settings), breaks(Direction::Forward, new, old, settings)]
}

/// Returns the rules and paths only.
fn short(breaks: &[Break]) -> Vec<(Rule, &str)> {
    breaks.iter().map(|is| (is.rule, is.path.as_str())).collect()
}
