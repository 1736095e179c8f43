//! The JSON of an entity's data, field by field.
//!
//! serde's derive compiles some 150 lines for each struct; here the code that is the same for all is compiled once.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeStruct;
use serde::{Serialize, forward_to_deserialize_any};

/// How a field is written and read. A field that cannot be part of an event fails here, however often it is used, and the
/// compiler reports it once.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be part of an event, since it does not implement `Serialize` and `Deserialize`",
    label = "not `Serialize` and `Deserialize`",
    note = "derive `serde::Serialize` and `serde::Deserialize` for it and for what it holds, convert the field with `#[event(into = String)]` or `with`, or leave it out with `#[event(skip)]`"
)]
pub trait Codec<T> {
    /// Writes the field.
    ///
    /// # Errors
    ///
    /// Those of the serializer.
    fn write<S: SerializeStruct>(data: &mut S, name: &'static str, field: &T) -> Result<(), S::Error>;

    /// Reads the value of the field that [`DataMap::next_field`] found. If it is there under its own name and a former one, the
    /// own counts; of two former ones, the first.
    ///
    /// # Errors
    ///
    /// If the value is not one of `T`, or the field was read before under the same name.
    fn read<'de, A: MapAccess<'de>>(
        map: &mut DataMap<A>,
        name: &'static str,
        field: &mut Option<T>,
    ) -> Result<(), A::Error>;

    /// Whether the field can be read from a JSON text; from `None`, whether it may be missing.
    ///
    /// # Errors
    ///
    /// Why not.
    #[cfg(feature = "schema")]
    fn reads(json: Option<&str>) -> Result<(), String>;

    /// The field, or what it is if it is missing: `None` for an `Option`.
    ///
    /// # Errors
    ///
    /// If it is missing, and no `Option`.
    fn or_missing<E: Error>(name: &'static str, field: Option<T>) -> Result<T, E>;
}

/// The codec of everything that serde can write and read back.
#[derive(Debug)]
pub struct Serde;

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Codec<T> for Serde {
    #[inline]
    fn write<S: SerializeStruct>(data: &mut S, name: &'static str, field: &T) -> Result<(), S::Error> {
        data.serialize_field(name, field)
    }

    #[inline]
    fn read<'de, A: MapAccess<'de>>(
        map: &mut DataMap<A>,
        name: &'static str,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        match map.found(field.is_some()) {
            Found::First => *field = Some(map.map.next_value()?),
            Found::Obsolete => drop(map.map.next_value::<IgnoredAny>()?),
            Found::Again => return Err(Error::duplicate_field(name)),
        }
        Ok(())
    }

    #[cfg(feature = "schema")]
    fn reads(json: Option<&str>) -> Result<(), String> {
        let read = json.map(serde_json::from_str::<T>).transpose();
        let read = read.and_then(|field| Self::or_missing("field", field));
        read.map(drop).map_err(|error: serde_json::Error| error.to_string())
    }

    #[inline]
    fn or_missing<E: Error>(name: &'static str, field: Option<T>) -> Result<T, E> {
        field.map_or_else(|| T::deserialize(Missing(name, PhantomData)), Ok)
    }
}

/// The field, or its `Default` if it is missing.
#[must_use]
pub fn or_default<T: Default>(field: Option<T>) -> T {
    field.unwrap_or_default()
}

/// Applies a `with` conversion; as a function, so that a closure's argument type is known.
pub fn convert<F: ?Sized, T>(field: &F, with: impl FnOnce(&F) -> T) -> T {
    with(field)
}

/// The data of an event, as it is read.
pub trait Data: Sized {
    /// The name of the type.
    const NAME: &'static str;
    /// The names of its fields in JSON.
    const FIELDS: &'static [&'static str];
    /// Former names, each with the index of its field.
    const ALIASES: &'static [(&'static str, usize)] = &[];

    /// Reads every field.
    ///
    /// # Errors
    ///
    /// If one is wrong, missing or there twice.
    fn read<'de, A: MapAccess<'de>>(map: &mut DataMap<A>) -> Result<Self, A::Error>;
}

/// Reads the data of an event. Unknown fields are ignored.
///
/// # Errors
///
/// If a field is wrong, missing or there twice.
pub fn read_data<'de, T: Data, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::FIELDS, DataVisitor(PhantomData))
}

struct DataVisitor<T>(PhantomData<T>);

impl<'de, T: Data> Visitor<'de> for DataVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut DataMap { map, next: 0, is_alias: false, aliased: Vec::new() })
    }
}

/// The fields that are read.
#[derive(Debug)]
pub struct DataMap<A> {
    map: A,
    /// The index after that of the field that was found last.
    next: usize,
    /// Whether it was found by a former name.
    is_alias: bool,
    /// The fields that have their value from a former name.
    aliased: Vec<usize>,
}

/// What the value of the field is that was found last.
enum Found {
    /// Its only one, or one in place of that of a former name.
    First,
    /// One of a former name, which the field has no use for.
    Obsolete,
    /// Its second.
    Again,
}

impl<'de, A: MapAccess<'de>> DataMap<A> {
    /// The index of the next field of `T`.
    ///
    /// # Errors
    ///
    /// Those of the deserializer.
    #[inline]
    pub fn next_field<T: Data>(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(found) = self.map.next_key_seed(FieldSeed::<T>(self.next, PhantomData))? {
            if let Some((index, is_alias)) = found {
                self.next = index + 1;
                self.is_alias = is_alias;
                return Ok(Some(index));
            }
            self.map.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }

    /// Judges the field that was found last, which `has_value` or not.
    #[inline]
    fn found(&mut self, has_value: bool) -> Found {
        if !self.is_alias && !has_value {
            return Found::First;
        }
        self.found_otherwise(has_value)
    }

    fn found_otherwise(&mut self, has_value: bool) -> Found {
        let index = self.next - 1;
        if self.is_alias {
            if has_value {
                return Found::Obsolete;
            }
            self.aliased.push(index);
            return Found::First;
        }
        match self.aliased.iter().position(|aliased| *aliased == index) {
            Some(position) => {
                self.aliased.swap_remove(position);
                Found::First
            }
            None => Found::Again,
        }
    }
}

/// Finds the index of a field by its name, the expected one first: most come in the order in which they were written. Also
/// says whether the name is a former one.
struct FieldSeed<T>(usize, PhantomData<T>);

/// An index, and whether it was found by a former name.
type FoundField = Option<(usize, bool)>;

impl<'de, T: Data> DeserializeSeed<'de> for FieldSeed<T> {
    type Value = FoundField;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<FoundField, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Data> Visitor<'_> for FieldSeed<T> {
    type Value = FoundField;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<FoundField, E> {
        if T::FIELDS.get(self.0).is_some_and(|field| *field == name) {
            return Ok(Some((self.0, false)));
        }
        Ok(by_name::<T>(name.as_bytes()))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<FoundField, E> {
        Ok(by_name::<T>(name))
    }
}

fn by_name<T: Data>(name: &[u8]) -> FoundField {
    let own = T::FIELDS.iter().position(|field| field.as_bytes() == name).map(|index| (index, false));
    own.or_else(|| {
        let (_, index) = T::ALIASES.iter().find(|(alias, _)| alias.as_bytes() == name)?;
        Some((*index, true))
    })
}

/// A value that is not there: an `Option` is `None`, and anything else an error.
struct Missing<E>(&'static str, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Missing<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(Error::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
