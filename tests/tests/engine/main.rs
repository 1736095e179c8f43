//! Nothing within the process can silence the service: not a callback, not a future that nobody polls, not a runtime that is
//! busy or gone. (Log layers, which are there once a process, are in `log_layers.rs`.)

mod breaks;
mod close;
mod healing;
mod kinds;
mod line;
mod name_server;
mod on_lost;
mod outcomes;
mod outside_tokio;
