//! What the environment asks for.

use std::env;

/// What may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing: `CI` is set.
    Ci,
    /// New event types.
    Local,
    /// Everything: `UPDATE_SCHEMAS` is set.
    Update,
}

impl Mode {
    pub(super) fn from_env() -> Self {
        let value = |name| env::var(name).ok();
        Self::new(value("CI").as_deref(), value("UPDATE_SCHEMAS").as_deref())
    }

    /// Nothing is accepted in CI, where nobody would commit it.
    fn new(ci: Option<&str>, update: Option<&str>) -> Self {
        let is_off = |value: &str| value.is_empty() || value == "0" || value.eq_ignore_ascii_case("false");
        let is_set = |value: Option<&str>| value.is_some_and(|value| !is_off(value));
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
        assert_eq!(Mode::new(Some("woodpecker"), Some("yes")), Mode::Ci);
        assert_eq!(Mode::new(Some("False"), Some("yes")), Mode::Update);
        assert_eq!(Mode::new(Some(""), None), Mode::Local);
        assert_eq!(Mode::new(Some("false"), Some("1")), Mode::Update);
        assert_eq!(Mode::new(None, Some("0")), Mode::Local);
        assert_eq!(Mode::new(None, None), Mode::Local);
    }
}
