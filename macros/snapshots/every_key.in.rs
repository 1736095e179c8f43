#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", feature = "stock_item", topic = "items", version = "2.1")]
#[event(error = ItemError, map_error = ItemError::external_error, crate = crate::events)]
#[event(extra(#[event(header = "x-category", rename = "category", default)] category_name: String))]
#[event(name = "Stock", types(SoldOut), updates(Priced), rename_all = "camelCase")]
#[event(derive(PartialEq), type_prefix = "com.acme", delete = "event_then_tombstone")]
pub(crate) struct Item {
    #[event(key)]
    pub(crate) shop: String,
    #[event(key, rename = "no", alias = "number", alias = "num")]
    pub(crate) number: u64,
    /// Who made it.
    #[event(user_id, header = "x-owner")]
    pub(crate) owner: Option<u64>,
    #[event(with = |amount: &Amount| amount.value(), ty = u64, header = "x-amount")]
    pub(crate) amount: Amount,
    #[event(into = String, default)]
    pub(crate) kind: Kind,
    #[event(expose)]
    pub(crate) api_key: String,
    #[event(skip)]
    pub(crate) category_id: u64,
}
