//! Who listens where, and the last frames of every room.
//!
//! One lock guards it all: publishing, subscribing and ending are short, and an order between them is exactly what is
//! wanted. Frames are published by the writer in commit order, so every room sees its changes in `seq` order; a socket
//! that joins at a cursor gets the frames after it and its subscription in one step, so that nothing falls between.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::ring::{Change, Ring};
use super::{Outbox, Relay, Text, frame};
use crate::base::limits::Limits;

/// Bytes kept of all rooms together; the room that was quiet for longest gives way.
const RINGS_BYTES: usize = 8 * 1024 * 1024;
/// Above this many listeners a room is a hall: who types and who comes and goes is nobody's business, and dear to tell.
const HALL: usize = 200;
/// Presence is told this often at most: coarse on purpose.
pub(super) const PRESENCE_EVERY: Duration = Duration::from_secs(5);

/// A connected socket.
pub struct Socket {
    /// Its number on this node.
    pub id: u64,
    /// Whose it is.
    pub account: Uuid,
    /// The session or token it came in by.
    pub credential: Uuid,
    /// What waits to be sent.
    pub outbox: Outbox,
    rooms: Mutex<HashSet<Uuid>>,
    /// When something was last noted to be done here (microseconds).
    noted_at: AtomicI64,
}

impl Socket {
    /// Whether what is done now is to be noted: nothing was for so long (microseconds). Answers yes once.
    pub fn is_to_be_noted(&self, now: i64, every: i64) -> bool {
        let noted_at = self.noted_at.load(Ordering::Relaxed);
        now - noted_at >= every && self.noted_at.compare_exchange(noted_at, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// Whose sockets.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// One account's.
    Account(Uuid),
    /// Those that came in by one session or token.
    Credential(Uuid),
}

/// The places that are taken, in all and by address.
#[derive(Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place for a connection, from before it is upgraded until its task has ended.
pub struct Seat {
    taken: Arc<Mutex<Taken>>,
    address: IpAddr,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Entry::Occupied(mut there) = taken.by_address.entry(self.address) {
            *there.get_mut() -= 1;
            if *there.get() == 0 {
                there.remove();
            }
        }
    }
}

/// How joining at a cursor went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caught {
    /// What was missed is queued and the socket is subscribed.
    Up,
    /// Memory doesn't reach back to the cursor, or has never heard of it: read what follows it from storage, then join
    /// again.
    Behind,
}

/// A socket in a room.
struct Listener {
    socket: Arc<Socket>,
    /// Up to here it was told the changes when it joined. A change can be committed, told by storage, and published after that.
    told: i64,
}

#[derive(Default)]
struct Room {
    listeners: HashMap<u64, Listener>,
    ring: Ring,
    published: u64,
    /// Who was last told to be here, while somebody needs telling.
    announced: HashSet<Uuid>,
    stirred: bool,
}

#[derive(Default)]
struct State {
    sockets: HashMap<u64, Arc<Socket>>,
    by_account: HashMap<Uuid, Vec<Arc<Socket>>>,
    rooms: HashMap<Uuid, Room>,
    ring_bytes: usize,
    clock: u64,
    /// The server stops: whoever still comes in is sent away at once.
    closing: Option<(u16, &'static str)>,
}

/// Delivers frames to local sockets.
pub struct Hub {
    state: Mutex<State>,
    next: AtomicU64,
    seats: Arc<Mutex<Taken>>,
    relay: Relay,
    limits: Limits,
}

impl Hub {
    /// A hub with nobody in it.
    pub fn new(relay: Relay, limits: Limits) -> Arc<Self> {
        Arc::new(Self { state: Mutex::default(), next: AtomicU64::new(1), seats: Arc::default(), relay, limits })
    }

    /// A place for another socket from this address; `None` if there is none, or the server stops.
    pub fn seat(&self, address: IpAddr) -> Option<Seat> {
        if self.lock().closing.is_some() {
            return None;
        }
        let mut taken = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        // Those count, too, whose upgrade is under way: a hundred that ask at once are no way around the limit.
        let from_there = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.all >= self.limits.sockets || from_there >= self.limits.sockets_per_address {
            return None;
        }
        taken.all += 1;
        *taken.by_address.entry(address).or_default() += 1;
        Some(Seat { taken: self.seats.clone(), address })
    }

    /// Places taken now: those of connections that are being upgraded or are on their way out, too.
    pub fn seated(&self) -> usize {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// Takes a socket in. An account that has too many loses its oldest; while the server stops, it is closed at once.
    pub fn attach(&self, account: Uuid, credential: Uuid) -> Arc<Socket> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let socket = Arc::new(Socket {
            id,
            account,
            credential,
            outbox: Outbox::default(),
            rooms: Mutex::default(),
            noted_at: AtomicI64::new(0),
        });
        let mut state = self.lock();
        if let Some((code, reason)) = state.closing {
            socket.outbox.close(code, reason);
            return socket;
        }
        state.sockets.insert(id, socket.clone());
        let own = state.by_account.entry(account).or_default();
        own.push(socket.clone());
        let surplus = if own.len() > self.limits.sockets_per_account { Some(own[0].clone()) } else { None };
        if let Some(oldest) = surplus {
            oldest.outbox.close(4409, "too_many_sockets");
            state.release(&oldest);
        }
        socket
    }

