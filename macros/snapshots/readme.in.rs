#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", error = ProductError, extra(category_name: String))]
pub struct Product {
    pub id: ProductId,
    #[event(user_id)]
    pub user_id: UserId,
    #[event(with = Amount::value, ty = Decimal)]
    pub amount: Amount,
    pub description: Description,
    #[event(skip)]
    pub category_id: CategoryId,
}
