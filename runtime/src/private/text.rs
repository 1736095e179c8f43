//! Fields as text: in the partition key, in headers and as the user.

use std::fmt::{Display, Write};

use crate::event::Event;
use crate::headers::Headers;

/// The key as a new string.
#[must_use]
pub fn owned_key<E: Event>(event: &E) -> String {
    let mut key = String::new();
    event.write_key(&mut key);
    key
}

/// Appends the key fields as text, joined by `:`.
pub fn join_key(key: &mut String, fields: &[&dyn Display]) {
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            key.push(':');
        }
        // Writing to a `String` cannot fail.
        let _ = write!(key, "{field}");
    }
}

/// A field as part of the key.
pub fn key<T: KeyText>(field: &T) -> &dyn Display {
    field
}

/// A field that can be part of the key: everything with a `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a partition key, since it does not implement `Display`",
    label = "no `Display`",
    note = "implement `std::fmt::Display` for it, or, as for an `Option`, convert the field: `#[event(with = path, ty = String)]`"
)]
pub trait KeyText: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display> KeyText for T {}

/// A field that can be a header or the user: everything with a `Display`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a header or the user, since it does not implement `Display`",
    label = "no `Display`",
    note = "implement `std::fmt::Display` for it, or for what is in the `Option`, or convert the field: `#[event(with = path, ty = String)]`"
)]
pub trait FieldText: Display {}

#[diagnostic::do_not_recommend]
impl<T: Display> FieldText for T {}

/// A field whose text may be missing: an `Option` has one if it is `Some`, everything else always.
///
/// The method of `Option` is found before that of [`Always`], which tells the two apart.
#[derive(Debug)]
pub struct Text<'a, T>(pub &'a T);

impl<'a, T: FieldText> Text<'a, Option<T>> {
    /// The text, if there is one.
    #[must_use]
    pub fn get(self) -> Option<&'a dyn Display> {
        self.0.as_ref().map(|text| text as &dyn Display)
    }
}

/// See [`Text`].
pub trait Always<'a> {
    /// What the field holds.
    type Field;

    /// The text.
    fn get(self) -> Option<&'a dyn Display>
    where
        Self::Field: FieldText;
}

impl<'a, T> Always<'a> for Text<'a, T> {
    type Field = T;

    fn get(self) -> Option<&'a dyn Display>
    where
        T: FieldText,
    {
        Some(self.0)
    }
}

/// Adds a header, if there is a text for it.
pub fn header(headers: &mut Headers, name: &'static str, text: Option<&dyn Display>) {
    if let Some(text) = text {
        headers.push(name, text);
    }
}
