//! Field names that look like secrets.

/// Words that make a name secret wherever they stand in it.
const WORDS: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "apikey",
    "cvv",
    "otp",
];

/// Words that make a name secret only together.
const PAIRS: [(&str, &str); 5] =
    [("api", "key"), ("private", "key"), ("access", "key"), ("signing", "key"), ("encryption", "key")];

/// Whether a field of that name should say if it may be published.
pub fn looks_secret(field: &str) -> bool {
    let field = field.to_lowercase();
    let words = || field.split('_');
    let paired = || words().zip(words().skip(1));
    words().any(|word| WORDS.contains(&word)) || paired().any(|pair| PAIRS.contains(&pair))
}

#[cfg(test)]
mod tests {
    use super::looks_secret;

    #[test]
    fn secrets_are_known_by_whole_words() {
        for secret in
            ["password", "password_hash", "api_key", "old_api_key", "refresh_token", "client_secret"]
        {
            assert!(looks_secret(secret), "{secret}");
        }
        for plain in ["id", "secretary", "tokenizer", "key", "api", "keyboard_api", "description"] {
            assert!(!looks_secret(plain), "{plain}");
        }
    }
}
