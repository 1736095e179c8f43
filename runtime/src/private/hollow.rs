//! What is printed in the place of the data's traits if there was a mistake.

/// The traits of a snapshot whose attributes are wrong: it has them, so that no other mistake is reported. The
/// bodies never run, since the compilation has failed.
#[doc(hidden)]
#[macro_export]
macro_rules! __hollow {
    ($data:ident) => {
        #[automatically_derived]
        impl ::core::fmt::Debug for $data {
            fn fmt(&self, _: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl ::core::clone::Clone for $data {
            fn clone(&self) -> Self {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl $crate::__private::serde::Serialize for $data {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                _: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl<'de> $crate::__private::serde::Deserialize<'de> for $data {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                _: D,
            ) -> ::core::result::Result<Self, D::Error> {
                ::core::unreachable!()
            }
        }
    };
}
