use entity_events::EntityEvents;
use money::{Cents, Price, in_cents};

mod money {
    #[derive(Debug, Clone)]
    pub struct Price(pub u64);

    pub type Cents = u64;

    pub fn in_cents(price: &Price) -> Cents {
        price.0
    }
}

#[derive(Debug, Clone, EntityEvents)]
#[event(version = "")]
struct Product {
    id: u64,
    #[event(with = in_cents, ty = Cents)]
    price: Price,
}

fn main() {
    let product = Product { id: 1, price: Price(2) };
    println!("{product:?}");
}
