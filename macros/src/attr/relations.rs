//! Which keys exclude or need each other.

use syn::MetaList;

/// A key, and the others that have no effect beside it.
const EXCLUDES: [(&str, &[&str]); 2] = [
    ("skip", &["user_id", "rename", "alias", "with", "ty", "into", "default", "header", "expose"]),
    ("into", &["with", "ty"]),
];

/// A key, another that it has no effect without, and what to do.
const NEEDS: [(&str, &str, &str); 3] = [
    ("with", "ty", "add `ty = ..` with the type that the function returns"),
    ("ty", "with", "replace it with `into`, or add `with = ..` with a function that returns it"),
    ("map_error", "error", "add `error = ProductError`"),
];

/// The first mistake, on the value of the first of the two keys.
pub fn validate(items: &[MetaList]) -> syn::Result<()> {
    let value = |name: &str| items.iter().find(|item| item.path.is_ident(name)).map(|item| &item.tokens);
    for (one, others) in EXCLUDES {
        if let (Some(value), Some(other)) = (value(one), others.iter().find(|other| value(other).is_some())) {
            let mistake = format!("`{one}` cannot be combined with `{other}`; remove one");
            return Err(syn::Error::new_spanned(value, mistake));
        }
    }
    for (one, other, remedy) in NEEDS {
        if let (Some(value), None) = (value(one), value(other)) {
            return Err(syn::Error::new_spanned(value, format!("`{one}` requires `{other}`; {remedy}")));
        }
    }
    Ok(())
}
