//! Regular expressions, as far as they are compared: by their text, and a few by what they mean.

/// The pattern of unsigned integers as the keys of a map, as schemars writes it.
const UNSIGNED: &str = r"^\d+$";
/// The same with a sign.
const SIGNED: &str = r"^-?\d+$";

/// Pairs of which the second matches whatever the first does; as schemars writes them.
const INCLUDED: [(&str, &str); 3] = [
    (UNSIGNED, SIGNED),
    // A decimal as it is written, and as it is read.
    (r"^-?\d+(\.\d+)?$", r"^-?\d+(\.\d+)?([eE]\d+)?$"),
    (SIGNED, r"^-?\d+(\.\d+)?([eE]\d+)?$"),
];

/// Returns whether `outer` is known to match whatever `inner` matches.
pub(super) fn includes(outer: &str, inner: &str) -> bool {
    inner == outer || INCLUDED.contains(&(inner, outer))
}

/// Returns whether the text matches, or `None` if the pattern is none of the known ones.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match pattern {
        UNSIGNED => Some(digits(text)),
        SIGNED => Some(digits(text.strip_prefix('-').unwrap_or(text))),
        _ => {
            // `^x-`: a prefix.
            let prefix = pattern.strip_prefix('^')?;
            prefix
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
                .then(|| text.starts_with(prefix))
        }
    }
}
