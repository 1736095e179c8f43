//! The memory of a process.

use std::fs;

/// The resident memory of this process, in KiB.
///
/// # Panics
///
/// If there is no `/proc`, so on anything but Linux.
#[must_use]
pub fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
