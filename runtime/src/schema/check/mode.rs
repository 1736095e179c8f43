//! What the environment asks for.

use std::env;

/// What may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing: `CI=true` or `CI=1`.
    Ci,
    /// New event types.
    Local,
    /// Everything: `UPDATE_SCHEMAS=1` or `UPDATE_SCHEMAS=true`.
    Update,
}

impl Mode {
    pub(super) fn from_env() -> Self {
        let value = |name| env::var(name).ok();
        Self::new(value("CI").as_deref(), value("UPDATE_SCHEMAS").as_deref())
    }

    /// Nothing is accepted in CI, where nobody would commit it.
    fn new(ci: Option<&str>, update: Option<&str>) -> Self {
        let is_set = |value: Option<&str>| matches!(value, Some("1" | "true"));
        match (is_set(ci), is_set(update)) {
            (true, _) => Self::Ci,
            (false, true) => Self::Update,
            (false, false) => Self::Local,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mode;

    #[test]
    fn ci_wins() {
        assert_eq!(Mode::new(Some("true"), Some("1")), Mode::Ci);
        assert_eq!(Mode::new(Some("1"), None), Mode::Ci);
        assert_eq!(Mode::new(Some("false"), Some("1")), Mode::Update);
        assert_eq!(Mode::new(None, Some("0")), Mode::Local);
        assert_eq!(Mode::new(None, None), Mode::Local);
    }
}
