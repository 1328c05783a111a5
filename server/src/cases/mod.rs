//! Case rooms: one child or situation each, pseudonymous, sealed at rest.
