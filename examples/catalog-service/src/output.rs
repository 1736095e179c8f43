//! What people read who start the service by hand.

use std::fmt::Display;
use std::io::{Write as _, stdout};

/// Prints a line. A standard output that is closed is no reason to end: `println!` would panic.
pub fn say(line: impl Display) {
    let _ = writeln!(stdout(), "{line}");
}
