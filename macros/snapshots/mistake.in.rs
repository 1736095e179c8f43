#[derive(Debug, Clone, EntityEvents)]
#[event(sorce = "catalog-service", extra(category_name: String))]
pub struct Product {
    pub id: ProductId,
    #[event(with = Amount::value, ty = Decimal)]
    pub amount: Amount,
    pub password: String,
}
