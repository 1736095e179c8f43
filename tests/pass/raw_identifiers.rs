//! Keywords as names of the entity, fields, extras and the feature.

use entity_events::{Entity, EntityEvents, Event, topics};

#[derive(Debug, Clone, EntityEvents)]
#[event(extra(r#where: String))]
struct r#Match {
    #[event(key)]
    r#type: String,
    #[event(user_id)]
    r#fn: String,
    #[event(header = "x-loop", rename = "loop")]
    r#loop_: u64,
}

#[derive(Debug, Clone, EntityEvents)]
#[event(feature = "self", types(r#Yield))]
struct Own {
    id: u64,
}


#[topics(r#Match)]
struct Topics;

fn main() {
    let entity = r#Match { r#type: "a".to_owned(), r#fn: "b".to_owned(), r#loop_: 3 };
    let event = MatchEvent::new_created(&entity, "c".to_owned(), uuid::Uuid::nil());
    assert_eq!(event.key(), "a");
    assert_eq!(event.metadata.user_id.as_deref(), Some("b"));
    assert_eq!(event.event_type(), "MatchCreated");
    let json = serde_json::to_value(&event.data).unwrap();
    assert_eq!(json, serde_json::json!({ "type": "a", "fn": "b", "loop": 3, "where": "c" }));
    assert_eq!(<r#Match as Entity>::FEATURE, "match");
    assert_eq!(Topics::default().match_topic, "int.match-update.event");
    assert_eq!(OwnEvent::new_yield(&Own { id: 1 }, uuid::Uuid::nil()).event_type(), "OwnYield");
    assert_eq!(OwnTopics::default().self_topic, "int.self-update.event");
}
