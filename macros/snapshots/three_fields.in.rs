#[derive(Debug, Clone, EntityEvents)]
#[event(error = ProductError)]
pub struct Product {
    pub id: ProductId,
    pub name: String,
    pub price: Decimal,
}
