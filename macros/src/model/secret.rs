//! Field names that look like secrets.

/// Words that make a name secret wherever they are in it.
const WORDS: &str =
    "password passwd passphrase secret secrets token tokens credential credentials apikey cvv otp";

/// Words that make a name secret before `key`.
const KINDS_OF_KEY: &str = "api private access signing encryption";

/// Whether a field of that name should say if it may be published.
pub fn looks_secret(field: &str) -> bool {
    let field = field.to_lowercase();
    let is_one_of = |list: &str, word: &str| list.split(' ').any(|listed| listed == word);
    let words = || field.split('_');
    let mut pairs = words().zip(words().skip(1));
    words().any(|word| is_one_of(WORDS, word))
        || pairs.any(|(kind, key)| key == "key" && is_one_of(KINDS_OF_KEY, kind))
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
