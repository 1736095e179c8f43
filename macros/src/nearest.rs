//! What a misspelt word was meant to be.

/// What to write for `word`: the choice that it resembles most, or any of them.
pub fn remedy(word: &str, choices: &[&str]) -> String {
    let likeness = |choice: &str| {
        let (word, choice) = (word.to_lowercase(), choice.to_lowercase());
        let is_slip = strsim::osa_distance(&word, &choice) == 1;
        if is_slip { 0.99 } else { strsim::jaro_winkler(&word, &choice) }
    };
    let nearest = choices.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest.filter(|nearest| likeness(nearest) > 0.8) {
        Some(nearest) => format!("write `{nearest}`"),
        None => format!("write one of `{}`", choices.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::remedy;

    #[test]
    fn typos_are_near_and_other_words_are_not() {
        let keys = ["source", "topic", "type_prefix", "types"];
        let all = "write one of `source`, `topic`, `type_prefix`, `types`";
        assert_eq!(remedy("sorce", &keys), "write `source`");
        assert_eq!(remedy("Topic", &keys), "write `topic`");
        assert_eq!(remedy("kye", &["key", "skip"]), "write `key`");
        assert_eq!(remedy("typeprefix", &keys), "write `type_prefix`");
        assert_eq!(remedy("partitions", &keys), all);
        assert_eq!(remedy("", &keys), all);
    }
}
