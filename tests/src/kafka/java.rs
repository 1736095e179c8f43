//! Kafka's own Java producer, as the reference.

use std::io::Write;
use std::process::Stdio;
use std::thread;

use super::Kafka;

impl Kafka {
    /// Sends each key to the topic with Kafka's Java producer, and returns the partition that it picked for each.
    /// A key is one line of text.
    ///
    /// # Panics
    ///
    /// If the Java producer fails, or returns other keys than those given.
    #[must_use]
    pub fn partitions_by_java(&self, topic: &str, keys: &[String]) -> Vec<i32> {
        let mut java = self
            .script()
            .args(["partitions", self.bootstrap_servers(), topic])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Java producer starts");
        let mut input = java.stdin.take().expect("a pipe to the Java producer");
        let lines = keys.join("\n");
        // On a thread, so that neither side blocks on a full pipe.
        let writer = thread::spawn(move || input.write_all(lines.as_bytes()));
        let output = java.wait_with_output().expect("the output of the Java producer");
        writer.join().expect("no panic").expect("the Java producer reads all keys");
        assert!(output.status.success(), "the Java producer failed, see above");

        let answer = String::from_utf8(output.stdout).expect("UTF-8 from the Java producer");
        let (partitions, answered): (Vec<i32>, Vec<&str>) = answer
            .lines()
            .map(|line| line.split_once(' ').expect("`PARTITION KEY` from the Java producer"))
            .map(|(partition, key)| (partition.parse::<i32>().expect("a partition is a number"), key))
            .unzip();
        assert_eq!(answered, keys, "the Java producer answers for each key, in order");
        partitions
    }
}
