//! Referrals between organisations and across borders.
