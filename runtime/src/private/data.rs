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

    /// Reads the value of the field that [`DataMap::next_field`] found.
    ///
    /// # Errors
    ///
    /// If the value is not one of `T`, or the field was read before.
    fn read<'de, A: MapAccess<'de>>(
        map: &mut DataMap<A>,
        name: &'static str,
        field: &mut Option<T>,
    ) -> Result<(), A::Error>;

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
        if field.is_some() {
            return Err(Error::duplicate_field(name));
        }
        *field = Some(map.map.next_value()?);
        Ok(())
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
        T::read(&mut DataMap { map, next: 0 })
    }
}

/// The fields that are read.
#[derive(Debug)]
pub struct DataMap<A> {
    map: A,
    /// The index after that of the field that was found last.
    next: usize,
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
            if let Some(index) = found {
                self.next = index + 1;
                return Ok(Some(index));
            }
            self.map.next_value::<IgnoredAny>()?;
        }
        Ok(None)
    }
}

/// Finds the index of a field by its name, the expected one first: most come in the order in which they were written.
struct FieldSeed<T>(usize, PhantomData<T>);

impl<'de, T: Data> DeserializeSeed<'de> for FieldSeed<T> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<T: Data> Visitor<'_> for FieldSeed<T> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        if T::FIELDS.get(self.0).is_some_and(|field| *field == name) {
            return Ok(Some(self.0));
        }
        Ok(T::FIELDS.iter().position(|field| *field == name))
    }

    fn visit_bytes<E: Error>(self, name: &[u8]) -> Result<Option<usize>, E> {
        Ok(T::FIELDS.iter().position(|field| field.as_bytes() == name))
    }
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
