//! Money.

use rust_decimal::Decimal;

/// A sum of money, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(Decimal);

impl Amount {
    /// Makes an amount from cents.
    #[must_use]
    pub fn from_cents(cents: u32) -> Self {
        Self(Decimal::new(cents.into(), 2))
    }

    /// The sum as a decimal number with two decimal places.
    #[must_use]
    pub fn value(&self) -> Decimal {
        self.0
    }
}
