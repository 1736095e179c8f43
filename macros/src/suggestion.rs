//! What a misspelt word was meant to be.

/// What to write for `word`: the choice that it resembles most, or any of them.
pub fn of(word: &str, choices: &[&str]) -> String {
    let likeness = |choice: &str| {
        let (word, choice) = (word.to_lowercase(), choice.to_lowercase());
        let is_slip = strsim::osa_distance(&word, &choice) == 1;
        if is_slip { 0.99 } else { strsim::jaro_winkler(&word, &choice) }
    };
    let nearest = choices.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) > 0.8) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("expected one of `{}`", choices.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn typos_are_near_and_other_words_are_not() {
        let keys = ["source", "topic", "type_prefix", "types"];
        let all = "expected one of `source`, `topic`, `type_prefix`, `types`";
        assert_eq!(of("sorce", &keys), "did you mean `source`?");
        assert_eq!(of("Topic", &keys), "did you mean `topic`?");
        assert_eq!(of("kye", &["key", "skip"]), "did you mean `key`?");
        assert_eq!(of("typeprefix", &keys), "did you mean `type_prefix`?");
        assert_eq!(of("partitions", &keys), all);
        assert_eq!(of("", &keys), all);
    }
}
