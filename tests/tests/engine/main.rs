//! Nothing within the process can stop the service from delivering and reporting: no callback, no unpolled future, no busy or
//! missing runtime. (Log layers are in `log_layers.rs`, because a process has only one subscriber.)

mod breaks;
mod close;
mod healing;
mod kinds;
mod line;
mod name_server;
mod on_lost;
mod outcomes;
mod outside_tokio;