    /// Lets a socket go.
    pub fn detach(&self, socket: &Socket) {
        self.lock().release(socket);
    }

    /// Tells a durable change to a room. To be called in the order of commits.
    pub fn publish(&self, room: Uuid, change: Change) {
        self.relay.publish(room, &change);
        let mut state = self.lock();
        state.clock += 1;
        let now = state.clock;
        let State { rooms, ring_bytes, .. } = &mut *state;
        let entry = rooms.entry(room).or_default();
        entry.published = now;
        for listener in entry.listeners.values().filter(|listener| listener.told < change.seq()) {
            listener.socket.outbox.push(change.text().clone());
        }
        entry.ring.keep(change, ring_bytes);
        if *ring_bytes > RINGS_BYTES {
            state.forget_quietest();
        }
    }

    /// Tells a room something that is not stored. In a hall it is not told.
    pub fn whisper(&self, room: Uuid, text: &Text, but: Uuid) {
        let state = self.lock();
        let Some(room) = state.rooms.get(&room).filter(|room| room.listeners.len() <= HALL) else { return };
        for listener in room.listeners.values().filter(|listener| listener.socket.account != but) {
            listener.socket.outbox.push(text.clone());
        }
    }

    /// Tells all windows of a person, but one.
    pub fn tell(&self, account: Uuid, text: &Text, but: Option<u64>) {
        let state = self.lock();
        for socket in state.by_account.get(&account).into_iter().flatten().filter(|socket| Some(socket.id) != but) {
            socket.outbox.push(text.clone());
        }
    }

    /// Has one of `parts` equal parts of the sockets ask whether somebody is still there.
    pub fn ping(&self, part: u64, parts: u64) {
        for socket in self.lock().sockets.values().filter(|socket| socket.id % parts == part) {
            socket.outbox.ping();
        }
    }

    /// Subscribes a socket to a room from `cursor` on (`None`: from now on). `head` is the room's last number as storage
    /// has just given it, 0 where it was not asked.
    pub fn join(&self, socket: &Arc<Socket>, room: Uuid, cursor: Option<i64>, head: i64) -> Caught {
        let mut state = self.lock();
        if !state.sockets.contains_key(&socket.id) {
            return Caught::Up;
        }
        let entry = state.rooms.entry(room).or_default();
        let mut told = 0;
        if let Some(cursor) = cursor {
            let Some(missed) = entry.ring.after(cursor, head) else { return Caught::Behind };
            for text in missed {
                socket.outbox.push(text.clone());
            }
            told = cursor.max(entry.ring.head());
        }
        let listener = entry.listeners.entry(socket.id).or_insert_with(|| Listener { socket: socket.clone(), told });
        listener.told = listener.told.max(told);
        entry.stirred = true;
        socket.rooms.lock().unwrap_or_else(PoisonError::into_inner).insert(room);
        Caught::Up
    }

    /// Forgets what is kept of a room: some of it is no longer to be told as it was. Who returns is answered from storage.
    pub fn forget(&self, room: Uuid) {
        let mut state = self.lock();
        let State { rooms, ring_bytes, .. } = &mut *state;
        rooms.entry(room).or_default().ring.forget(ring_bytes);
    }

    /// How often a room was forgotten.
    pub fn age(&self, room: Uuid) -> u64 {
        self.lock().rooms.get(&room).map_or(0, |room| room.ring.age())
    }

    /// Remembers what storage said of a room: its changes after `floor`, up to `head`, complete and ascending.
    /// `age` is what [`Hub::age`] said before storage was asked.
    pub fn remember(&self, room: Uuid, age: u64, floor: i64, head: i64, changes: &[Change]) {
        let mut state = self.lock();
        let State { rooms, ring_bytes, .. } = &mut *state;
        rooms.entry(room).or_default().ring.extend(age, floor, head, changes, ring_bytes);
    }

    /// Ends a person's subscription to a room: nothing committed after this is delivered.
    pub fn expel(&self, account: Uuid, room: Uuid) {
        let mut state = self.lock();
        let own: Vec<_> = state.by_account.get(&account).into_iter().flatten().cloned().collect();
        for socket in own {
            socket.rooms.lock().unwrap_or_else(PoisonError::into_inner).remove(&room);
            state.unsubscribe(room, socket.id);
        }
    }

    /// Subscribes all windows of a person to a room, from now on.
    pub fn admit(&self, account: Uuid, room: Uuid) {
        let own: Vec<_> = self.lock().by_account.get(&account).into_iter().flatten().cloned().collect();
        for socket in own {
            self.join(&socket, room, None, 0);
        }
    }

