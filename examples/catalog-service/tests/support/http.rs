//! A client of the service.

use catalog_service::service::Service;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// Talks to one service.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    pub fn of(service: &Service) -> Self {
        Self { http: reqwest::Client::new(), url: format!("http://127.0.0.1:{}", service.address().port()) }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url))
    }

    /// Sends a request that has to be answered as expected, and returns the answer.
    pub async fn send(&self, method: Method, path: &str, body: Value, expected: StatusCode) -> Value {
        let request = self.request(method, path);
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert_eq!(status, expected, "{path}: {text}");
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") }
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        self.send(Method::POST, path, body, StatusCode::CREATED).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Value {
        self.send(Method::PUT, path, body, StatusCode::OK).await
    }

    pub async fn delete(&self, path: &str) {
        self.send(Method::DELETE, path, Value::Null, StatusCode::NO_CONTENT).await;
    }

    pub async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, Value::Null, StatusCode::OK).await
    }
}

/// The id in an answer.
pub fn id(answer: &Value) -> &str {
    answer["id"].as_str().expect("an id")
}
