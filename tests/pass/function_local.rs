//! Entities local to a function, private ones, and ones visible to a parent module.

mod shop {
    pub(crate) mod orders {
        #[derive(Debug, Clone, entity_events::EntityEvents)]
        pub(in crate::shop) struct Order {
            pub(in crate::shop) id: u64,
        }
    }

    pub(crate) fn topic() -> String {
        let event = orders::OrderEvent::new_created(&orders::Order { id: 1 }, uuid::Uuid::nil());
        assert_eq!(event.data.id, 1);
        orders::OrderTopics::default().order_topic
    }
}

fn main() {
    #[derive(Debug, Clone, entity_events::EntityEvents)]
    struct Local {
        id: u64,
    }

    #[entity_events::topics(Local)]
    struct Topics;

    #[entity_events::event_producer(Local)]
    trait Producer {}

    let event = LocalEvent::new_updated(&Local { id: 1 }, &Local { id: 1 }, uuid::Uuid::nil());
    assert_eq!(event.event_type.as_str(), "LocalUpdated");
    assert_eq!(Topics::default().local_topic, "int.local-update.event");
    assert_eq!(shop::topic(), "int.order-update.event");
    let _: fn(&dyn Producer) = |_| {};
}
