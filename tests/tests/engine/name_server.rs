//! A hanging name server delays the exit of neither a runtime nor a process for long.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A replacement for the C library's `getaddrinfo` that takes a minute.
const SLOW: &str = r"
#include <netdb.h>
#include <unistd.h>
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    sleep(60);
    return EAI_AGAIN;
}
";

#[test]
#[cfg(target_os = "linux")]
fn a_process_exits_although_the_name_server_hangs() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, library) = (folder.join("slow.c"), folder.join("slow.so"));
    fs::write(&source, SLOW).expect("a file");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-o"]).args([&library, &source]).status();
    assert!(compiled.expect("a C compiler, as for librdkafka").success());
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_exit"))
        .args(["kafka.example:9092", "orders", "10", "multi-thread"])
        .env("LD_PRELOAD", &library)
        .spawn()
        .expect("it starts");
    // Ten seconds to deliver, and five for librdkafka to return its records.
    while child.try_wait().expect("its state").is_none() && start.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(30), "still running after {took:?}");
}
