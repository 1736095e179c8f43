#[derive(Debug, Clone, EntityEvents)]
struct Order {
    id: Uuid,
}
