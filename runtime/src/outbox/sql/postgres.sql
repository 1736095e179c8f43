-- The outbox of entity-events in PostgreSQL 13 or newer. Running it again changes nothing.

-- Events that wait for delivery. Rows are inserted and deleted, never updated.
CREATE TABLE IF NOT EXISTS outbox_event (
    seq           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id            uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid   text NOT NULL CHECK (aggregateid <> ''),           -- the record key
    type          text NOT NULL,
    payload       text,                                              -- the record value; NULL is a tombstone
    topic         text NOT NULL CHECK (topic <> ''),
    headers       json NOT NULL DEFAULT '{}',                        -- an object of strings, sent in its order
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Rows live for milliseconds: vacuum by their number, not by the share of a table that is almost empty.
ALTER TABLE outbox_event SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- Which relay works; the others stand by.
CREATE TABLE IF NOT EXISTS outbox_lease (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    holder text,
    epoch  bigint NOT NULL DEFAULT 0,
    until  timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 50);
INSERT INTO outbox_lease DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Keys that wait for a person, because Kafka refuses their oldest event.
CREATE TABLE IF NOT EXISTS outbox_blocked (
    topic       text NOT NULL,
    aggregateid text NOT NULL,
    seq         bigint NOT NULL,
    id          uuid NOT NULL,
    type        text NOT NULL,
    since       timestamptz NOT NULL DEFAULT now(),
    attempts    integer NOT NULL DEFAULT 1,
    error       text NOT NULL,
    retry       boolean NOT NULL DEFAULT false,
    PRIMARY KEY (topic, aggregateid)
);

-- Events that were given up, for a person to look at.
CREATE TABLE IF NOT EXISTS outbox_dead (
    seq           bigint PRIMARY KEY,
    id            uuid NOT NULL,
    aggregatetype text NOT NULL,
    aggregateid   text NOT NULL,
    type          text NOT NULL,
    payload       text,
    topic         text NOT NULL,
    headers       json NOT NULL,
    created_at    timestamptz NOT NULL,
    parked_at     timestamptz NOT NULL DEFAULT now(),
    error         text NOT NULL
);
