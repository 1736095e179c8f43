//! The names that serde's `rename_all` gives to fields.

/// Its name, and what it makes of a field.
type Case = (&'static str, fn(&str) -> String);

/// What serde takes, for fields.
pub const CASES: [Case; 8] = [
    ("camelCase", |field| first_letter(&pascal(field), char::to_ascii_lowercase)),
    ("PascalCase", pascal),
    ("snake_case", str::to_owned),
    ("SCREAMING_SNAKE_CASE", str::to_ascii_uppercase),
    ("kebab-case", |field| field.replace('_', "-")),
    ("SCREAMING-KEBAB-CASE", |field| field.to_ascii_uppercase().replace('_', "-")),
    ("lowercase", str::to_owned),
    ("UPPERCASE", str::to_ascii_uppercase),
];

/// `field` in `case`, exactly as serde does it.
pub fn apply(case: &str, field: &str) -> String {
    let known = CASES.iter().find(|(name, _)| *name == case);
    known.map_or_else(|| field.to_owned(), |(_, turn)| turn(field))
}

/// `UnitPrice`, of which types are named too.
pub fn pascal(field: &str) -> String {
    field.split('_').map(|word| first_letter(word, char::to_ascii_uppercase)).collect()
}

fn first_letter(word: &str, turn: impl Fn(&char) -> char) -> String {
    let mut letters = word.chars();
    letters.next().iter().map(turn).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_those_of_serde() {
        let turned = CASES.map(|(case, _)| apply(case, "unit_price"));
        let serde = [
            "unitPrice",
            "UnitPrice",
            "unit_price",
            "UNIT_PRICE",
            "unit-price",
            "UNIT-PRICE",
            "unit_price",
            "UNIT_PRICE",
        ];
        assert_eq!(turned, serde);
    }
}
