//! How much has to stay compatible.

use std::fmt;

use super::rule::Direction;

/// How much has to stay compatible when an event changes, with [Confluent's names and meanings].
///
/// | level | who can read what | roll out first | compared with |
/// |---|---|---|---|
/// | `Backward` | the new version reads records of the last one | consumers | the last version |
/// | `Forward` | the last version reads records of the new one | producers | the last version |
/// | `Full` | both | either | the last version |
/// | `…Transitive` | the same | the same | every earlier version |
/// | `None` | not checked | – | – |
///
/// [Confluent's names and meanings]: https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Compatibility {
    /// Changes are recorded and not checked.
    None,
    /// The new version reads records of the last one.
    Backward,
    /// The last version reads records of the new one.
    Forward,
    /// Each of the two reads records of the other.
    Full,
    /// The new version reads records of every earlier one.
    BackwardTransitive,
    /// Every earlier version reads records of the new one.
    ForwardTransitive,
    /// The new version and every earlier one read records of each other.
    #[default]
    FullTransitive,
}

impl Compatibility {
    /// Returns which directions are checked.
    pub(crate) fn directions(self) -> &'static [Direction] {
        match self {
            Self::None => &[],
            Self::Backward | Self::BackwardTransitive => &[Direction::Backward],
            Self::Forward | Self::ForwardTransitive => &[Direction::Forward],
            Self::Full | Self::FullTransitive => &[Direction::Backward, Direction::Forward],
        }
    }

    /// Returns whether all earlier versions count, and not only the last one.
    pub(crate) fn is_transitive(self) -> bool {
        matches!(self, Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive)
    }
}

/// Prints the name that a registry has for the level, such as `FULL_TRANSITIVE`.
impl fmt::Display for Compatibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "NONE",
            Self::Backward => "BACKWARD",
            Self::Forward => "FORWARD",
            Self::Full => "FULL",
            Self::BackwardTransitive => "BACKWARD_TRANSITIVE",
            Self::ForwardTransitive => "FORWARD_TRANSITIVE",
            Self::FullTransitive => "FULL_TRANSITIVE",
        })
    }
}
