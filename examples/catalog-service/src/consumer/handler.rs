//! What a service does with a change.

use std::error::Error;
use std::io::{Write as _, stdout};

use async_trait::async_trait;
use entity_events::Event as _;

use super::inbox::Change;

/// Something that may work when it is tried again, such as a database that is away.
pub type HandlerError = Box<dyn Error + Send + Sync>;

/// Does something with each change.
#[async_trait]
pub trait Handler: Send {
    /// Handles a change. It may come again if the process ends before its offset is committed.
    ///
    /// # Errors
    ///
    /// The same change is handed over again, after a pause, until it succeeds; those behind it wait.
    async fn handle(&mut self, change: Change) -> Result<(), HandlerError>;
}

/// Prints a line for each change.
#[derive(Debug)]
pub struct Printer;

#[async_trait]
impl Handler for Printer {
    async fn handle(&mut self, change: Change) -> Result<(), HandlerError> {
        match change {
            Change::Product(event) => {
                let data = &event.data;
                writeln!(stdout(), "{}: {}, {} cents", event.event_type(), data.name.as_str(), data.price)?;
            }
            Change::Order(event) => {
                let (kind, data) = (event.event_type(), &event.data);
                let product = data.product_name.as_str();
                writeln!(stdout(), "{kind}: {} x {product} for {}", data.quantity, data.customer)?;
            }
        }
        Ok(())
    }
}
