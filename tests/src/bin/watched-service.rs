//! A service in its own process, so that a test can read all of its output.
//!
//! It reads its task as JSON from standard input, uses every feature of a service, and writes every `Debug` and `Display`
//! text to standard output, and the log at level `TRACE` to standard error.

use std::error::Error;
use std::fmt::Debug;
use std::io;
use std::time::{Duration, SystemTime};

use entity_events::kafka::{KafkaConfig, KafkaEventService, OauthToken, TopicPolicy};
use entity_events::{EntityEvents, Publish};
use serde::Deserialize;
use tokio::time::sleep;
use tracing_subscriber::filter::LevelFilter;
use uuid::Uuid;

#[derive(Debug, Clone, EntityEvents)]
#[event(source = "notes")]
struct Note {
    id: u32,
    #[event(header = "x-author")]
    author: String,
    text: String,
}

#[derive(Deserialize)]
struct Task {
    config: KafkaConfig<NoteTopics>,
    author: String,
    text: String,
    /// The token to log in with.
    token: Option<String>,
    /// How long to run after the last event, in seconds.
    watch: u64,
}

fn show(what: &str, shown: &dyn Debug) {
    println!("{what}: {shown:?}\n{shown:#?}");
}

fn show_error(what: &str, error: &dyn Error) {
    show(what, &error);
    let mut cause = Some(error);
    while let Some(error) = cause {
        println!("{what}: {error}");
        cause = error.source();
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_writer(io::stderr)
        .with_ansi(false)
        .init();
    let task: Task = serde_json::from_reader(io::stdin())
        .inspect_err(|error| show_error("no such configuration", error))?;
    show("config", &task.config);
    let mut builder = KafkaEventService::builder(&task.config).on_lost(|lost| show("lost", lost));
    if let Some(token) = task.token.clone() {
        builder = builder.oauth_token(move || {
            let expires_at = SystemTime::now() + Duration::from_hours(1);
            let token = OauthToken::new(token.clone(), expires_at).principal("app");
            show("token", &token);
            async { Ok(token) }
        });
    }
    show("builder", &builder);
    let service = builder.build().inspect_err(|error| show_error("refused configuration", error))?;

    let note = |text| {
        let note = Note { id: 1, author: task.author.clone(), text };
        NoteEvent::new_created(&note, Uuid::nil())
    };
    for event in [note(task.text.clone()), note(task.text.repeat(100_000))] {
        service.emit(event.clone()).await;
        match service.publish(event).await {
            Ok(()) => println!("published"),
            Err(error) => show_error("not published", &error),
        }
    }
    if let Err(error) = service.ensure_topics(TopicPolicy::Check).await {
        show_error("topics", &error);
    }
    service.emit(note(task.text.clone())).await;
    sleep(Duration::from_secs(task.watch)).await;
    println!("health: {}", service.health().reason.as_deref().unwrap_or("good"));
    show("health", &service.health());
    show("service", &service);
    show("stats", &service.stats());
    show("report", &service.close(Duration::from_secs(1)).await);
    Ok(())
}
