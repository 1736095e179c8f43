-- The outbox of entity-events in SQLite 3.35 or newer. Running it again changes nothing.

-- Events that wait for delivery. Rows are inserted and deleted, never updated.
CREATE TABLE IF NOT EXISTS outbox_event (
    seq           INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL,
    aggregatetype TEXT NOT NULL,
    aggregateid   TEXT NOT NULL CHECK (aggregateid <> ''),           -- the record key
    type          TEXT NOT NULL,
    payload       TEXT,                                              -- the record value; NULL is a tombstone
    topic         TEXT NOT NULL CHECK (topic <> ''),
    headers       TEXT NOT NULL DEFAULT '{}',                        -- a JSON object of strings, sent in its order
    created_at    TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
);

-- Keys that wait for a person, because Kafka refuses their oldest event.
CREATE TABLE IF NOT EXISTS outbox_blocked (
    topic       TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    id          TEXT NOT NULL,
    type        TEXT NOT NULL,
    since       TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    attempts    INTEGER NOT NULL DEFAULT 1,
    error       TEXT NOT NULL,
    retry       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, aggregateid)
);

-- Events that were given up, for a person to look at.
CREATE TABLE IF NOT EXISTS outbox_dead (
    seq           INTEGER PRIMARY KEY,
    id            TEXT NOT NULL,
    aggregatetype TEXT NOT NULL,
    aggregateid   TEXT NOT NULL,
    type          TEXT NOT NULL,
    payload       TEXT,
    topic         TEXT NOT NULL,
    headers       TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    parked_at     TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    error         TEXT NOT NULL
);
