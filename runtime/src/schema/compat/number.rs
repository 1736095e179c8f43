//! The limits of numbers.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

/// A number that is compared exactly, as far as JSON's are exact.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numeric {
    Integer(i128),
    Float(f64),
}

impl Numeric {
    pub(super) fn new(number: &Number) -> Option<Self> {
        let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
        match integer {
            Some(integer) => Some(Self::Integer(integer)),
            None => number.as_f64().filter(|n| n.is_finite()).map(Self::Float),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "only next to a number that is no more precise")]
    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(&b),
            (Self::Integer(a), Self::Float(b)) => (a as f64).total_cmp(&b),
            (Self::Float(a), Self::Integer(b)) => a.total_cmp(&(b as f64)),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(&b),
        }
    }

    /// Returns whether this is a multiple of the other.
    pub(super) fn is_multiple_of(self, other: Self) -> bool {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => b != 0 && a % b == 0,
            _ => self.compare(other) == Ordering::Equal,
        }
    }
}

/// One end of a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    at: Numeric,
    exclusive: bool,
}

/// Which end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Lower,
    Upper,
}

impl End {
    fn keywords(self) -> [(&'static str, bool); 2] {
        match self {
            Self::Lower => [("minimum", false), ("exclusiveMinimum", true)],
            Self::Upper => [("maximum", false), ("exclusiveMaximum", true)],
        }
    }

    /// Returns the order of a bound that leaves less room.
    fn tighter(self) -> Ordering {
        match self {
            Self::Lower => Ordering::Greater,
            Self::Upper => Ordering::Less,
        }
    }

    /// Returns the tightest bound that the objects set together.
    pub(super) fn of(self, flats: &[&Map<String, Value>], integers: bool, formats: bool) -> Option<Bound> {
        let mut tightest = None;
        for flat in flats {
            for (keyword, exclusive) in self.keywords() {
                if let Some(at) = flat.get(keyword).and_then(Value::as_number).and_then(Numeric::new) {
                    self.tighten(&mut tightest, Bound { at, exclusive }.normal(self, integers));
                }
            }
            let range =
                flat.get("format").and_then(Value::as_str).filter(|_| formats).and_then(integer_range);
            if let Some((lower, upper)) = range {
                let at = if self == Self::Lower { lower } else { upper };
                self.tighten(&mut tightest, Bound { at: Numeric::Integer(at), exclusive: false });
            }
        }
        tightest
    }

    fn tighten(self, tightest: &mut Option<Bound>, bound: Bound) {
        if tightest.is_none_or(|known| !known.is_within(bound, self)) {
            *tightest = Some(bound);
        }
    }
}

impl Bound {
    /// For integers, `> 0` is `>= 1`.
    fn normal(self, end: End, integers: bool) -> Self {
        let step = if end == End::Lower { 1 } else { -1 };
        match self.at {
            Numeric::Integer(at) if integers && self.exclusive => {
                Self { at: Numeric::Integer(at.saturating_add(step)), exclusive: false }
            }
            _ => self,
        }
    }

    /// Returns whether this bound leaves no more room than the other.
    pub(super) fn is_within(self, other: Self, end: End) -> bool {
        match self.at.compare(other.at) {
            Ordering::Equal => self.exclusive || !other.exclusive,
            order => order == end.tighter(),
        }
    }

    pub(super) fn allows(self, number: Numeric, end: End) -> bool {
        match number.compare(self.at) {
            Ordering::Equal => !self.exclusive,
            order => order == end.tighter(),
        }
    }

    pub(super) fn text(self, end: End) -> String {
        let sign = match (end, self.exclusive) {
            (End::Lower, false) => ">=",
            (End::Lower, true) => ">",
            (End::Upper, false) => "<=",
            (End::Upper, true) => "<",
        };
        match self.at {
            Numeric::Integer(at) => format!("{sign} {at}"),
            Numeric::Float(at) => format!("{sign} {at}"),
        }
    }
}

/// Returns the range of one of Rust's integer types, which schemars names as the `format`.
pub(super) fn integer_range(format: &str) -> Option<(i128, i128)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        // No machine that runs Kafka clients has a smaller or a larger `isize`.
        "int64" | "int" => (i64::MIN.into(), i64::MAX.into()),
        "int128" => (i128::MIN, i128::MAX),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" => (0, u32::MAX.into()),
        "uint64" | "uint" => (0, u64::MAX.into()),
        "uint128" => (0, i128::MAX),
        _ => return None,
    })
}
