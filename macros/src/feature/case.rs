//! The names that serde's `rename_all` gives to fields.

/// What serde takes, for fields.
pub const CASES: [&str; 8] = [
    "camelCase",
    "PascalCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
    "lowercase",
    "UPPERCASE",
];

/// `field` in `case`, exactly as serde does it.
pub fn apply(case: &str, field: &str) -> String {
    match case {
        "camelCase" => first_letter(&pascal(field), char::to_ascii_lowercase),
        "PascalCase" => pascal(field),
        "UPPERCASE" | "SCREAMING_SNAKE_CASE" => field.to_ascii_uppercase(),
        "kebab-case" => field.replace('_', "-"),
        "SCREAMING-KEBAB-CASE" => field.to_ascii_uppercase().replace('_', "-"),
        _ => field.to_owned(),
    }
}

fn pascal(field: &str) -> String {
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
        let turned = CASES.map(|case| apply(case, "unit_price"));
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
