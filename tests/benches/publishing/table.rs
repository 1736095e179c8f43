//! The measurements as a table of figures and ratios.

use crate::contenders::Contender;

/// Microseconds per event.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
}

pub(crate) struct Table {
    title: String,
    contenders: Vec<Contender>,
    rounds: Vec<Vec<Measured>>,
}

impl Table {
    pub(crate) fn new(title: String, contenders: &[Contender]) -> Self {
        Self { title, contenders: contenders.to_vec(), rounds: Vec::new() }
    }

    pub(crate) fn round(&mut self, measured: Vec<Measured>) {
        self.rounds.push(measured);
    }

    /// Prints each contender's figures, and its ratios to the hand-written ones within the same round: speed (higher is
    /// faster) and processor time (lower is cheaper).
    pub(crate) fn print(&self) {
        println!("\n## {}, {} rounds: min / median / max", self.title, self.rounds.len());
        let by_hand: Vec<usize> =
            (0..self.contenders.len()).filter(|&index| self.contenders[index].is_by_hand()).collect();
        for (index, contender) in self.contenders.iter().enumerate() {
            let column = |f: &dyn Fn(&[Measured]) -> f64| {
                Spread::of(self.rounds.iter().map(|round| f(round)).collect())
            };
            let speed = column(&|round| 1e6 / round[index].wall).text(0);
            let cpu = column(&|round| round[index].cpu).text(2);
            print!("{:<18}{speed:>28} events/s{cpu:>24} cpu µs", format!("{contender:?}"));
            for &at in by_hand.iter().filter(|&&at| at != index) {
                let faster = column(&|round| round[at].wall / round[index].wall).text(2);
                let cost = column(&|round| round[index].cpu / round[at].cpu).text(2);
                print!("   x {:?}: speed {faster}, cpu {cost}", self.contenders[at]);
            }
            println!();
        }
    }
}

pub(crate) struct Spread {
    sorted: Vec<f64>,
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self { sorted: values }
    }

    pub(crate) fn tail(&self) -> String {
        let [p50, p99, p999, max] = [0.5, 0.99, 0.999, 1.0].map(|q| self.quantile(q));
        format!("{p50:.1} / {p99:.1} / {p999:.1} / {max:.1}")
    }

    fn quantile(&self, q: f64) -> f64 {
        self.sorted[((self.sorted.len() - 1) as f64 * q).round() as usize]
    }

    fn text(&self, digits: usize) -> String {
        let [min, median, max] = [0.0, 0.5, 1.0].map(|q| self.quantile(q));
        format!("{min:.digits$} / {median:.digits$} / {max:.digits$}")
    }
}
