//! The truth: values that one version's types write, read by the other's through serde.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::super::{Direction, Settings, breaks};
use super::random::Random;

/// Values of each version that are tried.
const VALUES: usize = 300;

/// A random value.
trait Sample {
    fn sample(random: &mut Random) -> Self;
}

impl Sample for String {
    fn sample(random: &mut Random) -> Self {
        (*random.pick(&["", "a", "12", "null", "ü", "5f3c"])).to_owned()
    }
}

impl Sample for bool {
    fn sample(random: &mut Random) -> Self {
        random.chance(2)
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {
        $(impl Sample for $integer {
            fn sample(random: &mut Random) -> Self {
                match random.below(4) {
                    0 => Self::MIN,
                    1 => Self::MAX,
                    _ => random.next().to_ne_bytes()[0].into(),
                }
            }
        })*
    };
}
integers!(u8, i32, i64, u64);

impl Sample for f64 {
    fn sample(random: &mut Random) -> Self {
        *random.pick(&[0.0, 1.0, -2.5, 1e300])
    }
}

impl Sample for Uuid {
    fn sample(random: &mut Random) -> Self {
        Self::from_u64_pair(random.next(), random.next())
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample(random: &mut Random) -> Self {
        (!random.chance(3)).then(|| T::sample(random))
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(random: &mut Random) -> Self {
        (0..random.below(4)).map(|_| T::sample(random)).collect()
    }
}

impl<T: Sample> Sample for BTreeMap<String, T> {
    fn sample(random: &mut Random) -> Self {
        (0..random.below(4)).map(|_| (String::sample(random), T::sample(random))).collect()
    }
}

impl<A: Sample, B: Sample> Sample for (A, B) {
    fn sample(random: &mut Random) -> Self {
        (A::sample(random), B::sample(random))
    }
}

/// Declares types with random values.
macro_rules! sampled {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty),* $(,)? })*) => {
        $(
            #[derive(Debug, Serialize, Deserialize, JsonSchema)]
            $(#[$meta])*
            struct $name { $($(#[$field_meta])* $field: $ty),* }

            impl Sample for $name {
                fn sample(random: &mut Random) -> Self {
                    let _ = &random;
                    Self { $($field: Sample::sample(random)),* }
                }
            }
        )*
    };
    ($($(#[$meta:meta])* enum $name:ident { $($variant:ident $({ $($field:ident: $ty:ty),* })?),* $(,)? })*) => {
        $(
            #[derive(Debug, Serialize, Deserialize, JsonSchema)]
            $(#[$meta])*
            enum $name { $($variant $({ $($field: $ty),* })?),* }

            impl Sample for $name {
                fn sample(random: &mut Random) -> Self {
                    type Make = fn(&mut Random) -> $name;
                    let variants: &[Make] = &[$(|random| {
                        let _ = &random;
                        $name::$variant $({ $($field: <$ty>::sample(random)),* })?
                    }),*];
                    random.pick(variants)(random)
                }
            }
        )*
    };
}

fn reader<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().for_deserialize().into_generator().into_root_schema_for::<T>().to_value()
}

/// Closed, apart from what flattens a map.
fn writer<T: JsonSchema>() -> Value {
    let mut schema =
        SchemaSettings::draft07().for_serialize().into_generator().into_root_schema_for::<T>().to_value();
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            keywords.values_mut().for_each(close);
            if keywords.get("type").is_some_and(|name| name == "object")
                && keywords.contains_key("properties")
            {
                keywords.entry("additionalProperties").or_insert(false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Whether every value that `W` writes is read by `R`, by the verdict and in truth.
fn verdict_and_truth<W, R>(direction: Direction) -> (bool, bool, String)
where
    W: Sample + Serialize + JsonSchema,
    R: DeserializeOwned + JsonSchema,
{
    let found = breaks(direction, &writer::<W>(), &reader::<R>(), Settings::RUST);
    let mut random = Random::new(7);
    let is_read = (0..VALUES).all(|_| {
        let text = serde_json::to_string(&W::sample(&mut random)).expect("JSON");
        serde_json::from_str::<R>(&text).is_ok()
    });
    (found.is_empty(), is_read, format!("{found:?}"))
}

#[track_caller]
fn assert_versions<Old, New>(backward: bool, forward: bool)
where
    Old: Sample + Serialize + DeserializeOwned + JsonSchema,
    New: Sample + Serialize + DeserializeOwned + JsonSchema,
{
    let (verdict, truth, found) = verdict_and_truth::<Old, New>(Direction::Backward);
    assert_eq!((verdict, truth), (backward, backward), "verdict and truth, backward: {found}");
    let (verdict, truth, found) = verdict_and_truth::<New, Old>(Direction::Forward);
    assert_eq!((verdict, truth), (forward, forward), "verdict and truth, forward: {found}");
    // Each version reads its own.
    assert_eq!(verdict_and_truth::<Old, Old>(Direction::Backward), (true, true, "[]".to_owned()));
    assert_eq!(verdict_and_truth::<New, New>(Direction::Backward), (true, true, "[]".to_owned()));
}

sampled! {
    struct Name { name: String }
    struct WithOption { name: String, note: Option<String> }
    struct WithDefault { name: String, #[serde(default)] note: String }
    struct WithRequired { name: String, note: String }
    struct WithSkipped { name: String, #[serde(default, skip_serializing_if = "Option::is_none")] note: Option<String> }
    struct Title { title: String }
    struct OptionalName { name: Option<String> }
    struct SkippedName { #[serde(skip_serializing_if = "Option::is_none")] name: Option<String> }
}

#[test]
fn fields_come_and_go() {
    assert_versions::<Name, WithOption>(true, true);
    assert_versions::<Name, WithDefault>(true, true);
    assert_versions::<Name, WithSkipped>(true, true);
    assert_versions::<Name, WithRequired>(false, true);
    assert_versions::<WithOption, Name>(true, true);
    assert_versions::<WithDefault, Name>(true, true);
    assert_versions::<WithRequired, Name>(true, false);
    assert_versions::<Name, Title>(false, false);
    assert_versions::<Name, OptionalName>(true, false);
    assert_versions::<OptionalName, Name>(false, true);
    assert_versions::<Name, SkippedName>(true, false);
    assert_versions::<SkippedName, Name>(false, true);
    assert_versions::<WithOption, WithDefault>(false, true);
}

sampled! {
    struct Small { n: i32 }
    struct Large { n: i64 }
    struct Unsigned { n: u64 }
    struct Byte { n: u8 }
    struct Float { n: f64 }
    struct Text { n: String }
    struct Id { n: Uuid }
    struct Flag { n: bool }
    struct List { n: Vec<i32> }
    struct LargeList { n: Vec<i64> }
    struct Pair { n: (i32, i32) }
    struct Map { n: BTreeMap<String, i32> }
    struct LargeMap { n: BTreeMap<String, i64> }
    struct Anything { n: Wild }
}

/// Whatever there is.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Wild(Value);

impl Sample for Wild {
    fn sample(random: &mut Random) -> Self {
        Self(match random.below(3) {
            0 => Value::Null,
            1 => String::sample(random).into(),
            _ => i32::sample(random).into(),
        })
    }
}

#[test]
fn types_change() {
    assert_versions::<Small, Large>(true, false);
    assert_versions::<Large, Unsigned>(false, false);
    assert_versions::<Byte, Small>(true, false);
    assert_versions::<Byte, Unsigned>(true, false);
    assert_versions::<Small, Float>(true, false);
    assert_versions::<Text, Id>(false, true);
    assert_versions::<Text, Small>(false, false);
    assert_versions::<Flag, Text>(false, false);
    assert_versions::<List, LargeList>(true, false);
    assert_versions::<Small, List>(false, false);
    assert_versions::<Pair, List>(true, false);
    assert_versions::<Map, LargeMap>(true, false);
    assert_versions::<Text, Anything>(true, false);
}

sampled! {
    enum Color { Red, Blue }
    enum MoreColors { Red, Blue, Green }
    enum Shape { Circle { r: f64 }, Dot }
    enum MoreShapes { Circle { r: f64 }, Dot, Line { from: i32, to: i32 } }
    enum WiderShapes { Circle { r: f64, label: Option<String> }, Dot }
    #[serde(tag = "type")]
    enum Tagged { Circle { r: f64 }, Dot }
    #[serde(tag = "type")]
    enum MoreTagged { Circle { r: f64 }, Dot, Line { from: i32, to: i32 } }
    #[serde(tag = "t", content = "c")]
    enum Adjacent { Circle { r: f64 }, Dot }
    #[serde(tag = "t", content = "c")]
    enum MoreAdjacent { Circle { r: f64 }, Dot, Line { from: i32, to: i32 } }
    #[serde(untagged)]
    enum Untagged { Circle { r: f64 }, Line { from: i32, to: i32 } }
    #[serde(untagged)]
    enum MoreUntagged { Circle { r: f64 }, Line { from: i32, to: i32 }, Label { text: String } }
}

#[test]
fn enums_grow() {
    assert_versions::<Color, MoreColors>(true, false);
    assert_versions::<Shape, MoreShapes>(true, false);
    assert_versions::<Shape, WiderShapes>(true, true);
    assert_versions::<Tagged, MoreTagged>(true, false);
    assert_versions::<Adjacent, MoreAdjacent>(true, false);
    assert_versions::<Untagged, MoreUntagged>(true, false);
    assert_versions::<Shape, Tagged>(false, false);
}

sampled! {
    struct Order { id: Uuid, lines: Vec<Line>, ship: Option<Address> }
    struct Line { sku: String, price: i32 }
    struct Address { city: String }
    struct WiderOrder { id: Uuid, lines: Vec<WiderLine>, ship: Option<WiderAddress> }
    struct WiderLine { sku: String, price: i64, note: Option<String> }
    struct WiderAddress { city: String, zip: Option<String> }
    struct OtherOrder { id: Uuid, lines: Vec<Line>, ship: Option<WiderAddress> }
}

sampled! {
    struct Node { value: i32, next: Nodes }
    struct LargeNode { value: i64, next: LargeNodes }
}

/// A list that is short, since it is random.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct Nodes(Vec<Node>);

/// The same.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
struct LargeNodes(Vec<LargeNode>);

impl Sample for Nodes {
    fn sample(random: &mut Random) -> Self {
        Self((0..random.below(2)).map(|_| Sample::sample(random)).collect())
    }
}

impl Sample for LargeNodes {
    fn sample(random: &mut Random) -> Self {
        Self((0..random.below(2)).map(|_| Sample::sample(random)).collect())
    }
}

#[test]
fn nested_types_change() {
    assert_versions::<Order, WiderOrder>(true, false);
    assert_versions::<Order, OtherOrder>(true, true);
    assert_versions::<Node, LargeNode>(true, false);
}

sampled! {
    struct Open { name: String, #[serde(flatten)] more: BTreeMap<String, i32> }
    struct OpenWithNote { name: String, note: Option<Flagged>, #[serde(flatten)] more: BTreeMap<String, i32> }
    struct Flagged { is: bool }
}

/// A flattened map of the old version may hold what is a field of the new one.
#[test]
fn an_open_writer() {
    #[derive(Debug, Serialize, Deserialize, JsonSchema)]
    struct Old {
        #[serde(flatten)]
        more: BTreeMap<String, i32>,
    }
    impl Sample for Old {
        fn sample(random: &mut Random) -> Self {
            Self { more: [((*random.pick(&["a", "note"])).to_owned(), 1)].into() }
        }
    }
    let (verdict, truth, found) = verdict_and_truth::<Old, OptionalNote>(Direction::Backward);
    assert_eq!((verdict, truth), (false, false), "{found}");
    let (verdict, truth, found) = verdict_and_truth::<OpenWithNote, OpenWithNote>(Direction::Backward);
    assert_eq!((verdict, truth), (true, true), "{found}");
    let (verdict, truth, found) = verdict_and_truth::<Open, Name>(Direction::Backward);
    assert_eq!((verdict, truth), (true, true), "{found}");
}

sampled! {
    struct OptionalNote { note: Option<String> }
}
