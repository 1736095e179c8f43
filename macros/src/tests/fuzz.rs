//! Random and mutated input: no panic, no error without a span, and output that always parses.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{Item, ItemMacro};

use crate::{expand, names};

/// `.ci/run` tries more, by `FUZZ_INPUTS`.
const INPUTS: u64 = 20_000;

const ENTITIES: [&str; 5] = [
    include_str!("../../snapshots/minimal.in.rs"),
    include_str!("../../snapshots/every_key.in.rs"),
    include_str!("../../snapshots/mistake.in.rs"),
    "#[event(types(A, B), extra(a: u8))] struct r#Match<'a, T: Clone, const N: usize> where T: Copy { #[event(key)] r#type: &'a [T; N] }",
    "#[event(topic = \"..\")] enum State { A { #[event(skip)] id: u8 }, B(u8), C }",
];

const SERVICES: [&str; 3] = [
    "Product, shop::Item as stock_item",
    "crate = ::events, Product, crate::shop::Order, Product",
    "Product<u8>, \"Order\", self::Item as r#type,",
];

const OWNERS: [&str; 4] = [
    "/** Topics. */ pub struct Topics;",
    "#[derive(Debug)] struct Topics<T> { field: T }",
    "pub trait EventProducer: Send {}",
    "pub(crate) trait EventProducer<T>: Send where T: Copy { fn method(&self); }",
];

/// Tokens that mutations insert.
const WORDS: &str = r#"
    source feature topic version error map_error extra types rename_all derive type_prefix delete crate schema key user_id
    skip rename alias with ty into header expose id Self self super struct enum pub as for where impl dyn mut r#type _ 'a
    Product Created Unknown product correlation_id old new String Vec password 0 1.5 -1 "" "a b" "ce_id" "..." "größe" b"x"
    c"x" 'x' true "\0" 340282366920938463463374607431768211456 , , , = = : :: ; . .. -> => < > & | || + ! ? # $ @ ~
    () [] {} (a) (a: u8) (a = 1) [a, b] {a: b} (((((a))))) Option<String> |x| x
"#;

#[test]
fn random_input_neither_panics_nor_prints_invalid_code() {
    let threads = 4;
    let inputs = std::env::var("FUZZ_INPUTS").map_or(INPUTS, |inputs| inputs.parse().unwrap());
    let failures = std::thread::scope(|scope| {
        let workers: Vec<_> =
            (0..threads).map(|worker| scope.spawn(move || first_failure(worker, inputs / threads))).collect();
        workers.into_iter().filter_map(|worker| worker.join().unwrap()).collect::<Vec<_>>()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn first_failure(worker: u64, inputs: u64) -> Option<String> {
    let words: Vec<TokenTree> = parse(WORDS).into_iter().collect();
    (0..inputs).find_map(|index| failure(worker, index, &words))
}

/// Expands one input; `Some` says what is wrong with the output.
fn failure(worker: u64, index: u64, words: &[TokenTree]) -> Option<String> {
    let mut random = Random(1 + worker + (index << 8));
    let mut vary = |source: &str| {
        let mut tokens = parse(source);
        for _ in 0..random.below(6) {
            tokens = mutated(tokens, words, &mut random);
        }
        tokens
    };
    let (owner, output) = match index % 4 {
        0 => {
            let owner = vary(pick(&OWNERS, index / 4));
            (owner.clone(), expand::topics(vary(pick(&SERVICES, index / 16)), &owner))
        }
        1 => {
            let owner = vary(pick(&OWNERS, index / 4));
            (owner.clone(), expand::event_producer(vary(pick(&SERVICES, index / 16)), &owner))
        }
        _ => {
            let entity = vary(pick(&ENTITIES, index / 4));
            let Ok(input) = syn::parse2(names::without_self(entity.clone())) else { return None };
            (entity, expand::entity_events(input))
        }
    };
    // The compiler passes only items, and the mutated owner, which is in the output, may not be one.
    if syn::parse2::<Item>(owner.clone()).is_err() {
        return None;
    }
    match syn::parse2::<syn::File>(output.clone()) {
        Err(error) => Some(format!("{error}: {owner}\n{output}")),
        Ok(file) => file
            .items
            .iter()
            .find(|item| has_no_span(item))
            .map(|_| format!("an error without a span: {owner}\n{output}")),
    }
}

/// Whether the item is a `compile_error!` without a span.
fn has_no_span(item: &Item) -> bool {
    let Item::Macro(ItemMacro { mac, .. }) = item else { return false };
    let Some(name) = mac.path.segments.last() else { return false };
    name.ident == "compile_error" && name.ident.span().byte_range().is_empty()
}

fn mutated(tokens: TokenStream, words: &[TokenTree], random: &mut Random) -> TokenStream {
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let index = random.below(tokens.len().max(1));
    if let Some(TokenTree::Group(group)) = tokens.get(index)
        && random.below(5) > 0
    {
        let mut inner = Group::new(group.delimiter(), mutated(group.stream(), words, random));
        inner.set_span(group.span());
        tokens[index] = inner.into();
        return tokens.into_iter().collect();
    }
    let word = words[random.below(words.len())].clone();
    let other = random.below(tokens.len().max(1));
    match random.below(6) {
        0 if !tokens.is_empty() => drop(tokens.remove(index)),
        1 if !tokens.is_empty() => tokens.swap(index, other),
        2 if !tokens.is_empty() => tokens.insert(other, tokens[index].clone()),
        3 if !tokens.is_empty() => tokens[index] = word,
        4 => tokens.insert(index, in_invisible_group(word)),
        _ => tokens.insert(index, word),
    }
    tokens.into_iter().collect()
}

/// The invisible group that `macro_rules!` puts around a captured fragment.
fn in_invisible_group(token: TokenTree) -> TokenTree {
    let span = token.span();
    let mut group = Group::new(Delimiter::None, token.into());
    group.set_span(span);
    group.into()
}

fn parse(source: &str) -> TokenStream {
    source.parse().unwrap()
}

fn pick<'a>(choices: &[&'a str], index: u64) -> &'a str {
    choices[usize::try_from(index).unwrap() % choices.len()]
}

/// A small generator (`SplitMix64`), so that every failure is reproducible.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}
