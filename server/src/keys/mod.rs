//! Key pairs of people, wrapped by what only they know, and the keys of sealed spaces.
