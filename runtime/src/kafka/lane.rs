//! The way into librdkafka, which is built anew behind its users when it breaks.
//!
//! A fatal error ends a librdkafka producer for good: it takes nothing any more, and hands back what was queued. The lane
//! then collects what comes back and what is handed in meanwhile, makes another producer, and sends all of it in order.

mod serve;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::producer::{BaseRecord, Producer as _, PurgeConfig, ThreadedProducer};

use super::cluster::Cluster;
use super::delivery::{self, Deliveries};
use super::ledger::Ledger;
use super::oauth::TokenSource;
use super::rescue::{Backlog, NotTaken, Rescued, headers};
use super::ticket::Slip;
use crate::record::Record;

type Client = ThreadedProducer<Deliveries>;

/// How often in a row a producer may break without a single delivery in between.
const ATTEMPTS: u32 = 8;

/// The wait before the second producer in a row; each further one waits twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// How long a broken producer may take to hear of the requests that it has under way.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// How long librdkafka may take to hand back what it gives up; it does so at once.
pub(super) const PURGE_TIMEOUT: Duration = Duration::from_secs(5);

pub(super) struct Lane {
    pub(super) cluster: Cluster,
    pub(super) ledger: Ledger,
    pub(super) tokens: Option<TokenSource>,
    config: ClientConfig,
    options: LaneOptions,
    state: ArcSwap<State>,
    /// Set before queues are purged on purpose: what comes back then is given up, not rescued.
    giving_up: AtomicBool,
    /// What is given up was never tried: no producer ever heard of the cluster.
    untried: AtomicBool,
    streak: Mutex<Streak>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct LaneOptions {
    /// How many records and bytes may wait while the lane is rebuilt: those of the queue.
    pub(super) max_records: usize,
    pub(super) max_bytes: usize,
    /// Whether records that a broken producer may have written are sent again.
    pub(super) resend_unknown: bool,
}

enum State {
    Open(Arc<Client>),
    Rebuilding(Arc<Backlog>),
    /// Broken too often, or gone.
    Ended,
}

/// How often producers broke in a row.
#[derive(Debug, Default)]
struct Streak {
    breaks: u32,
    delivered: u64,
}

impl Lane {
    pub(super) fn open(
        config: ClientConfig,
        cluster: Cluster,
        ledger: Ledger,
        tokens: Option<TokenSource>,
        options: LaneOptions,
    ) -> Result<Arc<Self>, KafkaError> {
        let lane = Arc::new(Self {
            cluster,
            ledger,
            tokens,
            config,
            options,
            state: ArcSwap::from_pointee(State::Ended),
            giving_up: AtomicBool::new(false),
            untried: AtomicBool::new(false),
            streak: Mutex::default(),
        });
        lane.state.store(Arc::new(State::Open(lane.client()?)));
        Ok(lane)
    }

    fn client(self: &Arc<Self>) -> Result<Arc<Client>, KafkaError> {
        self.config.create_with_context(Deliveries::new(Arc::clone(self))).map(Arc::new)
    }

    /// Hands a record to librdkafka, or to the backlog of a lane that is being rebuilt.
    pub(super) fn send(self: &Arc<Self>, record: &Record<'_>, slip: Slip) -> Result<(), KafkaError> {
        let mut slip = Box::new(slip);
        loop {
            match &**self.state.load() {
                State::Open(client) => {
                    let mut out = BaseRecord::with_opaque_to(record.topic, slip).key(record.key);
                    out.payload = record.value;
                    match client.send(out.headers(headers(record))) {
                        Ok(()) => return Ok(()),
                        Err((KafkaError::MessageProduction(Code::Fatal), back)) => {
                            slip = back.delivery_opaque;
                            self.rebuild(client);
                        }
                        Err((error, _)) => return Err(error),
                    }
                }
                State::Rebuilding(backlog) => match backlog.push(record, &slip) {
                    Ok(()) => return Ok(()),
                    Err(NotTaken::Full) => return Err(KafkaError::MessageProduction(Code::QueueFull)),
                    Err(NotTaken::Over) => {}
                },
                State::Ended => return Err(KafkaError::MessageProduction(Code::Fatal)),
            }
        }
    }

    pub(super) fn is_giving_up(&self) -> bool {
        self.giving_up.load(SeqCst)
    }

    /// Whether a record that is given up in the queue may have been written: a try whose answer was lost puts it back there.
    pub(super) fn may_have_tried(&self) -> bool {
        !self.untried.load(SeqCst)
    }

    pub(super) fn resends_unknown(&self) -> bool {
        self.options.resend_unknown
    }

    /// Gives up everything that has no outcome yet; the outcomes arrive in the ledger. Waits for librdkafka's threads.
    pub(super) fn give_up(&self) {
        self.giving_up.store(true, SeqCst);
        if let State::Open(client) = &**self.state.load() {
            let heard_of = client.client().fetch_cluster_id(Duration::ZERO).is_some();
            self.untried.store(!heard_of && self.ledger.stats().rebuilt == 0, SeqCst);
            client.purge(PurgeConfig::default().queue().inflight());
        }
    }

    /// Lets go of librdkafka, which waits for its threads. The lane and its producer know each other: without this
    /// neither would ever be freed.
    pub(super) fn end(&self) {
        let last = self.state.swap(Arc::new(State::Ended));
        if let State::Open(client) = &*last {
            let client = Arc::clone(client);
            drop(last);
            let_go(client);
        }
    }

