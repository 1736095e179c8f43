//! Derives that the user adds to a generated struct.

use syn::Path;
use syn::ext::IdentExt;

use crate::attr::List;
use crate::errors::Errors;

/// Each comes once, and none is `built_in`.
pub fn validate(derives: Option<&List<Path>>, built_in: &[&str], errors: &mut Errors) {
    let mut known: Vec<&Path> = Vec::new();
    for derive in List::of(derives) {
        let name = derive.segments.last().map(|last| last.ident.unraw().to_string()).unwrap_or_default();
        if built_in.contains(&name.as_str()) || known.contains(&derive) {
            errors.blame(derive, format!("`{name}` is already derived; remove it"));
        }
        known.push(derive);
    }
}
