/**
 * Everything live: starts with the channels as they are, then applies each frame to the stores and
 * hands messages to the views that are open.
 */
import { channels } from './channels.svelte';
import { Cursors } from './cursors';
import { moderation } from './moderation.svelte';
import { Outbox } from './outbox.svelte';
import { presence } from './presence.svelte';
import { isOwnMark } from './reading';
import { Refetch } from './refetch';
import { theRegion } from './region.svelte';
import { isAdministrator, isDataProtectionOfficer, isModerator, session } from './session.svelte';
import { Socket } from './socket.svelte';
import { topics } from './topics.svelte';
import type { Channel, ClientFrame, Message, ServerFrame } from './types';

type Listener = (frame: ServerFrame) => void;

/** An unanswered post after this long means the line is dead, even if the browser thinks otherwise. */
const ANSWER_WITHIN = 10_000;
/** Older than this when the line comes, the list of channels may have missed a change of memberships. In milliseconds. */
const FRESH = 5000;
/** A stored message that never comes by itself (posted into a channel just left) goes from the screen. */
const ARRIVES_WITHIN = 3000;

const cursors = new Cursors();
const listeners = new Set<Listener>();
const refetch = new Refetch(fetchAnew);
let watchdog: ReturnType<typeof setInterval> | undefined;
let relisting: ReturnType<typeof setTimeout> | undefined;
let listedAt = 0;
let starts = 0;

const socket = new Socket({
  cursors: () => cursors.all(),
  onFrame: receive,
  onSignedOut: () => session.ended(),
  stillSignedIn: async () => {
    await session.load().catch(() => {});
    return session.me !== null;
  },
});

export const outbox = new Outbox((post) => socket.send({ type: 'post', ...post }));
session.whenLeaving(
  (account) => outbox.forget(account),
  () => outbox.unsent.length,
);

export const sync = {
  get state() {
    return socket.state;
  },
  get retryAt() {
    return socket.retryAt;
  },
  async start(account: string): Promise<void> {
    const turn = (starts += 1);
    outbox.open(account);
    await Promise.all([theRegion.load(), list()]);
    // Stopped meanwhile, or started once more: then that one goes on.
    if (turn !== starts) return;
    socket.broken = false;
    socket.start();
    watchdog = watchAnswers();
  },
  stop(): void {
    starts += 1;
    clearInterval(watchdog);
    clearTimeout(relisting);
    socket.stop();
    refetch.stop();
    cursors.clear();
    channels.clear();
    topics.clear();
    presence.clear();
    moderation.clear();
  },
  send: (frame: ClientFrame) => socket.send(frame),
  retryNow: () => socket.restart(),
  /** Calls back each time all that was missed has come, until the returned function is called. */
  whenLive(back: () => void): () => void {
    return sync.listen((frame) => {
      if (frame.type === 'live') back();
    });
  },
  /** Listens to every frame until the returned function is called. */
  listen(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** The channels as they are now; what of them may no longer be known goes from this page. */
async function list(): Promise<void> {
  const asked = Date.now();
  cursors.settle(await channels.load());
  topics.keep((channel) => channels.find(channel)?.can.read ?? false);
  listedAt = asked;
}

/** Nobody tells a broken line that one was admitted or put out: every return asks. */
function relist(): void {
  clearTimeout(relisting);
  list().catch(() => (relisting = setTimeout(relist, FRESH)));
}

function receive(frame: ServerFrame): void {
  apply(frame);
  for (const listener of listeners) listener(frame);
}

function apply(frame: ServerFrame): void {
  const reader = session.me?.id ?? '';
  switch (frame.type) {
    case 'live':
      standing();
      outbox.lost();
      outbox.flush();
      if (socket.broken || Date.now() - listedAt > FRESH) relist();
      socket.broken = false;
      return;
    case 'message':
      return applyMessage(frame.message, reader);
    case 'topic':
      cursors.saw(frame.topic.channel, frame.seq);
      return topics.changed(frame.topic);
    case 'posted':
      outbox.acknowledged(frame.ref);
      setTimeout(() => outbox.remove(frame.ref), ARRIVES_WITHIN);
      return;
    case 'held':
      outbox.acknowledged(frame.ref, 'held');
      // From now on the server's list shows it, which outlives this page.
      return void moderation.load().then(() => outbox.remove(frame.ref)).catch(() => {});
    case 'refused':
      if (frame.ref && !outbox.refused(frame.ref, frame.code, frame)) setTimeout(() => outbox.flush(), 2000);
      return;
    case 'read':
      if (isOwnMark(frame.channel, frame.topic, frame.seq)) return;
      channels.refreshSoon(frame.channel);
      if (topics.isLoaded(frame.channel)) void topics.load(frame.channel).catch(() => {});
      return;
    case 'channel':
      return channels.refreshSoon(frame.channel);
    case 'membership':
      return void changeMembership(frame.channel, frame.member);
    case 'notice':
      if (frame.code === 'standing_changed') void session.load().then(() => refetch.want(null)).catch(() => {});
      if (frame.code === 'held' || frame.code === 'own_moderation') void moderation.load().catch(() => {});
      if (frame.code === 'moderation') moderation.queueChanged({ held: frame.held ?? 0, reports: frame.reports ?? 0 });
      if (frame.code === 'approvals') moderation.approvalsChanged();
      if (frame.code === 'breaches') moderation.queueChanged({ breaches: frame.open ?? 0 });
      return;
    case 'presence':
      return presence.changed(frame.here, frame.gone);
    case 'resync':
      if (frame.channel) cursors.restart(frame.channel);
      return refetch.want(frame.channel);
  }
}

/** What of one's own waits for moderators, and what waits for oneself. */
function standing(): void {
  moderation.load().catch(() => {});
  if (isModerator(session.me) || isAdministrator(session.me) || isDataProtectionOfficer(session.me)) moderation.count().catch(() => {});
}

function applyMessage(message: Message, reader: string): void {
  if (message.author === reader && message.ref) outbox.remove(message.ref);
  if (!cursors.saw(message.channel, message.changed_seq)) return;
  channels.received(message, reader);
  topics.received(message, reader);
}

async function changeMembership(id: string, member: boolean): Promise<void> {
  if (!member) cursors.forget(id);
  const channel = await channels.refresh(id).catch(() => null);
  if (channel?.member && !cursors.has(id)) cursors.startAt(id, channel.head_seq);
  if (!channel?.can.read) topics.keep((other) => other !== id);
}

/** The server won't send all that was missed: one channel, or all, as the server has them now, with what is on the page. */
async function fetchAnew(id: string | null): Promise<void> {
  const channel = id === null ? null : await channels.refresh(id);
  for (const each of id === null ? await channels.load() : channel ? [channel] : []) {
    if (each.member) cursors.startAt(each.id, each.head_seq);
  }
  const shown = id === null ? topics.loaded() : [id];
  await Promise.all(shown.filter((each) => topics.isLoaded(each)).map((each) => topics.renew(each)));
}

/** A cable that was pulled says nothing: a post without an answer tells. */
function watchAnswers(): ReturnType<typeof setInterval> {
  let under = new Set<string>();
  return setInterval(() => {
    if (socket.state === 'live' && outbox.staleSince(under)) socket.restart();
    under = new Set(outbox.items.filter((item) => item.state === 'sent').map((item) => item.ref));
  }, ANSWER_WITHIN);
}