    /// Closes sockets. They are out of every room at once, before their tasks have noticed.
    pub fn end(&self, whose: Whose, code: u16, reason: &'static str) {
        let mut state = self.lock();
        let matches = |socket: &&Arc<Socket>| match whose {
            Whose::Account(account) => socket.account == account,
            Whose::Credential(credential) => socket.credential == credential,
        };
        let ended: Vec<_> = state.sockets.values().filter(matches).cloned().collect();
        state.send_away(&ended, code, reason);
    }

    /// Closes all sockets, and from now on every further one.
    pub fn close(&self, code: u16, reason: &'static str) {
        let mut state = self.lock();
        state.closing = Some((code, reason));
        let all: Vec<_> = state.sockets.values().cloned().collect();
        state.send_away(&all, code, reason);
    }

    /// Whether a person has a window open.
    pub fn is_here(&self, account: Uuid) -> bool {
        self.lock().by_account.contains_key(&account)
    }

    /// Account and credential of everybody who is connected, each pair once.
    pub fn entrants(&self) -> HashSet<(Uuid, Uuid)> {
        self.lock().sockets.values().map(|socket| (socket.account, socket.credential)).collect()
    }

    /// Sockets connected now.
    pub fn connected(&self) -> usize {
        self.lock().sockets.len()
    }

    /// Tells rooms who came and went since the last time.
    pub fn announce_presence(&self) {
        let mut state = self.lock();
        for (id, room) in &mut state.rooms {
            if !std::mem::take(&mut room.stirred) {
                continue;
            }
            if room.listeners.len() > HALL {
                room.announced = HashSet::new();
                continue;
            }
            let present: HashSet<Uuid> = room.listeners.values().map(|listener| listener.socket.account).collect();
            let here: Vec<_> = present.difference(&room.announced).copied().collect();
            let gone: Vec<_> = room.announced.difference(&present).copied().collect();
            if here.is_empty() && gone.is_empty() {
                continue;
            }
            let text = frame::presence(*id, &here, &gone);
            for listener in room.listeners.values() {
                listener.socket.outbox.push(text.clone());
            }
            room.announced = present;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn send_away(&mut self, sockets: &[Arc<Socket>], code: u16, reason: &'static str) {
        for socket in sockets {
            socket.outbox.close(code, reason);
            self.release(socket);
        }
    }

    /// Takes a socket out of everything.
    fn release(&mut self, socket: &Socket) {
        if self.sockets.remove(&socket.id).is_none() {
            return;
        }
        if let Some(own) = self.by_account.get_mut(&socket.account) {
            own.retain(|other| other.id != socket.id);
            if own.is_empty() {
                self.by_account.remove(&socket.account);
            }
        }
        for room in take_rooms(socket) {
            self.unsubscribe(room, socket.id);
        }
    }

    fn unsubscribe(&mut self, room: Uuid, socket: u64) {
        if let Some(entry) = self.rooms.get_mut(&room) {
            entry.listeners.remove(&socket);
            entry.stirred = true;
        }
    }

    fn forget_quietest(&mut self) {
        let quietest = self.rooms.values_mut().filter(|room| !room.ring.is_empty()).min_by_key(|room| room.published);
        if let Some(room) = quietest {
            room.ring.halve(&mut self.ring_bytes);
        }
    }
}

fn take_rooms(socket: &Socket) -> HashSet<Uuid> {
    std::mem::take(&mut *socket.rooms.lock().unwrap_or_else(PoisonError::into_inner))
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;

    const ROOM: Uuid = Uuid::from_u128(7);

    fn change(seq: i64) -> Change {
        Change::new(seq, Uuid::from_u128(u128::try_from(seq).expect("a number")), seq.to_string().into())
    }

    async fn told(socket: &Socket) -> Vec<Text> {
        let mut batch = Vec::new();
        poll_fn(|context| socket.outbox.poll_take(context, &mut batch)).await;
        batch
    }

    #[tokio::test]
    async fn what_storage_told_before_it_was_published_is_not_told_twice() {
        let hub = Hub::new(Relay::Local, Limits::default());
        let (back, here) = (hub.attach(Uuid::from_u128(1), ROOM), hub.attach(Uuid::from_u128(2), ROOM));
        hub.join(&here, ROOM, None, 0);
        // Two changes are committed; who comes back reads them from storage before they are published.
        assert_eq!(hub.join(&back, ROOM, Some(0), 2), Caught::Behind);
        hub.remember(ROOM, hub.age(ROOM), 0, 2, &[change(1), change(2)]);
        assert_eq!(hub.join(&back, ROOM, Some(2), 2), Caught::Up);
        (1..=3).for_each(|seq| hub.publish(ROOM, change(seq)));
        assert_eq!(told(&back).await, [Text::from("3".to_owned())]);
        assert_eq!(told(&here).await.len(), 3, "who was there hears of all of them");
    }
}
