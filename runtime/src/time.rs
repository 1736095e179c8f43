//! Times on the wire: RFC 3339 in UTC with six digits after the second, such as `2026-11-23T10:00:00.123456Z`.

use std::cell::Cell;

use chrono::{DateTime, SecondsFormat, Utc};

const LENGTH: usize = "2026-11-23T10:00:00.123456Z".len();

thread_local! {
    /// The second that this thread formatted last, and a text in it: most events share it with the one before.
    static LAST: Cell<Option<(i64, [u8; LENGTH])>> = const { Cell::new(None) };
}

/// Formats a time, and lends the text.
pub(crate) fn with_text<R>(time: DateTime<Utc>, borrow: impl FnOnce(&str) -> R) -> R {
    if let Some((second, mut text)) = LAST.get()
        && second == time.timestamp()
        // A leap second has more.
        && time.timestamp_subsec_micros() < 1_000_000
    {
        let mut micros = time.timestamp_subsec_micros();
        for digit in text.iter_mut().rev().skip(1).take(6) {
            *digit = b"0123456789"[(micros % 10) as usize];
            micros /= 10;
        }
        if let Ok(text) = std::str::from_utf8(&text) {
            return borrow(text);
        }
    }
    let text = time.to_rfc3339_opts(SecondsFormat::Micros, true);
    // Years beyond 9999 have more digits.
    LAST.set(text.as_bytes().try_into().ok().map(|text| (time.timestamp(), text)));
    borrow(&text)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_time_is_what_chrono_makes_of_it() {
        let start = DateTime::from_timestamp(1_763_892_000, 0).unwrap();
        let far = DateTime::<Utc>::MAX_UTC;
        let steps =
            [0, 1, 123_456, 999_999, 1_000_000, 1_000_007, 60_000_000, 59_999_999, -1, -86_400_000_000];
        let leap = DateTime::parse_from_rfc3339("2016-12-31T23:59:60.5Z").unwrap().to_utc();
        let times = steps.map(|step| start + TimeDelta::microseconds(step));
        for time in times.into_iter().chain([leap, far, far, start, leap, start]) {
            let expected = time.to_rfc3339_opts(SecondsFormat::Micros, true);
            with_text(time, |text| assert_eq!(text, expected));
        }
    }
}
