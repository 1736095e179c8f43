//! The folder of the schema files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::file::{Recorded, SchemaFile};
use super::name::FileName;

/// The folder, and what was found in it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// As the caller named it.
    shown: PathBuf,
    /// In the order of their names.
    pub(super) files: Vec<SchemaFile>,
    /// Files that cannot be used, and what to do.
    pub(super) problems: Vec<String>,
    /// Files that do not belong here, and the like.
    pub(super) notes: Vec<String>,
}

impl Folder {
    /// Reads the schema files; a missing folder has none.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub(super) fn read(base: &Path, folder: &Path) -> io::Result<Self> {
        let mut read = Self {
            path: base.join(folder),
            shown: folder.to_owned(),
            files: Vec::new(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        let entries = match fs::read_dir(&read.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(read),
            entries => entries?,
        };
        let mut names = entries
            .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()?;
        names.sort();
        for name in names {
            read.read_file(&name);
        }
        read.files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(read)
    }

    fn read_file(&mut self, name: &str) {
        let shown = self.shown(name);
        // Hidden files are somebody else's, such as `.gitkeep`.
        if name.starts_with('.') {
            return;
        }
        if Path::new(name).extension().is_none_or(|extension| extension != "json") {
            self.notes.push(format!("{shown} is not a schema file and was ignored"));
            return;
        }
        let Some(parsed) = FileName::parse(name) else {
            self.problems.push(format!(
                "{shown} is not named like a schema file, `<feature>.<kind>.v<major>.json`; rename it, or move it out of \
                 the folder"
            ));
            return;
        };
        let read = fs::read(self.path.join(name)).map_err(|error| format!("cannot be read: {error}"));
        let text = read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned()));
        match text.and_then(|text| SchemaFile::read(parsed, &text)) {
            Ok(file) => self.files.push(file),
            Err(problem) => self.problems.push(format!("{shown} {problem}")),
        }
    }

    /// Returns a file's path for people, in backticks.
    pub(super) fn shown(&self, name: impl AsRef<Path>) -> String {
        format!("`{}`", self.shown.join(name).display())
    }

    /// Returns a note on a file whose content is not what was written.
    pub(super) fn note_edit(&self, name: &FileName) -> Option<String> {
        let file = self.file(name).filter(|file| file.is_edited())?;
        let shown = self.shown(file.name.to_string());
        Some(format!("{shown} was edited or merged by hand: its `x-digest` does not match"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the file of this name, if there is one.
    pub(super) fn file(&self, name: &FileName) -> Option<&SchemaFile> {
        self.files.iter().find(|file| file.name == *name)
    }

    /// Returns the name that the next former schema of this version has.
    pub(super) fn next_former(&self, name: &FileName) -> FileName {
        let of_version = |file: &&SchemaFile| file.name.is_event_of(name) && file.name.major == name.major;
        let last = self.files.iter().filter(of_version).filter_map(|file| file.name.former).max();
        name.former(last.unwrap_or(0) + 1)
    }

    /// Writes a file, which appears at once or not at all.
    pub(super) fn write(&self, name: &FileName, recorded: &Recorded) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.path)?;
        let path = self.path.join(name.to_string());
        let temporary = self.path.join(format!(".{name}.{}.tmp", std::process::id()));
        let written = recorded.text().map_err(io::Error::from).and_then(|text| {
            let mut file = File::create(&temporary)?;
            file.write_all(text.as_bytes())?;
            fs::rename(&temporary, &path)
        });
        if written.is_err() {
            // There may be none.
            let _ = fs::remove_file(&temporary);
        }
        written.map(|()| path)
    }

    /// Makes a current schema a former one, without a moment at which it is gone.
    pub(super) fn retire(&self, name: &FileName) -> io::Result<PathBuf> {
        let former = self.path.join(self.next_former(name).to_string());
        fs::rename(self.path.join(name.to_string()), &former)?;
        Ok(former)
    }
}
