//! The compatibility check for `cargo test`.

mod advice;
mod comparison;
mod file;
mod folder;
mod json;
mod mode;
mod name;
mod outcome;
mod report;
mod run;
#[cfg(test)]
mod tests;
mod version;

use std::env;
use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::PathBuf;

use self::comparison::Policy;
use self::mode::Mode;
pub use self::outcome::{CheckError, Outcome};
use super::compat::Compatibility;
use super::document::documents;
use crate::topics::Topics;

/// Checks that the events of a service stay compatible with all their earlier versions, for a test:
///
/// ```ignore
/// #[test]
/// fn events_stay_compatible() {
///     entity_events::schema::check::<Topics>("schemas");
/// }
/// ```
///
/// This is [`Check`] with [`Compatibility::FullTransitive`]. Each `Topics` has a folder of its own. What was written or noted goes to standard error, also if the
/// test passes.
///
/// # Panics
///
/// If a change breaks somebody, is not recorded, or if a file cannot be used. The message says what to do.
#[track_caller]
pub fn check<T: Topics>(folder: impl Into<PathBuf>) {
    match Check::<T>::new(folder).run() {
        Ok(outcome) => {
            // Not with `eprintln!`, which `cargo test` captures. It may be closed.
            let _ = write!(io::stderr(), "{outcome}");
        }
        Err(error) => panic!("the schemas of the events do not pass\n\n{error}\n"),
    }
}

/// A compatibility check of the events of a service, to be run by a test.
///
/// # Files
///
/// Each event type has a file in the folder, `<feature>.<kind>.v<major>.json`, such as `product.created.v1.json`: the reader's
/// schema, which is the one to publish, with the writer's under `x-writer`, the exact version under `x-version`, and the topic
/// under `x-topic`. Commit them. When a change is accepted, the former schema stays beside it as
/// `product.created.v1.1.json`, the next one as `….v1.2.json`, so that later changes are compared with every version there ever
/// was. A version that was never released may be deleted.
///
/// | | the file is missing | it differs, and nothing breaks | something breaks |
/// |---|---|---|---|
/// | as a rule | it is written | fails, as it is not recorded | fails |
/// | `UPDATE_SCHEMAS=1` | it is written | the change is recorded | it is recorded as accepted |
/// | `CI` is set, and neither `0` nor `false` | fails | fails | fails |
///
/// In CI nothing is ever written, whatever `UPDATE_SCHEMAS` is. Nothing is written if anything fails. Where two branches changed
/// the events, take the files of either, then record the changes of both with `UPDATE_SCHEMAS=1`.
///
/// # What is compared
///
/// The JSON of the value, and whether the topic changed. The key, headers, `delete` and `source` are not compared.
///
/// # Versions
///
/// A schema is compared with those of the same major version. Those of an earlier one count only if they go to the same topic,
/// where a reader meets both; a new major version takes a new topic, as a rule. A former schema of an event type that is gone
/// is kept, and counts if the type comes back. The topics are those of `T::default()`.
///
/// A break that was accepted is listed under `x-accepted`, for a reviewer to see, and is not reported again. Another change of the
/// same field is another break.
pub struct Check<T> {
    folder: PathBuf,
    policy: Policy,
    topics: PhantomData<fn() -> T>,
}

impl<T: Topics> Check<T> {
    /// Creates a check with the schema files in a folder, relative to the package that is tested.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), policy: Policy::default(), topics: PhantomData }
    }

    /// Sets how much has to stay compatible (default [`Compatibility::FullTransitive`]).
    #[must_use]
    pub fn compatibility(mut self, compatibility: Compatibility) -> Self {
        self.policy.compatibility = compatibility;
        self
    }

    /// Gives the verdicts of a [Confluent schema registry] with its strict policy, for services that register their schemas.
    ///
    /// A registry sees the published schemas, and not what is written. So it takes an open object for one that may already
    /// hold anything: under [`Compatibility::Full`], a field can be neither added nor removed. `format` and former names do
    /// not count.
    ///
    /// [Confluent schema registry]: https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/serdes-json.html
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.policy.is_strict = true;
        self
    }

    /// Compares, and writes the files that `UPDATE_SCHEMAS` and `CI` in the environment allow.
    ///
    /// # Errors
    ///
    /// A change breaks somebody, or is not recorded; the folder or a file in it cannot be used; an entity has no schema.
    pub fn run(&self) -> Result<Outcome, CheckError> {
        let documents = documents::<T>()
            .map_err(|error| CheckError::new(format!("error: {error}")).with_source(error))?;
        // Set by cargo for what it runs; else the working directory counts.
        let package = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
        run::run(&documents, &package, &self.folder, self.policy, Mode::from_env())
    }
}

impl<T> fmt::Debug for Check<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("folder", &self.folder)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
