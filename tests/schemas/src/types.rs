//! Types as Rust has them, made at random, and changed at random.

use fastrand::Rng;

/// A type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `i64` and the like
    Integer,
    /// `u32` and the like
    Unsigned,
    /// `u8`: the minimum and the maximum are in the schema.
    Byte,
    /// `f64`
    Float,
    /// `String`
    Text,
    /// `char`
    Char,
    /// A text with a pattern.
    Pattern(&'static str),
    /// A text with a maximum number of characters.
    Limited(u64),
    /// `serde_json::Value`
    Anything,
    /// `Option<T>`
    Optional(Box<Type>),
    /// `Vec<T>`
    List(Box<Type>),
    /// `HashSet<T>`
    Set(Box<Type>),
    /// `(A, B)`
    Tuple(Vec<Type>),
    /// `HashMap<String, T>`
    Map(Box<Type>),
    /// `HashMap<u32, T>`
    IntegerMap(Box<Type>),
    /// A struct.
    Struct(Vec<Field>),
    /// An enum of units.
    Units(Vec<&'static str>),
    /// An enum with fields.
    Enum(Form, Vec<Variant>),
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// A reader does without it.
    pub has_default: bool,
    /// A writer may leave it out.
    pub is_skipped: bool,
}

/// A variant of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its name.
    pub name: &'static str,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// How serde tells variants apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// By the name of the only field.
    External,
    /// By a field beside the others.
    Internal,
    /// By a field beside the content.
    Adjacent,
    /// Not at all.
    Untagged,
}

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const VARIANTS: [&str; 4] = ["One", "Two", "Three", "Four"];

fn pick<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())]
}

impl Type {
    /// Makes a struct.
    #[must_use]
    pub fn root(rng: &mut Rng) -> Self {
        Self::Struct(fields(rng, 3))
    }

    fn random(rng: &mut Rng, depth: usize) -> Self {
        let inner = |rng: &mut Rng| Box::new(Self::random(rng, depth - 1));
        match rng.usize(..if depth == 0 { 10 } else { 20 }) {
            0 => Self::Bool,
            1 => Self::Integer,
            2 => Self::Unsigned,
            3 => Self::Byte,
            4 => Self::Float,
            5 => Self::Text,
            6 => Self::Char,
            7 => Self::Pattern(pick(rng, &["^a+$", "^b+$"])),
            8 => Self::Limited(pick(rng, &[4, 8])),
            9 => Self::Anything,
            10 | 11 => Self::Optional(inner(rng)),
            12 => Self::List(inner(rng)),
            13 => Self::Set(inner(rng)),
            14 => Self::Tuple((0..=rng.usize(..2)).map(|_| Self::random(rng, depth - 1)).collect()),
            15 => Self::Map(inner(rng)),
            16 => Self::IntegerMap(inner(rng)),
            17 => Self::Struct(fields(rng, depth - 1)),
            18 => Self::Units(VARIANTS[..=rng.usize(..3)].to_vec()),
            _ => {
                let form = pick(rng, &[Form::External, Form::Internal, Form::Adjacent, Form::Untagged]);
                let count = rng.usize(1..=3);
                let variants =
                    VARIANTS[..count].iter().map(|name| Variant { name, fields: fields(rng, depth - 1) });
                Self::Enum(form, variants.collect())
            }
        }
    }

    /// Changes something, or nothing.
    #[must_use]
    pub fn changed(&self, rng: &mut Rng) -> Self {
        if rng.usize(..8) == 0 && !matches!(self, Self::Struct(_)) {
            return self.replaced(rng);
        }
        match self {
            Self::Optional(inner) => Self::Optional(Box::new(inner.changed(rng))),
            Self::List(inner) => Self::List(Box::new(inner.changed(rng))),
            Self::Set(inner) => Self::Set(Box::new(inner.changed(rng))),
            Self::Map(inner) => Self::Map(Box::new(inner.changed(rng))),
            Self::IntegerMap(inner) => Self::IntegerMap(Box::new(inner.changed(rng))),
            Self::Tuple(items) => Self::Tuple(items.iter().map(|item| item.changed(rng)).collect()),
            Self::Struct(fields) => Self::Struct(changed_fields(fields, rng)),
            Self::Units(_) if rng.bool() => Self::Units(VARIANTS[..=rng.usize(..3)].to_vec()),
            Self::Enum(form, variants) => {
                let mut variants: Vec<Variant> = variants
                    .iter()
                    .map(|variant| Variant {
                        name: variant.name,
                        fields: changed_fields(&variant.fields, rng),
                    })
                    .collect();
                match rng.usize(..4) {
                    0 if variants.len() < VARIANTS.len() => {
                        variants.push(Variant { name: VARIANTS[variants.len()], fields: fields(rng, 0) });
                    }
                    1 if variants.len() > 1 => drop(variants.pop()),
                    _ => {}
                }
                Self::Enum(*form, variants)
            }
            same => same.clone(),
        }
    }

    fn replaced(&self, rng: &mut Rng) -> Self {
        match (self, rng.usize(..4)) {
            (Self::Optional(inner), 0 | 1) => (**inner).clone(),
            (Self::List(inner), 0 | 1) => Self::Set(inner.clone()),
            (Self::Set(inner), 0 | 1) => Self::List(inner.clone()),
            (Self::Integer, 0) => Self::Float,
            (Self::Byte, 0) => Self::Unsigned,
            (Self::Unsigned, 0) => Self::Integer,
            (Self::Limited(_) | Self::Pattern(_) | Self::Char, 0) => Self::Text,
            (_, 0 | 1) => Self::Optional(Box::new(self.clone())),
            (_, 2) => Self::Anything,
            _ => Self::random(rng, 1),
        }
    }
}

fn fields(rng: &mut Rng, depth: usize) -> Vec<Field> {
    NAMES[..rng.usize(1..=3)].iter().map(|name| field(rng, name, depth)).collect()
}

fn field(rng: &mut Rng, name: &'static str, depth: usize) -> Field {
    let has_default = rng.usize(..4) == 0;
    Field { name, ty: Type::random(rng, depth), has_default, is_skipped: has_default && rng.bool() }
}

fn changed_fields(fields: &[Field], rng: &mut Rng) -> Vec<Field> {
    let mut changed: Vec<Field> = fields
        .iter()
        .map(|field| {
            if rng.usize(..3) == 0 {
                Field { ty: field.ty.changed(rng), ..field.clone() }
            } else {
                field.clone()
            }
        })
        .collect();
    match rng.usize(..8) {
        0 if changed.len() < NAMES.len() => {
            let name = NAMES.iter().find(|name| changed.iter().all(|field| field.name != **name));
            changed.extend(name.map(|name| field(rng, name, 1)));
        }
        1 if changed.len() > 1 => drop(changed.remove(rng.usize(..changed.len()))),
        2 => {
            let index = rng.usize(..changed.len());
            changed[index].has_default = !changed[index].has_default;
            changed[index].is_skipped &= changed[index].has_default;
        }
        _ => {}
    }
    changed
}
