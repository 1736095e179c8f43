//! What a service runs on if nothing is installed: SQLite, and the Kafka within its process.
#![allow(clippy::unused_async, clippy::unused_self, reason = "the real ones need both")]

use std::path::PathBuf;
use std::{env, fs};

use catalog_service::config::Settings;
use catalog_service::service::Service;
use uuid::Uuid;

/// A database that outlives the service.
pub struct World {
    folder: PathBuf,
}

impl World {
    pub async fn new() -> Self {
        let folder = env::temp_dir().join(format!("catalog-service-test-{}", Uuid::new_v4()));
        fs::create_dir_all(&folder).expect("a folder");
        Self { folder }
    }

    pub async fn start(&self) -> Service {
        let database = format!("sqlite:{}", self.folder.join("catalog.db").display());
        let settings = Settings { port: 0, database_url: Some(database.into()), ..Settings::default() };
        Service::start(settings).await.expect("a service")
    }

    pub fn brokers_down(&self, service: &Service) {
        service.brokers().switch(false).expect("down");
    }

    pub fn brokers_up(&self, service: &Service) {
        service.brokers().switch(true).expect("up");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
