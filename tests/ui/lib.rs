//! Nothing: the dependencies of the programs in `tests/ui` and `tests/pass`.
