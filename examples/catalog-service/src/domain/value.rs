//! What a value must be to be accepted.

/// The error returned if a value cannot be one of the domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid `{field}`: {problem}")]
pub struct InvalidValue {
    /// The field, as clients name it.
    pub field: &'static str,
    /// What is wrong, and what to do.
    pub problem: String,
}
