use entity_events::EntityEvents;

#[derive(Debug, Clone)]
struct Amount(u64);

impl Amount {
    fn value(&self) -> u64 {
        self.0
    }
}

impl From<Amount> for u64 {
    fn from(amount: Amount) -> Self {
        amount.0
    }
}

#[derive(Debug, Clone, EntityEvents)]
struct Product {
    id: u64,
    #[event(with = Amount::value, into = u64)]
    amount: Amount,
}

fn main() {
    let product = Product { id: 1, amount: Amount(2) };
    let event = ProductEvent::new_created(&product, entity_events::Uuid::nil());
    let _ = event.data.amount + 1;
}
