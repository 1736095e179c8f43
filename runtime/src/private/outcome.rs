//! What a publish returns: `Result<(), E>` with the entity's own error.

use crate::error::PublishError;

/// What an entity's `error` type can do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made from a `PublishError`",
    label = "no `From<PublishError>`",
    note = "write `impl From<entity_events::PublishError> for {Self}`, or name a constructor that takes the message: `#[event(map_error = path)]`"
)]
pub trait FromPublishError: From<PublishError> {}

#[diagnostic::do_not_recommend]
impl<E: From<PublishError>> FromPublishError for E {}

/// What a publish returns, `Result<(), E>`: as a trait, so that an alias of the whole leads to the error.
pub trait Outcome {
    /// What a failed one returns.
    type Error;

    /// Itself.
    fn of(result: Result<(), Self::Error>) -> Self;
}

impl<E> Outcome for Result<(), E> {
    type Error = E;

    fn of(result: Self) -> Self {
        result
    }
}

/// A failure as the entity's own error, by `From`.
pub fn own_error<O: Outcome<Error: FromPublishError>>(result: Result<(), PublishError>) -> O {
    O::of(result.map_err(O::Error::from))
}

/// A failure as the entity's own error, by the constructor in `map_error`.
pub fn made_error<O: Outcome>(
    result: Result<(), PublishError>,
    constructor: impl FnOnce(String) -> O::Error,
) -> O {
    O::of(result.map_err(|error| constructor(error.to_string())))
}
