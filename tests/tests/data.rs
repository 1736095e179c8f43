//! The data of an event is serialized and deserialized as by serde's derive, including the errors.

use entity_events::EntityEvents;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Debug, Clone, EntityEvents)]
#[event(rename_all = "camelCase", extra(#[event(default)] shelf_mark: Vec<u8>))]
struct Book {
    id: u64,
    #[event(rename = "called")]
    title: String,
    author_name: Option<String>,
    #[event(default)]
    page_count: u32,
    price: Option<Price>,
}

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Price {
    amount: i64,
}

/// The same with serde's derive.
mod by_serde {
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub(super) struct BookEventData {
        id: u64,
        #[serde(rename = "called")]
        title: String,
        author_name: Option<String>,
        #[serde(default)]
        page_count: u32,
        price: Option<super::Price>,
        #[serde(default)]
        shelf_mark: Vec<u8>,
    }
}

const TEXTS: [&str; 24] = [
    r#"{"id":1,"called":"T","authorName":"A","pageCount":2,"price":{"amount":3},"shelfMark":[4]}"#,
    r#"{"shelfMark":[4],"price":{"amount":3},"pageCount":2,"authorName":"A","called":"T","id":1}"#,
    r#"{"id":1,"called":"T"}"#,
    r#"{"called":"T","id":1,"price":null,"authorName":null}"#,
    r#"{"id":1,"called":"T","unknown":{"deep":[1,{"er":2}]},"pageCount":7}"#,
    r#"{"i\u0064":1,"call\u0065d":"T"}"#,
    r#"{"id":1}"#,
    r#"{"called":"T"}"#,
    "{}",
    r#"{"id":1,"called":"T","id":1}"#,
    r#"{"id":1,"called":"T","authorName":null,"authorName":"A"}"#,
    r#"{"id":1,"called":"T","pageCount":null}"#,
    r#"{"id":"1","called":"T"}"#,
    r#"{"id":-1,"called":"T"}"#,
    r#"{"id":1,"called":2}"#,
    r#"{"id":1,"called":"T","price":{}}"#,
    r#"{"id":1,"called":"T","price":{"amount":"3"}}"#,
    r#"{"id":1,"title":"T"}"#,
    r#"{"id":1,"called":"T""#,
    r#"{"id":1,"called":"T"} x"#,
    "null",
    r#""id""#,
    "7",
    "true",
];

fn read<T: DeserializeOwned + serde::Serialize>(text: &str) -> [Result<String, String>; 2] {
    let written = |data: T| serde_json::to_string(&data).expect("JSON");
    let by_value = serde_json::from_str::<Value>(text).and_then(serde_json::from_value::<T>);
    [serde_json::from_str::<T>(text), by_value].map(|data| data.map(written).map_err(|e| e.to_string()))
}

#[test]
fn event_data_is_read_and_written_as_by_serde() {
    let mut accepted = 0;
    for text in TEXTS {
        let ours = read::<BookEventData>(text);
        assert_eq!(ours, read::<by_serde::BookEventData>(text), "{text}");
        accepted += usize::from(ours[0].is_ok());
    }
    assert_eq!(accepted, 6);

    let book = Book { id: 1, title: "T".to_owned(), author_name: None, page_count: 0, price: None };
    let event = BookEvent::new_created(&book, vec![4], entity_events::Uuid::nil());
    let text = r#"{"id":1,"called":"T","authorName":null,"pageCount":0,"price":null,"shelfMark":[4]}"#;
    assert_eq!(serde_json::to_string(&event.data).expect("JSON"), text);
}
