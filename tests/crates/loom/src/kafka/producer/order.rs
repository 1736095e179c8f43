//! The gate and the line: a caller's records stay in order while clients are replaced and queues fill up.

use std::time::Duration;

use loom::thread;

use super::gate::Door;
use super::line::{Limits, Patience, Sent, Weigh};
use super::model;
use super::route::{Reason, Route};
use super::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number(u8);

impl Weigh for Number {
    fn bytes(&self) -> usize {
        1
    }

    fn wait(&mut self) {}
}

/// A client that is full, or broken, once it has `capacity` records.
#[derive(Debug)]
struct Client {
    taken: Mutex<Vec<Number>>,
    capacity: usize,
    breaks: bool,
}

impl Client {
    fn new(capacity: usize, breaks: bool) -> Arc<Self> {
        Arc::new(Self { taken: Mutex::new(Vec::new()), capacity, breaks })
    }

    fn send(&self, number: Number) -> Result<(), (Reason<()>, Number)> {
        let mut taken = self.taken.lock().expect("no panic");
        if taken.len() == self.capacity {
            return Err((if self.breaks { Reason::Broken } else { Reason::Full }, number));
        }
        taken.push(number);
        Ok(())
    }

    fn taken(&self) -> Vec<Number> {
        self.taken.lock().expect("no panic").clone()
    }
}

type Way = Route<Arc<Client>, Number>;

fn way(client: &Arc<Client>) -> Arc<Way> {
    let way = Arc::new(Way::new(Limits { records: 8, bytes: 8 }));
    way.gate.set(Door::Open(Arc::clone(client)));
    way
}

fn send(way: &Way, number: u8) {
    let patience = Patience::Within(Duration::from_secs(3_600));
    let by_client = |client: &Arc<Client>, number| client.send(number);
    let sent = way.send(Number(number), patience, by_client, |number| number, |number| number);
    assert!(sent.is_ok(), "{sent:?}");
}

fn forward(way: &Way, client: &Client) {
    way.line.forward(8, |number| match client.send(number) {
        Ok(()) => Sent::Yes,
        Err((_, number)) => Sent::NotNow(number),
    });
}

#[test]
fn replacing_a_client_keeps_every_record_in_order() {
    model(|| {
        let (first, second) = (Client::new(1, true), Client::new(9, false));
        let way = way(&first);
        let caller = thread::spawn({
            let way = Arc::clone(&way);
            move || (1..=3).for_each(|number| send(&way, number))
        });
        // As the engine does.
        way.line.recover();
        way.gate.set(Door::Shut);
        way.line.put_first(first.taken());
        way.gate.set(Door::Open(Arc::clone(&second)));
        forward(&way, &second);
        caller.join().expect("no panic");
        forward(&way, &second);
        assert!(way.line.is_empty());
        assert_eq!(second.taken(), [1, 2, 3].map(Number));
    });
}

#[test]
fn records_waiting_for_space_are_not_overtaken() {
    model(|| {
        let (full, empty) = (Client::new(0, false), Client::new(9, false));
        let way = way(&full);
        let caller = thread::spawn({
            let way = Arc::clone(&way);
            move || (1..=2).for_each(|number| send(&way, number))
        });
        // Space becomes available at any moment.
        way.gate.set(Door::Open(Arc::clone(&empty)));
        forward(&way, &empty);
        caller.join().expect("no panic");
        forward(&way, &empty);
        assert_eq!(empty.taken(), [1, 2].map(Number));
    });
}

#[test]
fn no_record_stays_in_an_ended_line() {
    model(|| {
        let full = Client::new(0, false);
        let way = way(&full);
        let caller = thread::spawn({
            let way = Arc::clone(&way);
            move || {
                let by_client = |client: &Arc<Client>, number| client.send(number);
                let patience = Patience::Within(Duration::from_secs(3_600));
                way.send(Number(1), patience, by_client, |number| number, |number| number).is_ok()
            }
        });
        let given_up = way.line.end().len();
        let joined = caller.join().expect("no panic");
        assert_eq!(
            given_up,
            usize::from(joined),
            "a record that joined is given up, and any other is refused"
        );
        assert!(way.line.is_empty());
    });
}