    /// The producer of these deliveries has broken: replaces it, unless that is under way.
    pub(super) fn broken(self: &Arc<Self>, deliveries: &Deliveries) {
        if let State::Open(client) = &**self.state.load()
            && std::ptr::eq(Arc::as_ptr(client.client().context()), deliveries)
        {
            self.rebuild(client);
        }
    }

    fn rebuild(self: &Arc<Self>, client: &Arc<Client>) {
        let current = self.state.load();
        if !matches!(&**current, State::Open(open) if Arc::ptr_eq(open, client)) {
            return;
        }
        let backlog = Arc::new(Backlog::new(self.options.max_records, self.options.max_bytes));
        let rebuilding = Arc::new(State::Rebuilding(Arc::clone(&backlog)));
        if !Arc::ptr_eq(&self.state.compare_and_swap(&current, rebuilding), &current) {
            return;
        }
        let (lane, client) = (Arc::clone(self), Arc::clone(client));
        let work = move || lane.run_rebuild(client, &backlog);
        if let Err(error) = thread::Builder::new().name("entity-events rebuild".to_owned()).spawn(work) {
            tracing::error!(%error, "no thread to build the Kafka producer anew on");
            self.giving_up.store(true, SeqCst);
            self.state.store(Arc::new(State::Ended));
        }
    }

    fn run_rebuild(self: &Arc<Self>, mut client: Arc<Client>, backlog: &Backlog) {
        let mut pending: VecDeque<Rescued> = VecDeque::new();
        loop {
            let breaks = self.breaks();
            pending.extend(self.finish(client));
            // librdkafka hands back what it had divided between several queues.
            pending.make_contiguous().sort_by_key(|rescued| rescued.slip.number);
            self.pause(breaks);
            if breaks > ATTEMPTS || self.is_giving_up() {
                break;
            }
            client = match self.client() {
                Ok(client) => client,
                Err(error) => {
                    tracing::error!(%error, "the Kafka producer could not be built anew");
                    break;
                }
            };
            self.ledger.rebuilt();
            tracing::warn!(breaks, resent = pending.len(), "the Kafka producer was built anew");
            if self.forward(&client, &mut pending, backlog) {
                return;
            }
        }
        let code = if self.is_giving_up() { Code::PurgeQueue } else { Code::Fatal };
        self.cluster.condition.ended(code);
        while let Some(rescued) = pending.pop_front().or_else(|| backlog.pop_or_end(|| self.end())) {
            delivery::lose(self, &rescued, KafkaError::MessageProduction(code));
        }
    }

    /// Counts a break, and how many there were in a row.
    fn breaks(&self) -> u32 {
        let delivered = self.ledger.stats().delivered;
        let mut streak = self.streak.lock().unwrap_or_else(PoisonError::into_inner);
        let breaks = if delivered > streak.delivered { 1 } else { streak.breaks + 1 };
        *streak = Streak { breaks, delivered };
        breaks
    }

    /// Hears of the last answers of a broken producer, lets go of it, and takes what it handed back.
    fn finish(&self, client: Arc<Client>) -> Vec<Rescued> {
        let until = Instant::now() + LAST_ANSWERS;
        while client.in_flight_count() > 0 && Instant::now() < until && !self.is_giving_up() {
            thread::sleep(Duration::from_millis(5));
        }
        if client.in_flight_count() > 0 {
            client.purge(PurgeConfig::default().queue().inflight());
            let _ = client.flush(PURGE_TIMEOUT);
        }
        let context = Arc::clone(client.client().context());
        let_go(client);
        context.handed_back.take()
    }

    fn pause(&self, breaks: u32) {
        if (2..=ATTEMPTS).contains(&breaks) {
            let until = Instant::now() + FIRST_WAIT * (1 << (breaks - 2));
            while Instant::now() < until && !self.is_giving_up() {
                thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Sends what is pending, then the backlog, and opens the lane. `false` when the new producer breaks too.
    fn forward(
        self: &Arc<Self>,
        client: &Arc<Client>,
        pending: &mut VecDeque<Rescued>,
        backlog: &Backlog,
    ) -> bool {
        let open = || self.state.store(Arc::new(State::Open(Arc::clone(client))));
        while let Some(rescued) = pending.pop_front().or_else(|| backlog.pop_or_end(open)) {
            loop {
                match client.send(rescued.as_record()).map_err(|(error, _)| error) {
                    Ok(()) => break,
                    Err(KafkaError::MessageProduction(Code::Fatal)) => {
                        pending.push_front(rescued);
                        return false;
                    }
                    Err(KafkaError::MessageProduction(Code::QueueFull)) if !self.is_giving_up() => {
                        thread::sleep(Duration::from_millis(1));
                    }
                    Err(error) => {
                        delivery::lose(self, &rescued, error);
                        break;
                    }
                }
            }
        }
        // What was given up meanwhile, was so before this producer could be asked for it.
        if self.is_giving_up() {
            self.give_up();
        }
        true
    }
}

/// Drops a producer here, and not on the thread of a caller who has it in hand for one more moment: the drop waits for
/// librdkafka.
#[expect(clippy::needless_pass_by_value, reason = "it ends here")]
fn let_go(client: Arc<Client>) {
    client.client().context().let_go();
    for _ in 0..1_000 {
        if Arc::strong_count(&client) == 1 {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane")
            .field("cluster", &self.cluster)
            .field("ledger", &self.ledger)
            .finish_non_exhaustive()
    }
}
