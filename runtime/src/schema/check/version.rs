//! The versions of events.

use std::cmp::Ordering;

/// A version such as `1.0`: numbers, the most significant first.
#[derive(Debug, Clone)]
pub(super) struct Version(Vec<u64>);

impl Version {
    /// Reads the numbers at the start; `None` if there is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('v').unwrap_or(text);
        let mut numbers: Vec<u64> =
            digits.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect();
        if numbers.is_empty() {
            return None;
        }
        // `1` is `1.0`.
        while numbers.len() > 1 && numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(Self(numbers))
    }

    pub(super) fn major(&self) -> u64 {
        self.0.first().copied().unwrap_or_default()
    }

    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        self.0.cmp(&other.0) == Ordering::Greater
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    fn version(text: &str) -> Version {
        Version::parse(text).expect("a version")
    }

    #[test]
    fn versions_compare_by_their_numbers() {
        for (newer, older) in [("1.10", "1.9"), ("2.0", "1.9"), ("1.0.1", "1"), ("v2", "1.0")] {
            assert!(version(newer).is_newer_than(&version(older)), "{newer} {older}");
            assert!(!version(older).is_newer_than(&version(newer)), "{newer} {older}");
        }
        assert!(!version("1.0").is_newer_than(&version("1")));
        assert_eq!(version("3.1-beta").major(), 3);
        assert!(Version::parse("beta").is_none());
    }
}
