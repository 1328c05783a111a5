//! File cards without names, the files that meet, and matching without showing values.
