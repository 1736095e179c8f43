//! Products.

mod error;
mod model;
pub mod operations;
mod repository;

pub use self::error::ProductError;
pub use self::model::*;
pub use self::repository::ProductRepository;
