//! librdkafka's own log.

use rdkafka::config::RDKafkaLogLevel;

use crate::guard::log;

/// Logs a line of librdkafka. Most of its errors are transient, and the others arrive as errors of the client, too.
pub(in crate::kafka) fn log_librdkafka(level: RDKafkaLogLevel, facility: &str, message: &str) {
    log(|| match level {
        // Arrives as an error as well, where repetitions are filtered out.
        RDKafkaLogLevel::Error | RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info if facility == "FAIL" => {
            tracing::debug!(target: "librdkafka", facility, "{message}");
        }
        RDKafkaLogLevel::Emerg
        | RDKafkaLogLevel::Alert
        | RDKafkaLogLevel::Critical
        | RDKafkaLogLevel::Error
        | RDKafkaLogLevel::Warning => tracing::warn!(target: "librdkafka", facility, "{message}"),
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
            tracing::info!(target: "librdkafka", facility, "{message}");
        }
        RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", facility, "{message}"),
    });
}
