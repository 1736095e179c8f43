//! What a misspelt word was meant to be.

/// The choice that `word` resembles most, if it does.
pub fn nearest<'a>(word: &str, choices: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |choice: &str| strsim::jaro_winkler(&word.to_lowercase(), &choice.to_lowercase());
    let nearest = choices.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(nearest) > 0.8).then_some(nearest)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn typos_are_near_and_other_words_are_not() {
        let keys = ["source", "feature", "topic", "version", "type_prefix", "types"];
        let found = |word| nearest(word, keys.into_iter());
        assert_eq!(found("sorce"), Some("source"));
        assert_eq!(found("Topic"), Some("topic"));
        assert_eq!(found("typeprefix"), Some("type_prefix"));
        assert_eq!(found("partitions"), None);
        assert_eq!(found(""), None);
    }
}
