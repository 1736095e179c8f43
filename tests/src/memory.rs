//! How much memory a process takes.

use std::fs;

/// The resident memory of this process, in KiB.
///
/// # Panics
///
/// Where there is no `/proc`, as Linux has it.
#[must_use]
pub fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
