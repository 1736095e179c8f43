//! One relay a file: a lock that ends with the process.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    /// Locked while it is open.
    file: Option<File>,
}

impl Lock {
    /// A lock beside a database: `shop.db-relay` for `shop.db`.
    pub(super) fn beside(database: &Path) -> Self {
        let mut path = database.as_os_str().to_owned();
        path.push("-relay");
        Self { path: path.into(), file: None }
    }

    /// Returns whether this relay has the lock.
    #[allow(clippy::incompatible_msrv, reason = "sqlx, which this feature needs, requires a later Rust")]
    pub(super) fn acquire(&mut self) -> io::Result<bool> {
        if self.file.is_some() {
            return Ok(true);
        }
        let file = File::options().create(true).write(true).truncate(false).open(&self.path)?;
        match file.try_lock() {
            Ok(()) => {
                self.file = Some(file);
                Ok(true)
            }
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub(super) fn release(&mut self) {
        self.file = None;
    }
}
