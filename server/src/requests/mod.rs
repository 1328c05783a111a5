//! Coordination requests with clocks.
