/// Something in stock.
#[derive(Debug, Clone, EntityEvents)]
#[event(source = "catalog-service", name = "Stock", rename_all = "camelCase", schema)]
#[event(types(SoldOut), updates(Priced), extra(#[event(default)] category_name: String))]
pub struct Item {
    /// What identifies it.
    ///
    /// It never changes.
    #[event(key)]
    pub number: u64,
    #[event(user_id, header = "x-owner")]
    pub owner_id: Option<u64>,
    #[event(rename = "name", alias = "label", alias = "title")]
    pub description: HashMap<String, [u8; 2]>,
    #[event(skip)]
    pub note: String,
}
