//! Orders.

mod error;
mod model;
pub mod operations;
mod repository;

pub use self::error::OrderError;
pub use self::model::*;
pub use self::repository::OrderRepository;
